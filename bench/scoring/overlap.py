"""How much of a reference's wording a reply shares. It explains a result; it never decides one.

Two Chinese sentences of one meaning may share few characters, and a wrong figure changes only one of
them, so outcome rules ask for facts and grounding instead.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from statistics import fmean
from typing import ClassVar, Literal, NamedTuple

from rapidfuzz.distance import LCSseq

from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.scoring.words import segmenter, words
from bench.types import Item, Score

Unit = Literal["char", "mixed", "word", "latin_word"]

_UNITS = {
    "char": re.compile(r"[^\W_]|(?<=\d)\.(?=\d)|%"),
    "mixed": re.compile(r"[a-z]+|\d+(?:,\d{3})*(?:\.\d+)?%?|[^\W_a-z0-9]"),
    "latin_word": re.compile(r"[a-z0-9]+"),
}
_UNIT_WORDS = {"char": "按字", "mixed": "按字，外文和数字按词", "latin_word": "按英文词"}

MOST_UNITS = 5_000
"""Units of a reply that are searched for copied stretches; a summary has some hundreds."""
MOST_SOURCE_UNITS = 100_000
"""Units of its source that are searched."""


class Overlap(NamedTuple):
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float


def tokens(text: str, unit: Unit = "char") -> list[str]:
    """The units of `text` in one width and case, without spaces and punctuation.

    `char` gives every letter, digit and Chinese character; `mixed` keeps numbers and Latin words whole;
    `word` cuts Chinese into words as well, with the segmenter of `bench.scoring.words`. `latin_word` is
    the cut of ROUGE-1.5.5 and so of most published numbers for English: runs of a-z and 0-9, without
    stemming; it has nothing of a Chinese text. Scores of different units are not comparable.

    >>> tokens("净利 3.5%，CPI", "mixed")
    ['净', '利', '3.5%', 'cpi']
    >>> tokens("Team's 0-0 draw, 3.5%", "latin_word")
    ['team', 's', '0', '0', 'draw', '3', '5']
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    return words(plain) if unit == "word" else _UNITS[unit].findall(plain)


def rouge_n(reference: list[str], reply: list[str], n: int) -> Overlap:
    """ROUGE-N (Lin 2004): n-grams shared, each counted as often as both sides hold it."""
    told, wanted = _grams(reply, n), _grams(reference, n)
    return _overlap((told & wanted).total(), told.total(), wanted.total())


def rouge_l(reference: list[str], reply: list[str]) -> Overlap:
    """ROUGE-L (Lin 2004): the longest common subsequence, with equal weight on both sides.

    >>> told = rouge_l(list("公司净利润同比增长百分之十"), list("公司利润同比上涨百分之十"))
    >>> [round(part, 4) for part in told]
    [0.8333, 0.7692, 0.8]
    """
    return _overlap(LCSseq.similarity(reference, reply), len(reply), len(reference))


def _grams(units: list[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(units[start:] for start in range(n)), strict=False))


def _overlap(shared: int, told: int, wanted: int) -> Overlap:
    if not shared:
        return Overlap(0.0, 0.0, 0.0)
    return Overlap(shared / told, shared / wanted, 2 * shared / (told + wanted))


class Fragment(NamedTuple):
    """A stretch that a reply copies: its length, and where the source has it first."""

    length: int
    place: int


def fragments(source: list[str], reply: list[str]) -> list[Fragment]:
    """The stretches that a reply copies, longest first match from the left.

    The greedy procedure of Grusky et al. (2018, section 4). Of a reply and a source beyond all bounds
    only the first `MOST_UNITS` and `MOST_SOURCE_UNITS` units are looked at.

    >>> fragments(list("公司利润增长"), list("利润大增长"))
    [Fragment(length=2, place=2), Fragment(length=2, place=4)]
    """
    article, summary = _lettered(source[:MOST_SOURCE_UNITS], reply[:MOST_UNITS])
    found: list[Fragment] = []
    start = 0
    while start < len(summary):
        length = _longest_match(summary, start, article)
        if length:
            found.append(Fragment(length, article.find(summary[start : start + length])))
        start += max(length, 1)
    return found


def _lettered(source: list[str], reply: list[str]) -> tuple[str, str]:
    """Both as text with one letter a unit, so that the search for a stretch is one of text."""
    article, summary = "".join(source), "".join(reply)
    if len(article) == len(source) and len(summary) == len(reply):
        return article, summary
    letters = {unit: chr(0x10000 + place) for place, unit in enumerate({*source, *reply})}
    return "".join(map(letters.__getitem__, source)), "".join(map(letters.__getitem__, reply))


