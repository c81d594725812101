"""One number as the answer: right within its last digit, or wrong in a way that has a name."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Literal

from bench.scoring.abstention import declines
from bench.scoring.quantities import AMOUNTLESS, Quantity, directed, quantities
from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.suites.arithmetic import disagreement
from bench.types import Item, Number, Score

_ASIDE = re.compile(
    r"（[^（）\n]{0,200}）|(?<![\d$¥])\((?![\d,.]+\)[ ]?[%‰万亿元个倍])[^()\n]{0,200}\)"
)
_HEDGES = re.compile(r"或者?|还是|要么|也可能|不确定|至|到|~|～|—")
_RISE = re.compile(r"(?:增长|上升|提高|增加|扩大|上涨|提升|增|升|涨)[了约为近逾：: ]{0,3}$")
_LEAD = " \t约为是人民币：:*"
_RATIO_LIKE = frozenset({"ratio", "times"})
_MOST_NUMBERS = 4
"""Numbers in an answer that leads with the right one; more are a list, not an answer."""
_LARGEST_SCALE_ERROR = 12
"""Powers of ten; 万亿 for 元 is the largest that anyone mistakes."""


class NumberAnswer(Scorer):
    """Right when the reply's one number equals the reference within its tolerance.

    `reference.answer` is text as a person would write it ("12.3%", "3,600万元"), or null when the source
    does not answer, where declining is right. `last_digit` allows half of the last digit that the
    reference shows: 12.34% passes for 12.3%, 12.36% does not; a number is a relative distance instead.
    A reply without a unit is read in the reference's own unit or in base units, and `has_unit` is 0.

    Signs: a change is a signed number in the reference, and 下降3.2% equals -3.2%. `reference.fall: true`
    says that the question itself asks for a fall: then 3.2%, -3.2% and 下降3.2% answer "3.2%", 增长3.2% not.

    Classes of a wrong number, in the order of checking: `unit_error` (%, 个百分点, 美元 …),
    `sign_error`, `period_error` and `entity_error` (the number of another period or body, given under
    `reference.other_periods` and `reference.other_entities` as name: value), `scale_error` (a power of
    ten; with `sign_error` also the metric `scale_or_sign`), `wrong_number`. `rounded` is 1 when the number is the right one, rounded further than asked.
    Of several numbers, those in the reference's kind of unit count, then the one that opens the answer;
    two that contradict each other are `hedged`.
    """

    labels: ClassVar[tuple[str, ...]] = ("right", "wrong", "hedged", "abstained", "unreadable")
    metrics: ClassVar[tuple[str, ...]] = ("has_unit", "rounded", "scale_or_sign", "declined")
    error_classes: ClassVar[tuple[str, ...]] = (
        "scale_error",
        "sign_error",
        "unit_error",
        "period_error",
        "entity_error",
        "wrong_number",
        "hedged",
        "answered_unanswerable",
    )

    field: str | None = None
    reference: str = "answer"
    tolerance: Literal["last_digit"] | Number = "last_digit"

    def problem(self, item: Item) -> str | None:
        """Every amount must read as one, and a formula must give the answer beside it."""
        if self.reference not in item.reference:
            return (
                f"reference.{self.reference} is missing; write null when the source does not answer"
            )
        told = item.reference[self.reference]
        if told is not None and _single(told) is None:
            return f"reference.{self.reference}: {told!r} is not one amount in quotes"
        for name, value in (*_others(item, "other_periods"), *_others(item, "other_entities")):
            if _single(value) is None:
                return f"reference: {name}: {value!r} is not one amount in quotes"
        formula = item.reference.get("formula")
        if formula is None or told is None:
            return None
        return disagreement(str(formula), str(told))

    def expected(self, item: Item) -> str:
        """The right number, or that there is none."""
        told = item.reference[self.reference]
        return "材料不能回答，应说明原因" if told is None else str(told)

    def score(self, item: Item, reading: Reading) -> Score:
        """Read the reply's number and compare it."""
        told = reading.part(self.field) or ("" if reading.fields else reading.text)
        gold = _single(item.reference[self.reference])
        if words := declines(told):
            if gold is None:
                score = _score("right", words, "材料不能回答，已说明", value=1.0)
                return score.model_copy(update={"metrics": score.metrics | {"declined": 1.0}})
            return _score("abstained", words, f"材料可以回答：{self.expected(item)}", value=0.0)
        picks = _picks(told, gold)
        if not picks:
            return _score("unreadable", told[:80] or None, "没有给出数字，也没有说明无法回答")
        shown = "、".join(each.text for each in picks)
        if gold is None:
            return _score(
                "wrong", shown, "材料不能回答，却给出了数字", "answered_unanswerable", value=0.0
            )
        if len(picks) > 1:
            return _score(
                "hedged", shown, f"给出了不同的数字，应为{self.expected(item)}", "hedged", value=0.0
            )
        return self._compared(picks[0], gold, told, item)

    def _compared(self, pick: Quantity, gold: Quantity, told: str, item: Item) -> Score:
        has_unit = bool(pick.unit) or not gold.unit
        values = _readings(pick, gold, told, asks_fall=item.reference.get("fall") is True)
        allowed = self._allowed(gold)
        is_comparable = _same_kind(pick, gold)
        if is_comparable and any(abs(value - gold.value) <= allowed for value in values):
            reason = "" if has_unit else "数字正确，缺少单位"
            return _score("right", pick.text, reason, value=1.0, has_unit=has_unit)
        error_class, why = self._mistake(pick, gold, values, item)
        is_rounded = error_class == "wrong_number" and _is_rounded(pick, gold, values)
        return _score(
            "wrong",
            pick.text,
            f"应为{self.expected(item)}，{'取舍过粗' if is_rounded else why}",
            error_class,
            value=0.0,
            has_unit=has_unit,
            rounded=is_rounded,
        )

    def _allowed(self, gold: Quantity) -> Decimal:
        if self.tolerance == "last_digit":
            return gold.half_step
        return abs(gold.value) * Decimal(str(self.tolerance))

    def _mistake(
        self, pick: Quantity, gold: Quantity, values: list[Decimal], item: Item
    ) -> tuple[str, str]:
        """The class of a wrong number, and words for it."""
        allowed = self._allowed(gold)
        if not _same_kind(pick, gold):
            points = {"ratio": Decimal(100), "pp": Decimal("0.01")}.get(pick.unit, Decimal(1))
            shown = pick.value / pick.scale * gold.scale
            if any(
                abs(abs(each) - abs(gold.value)) <= allowed for each in (shown, pick.value * points)
            ):
                return "unit_error", "单位不对"
            return "wrong_number", "数字和单位都不对"
        if any(abs(value + gold.value) <= allowed for value in values):
            return "sign_error", "方向（正负）相反"
        for group, error_class, noun in (
            ("other_periods", "period_error", "期间"),
            ("other_entities", "entity_error", "主体"),
        ):
            for name, told in _others(item, group):
                other = _single(told)
                if other and any(
                    abs(value - other.value) <= self._allowed(other) for value in values
                ):
                    return error_class, f"取成了另一{noun}（{name}）的数"
        if gold.value and any(
            is_power_of_ten(value / gold.value, allowed, gold) for value in values
        ):
            return "scale_error", "数量级不对"
        return "wrong_number", "数字不对"


