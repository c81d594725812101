"""From p-values to statuses: failing is adjusted for all contrasts and looks, passing asks every one to pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench.gate.criteria import Tested
from bench.gate.limits import LimitTest
from bench.gate.policy_file import GatePolicy
from bench.gate.record import Contrast, Criterion, CriterionStatus, Status
from bench.stats import MarginTest
from bench.stats.sequential import nominal_levels

ONCE = (1.0,)
"""One look at everything."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A criterion of one suite's candidate, and the shares of information at that suite's looks."""

    suite: str
    candidate: str
    tested: Tested
    fractions: tuple[float, ...] = ONCE


@dataclass(frozen=True, slots=True)
class Levels:
    """What the two p-values of a criterion are held against, and whether it is worse for sure."""

    worse: float
    safe: float
    is_worse: bool


def level_of(alpha: float, fractions: tuple[float, ...]) -> float:
    """The nominal level of the last of these looks."""
    return nominal_levels(alpha, fractions)[-1]


def levels(planned: Sequence[Planned], alpha: float) -> list[Levels]:
    """Holm's step-down over the enforced criteria; the others are warnings, each on its own.

    A contrast is rejected at alpha / (those not yet rejected), at the nominal level that its own suite's looks leave of
    that: Maurer & Bretz (2013), Statistics in Biopharmaceutical Research 5:311-320. What is not known counts as planned.
    """
    enforced = [at for at, each in enumerate(planned) if each.tested.enforced]
    rejected: set[int] = set()
    while True:
        left = max(1, len(enforced) - len(rejected))
        new = {at for at in enforced if at not in rejected and _is_worse(planned[at], alpha / left)}
        if not new:
            break
        rejected |= new
    left = max(1, len(enforced) - len(rejected))
    told = []
    for at, each in enumerate(planned):
        share = alpha / left if each.tested.enforced else alpha
        told.append(
            Levels(
                level_of(share, each.fractions),
                level_of(alpha, each.fractions),
                at in rejected if each.tested.enforced else _is_worse(each, alpha),
            )
        )
    return told


def _is_worse(planned: Planned, alpha: float) -> bool:
    test = planned.tested.test
    p = None if test is None else test.p_worse
    return p is not None and p <= level_of(alpha, planned.fractions)


def criterion(tested: Tested, at: Levels, policy: GatePolicy) -> Criterion:
    """One criterion decided, with all that a reader may ask of it."""
    status = _status(tested, at)
    low_power = False
    test = tested.test
    told: dict[str, Any] = {}
    if isinstance(test, MarginTest):
        told = _of_margin(test, at)
        power = test.power(1 - at.safe) if at.safe > 0 else None
        low_power = (
            status == "pass"
            and not tested.identical
            and power is not None
            and power < policy.min_power
            and not _is_better(test, at)
        )
        if low_power:
            told["needed"] = _for_power(test, at.safe, policy.min_power)
    elif isinstance(test, LimitTest):
        told = _of_limit(test, at)
    status = "inconclusive" if low_power else status
    if status != "inconclusive":
        told["needed"] = None
    return Criterion(
        kind=tested.kind,
        metric=tested.metric,
        title=tested.title,
        status=status,
        enforced=tested.enforced and (tested.must_hold or status in ("pass", "fail")),
        hard=tested.hard,
        waived=tested.waived,
        unit=tested.unit,
        better="higher" if tested.better == "higher" else "lower",
        old=tested.old,
        new=tested.new,
        margin=tested.margin,
        level_worse=at.worse,
        level_safe=at.safe,
        low_power=low_power,
        identical=tested.identical,
        **told,
    )


def _status(tested: Tested, at: Levels) -> CriterionStatus:
    if at.is_worse and not tested.identical:
        return "fail"
    if tested.identical:
        return "pass"
    if tested.test is None:
        return "not_known"
    p_safe = tested.test.p_safe
    return "pass" if p_safe is not None and p_safe <= at.safe else "inconclusive"


