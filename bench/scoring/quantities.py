"""Quantities in Chinese and English text, read into Decimal: 12.5亿元, (3.2)%, 25个基点, 三成五, 1.2bn.

What is read, and its `unit`:

- money: an ISO code (CNY, USD, HKD, EUR …), in whole units of the currency; dollars and cents of no
  named country are those of the United States, ¥ is the yuan;
- `ratio`: %, ‰, 成, 百分之…, 三分之二 and 翻一番 (+100 %), as a share of one;
- `pp`: percentage points, from 个百分点 and 基点/bp (25 bp is 0.25 pp); never the same as `ratio`;
- `times` (倍), `shares` (股), `days`, `months`, `years`, `hours`, `minutes`;
- `date`: year·10000 + month·100 + day with zeros for what is not said; `year`; `time` in minutes of
  the day; `ordinal` (第三, 三季度, 5号). They are no amounts, but can be compared like them;
- `""`: a number with a counter or a counted noun (家, 户, 人, stores, tonnes …) or none.

Not read: list numbers at the start of a line or in brackets, version numbers (1.2.3), digits behind a
Latin letter (R1, Q3), Chinese numerals that are not clearly counting (统一, 一些, 十四五, 数十亿),
numbers of more than 24 digits. Both ends of a range take the unit of its second (10—12亿元).
The sign is that of the characters (-3.2%, 负3.2%, (3.2)%, negative 3.2%); `directed` adds that of words (下降3.2%).
Every pattern is linear in the text.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from bench.scoring.chinese_numerals import DIGITS, NUMERALS, chinese_integer, small_change
from bench.scoring.quantity_patterns import (
    ARTICLE,
    COUNTERS,
    HEAD,
    MONEY_TAIL,
    NEGATIVE,
    PART,
    PREFIXES,
    RANGE,
    SCALES,
    SERIES,
    TAIL,
    UNITS,
    VAGUE,
    WIDE,
    WIDE_COMMA,
)

AMOUNTLESS = frozenset({"date", "year", "time", "ordinal"})
"""Units of what stands in text as a number and is no amount."""
_MAX_DIGITS = 24


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity. `value` = the number shown × `scale`, in `unit`; `text` is `source[start:end]`.

    `decimals` are those shown and `scale` what one of the shown units is worth (1e8 for 亿, 0.01 for %),
    so half a step of the last digit is 0.5 · 10^-decimals · scale.
    """

    value: Decimal
    unit: str
    start: int
    end: int
    text: str
    decimals: int
    scale: Decimal

    @property
    def half_step(self) -> Decimal:
        """Half of the last digit shown, in `unit`."""
        return Decimal(5).scaleb(-self.decimals - 1) * self.scale


def quantities(text: str) -> list[Quantity]:
    """The quantities of `text`, left to right, not overlapping.

    >>> [(str(q.value), q.unit) for q in quantities("营收12.5亿元，毛利率(3.2)%，上升25个基点")]
    [('1250000000.0', 'CNY'), ('-0.032', 'ratio'), ('0.25', 'pp')]
    """
    plain = WIDE_COMMA.sub(",", text).translate(WIDE)
    found: list[Quantity] = []
    position = 0
    while match := HEAD.search(plain, position):
        quantity = _quantity(match, plain, found[-1].end if found else -1)
        position = max(match.end(), 1)
        if quantity is not None:
            found.append(replace(quantity, text=text[quantity.start : quantity.end]))
            position = max(position, quantity.end)
    return _with_shared_units(found, plain)


def _quantity(match: re.Match[str], plain: str, previous_end: int) -> Quantity | None:
    part = match.groupdict()
    if part["number"] or part["inside"]:
        return _arabic(match, plain, previous_end)
    if part["chinese"]:
        return _chinese(match, plain)
    if part["denominator"]:
        return _fraction(match)
    if part["doublings"] or match[0] == "翻番":
        value = Decimal(2) ** DIGITS[part["doublings"] or "一"] - 1
        return Quantity(value, "ratio", match.start(), match.end(), "", 0, Decimal(1))
    if part["tenths"]:
        half = part["half"]
        shown = Decimal(DIGITS[part["tenths"]])
        shown += Decimal(5 if half == "半" else DIGITS[half]) / 10 if half else 0
        tenth = Decimal("0.1")
        return Quantity(
            shown * tenth, "ratio", match.start(), match.end(), "", int(bool(half)), tenth
        )
    return _calendar(match)


