"""Who is beaten by nobody: Pareto sets, of points and of joint draws."""

import numpy as np
from numpy.typing import NDArray

from bench.value.assumed import Array
from bench.value.sample import Mask


def pareto_set(points: Array) -> Mask:
    """Which rows of `points` (candidates, axes) no other dominates: more is better, no NaN.

    A point dominates another that it is no worse than on any axis and better than on one. Points that tie on
    every axis do not dominate each other.

    >>> pareto_set(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.5], [1.0, 0.0]])).tolist()
    [True, True, False, True]
    """
    return np.asarray(_undominated(points[np.newaxis])[0])


def pareto_shares(draws: Array) -> NDArray[np.float64] | None:
    """The share of joint `draws` (resamples, candidates, axes) in which each candidate is in the Pareto set.

    Resamples with a NaN, which drew no item of a candidate, are left out; None when no other is there.
    """
    whole = draws[~np.isnan(draws).any(axis=(1, 2))]
    return np.asarray(_undominated(whole).mean(axis=0)) if len(whole) else None


def _undominated(draws: Array) -> Mask:
    """(resamples, candidates, axes) -> (resamples, candidates)."""
    told: Mask = np.ones(draws.shape[:2], dtype=bool)
    for at in range(draws.shape[1]):
        own = draws[:, at : at + 1]
        beaten = np.all(draws >= own, axis=2) & np.any(draws > own, axis=2)
        told[:, at] = ~np.any(beaten, axis=1)
    return told