def _is_better(test: MarginTest, at: Levels) -> bool:
    """Whether it is surely better than before: that is no luck, however few unchanged candidates would pass."""
    bounds = test.bounds(1 - at.safe) if 0 < at.safe < 0.5 else None
    return bounds is not None and bounds[0] > 0


def _of_margin(test: MarginTest, at: Levels) -> dict[str, Any]:
    known = 0 < at.safe < 0.5
    bounds = test.bounds(1 - at.safe) if known else None
    sure = test.spread is not None and known
    return {
        "difference": test.difference,
        "low": bounds[0] if bounds else None,
        "high": bounds[1] if bounds else None,
        "p_worse": test.p_worse,
        "p_safe": test.p_safe,
        "n": test.n,
        "clusters": test.units,
        "needed": _needed(test, at) if sure else None,
        "smallest_margin": _smallest(test, 1 - at.safe) if sure else None,
        "power": test.power(1 - at.safe) if sure else None,
        "catches": test.catches(1 - at.worse) if sure and 0 < at.worse < 0.5 else None,
    }


def _needed(test: MarginTest, at: Levels) -> int | None:
    """Items in all that would decide it: towards failing where it looks worse than allowed, which takes more beside others."""
    is_within = test.difference is None or test.difference > -test.margin
    level = at.safe if is_within or not 0 < at.worse < 0.5 else at.worse
    return test.needed(test.margin, 1 - level)


def _smallest(test: MarginTest, level: float) -> float | None:
    """The margin that a candidate without any difference could just be shown to keep, on average."""
    assert test.spread is not None
    return test.spread.half_width(level, test.spread.low_tail)


def _for_power(test: MarginTest, level: float, power: float) -> int | None:
    """Items in all at which a candidate that has not changed passes with this probability."""
    if test.spread is None or test.margin <= 0:
        return None
    return replace(test, difference=0.0).needed(test.margin, 1 - level, power)


def _of_limit(test: LimitTest, at: Levels) -> dict[str, Any]:
    bounds = test.bounds(1 - at.safe) if 0 < at.safe < 0.5 else None
    return {
        "low": bounds[0] if bounds else None,
        "high": bounds[1] if bounds else None,
        "p_worse": test.p_worse,
        "p_safe": test.p_safe,
        "n": test.count.n,
        "clusters": int(test.count.clusters),
        "needed": test.needed(1 - at.safe) if 0 < at.safe < 0.5 else None,
    }


def counted(criteria: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """The criteria, of which those that only had to be unbroken count where nothing else does.

    A pass must rest on something that was shown.
    """
    if any(each.enforced for each in criteria):
        return tuple(criteria)
    return tuple(
        each.model_copy(update={"enforced": each.hard and each.waived is None}) for each in criteria
    )


def status_of(criteria: Sequence[Criterion]) -> Status:
    """A contrast's status: one enforced criterion that fails, fails it; one that is open leaves it open."""
    found = [each.status for each in criteria if each.enforced]
    if "fail" in found:
        return "fail"
    if not found or "inconclusive" in found or "not_known" in found:
        return "inconclusive"
    return "pass"


def needed_by(criteria: Sequence[Criterion], items: int) -> int | None:
    """Items in all, of which there are `items`, that would decide every open criterion; None where that is not known of one.

    A criterion that is about some items only asks for so many more of these. None where nothing is open, too.
    """
    open_ones = [each for each in criteria if each.enforced and each.status == "inconclusive"]
    more = [each.needed - each.n for each in open_ones if each.needed is not None]
    return items + max(more) if more and len(more) == len(open_ones) else None


def overall(contrasts: Sequence[Contrast]) -> Status:
    """The gate's status, of all contrasts."""
    found = {each.status for each in contrasts}
    if "fail" in found:
        return "fail"
    return "inconclusive" if "inconclusive" in found or not found else "pass"


def fractions_of(suite: str, looks: Mapping[str, Sequence[float]]) -> tuple[float, ...]:
    """The looks of a suite; one at everything where it was not looked at before."""
    return tuple(looks.get(suite, ONCE)) or ONCE
