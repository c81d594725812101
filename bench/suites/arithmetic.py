"""The arithmetic behind a reference, written into the item as the source writes its numbers.

`formula: "(38,215.7 / 41,036.2 - 1) * 100"` and `answer: "-6.9%"` belong together: the formula gives the number,
the answer says its unit and how many decimals are asked for.
"""

import ast
import operator
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, DecimalException
from typing import NamedTuple

_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_NUMBER = r"[0-9]+(?:,[0-9]{3}(?![0-9]))*(?:\.[0-9]+)?"
_OPERAND = re.compile(_NUMBER)
_ANSWER = re.compile(rf"^\s*([-−－]?)([^\d\s.,−－-]{{0,6}}\s?)({_NUMBER})(.*)$", re.DOTALL)
_TOKENS = re.compile(rf"(?:{_NUMBER}|min|max|abs|[-+*/(), ])++")
_OPERATORS: dict[type[ast.AST], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS: dict[str, Callable[..., Decimal]] = {"min": min, "max": max, "abs": abs}
_BORDER = Decimal("0.001")
_LONGEST = 500
_UNDERSTOOD = "only numbers, + - * / ( ), min, max and abs are understood"


class Shape(NamedTuple):
    """How an answer writes its number: what stands before and behind it, its decimals, commas or none.

    `value` has the sign; `before` (US$, 约) stands behind it. A number below a thousand does not tell whether a
    larger one would have commas; then it has.
    """

    value: Decimal
    before: str
    places: int
    behind: str
    has_commas: bool = True


def operands(formula: str) -> list[str]:
    """The numbers of a formula as they are written.

    >>> operands("(38,215.7 / 41,036.2 - 1) * 100")
    ['38,215.7', '41,036.2', '1', '100']
    """
    return _OPERAND.findall(formula)


def result(formula: str) -> Decimal:
    """The value of `formula`: + - * / ( ), min, max and abs over decimal numbers.

    A comma before three digits is a thousands separator; arguments are parted by a comma and a space. Raises
    ValueError for anything else, and where there is no value.

    >>> result("min(500 * 3.9 / 100, 1,000)")
    Decimal('19.5')
    """
    text = formula.strip()
    if len(text) > _LONGEST:
        raise ValueError(f"the formula has more than {_LONGEST} characters")
    if not _TOKENS.fullmatch(text):
        raise ValueError(_UNDERSTOOD)
    plain = _THOUSANDS.sub("", text)
    try:
        return _value(ast.parse(plain, mode="eval").body, plain)
    except (
        SyntaxError,
        RecursionError,
        MemoryError,
        TypeError,
    ):  # TypeError: min() of one, abs() of two
        raise ValueError(f"'{formula}' is no formula") from None
    except DecimalException:
        raise ValueError(f"'{formula}' has no value") from None


def _value(node: ast.expr, text: str) -> Decimal:
    match node:
        case ast.Constant():  # as written: a float of it would have lost digits
            return Decimal(text[node.col_offset : node.end_col_offset])
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand, text)
        case ast.BinOp() if type(node.op) in _OPERATORS:
            return _OPERATORS[type(node.op)](_value(node.left, text), _value(node.right, text))
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_value(each, text) for each in arguments))
        case _:
            raise ValueError(_UNDERSTOOD)


def shape(answer: str) -> Shape | None:
    """How `answer` is written; None when no number stands at its beginning.

    >>> shape("-6,512.8万元")
    Shape(value=Decimal('-6512.8'), before='', places=1, behind='万元', has_commas=True)
    """
    found = _ANSWER.match(answer)
    if found is None:
        return None
    sign, before, digits, behind = found.groups()
    whole, _, decimals = digits.partition(".")
    value = Decimal(digits.replace(",", "")) * (-1 if sign else 1)
    return Shape(value, before, len(decimals), behind, "," in whole or len(whole) < 4)


def rounded(value: Decimal, like: Shape) -> Decimal | None:
    """`value` with the decimals that `like` shows, half up; None within a thousandth of a rounding border.

    There two honest ways of rounding would disagree. Raises ValueError for more digits than decimal arithmetic
    keeps (28).
    """
    step = Decimal(1).scaleb(-like.places)
    try:
        if abs(abs((value / step) % 1) - Decimal("0.5")) < _BORDER:
            return None
        return value.quantize(step, ROUND_HALF_UP)
    except DecimalException:
        raise ValueError(f"{value:.6g} with {like.places} decimals has too many digits") from None


def written(value: Decimal, like: Shape) -> str:
    """`value` written as `like` is.

    >>> written(Decimal("-7012.3"), Shape(Decimal(1), "US$", 1, " million"))
    '-US$7,012.3 million'
    """
    sign = "-" if value < 0 else ""
    return f"{sign}{like.before}{abs(value):{',' if like.has_commas else ''}f}{like.behind}"


def disagreement(formula: str, answer: str) -> str | None:
    """What is wrong between a formula and the answer that it should give, or None."""
    like = shape(answer)
    if like is None:
        return f"the answer '{answer}' does not begin with a number"
    try:
        value = rounded(result(formula), like)
    except ValueError as error:
        return str(error)
    if value is None:
        return f"the formula's value is on a rounding border at {like.places} decimals"
    if value != like.value:
        return f"the formula gives {written(value, like)}, the answer says {answer}"
    return None