class Copied(NamedTuple):
    """Coverage and density of a reply (Grusky et al. 2018), and its fragments."""

    coverage: float
    density: float
    fragments: list[Fragment]


def copied(source: list[str], reply: list[str]) -> Copied:
    """How much of a reply is copied: the lengths of its fragments over its own, and their squares.

    >>> copied(list("公司利润增长"), list("利润大增长"))[:2]
    (0.8, 1.6)
    """
    found = fragments(source, reply)
    looked_at = min(len(reply), MOST_UNITS) or 1
    coverage = sum(each.length for each in found) / looked_at
    return Copied(coverage, sum(each.length**2 for each in found) / looked_at, found)


def _longest_match(summary: str, start: int, article: str) -> int:
    """The length of the longest piece of `summary` from `start` on that `article` holds.

    Doubling, then halving: a few searches a piece, however long the piece is.
    """
    reach = 1
    while start + reach <= len(summary) and summary[start : start + reach] in article:
        reach *= 2
    low, high = reach // 2, min(reach, len(summary) - start + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if summary[start : start + middle] in article:
            low = middle
        else:
            high = middle
    return low


class Rouge(Scorer):
    """ROUGE against the text or texts under `reference`: of several the `best`, or `over: mean` of all.

    `value` is the F1 of ROUGE-L; the metrics `r1`, `r2`, `rl` are F1. With `source` (keys of the item's
    input) the metrics `coverage`, `density` and `compression` say how much of the reply is copied and
    how much shorter it is; a high overlap of a copied reply says little (Grusky et al. 2018).
    """

    labels: ClassVar[tuple[str, ...]] = ("scored", "empty")

    field: str | None = None
    reference: str
    unit: Unit = "char"
    over: Literal["best", "mean"] = "best"
    source: str | list[str] | None = None

    @property
    def metrics(self) -> tuple[str, ...]:  # type: ignore[override]  # a source adds some
        """F1 of each kind, and the measures of copying where the source is known."""
        copied = ("coverage", "density", "compression")
        return ("r1", "r2", "rl", *(copied if self.source is not None else ()))

    def _references(self, item: Item) -> list[str]:
        told = item.reference.get(self.reference)
        return [str(each) for each in (told if isinstance(told, list) else [told or ""])]

    def problem(self, item: Item) -> str | None:
        """There must be a text to compare with, and the source's keys must be there."""
        if not any(tokens(each, self.unit) for each in self._references(item)):
            return f"reference.{self.reference}: a text, or a list of texts, is expected"
        lacking = [key for key in self._sources() if key not in item.input]
        return f"input.{lacking[0]}: the source is missing" if lacking else None

    def _sources(self) -> list[str]:
        if self.source is None:
            return []
        return [self.source] if isinstance(self.source, str) else self.source

    def expected(self, item: Item) -> str:
        """The first reference."""
        return self._references(item)[0]

    def score(self, item: Item, reading: Reading) -> Score:
        """Compare the wording."""
        reply = tokens(reading.part(self.field), self.unit)
        if not reply:
            nothing = dict.fromkeys(self.metrics, 0.0)
            return Score(label="empty", reason="没有内容可比", metrics=nothing)
        references = [tokens(each, self.unit) for each in self._references(item)]
        metrics = {
            "r1": self._over(references, lambda told: rouge_n(told, reply, 1)),
            "r2": self._over(references, lambda told: rouge_n(told, reply, 2)),
            "rl": self._over(references, lambda told: rouge_l(told, reply)),
        }
        if self.source is not None:
            source = "\n".join(str(item.input[key]) for key in self._sources())
            metrics |= _copying(tokens(source, self.unit), reply)
        shown = " ".join(f"{name.upper()} {metrics[name]:.2f}" for name in ("r1", "r2", "rl"))
        unit = f"按词（{segmenter()}）" if self.unit == "word" else _UNIT_WORDS[self.unit]
        reason = f"与参考摘要的字面重合度，{unit}：{shown}（只作参考，不决定结论）"
        return Score(label="scored", value=metrics["rl"], reason=reason, metrics=metrics)

    def _over(self, references: list[list[str]], measure: Callable[[list[str]], Overlap]) -> float:
        found = [measure(each).f1 for each in references]
        return max(found) if self.over == "best" else fmean(found)


def _copying(source: list[str], reply: list[str]) -> dict[str, float]:
    found = copied(source, reply)
    return {
        "coverage": found.coverage,
        "density": found.density,
        "compression": len(source) / len(reply),
    }
