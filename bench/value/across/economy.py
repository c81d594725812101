"""How much of today's cost a unit of money replaces."""

from collections.abc import Mapping

import numpy as np

from bench.stats import percentile_interval
from bench.types import Estimate
from bench.value import worth
from bench.value.across.shares import Share
from bench.value.assumed import Array, Assumed
from bench.value.context import JOINT, Context, Measured
from bench.value.estimates import LEVEL, estimate, unknown


def economy(
    context: Context, found: Measured, quality: Share | None
) -> tuple[Estimate, Array | None]:
    """Accepted value per unit of money, u*H / (r*w + e*w + k), and its draws.

    u is the usable share (accepted or edited), H today's cost of a case with its own errors, r minutes of
    review, e minutes of editing per case, w the wage per minute, k the money of calls. Cases that are done
    again save nothing and cost what they cost today, so they stand in neither part; harm is not in here but in
    the value. A pure number, whatever the currency. No value while the price of calls is unknown, or when
    nothing at all is spent.

    Example (tests): 0.72 usable of 66 each, 9 of review and 0.012 of calls: 47.52 / 9.012 = 5.273.
    """
    items = found.items
    if items is None or quality is None:
        return unknown(0, "no outcome"), None
    if not items.cost_known:
        return unknown(quality.items, "the price of calls is not known"), None
    value = quality.value * _per_usable(context, items.means(), context.mean)[0]
    if found.features is None or quality.draws is None:
        return estimate(float(value), None, quality.items, JOINT), None
    per_usable = _per_usable(context, found.features, context.drawn)
    draws = quality.draws * per_usable
    told = estimate(float(value), draws, quality.items, JOINT)
    return _doubted(told, quality, per_usable), draws


def _doubted(told: Estimate, quality: Share, per_usable: Array) -> Estimate:
    """Where every answer went the same way, the share's own interval times that of the money: rather too wide."""
    share = quality.estimate()
    if told.value is None or not quality.has_no_spread or share.low is None or share.high is None:
        return told
    low, high = percentile_interval(per_usable, LEVEL)
    return told.model_copy(
        update={
            "low": share.low * low,
            "high": share.high * high,
            "method": f"{JOINT}; {share.method}",
        }
    )


def _per_usable(context: Context, features: Mapping[str, Array], assumed: Assumed) -> Array:
    """Today's cost of a case over the money spent on one; NaN where nothing is spent."""
    spent = features[worth.COST] + assumed["review.minutes"] * assumed["wage_per_hour"] / 60
    for name, weight in worth.weights(assumed, context.business).items():
        if name == worth.MEASURED_EDIT or name.startswith(worth.EDIT):
            spent = spent - features[name] * weight
    told: Array = np.full(spent.shape, np.nan)
    np.divide(worth.human_cost(assumed, context.business), spent, out=told, where=spent > 0)
    return told