def _calendar(match: re.Match[str]) -> Quantity | None:
    """Dates, years, times and ordinals; None for list numbers and versions."""
    part = match.groupdict()
    for year, month, day in (
        ("y1", "m1", "d1"),
        ("y2", "m2", "d2"),
        ("", "m3", "d3"),
        ("y4", "m4", "d4"),
    ):
        if part.get(year) or part[month]:
            y, m, d = (_calendar_number(part.get(each) or "") for each in (year, month, day))
            unit = "date" if m else "year"
            return _point(match, y * 10000 + m * 100 + d if m else y, unit)
    if part["year"]:
        return _point(match, int(part["year"]), "year")
    if part["hour"]:
        return _point(match, int(part["hour"]) * 60 + int(part["minute"]), "time")
    if part["ordinal"]:
        told = part["ordinal"]
        value = int(told) if told.isdecimal() else chinese_integer(told)
        return None if value is None else _point(match, value, "ordinal")
    return None


def _point(match: re.Match[str], value: int, unit: str) -> Quantity:
    return Quantity(Decimal(value), unit, match.start(), match.end(), "", 0, Decimal(1))


def _calendar_number(text: str) -> int:
    if not text or text.isdecimal():
        return int(text or 0)
    if len(text) == 4:
        return int("".join(str(DIGITS[mark]) for mark in text))
    return chinese_integer(text) or 0


def _arabic(match: re.Match[str], plain: str, previous_end: int) -> Quantity | None:
    part = match.groupdict()
    digits = (part["number"] or part["inside"]).replace(",", "")
    tail = (MONEY_TAIL if part["money"] else TAIL).match(plain, match.end())
    assert tail is not None  # every part of it is optional
    if len(digits) > _MAX_DIGITS:
        return None
    unit, scale, end = _measured(tail, match.end(), part["money"])
    is_negative = _is_negative(match, plain, previous_end, has_unit=end > match.end())
    joins = part["sign"] in ("-", "–") and not is_negative
    start = match.start() + joins
    shown = Decimal(digits)
    value = shown * scale
    decimals = len(digits.partition(".")[2])
    for number, word in PART.findall(tail["more"]):
        scale, decimals = Decimal(10) ** SCALES[word], len(number.partition(".")[2])
        value += Decimal(number) * scale
    if small := tail["small"]:
        value, decimals, scale = value + small_change(small), 1 + ("分" in small), Decimal(1)
    return Quantity(-value if is_negative else value, unit, start, end, "", decimals, scale)


def _is_negative(match: re.Match[str], plain: str, previous_end: int, *, has_unit: bool) -> bool:
    """A minus joins rather than negates behind a number, a letter or a closing bracket."""
    start = match.start()
    if match["sign2"] or match["sign"] in NEGATIVE:
        return True
    before = plain[start - 1] if start else " "
    if match["inside"]:
        return has_unit or (before in " |\t\n" and not match["inside"].isdecimal())
    joins = start == previous_end or before in "%‰)" or (before.isascii() and before.isalnum())
    return match["sign"] in ("-", "–") and not joins


def _measured(
    tail: re.Match[str], head_end: int, money: str | None = None
) -> tuple[str, Decimal, int]:
    """Unit, scale and end of a number, by what follows it, else by the currency before it."""
    unit, power = UNITS.get(tail["unit"] or "") or PREFIXES.get(money or "", ("", 0))
    power += SCALES.get(tail["scale"] or "", 0)
    has_tail = tail["scale"] or tail["unit"]
    return (
        unit,
        Decimal(1).scaleb(power) if power < 0 else Decimal(10) ** power,
        (tail.end() if tail["unit"] else _end_of_scale(tail)) if has_tail else head_end,
    )


def _end_of_scale(tail: re.Match[str]) -> int:
    return tail.end("more") if tail["more"] else tail.end("scale")


