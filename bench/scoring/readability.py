"""Is a reply prose that a person can read: sentences of bearable length, not a heap of key words?"""

import re
from typing import ClassVar

from pydantic import Field

from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.types import Item, Number, Score, Whole

_STOP = r"(?:(?<=[A-Za-z)%])|(?<=\d\d))\.(?=\s|$)"
"""The full stop of English: not the point of 3.5 nor that of a list number."""
_SENTENCE_END = re.compile(rf"[。！？!?；;\n]|{_STOP}")
_CLAUSE_END = re.compile(rf"[，,。！？!?；;：:、\n]|{_STOP}")
_LETTER = re.compile(r"[\u3400-\u9fff]|[A-Za-z]+|\d+(?:[.,]\d+)*%?")
_FUNCTION = re.compile(
    r"[的了在是和与及为将被把由对从到自于以按就已未不无没须应需可能会要向并且或但而其该这那此各均仍再也还又因所使令让给请后前内中起至]"
    r"|\b(?:the|a|an|of|to|in|on|for|and|or|but|is|are|was|were|be|been|will|by|from|with|at|as|that|which|not|no|has|have|had)\b",
    re.IGNORECASE | re.ASCII,
)
_GAPS = re.compile(r"(?<=[\u3400-\u9fff\d%）])[ \u3000]+(?=[\u3400-\u9fff\d（])")


class Readability(Scorer):
    """`fragments` for a heap of key words, `dense` for sentences too long to follow, `readable` otherwise.

    Words are Chinese characters, Latin words and numbers. A heap has few function words (`least_function`:
    的, 将, 因, 未 … a word), clauses of hardly a word each (`least_clause_words`) or spaces where a sentence
    has punctuation (more than `most_gaps` a hundred words); a reply under `least_words` is too short to tell
    and is readable. Metrics: `sentence_words` and `clause_words` (means), `function` (share), `gaps` (spaces
    between Chinese per hundred words).
    """

    labels: ClassVar[tuple[str, ...]] = ("readable", "dense", "fragments", "empty")
    metrics: ClassVar[tuple[str, ...]] = ("sentence_words", "clause_words", "function", "gaps")

    field: str | None = None
    least_words: Whole = 20
    least_function: Number = Field(default=0.03, ge=0, le=1)
    least_clause_words: Number = Field(default=3.5, ge=0)
    most_gaps: Number = Field(default=6.0, ge=0)
    most_sentence_words: Number = Field(default=120.0, gt=0)

    def score(self, item: Item, reading: Reading) -> Score:
        """Measure the prose."""
        del item
        text = reading.part(self.field)
        words = len(_LETTER.findall(text))
        if not words:
            nothing = dict.fromkeys(self.metrics, 0.0)
            return Score(label="empty", value=0.0, reason="没有内容", metrics=nothing)
        metrics = {
            "sentence_words": _mean_words(_SENTENCE_END, text),
            "clause_words": _mean_words(_CLAUSE_END, text),
            "function": len(_FUNCTION.findall(text)) / words,
            "gaps": 100 * len(_GAPS.findall(text)) / words,
        }
        label, reason = self._judged(words, metrics)
        return Score(label=label, value=float(label == "readable"), reason=reason, metrics=metrics)

    def _judged(self, words: int, metrics: dict[str, float]) -> tuple[str, str]:
        if words >= self.least_words:
            if (
                metrics["function"] < self.least_function
                or metrics["clause_words"] < self.least_clause_words
                or metrics["gaps"] > self.most_gaps
            ):
                return "fragments", "词语堆砌，不成句"
            if metrics["sentence_words"] > self.most_sentence_words:
                return "dense", f"平均每句{metrics['sentence_words']:.0f}字，难读"
        return "readable", f"平均每句{metrics['sentence_words']:.0f}字"


def _mean_words(end: re.Pattern[str], text: str) -> float:
    counted = [len(_LETTER.findall(each)) for each in end.split(text)]
    counted = [each for each in counted if each]
    return sum(counted) / len(counted) if counted else 0.0
