"""A number, a text or several spans as the answer: right in any order, or wrong in a way that has a name."""

from collections import Counter
from decimal import Decimal
from typing import ClassVar, NamedTuple

from bench.scoring.abstention import declines
from bench.scoring.numbers import is_power_of_ten
from bench.scoring.quantities import Quantity, quantities
from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.scoring.span_text import SpanText, span_text, splittings
from bench.types import Item, Number, Score, Whole

_RATIO_LIKE = frozenset({"ratio", "times"})
_NO_AMOUNT = frozenset({"date", "time", "ordinal"})


class _Pair(NamedTuple):
    """How near two spans are (1 is the same), and the name of what is wrong."""

    likeness: float
    error_class: str | None


class _Match(NamedTuple):
    """A reply taken apart in one way and laid beside the reference."""

    told: list[str]
    pairs: list[_Pair]
    missing: int
    extra: int
    value: float

    @property
    def is_right(self) -> bool:
        return not self.missing and not self.extra


class Spans(Scorer):
    """Right when the reply holds the reference's spans, each once, in any order, and nothing else.

    `reference.answer` is one answer or a list of them, each a text or a number; `reference.scale`, if there is
    one, is what its bare numbers are counted in (thousand, million, percent, 万元). Numbers are compared by
    value, in either language, to `decimals` decimals of the reference's scale (null: to the last digit that it
    shows); a reply that says no scale means units (23.4% may be said as 0.234, not as 23.4). Brackets around a
    number make it negative. A unit may be missing, another one is an error. Texts are equal without case,
    articles, punctuation and white space. Spans stand in lines, in a JSON list, or between semicolons; where
    several are asked for, between commas too.

    `value` is the F1 of the words, a number being one word and its value, averaged over the spans of the longer
    side in the best alignment. `partial` is a reply with some of the spans, with the right number in a sentence,
    or with a text of at least `partial_from`. Classes: `unit_error`, `sign_error`, `scale_error` (a power of
    ten), `extra_words` (the right number among other words), `missing_span`, `extra_span`, else `wrong_answer`.

    Follows the metric of TAT-QA (Zhu et al., ACL 2021, arXiv 2105.07624), mended where it trips over its own
    notation.
    """

    labels: ClassVar[tuple[str, ...]] = ("right", "partial", "wrong", "abstained", "unreadable")
    metrics: ClassVar[tuple[str, ...]] = ("found", "missing", "extra", "scale_or_sign")
    error_classes: ClassVar[tuple[str, ...]] = (
        "unit_error",
        "sign_error",
        "scale_error",
        "extra_words",
        "missing_span",
        "extra_span",
        "wrong_answer",
    )

    field: str | None = None
    reference: str = "answer"
    scale: str = "scale"
    decimals: Whole | None = 2
    partial_from: Number = 0.5

    def problem(self, item: Item) -> str | None:
        """Every span must say something, and the scale must be one."""
        told = item.reference.get(self.reference)
        spans = told if isinstance(told, list) else [told]
        if not any(str(each).strip() for each in spans) or not all(
            isinstance(each, str | int | float) and not isinstance(each, bool) for each in spans
        ):
            return f"reference.{self.reference}: {told!r} is no answer and no list of answers"
        scale = item.reference.get(self.scale)
        if scale and (
            not isinstance(scale, str) or len(quantities(f"1 {scale}")) != 1 or _is_bare(scale)
        ):
            return f"reference.{self.scale}: {scale!r} is no scale; say thousand, million, percent, 万元 …"
        return None

    def expected(self, item: Item) -> str:
        """The spans with their scale."""
        scale = str(item.reference.get(self.scale) or "")
        told = "; ".join(each.text for each in self._golds(item))
        return f"{told} ({scale})" if scale else told

    def _golds(self, item: Item) -> list[SpanText]:
        told = item.reference[self.reference]
        scale = str(item.reference.get(self.scale) or "")
        spans = [str(each) for each in (told if isinstance(told, list) else [told])]
        return [span_text(each, scale=scale, counted=True) for each in spans if each.strip()]

    def score(self, item: Item, reading: Reading) -> Score:
        """Take the reply apart in the way that suits it best, and lay it beside the reference."""
        told = reading.part(self.field) or ("" if reading.fields else reading.text)
        if not told.strip():
            return _score("unreadable", None, "没有答案", None)
        golds = self._golds(item)
        matches = [self._match(golds, each) for each in splittings(told, wanted=len(golds))]
        best = max(matches, key=lambda match: (match.is_right, match.value))
        if best.is_right:
            return _score("right", best, "", None)
        if words := declines(told):
            return _score(
                "abstained", best, f"没有作答（{words}），应为{self.expected(item)}", None
            )
        error_class = _mistake(best)
        is_partial = (
            any(pair.error_class is None for pair in best.pairs)
            or error_class == "extra_words"
            or best.value >= self.partial_from
        )
        label = "partial" if is_partial else "wrong"
        return _score(label, best, f"应为{self.expected(item)}", error_class)

    def _match(self, golds: list[SpanText], told: list[str]) -> _Match:
        spans = [span_text(each) for each in told]
        table = [[self._pair(gold, span) for span in spans] for gold in golds]
        pairs = [table[row][column] for row, column in _alignment(table)]
        found = sum(pair.error_class is None for pair in pairs)
        longer = max(len(golds), len(spans))
        value = sum(pair.likeness for pair in pairs) / longer
        return _Match(told, pairs, len(golds) - found, len(spans) - found, value)

    def _pair(self, gold: SpanText, told: SpanText) -> _Pair:
        if gold.number is None:
            is_same = gold.words == told.words and bool(gold.words)
            return (
                _Pair(1.0, None) if is_same else _Pair(_f1(gold.words, told.words), "wrong_answer")
            )
        if told.number is None:
            likeness = _f1((f"{gold.value.normalize():f}",), told.words)
            return _Pair(likeness, "extra_words" if likeness else "wrong_answer")
        error_class = self._numeric_mistake(gold, gold.number, told, told.number)
        return _Pair(float(error_class is None), error_class)

    def _numeric_mistake(
        self, gold: SpanText, number: Quantity, told: SpanText, shown: Quantity
    ) -> str | None:
        allowed = (
            number.half_step
            if self.decimals is None
            else Decimal(5).scaleb(-self.decimals - 1) * number.scale
        )
        values = [told.value]
        if not number.unit and number.scale == 1 and shown.unit != "ratio":
            values.append(told.value / shown.scale if shown.scale < 1 else told.value)
        is_near = any(abs(value - gold.value) <= allowed for value in values)
        if not _same_kind(number.unit, shown.unit) or not _same_noun(gold.noun, told.noun):
            return (
                "unit_error"
                if is_near or abs(shown.value / shown.scale) == abs(number.value / number.scale)
                else "wrong_answer"
            )
        if is_near:
            return None
        if any(abs(value + gold.value) <= allowed for value in values):
            return "sign_error"
        if gold.value and any(
            is_power_of_ten(value / gold.value, allowed, number) for value in values
        ):
            return "scale_error"
        return "wrong_answer"


