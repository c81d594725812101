"""The area under the risk-coverage curve: how well confidence puts harmful answers last.

Source: Geifman, Uziel & El-Yaniv (2019), "Bias-Reduced Uncertainty Estimation for Deep Neural
Classifiers", ICLR, arXiv 1805.08206.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import digamma

from bench.value.assumed import Array


def ratio(top: Array, bottom: Array) -> Array:
    """Quotients; NaN over 0."""
    out = np.full(top.shape, np.nan)
    np.divide(top, bottom, out=out, where=bottom > 0)
    return out


def area(answers: npt.ArrayLike, harmful: npt.ArrayLike) -> Array:
    """Mean risk over all coverages 1/n, 2/n, ... 1, surest answers first: (..., groups) in, (...) out.

    A group holds answers that are equally sure: so many `answers`, of them `harmful`, whose order is
    left to chance. With a answers and H harmful ones before a group of g with a share p of harm, its
    risks add up to p·g + (H - p·a)·(digamma(a+g+1) - digamma(a+1)). NaN without answers.

    Example: right, wrong, right, each less sure than the one
    before: risks 0, 1/2, 1/3; all equally sure: 1/3.

    >>> print(f"{area([1, 1, 1], [0, 1, 0]):.4f} {area([3], [1]):.4f}")
    0.2778 0.3333
    """
    size, harm = np.asarray(answers, dtype=float), np.asarray(harmful, dtype=float)
    before = size.cumsum(axis=-1) - size
    harm_before = harm.cumsum(axis=-1) - harm
    share = np.divide(harm, size, out=np.zeros_like(harm), where=size > 0)
    steps = digamma(before + size + 1) - digamma(before + 1)
    risks = (harm + (harm_before - share * before) * steps).sum(axis=-1)
    return ratio(np.asarray(risks), np.asarray(size.sum(axis=-1)))


def excess_area(answers: npt.ArrayLike, harmful: npt.ArrayLike) -> Array:
    """`area` less that of the ideal order, which puts every harmless answer first; never below 0.

    To twelve decimals, since differences of digammas leave dust.

    >>> print(f"{excess_area([1, 1, 1], [0, 1, 0]):.4f} {excess_area([2, 1], [0, 1]):.4f}")
    0.1667 0.0000
    """
    size, harm = np.asarray(answers, dtype=float), np.asarray(harmful, dtype=float)
    bad = harm.sum(axis=-1)
    good = size.sum(axis=-1) - bad
    ideal = area(np.stack([good, bad], axis=-1), np.stack([np.zeros_like(bad), bad], axis=-1))
    return np.asarray(np.maximum(area(size, harm) - ideal, 0).round(12)) + 0.0
