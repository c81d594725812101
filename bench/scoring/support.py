"""Can a quantity of a reply be derived from the quantities of its source?

Derivable is what equals a source's number in any notation (1.2亿元, 12000万元), rounds one to the
digits shown (12亿 for 12.04亿; 逾1200户 for 1,234户), is part of a date or time, or, where wanted, is
the sum, difference, ratio or growth of two source numbers of one unit. A direction that is stated on
both sides (增长, 下降) must agree. What a number is about is not compared.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache

from bench.scoring.chinese_numerals import chinese_integer
from bench.scoring.elided import is_counted_off, other_readings
from bench.scoring.quantities import AMOUNTLESS, Quantity, quantities

_ONE = Decimal(1)
_HUNDRED = Decimal(100)
_CANONICAL = {
    "years": ("months", 12),
    "hours": ("minutes", 60),
    "days": ("minutes", 1440),
    "weeks": ("minutes", 10080),
}
_MONEY = frozenset({"CNY", "USD", "HKD", "EUR", "JPY", "GBP"})
_HEDGE_BEFORE = re.compile(r"(?:约|近|逾|超|超过|不足|接近|达到|突破|以上的?)[ ]?$")
_HEDGE_AFTER = re.compile(r"^[余多]|^[^，。；、\d]{0,3}?(?:左右|以上|上下|余|多)")
_HEDGED_ERROR = Decimal("0.15")
_PLAIN_ERROR = Decimal("0.05")
_RISE = re.compile(
    r"(?:增长|上升|提高|上涨|增加|提升|上浮|上调|回升|增|涨|升)[了约为达近逾超幅]{0,3}$"
)
_FALL = re.compile(
    r"(?:下降|减少|降低|下滑|回落|下跌|下调|下浮|收窄|缩减|缩短|减|降|跌)[了约为达近逾超幅]{0,3}$"
)
_NEARBY = 40
"""Characters between two numbers that a writer may be expected to compare."""
_SHARE = re.compile(r"占|率|比重|份额|比例|达到|完成")
_CHANGE = re.compile(
    r"增|升|涨|降|减|跌|缩|幅|提高|扩|延长|提前|推迟|差|多出|少了|高出|低于|早|晚|其余|余下|剩余|剩下"
)
_TOTAL = re.compile(r"共|合计|总|累计|一起|加起来|两项|两者")
_WEEKS = re.compile(
    r"(?<!第)(\d{1,3}|[一二两三四五六七八九十]{1,3})个?(?:周|星期)(?![岁年边围末一二三四五六日天])"
)
_HOUR = re.compile(r"([01]?\d|2[0-4]|[一二两三四五六七八九十]{1,3})[点时](?!\d{4})(半)?")
_DAY = re.compile(r"[ ]?(?:3[01]|[12]?\d)日?")
_A_DAY = re.compile(r"[ ]?(?:3[01]|[12]?\d)日")
_BARE_DAY = re.compile(r"(?<![\d月.])(3[01]|[12]\d|[1-9])[日号](?![内以之后间均常产])")
_JOINT = re.compile(r"[ ]?(?:-|—{1,2}|–|~|、|至|到|和|与|及)[ ]?")
_RELATIVE = {
    "明日": 1, "明天": 1, "明早": 1, "明晚": 1, "次日": 1, "翌日": 1, "第二天": 1, "后天": 2,
    "昨日": -1, "昨天": -1, "昨晚": -1, "前天": -2,
}  # fmt: skip
_CLOCK = re.compile(r"(?<![\d.:：])([01]?\d|2[0-4])[时点:：]([0-5]\d)(?:分(?!钟)|(?![\d:：分]))")
_FRACTION = re.compile(r"(?<![\d/.])([1-9])/([2-9])(?![\d/.])")
_ONE_OF = {"days": "日天", "weeks": "周", "months": "月", "years": "年"}
"""一天 needs no number in a source that speaks of every day."""
_YEAR_WORDS = {"去年": -1, "上年": -1, "上一年": -1, "明年": 1, "次年": 1, "下一年": 1}
_YEARS = frozenset(str(year) for year in range(1949, 2100))
_HALF_YEAR = re.compile(r"(?<![上下一两二三四五\d年])半年")


@dataclass(frozen=True, slots=True)
class Sourced:
    """The quantities of a source, ready to be asked many times."""

    text: str
    found: tuple[Quantity, ...]
    hours: frozenset[tuple[int, bool]]
    """Hours on a twelve-hour clock, and whether half past."""
    near: tuple[tuple[Quantity, Quantity], ...]
    """Pairs that stand close together and can be added or compared."""

    def supports(self, quantity: Quantity, reply: str, *, derived: bool) -> bool:
        """Whether `quantity`, read from `reply`, is derivable in one of its readings."""
        return self._holds(quantity, reply, derived=derived) or any(
            self._holds(each, reply, derived=False) for each in other_readings(quantity, reply)
        )

    def _holds(self, quantity: Quantity, reply: str, *, derived: bool) -> bool:
        match quantity.unit:
            case "date" | "year":
                return self._has_date(quantity)
            case "time":
                return self._has_time(quantity)
            case "ordinal":
                return self._has_ordinal(quantity) or is_counted_off(quantity, reply, self.text)
        if quantity.unit in ("", "days") and self._is_part_of_a_moment(quantity, reply):
            return True
        if quantity.unit in _ONE_OF and self._speaks_of(quantity):
            return True
        near = [each for each in self.found if _equals(each, quantity, reply)]
        if near:
            told = _direction(reply, quantity)
            return any(_direction(self.text, each) * told >= 0 for each in near)
        return derived and self._is_derived(quantity, reply)

    def _has_date(self, told: Quantity) -> bool:
        dates = [_parts(each) for each in self.found if each.unit in ("date", "year")]
        years = self._years(dates)
        year, month, day = _parts(told)
        if not month:
            return year in years
        for y, m, d in dates:
            same_year = not year or y == year or (not y and year in years)
            if same_year and m == month and (not day or d == day):
                return True
        return False

    def _speaks_of(self, told: Quantity) -> bool:
        """一天 where the source says 每日 or 环比, 4天 where it says 第4天."""
        marks = _ONE_OF[told.unit]
        if told.value == 1 and re.search(rf"[每单][{marks}]|环比|[{marks}]均", self.text):
            return True
        counted = [
            each for each in self.found if each.unit == "ordinal" and each.value == told.value
        ]
        return any(self.text.startswith(tuple(marks), each.end) for each in counted)

    def _years(self, dates: list[tuple[int, int, int]]) -> set[int]:
        """The years that the source names: written out, bare (2026到2028), or as last and next year."""
        named = {year for year, _, _ in dates if year}
        bare = {int(each.value) for each in self.found if not each.unit and each.text in _YEARS}
        moved = {
            year + step for word, step in _YEAR_WORDS.items() if word in self.text for year in named
        }
        return named | bare | moved

    def _has_time(self, told: Quantity) -> bool:
        minutes = int(told.value)
        clocks = {int(each.value) % 720 for each in self.found if each.unit == "time"}
        spoken = (minutes // 60 % 12, minutes % 60 == 30)
        return minutes % 720 in clocks or (minutes % 30 == 0 and spoken in self.hours)

    def _has_ordinal(self, told: Quantity) -> bool:
        days = {_parts(each)[2] for each in self.found if each.unit == "date"}
        if told.text.endswith("号") and int(told.value) in days:
            return True
        return any(each.unit in ("ordinal", "") and each.value == told.value for each in self.found)

    def _is_part_of_a_moment(self, told: Quantity, reply: str) -> bool:
        """The 8日 of 3月8日, the 3 of 下午3点, the 2025 of 2025财年."""
        after = reply[told.end : told.end + 2]
        if after.startswith(("点", "时")) and told.value <= 24:
            hour = int(told.value) % 12
            clocks = {int(each.value) % 720 // 60 for each in self.found if each.unit == "time"}
            return hour in clocks or hour in {spoken for spoken, _ in self.hours}
        dates = [_parts(each) for each in self.found if each.unit in ("date", "year")]
        if _A_DAY.fullmatch(told.text) or after.startswith(("日", "号")):
            return any(day == told.value for _, _, day in dates)
        return told.unit == "" and any(told.value == year for year, _, _ in dates)

    def _is_derived(self, told: Quantity, reply: str) -> bool:
        """Two numbers that stand close together are compared; far apart, anything could be derived."""
        return any(self._makes(first, second, told, reply) for first, second in self.near)

    def _makes(self, first: Quantity, second: Quantity, told: Quantity, reply: str) -> bool:
        """Whether the reply's words ask for a sum, difference, share or change, and two numbers give it."""
        one, other = abs(_value(first)), abs(_value(second))
        before = reply[max(0, told.start - 12) : told.start]
        if told.unit in ("ratio", "times") and _is_ratio_of(one, other, told, before):
            return True
        scale = _HUNDRED if (first.unit, told.unit) == ("ratio", "pp") else _ONE
        if scale == _ONE and not self._counts_alike(first, told, reply):
            return False
        results = [one + other] if _TOTAL.search(before) else []
        results += [abs(one - other)] if _CHANGE.search(before) else []
        return abs(_value(told)) in [result * scale for result in results]

    def _counts_alike(self, ours: Quantity, told: Quantity, reply: str) -> bool:
        if not _same_kind(ours, told) or _is_working_day_only_here(ours, told):
            return False
        return bool(told.unit) or _counter(reply, told) == _counter(self.text, ours)


