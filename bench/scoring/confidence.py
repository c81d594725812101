"""How sure a reply says it is: 置信度：85%, 有八成把握, confidence 0.9, 把握：高."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Self

from pydantic import Field, model_validator

from bench.scoring.quantities import Quantity, quantities
from bench.scoring.quantity_patterns import RANGE, WIDE
from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.types import Item, Number, Score

_WINDOW = 40
"""Characters beside a mark within which its amount must stand."""
_FILLER = (
    r"""(?:[\s:=*_"'`\[【|]++|\([^()\n]{0,20}\)|程度|评分|得分|分数|level|score|rating"""
    r"|是|为|约|在|有|高?达到?|大约|大概|估计|of|is|at|about|around|roughly|很|较|比较|非常|very)"
)
"""What may stand between a mark and its amount: 置信度（0-100）：约 85%."""
_FULL_MARK = re.compile(
    r"\s*分?\s*(?:/|out of|[(,，]?\s*满分为?)\s*([1-9]\d{0,3})(?![\d.%])\s*分?\)?"
)
_POINTS = re.compile(r"\s*分(?![之钟])")
_END = re.compile(r"(?:左右|上下|以上|以内)?(?![\w%‰/])(?!\.\d)")
"""Behind an amount; 把握3个机会 and 置信度95%的区间 say nothing of the reply."""
_LINK = re.compile(r"(?:左右|以上)?\s?的?[\s-]?$")
"""Between an amount and a mark behind it: 85%左右的把握, high-confidence."""
_DENIED = re.compile(r"(?:没有?|无|不|不是|并非|非|not|n't|no|never)\s?(?:有|a)?\s?$")
_STATISTICAL = re.compile(r"\s?(?:下|区间|水平|界限|interval|level|limit|bound)")
_AMBIGUOUS_UP_TO = 10
_ADJECTIVES = ("confident", "certain", "sure")
"""Marks only behind an amount: 90% sure, but no share is stated by "a certain 5%"."""


@dataclass(frozen=True, slots=True)
class _Stated:
    text: str
    share: float


class Confidence(Scorer):
    """`stated` when the reply says how sure it is, as metric `confidence` from 0 to 1; else `absent`.

    `field` opens with the amount. A text names it: behind one of `marks` (置信度：85%) or before one
    (八成把握, 90% sure); the last mention counts. An amount is a share (85%, 八成, 8/10), one of `words`,
    points (85 分) or a bare number. Points are of `out_of`, of 100 where that is not given. A bare 0.85 is a
    share; a bare 85 is points, and so is a bare 1 where `out_of` is given. Where it is not, 1 is certain
    and 2 to 10 are absent: of ten, or of a hundred? Of a range the middle counts. An amount off its
    scale, cut off or denied (没有八成把握) is absent too, which has no metric and is not 0.

    It has no value and finds no error: an answer is neither better nor worse for sounding sure.
    """

    labels: ClassVar[tuple[str, ...]] = ("stated", "absent")
    metrics: ClassVar[tuple[str, ...]] = ("confidence",)

    field: str | None = None
    marks: list[str] = Field(
        default=["置信度", "确信度", "可信度", "把握", "信心", "confidence", "certainty"],
        min_length=1,
    )
    out_of: Number | None = Field(default=None, ge=1)
    words: dict[str, Number] = Field(
        default={"高": 0.9, "中": 0.6, "低": 0.3, "high": 0.9, "medium": 0.6, "low": 0.3}
    )

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if not all(each.strip() for each in (*self.marks, *self.words)):
            raise ValueError("marks, words: an empty one would stand everywhere")
        for word, share in self.words.items():
            if not 0 <= share <= 1:
                raise ValueError(f"words: '{word}' is {share:g}; a share from 0 to 1 is expected")
        return self

    def score(self, item: Item, reading: Reading) -> Score:
        """Read the stated confidence."""
        del item
        told = reading.part(self.field) or ("" if reading.fields else reading.text)
        is_field = self.field is not None and self.field in reading.fields
        found = next(self._mentions(_plain(told), is_field=is_field), None)
        if found is None:
            return Score(label="absent", reason="没有说明有多大把握")
        return Score(
            label="stated", extracted=found.text, metrics={"confidence": round(found.share, 6)}
        )

    def _mentions(self, text: str, *, is_field: bool) -> Iterator[_Stated]:
        """What the text states, the last first; before all, what a field opens with."""
        if is_field and (found := self._behind(text, 0)):
            yield found
        for mark in reversed(list(_mark_pattern(tuple(self.marks)).finditer(text))):
            leads = mark[0] not in _ADJECTIVES or mark[0] in self.marks
            found = self._behind(text, mark.end()) if leads else None
            if found := found or self._before(text, mark):
                yield found

    def _behind(self, text: str, start: int) -> _Stated | None:
        """The amount at `start`, fillers skipped; a number in brackets goes before its word: 高（85%）."""
        found = _behind_pattern(tuple(self.words)).match(text, start)
        assert found is not None, "fillers and word may all be absent"
        at, word = found.end(), found["word"]
        if word is None:
            return self._number(text[at : at + _WINDOW], opens_line="\n" in found[0])
        inside = self._number(text[at + 1 : at + _WINDOW]) if text.startswith("(", at) else None
        return inside or _Stated(word, self._worded(word))

    def _before(self, text: str, mark: re.Match[str]) -> _Stated | None:
        """The amount that ends where `mark` starts; bare numbers only as shares (0.9 confidence)."""
        if _STATISTICAL.match(text, mark.end()):
            return None
        told = text[max(0, mark.start() - _WINDOW) : mark.start()]
        link = _LINK.search(told)
        told = told[: link.start()] if link else told
        found = _before_pattern(tuple(self.words)).search(told)
        if found is not None:
            is_denied = _DENIED.search(told[: found.start()])
            return None if is_denied else _Stated(found[1], self._worded(found[1]))
        amounts = [each for each in quantities(told) if each.unit == "ratio" or "." in each.text]
        if not amounts or amounts[-1].end != len(told):
            return None
        is_range = len(amounts) > 1 and _is_range(amounts[-2], amounts[-1], told)
        start = amounts[-2 if is_range else -1].start
        return None if _DENIED.search(told[:start]) else self._number(told[start:])

    def _number(self, told: str, *, opens_line: bool = False) -> _Stated | None:
        """The share that `told` opens with; "85." at the start of a line is the number of a list."""
        text = ("\n" if opens_line else "：") + told
        found = quantities(text)
        if not found or found[0].start != 1:
            return None
        last = found[int(len(found) > 1 and _is_range(found[0], found[1], text))]
        full = _FULL_MARK.match(text, last.end)
        points = full or _POINTS.match(text, last.end)
        end = points.end() if points else last.end
        if not _END.match(text, end):
            return None
        out_of = float(full[1]) if full else self.out_of or (100.0 if points else None)
        low, high = (_share(each, out_of, is_points=bool(points)) for each in (found[0], last))
        if low is None or high is None:
            return None
        return _Stated(text[1:end].strip(), (low + high) / 2)

    def _worded(self, word: str) -> float:
        return next(share for told, share in self.words.items() if _plain(told) == word)


def _share(amount: Quantity, out_of: float | None, *, is_points: bool) -> float | None:
    """The share that an amount tells; None when it tells none or is off its scale."""
    number = float(amount.value)
    match amount.unit:
        case "ratio":
            share = number
        case "" if number <= 1 and not is_points and (out_of is None or "." in amount.text):
            share = number
        case "" if out_of:
            share = number / out_of
        case "" if number > _AMBIGUOUS_UP_TO:
            share = number / 100
        case _:
            return None
    return share if 0 <= share <= 1 else None


def _is_range(low: Quantity, high: Quantity, text: str) -> bool:
    return (
        low.unit == high.unit
        and low.value <= high.value
        and RANGE.fullmatch(text[low.end : high.start]) is not None
    )


def _plain(text: str) -> str:
    return text.translate(WIDE).lower()


def _either(names: tuple[str, ...]) -> str:
    plain = sorted({_plain(each) for each in names}, key=lambda each: (-len(each), each))
    return "|".join(re.escape(each) for each in plain) or r"(?!)"


@lru_cache(maxsize=64)
def _mark_pattern(marks: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{_either((*marks, *_ADJECTIVES))})(?![a-z])")


@lru_cache(maxsize=64)
def _behind_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Fillers, then perhaps a word that stands alone: of 高/中/低 none is stated."""
    word = rf"(?:{_either(words)})(?=等?(?![\w/、|~-]))"
    return re.compile(rf"(?:(?!{word}){_FILLER}){{0,8}}+(?:(?P<word>{word})等?)?")


@lru_cache(maxsize=64)
def _before_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """A word that ends the text and does not end another (提高)."""
    return re.compile(rf"(?<!\w)(?:有|具有|很|较|非常|very )?({_either(words)})$")
