"""Right every time, not once."""

import math

from bench.stats.arguments import check_count


def pass_hat_k(successes: int, n: int, k: int) -> float:
    """Estimate pass^k: the probability that `k` further trials of an item all succeed.

    C(successes, k) / C(n, k), unbiased for p^k from `successes` out of `n` trials of one item;
    average it over items. Raising the observed share to the k-th power would be biased upwards.
    Raises ValueError unless 1 <= k <= n: k trials in a row cannot be judged from fewer.

    Source: Yao et al. (2024), tau-bench, arXiv 2406.12045. Example: 6 of 8 trials.

    >>> print(f"{pass_hat_k(6, 8, 4):.4f}")
    0.2143
    """
    check_count(successes, n)
    if not 1 <= k <= n:
        raise ValueError(f"k: {k} is not in 1..{n}, the number of trials")
    return math.comb(successes, k) / math.comb(n, k)
