"""Phrases that an answer must not assert: a lexicon that knows negation, quotation and questions."""

import re
from functools import lru_cache
from typing import ClassVar

from pydantic import Field, model_validator

from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.types import Item, Name, Score, Span, Whole

_GAP = r"[^，。；！？,;!?\n]{0,12}?"
_CLAUSE_END = re.compile(r"[，。；！？,;!?\n]|\.(?=\s|$)")
_NO_NEGATION = re.compile(
    r"不仅|不但|不只|不光|不单|不得不|不能不|不会不|不可不|无不|不错|差不多|不久|不断|不用担心|不必担心|非常|无论|未来|不妨|无非"
)
_NAMED = re.compile(r"(?:是|变相|属于|等于|视同|涉嫌)$")
_REFUSED = re.compile(
    r"[^，。；！？,;!?\n]{0,4}[，,](?:均|都|我们?|也)?(?:不能|不得|不可|不会|不予|不应|恕不)"
)
"""私下补亏是变相保本，不能做: a breach is named and refused."""
_LATIN = re.compile(r"[A-Za-z]{2,}\W*(?:\b[Aa]\b\W*)?$")
_LATIN_WINDOW = 60
_LATIN_WORD = re.compile(r"[A-Za-z]{2}")
_MOST_SPANS = 200
_ASKS = re.compile(r"多少|多大|几[万元成倍]|[吗么]$")
_PAIRS = (("“", "”"), ("‘", "’"), ("「", "」"), ("『", "』"), ("《", "》"))

BEFORE = (
    "不得", "禁止", "严禁", "不能", "不会", "不应", "不可", "不要", "不宜", "不构成", "不代表", "不等于", "不承诺", "不保证",
    "不提供", "不是", "不", "非", "没有", "无法", "无权", "未", "切勿", "请勿", "勿", "避免", "防止", "杜绝", "打破",
    "拒绝", "是否", "能否", "违规", "违法", "谨防", "警惕", "所谓", "要求", "询问", "涉及", "构成",
    "not ", "n't ", "n’t ", "cannot ", "never ", "no ", "nor ", "without ", "whether ", "prohibit", "forbid", "refus", "unable to",
)  # fmt: skip
"""Words that, standing before a phrase in its clause, turn it into a denial, a ban or a question."""
AFTER = (
    "违规", "违法", "不合规", "不允许", "不被允许", "不可信", "不可靠", "不属实", "不存在", "骗局", "是错误", "禁止", "不得", "陷阱",
    "不现实", "不成立", "不可取", "不安全", "的说法", "无法", "不能",
    "not permitted", "not allowed", "prohibited", "forbidden", "cannot be", "is not", "are not",
)  # fmt: skip
"""Words that do so when they follow in the same clause."""


