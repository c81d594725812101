"""The median time of answers, one candidate against another."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bench.stats import few_clusters_factor, resampled_sums
from bench.types import Estimate
from bench.value.assumed import Array
from bench.value.context import Context, Measured
from bench.value.estimates import estimate, unknown

_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Median:
    """The median seconds of a candidate's answers; `draws` (resamples,) is None with fewer than two clusters."""

    value: float
    draws: Array | None
    items: int


def median_seconds(context: Context, found: Iterable[Measured]) -> dict[str, Median]:
    """By candidate: over every answer that was timed, clusters resampled together. Without one it is left out."""
    planned = len(set(context.clusters.values()))
    counts = resampled_sums(np.eye(planned), _RESAMPLES, context.seed)
    told = {}
    for each in found:
        if not len(each.rows):
            continue
        every = each.rows["latency_s"].to_numpy(dtype=float)
        timed = ~np.isnan(every)
        if not timed.any():
            continue
        seconds, items = every[timed], each.rows["item"][timed]
        codes = np.asarray(items.map(context.clusters), dtype=np.intp)
        centre, clusters = float(np.median(seconds)), len(np.unique(codes))
        draws = None
        if clusters >= 2:
            spread = medians(seconds, counts[:, codes]) - centre
            draws = centre + few_clusters_factor(clusters) * spread
        told[each.name] = Median(centre, draws, int(items.nunique()))
    return told


def difference(a: Median | None, b: Median | None) -> Estimate:
    """B less a; unknown where one was not timed."""
    if a is None or b is None:
        return unknown(0, "not timed")
    draws = None if a.draws is None or b.draws is None else b.draws - a.draws
    return estimate(b.value - a.value, draws, min(a.items, b.items), "cluster bootstrap of medians")


def medians(values: Array, weights: Array) -> Array:
    """Medians of `values` (n,) repeated `weights` (resamples, n) times; NaN where nothing was drawn.

    >>> medians(np.array([3.0, 1.0, 2.0]), np.array([[1, 1, 1], [1, 1, 0], [0, 0, 0]])).tolist()
    [2.0, 2.0, nan]
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    upto = np.cumsum(weights[:, order], axis=1)
    total = upto[:, -1:]
    lower = ordered[(2 * upto >= total).argmax(axis=1)]
    upper = ordered[(2 * upto > total).argmax(axis=1)]
    return np.where(total[:, 0] > 0, (lower + upper) / 2, np.nan)
