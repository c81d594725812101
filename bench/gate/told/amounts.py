"""A criterion's numbers as a reader of one language writes them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bench.gate.record import Criterion
from bench.gate.told.voice import CASES, SuiteVoice
from bench.wording import numbers
from bench.wording.catalogue import say
from bench.wording.numbers import Money, known

Way = Literal["down", "up", "open", "same"]
_SUREST = 0.999
"""The level of an early look may be nearer to 1; a reader needs no more digits."""
_DIGITS = 4
"""More than usual, at most, to tell a bound from what is tolerable."""
_LARGEST = 50.0
"""Logarithm of the largest growth that is told."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """Texts with units; empty where the number is not known.

    `proves_nothing`: of no margin, however large, would these items be proof; `least` has no meaning then.
    `change` is signed: of money and shares how much more there is than before, of costs and times the growth. `way`
    says where its range lies: below zero, above it, or on both sides. `size` and `sizes` are the change and its range
    without a sign, for a sentence that says fell or rose; `range` has signs. `margin` is what may be lost, `least` the
    smallest margin that these items can prove, where that is more than the margin.
    """

    was: str
    now: str
    change: str
    range: str
    size: str
    sizes: str
    way: Way
    margin: str
    least: str
    proves_nothing: bool = False


def amounts(criterion: Criterion, voice: SuiteVoice) -> Amounts:
    """The numbers of a criterion that is no limit."""
    match criterion.unit:
        case "money":
            return _money(criterion, voice)
        case "share":
            return _points(criterion, voice)
        case "ratio":
            return _growth(criterion, voice)


def range_level(criterion: Criterion) -> str:
    """How sure a range is, its two bounds being one-sided: 90%."""
    return _level(1 - 2 * _one_sided(criterion))


def bound_level(criterion: Criterion) -> str:
    """How sure one bound is: 95%."""
    return _level(1 - _one_sided(criterion))


def _one_sided(criterion: Criterion) -> float:
    level = known(criterion.level_safe)
    return 0.05 if level is None else level


def _level(share: float) -> str:
    return numbers.limit(min(round(share, 3), _SUREST))


@dataclass(frozen=True, slots=True)
class _Change:
    """A change with its bounds, and the change that is just tolerable, in the unit that is told."""

    value: float | None
    low: float | None
    high: float | None
    worst: float | None = None
    coarsest: float = math.inf

    @property
    def way(self) -> Way:
        if self.value == 0 and not self.low and not self.high:
            return "same"
        if self.low is None or self.high is None:
            return "open" if not self.value else ("up" if self.value > 0 else "down")
        if self.high <= 0:
            return "down"
        return "up" if self.low >= 0 else "open"

    @property
    def step(self) -> float:
        """What it is rounded to: never so that a bound seems to lie where it does not."""
        step = min(self.coarsest, numbers.step_beside(self.value, self.low, self.high))
        finer = [float(step / 10**digits) for digits in range(_DIGITS + 1)]
        return next((each for each in finer if self._is_told(each)), finer[-1])

    def _is_told(self, step: float) -> bool:
        """Whether both bounds, rounded, lie on their own side of what is tolerable."""
        if self.worst is None:
            return True
        ends = [each for each in (self.low, self.high) if each is not None]
        return all(
            _side(round(each / step) * step, self.worst) == _side(each, self.worst) for each in ends
        )


def _change(parts: Iterable[float | None], coarsest: float = math.inf) -> _Change:
    """Of value, low, high and what is just tolerable; never rounded to more than `coarsest`."""
    value, low, high, worst = parts
    return _Change(value, low, high, worst, coarsest)


def _side(value: float, of: float) -> int:
    """1 above, -1 below, 0 at it but for rounding."""
    gap = value - of
    return 0 if abs(gap) <= 1e-9 * max(abs(value), abs(of)) else (1 if gap > 0 else -1)


def _times(value: float | None, factor: float) -> float | None:
    found = known(value)
    return None if found is None else found * factor


def _money(criterion: Criterion, voice: SuiteVoice) -> Amounts:
    parts = (*_bounded(criterion), _worst(criterion))
    change = _change(_times(each, CASES) for each in parts)
    told = [_times(each, CASES) for each in (criterion.old, criterion.new)]
    fixed = [_times(each, CASES) for each in (criterion.margin, _least(criterion))]
    money = voice.money([change.value, change.low, change.high, *told, *fixed])
    was, now = (_amount(money, each, change.step) for each in told)
    margin, least = (_amount(money, each, _exact(each)) for each in fixed)
    size = "" if change.value is None else money.text(abs(change.value), change.step)
    signed = "" if change.value is None else money.text(change.value, change.step, sign=True)
    return Amounts(
        was, now, signed, _money_range(money, change), size, _sizes(money, change), change.way, margin, least
    )  # fmt: skip


def _money_range(money: Money, change: _Change) -> str:
    if change.low is None or change.high is None:
        return ""
    return money.range(change.low, change.high, change.step)


def _sizes(money: Money, change: _Change) -> str:
    """The range of a change that is surely down or up, without a sign and from small to large."""
    if change.low is None or change.high is None:
        return ""
    low, high = sorted((abs(change.low), abs(change.high)))
    return money.range(low, high, change.step)


def _amount(money: Money, amount: float | None, step: float) -> str:
    return "" if amount is None else money.text(amount, step)


def _exact(value: float | None) -> float:
    """The step of a figure that somebody set, or of one of three digits."""
    return 1.0 if not value else min(1.0, 10.0 ** (math.floor(math.log10(abs(value))) - 2))


def _bounded(criterion: Criterion) -> tuple[float | None, float | None, float | None]:
    return known(criterion.difference), known(criterion.low), known(criterion.high)


def _least(criterion: Criterion) -> float | None:
    """The smallest margin that can be proven, where it is the reason that nothing is."""
    least, margin = known(criterion.smallest_margin), known(criterion.margin)
    return least if least is not None and margin is not None and least > margin else None


def _natural(criterion: Criterion) -> tuple[float | None, float | None, float | None]:
    """The change as new less old, whichever way is better."""
    value, low, high = _bounded(criterion)
    if criterion.better == "higher":
        return value, low, high
    return _times(value, -1), _times(high, -1), _times(low, -1)


def _worst(criterion: Criterion) -> float | None:
    """The change, new less old, that is just tolerable."""
    return _times(criterion.margin, -1 if criterion.better == "higher" else 1)


def _points(criterion: Criterion, voice: SuiteVoice) -> Amounts:
    parts = (*map(_within, _natural(criterion)), _worst(criterion))
    change = _change((_times(each, 100) for each in parts), coarsest=1.0)
    was, now = (_share(each) for each in (criterion.old, criterion.new))
    signed = "" if change.value is None else _in_points(voice, change.value, change.step, sign=True)
    ends = "" if change.low is None or change.high is None else numbers.span(
        voice.language,
        _in_points(voice, change.low, change.step, sign=True),
        _in_points(voice, change.high, change.step, sign=True),
    )  # fmt: skip
    margin, least = (
        "" if each is None else voice.say("points", number=numbers.limit(each).removesuffix("%"))
        for each in (known(criterion.margin), _rounded_up(_least(criterion)))
    )
    smallest = _least(criterion)
    none = smallest is not None and smallest >= 1
    return Amounts(was, now, signed, ends, signed, ends, change.way, margin, least, none)


def _within(points: float | None) -> float | None:
    """A change of a share, between -1 and 1: an interval of few items may reach farther than a share can change."""
    return None if points is None else max(-1.0, min(1.0, points))


def _share(value: float | None) -> str:
    found = known(value)
    return "" if found is None else numbers.share(found)


def _in_points(voice: SuiteVoice, value: float, step: float, *, sign: bool) -> str:
    return voice.say("points", number=numbers.number(value, step, sign=sign))


def _rounded_up(value: float | None) -> float | None:
    """A share of whole tenths of a point that is not less."""
    return None if value is None else math.ceil(value * 1000 - 1e-9) / 1000


def _growth(criterion: Criterion, voice: SuiteVoice) -> Amounts:
    parts = (*_natural(criterion), _worst(criterion))
    change = _change(_times(_grown(each), 100) for each in parts)
    was, now = _levels(criterion, voice)
    signed = "" if change.value is None else _signed(change.value, change.step)
    ends = ""
    if change.low is not None and change.high is not None:
        first, last = (_signed(each, change.step) for each in (change.low, change.high))
        ends = numbers.span(voice.language, first, last)
    margin, least = (
        "" if each is None else "+" + numbers.limit(round(each, 3))
        for each in (_grown(known(criterion.margin)), _grown(_least(criterion)))
    )
    return Amounts(was, now, signed, ends, signed, ends, change.way, margin, least)


def _grown(logarithm: float | None) -> float | None:
    """From the logarithm of a ratio to the growth: 0.405 is a half more."""
    return None if logarithm is None else math.expm1(min(logarithm, _LARGEST))


def _signed(percent: float, step: float) -> str:
    return numbers.number(percent, step, sign=True) + "%"


def _levels(criterion: Criterion, voice: SuiteVoice) -> tuple[str, str]:
    """Seconds of a case, or the money of many."""
    was, now = known(criterion.old), known(criterion.new)
    if criterion.kind == "latency":
        return _seconds(voice, was), _seconds(voice, now)
    many = [_times(each, CASES) for each in (was, now)]
    money = voice.money(many)
    old, new = (_amount(money, each, _exact(each)) for each in many)
    return old, new


def _seconds(voice: SuiteVoice, value: float | None) -> str:
    if value is None:
        return ""
    step = 1.0 if value >= 10 else 0.1 if value >= 1 else 0.01
    return say(voice.language, "unit.seconds", number=numbers.number(value, step))
