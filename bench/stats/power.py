"""How many items a comparison needs, and what the items at hand can show."""

import math

from scipy.special import ndtri

from bench.stats.arguments import check_not_negative, check_positive, check_share


def _variance_per_item(
    item_variance: float, noise_variance_a: float, noise_variance_b: float, repeats: int
) -> float:
    """Variance of an item's difference, its repeats averaged: omega^2 + (s_a^2 + s_b^2) / K."""
    check_not_negative("item_variance", item_variance)
    check_not_negative("noise_variance_a", noise_variance_a)
    check_not_negative("noise_variance_b", noise_variance_b)
    check_positive("repeats", repeats)
    return item_variance + (noise_variance_a + noise_variance_b) / repeats


def _quantiles(alpha: float, power: float) -> float:
    """Quantile of the two-sided test plus that of the power: 2.80 for 5 % and 80 %."""
    check_share("alpha", alpha)
    check_share("power", power)
    total = float(ndtri(1 - alpha / 2) + ndtri(power))
    if total <= 0:
        raise ValueError(f"power: {power} is below what chance gives at alpha {alpha}")
    return total


def sample_size(  # noqa: PLR0913, PLR0917 - the terms of the published formula
    delta: float,
    item_variance: float,
    noise_variance_a: float = 0,
    noise_variance_b: float = 0,
    repeats: int = 1,
    alpha: float = 0.05,
    power: float = 0.8,
) -> float:
    """Items needed for a paired comparison to find a difference of `delta`; not rounded.

    `item_variance` is the variance over items of the true difference, the noise variances are
    those of one trial of either candidate about its item's mean, `repeats` the trials per item
    and candidate. All in the squared unit of the score; independent items (else multiply by
    `design_effect`); two-sided test.

    Source: Miller (2024), arXiv 2411.00640, on power, with its example: variances 1/9 and 1/6,
    a difference of 0.03; ten repeats save two items in three.

    >>> print(f"{sample_size(0.03, 1 / 9, 1 / 6, 1 / 6):.2f}")
    3875.99
    >>> print(f"{sample_size(0.03, 1 / 9, 1 / 6, 1 / 6, repeats=10):.2f}")
    1259.70
    """
    check_positive("delta", delta)
    variance = _variance_per_item(item_variance, noise_variance_a, noise_variance_b, repeats)
    return _quantiles(alpha, power) ** 2 * variance / delta**2


def minimum_detectable_effect(  # noqa: PLR0913, PLR0917 - the terms of the published formula
    n: float,
    item_variance: float,
    noise_variance_a: float = 0,
    noise_variance_b: float = 0,
    repeats: int = 1,
    alpha: float = 0.05,
    power: float = 0.8,
) -> float:
    """Smallest difference that `n` items find with probability `power`; `sample_size` inverted.

    Arguments, unit and source as there. Example: 198 items, one repeat.

    >>> print(f"{minimum_detectable_effect(198, 1 / 9, 1 / 6, 1 / 6):.4f}")
    0.1327
    """
    check_positive("n", n)
    variance = _variance_per_item(item_variance, noise_variance_a, noise_variance_b, repeats)
    return _quantiles(alpha, power) * math.sqrt(variance / n)
