"""From the ledger to numbers: what every candidate of a suite showed, resampled together."""

from collections.abc import Mapping

import pandas as pd

from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.context import Context, Measured
from bench.value.rare import ordinary_class, redrawn
from bench.value.sample import RESAMPLES, Items, items_of, jointly_resampled


def measured(context: Context, tables: Mapping[str, pd.DataFrame]) -> dict[str, Measured]:
    """Every candidate's rows of the ledger as numbers; all see the same resamples."""
    items = {name: _items(context, rows) for name, rows in tables.items()}
    spread = {name: each for name, each in items.items() if each and each.spread_over() >= 2}
    features = jointly_resampled(spread, RESAMPLES, context.seed)
    return {
        name: _measured(context, name, rows, items[name], features.get(name))
        for name, rows in tables.items()
    }


def _items(context: Context, rows: pd.DataFrame) -> Items | None:
    if not len(rows) or not rows["outcome"].notna().any():
        return None
    return items_of(rows, context.business, context.clusters)


def _measured(
    context: Context,
    name: str,
    rows: pd.DataFrame,
    items: Items | None,
    features: dict[str, Array] | None,
) -> Measured:
    risked = value = net = None
    if features is not None and items is not None:
        risked = redrawn(features, items, ordinary_class(context.business), context.seed)
        value = worth.value(risked, context.drawn, context.business)
        net = net_of_fixed_cost(value, context.drawn, context)
    clusters = items.spread_over() if items is not None else 0
    return Measured(name, rows, items, clusters, features, risked, value, net)


def net_of_fixed_cost(per_case: Array, assumed: Assumed, context: Context) -> Array:
    """Value per case less its share of the monthly fixed cost, borne by a month's expected cases."""
    return per_case - assumed["monthly_cost"] / context.mean["cases_per_month"]


def fixed_share(context: Context) -> float:
    """The monthly fixed cost that a case bears on average: times a month's cases it is the month's."""
    return float((context.mean["monthly_cost"] / context.mean["cases_per_month"])[0])
