"""Summaries without a model: the most central sentences of a document, within the length asked for.

What newsrooms and document systems used before language models: lead sentences and graph centrality
(Mihalcea & Tarau 2004, TextRank; Erkan & Radev 2004, LexRank), with character bigrams in place of
words so that no segmenter is needed, and maximal marginal relevance (Carbonell & Goldstein 1998)
against saying a thing twice. It copies, so it invents nothing; it cannot merge, correct or rephrase.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import Field, JsonValue

from bench.endpoints.baselines.method import BaselineMethod
from bench.types import Number, Whole

_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?[”’」』）]?")
_CLAUSE = re.compile(r"[^，、]*[，、]|[^，、]+$")
_NOT_TEXT = re.compile(r"[\W_]+")
_SPEAKER = re.compile(r"^[\u4e00-\u9fff]{2,10}[：:]")
_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d.]{1,4}[条款章][　 ]?|[一二三四五六]是)"
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SETTLED = re.compile(
    r"决定|确定|确认|那就定|更正|通报|预计|应当|不得|必须|要求|负责|牵头|通过|维持|最高|意见"
)
_OPEN = re.compile(r"[？?]|吗|是不是|传言|传闻|听说|据称|网帖|网传|曾|希望|拟")

Grams = Counter[str]


class Sentence(NamedTuple):
    """A sentence, its place in the document and its bigrams."""

    place: int
    text: str
    grams: Grams


class ExtractiveSummary(BaselineMethod):
    """Copies the best sentences of the document, in its order, until the limit is reached.

    The document, the limit (characters) and what the reader wants stand under the keys named here. A
    sentence is worth its centrality, plus shares for an early place, its numbers (three at most),
    nearness to what the reader wants and words of settled things; rumours and questions lose. The sum
    is divided by the sentence's length to the power of `brevity`.
    """

    document: str = "document"
    limit: str = "limit"
    wants: tuple[str, ...] = ("wants",)
    default_limit: Whole = Field(default=120, gt=0)
    damping: Number = Field(default=0.85, gt=0, lt=1)
    lead: Number = 0.1
    number: Number = 0.2
    asked: Number = 1
    settled: Number = 0.6
    brevity: Number = Field(default=0.3, ge=0, le=1)
    redundancy: Number = 0.3

    def answer(self, case_input: Mapping[str, JsonValue]) -> str:
        """The summary; the document's beginning where no sentence fits."""
        document = str(case_input.get(self.document, ""))
        told = case_input.get(self.limit)
        is_whole = isinstance(told, int) and not isinstance(told, bool) and told > 0
        limit = told if isinstance(told, int) and is_whole else self.default_limit
        wanted = _grams(" ".join(str(case_input.get(key, "")) for key in self.wants))
        sentences = split(document)
        chosen = self._chosen(sentences, self._worth(sentences, wanted), limit)
        if not chosen:
            return _beginning(document, limit)
        return "".join(_ended(sentence.text) for sentence in sorted(chosen))

    def _worth(self, sentences: list[Sentence], wanted: Grams) -> list[float]:
        ranks = centrality([sentence.grams for sentence in sentences], self.damping)
        top = max(ranks, default=0.0) or 1.0
        return [
            (
                rank / top
                + self.lead / (1 + sentence.place)
                + self.number * min(3, len(_NUMBER.findall(sentence.text)))
                + self.asked * similarity(sentence.grams, wanted)
                + self.settled * _finality(sentence.text)
            )
            / _length(sentence.text) ** self.brevity
            for sentence, rank in zip(sentences, ranks, strict=True)
        ]

    def _chosen(self, sentences: list[Sentence], worth: list[float], limit: int) -> list[Sentence]:
        chosen: list[Sentence] = []
        room = limit
        left = dict(zip(range(len(sentences)), worth, strict=True))
        while left:
            best = max(left, key=lambda at: (left[at] - self._said(sentences[at], chosen), -at))
            del left[best]
            length = _length(_ended(sentences[best].text))
            if length <= room:
                chosen.append(sentences[best])
                room -= length
        return chosen

    def _said(self, sentence: Sentence, chosen: list[Sentence]) -> float:
        """How much of a sentence the summary says already."""
        return self.redundancy * max(
            (similarity(sentence.grams, other.grams) for other in chosen), default=0.0
        )


def split(document: str) -> list[Sentence]:
    """The sentences of a document without speakers and numbering.

    Headings and scraps go: what has fewer than seven characters.
    """
    texts = (
        _HEADING.sub("", _SPEAKER.sub("", mark[0].strip())) for mark in _SENTENCE.finditer(document)
    )
    kept = [text for text in texts if _length(text) >= 7]
    return [Sentence(place, text, _grams(text)) for place, text in enumerate(kept)]


def centrality(sentences: list[Grams], damping: float = 0.85) -> list[float]:
    """The stationary share of a walk that prefers similar sentences; the shares sum to one.

    A sentence that resembles no other jumps anywhere, as in PageRank. Power iteration, at most a
    hundred rounds or until no share moves by more than 1e-9.

    >>> a, b, c = centrality([_grams("停水影响两万户"), _grams("两万户停水"), _grams("天气晴")])
    >>> a > c and b > c
    True
    """
    count = len(sentences)
    if count == 0:
        return []
    near = [
        [0.0 if i == j else similarity(one, other) for j, other in enumerate(sentences)]
        for i, one in enumerate(sentences)
    ]
    steps = [[each / sum(row) for each in row] if any(row) else [1 / count] * count for row in near]
    shares = [1 / count] * count
    for _ in range(100):
        moved = [
            (1 - damping) / count + damping * sum(shares[i] * steps[i][j] for i in range(count))
            for j in range(count)
        ]
        if max(abs(new - old) for new, old in zip(moved, shares, strict=True)) < 1e-9:
            return moved
        shares = moved
    return shares


def similarity(one: Grams, other: Grams) -> float:
    """The cosine of two bags of bigrams; 0 where one is empty."""
    shared = sum(count * other[gram] for gram, count in one.items())
    if not shared:
        return 0.0
    return shared / math.sqrt(
        sum(count**2 for count in one.values()) * sum(count**2 for count in other.values())
    )


def _finality(text: str) -> int:
    """1 for what is settled, -1 for what is rumoured, asked or planned, 0 for both or neither."""
    return bool(_SETTLED.search(text)) - bool(_OPEN.search(text))


def _grams(text: str) -> Grams:
    plain = _NOT_TEXT.sub("", text)
    return Counter(plain[at : at + 2] for at in range(len(plain) - 1))


def _length(text: str) -> int:
    return sum(1 for each in text if not each.isspace())


def _ended(text: str) -> str:
    return text if text[-1] in "。！？；”’」』）" else f"{text}。"


def _beginning(document: str, limit: int) -> str:
    """Whole clauses from the beginning, or the bare beginning where not even one fits."""
    told = ""
    for mark in _CLAUSE.finditer("".join(document.split())):
        if len(told) + len(mark[0]) > limit:
            break
        told += mark[0]
    return told.rstrip("，、") or "".join(document.split())[:limit]
