"""A number that is wrong in one way: a digit, the scale, the sign, the unit, the neighbouring column."""

import random
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from bench.checking.mutations.mutation import Case, Mutation
from bench.scoring.quantities import Quantity, quantities
from bench.suites.texts import texts

_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SCALES = (
    ("万亿", "亿"), ("亿", "万"), ("万", "亿"), ("trillion", "billion"), ("billion", "million"), ("million", "billion"),
    ("thousand", "million"),
)  # fmt: skip
_UNITS = (
    ("个百分点", "%"), ("percentage points", "%"), ("percentage point", "%"), ("个基点", "%"), ("basis points", "%"),
    ("%", "个百分点"), ("美元", "元"), ("港元", "美元"), ("元", "美元"), ("倍", "%"), ("股", "元"), ("US$", "€"), ("HK$", "€"), ("$", "€"),
)  # fmt: skip
_DATES = ("date", "year", "ordinal")
_MINUS = "-－−"
_DIRECTION = re.compile(
    r"下降|减少|降低|负|下滑|回落|低于|亏|净流出|增长|增加|上升|提高|升|降|增|减|fell|fall|decreas|down|lower|loss|rose|rise|increas|up\b|higher"
)


class ChangeNumber(Mutation):
    """Changes one number of the answer.

    `digit` changes one digit, so that the new number stands nowhere in the input; `scale` moves 万 to 亿 and the
    like, or the decimal point by one; `sign` takes the other sign; `unit` takes % for percentage points and the
    like; `neighbour` takes the number of another period or body that the item lists; `round` rounds to a whole
    number; `exchange` lets two numbers of one kind change places. In a field the number is the first one, in a
    whole text any.
    """

    how: Literal["digit", "scale", "sign", "unit", "neighbour", "round", "exchange"]
    field: str | None = None
    neighbours: Literal["other_periods", "other_entities"] = "other_periods"

    def mutated(self, case: Case) -> str | None:
        """The answer with the changed number; None where no number allows the change."""
        text = case.part(self.field)
        if self.how == "exchange":
            exchanged = _exchanged(text)
            return None if exchanged is None else case.with_part(self.field, exchanged)
        for quantity in self._chosen(text, case.draw):
            new = self._changed(case, quantity.text)
            if new is not None and new != quantity.text:
                changed = text[: quantity.start] + new + text[quantity.end :]
                return case.with_part(self.field, changed)
        return None

    def _chosen(self, text: str, draw: random.Random) -> list[Quantity]:
        """The numbers to try, in their order; written in digits, and in a whole text no date to spoil."""
        found = [each for each in quantities(text) if _DIGITS.search(each.text)]
        if self.field is not None:
            return found[:1]
        if self.how == "digit":
            found = [each for each in found if each.unit not in (*_DATES, "time")]
        draw.shuffle(found)
        return found

    def _changed(self, case: Case, text: str) -> str | None:
        number = _DIGITS.search(text)
        assert number is not None  # `_chosen` has looked
        match self.how:
            case "digit":
                return _digit(number, _given(case))
            case "scale":
                return _renamed(text, _SCALES) or _tenfold(number, _given(case))
            case "sign":
                return _sign(case, text)
            case "unit":
                return _renamed(text, _UNITS)
            case "round":
                return _round(number)
            case _:
                told = case.item.reference.get(self.neighbours)
                values = [str(each) for each in told.values()] if isinstance(told, dict) else []
                return case.draw.choice(values) if values else None


def _exchanged(text: str) -> str | None:
    """The first two numbers of one unit that differ, in each other's place."""
    found = [each for each in quantities(text) if each.unit not in _DATES]
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            if one.unit == other.unit and one.text != other.text:
                between = text[one.end : other.start]
                return text[: one.start] + other.text + between + one.text + text[other.end :]
    return None


def _digit(number: re.Match[str], given: str) -> str | None:
    """The first digit that can be changed so that nobody gave the new number."""
    digits = number[0]
    for at, mark in enumerate(digits):
        for step in (3, 1, 5) if mark.isdigit() else ():
            new = digits[:at] + str((int(mark) + step) % 10) + digits[at + 1 :]
            if new[0] != "0" and not _stands_in(new.replace(",", ""), given):
                return _instead(number, new)
    return None


def _instead(number: re.Match[str], new: str) -> str:
    """The text around a number, with another in its place."""
    return number.string[: number.start()] + new + number.string[number.end() :]


def _stands_in(number: str, given: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(number)}(?!\d|\.\d)", given) is not None


def _given(case: Case) -> str:
    return "\n".join(texts(case.item.input)).replace(",", "")


def _renamed(text: str, names: tuple[tuple[str, str], ...]) -> str | None:
    """The first name that stands in the text as its neighbour."""
    return next((text.replace(old, new, 1) for old, new in names if old in text), None)


def _tenfold(number: re.Match[str], given: str) -> str | None:
    """Ten times the number, unless somebody gave that."""
    value = (Decimal(number[0].replace(",", "")) * 10).normalize()
    return None if _stands_in(f"{value:f}", given) else _instead(number, f"{value:,f}")


def _sign(case: Case, text: str) -> str | None:
    """The other sign; None where words, not a sign, give the direction."""
    if case.item.reference.get("fall") is True:  # a fall was asked for: 37 and -37 say the same
        return None
    if any(mark in text for mark in _MINUS):
        return re.sub(rf"[{_MINUS}]", "", text, count=1)
    if re.search(r"[（(]\s*\d", text) or _DIRECTION.search(case.answer):
        return None
    return f"-{text}"


def _round(number: re.Match[str]) -> str | None:
    """The number to whole ones; None where it has no decimals to lose."""
    value = Decimal(number[0].replace(",", ""))
    whole = value.quantize(Decimal(1), ROUND_HALF_UP)
    comma = "," if "," in number[0] else ""
    return None if whole == value else _instead(number, f"{whole:{comma}f}")
