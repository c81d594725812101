"""Does a reply say things once, in its own words, and shorter? Measures that explain, and decide nothing alone."""

from collections import Counter
from typing import ClassVar

from pydantic import Field

from bench.scoring.overlap import copied, tokens
from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.types import Item, Number, Score

_GRAM = 4
_FIRST_PART = 3


class Economy(Scorer):
    """`repetitive` when more than `most_repeated` of the reply's 4-grams have stood in it before.

    `source` names the keys of the item's input that the reply is made from. Metrics: `repeated` (share of
    repeated 4-grams), `coverage` and `density` of copied stretches (Grusky et al. 2018), `longest` of them
    in characters, `novel` (share of 4-grams that the source does not hold), `compression` (source over reply,
    in characters) and `lead` (share of the copied characters whose stretch ends in the source's first third:
    a summary of the beginning only).
    """

    labels: ClassVar[tuple[str, ...]] = ("economical", "repetitive", "empty")
    metrics: ClassVar[tuple[str, ...]] = (
        "repeated", "coverage", "density", "longest", "novel", "compression", "lead",
    )  # fmt: skip

    field: str | None = None
    source: str | list[str]
    most_repeated: Number = Field(default=0.2, ge=0, le=1)

    def _keys(self) -> list[str]:
        return [self.source] if isinstance(self.source, str) else self.source

    def problem(self, item: Item) -> str | None:
        """The source must be there."""
        lacking = [key for key in self._keys() if not tokens(str(item.input.get(key) or ""))]
        return f"input.{lacking[0]}: the source is missing" if lacking else None

    def score(self, item: Item, reading: Reading) -> Score:
        """Count what is repeated and what is copied."""
        reply = tokens(reading.part(self.field))
        if not reply:
            return Score(label="empty", reason="没有内容", metrics=dict.fromkeys(self.metrics, 0.0))
        source = tokens("\n".join(str(item.input[key]) for key in self._keys()))
        metrics = measures(source, reply)
        repeated = metrics["repeated"]
        is_repetitive = repeated > self.most_repeated
        reason = (
            f"重复{repeated:.0%}，照抄{metrics['coverage']:.0%}，"
            f"压缩到原文的{1 / max(metrics['compression'], 1e-9):.0%}"
        )
        label = "repetitive" if is_repetitive else "economical"
        return Score(label=label, value=1 - repeated, reason=reason, metrics=metrics)


def measures(source: list[str], reply: list[str]) -> dict[str, float]:
    """The measures of `Economy` for units of a source and of a reply.

    >>> told = measures(list("公司利润增长，海外收入下降"), list("利润增长利润增长"))
    >>> told["repeated"], told["coverage"], told["compression"]
    (0.2, 1.0, 1.625)
    """
    told, held = _grams(reply), set(_grams(source))
    counted = Counter(told)
    found = copied(source, reply)
    whole = sum(each.length for each in found.fragments)
    first = [
        each.length
        for each in found.fragments
        if each.place + each.length <= len(source) // _FIRST_PART
    ]
    return {
        "repeated": sum(count - 1 for count in counted.values()) / max(1, len(told)),
        "coverage": found.coverage,
        "density": found.density,
        "longest": float(max((each.length for each in found.fragments), default=0)),
        "novel": sum(gram not in held for gram in told) / max(1, len(told)),
        "compression": len(source) / len(reply),
        "lead": sum(first) / whole if whole else 0.0,
    }


def _grams(units: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*(units[start:] for start in range(_GRAM)), strict=False))