def _score(  # noqa: PLR0913  # the parts of a score, by name
    label: str,
    extracted: str | None,
    reason: str,
    error_class: str | None = None,
    *,
    value: float | None = None,
    has_unit: bool = True,
    rounded: bool = False,
) -> Score:
    metrics = {
        "has_unit": float(has_unit),
        "rounded": float(rounded),
        "scale_or_sign": float(error_class in ("scale_error", "sign_error")),
        "declined": 0.0,
    }
    return Score(
        label=label,
        value=value,
        extracted=extracted,
        reason=reason,
        error_class=error_class,
        metrics=metrics,
    )


def _others(item: Item, group: str) -> Iterator[tuple[str, object]]:
    told = item.reference.get(group)
    if isinstance(told, dict):
        yield from told.items()


def _single(told: object) -> Quantity | None:
    """The one amount that a reference names."""
    if not isinstance(told, str):
        return None
    found = [each for each in quantities(told) if each.unit not in AMOUNTLESS]
    return found[0] if len(found) == 1 else None


def _same_kind(pick: Quantity, gold: Quantity) -> bool:
    """185% and 1.85倍 say the same; a number without a unit may be of any kind."""
    return pick.unit in ("", gold.unit) or {pick.unit, gold.unit} <= _RATIO_LIKE


def _picks(told: str, gold: Quantity | None) -> list[Quantity]:
    """The reply's number, or the several that contradict each other; asides in brackets come last."""
    main = _ASIDE.sub(lambda aside: " " * len(aside[0]), told)
    if "=" in main or "≈" in main:
        cut = max(main.rfind("="), main.rfind("≈")) + 1
        main = " " * cut + main[cut:]
    for text in (main, told):
        found = [each for each in quantities(text) if each.unit not in AMOUNTLESS]
        is_list = len(_distinct(found)) > _MOST_NUMBERS
        if gold is not None:
            same = [each for each in found if each.unit == gold.unit]
            found = same or [each for each in found if not each.unit] or found
        distinct = _distinct(found)
        if (
            len(distinct) > 1
            and not is_list
            and not text[: found[0].start].strip(_LEAD)
            and not _HEDGES.search(text)
        ):
            return distinct[:1]
        if distinct:
            return distinct
    return []


def _distinct(found: list[Quantity]) -> list[Quantity]:
    """Without those that repeat an earlier one in another form or more coarsely (3.60亿元, 36,012万元)."""
    kept: list[Quantity] = []
    for each in found:
        for other in kept:
            step = max(each.half_step, other.half_step)
            if each.unit == other.unit and abs(each.value - other.value) <= step:
                break
        else:
            kept.append(each)
    return kept


def _readings(pick: Quantity, gold: Quantity, told: str, *, asks_fall: bool) -> list[Decimal]:
    """What the number may mean: as it stands and, without a unit, in the reference's unit."""
    value = directed(told, pick)
    if asks_fall:
        rises = _RISE.search(told[max(0, pick.start - 10) : pick.start])
        value = -abs(value) if rises else abs(value)
    return [value] if pick.unit else [value, value * gold.scale]


def is_power_of_ten(ratio: Decimal, allowed: Decimal, gold: Quantity) -> bool:
    """Whether a wrong value, `ratio` times the right one, is it by a shift of the point, within `allowed`."""
    size = abs(ratio)
    if not size:
        return False
    power = size.log10().to_integral_value()
    if not 1 <= abs(power) <= _LARGEST_SCALE_ERROR:
        return False
    return abs(size.scaleb(-int(power)) - 1) <= allowed / abs(gold.value)


def _is_rounded(pick: Quantity, gold: Quantity, values: list[Decimal]) -> bool:
    """The right number with fewer digits than asked, but at least two."""
    digits = str(int(abs(pick.value / pick.scale).scaleb(pick.decimals)))
    step = pick.half_step if pick.unit else pick.half_step * gold.scale
    is_coarser = step > gold.half_step and len(digits) >= 2
    return is_coarser and any(abs(value - gold.value) <= step for value in values)
