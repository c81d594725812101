"""Whether a reply declines to answer, and whether declining is right."""

import re
from typing import ClassVar

from bench.scoring.quantities import AMOUNTLESS, quantities
from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.types import Item, Score

_DECLINES = re.compile(
    r"(?:无法|不能|难以|不便|不予|不可以|无权)[^，。；！？\n]{0,16}?"
    r"(?:回答|答复|确定|得出|计算|推算|判断|得知|提供|确认|预测|预计|承诺|给出|推荐|建议|保证|核实|查到|知道)"
    r"|(?:未|没有|并无|尚未)(?:直接|单独|具体|明确|相关|作)?(?:披露|提供|提及|给出|说明|载明|列示|包含|公布|涉及|列出|记载|约定)"
    r"|(?:材料|原文|资料|表中|文中|公告|年报|报告)[^，。；！？\n]{0,8}?(?:没有|不足|缺少|缺乏|无此|查不到|找不到)"
    r"|无相关(?:数据|信息|内容)|信息不足|数据不足|无从(?:得知|判断|计算)|不(?:作|做|提供|给出)[^，。；！？\n]{0,8}?(?:预测|承诺|推荐|建议|保证)"
    r"|不构成[^，。；！？\n]{0,8}?承诺|没有(?:确定|固定|保证|准确)"
    r"|(?:收益|结果|走势|净值|股价)[^，。；！？\n]{0,6}?(?:不确定|不可预测|不可预知)"
    r"|(?:cannot|can't|unable to|not possible to) (?:answer|determine|say|tell|provide|calculate)"
    r"|not (?:disclosed|provided|stated|available|given)|(?:insufficient|no) information",
    re.IGNORECASE,
)
_GUESSES = re.compile(
    r"(?:估计|估算|推测|大概|大约|大致|测算|预计|或许|可能[为是]|假设|若按|应该[为是])"
)


def declines(text: str) -> str | None:
    """The words with which `text` declines to answer; None when it answers.

    A text that opens with an amount answers, whatever it adds. So does one that declines and then guesses an
    amount after all (无法确定，估计为3亿元).
    """
    found = _DECLINES.search(text)
    if found is None:
        return None
    amounts = [each for each in quantities(text) if each.unit not in AMOUNTLESS]
    if amounts and not text[: amounts[0].start].strip(" 约为是人民币：:"):
        return None
    guess = _GUESSES.search(text, found.end())
    if guess and any(0 <= each.start - guess.end() <= 12 for each in amounts):
        return None
    return found[0]


class Abstention(Scorer):
    """`yes` when the reply explicitly declines. Its value is 1 when it declines exactly where it should.

    An item whose reference under `reference` is null cannot be answered from its source, so declining
    is right there and a loss of a person's time elsewhere.
    """

    labels: ClassVar[tuple[str, ...]] = ("yes", "no")

    field: str | None = None
    reference: str = "answer"

    def expected(self, item: Item) -> str:
        """Whether the source answers the question."""
        return (
            "材料可以回答"
            if item.reference.get(self.reference) is not None
            else "材料不能回答，应说明"
        )

    def score(self, item: Item, reading: Reading) -> Score:
        """Look for words that decline, in the field or, without any field, in the text."""
        told = reading.part(self.field) or ("" if reading.fields else reading.text)
        words = declines(told)
        is_right = (words is not None) == (item.reference.get(self.reference) is None)
        return Score(
            label="no" if words is None else "yes",
            value=float(is_right),
            extracted=words,
            reason="" if is_right else self.expected(item),
        )
