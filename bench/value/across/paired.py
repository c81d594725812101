"""Two candidates on the trials that both answered: the difference of money and of running cost, as draws."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.types import Estimate
from bench.value import worth
from bench.value.assess import Assessed
from bench.value.assumed import Array
from bench.value.context import JOINT, Context, Measured
from bench.value.estimates import estimate, unknown
from bench.value.sample import RESAMPLES, Items, items_of, jointly_resampled
from bench.value.summary import SuiteSummary
from bench.value.worth import COST


@dataclass(frozen=True, slots=True)
class Paired:
    """B less a per case: `value` as among the suite's pairs, `cost` of running; `draws` (resamples,) of the value.

    None where fewer than two clusters are common. `cost` has no value while a price is unknown.
    """

    value: Estimate
    cost: Estimate
    draws: Array | None


@dataclass(frozen=True, slots=True)
class _Side:
    """A candidate with its rows that have an outcome and one number for the trial (item, repeat) of each."""

    found: Measured
    rows: pd.DataFrame
    trials: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Gap:
    """B's items less a's on the common trials; `whole` when these are all that either answered."""

    items: Items
    whole: bool


def paired(each: Assessed, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Paired]:
    """The wanted pairs (a, b) of measured candidates, b less a.

    Where both have an outcome on the same trials their own draws are subtracted; otherwise the common
    trials are resampled anew, all pairs alike.
    """
    context, found = each.context, each.measured
    pairs = list(dict.fromkeys(wanted))
    names = dict.fromkeys(name for pair in pairs for name in pair)
    sides = {name: _side(context, found[name]) for name in names}
    gaps = {(a, b): _gap(context, sides[a], sides[b]) for a, b in pairs}
    apart = {
        f"{at}": gaps[pair].items
        for at, pair in enumerate(pairs)
        if not gaps[pair].whole and _clusters(gaps[pair].items) >= 2
    }
    features = jointly_resampled(apart, RESAMPLES, context.seed)
    told = {}
    for at, (a, b) in enumerate(pairs):
        gap = gaps[a, b]
        value, cost = (
            _own(found[a], found[b]) if gap.whole else _anew(context, features.get(f"{at}"))
        )
        told[a, b] = Paired(_difference(each.summary, a, b), _cost(gap.items, cost), value)
    return told


def _side(context: Context, found: Measured) -> _Side:
    rows = found.rows[found.rows["outcome"].notna()]
    order = {item: at for at, item in enumerate(context.clusters)}
    items = np.asarray(rows["item"].map(order), dtype=np.int64)
    trials = items * context.planned.repeats + np.asarray(rows["repeat"], dtype=np.int64)
    return _Side(found, rows, trials)


def _gap(context: Context, a: _Side, b: _Side) -> _Gap:
    assert a.found.items is not None
    assert b.found.items is not None
    if np.array_equal(np.sort(a.trials), np.sort(b.trials)):
        return _Gap(b.found.items.minus(a.found.items), whole=True)
    common = np.intersect1d(a.trials, b.trials)
    first, second = (
        items_of(each.rows[np.isin(each.trials, common)], context.business, context.clusters)
        for each in (a, b)
    )
    return _Gap(second.minus(first), whole=False)


def _clusters(items: Items) -> int:
    return len(np.unique(items.clusters[items.present]))


def _own(a: Measured, b: Measured) -> tuple[Array | None, Array | None]:
    """Draws of value and of running cost, from the candidates' own."""
    if a.value is None or b.value is None or a.features is None or b.features is None:
        return None, None
    return b.value - a.value, b.features[COST] - a.features[COST]


def _anew(
    context: Context, features: Mapping[str, Array] | None
) -> tuple[Array | None, Array | None]:
    if features is None:
        return None, None
    return worth.value(features, context.drawn, context.business), features[COST]


def _difference(summary: SuiteSummary, a: str, b: str) -> Estimate:
    """The suite's pair, b less a whichever way round it was taken."""
    pair = next(pair for pair in summary.pairs if {pair.a, pair.b} == {a, b})
    told = pair.difference
    if pair.a == a or told.value is None:
        return told
    return told.model_copy(
        update={
            "value": -told.value,
            "low": None if told.high is None else -told.high,
            "high": None if told.low is None else -told.low,
        }
    )


def _cost(gap: Items, draws: Array | None) -> Estimate:
    n = int(gap.present.sum())
    if n == 0 or not gap.cost_known:
        return unknown(n, "a price is not known" if n else "too few items in common")
    return estimate(float(gap.means()[COST][0]), draws, n, JOINT)