def _equals(ours: Quantity, told: Quantity, reply: str) -> bool:
    """Whether two quantities are one number, whatever their direction."""
    if not _same_kind(ours, told) or _is_working_day_only_here(ours, told):
        return False
    return _rounds_to(abs(_value(ours)), told, is_hedged=_is_hedged(reply, told))


def moments(text: str) -> list[Quantity]:
    """The quantities of `text`, where 8日 in 3月5日至8日 is a date of March and no eight days."""
    found: list[Quantity] = []
    for each in quantities(text):
        last = found[-1] if found else None
        if last is not None and last.unit == "date" and _DAY.fullmatch(each.text):
            gap = text[last.end : each.start]
            has_day = last.value % 100 != 0
            if (has_day and each.text.endswith("日") and _JOINT.fullmatch(gap)) or not (
                has_day or gap
            ):
                day = last.value - last.value % 100 + each.value
                found.append(replace(each, value=day, unit="date", scale=_ONE))
                continue
        found.append(each)
    return _with_fractions(text, _with_clocks(text, _with_weeks(text, found)))


def _with_clocks(text: str, found: list[Quantity]) -> list[Quantity]:
    """5时30分 and 5:30 are one time of day."""
    clocks = [
        Quantity(Decimal(int(mark[1]) * 60 + int(mark[2])), "time", *mark.span(), mark[0], 0, _ONE)
        for mark in _CLOCK.finditer(text)
    ]
    return _overlaid(found, clocks)


