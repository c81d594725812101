"""May the new one replace the old one: three answers, one of them "measure more"."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy.typing as npt
from scipy.special import ndtri, stdtrit

from bench.stats.arguments import check_not_negative, check_share
from bench.stats.differences import Differences, differences

_FEW_UNITS = 30
_PLANNED_POWER = 0.8


@dataclass(frozen=True, slots=True)
class NonInferiority:
    """A decision with the one-sided bounds it rests on; None is "not known", never 0."""

    decision: Literal["pass", "fail", "inconclusive"]
    difference: float | None
    low: float | None
    high: float | None
    n_needed: int | None  # items, when more of them would settle it


def non_inferiority(
    old: npt.ArrayLike,
    new: npt.ArrayLike,
    margin: float,
    clusters: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> NonInferiority:
    """Decide whether `new` is worse than `old` by less than `margin`, higher scores being better.

    `old` and `new` are (n,), the same items in the same order; NaN pairs are dropped; `margin` is
    in the unit of the scores, at least 0. `low` and `high` are one-sided bounds at `level` each
    (together a two-sided interval at 2 * level - 1).

    pass: low > -margin. fail: high < -margin, worse than allowed for sure. Else inconclusive:
    `n_needed` items would decide with 80 % power if difference and spread stay as seen; None when
    no number would, or nothing is known. Fewer than two items or clusters are inconclusive.

    Standard error sqrt(b + c - (b - c)^2 / n) / n for b gains and c losses, in general the
    clustered one; normal bounds, and with clusters or below 30 items the correction and t of
    `paired_difference`. Fewer than ten discordant 0/1 items, or differences without spread, are
    widened (`Differences.standard_error`), so that a handful of unchanged items does not pass. A
    candidate worse by exactly the margin passes in 4 to 6 % of runs at level 0.95, and at worst in
    9 % (items only ever lost, never gained).

    Source: ICH E9 (1998), section 3.3.2; Liu et al. (2002), Statistics in Medicine 21:231-245.
    Example: 400 items, 22 gained, 26 lost.

    >>> old = [0] * 22 + [1] * 26 + [1] * 352
    >>> new = [1] * 22 + [0] * 26 + [1] * 352
    >>> found = non_inferiority(old, new, margin=0.05)
    >>> print(f"{found.decision} {found.low:.5f} {found.high:.5f}")
    pass -0.03848 0.01848
    >>> narrow = non_inferiority(old, new, margin=0.03)
    >>> narrow.decision, narrow.n_needed
    ('inconclusive', 1854)
    """
    check_not_negative("margin", margin)
    check_share("level", level)
    pairs = differences(old, new, clusters)
    se = pairs.standard_error()
    if se is None:
        return NonInferiority("inconclusive", pairs.mean, None, None, None)
    if clusters is not None or pairs.units < _FEW_UNITS:
        df = pairs.units - 1
        se *= math.sqrt(pairs.units / df)
        quantile = float(stdtrit(df, level))
    else:
        quantile = float(ndtri(level))
    low, high = pairs.bounds(quantile * se)
    if low > -margin:
        return NonInferiority("pass", pairs.mean, low, high, None)
    if high < -margin:
        return NonInferiority("fail", pairs.mean, low, high, None)
    return NonInferiority("inconclusive", pairs.mean, low, high, _needed(pairs, se, margin, level))


def _needed(pairs: Differences, se: float, margin: float, level: float) -> int | None:
    """Items at which the bound clears the margin with the planned power, more than there are."""
    distance = abs(float(pairs.gaps.mean()) + margin)
    if distance < 1e-9 * pairs.reach:  # on the margin, rounding aside
        return None
    quantiles = float(ndtri(level) + ndtri(_PLANNED_POWER))
    return max(pairs.n + 1, math.ceil(pairs.n * (quantiles * se / distance) ** 2))
