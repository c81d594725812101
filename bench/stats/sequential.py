"""Several looks at growing data, and one error rate for all of them.

Whoever tests at 5 % after every fifth of the items errs in 14 %. An alpha-spending function says how much
of alpha may be gone by the time a share of the information is in, and from it follows, look by look, the
nominal level: what the p-value of that look is held against. Looks may come when they like, as long as
when they come does not hang on what was seen.

The recursion is that of independent normal increments (Brownian motion); with an estimated spread the same
nominal level is applied to the p-value of the t ("significance level approach", Jennison & Turnbull 2000,
Group Sequential Methods, chapter 11), which tests/calibration simulates.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from bench.stats.arguments import check_positive, check_rate, check_share

GAMMA = 1.0
"""Spends early, about as Pocock: with ten looks at 5 %, an effect at 0 or at twice the margin that all the
items would settle with 95 % power takes 51 % of them on average. 3 takes least, 50 %, but then only 86 % of the
runs are settled at all, 91 % with 1 and 94.5 % with -4, which takes 63 %."""

Spending = Callable[[float, float], float]
"""alpha and the share of the information that is in (0..1): how much of alpha may be spent by then."""

_FAR = 8.0  # standard deviations; beyond lies 1e-15
_CLOSEST = 1e-3  # looks closer to one another are one: the integral would need ever more nodes
_MOST_STEPS = 50
_SOLVED = 1e-10  # relative error of the alpha spent at a look

Array = npt.NDArray[np.float64]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


def hwang_shih_decani(alpha: float, fraction: float, gamma: float = GAMMA) -> float:
    """Alpha spent when `fraction` (0..1) of the information is in: alpha (1 - e^(-g t)) / (1 - e^-g).

    gamma -4 is close to O'Brien-Fleming, 1 to Pocock, 0 spends evenly.

    Source: Hwang, Shih & DeCani (1990), Statistics in Medicine 9:1439-1445.

    >>> [round(hwang_shih_decani(0.025, t, -4), 5) for t in (0.25, 0.5, 1)]
    [0.0008, 0.00298, 0.025]
    """
    if gamma == 0:
        return alpha * fraction
    return alpha * math.expm1(-gamma * fraction) / math.expm1(-gamma)


def nominal_levels(
    alpha: float,
    fractions: Sequence[float],
    spending: Spending = hwang_shih_decani,
    *,
    final: bool = False,
) -> tuple[float, ...]:
    """The one-sided nominal level of each look: reject at look k when its p-value is at most the k-th.

    Were the truth on the boundary, a rejection at any of the looks has probability alpha in all.
    `fractions` (k,) are the shares of the planned information in at the looks up to now, rising;
    a level hangs on the looks up to its own alone, so that later looks may come otherwise than
    planned. Above 1, more came than planned. `final` says that the last of them is the last look,
    which spends what is left even below 1; from 1 on that is so anyhow, and a further look has 0,
    as has one that brings less than a thousandth more than the one before.

    Source: Lan & DeMets (1983), Biometrika 70:659-663. Example: three looks, gamma -4, as printed
    by gsDesign (Anderson 2022), https://keaven.github.io/gsDesign: z 3.0107, 2.5465, 1.9992.

    >>> def spent(alpha, fraction):
    ...     return hwang_shih_decani(alpha, fraction, gamma=-4)
    >>> levels = nominal_levels(0.025, [1 / 3, 2 / 3, 1], spent)
    >>> [round(-float(ndtri(level)), 4) for level in levels]
    [3.0107, 2.5465, 1.9992]
    """
    check_share("alpha", alpha)
    _check_fractions(fractions)
    return _levels(alpha, tuple(fractions), spending, final)


@lru_cache(maxsize=1024)
def _levels(
    alpha: float, fractions: tuple[float, ...], spending: Spending, final: bool
) -> tuple[float, ...]:
    levels = [0.0] * len(fractions)
    looks = _apart(fractions)
    walk = _start(drift=0.0)
    spent = 0.0
    for k, following in zip_longest(looks, looks[1:]):
        ends = fractions[k] >= 1 or (final and k == len(fractions) - 1)
        target = alpha if ends else spending(alpha, fractions[k])
        bound = walk.bound_spending(fractions[k], target - spent)
        levels[k] = float(ndtr(-bound))
        spent = max(spent, target)
        if following is not None:
            walk = walk.below(fractions[k], bound, fractions[following])
    return tuple(levels)


def crossing_probabilities(
    levels: Sequence[float], fractions: Sequence[float], drift: float = 0.0
) -> tuple[float, ...]:
    """Probability that the first rejection comes at look k, for each look (k,).

    `levels` and `fractions` are (k,), as in `nominal_levels`; `drift` is the expected z-value at
    fraction 1: 0 on the boundary, z(1 - alpha) + z(power) for an effect that a single look at all
    the information finds with that power.

    Source: Armitage, McPherson & Rowe (1969), Journal of the Royal Statistical Society A 132:235-244;
    example: their five looks at a two-sided 5 %, where 14.2 % err (here one side of it).

    >>> print(f"{2 * sum(crossing_probabilities([0.025] * 5, [0.2, 0.4, 0.6, 0.8, 1])):.3f}")
    0.142
    """
    _check_fractions(fractions)
    for level in levels:
        check_rate("levels", level)
    looks = [k for k, level in enumerate(levels) if level > 0]  # at the others nobody looks
    if _apart([fractions[k] for k in looks]) != list(range(len(looks))):
        raise ValueError(f"fractions: {fractions} has looks too close to be told apart")
    found = [0.0] * len(levels)
    walk = _start(drift)
    for k, following in zip_longest(looks, looks[1:]):
        bound = -float(ndtri(levels[k]))
        found[k] = walk.crossing(fractions[k], bound)
        if following is not None:
            walk = walk.below(fractions[k], bound, fractions[following])
    return tuple(found)


def rejected(
    p_values: Sequence[float | None],
    alpha: float,
    fractions: Sequence[float],
    *,
    already: Sequence[bool] | None = None,
    spending: Spending = hwang_shih_decani,
    final: bool = False,
) -> list[bool]:
    """Which of the planned contrasts are rejected at this look, Holm over all of them and all looks.

    Step down: the smallest p-value is held against the nominal level of this look for alpha / m, the next
    one for alpha / (m - 1), until one stays above. The probability of any false rejection at any
    look is at most alpha, whatever the dependence between contrasts; one look at fraction 1 is `holm`.
    `fractions` (k,) are those of the looks up to this one, `final` as in `nominal_levels`. `already`
    names those rejected at earlier looks, which stay so and leave their alpha to the others. A
    p-value that is not known (None) is not rejected and counts among the planned.

    Source: Maurer & Bretz (2013), Statistics in Biopharmaceutical Research 5:311-320.

    >>> rejected([0.011, 0.04, 0.03, 0.005], 0.05, [1.0])
    [True, False, False, True]
    >>> rejected([0.011, 0.04, 0.03, 0.005], 0.05, [0.5])
    [False, False, False, True]
    """
    told = [False] * len(p_values) if already is None else list(already)
    if len(told) != len(p_values):
        raise ValueError(f"already: {len(told)} answers for {len(p_values)} p-values")
    known = [(p, i) for i, p in enumerate(p_values) if p is not None and not told[i]]
    left = told.count(False)
    for p, i in sorted(known):
        check_rate("p_values", p)
        if p > nominal_levels(alpha / left, fractions, spending, final=final)[-1]:
            break
        told[i] = True
        left -= 1
    return told


@dataclass(frozen=True, slots=True)
class _Walk:
    """Where the sum of the information stands after the looks so far, if none rejected.

    Brownian motion with `drift`, at time `fraction`: `mass` (nodes,) at `at` (nodes,), in all the
    probability that it is still under way.
    """

    fraction: float
    at: Array
    mass: Array
    drift: float

    def crossing(self, fraction: float, bound: float) -> float:
        """Probability of a z-value of at least `bound` at the next look, and none before."""
        return float(self.mass @ ndtr(self._above(fraction, bound)))

    def bound_spending(self, fraction: float, alpha: float) -> float:
        """The z-value that is reached at the next look, and none before, with probability alpha.

        Newton's method from the right on the logarithm, which is concave: it cannot overshoot.
        """
        if alpha <= 0:
            return math.inf
        gone = fraction - self.fraction
        nearest = float(self.at.max()) - math.sqrt(gone) * float(ndtri(alpha / self.mass.sum()))
        bound = min(
            -float(ndtri(alpha)), nearest / math.sqrt(fraction)
        )  # at or right of the answer
        step = math.sqrt(fraction / gone)
        for _ in range(_MOST_STEPS):
            above = self._above(fraction, bound)
            reached = float(self.mass @ ndtr(above))
            if reached >= alpha * (1 - _SOLVED):
                break
            slope = step * float(self.mass @ np.exp(-above * above / 2)) / math.sqrt(2 * math.pi)
            bound -= math.log(alpha / reached) * reached / slope
        return bound

    def below(self, fraction: float, bound: float, following: float) -> "_Walk":
        """After a look at `fraction` that did not reach `bound`; the next one is at `following`."""
        middle, reach = self.drift * fraction, _FAR * math.sqrt(fraction)
        low, high = middle - reach, min(middle + reach, bound * math.sqrt(fraction))
        step = math.sqrt(fraction - self.fraction)
        finest = min(step, math.sqrt(following - fraction))
        at, weights = _panels(low, max(low, high), 4 * finest)
        z = (at[:, np.newaxis] - self.at - self.drift * step**2) / step
        density = np.exp(-z * z / 2) @ self.mass / (step * math.sqrt(2 * math.pi))
        return _Walk(fraction, at, weights * density, self.drift)

    def _above(self, fraction: float, bound: float) -> Array:
        gone = fraction - self.fraction
        return (self.at + self.drift * gone - bound * math.sqrt(fraction)) / math.sqrt(gone)


def _start(drift: float) -> _Walk:
    return _Walk(0.0, np.zeros(1), np.ones(1), drift)


def _panels(low: float, high: float, width: float) -> tuple[Array, Array]:
    """Nodes and weights of an integral from `low` to `high`: Gauss-Legendre in panels at most so wide."""
    count = max(1, math.ceil((high - low) / width))
    half = (high - low) / (2 * count)
    middles = low + half * (2 * np.arange(count) + 1)
    nodes = (middles[:, np.newaxis] + half * _NODES).ravel()
    return nodes, np.tile(half * _WEIGHTS, count)


def _apart(fractions: Sequence[float]) -> list[int]:
    """The looks that bring at least a thousandth of the information that was not in at the one before."""
    looks: list[int] = []
    before = 0.0
    for k, fraction in enumerate(fractions):
        if fraction - before >= _CLOSEST * fraction:
            looks.append(k)
            before = fraction
    return looks


def _check_fractions(fractions: Sequence[float]) -> None:
    before = 0.0
    for fraction in fractions:
        check_positive("fractions", fraction)
        if fraction <= before:
            raise ValueError(f"fractions: {fraction} after {before} is not more information")
        before = fraction
