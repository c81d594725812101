"""What one more round may teach about a candidate, of as many draws as there are.

The parts of `bench.value.information` that a verdict reads, for one candidate against today's way.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.candidate_summary import Information, MoreItems
from bench.value.context import Context, Measured, discounted_months
from bench.value.money import over, start_cost


def one_round(context: Context, found: Measured) -> Information | None:
    """What one more round may teach, of the parts that a verdict reads (see `bench.value.information`)."""
    if found.risked is None or found.items is None:
        return None
    months, business, mean = context.business.months, context.business, context.mean
    believed = {name: np.nanmean(each, keepdims=True) for name, each in found.risked.items()}

    def money(features: Mapping[str, Array], assumed: Assumed) -> Array:
        return over(context, found, worth.value(features, assumed, business), assumed, months)

    centre = float(money(believed, mean)[0])
    items = _gain(money(found.risked, mean), centre, np.sqrt(0.5))
    alone = [_gain(_alone(name, context, found, believed), centre) for name in mean.draws]
    together = _gain(money(believed, context.drawn), centre)
    price = None if business.next_round_cost is None else float(mean["next_round_cost"][0])
    told: dict[str, Any] = {
        "more_items": [MoreItems(items=int(found.items.present.sum()), worth=items)],
        "perfect_assumptions": max(together, *alone),
        "next_round_cost": price,
    }
    return Information.model_construct(None, **told)


def _alone(name: str, context: Context, found: Measured, believed: Mapping[str, Array]) -> Array:
    """Money of the horizon with one assumption drawn and the others at their means."""
    months, mean = context.business.months, context.mean
    only = Assumed({**mean.draws, name: context.drawn[name]})
    value = worth.value(believed, only, context.business)
    if not name.startswith("horizon."):
        return over(context, found, value, only, months)
    of_cases, of_months = discounted_months(months, only)
    gains = value * mean["cases_per_month"] * of_cases
    return np.asarray(gains - mean["monthly_cost"] * of_months - start_cost(context, found, mean))


def _gain(money: Array, centre: float, share: float = 1.0) -> float:
    """E[what is best after learning - what is best now], today's way worth 0; `share` shrinks what is learnt."""
    learnt = money[~np.isnan(money)]
    learnt = centre + share * (learnt - learnt.mean())
    return float((np.maximum(learnt, 0.0) - (learnt if centre > 0 else 0.0)).mean())
