"""The learning curve of a share: where it is heading, how sure that is, and when to stop labelling.

    a(m) = a∞ − (a∞ − a₀)·e^(−m/τ)

m is the effort put in so far, in labels or in months. Source: the exponential learning curve of Heathcote,
Brown & Mewhort (2000), Psychonomic Bulletin & Review 7:185-207.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from bench.types import Estimate

Array = npt.NDArray[np.float64]
Why = Literal["few", "one_place", "flat", "not_converged"]

LEAST_POINTS = 4
"""One more than the curve has parameters."""
LEVEL = 0.9
METHOD = "profile likelihood of the learning curve; n counts runs"
_SHARES, _SCALES = 201, 121
"""How finely shares and scales are searched for the ends of an interval, which is then interpolated."""
_FASTEST, _SLOWEST = 0.2, 20.0
"""Scales that are tried: from a fifth of the smallest step to twenty times the whole span."""
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Point:
    """A share in [0, 1] counted on `n` items after an effort of `x` (labels or months, from 0 on)."""

    x: float
    y: float
    n: int


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """A share that moves from `start` (at no effort) to `ceiling`; `scale` is the effort for 63 % of the way.

    A curve that was fitted keeps its `points`, from which intervals come.
    """

    start: float
    ceiling: float
    scale: float
    points: tuple[Point, ...] = ()

    def at(self, m: float) -> float:
        """The share after an effort of `m`.

        >>> round(LearningCurve(0.60, 0.85, 400).at(400), 10)
        0.7580301397
        """
        return self.ceiling - (self.ceiling - self.start) * math.exp(-m / self.scale)

    def slope(self, m: float) -> float:
        """What the next unit of effort adds to the share: a′(m) = (a∞ − a₀)/τ · e^(−m/τ).

        >>> round(LearningCurve(0.60, 0.85, 400).slope(0), 6)
        0.000625
        """
        return (self.ceiling - self.start) / self.scale * math.exp(-m / self.scale)


@dataclass(frozen=True, slots=True)
class NoCurve:
    """Why no curve is fitted.

    `few`: fewer than four points. `one_place`: fewer than three different efforts. `flat`: every share is
    the same, so any pace would do. `not_converged`: the search found no best curve.
    """

    why: Why


def labels_to_reach(curve: LearningCurve, target: float) -> float | None:
    """The effort from zero at which the share reaches `target`; None if it never does, 0 if it begins there.

    m = −τ·ln((a∞ − target)/(a∞ − a₀)).

    >>> round(labels_to_reach(LearningCurve(0.60, 0.85, 400), 0.80), 6)
    643.775165
    """
    if curve.start >= target:
        return 0.0
    if curve.ceiling <= target:
        return None
    left = (curve.ceiling - target) / (curve.ceiling - curve.start)
    return -curve.scale * math.log(left)


def marginal_value_per_label(
    curve: LearningCurve, m: float, value_slope: float, volume: float, label_cost: float
) -> float:
    """What label m + 1 is worth less what it costs, in money; stop labelling when it is not above zero.

    `value_slope` is money per case for a whole unit of the share (V′(a)), `volume` the cases that will be
    handled with it, `label_cost` the money that one label costs: V′(a)·a′(m)·volume − label cost.

    >>> curve = LearningCurve(0.60, 0.85, 400)
    >>> round(marginal_value_per_label(curve, 400, 66.0, 1000, 5.0), 4)
    10.175
    """
    return value_slope * curve.slope(m) * volume - label_cost


def fit(points: Sequence[Point]) -> LearningCurve | NoCurve:
    """Least squares with a₀ and a∞ kept within [0, 1]; the order of points does not matter.

    Points are weighted by `n`, then once more by n/(a·(1 − a)) of the first curve: shares near 0 and 1 are
    counted more exactly than those between.
    """
    if len(points) < LEAST_POINTS:
        return NoCurve("few")
    told = tuple(sorted(points, key=lambda each: (each.x, each.y, each.n)))
    if len({each.x for each in told}) < LEAST_POINTS - 1:
        return NoCurve("one_place")
    if len({each.y for each in told}) == 1:
        return NoCurve("flat")
    first = _best(_Data.of(told, [0.5] * len(told)), told)
    best = first and _best(_Data.of(told, [first.at(each.x) for each in told]), told)
    return best or NoCurve("not_converged")


def ceiling(curve: LearningCurve) -> Estimate:
    """Where the share is heading, with its interval; an end at 0 or 1 says that no end is in sight."""
    return _estimate(curve, curve.ceiling, math.inf)


def predicted(curve: LearningCurve, m: float) -> Estimate:
    """The expected share after an effort of `m`, with its interval; one run's own luck comes on top."""
    return _estimate(curve, curve.at(m), m)


def _estimate(curve: LearningCurve, value: float, m: float) -> Estimate:
    low = high = None
    if len(curve.points) >= LEAST_POINTS:
        low, high = _interval(curve, m)
        low, high = min(low, value), max(high, value)
    return Estimate(
        value=value, low=low, high=high, level=LEVEL, n=len(curve.points), method=METHOD
    )


@dataclass(frozen=True, slots=True)
class _Data:
    """Points as arrays, the same length each, and the scales worth trying."""

    x: Array
    y: Array
    weight: Array
    scales: Array

    @classmethod
    def of(cls, points: Sequence[Point], shares: Sequence[float]) -> "_Data":
        """Weighted by the inverse variance of counting the expected `shares`, which are kept off 0 and 1."""
        x, y, n = np.array([(each.x, each.y, each.n) for each in points], dtype=float).T
        expected = (n * np.array(shares) + 1) / (n + 2)
        places = np.unique(x)
        slowest = _SLOWEST * (places[-1] - places[0])
        scales = np.geomspace(_FASTEST * np.diff(places).min(), slowest, _SCALES)
        return cls(x, y, n / (expected * (1 - expected)), scales)


