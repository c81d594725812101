"""What may not get worse: each criterion as numbers of either side, and as two one-sided p-values."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np

from bench.errors import GateError
from bench.gate.limits import LimitTest, limit_test
from bench.gate.pairing import Array, Sides, Trials, cost_of_case
from bench.gate.policy_file import Growth, Points, SuitePolicy
from bench.gate.record import CriterionKind, Unit
from bench.stats import MarginTest, margin_test
from bench.suites.model import Gate
from bench.types import Text
from bench.value.observed.record import ObservedSuite

Sameness = Literal["changed", "asked anew", "repeated"]
"""What a candidate has in common with the one before: neither itself nor its questions; these, but not what it was told; all."""

_SURE_OF_FEW_CHANGES = 0.1
"""Where every answer is the same: the share of cases at most that may be answered differently, 95 % sure."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A criterion before anything is decided. `test` is None where nothing is known."""

    kind: CriterionKind
    unit: Unit
    test: MarginTest | LimitTest | None
    margin: float
    old: float | None
    new: float | None
    better: str = "higher"
    metric: str | None = None
    title: Text | None = None
    enforced: bool = True
    hard: bool = False
    waived: str | None = None
    identical: bool = False
    must_hold: bool = True
    """Whether it must be shown to be safe; a limit, or a rate that only a limit is about, may be asked not to be surely broken."""


def criteria(
    both: Sides, policy: SuitePolicy, all_new: Trials, today: date, same: Sameness
) -> list[Tested]:
    """All that a policy holds in a suite. `all_new` are the new candidate's trials on all its items, for the limits.

    Answers that are all those of before are taken as proof where they could not be others (`repeated`: the same question
    to the same cache or recording) or, in many clusters, where nothing was changed. A candidate that was changed may be
    worse on the few cases that were not asked, and has to show that it is not like any other.
    """
    many = _few_changes(both.answered_clusters)
    proves = same == "repeated" or (same == "asked anew" and many)
    identical = proves and both.is_identical
    return [
        *_value(both, policy, identical=identical),
        *_harm(both, policy, identical=identical),
        *_rates(both, policy, identical=identical),
        *limits(both.suite, policy, all_new, today),
        *_coverage(both, policy, identical=identical),
        *_grown("cost", both, policy.cost, cost_of_case),
        *_grown("latency", both, policy.latency, _latency),
    ]


def _few_changes(clusters: int) -> bool:
    """Whether so many clusters, all answered alike, leave little room for cases that are answered differently.

    Eight of them are alike, 43 % of the time, where a tenth is answered differently now.
    """
    return clusters > 0 and float(1 - 0.05 ** (1 / clusters)) <= _SURE_OF_FEW_CHANGES


def _value(both: Sides, policy: SuitePolicy, *, identical: bool) -> Iterator[Tested]:
    if policy.value is None:
        return
    old, new = (each.by_item(both.money(each)) for each in (both.old, both.new))
    margin = policy.value.margin(both.suite.human_cost)
    if margin <= 0 < (policy.value.may_fall_by_share or 0):
        raise GateError(
            "a case costs nothing by hand here, so that a share of that is no margin; write may_fall_by: in the policy, "
            f"in {both.suite.currency}"
        )
    test = margin_test(old, new, margin, both.match.clusters, _reach(both.suite))
    is_kept = test.difference is not None and test.difference >= -margin
    yield Tested(
        "value",
        "money",
        _known(test),
        margin,
        *_levels(old, new),
        enforced=policy.value.otherwise == "fail",
        identical=identical and is_kept,  # the same answers may have become dearer
    )


def _reach(suite: ObservedSuite) -> float | None:
    """The money of a rare loss to be reckoned with: a harmful answer, at least a case done again; None where neither costs."""
    dearest = max(suite.ordinary_harm or 0.0, suite.human_cost)
    return dearest if dearest > 0 else None


def _harm(both: Sides, policy: SuitePolicy, *, identical: bool) -> Iterator[Tested]:
    if policy.harm is None:
        return

    def harmful(side: Trials) -> Array:
        return side.per_kind(
            [
                math.nan if each.outcome is None else float(each.outcome == "harm")
                for each in side.kinds
            ]
        )

    yield _share("harm", both, policy.harm, harmful, identical=identical)


def _rates(both: Sides, policy: SuitePolicy, *, identical: bool) -> Iterator[Tested]:
    hard = {gate.metric: gate for gate in both.suite.gates if gate.hard}
    for position, (name, rate) in enumerate(both.suite.rates.items()):
        held = policy.rates.get(name, _of_gate(policy, hard.get(name)))
        if held is None:
            continue
        stated = name in policy.rates or policy.gated_rates is not None

        def met(side: Trials, at: int = position) -> Array:
            told = [each.rates[at] if len(each.rates) > at else "-" for each in side.kinds]
            return side.per_kind([math.nan if each == "-" else float(each) for each in told])

        yield _share(
            "rate",
            both,
            held,
            met,
            identical=identical,
            better=rate.better,
            metric=name,
            title=rate.title,
            hard=name in hard,
            must_hold=stated or policy.limits == "proven",
        )


