"""How bad the bad end is: the mean of the worst share of outcomes (CVaR, expected shortfall)."""

import numpy as np
import numpy.typing as npt

from bench.stats.arguments import check_share

Array = npt.NDArray[np.float64]


def tail_mean(draws: npt.ArrayLike, share: float = 0.05) -> float:
    """Mean of the worst, that is lowest, `share` of the draws (n,).

    Where n * share is no whole number, the draw at the boundary counts by its fraction. NaN draws are
    left out; raises ValueError when no draw is left.

    Source: Rockafellar & Uryasev (2002), Journal of Banking & Finance 26:1443-1471, section 6.
    Example: a quarter of six draws is the worst and half of the next.

    >>> print(f"{tail_mean([-10, -4, 0, 1, 2, 3], share=0.25):.1f}")
    -8.0
    """
    check_share("share", share)
    numbers = np.asarray(draws, dtype=np.float64)
    if numbers.ndim != 1:
        raise ValueError(f"draws: shape {numbers.shape} is not one number a draw")
    numbers = numbers[~np.isnan(numbers)]
    if len(numbers) == 0:
        raise ValueError("draws: there is no number among them")
    return _worst(numbers, np.ones(len(numbers)), share)


def tail_mean_of_outcomes(
    values: npt.ArrayLike, probabilities: npt.ArrayLike, share: float = 0.05
) -> float:
    """Mean of the worst `share` of a distribution given as `values` (k,) and their `probabilities`.

    An outcome at the boundary counts by the probability still missing. Raises ValueError unless the
    probabilities are at least 0 and add up to 1, and on a value that is NaN.

    Source: as `tail_mean`. Example: a loss of 800 in two tasks of a hundred and a gain of 57 otherwise.

    >>> print(f"{tail_mean_of_outcomes([57, -800], [0.98, 0.02]):.1f}")
    -285.8
    """
    check_share("share", share)
    outcomes = np.asarray(values, dtype=np.float64)
    weights = np.asarray(probabilities, dtype=np.float64)
    if outcomes.ndim != 1 or outcomes.shape != weights.shape:
        raise ValueError(f"values: shape {outcomes.shape} is not that of {weights.shape} chances")
    if np.isnan(outcomes).any():
        raise ValueError("values: there is NaN among them")
    if not ((weights >= 0).all() and abs(weights.sum() - 1) < 1e-9):
        raise ValueError(f"probabilities: {weights.sum()} in all, 1 of numbers above 0 expected")
    return _worst(outcomes, weights, share)


def _worst(values: Array, weights: Array, share: float) -> float:
    """Mean of the lowest values that together hold `share` of all weight."""
    order = np.argsort(values, kind="stable")
    values, weights = values[order], weights[order]
    upto = np.cumsum(weights)
    taken = np.clip(share * upto[-1] - (upto - weights), 0, weights)
    kept = taken > 0
    return float(np.average(values[kept], weights=taken[kept]))