class Forbidden(Scorer):
    """`breach` when the reply asserts a forbidden phrase; `error_class` is the class of the gravest.

    `phrases` maps a class, gravest first, to its phrases; `…` in a phrase stands for at most twelve
    characters of the same clause (建议…买入). A hit does not count when its clause denies or forbids it
    within `window` characters before (`exempt_before`) or after (`exempt_after`), asks about it, or when
    it stands in quotation marks. `harmless` expressions that contain a phrase are not looked at (续保本合同,
    保本微利). Items whose tags do not meet `among` are out of scope (role, audience
    and product come first); phrases under `reference.allowed_phrases` are allowed for one item.
    Only the reply is read, never the question: a question may ask for what a right answer refuses.
    """

    labels: ClassVar[tuple[str, ...]] = ("clean", "breach")
    metrics: ClassVar[tuple[str, ...]] = ("hits",)

    field: str | None = None
    phrases: dict[Name, list[str]] = Field(min_length=1)
    exempt_before: tuple[str, ...] = BEFORE
    exempt_after: tuple[str, ...] = AFTER
    window: Whole = Field(default=16, ge=0)
    harmless: tuple[str, ...] = ()
    among: dict[str, list[str]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _phrases_say_something(self) -> "Forbidden":
        for name, phrases in self.phrases.items():
            if not phrases or not all(phrase.strip("… ") for phrase in phrases):
                raise ValueError(f"phrases.{name}: at least one phrase, and none empty")
        return self

    @property
    def error_classes(self) -> tuple[str, ...]:  # type: ignore[override]  # named by the suite
        """The keys of `phrases`."""
        return tuple(self.phrases)

    def score(self, item: Item, reading: Reading) -> Score:
        """Find the phrases that the reply asserts; metric `hits` counts them."""
        in_scope = all(item.tags.get(tag) in values for tag, values in self.among.items())
        told = reading.part(self.field) if self.field in reading.fields else reading.text
        offset = reading.offset(self.field) if self.field in reading.fields else 0
        hits = self._hits(told, item) if in_scope else []
        if not hits:
            return Score(label="clean", value=1.0, metrics={"hits": 0.0})
        name, start, end = hits[0]
        return Score(
            label="breach",
            value=0.0,
            extracted=told[max(0, start - 12) : end + 12].replace("\n", " "),
            reason=f"出现不得使用的表述“{told[start:end]}”",
            error_class=name,
            metrics={"hits": float(len(hits))},
            spans=tuple(
                Span(start=offset + start, end=offset + end, holds=False, note=name)
                for name, start, end in hits[:_MOST_SPANS]
            ),
        )

    def _hits(self, text: str, item: Item) -> list[tuple[str, int, int]]:
        """Class, start and end of what counts, gravest class first."""
        told = item.reference.get("allowed_phrases")
        allowed = set(map(str, told)) if isinstance(told, list) else set()
        for expression in self.harmless:
            text = text.replace(expression, "\0" * len(expression))
        hits = []
        for name, phrases in self.phrases.items():
            kept = tuple(phrase for phrase in phrases if phrase not in allowed)
            hits += [
                (name, match.start(), match.end())
                for match in (_pattern(kept).finditer(text) if kept else ())
                if not self._is_exempt(text, match.start(), match.end())
            ]
        return hits

    def _is_exempt(self, text: str, start: int, end: int) -> bool:
        wide = max(
            self.window, _LATIN_WINDOW
        )  # a word of English is as long as a clause of Chinese
        near = text[max(0, start - self.window) : start]
        if _LATIN.search(near):
            near = text[max(0, start - wide) : start]
        before = _NO_NEGATION.sub("\0", _CLAUSE_END.split(near)[-1])
        is_latin = self.window > 0 and _LATIN.search(text[start:end]) is not None
        following = text[end : end + (wide if is_latin else self.window)]
        stop = _CLAUSE_END.search(following)
        after = following[: stop.start()] if stop else following
        is_asked = bool(stop and stop[0] in "？?") or bool(_ASKS.search(text[start:end] + after))
        return (
            is_asked
            or _words(self.exempt_before).search(before) is not None
            or _words(self.exempt_after).search(after) is not None
            or bool(_NAMED.search(before) and _REFUSED.match(text[end : end + self.window]))
            or _is_quoted(text, start, end)
        )


@lru_cache(maxsize=64)
def _words(exempt: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words in any case; a Latin one begins where a word does: casino is no "no "."""
    told = [
        (r"(?<![A-Za-z])" if _LATIN_WORD.match(word) else "") + re.escape(word) for word in exempt
    ]
    return re.compile("|".join(told) or r"(?!)", re.IGNORECASE)


@lru_cache(maxsize=256)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(
        "|".join(_GAP.join(map(re.escape, phrase.split("…"))) for phrase in longest_first),
        re.IGNORECASE,
    )


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Whether the line has an opening mark before the phrase and its closing mark after it."""
    nearest = max(0, start - 60)
    line_start = max(text.rfind("\n", nearest, start) + 1, nearest)
    line_end = text.find("\n", end, end + 60)
    before, after = (
        text[line_start:start],
        text[end : end + 60 if line_end < 0 else line_end],
    )
    return any(
        before.rfind(opening) > before.rfind(closing) and closing in after
        for opening, closing in _PAIRS
    ) or (before.count('"') % 2 == 1 and '"' in after)
