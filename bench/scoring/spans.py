"""A number, a text or several spans as the answer: right in any order, or wrong in a way that has a name."""

from collections import Counter
from decimal import Decimal
from typing import ClassVar, NamedTuple

from bench.scoring.abstention import declines
from bench.scoring.numbers import is_power_of_ten
from bench.scoring.quantities import Quantity, quantities
from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.scoring.span_text import SpanText, span_text, splittings, value_word
from bench.scoring.strict_span import strict_span
from bench.types import Flag, Item, Number, Score, Whole

_RATIO_LIKE = frozenset({"ratio", "times"})
_NO_AMOUNT = frozenset({"date", "time", "ordinal"})
_STRICT_STEP = Decimal("0.00005")


class _Pair(NamedTuple):
    """How like two spans are (1: the same), and the name of what is wrong, None for nothing."""

    likeness: float
    mistake: str | None


class _Match(NamedTuple):
    """A reply, taken apart in one way, beside the reference: the pairs, and the spans that found no equal."""

    told: list[str]
    pairs: list[_Pair]
    missing: int
    extra: int

    @property
    def is_right(self) -> bool:
        """Whether all of the reference is there, and no more."""
        return not self.missing and not self.extra

    @property
    def found(self) -> int:
        """The spans that are right."""
        return sum(pair.mistake is None for pair in self.pairs)

    @property
    def value(self) -> float:
        """The mean likeness over the spans of the longer side."""
        longer = self.found + max(self.missing, self.extra)
        return sum(pair.likeness for pair in self.pairs) / longer


