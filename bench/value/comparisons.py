"""Candidate against candidate: on the trials that both answered, pair by pair."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.stats import holm, paired_difference
from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.context import Context, Measured
from bench.value.estimates import estimate, share_positive, unknown
from bench.value.sample import Items, jointly_resampled
from bench.value.summary import PairResult

_RESAMPLES = 2000
"""Of pairs whose trials are not all of either candidate's: their own, and there may be many of them."""


def pairs(context: Context, found: Mapping[str, Measured]) -> list[PairResult]:
    """Every pair, b minus a by item and repeat; p-values adjusted for all of them (Holm)."""
    known = [each for each in found.values() if each.items is not None]
    trials = {each.name: _trials(context, each.rows) for each in known}
    sides = [_sides(context, a, b, trials) for at, a in enumerate(known) for b in known[at + 1 :]]
    apart = {f"{at}": each.gap for at, each in enumerate(sides) if each.needs_resampling}
    resampled = jointly_resampled(apart, _RESAMPLES, context.seed)
    told = [_pair(context, each, resampled.get(f"{at}")) for at, each in enumerate(sides)]
    tested = [each.p_value for each in told if each.p_value is not None]
    adjusted = iter(holm(tested))
    return [
        each
        if each.p_value is None
        else each.model_copy(update={"p_value": next(adjusted), "method": f"{each.method}, Holm"})
        for each in told
    ]


@dataclass(frozen=True, slots=True)
class _Sides:
    """Two candidates on their common trials; `whole` when these are all that either answered."""

    a: Measured
    b: Measured
    of_a: Items
    of_b: Items
    whole: bool

    @property
    def gap(self) -> Items:
        """B's features less a's."""
        return self.of_b.minus(self.of_a)

    @property
    def clusters(self) -> int:
        """What counts as independent among the common items."""
        return self.gap.spread_over()

    @property
    def needs_resampling(self) -> bool:
        """Whether the candidates' own resamples are not those of the pair."""
        return not self.whole and self.clusters >= 2


def _sides(
    context: Context, a: Measured, b: Measured, trials: Mapping[str, NDArray[np.int64]]
) -> _Sides:
    """Both sides, from the trials (item and repeat) that have an outcome in both."""
    assert a.items is not None
    assert b.items is not None
    if np.array_equal(np.sort(trials[a.name]), np.sort(trials[b.name])):
        return _Sides(a, b, a.items, b.items, whole=True)
    first, second = (
        _only(context, mine, trials[mine.name], trials[other.name])
        for mine, other in ((a, b), (b, a))
    )
    return _Sides(a, b, first, second, whole=False)


def _only(
    context: Context, found: Measured, own: NDArray[np.int64], others: NDArray[np.int64]
) -> Items:
    """A candidate's value features on the trials that the other one answered too."""
    assert found.items is not None
    gone = ~np.isin(own, others)
    items = (own[gone] // context.planned.repeats).astype(np.intp)
    return found.items.without(_with_outcome(found.rows)[gone], items, context.business)


def _with_outcome(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["outcome"].notna()]


def _trials(context: Context, rows: pd.DataFrame) -> NDArray[np.int64]:
    """One number for every item and repeat that has an outcome."""
    order = {item: at for at, item in enumerate(context.clusters)}
    good = _with_outcome(rows)
    items = good["item"].map(order).to_numpy(dtype=np.int64)
    repeats = good["repeat"].to_numpy(dtype=np.int64)
    return np.asarray(items * context.planned.repeats + repeats)


def _pair(context: Context, sides: _Sides, features: Mapping[str, Array] | None) -> PairResult:
    a, b, gap = sides.a, sides.b, sides.gap
    n = int(gap.present.sum())
    of_a, of_b = (
        worth.value(
            {name: each.column(name) for name in each.names}, context.mean, context.business
        )
        for each in (sides.of_a, sides.of_b)
    )
    tested = paired_difference(of_a, of_b, clusters=gap.clusters, seed=context.seed)
    draws = None
    if features is not None:
        assumed = Assumed({k: each[:_RESAMPLES] for k, each in context.drawn.draws.items()})
        draws = worth.value(features, assumed, context.business)
    elif sides.whole and a.value is not None and b.value is not None:
        draws = b.value - a.value
    point = float(worth.value(gap.means(), context.mean, context.business)[0]) if n else None
    method = "paired cluster bootstrap, joint with assumptions"
    return PairResult(
        a=a.name,
        b=b.name,
        difference=unknown(n, "too few items in common")
        if draws is None
        else estimate(point, draws, n, method),
        p_value=tested.p_value,
        p_b_better=None if draws is None else share_positive(draws),
        method=tested.method,
        mde=tested.mde,
    )
