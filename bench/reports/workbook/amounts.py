"""Formulas and what they come to, made together: a cell shows the same number before and after it is recomputed."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Union

from bench.stats import Range

_SUM, _PRODUCT, _ATOM = 1, 2, 3
_Z_95 = "1.6448536269514722"


@dataclass(frozen=True, slots=True)
class Amount:
    """An expression of a spreadsheet with its value; `binds` says how tightly, so that brackets are few.

    >>> a, b = Amount("A1", 2.0), Amount("B1", 3.0)
    >>> told = -(a + b) * a / (b - 1)
    >>> told.formula, told.value
    ('=-(A1+B1)*A1/(B1-1)', -5.0)
    """

    text: str
    value: float
    binds: int = _ATOM

    @property
    def formula(self) -> str:
        """The expression as a cell holds it."""
        return f"={self.text}"

    def __add__(self, other: "Operand") -> "Amount":
        right = _amount(other)
        return Amount(f"{self.text}+{right.text}", self.value + right.value, _SUM)

    def __sub__(self, other: "Operand") -> "Amount":
        right = _amount(other)
        return Amount(f"{self.text}-{right.within(_SUM)}", self.value - right.value, _SUM)

    def __mul__(self, other: "Operand") -> "Amount":
        right = _amount(other)
        text = f"{self.within(_SUM)}*{right.within(_SUM)}"
        return Amount(text, self.value * right.value, _PRODUCT)

    def __truediv__(self, other: "Operand") -> "Amount":
        right = _amount(other)
        text = f"{self.within(_SUM)}/{right.within(_PRODUCT)}"
        return Amount(text, self.value / right.value, _PRODUCT)

    def __rsub__(self, other: float) -> "Amount":
        return _amount(other) - self

    def __neg__(self) -> "Amount":
        return Amount(f"-{self.within(_SUM)}", -self.value, _PRODUCT)

    def fixed(self) -> "Amount":
        """The same cell for formulas of every row and column."""
        return Amount(re.sub(r"^([A-Z]+)([0-9]+)$", r"$\1$\2", self.text), self.value)

    def within(self, level: int) -> str:
        """The text inside something that binds more tightly than `level`."""
        return f"({self.text})" if self.binds <= level else self.text


Operand = Union[Amount, float]  # noqa: UP007  # the class is not yet whole where this is read


def _amount(value: Operand) -> Amount:
    return value if isinstance(value, Amount) else Amount(f"{value:g}", float(value))


def mean_of(low: Amount, base: Amount, high: Amount, shape: str) -> Amount:
    """The mean of a judged number from its three cells, as `bench.stats.Range` has it.

    Of a lognormal it is base * (exp(b^2/2) * Phi(-b) + exp(a^2/2) * Phi(a)) with b and a the widths of the
    logarithm below and above the median.

    >>> low, base, high = Amount("D5", 1.0), Amount("E5", 2.0), Amount("F5", 6.0)
    >>> mean_of(low, base, high, "pert")
    Amount(text='(D5+4*E5+F5)/6', value=2.5, binds=2)
    """
    match shape:
        case "triangular":
            return (low + base + high) / 3
        case "uniform":
            return (low + high) / 2
        case "lognormal":
            return _lognormal(low, base, high)
        case _:
            return (low + Amount("4", 4.0) * base + high) / 6


def _lognormal(low: Amount, base: Amount, high: Amount) -> Amount:
    below = f"(LN({base.text}/{low.text})/{_Z_95})"
    above = f"(LN({high.text}/{base.text})/{_Z_95})"
    halves = f"EXP({below}^2/2)*NORMSDIST(-{below})+EXP({above}^2/2)*NORMSDIST({above})"  # no unary surprise: -(...)
    value = Range(low.value, base.value, high.value, "lognormal").mean()
    assert math.isfinite(value)
    return Amount(f"{base.text}*({halves})", value, _PRODUCT)


def cell(row: int, column: int, value: float) -> Amount:
    """A cell as an operand, by its place counted from 0.

    >>> cell(0, 27, 1.0).text, cell(0, 27, 1.0).fixed().text
    ('AB1', '$AB$1')
    """
    letters, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return Amount(f"{letters}{row + 1}", value)


def total(cells: Sequence[Amount]) -> Amount:
    """The sum of cells that stand in one column without a gap; what is no number counts nothing."""
    return Amount(f"SUM({cells[0].text}:{cells[-1].text})", sum(each.value for each in cells))


def rounded(told: Amount) -> Amount:
    """To six places, so that what arithmetic leaves over is not shown as a difference."""
    return Amount(f"ROUND({told.text},6)", round(told.value, 6) + 0.0)
