"""The bootstrap over whole clusters: what the run could have shown with other items."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from bench.stats.arguments import check_share
from bench.stats.clusters import cluster_codes, cluster_sums

# Cells of the table of counts held at a time (2 MB): it stays in the processor's cache.
_CELLS = 1 << 18


@lru_cache(maxsize=1)
def _libraries() -> ThreadpoolController:
    """The linear algebra libraries at hand. Their threads wait by spinning, which products this small never repay."""
    return ThreadpoolController()


def resampled_sums(
    sums_per_cluster: npt.ArrayLike, resamples: int = 10_000, seed: int = 0
) -> npt.NDArray[np.float64]:
    """Column sums of resampled clusters: (clusters, k) in, (resamples, k) out.

    A resample draws as many clusters as there are, with replacement, and adds up their rows. The
    draws depend on the number of clusters and the seed alone: every column, and every call with
    the same number of clusters, sees the same draws, so candidates may be resampled in separate
    calls and still be compared pair by pair. A ratio of two columns (a sum and its number of
    rows) is a mean. With one cluster every resample is the same, which is no evidence of
    precision. Memory beyond the result is bounded (some MB). Raises ValueError on NaN.

    Source: Davison & Hinkley (1997), Bootstrap Methods and their Application, section 3.8.

    >>> sums = resampled_sums([[3.0, 3.0], [0.0, 3.0], [2.0, 3.0]], resamples=4)
    >>> sums.shape, sums[:, 1].tolist()
    ((4, 2), [9.0, 9.0, 9.0, 9.0])
    """
    sums = np.asarray(sums_per_cluster, dtype=np.float64, order="F")
    if sums.ndim != 2 or len(sums) == 0:
        raise ValueError(f"sums_per_cluster: shape {sums.shape} is not (clusters, columns)")
    if np.isnan(sums).any():
        raise ValueError("sums_per_cluster: NaN would spread to every resample")
    if resamples < 1:
        raise ValueError(f"resamples: {resamples} is below 1")
    clusters = len(sums)
    rng = np.random.default_rng(seed)
    rows = max(1, min(resamples, _CELLS // clusters))
    offsets = np.arange(rows)[:, np.newaxis] * clusters
    out = np.empty((resamples, sums.shape[1]))
    with _libraries().limit(limits=1, user_api="blas"):
        for start in range(0, resamples, rows):
            size = min(rows, resamples - start)
            draws = rng.integers(0, clusters, size=(size, clusters))
            draws += offsets[:size]
            counts = np.bincount(draws.ravel(), minlength=size * clusters).reshape(size, clusters)
            out[start : start + size] = counts.astype(np.float64) @ sums
    return out


def cluster_bootstrap(
    values: npt.ArrayLike, clusters: npt.ArrayLike, resamples: int = 10_000, seed: int = 0
) -> npt.NDArray[np.float64]:
    """Means of resampled clusters: `values` (n,) or (n, k) in, (resamples, k) out.

    The mean of a resample is the sum over the drawn clusters divided by their number of rows, so
    large clusters weigh more, as in the plain mean. All columns see the same draws: the
    difference of two columns is a paired difference. A row with NaN in a column is left out of
    that column alone; a resample with no row left in a column is NaN there, never 0. Raises
    ValueError with fewer than two clusters, which say nothing about how clusters differ. With
    fewer than about 30 clusters the intervals come out too narrow.

    Source: Davison & Hinkley (1997), section 3.8; ratio estimator as in Cochran (1977), chapter 6.

    >>> y = [1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0]
    >>> means = cluster_bootstrap(y, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
    >>> means.shape, bool(abs(means.std() - 0.1863) < 0.005)
    ((10000, 1), True)
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim == 1:
        table = table[:, np.newaxis]
    if table.ndim != 2:
        raise ValueError(f"values: shape {table.shape} is neither (rows,) nor (rows, columns)")
    codes, count = cluster_codes(clusters, len(table))
    if count < 2:
        raise ValueError(f"clusters: {count}, a bootstrap needs at least 2")
    scored = ~np.isnan(table)
    features = np.hstack([np.where(scored, table, 0.0), scored.astype(np.float64)])
    drawn = resampled_sums(cluster_sums(features, codes, count), resamples, seed)
    sums, rows = np.hsplit(drawn, 2)
    means = np.full_like(sums, np.nan)
    np.divide(sums, rows, out=means, where=rows > 0)
    return means


def percentile_interval(draws: npt.ArrayLike, level: float = 0.95) -> tuple[float, float]:
    """Middle `level` of the draws (resamples,), as (low, high).

    Quantiles (1 - level) / 2 and (1 + level) / 2, interpolated. NaN draws (resamples without a
    scored row) are left out; raises ValueError when no draw is left.

    Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 13.3.

    >>> low, high = percentile_interval(range(101), level=0.9)
    >>> print(f"{low:.1f} {high:.1f}")
    5.0 95.0
    """
    check_share("level", level)
    numbers = np.asarray(draws, dtype=np.float64)
    if numbers.ndim != 1:
        raise ValueError(f"draws: shape {numbers.shape} is not one number a resample")
    numbers = numbers[~np.isnan(numbers)]
    if len(numbers) == 0:
        raise ValueError("draws: there is no number among them")
    low, high = np.quantile(numbers, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return low, high