def _of_gate(policy: SuitePolicy, gate: Gate | None) -> Points | None:
    """What a rate that a hard gate is about may lose: what the policy says, else as much as the gate allows at all."""
    if gate is None or ("gated_rates" in policy.model_fields_set and policy.gated_rates is None):
        return None
    own: Points | None = policy.gated_rates
    if own is not None:
        return own
    room = (
        gate.upper_bound_95 if gate.upper_bound_95 is not None else 1 - (gate.lower_bound_95 or 0)
    )
    return Points(may_worsen_by=min(1.0, max(0.0, room)))


def _share(
    kind: CriterionKind,
    both: Sides,
    held: Points,
    event: Any,
    *,
    identical: bool,
    better: str = "lower",
    **more: Any,
) -> Tested:
    """A share of trials that may get worse by so many points."""
    old, new = (each.by_item(event(each)) for each in (both.old, both.new))
    sign = 1.0 if better == "higher" else -1.0
    test = margin_test(sign * old, sign * new, held.may_worsen_by, both.match.clusters, 1.0)
    return Tested(
        kind,
        "share",
        _known(test),
        held.may_worsen_by,
        *_levels(old, new),
        better=better,
        enforced=held.otherwise == "fail",
        identical=identical,
        **more,
    )


def limits(
    suite: ObservedSuite, policy: SuitePolicy, all_trials: Trials, today: date
) -> Iterator[Tested]:
    """The suite's own gates, on all items of a run's candidate; a waiver holds until its day."""
    if policy.limits in (None, "off"):
        return
    names = list(suite.rates)
    for gate in suite.gates:
        waiver = policy.waived.get(gate.metric)
        waived = waiver.because if waiver is not None and waiver.holds(today) else None
        test = limit_test(all_trials, names.index(gate.metric), gate, suite)
        yield Tested(
            "limit",
            "share",
            test,
            test.limit,
            None,
            test.rate,
            better="higher" if gate.upper_bound_95 is None else "lower",
            metric=gate.metric,
            title=suite.rates[gate.metric].title,
            enforced=gate.hard and waived is None,
            hard=gate.hard,
            waived=waived,
            must_hold=policy.limits == "proven",
        )


def _coverage(both: Sides, policy: SuitePolicy, *, identical: bool) -> Iterator[Tested]:
    """The share of trials with an outcome. Where none was lost it need not be proven: a call that fails hides nothing."""
    if policy.coverage is None:
        return
    old, new = both.old.coverage(), both.new.coverage()
    margin = policy.coverage.may_worsen_by
    test = margin_test(old, new, margin, both.match.clusters, 1.0)
    yield Tested(
        "coverage",
        "share",
        _known(test),
        margin,
        *_levels(old, new),
        enforced=policy.coverage.otherwise == "fail",
        identical=identical and bool((old >= 1).all() and (new >= 1).all()),
        must_hold=bool((new < old).any()),
    )


def _latency(side: Trials) -> Array:
    return np.where(side.has_outcome, side.latency_s, np.nan)


def _grown(kind: CriterionKind, both: Sides, held: Growth | None, of: Any) -> Iterator[Tested]:
    """A positive quantity that may grow by a share of its mean.

    Tested on the logarithm of old over new means, whose items are their linearised parts (Cochran 1977, Sampling
    Techniques, section 6.4, on the ratio of two means).
    """
    if held is None:
        return
    old, new = (each.by_item(of(each)) for each in (both.old, both.new))
    have = ~(np.isnan(old) | np.isnan(new))
    margin = math.log1p(held.may_grow_by_share)
    levels = _levels(old, new)
    test = None
    if have.any() and min(old[have].mean(), new[have].mean()) > 0:
        first, second = old / old[have].mean(), new / new[have].mean()
        away = math.log(old[have].mean() / new[have].mean())
        test = margin_test(second, first + away, margin, both.match.clusters)
    elif have.any():  # free on a side: no share of that is a margin, nor has it a logarithm
        told = margin_test(-old, -new, 0.0, both.match.clusters)
        test = replace(told, difference=None, spread=None)
    same = bool(have.any()) and bool((old[have] == new[have]).all())
    yield Tested(
        kind,
        "ratio",
        _known(test) if test is not None else None,
        margin,
        *levels,
        better="lower",
        enforced=held.otherwise == "fail",
        identical=same,
    )


def _known(test: MarginTest) -> MarginTest | None:
    return test if test.n else None


def _levels(old: Array, new: Array) -> tuple[float | None, float | None]:
    """Means over the items that both sides know."""
    both = ~(np.isnan(old) | np.isnan(new))
    return (float(old[both].mean()), float(new[both].mean())) if both.any() else (None, None)
