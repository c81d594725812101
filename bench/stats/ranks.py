"""Order instead of size: which candidate comes first, which number rises with which."""

import math

import numpy as np
import numpy.typing as npt

from bench.stats.arguments import check_share
from bench.stats.clusters import cluster_codes


def rank_intervals(draws: npt.ArrayLike, level: float = 0.95) -> list[tuple[int, int]]:
    """Ranks a candidate may hold, (low, high) with 1 the best, for each in order.

    `draws` is resamples x candidates, higher is better, every row one joint draw (the columns
    share their resamples). The interval holds the candidate's rank in the middle `level` of the
    rows. In a tie the low end takes the best of the shared ranks and the high end the worst, so
    twins both get (1, 2). NaN ranks last. Say "best" only of a candidate whose interval is (1, 1).

    Source: Goldstein & Spiegelhalter (1996), JRSS A 159:385-443, section 3; Hall & Miller (2009),
    Annals of Statistics 37:3929-3959.

    >>> rank_intervals([[3, 2, 1], [3, 1, 2], [3, 2, 1], [3, 1, 2]])
    [(1, 1), (2, 3), (2, 3)]
    """
    check_share("level", level)
    table = np.asarray(draws, dtype=np.float64)
    if table.ndim != 2 or 0 in table.shape:
        raise ValueError(f"draws: shape {table.shape} is not resamples x candidates")
    table = np.where(np.isnan(table), -np.inf, table)
    tail = (1 - level) / 2
    intervals = []
    for own in table.T[:, :, np.newaxis]:
        best = 1 + (table > own).sum(axis=1)
        worst = (table >= own).sum(axis=1)
        # Inverted: a rank that some row gave, not a fraction between two ranks.
        low = np.quantile(best, tail, method="inverted_cdf")
        high = np.quantile(worst, 1 - tail, method="inverted_cdf")
        intervals.append((int(low), int(high)))
    return intervals


def spearman_within(x: npt.ArrayLike, y: npt.ArrayLike, groups: npt.ArrayLike) -> float | None:
    """Association of two numbers per row once the group (the candidate) is held fixed: -1..1.

    `x`, `y` and `groups` are (n,). Both numbers are ranked inside each group (ties share their
    mean rank), divided by the group's size so that a large group does not count more than its
    rows, and centred; the pooled correlation of these ranks is returned. A better candidate
    being better in both therefore adds nothing. With one group it is Spearman's rho. Rows where
    either is NaN are left out. None when x or y varies inside no group.

    Source: Taylor (1987), Biometrics 43:409-416, rank correlation with a blocking variable.
    Example, one group: Wikipedia, "Spearman's rank correlation coefficient": IQ and hours
    of television, rho -29/165.

    >>> iq = [86, 97, 99, 100, 101, 103, 106, 110, 112, 113]
    >>> hours = [2, 20, 28, 27, 50, 29, 7, 17, 6, 12]
    >>> print(f"{spearman_within(iq, hours, ['m'] * 10):.4f}")
    -0.1758
    """
    numbers = np.stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)])
    if numbers.ndim != 2:
        raise ValueError(f"x, y: shape {numbers.shape[1:]} is not one number a row")
    codes, _ = cluster_codes(groups, numbers.shape[1])
    scored = ~np.isnan(numbers).any(axis=0)
    codes = codes[scored]
    ranks_x, ranks_y = (ranks_within(row[scored], codes) for row in numbers)
    spread = math.sqrt(float(ranks_x @ ranks_x) * float(ranks_y @ ranks_y))
    if spread == 0:
        return None
    return max(-1.0, min(1.0, float(ranks_x @ ranks_y) / spread))


def ranks_within(
    values: npt.NDArray[np.float64], codes: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64]:
    """Mean ranks of `values` (n,) inside the groups `codes` (n,), centred on 0, divided by the group's size.

    >>> ranks_within(np.array([10.0, 30.0, 20.0, 5.0]), np.array([0, 0, 0, 1])).round(3).tolist()
    [-0.333, 0.333, 0.0, 0.0]
    """
    if len(values) == 0:
        return values
    _, ties, tied = np.unique(
        np.stack([codes.astype(np.float64), values]),
        axis=1,
        return_inverse=True,
        return_counts=True,
    )
    upto = np.cumsum(tied)  # rows before and in a tie, over groups in order
    sizes = np.bincount(codes)
    before = np.cumsum(sizes) - sizes
    ranks = (upto - (tied - 1) / 2)[ties.ravel()] - before[codes]
    return np.asarray((ranks - (sizes[codes] + 1) / 2) / sizes[codes], dtype=np.float64)