def _with_fractions(text: str, found: list[Quantity]) -> list[Quantity]:
    """2/3 is 三分之二."""
    told = [
        Quantity(
            round(Decimal(int(mark[1])) / int(mark[2]), 4), "ratio", *mark.span(), mark[0], 4, _ONE
        )
        for mark in _FRACTION.finditer(text)
    ]
    return _overlaid(found, told)


def _overlaid(found: list[Quantity], others: list[Quantity]) -> list[Quantity]:
    """`others` in place of whatever they overlap; both run from left to right."""
    if not others:
        return found
    kept: list[Quantity] = []
    at = 0
    for each in found:
        while at < len(others) and others[at].end <= each.start:
            at += 1
        if at == len(others) or each.end <= others[at].start:
            kept.append(each)
    return sorted([*kept, *others], key=lambda each: each.start)


def _with_weeks(text: str, found: list[Quantity]) -> list[Quantity]:
    """两周 and 2个星期 count weeks."""
    weeks: list[Quantity] = []
    for mark in _WEEKS.finditer(text):
        number = int(mark[1]) if mark[1].isdecimal() else chinese_integer(mark[1])
        if number is not None:
            weeks.append(Quantity(Decimal(number), "weeks", *mark.span(), mark[0], 0, _ONE))
    return _overlaid(found, weeks)


@lru_cache(maxsize=512)
def sourced(text: str) -> Sourced:
    """The quantities of a source text."""
    found = moments(text)
    if mark := _HALF_YEAR.search(text):
        half = Quantity(Decimal(6), "months", mark.start(), mark.end(), mark[0], 0, _ONE)
        found = [*found, half]
    found = [*found, *_relative_days(text, found), *_bare_days(text, found)]
    return Sourced(text, tuple(found), frozenset(_hours(text)), tuple(_near(text, found)))


