"""A cheap candidate first, the best one where it does not answer: what the two together would be worth.

Told from the answers at hand, without asking anybody: on every trial that both answered, the small
candidate's answer stands unless it has to be redone, and then the big one's counts, with the money and the
seconds of both. What has to be redone is taken as seen without a review (it abstains, or is malformed).
"""

from collections.abc import Mapping

import pandas as pd

from bench.types import Estimate
from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.context import Context, Measured
from bench.value.estimates import estimate, unknown
from bench.value.formulas.cascade import cascade_cost, saving_against_big
from bench.value.sample import Items, items_of, jointly_resampled
from bench.value.summary import CascadeResult

_RESAMPLES = 2000
_METHOD = "paired cluster bootstrap, joint with assumptions, of answers at hand"


def cascades(context: Context, found: Mapping[str, Measured]) -> list[CascadeResult]:
    """Every cheaper candidate that leaves something open, in front of the candidate of most value."""
    costs = {name: _cost(each) for name, each in found.items()}
    known = {name: each for name, each in found.items() if costs[name] is not None}
    if len(known) < 2:
        return []
    big = max(known, key=lambda name: _value(context, known[name]))
    told: dict[str, tuple[Items, Items, float]] = {}
    for name, small in known.items():
        if (costs[name] or 0.0) < (costs[big] or 0.0):
            together = _together(context, small, known[big])
            if together is not None:
                told[name] = together
    gaps = {name: both.minus(alone) for name, (both, alone, _) in told.items()}
    drawn = {
        kind: jointly_resampled(_spread(items), _RESAMPLES, context.seed)
        for kind, items in (
            ("both", {name: both for name, (both, _, _) in told.items()}),
            ("gap", gaps),
        )
    }
    return [
        CascadeResult(
            small=name,
            big=big,
            routed_up=routed,
            items=int(both.present.sum()),
            cost_per_case=cascade_cost(costs[name] or 0.0, costs[big] or 0.0, routed),
            saving=saving_against_big(costs[name] or 0.0, costs[big] or 0.0, routed),
            value_per_case=_estimate(context, both, drawn["both"].get(name)),
            gain_over_big=_estimate(context, gaps[name], drawn["gap"].get(name)),
        )
        for name, (both, _, routed) in told.items()
    ]


def _cost(found: Measured) -> float | None:
    if found.items is None or not found.items.cost_known:
        return None
    return float(found.items.means()[worth.COST][0])


def _value(context: Context, found: Measured) -> float:
    assert found.items is not None
    return float(worth.value(found.items.means(), context.mean, context.business)[0])


def _together(
    context: Context, small: Measured, big: Measured
) -> tuple[Items, Items, float] | None:
    """The two together, the big one alone, on their common trials; and the share that goes up."""
    keys = ["item", "repeat"]
    first, second = (
        each.rows[each.rows["outcome"].notna()].set_index(keys).sort_index()
        for each in (small, big)
    )
    common = first.index.intersection(second.index)
    first, second = first.loc[common], second.loc[common]
    up = (first["outcome"] == "redo").to_numpy()
    if not up.any() or up.all():
        return None
    routed = second.assign(
        cost=second["cost"] + first["cost"], latency_s=second["latency_s"] + first["latency_s"]
    )
    both = pd.concat([first[~up], routed[up]]).reset_index()
    tables = (both, second.reset_index())
    of_both, of_big = (items_of(each, context.business, context.clusters) for each in tables)
    return of_both, of_big, float(up.mean())


def _spread(items: Mapping[str, Items]) -> dict[str, Items]:
    return {name: each for name, each in items.items() if each.spread_over() >= 2}


def _estimate(context: Context, items: Items, features: Mapping[str, Array] | None) -> Estimate:
    n = int(items.present.sum())
    if features is None:
        return unknown(n, "too few items in common")
    assumed = Assumed({name: each[:_RESAMPLES] for name, each in context.drawn.draws.items()})
    draws = worth.value(features, assumed, context.business)
    point = float(worth.value(items.means(), context.mean, context.business)[0])
    return estimate(point, draws, n, _METHOD)