def _is_bare(scale: str) -> bool:
    told = quantities(f"1 {scale}")[0]
    return not told.unit and told.scale == 1


def _same_kind(wanted: str, told: str) -> bool:
    if wanted == told or {wanted, told} <= _RATIO_LIKE:
        return True
    return not (wanted and told) and not {wanted, told} & _NO_AMOUNT


def _same_noun(wanted: str, told: str) -> bool:
    """What is counted may be left out; another thing may not be counted."""
    return not (wanted and told) or told.lower().startswith(wanted.lower().rstrip("s"))


def _f1(wanted: tuple[str, ...], told: tuple[str, ...]) -> float:
    """F1 of two bags of words.

    >>> round(_f1(("net", "sales"), ("total", "net", "sales")), 2)
    0.8
    """
    common = sum((Counter(wanted) & Counter(told)).values())
    return 2 * common / (len(wanted) + len(told)) if common else 0.0


def _alignment(table: list[list[_Pair]]) -> list[tuple[int, int]]:
    """The pairs (row, column) of the assignment with the greatest likeness; a right span counts before any likeness."""
    if len(table) == 1 and len(table[0]) == 1:
        return [(0, 0)]
    from scipy.optimize import (
        linear_sum_assignment,
    )  # half a second, and only where there are several spans

    worth = [[pair.likeness + (pair.error_class is None) for pair in row] for row in table]
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _mistake(match: _Match) -> str:
    """The class of a reply that is not right."""
    wrong = [pair.error_class for pair in match.pairs if pair.error_class is not None]
    if len(wrong) < len(match.pairs):
        if not match.extra:
            return "missing_span"
        if not match.missing:
            return "extra_span"
    named = next((each for each in wrong if each != "wrong_answer"), "wrong_answer")
    return named


def _score(label: str, match: _Match | None, reason: str, error_class: str | None) -> Score:
    found = sum(pair.error_class is None for pair in match.pairs) if match else 0
    return Score(
        label=label,
        value=None if match is None else 0.0 if label == "abstained" else match.value,
        extracted="; ".join(match.told)[:200] if match else None,
        reason=reason,
        error_class=error_class,
        metrics={
            "found": float(found),
            "missing": float(match.missing if match else 0),
            "extra": float(match.extra if match else 0),
            "scale_or_sign": float(error_class in ("scale_error", "sign_error")),
        },
    )
