"""Estimates from draws: a number and what it could have been."""

import numpy as np
from scipy.special import bdtr

from bench.stats import (
    cluster_bootstrap,
    few_clusters_factor,
    percentile_interval,
    wilson,
)
from bench.types import Estimate
from bench.value.assumed import Array

LEVEL = 0.9
"""Central intervals of 90 %: 5 % on either side, the same as the one-sided 95 % bounds of gates."""


def estimate(value: float | None, draws: Array | None, n: int, method: str) -> Estimate:
    """`draws` None: no interval can be given. Infinite or missing bounds become None.

    An interval holds its own point, which rounding or a skewed tail of draws may just leave.
    """
    point = value if value is not None and np.isfinite(value) else None
    low = high = None
    if draws is not None and point is not None and np.isfinite(draws).any():
        low, high = _interval(draws)
        low = min(low, point) if np.isfinite(low) else low
        high = max(high, point)
    return Estimate(
        value=point, low=_finite(low), high=_finite(high), level=LEVEL, n=n, method=method
    )


def _interval(draws: Array) -> tuple[float, float]:
    """The central interval; draws that are infinite (never paid back) count as beyond every number."""
    if not np.isinf(draws).any():
        return percentile_interval(draws, LEVEL)
    known = np.sort(draws[~np.isnan(draws)])
    at = (len(known) - 1) * (1 - LEVEL) / 2
    return float(known[int(np.floor(at))]), float(known[int(np.ceil(len(known) - 1 - at))])


def share_positive(draws: Array) -> float:
    """The share of draws above zero; resamples that drew no item are left out."""
    return float((draws[~np.isnan(draws)] > 0).mean())


def _finite(bound: float | None) -> float | None:
    return bound if bound is not None and np.isfinite(bound) else None


def unknown(n: int, method: str) -> Estimate:
    """A figure that does not arise or was not measured."""
    return Estimate(value=None, low=None, high=None, level=LEVEL, n=n, method=method)


def mean_by_cluster(values: Array, clusters: Array, resamples: int, seed: int) -> list[Estimate]:
    """Means of the columns of (items, k), NaN left out, with cluster-bootstrap intervals."""
    draws = None
    if len(np.unique(clusters)) >= 2:
        draws = cluster_bootstrap(values, clusters, resamples, seed)
    found = []
    for at in range(values.shape[1]):
        column = values[:, at]
        n = int((~np.isnan(column)).sum())
        point = float(np.nanmean(column)) if n else None
        columns = None
        here = len(np.unique(clusters[~np.isnan(column)]))
        if draws is not None and point is not None and here >= 2:
            columns = point + few_clusters_factor(here) * (draws[:, at] - point)
            if np.nanmin(column) >= 0 and np.nanmax(column) <= 1:
                columns = np.clip(columns, 0.0, 1.0)
        told = estimate(point, columns, n, "cluster bootstrap of items")
        found.append(share_without_spread(told, here))
    return found


def share_without_spread(told: Estimate, clusters: int) -> Estimate:
    """A share of 0 or 1 resamples to itself, which is no certainty: Wilson's interval over clusters instead.

    Clusters, not items, are counted, since items of a cluster may all have gone the same way for one
    reason. Estimates that have a spread, or are no shares, are returned as they are.
    """
    if told.value not in (0.0, 1.0) or told.low != told.high or clusters < 2:
        return told
    low, high = wilson(clusters if told.value else 0, clusters, LEVEL)
    return told.model_copy(update={"low": low, "high": high, "method": "Wilson over clusters"})


def quantile_of_latency(seconds: Array, share: float) -> Estimate:
    """A quantile with its distribution-free interval from order statistics.

    Source: David & Nagaraja (2003), Order Statistics, section 7.1: the bounds are order statistics whose
    ranks are binomial quantiles.
    """
    ordered = np.sort(seconds[~np.isnan(seconds)])
    n = len(ordered)
    if n == 0:
        return unknown(0, "not timed")
    at_most = bdtr(np.arange(n, dtype=float), n, share)
    low = int(np.searchsorted(at_most, (1 - LEVEL) / 2, side="right")) - 1
    high = int(np.searchsorted(at_most, (1 + LEVEL) / 2))
    return Estimate(
        value=float(np.quantile(ordered, share)),
        low=float(ordered[low]) if low >= 0 else None,
        high=float(ordered[high]) if high < n else None,
        level=LEVEL,
        n=n,
        method="order statistics",
    )
