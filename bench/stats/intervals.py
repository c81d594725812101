"""How far a rate may lie from the share that was counted."""

import math

from scipy.special import betaincinv, ndtri

from bench.stats.arguments import check_count, check_share


def wilson(successes: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Two-sided score interval for a rate, (low, high).

    Unlike the textbook interval it is not empty when every case, or none, succeeded. Assumes
    independent cases: for several trials of one item use `cluster_bootstrap`.

    No case (`n` = 0) says nothing: (0.0, 1.0).

    Source: Wilson (1927), JASA 22:209-212; Brown, Cai & DasGupta (2001), Statistical Science
    16:101-133. Example: 29 right of 150, the shared-store run of FinanceBench.

    >>> low, high = wilson(29, 150)
    >>> print(f"{low:.4f} {high:.4f}")
    0.1381 0.2639
    """
    check_share("level", level)
    check_count(successes, n)
    if n == 0:
        return 0.0, 1.0
    z = float(ndtri((1 + level) / 2))
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2) / (1 + z * z / n)
    # The ends are exact in algebra; rounding must not push them past 0 and 1.
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == n else centre + half
    return low, high


def clopper_pearson_upper(successes: int, n: int, level: float = 0.95) -> float:
    """One-sided exact upper bound for a rate: the bound a hard gate is held against.

    The rate at which `successes` or fewer of `n` would turn up with probability 1 - `level`. Never
    too low, whatever `n`: 59 cases without a miss are needed to claim a miss rate under 5 %. Assumes
    independent cases: for several items of one document use `rate_upper`.

    No case (`n` = 0) rules nothing out: 1.0.

    Source: Clopper & Pearson (1934), Biometrika 26:404-413, as a beta quantile.

    >>> print(f"{clopper_pearson_upper(0, 59):.5f} {clopper_pearson_upper(5, 70):.5f}")
    0.04951 0.14433
    """
    check_share("level", level)
    check_count(successes, n)
    if successes == n:
        return 1.0
    return float(betaincinv(successes + 1, n - successes, level))
