"""Candidate against candidate: on the trials that both answered, pair by pair."""

from collections.abc import Mapping
from itertools import combinations

from bench.stats import holm, paired_difference
from bench.value import worth
from bench.value.assumed import Array
from bench.value.context import Context, Measured
from bench.value.estimates import estimate, share_positive, unknown
from bench.value.sides import Sides, gaps, sides
from bench.value.summary import PairResult

_RESAMPLES = 2000
"""Of pairs whose trials are not all of either candidate's: their own, and there may be many of them."""


def pairs(context: Context, found: Mapping[str, Measured]) -> list[PairResult]:
    """Every pair, b minus a by item and repeat; p-values adjusted for all of them (Holm)."""
    known = [name for name, each in found.items() if each.items is not None]
    both = sides(context, found, combinations(known, 2))
    drawn = gaps(context, both, _RESAMPLES)
    told = [_pair(context, each, gap.value) for each, gap in zip(both, drawn, strict=True)]
    tested = [each.p_value for each in told if each.p_value is not None]
    adjusted = iter(holm(tested))
    return [
        each
        if each.p_value is None
        else each.model_copy(update={"p_value": next(adjusted), "method": f"{each.method}, Holm"})
        for each in told
    ]


def _pair(context: Context, both: Sides, draws: Array | None) -> PairResult:
    a, b, gap = both.a, both.b, both.gap
    n = int(gap.present.sum())
    of_a, of_b = (
        worth.value(
            {name: each.column(name) for name in each.names}, context.mean, context.business
        )
        for each in (both.of_a, both.of_b)
    )
    tested = paired_difference(of_a, of_b, clusters=gap.clusters, seed=context.seed)
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