def _best(data: _Data, points: tuple[Point, ...]) -> LearningCurve | None:
    """The curve of least weighted squares, searched from the best of a grid; None if that does not end."""
    from scipy.optimize import least_squares  # half a second, and only for those who fit

    shares = np.linspace(0, 1, _SHARES)
    errors, starts = _profile(data, shares, math.inf)
    at = np.unravel_index(int(errors.argmin()), errors.shape)
    first = (float(starts[at]), float(shares[at[0]]), math.log(data.scales[at[1]]))
    root = np.sqrt(data.weight / data.weight.mean())

    def residuals(told: Array) -> Array:
        left = np.exp(-data.x / math.exp(told[2]))
        return np.asarray(root * (told[1] - (told[1] - told[0]) * left - data.y))

    ends = math.log(data.scales[0]), math.log(data.scales[-1])
    best = least_squares(
        residuals,
        first,
        bounds=([0, 0, ends[0]], [1, 1, ends[1]]),
        xtol=1e-12,
        ftol=1e-12,
        gtol=1e-12,
    )
    if not best.success:
        return None
    return LearningCurve(float(best.x[0]), float(best.x[1]), math.exp(best.x[2]), points)


def _interval(curve: LearningCurve, m: float) -> tuple[float, float]:
    """The shares at effort `m` of all curves that fit about as well as the best one.

    "About as well": the weighted squares (1 each, if counting explains them) exceed the least ones by no
    more than z², or, where the points scatter more than counting explains, t² times their own variance with
    n − 3 degrees of freedom. Source: Bates & Watts (1988), Nonlinear Regression Analysis, section 6.1.
    """
    from scipy.special import ndtri, stdtrit

    fitted = [curve.at(each.x) for each in curve.points]
    data = _Data.of(curve.points, fitted)
    least = float((data.weight * (data.y - np.array(fitted)) ** 2).sum())
    freedom = len(data.x) - (LEAST_POINTS - 1)
    quantile = (1 + LEVEL) / 2
    if least / freedom > 1:
        allowed = least + float(stdtrit(freedom, quantile)) ** 2 * least / freedom
    else:
        allowed = least + float(ndtri(quantile)) ** 2
    shares = np.linspace(0, 1, _SHARES)
    return _crossings(shares, _profile(data, shares, m)[0].min(axis=1), allowed)


def _crossings(shares: Array, errors: Array, allowed: float) -> tuple[float, float]:
    """The first and the last share whose error is allowed, interpolated to where the error crosses."""
    inside = np.flatnonzero(errors <= allowed)
    if len(inside) == 0:  # narrower than the grid
        at = int(errors.argmin())
        return float(shares[max(at - 1, 0)]), float(shares[min(at + 1, len(shares) - 1)])
    return (
        _crossing(shares, errors, allowed, int(inside[0]), -1),
        _crossing(shares, errors, allowed, int(inside[-1]), 1),
    )


def _crossing(shares: Array, errors: Array, allowed: float, at: int, step: int) -> float:
    beyond = at + step
    if not 0 <= beyond < len(shares) or not math.isfinite(errors[beyond]):
        return float(shares[at])
    part = (allowed - errors[at]) / (errors[beyond] - errors[at])
    return float(shares[at] + part * (shares[beyond] - shares[at]))


def _profile(data: _Data, shares: Array, m: float) -> tuple[Array, Array]:
    """The least weighted squares of curves through (m, share), by share and scale, and their other end.

    For one scale the curve is a line in a₀ and a∞, so that one of the two follows from the share at `m`
    and the other (returned; a₀ when m is infinite) is least squares within [0, 1]. Infinite where no
    curve within [0, 1] passes.
    """
    left = np.exp(-data.x[None, :] / data.scales[:, None])
    of_start = np.exp(-m / data.scales)[:, None]
    early = of_start > 0.5  # the share at m is mostly a₀: then a∞ is free
    main, rest = np.where(early, left, 1 - left), np.where(early, 1 - left, left)
    of_main, of_rest = (
        np.where(early, of_start, 1 - of_start),
        np.where(early, 1 - of_start, of_start),
    )
    through = main / of_main
    free = rest - of_rest * through
    weight = data.weight[None, :]

    def product(a: Array, b: Array) -> Array:
        return np.asarray((weight * a * b).sum(axis=1))

    y = data.y[None, :]
    share = shares[:, None]
    size = np.maximum(product(free, free), _TINY)
    other = (product(free, y) - share * product(free, through)) / size
    with np.errstate(divide="ignore", invalid="ignore"):
        lowest = np.where(of_rest.T > 0, (share - of_main.T) / of_rest.T, 0.0)
        highest = np.where(of_rest.T > 0, share / of_rest.T, 1.0)
    lowest, highest = np.clip(lowest, 0, None), np.clip(highest, None, 1)
    other = np.clip(other, lowest, highest)
    errors = (
        product(y, y)
        - 2 * share * product(through, y)
        - 2 * other * product(free, y)
        + share**2 * product(through, through)
        + 2 * share * other * product(through, free)
        + other**2 * product(free, free)
    )
    return np.where(lowest <= highest + _TINY, errors, np.inf), other