def _bare_days(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """The 5月14日 that a bare 14日 means behind 5月6日."""
    dates = [each for each in found if each.unit == "date" and each.value % 10000 >= 100]
    for mark in _BARE_DAY.finditer(text):
        before = next((each for each in reversed(dates) if each.end <= mark.start()), None)
        if before is not None:
            value = before.value - before.value % 100 + int(mark[1])
            yield replace(before, value=value, text="")


def _near(text: str, found: list[Quantity]) -> Iterator[tuple[Quantity, Quantity]]:
    for index, first in enumerate(found):
        for second in found[index + 1 :]:
            if second.start - first.end > _NEARBY:
                break
            if _are_commensurable(text, first, second):
                yield first, second


def _are_commensurable(text: str, first: Quantity, second: Quantity) -> bool:
    if first.unit in AMOUNTLESS or _unit(first) != _unit(second):
        return False
    return bool(first.unit) or _counter(text, first) == _counter(text, second)


def _relative_days(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """The 27日 that 明日 means in a note of 2月26日; a date without a year is taken to be of a common year."""
    offsets = {offset for word, offset in _RELATIVE.items() if word in text}
    for each in found:
        year, month, day = _parts(each) if each.unit == "date" else (0, 0, 0)
        for offset in sorted(offsets if day else ()):
            try:
                moved = date(year or 2001, month, day) + timedelta(days=offset)
            except (ValueError, OverflowError):
                continue
            value = (moved.year if year else 0) * 10000 + moved.month * 100 + moved.day
            yield replace(each, value=Decimal(value), text="")


def _hours(text: str) -> set[tuple[int, bool]]:
    told = set()
    for hour, half in _HOUR.findall(text):
        number = int(hour) if hour.isdecimal() else chinese_integer(hour)
        if number is not None and number <= 24:
            told.add((number % 12, bool(half)))
    return told


def _parts(quantity: Quantity) -> tuple[int, int, int]:
    """Year, month and day, zero for what is not said."""
    value = int(quantity.value)
    if quantity.unit == "year":
        return value, 0, 0
    return value // 10000, value // 100 % 100, value % 100


def _unit(quantity: Quantity) -> str:
    return _CANONICAL.get(quantity.unit, (quantity.unit, 1))[0]


def _value(quantity: Quantity) -> Decimal:
    return quantity.value * _CANONICAL.get(quantity.unit, ("", 1))[1]


def _same_kind(ours: Quantity, told: Quantity) -> bool:
    """A number whose unit was left out may be money: 12亿 for 12亿元."""
    mine, yours = _unit(ours), _unit(told)
    return mine == yours or (
        told.scale > 1 and {mine, yours} <= _MONEY | {""} and "" in (mine, yours)
    )


def _is_working_day_only_here(ours: Quantity, told: Quantity) -> bool:
    """Five working days are longer than five days."""
    return "工作日" in told.text and "工作日" not in ours.text


def _counter(text: str, quantity: Quantity) -> str:
    return text[quantity.end : quantity.end + 1]


def _direction(text: str, quantity: Quantity) -> int:
    before = text[max(0, quantity.start - 8) : quantity.start]
    return bool(_RISE.search(before)) - bool(_FALL.search(before)) - (quantity.value < 0)


def _is_hedged(text: str, quantity: Quantity) -> bool:
    before, after = text[max(0, quantity.start - 4) : quantity.start], text[quantity.end :][:6]
    told = re.search(r"[余多]", quantity.text)
    return bool(_HEDGE_BEFORE.search(before) or _HEDGE_AFTER.search(after) or told)


def _rounds_to(ours: Decimal, told: Quantity, *, is_hedged: bool) -> bool:
    yours = abs(_value(told))
    if ours == yours:
        return True
    if not ours or abs(ours - yours) / ours > (_HEDGED_ERROR if is_hedged else _PLAIN_ERROR):
        return False
    step = told.scale.scaleb(-told.decimals) * (yours / abs(told.value) if told.value else _ONE)
    ways = [ROUND_HALF_UP]
    if is_hedged:
        step = _coarsest(yours, step)
        ways = [ROUND_HALF_UP, ROUND_FLOOR, ROUND_CEILING]
    return any((ours / step).to_integral_value(rounding=way) * step == yours for way in ways)


def _coarsest(value: Decimal, step: Decimal) -> Decimal:
    """The last digit that is not zero decides how coarsely 1200 was rounded."""
    while value and value % (step * 10) == 0:
        step *= 10
    return step


def _is_ratio_of(one: Decimal, other: Decimal, told: Quantity, before: str) -> bool:
    """A share, a multiple or a growth rate, where the words before say which; one digit is chance."""
    shown = abs(told.value)
    step = told.scale.scaleb(-told.decimals)
    if not one or not other or (told.unit == "ratio" and shown / step < 10):
        return False
    candidates: list[Decimal] = []
    if told.unit == "times" or _SHARE.search(before):
        candidates += [one / other, other / one]
    if _CHANGE.search(before):
        candidates += [abs(one - other) / other, abs(one - other) / one]
    return any(
        (each / step).to_integral_value(rounding=ROUND_HALF_UP) * step == shown
        for each in candidates
    )
