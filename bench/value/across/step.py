"""One step up a ladder: what the next way of asking adds, costs, and whether it pays."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bench.types import Estimate
from bench.value.across.paired import Paired, paired
from bench.value.across.records import Step, StepVerdict
from bench.value.across.seconds import difference, median_seconds
from bench.value.assess import Assessed
from bench.value.context import JOINT, Context
from bench.value.estimates import estimate, share_positive, unknown

_CLIMB, _STAY = 0.9, 0.1
"""P(step pays) from which a step is climbed, and down to which it is not."""


@dataclass(frozen=True, slots=True)
class Way:
    """A strategy and the candidate that asks by it."""

    strategy: str
    candidate: str

    @property
    def effort(self) -> str:
        """The assumption that says what preparing it costs."""
        return f"effort.{self.strategy}"


@dataclass(frozen=True, slots=True)
class _Money:
    """A step over the horizon: before and after the effort, and the chances that each is above zero."""

    gain: Estimate
    net: Estimate
    p_gains: float | None = None
    p_pays: float | None = None


def steps(each: Assessed, pairs: Iterable[tuple[Way, Way]]) -> dict[tuple[Way, Way], Step]:
    """The steps from measured ways to the next ones; the effort is that of the upper rung.

    The lower rung's own effort is spent by whoever stands on it.
    """
    wanted = list(pairs)
    if not wanted:
        return {}
    names = dict.fromkeys(way.candidate for pair in wanted for way in pair)
    seconds = median_seconds(each.context, [each.measured[name] for name in names])
    gaps = paired(each, [(below.candidate, above.candidate) for below, above in wanted])
    return {
        (below, above): _step(
            each.context,
            (below, above),
            gaps[below.candidate, above.candidate],
            difference(seconds.get(below.candidate), seconds.get(above.candidate)),
        )
        for below, above in wanted
    }


def _step(context: Context, ways: tuple[Way, Way], gap: Paired, seconds: Estimate) -> Step:
    below, above = ways
    missing: list[Literal["effort", "calls"]] = []
    if above.effort not in context.drawn.draws:
        missing.append("effort")
    if gap.value.value is not None and gap.cost.value is None:
        missing.append("calls")
    money = _over_horizon(context, gap, None if missing else above.effort)
    return Step(
        below=below.candidate,
        above=above.candidate,
        value=gap.value,
        running_cost=gap.cost,
        latency_p50_s=seconds,
        effort=_assumed(context, above.effort),
        months=context.business.months,
        gain=money.gain,
        net=money.net,
        p_gains=money.p_gains,
        p_pays=money.p_pays,
        unknown=missing,
        verdict=_verdict(money, calls_known="calls" not in missing),
    )


def _assumed(context: Context, name: str) -> Estimate:
    if name not in context.drawn.draws:
        return unknown(0, "not stated")
    return estimate(float(context.mean[name][0]), context.drawn[name], 0, "assumption")


def _over_horizon(context: Context, gap: Paired, effort: str | None) -> _Money:
    """The difference per case times the month's cases times the discounted months of full use.

    The monthly fixed cost is the same on both rungs. No net without an `effort` (its assumption) to take off.
    """
    value, n = gap.value.value, gap.value.n
    if value is None:
        return _Money(gap.value, gap.value)
    of_cases = context.discounted[context.business.months][0]
    point = value * float(context.mean["cases_per_month"][0]) * float(of_cases.mean())
    draws = None if gap.draws is None else gap.draws * context.drawn["cases_per_month"] * of_cases
    gain = estimate(point, draws, n, JOINT)
    p_gains = None if draws is None else share_positive(draws)
    if effort is None:
        return _Money(gain, unknown(n, "effort or price of calls not known"), p_gains)
    net = None if draws is None else draws - context.drawn[effort]
    return _Money(
        gain,
        estimate(point - float(context.mean[effort][0]), net, n, JOINT),
        p_gains,
        None if net is None else share_positive(net),
    )


def _verdict(money: _Money, *, calls_known: bool) -> StepVerdict:
    """What the chances say. A step that gains nothing before its effort is not worth an unknown one either."""
    if money.p_pays is not None:
        if money.p_pays >= _CLIMB:
            return "climb"
        return "stay" if money.p_pays <= _STAY else "open"
    if calls_known and money.p_gains is not None and money.p_gains <= _STAY:
        return "stay"
    return "open"
