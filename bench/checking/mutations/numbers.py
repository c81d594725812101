"""A number that is wrong in one way: a digit, the scale, the sign, the unit, the neighbouring column."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Literal

from bench.checking.mutations.mutation import Case, Mutation
from bench.scoring.quantities import Quantity, quantities
from bench.suites.items import texts

_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SCALES = (
    ("万亿", "亿"), ("亿", "万"), ("万", "亿"), ("trillion", "billion"), ("billion", "million"), ("million", "billion"),
    ("thousand", "million"),
)  # fmt: skip
_UNITS = (
    ("个百分点", "%"), ("percentage points", "%"), ("percentage point", "%"), ("个基点", "%"), ("basis points", "%"),
    ("%", "个百分点"), ("美元", "元"), ("港元", "美元"), ("元", "美元"), ("倍", "%"), ("股", "元"), ("US$", "€"), ("HK$", "€"), ("$", "€"),
)  # fmt: skip
_MINUS = "-－−"
_DIRECTION = re.compile(
    r"下降|减少|降低|负|下滑|回落|低于|亏|净流出|增长|增加|上升|提高|升|降|增|减|fell|fall|decreas|down|lower|loss|rose|rise|increas|up\b|higher"
)


class ChangeNumber(Mutation):
    """Changes one number of the answer.

    `digit` raises one digit, so that the new number stands nowhere in the input; `scale` moves 万 to 亿 and the
    like, or the decimal point by one; `sign` turns a rise into a fall; `unit` takes % for percentage
    points; `neighbour` takes the number of another period or body that the item lists; `round` drops the last
    decimals; `exchange` lets two numbers of one kind change places. In a field the number is the first one, in
    a whole text any.
    """

    how: Literal["digit", "scale", "sign", "unit", "neighbour", "round", "exchange"]
    field: str | None = None
    neighbours: Literal["other_periods", "other_entities"] = "other_periods"

    def mutated(self, case: Case) -> str | None:
        """The answer with the changed number."""
        text = case.part(self.field)
        if self.how == "exchange":
            exchanged = _exchanged(text)
            return None if exchanged is None else case.with_part(self.field, exchanged)
        found = [each for each in quantities(text) if _DIGITS.search(each.text)]
        if self.field is not None:
            found = found[:1]
        elif self.how == "digit":
            found = [each for each in found if each.unit not in ("date", "year", "time", "ordinal")]
        case.draw.shuffle(found)
        change = _CHANGES[self.how] if self.how != "neighbour" else self._neighbour
        for quantity in found:
            new = change(case, quantity)
            if new is not None and new != quantity.text:
                changed = text[: quantity.start] + new + text[quantity.end :]
                return case.with_part(self.field, changed)
        return None

    def _neighbour(self, case: Case, quantity: Quantity) -> str | None:
        del quantity
        told = case.item.reference.get(self.neighbours)
        values = [str(each) for each in told.values()] if isinstance(told, dict) else []
        return case.draw.choice(values) if values else None


def _exchanged(text: str) -> str | None:
    """The first two numbers of one unit that differ, in each other's place."""
    found = [each for each in quantities(text) if each.unit not in ("date", "year", "ordinal")]
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            if one.unit == other.unit and one.text != other.text:
                between = text[one.end : other.start]
                return text[: one.start] + other.text + between + one.text + text[other.end :]
    return None


def _digit(case: Case, quantity: Quantity) -> str | None:
    given = _given(case)
    number = _DIGITS.search(quantity.text)
    if number is None:
        return None
    places = [at for at, mark in enumerate(number[0]) if mark.isdigit()]
    for at in places:
        old = int(number[0][at])
        for step in (3, 1, 5):
            new = number[0][:at] + str((old + step) % 10) + number[0][at + 1 :]
            plain = new.replace(",", "")
            if new[0] != "0" and not _stands_in(plain, given):
                return quantity.text[: number.start()] + new + quantity.text[number.end() :]
    return None


def _stands_in(number: str, given: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(number)}(?![\d]|\.\d)", given) is not None


def _given(case: Case) -> str:
    return "\n".join(texts(case.item.input)).replace(",", "")


def _scale(case: Case, quantity: Quantity) -> str | None:
    for old, new in _SCALES:
        if old in quantity.text:
            return quantity.text.replace(old, new, 1)
    number = _DIGITS.search(quantity.text)
    if number is None:
        return None
    shifted = Decimal(number[0].replace(",", "")) * 10
    if _stands_in(f"{shifted.normalize():f}", _given(case)):
        return None
    return (
        quantity.text[: number.start()]
        + f"{shifted.normalize():,f}"
        + quantity.text[number.end() :]
    )


def _sign(case: Case, quantity: Quantity) -> str | None:
    """The other sign; None where words, not a sign, give the direction."""
    if case.item.reference.get("fall") is True:  # a fall was asked for: 37 and -37 say the same
        return None
    text = quantity.text
    if any(mark in text for mark in _MINUS):
        return re.sub(rf"[{_MINUS}]", "", text, count=1)
    if re.search(r"[（(]\s*\d", text) or _DIRECTION.search(case.answer):
        return None
    return f"-{text}"


def _unit(case: Case, quantity: Quantity) -> str | None:
    del case
    for old, new in _UNITS:
        if old in quantity.text:
            return quantity.text.replace(old, new, 1)
    return None


def _round(case: Case, quantity: Quantity) -> str | None:
    del case
    number = _DIGITS.search(quantity.text)
    if number is None or "." not in number[0]:
        return None
    whole, _, decimals = number[0].partition(".")
    if not decimals.strip("0"):
        return None
    return quantity.text[: number.start()] + whole + quantity.text[number.end() :]


_CHANGES: dict[str, Callable[[Case, Quantity], str | None]] = {
    "digit": _digit,
    "scale": _scale,
    "sign": _sign,
    "unit": _unit,
    "round": _round,
}