def _chinese(match: re.Match[str], plain: str) -> Quantity | None:
    """A numeral in characters, when it clearly counts something."""
    told, start = match["chinese"], match.start()
    whole, _, fraction = told.partition("点")
    number = chinese_integer(whole)
    before = plain[start - 1] if start else ""
    tail = TAIL.match(plain, match.end())
    assert tail is not None  # every part of it is optional
    after = plain[match.end() : match.end() + 1]
    if number is None or before in VAGUE or (whole == "一" and before in ARTICLE):
        return None
    starts_well = whole[0] in DIGITS or whole[0] in "十拾"
    is_counted = after in COUNTERS and whole != "一"
    is_large = len(whole) > 1 and whole[0] in DIGITS
    if not starts_well or not (tail["unit"] or is_counted or is_large or fraction):
        return None
    unit, scale, end = _measured(tail, match.end())
    shown = Decimal(number)
    decimals = 0
    if fraction:
        decimals = len(fraction)
        shown += Decimal("0." + "".join(str(DIGITS[mark]) for mark in fraction))
    value = shown * scale
    if tail["small"]:
        small = tail["small"]
        value, decimals, end = value + small_change(small), 1 + ("分" in small), tail.end()
    prefix = re.search(r"(?:人民币|¥)$", plain[max(0, start - 3) : start])
    return Quantity(
        -value if before == "负" else value,
        unit or ("CNY" if prefix else ""),
        start - (before == "负"),
        end,
        "",
        decimals,
        scale,
    )


def _fraction(match: re.Match[str]) -> Quantity | None:
    base = match["denominator"]
    below = {"百": 100, "千": 1000, "万": 10000}.get(base) or (
        int(base) if base.isdecimal() else chinese_integer(base)
    )
    told = match["numerator"].replace(",", "")
    if not below or len(told) > _MAX_DIGITS:
        return None
    if told[0] in NUMERALS:
        whole, _, fraction = told.partition("点")
        number = chinese_integer(whole)
        if number is None:
            return None
        told = f"{number}.{''.join(str(DIGITS[mark]) for mark in fraction)}".rstrip(".")
    scale = Decimal(1) / below
    decimals = len(told.partition(".")[2])
    return Quantity(Decimal(told) * scale, "ratio", match.start(), match.end(), "", decimals, scale)


def _with_shared_units(found: list[Quantity], plain: str) -> list[Quantity]:
    """Both ends of 10—12亿元 are in 亿元, and all of 2023、2024和2025年 are years."""
    shared = list(found)
    for index in range(len(found) - 2, -1, -1):
        this, following = shared[index], shared[index + 1]
        if this.unit != "" or following.unit in ("", "ordinal", "date", "time"):
            continue
        between = plain[this.end : following.start]
        if following.unit == "year":
            if len(this.text) == 4 and this.text[:2] in ("19", "20") and SERIES.fullmatch(between):
                shared[index] = replace(this, unit="year")
        elif RANGE.fullmatch(between):
            scale = following.scale if this.scale == 1 else this.scale
            value = this.value * scale if this.scale == 1 else this.value
            shared[index] = replace(this, value=value, unit=following.unit, scale=scale)
    return shared


_FALL = re.compile(
    r"(?:下降|减少|降低|下滑|回落|下跌|下行|下调|收窄|缩减|缩水|亏损|净亏|净流出|降幅|跌幅|减幅|负增长|减|降|跌)"
    r"[了约为达近逾超幅共计是：: 的）)]{0,4}$"
)
_FALL_BEHIND = re.compile(r"的(?:降幅|跌幅|减幅|下降|下滑|亏损)")


def directed(text: str, quantity: Quantity) -> Decimal:
    """The value with the sign that words before it give: 下降3.2% and 净亏损1亿元 are negative.

    下降至3.2% states a level, which has no direction. A sign that is written stays.
    """
    if quantity.value <= 0 or quantity.unit in AMOUNTLESS:
        return quantity.value
    before = text[max(0, quantity.start - 10) : quantity.start]
    falls = _FALL.search(before) or _FALL_BEHIND.match(text, quantity.end)
    return -quantity.value if falls else quantity.value
