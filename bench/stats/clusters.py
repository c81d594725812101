"""Rows that belong together: items of one document, repeats of one item."""

import math

import numpy as np
import numpy.typing as npt

from bench.stats.arguments import check_positive

Z_95 = 1.6448536269514722  # the normal quantile of 95 %


def cluster_codes(clusters: npt.ArrayLike, rows: int) -> tuple[npt.NDArray[np.intp], int]:
    """Codes of the rows, clusters numbered 0, 1, ... in sorted order; and how many clusters.

    Sorted, and not as met, so that two tables of the same items in another order get the same
    numbers and with one seed the same resamples. Labels are text or numbers, one a row; raises
    ValueError when a row has none.
    """
    labels = np.asarray(clusters)
    if labels.shape != (rows,):
        raise ValueError(f"clusters: shape {labels.shape} does not give one label to {rows} rows")
    for row, label in enumerate(labels.tolist()):
        if label is None or label != label:  # noqa: PLR0124 - true of NaN alone
            raise ValueError(f"clusters: row {row} has no label")
    names, codes = np.unique(labels, return_inverse=True)
    return codes, len(names)


def cluster_sums(
    values: npt.NDArray[np.float64], codes: npt.NDArray[np.intp], count: int
) -> npt.NDArray[np.float64]:
    """Add up `values`, (n,) or (n, k), within clusters: (count,) or (count, k)."""
    sums = np.zeros((count, *values.shape[1:]))
    np.add.at(sums, codes, values)
    return sums


def clustered_se(values: npt.ArrayLike, clusters: npt.ArrayLike) -> float:
    """Cluster-robust standard error of the mean of `values` (n,).

    sqrt(sum over clusters of (sum of residuals)^2) / n: rows of one cluster may move together. No
    small-sample correction: with fewer than 30 clusters multiply by sqrt(G / (G - 1)) and use a t
    on G - 1 degrees of freedom, as `paired_difference` does. NaN rows are left out. Raises
    ValueError with fewer than two clusters: the residuals of a single one add up to 0, which would
    read as certainty.

    Source: Miller (2024), "Adding error bars to evals", arXiv 2411.00640, on clustered errors;
    Liang & Zeger (1986), Biometrika 73:13-22. Example: 111 000 101 100 in threes, where twelve
    independent rows would give 0.1508.

    >>> y = [1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0]
    >>> print(f"{clustered_se(y, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]):.4f}")
    0.1863
    """
    y = np.asarray(values, dtype=np.float64)
    if y.ndim != 1:
        raise ValueError(f"values: shape {y.shape} is not one number a row")
    codes, _ = cluster_codes(clusters, len(y))
    scored = ~np.isnan(y)
    y, codes = y[scored], codes[scored]
    count = len(np.unique(codes))
    if count < 2:
        raise ValueError(f"clusters: {count} with a value, a standard error needs at least 2")
    residuals = cluster_sums(y - y.mean(), codes, int(codes.max()) + 1)
    return math.sqrt(float(residuals @ residuals)) / len(y)


def design_effect(cluster_size: float, correlation: float) -> float:
    """How many clustered rows carry as much as one independent row: 1 + (m - 1) * rho.

    `cluster_size` is m, rows in a cluster (on average, at least 1); `correlation` is rho, between
    rows of one cluster. n rows are worth n / design_effect rows.

    Source: Kish (1965), Survey Sampling. Example: 500 rows in tens, rho 0.2.

    >>> deff = design_effect(10, 0.2)
    >>> print(f"{deff:.1f} {500 / deff:.1f}")
    2.8 178.6
    """
    check_positive("cluster_size", cluster_size)
    if cluster_size < 1:
        raise ValueError(f"cluster_size: {cluster_size} is below 1")
    if not -1 <= correlation <= 1:
        raise ValueError(f"correlation: {correlation} is not in -1..1")
    effect = 1 + (cluster_size - 1) * correlation
    if effect <= 0:
        raise ValueError(f"correlation: {correlation} is impossible in clusters of {cluster_size}")
    return effect


def few_clusters_factor(clusters: int) -> float:
    """By how much a bootstrap over few clusters is too narrow: sqrt(G / (G - 1)) * t(G - 1) / z.

    Resampled means of G clusters vary by (G - 1) / G too little, and a normal shape ignores that their
    spread was estimated; both are mended as in a cluster-robust t interval. 1 below two clusters.

    Source: Cameron & Miller (2015), A Practitioner's Guide to Cluster-Robust Inference.

    >>> print(f"{few_clusters_factor(17):.3f} {few_clusters_factor(1000):.3f}")
    1.094 1.001
    """
    if clusters < 2:
        return 1.0
    from scipy.special import stdtrit  # half a second, and resampling alone does without

    return math.sqrt(clusters / (clusters - 1)) * float(stdtrit(clusters - 1, 0.95)) / Z_95
