"""What a number in a reply may stand for where its writer left something out.

Three habits of Chinese writing: the scale that a list shares with its total (9.6万吨：冷冻6.4、冷藏3.2), 1月复诊
for 1个月 in clinical shorthand, and parts that are counted off where the source says only how many there
are (分两批 has a 第一批). Each reading still has to stand in the source.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from bench.scoring.chinese_numerals import chinese_integer
from bench.scoring.quantities import AMOUNTLESS, Quantity, quantities

_REACH = 30
"""Characters back to the number whose scale a list shares."""
_SENTENCE_END = re.compile(r"[。；;！？\n]")
_ENDS_AN_ENTRY = re.compile(r"[、，,；;。）)/]|$")
_MONTH = re.compile(r"(\d{1,2})月")
_SPAN = re.compile(r"[ ]?(?:之?[后内]|以内|复诊|复查|随访)")
_TO_A_MONTH = re.compile(r"(?:至|到|-|—|～|~|、)\d{1,2}月")
_TO_AN_ORDINAL = re.compile(r"(?:至|到|-|—|～|~|、)\d{1,4}号")
_TO_A_NUMBER = re.compile(r"(?:至|到|-|—|～|~)\d")
_FROM_A_NUMBER = re.compile(r"\d(?:至|到|-|—|～|~)$")
_PART = "批|期|步|次|阶段|轮|组|档|年|天|周|季度?"
_SPLIT = re.compile(rf"分(?:为|成|作)?(\d{{1,2}}|[两二三四五六七八九十])个?({_PART})")
_FIRST = re.compile(rf"(?:头一?|首)个?({_PART})")
_COUNTED = re.compile(rf"个?({_PART})")


def other_readings(told: Quantity, reply: str) -> Iterator[Quantity]:
    """The quantities that `told`, read from `reply`, may be short for; mostly none."""
    after = reply[told.end : told.end + 4]
    month = _MONTH.fullmatch(told.text)
    if told.unit == "date" and month and _SPAN.match(after):
        yield replace(told, unit="months", value=Decimal(month[1]))
    if told.unit == "" and told.scale == 1:
        if _ENDS_AN_ENTRY.match(after):
            yield from _with_the_scale_before(told, reply)
        yield from _with_the_unit_of_a_range(told, reply)


def _with_the_unit_of_a_range(told: Quantity, reply: str) -> Iterator[Quantity]:
    """3至4月 begins in 3月, 87至89号 with 87号, 88至92 of a saturation are percent: the unit stands behind the range, or nowhere."""
    is_whole = told.value == told.value.to_integral_value()
    if is_whole and 1 <= told.value <= 12 and _TO_A_MONTH.match(reply, told.end):
        yield replace(told, unit="date", value=told.value * 100)
    if is_whole and _TO_AN_ORDINAL.match(reply, told.end):
        yield replace(told, unit="ordinal")
    if 0 < told.value <= 100 and (
        _TO_A_NUMBER.match(reply, told.end)
        or _FROM_A_NUMBER.search(reply[max(0, told.start - 3) : told.start])
    ):
        yield replace(told, unit="ratio", value=told.value / 100, scale=Decimal("0.01"))


def _with_the_scale_before(told: Quantity, reply: str) -> Iterator[Quantity]:
    before = _SENTENCE_END.split(reply[max(0, told.start - _REACH) : told.start])[-1]
    total = next((each for each in reversed(quantities(before)) if each.scale > 1), None)
    if total is not None and total.unit not in AMOUNTLESS and told.value < abs(total.value):
        value = told.value * total.scale
        yield replace(told, value=value, unit=total.unit, scale=total.scale)


def is_counted_off(told: Quantity, reply: str, source: str) -> bool:
    """Whether an ordinal counts off parts of the source: 第二批 of 分两批, 第一批 for 头一批.

    >>> from bench.scoring.quantities import quantities
    >>> second, third = quantities("第二批、第三批")
    >>> [is_counted_off(each, "第二批、第三批", "分两批拨付") for each in (second, third)]
    [True, False]
    """
    part = _COUNTED.match(reply, told.end)
    if part is None:
        return False
    if told.value == 1 and any(first == part[1] for first in _FIRST.findall(source)):
        return True
    return any(
        each == part[1] and told.value <= (int(count) if count.isdecimal() else _counted(count))
        for count, each in _SPLIT.findall(source)
    )


def _counted(numeral: str) -> int:
    return chinese_integer(numeral) or 0
