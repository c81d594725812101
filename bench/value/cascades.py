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
from bench.value.rare import ordinary_class, redrawn
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
    boths = _draws(context, {name: both for name, (both, _, _) in told.items()})
    alones = _draws(context, {name: alone for name, (_, alone, _) in told.items()})
    gaps = {name: boths[name] - alones[name] for name in boths.keys() & alones.keys()}
    return [
        CascadeResult(
            small=name,
            big=big,
            routed_up=routed,
            items=int(both.present.sum()),
            cost_per_case=_running(both),
            saving=1 - _running(both) / _running(alone),
            value_per_case=_estimate(context, both, boths.get(name)),
            gain_over_big=_estimate(context, both.minus(alone), gaps.get(name)),
        )
        for name, (both, alone, routed) in told.items()
    ]


def _running(items: Items) -> float:
    return float(items.means()[worth.COST][0])


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


def _draws(context: Context, items: Mapping[str, Items]) -> dict[str, Array]:
    """Value per case of each, resampled together, harm drawn anew."""
    spread = {name: each for name, each in items.items() if each.spread_over() >= 2}
    assumed = Assumed({name: each[:_RESAMPLES] for name, each in context.drawn.draws.items()})
    ordinary = ordinary_class(context.business)
    return {
        name: worth.value(
            redrawn(features, spread[name], ordinary, context.seed), assumed, context.business
        )
        for name, features in jointly_resampled(spread, _RESAMPLES, context.seed).items()
    }


def _estimate(context: Context, items: Items, draws: Array | None) -> Estimate:
    n = int(items.present.sum())
    if draws is None:
        return unknown(n, "too few items in common")
    point = float(worth.value(items.means(), context.mean, context.business)[0])
    return estimate(point, draws, n, _METHOD)