class Spans(Scorer):
    """Right when the reply holds the reference's spans, each once, in any order, and nothing else.

    `reference.answer` is one answer or a list of them, each a text or a number; `reference.scale`, where
    there is one, is what their bare numbers count (thousand, million, percent, 万元).

    Numbers are compared by value, Chinese or English, to `decimals` decimals of the reference's own scale
    (null: within half of its last digit). A reply without a scale counts ones: 23.4% may be said as 0.234,
    not as 23.4. A number in brackets is negative. A unit or a counted noun may be missing; another one is
    a `unit_error`. Texts are equal but for case, articles, punctuation and white space. Spans stand in
    lines, in a JSON list or between semicolons; with `prose` also between commas, "and" and 和.

    `value` is the F1 of the words, a number being one word, averaged over the spans of the longer side in
    their best alignment. `partial` is a reply with some of the spans, with the right number in a sentence
    (`extra_words`), or with a value of at least `partial_from`. Several spans are `missing_span` or
    `extra_span` when nothing else is wrong. The metric `scale_or_sign` is 1 for `scale_error` (a power of
    ten) and `sign_error`.

    With `strict`, spans are read by the notation of TAT-QA's own metric (`strict_span`), for results that
    are to stand beside published ones: units, nouns, "about" and unknown currencies then make a text.
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
    prose: Flag = False
    strict: Flag = False
    partial_from: Number = 0.5

    def problem(self, item: Item) -> str | None:
        """There must be a span that says something, and the scale must be one."""
        told = item.reference.get(self.reference)
        spans = told if isinstance(told, list) else [told]
        is_plain = all(type(each) in (str, int, float) for each in spans)
        if not is_plain or not any(str(each).strip() for each in spans):
            return f"reference.{self.reference}: {told!r} is no answer and no list of answers"
        scale = item.reference.get(self.scale)
        if scale and not _is_scale(str(scale)):
            return f"reference.{self.scale}: {scale!r} is no scale such as million, percent, 万元"
        return None

    def expected(self, item: Item) -> str:
        """The spans with their scale."""
        told = "; ".join(each.text for each in self._wanted(item))
        return f"{told} ({scale})" if (scale := self._scale(item)) else told

    def _scale(self, item: Item) -> str:
        return str(item.reference.get(self.scale) or "")

    def _wanted(self, item: Item) -> list[SpanText]:
        told = item.reference[self.reference]
        spans = [str(each) for each in (told if isinstance(told, list) else [told])]
        return [
            self._read(each, self._scale(item), is_reference=True) for each in spans if each.strip()
        ]

    def _read(self, text: str, scale: str = "", *, is_reference: bool = False) -> SpanText:
        if self.strict:
            return strict_span(text, scale=scale)
        return span_text(text, scale=scale, is_reference=is_reference)

    def score(self, item: Item, reading: Reading) -> Score:
        """Take the reply apart in the way that suits it best, and lay it beside the reference."""
        told = reading.part(self.field) or ("" if reading.fields else reading.text)
        ways = splittings(told, prose=self.prose)
        if not ways:
            return Score(
                label="unreadable", reason="没有答案", metrics=dict.fromkeys(self.metrics, 0.0)
            )
        wanted = self._wanted(item)
        matches = [self._match(wanted, way) for way in ways]
        best = max(matches, key=lambda match: (match.is_right, match.found, match.value))
        if best.is_right:
            return _score("right", best, "", None)
        reason = f"应为{self.expected(item)}"
        if words := declines(told):
            return _score("abstained", best, f"没有作答（{words}），{reason}", None)
        mistake = _mistake(best)
        is_partial = best.found or mistake == "extra_words" or best.value >= self.partial_from
        return _score("partial" if is_partial else "wrong", best, reason, mistake)

    def _match(self, wanted: list[SpanText], told: list[str]) -> _Match:
        spans = [self._read(each) for each in told]
        table = [[self._pair(gold, span) for span in spans] for gold in wanted]
        pairs = [table[row][column] for row, column in _alignment(table)]
        found = sum(pair.mistake is None for pair in pairs)
        return _Match(told, pairs, len(wanted) - found, len(spans) - found)

    def _pair(self, gold: SpanText, told: SpanText) -> _Pair:
        if gold.number is None:
            is_same = bool(gold.words) and gold.words == told.words
            likeness = 1.0 if is_same else _f1(gold.words, told.words)
            return _Pair(likeness, None if is_same else "wrong_answer")
        if told.number is None:
            likeness = _f1((value_word(gold.values[0]),), told.words)
            return _Pair(likeness, "extra_words" if likeness else "wrong_answer")
        mistake = self._numeric_mistake(gold, gold.number, told, told.number)
        return _Pair(float(mistake is None), mistake)

    def _numeric_mistake(
        self, gold: SpanText, number: Quantity, told: SpanText, shown: Quantity
    ) -> str | None:
        wanted, *_ = gold.values
        values = list(told.values)
        if number.unit == "" and shown.unit != "ratio" and shown.scale < 1:
            values.append(told.values[0] / shown.scale)  # the reference may count cents
        allowed = self._allowed(number)
        is_near = any(abs(value - wanted) <= allowed for value in values)
        if not _same_kind(number.unit, shown.unit) or not _same_noun(gold.noun, told.noun):
            has_digits = abs(shown.value / shown.scale) == abs(number.value / number.scale)
            return "unit_error" if is_near or has_digits else "wrong_answer"
        if is_near:
            return None
        if any(abs(value + wanted) <= allowed for value in values):
            return "sign_error"
        is_shifted = wanted and is_power_of_ten(values[0] / wanted, allowed, number)
        return "scale_error" if is_shifted else "wrong_answer"

    def _allowed(self, number: Quantity) -> Decimal:
        if self.strict:
            return _STRICT_STEP
        if self.decimals is None:
            return number.half_step
        return Decimal(5).scaleb(-self.decimals - 1) * number.scale


def _is_scale(told: str) -> bool:
    found = quantities(f"1 {told}")
    return len(found) == 1 and (bool(found[0].unit) or found[0].scale != 1)


def _same_kind(wanted: str, told: str) -> bool:
    """Whether two units may be compared: they are alike, or one of them is not said."""
    if wanted == told or {wanted, told} <= _RATIO_LIKE:
        return True
    return not (wanted and told) and not {wanted, told} & _NO_AMOUNT


def _same_noun(wanted: str, told: str) -> bool:
    """What is counted may be left out, but nothing else may be counted."""
    return not (wanted and told) or told.lower().startswith(wanted.lower().rstrip("s"))


def _f1(wanted: tuple[str, ...], told: tuple[str, ...]) -> float:
    """F1 of two bags of words.

    >>> round(_f1(("net", "sales"), ("total", "net", "sales")), 2)
    0.8
    """
    common = sum((Counter(wanted) & Counter(told)).values())
    return 2 * common / (len(wanted) + len(told)) if common else 0.0


def _alignment(table: list[list[_Pair]]) -> list[tuple[int, int]]:
    """The (row, column) pairs with the most right spans, and then the greatest likeness."""
    if len(table) == len(table[0]) == 1:
        return [(0, 0)]
    from scipy.optimize import linear_sum_assignment  # half a second, and single answers need none

    most = len(table) + 1
    worth = [[pair.likeness + most * (pair.mistake is None) for pair in row] for row in table]
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _mistake(match: _Match) -> str:
    """The class of a reply that is not right."""
    if match.found and not match.extra:
        return "missing_span"
    if match.found and not match.missing:
        return "extra_span"
    wrong = (pair.mistake for pair in match.pairs if pair.mistake not in (None, "wrong_answer"))
    return next(wrong, None) or "wrong_answer"


def _score(label: str, match: _Match, reason: str, mistake: str | None) -> Score:
    return Score(
        label=label,
        value=0.0 if label == "abstained" else match.value,
        extracted="; ".join(match.told)[:200],
        reason=reason,
        error_class=mistake,
        metrics={
            "found": float(match.found),
            "missing": float(match.missing),
            "extra": float(match.extra),
            "scale_or_sign": float(mistake in ("scale_error", "sign_error")),
        },
    )
