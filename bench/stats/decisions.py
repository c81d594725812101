"""May the new one replace the old one: three answers, one of them "measure more"."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy.typing as npt
from scipy.special import ndtri

from bench.stats.arguments import check_not_negative, check_positive, check_share
from bench.stats.differences import differences
from bench.stats.spread import Spread, events_seen, spread_of

_FEW_UNITS = 30
_FEW = 10  # fewer rare events tell too little of how they scatter
_PLANNED_POWER = 0.8


@dataclass(frozen=True, slots=True)
class NonInferiority:
    """A decision with the one-sided bounds it rests on; None is "not known", never 0."""

    decision: Literal["pass", "fail", "inconclusive"]
    difference: float | None
    low: float | None
    high: float | None
    n_needed: int | None  # items, when more of them would settle it


@dataclass(frozen=True, slots=True)
class MarginTest:
    """How a mean difference lies to -`margin`; None is "not known", never 0.

    `p_worse` is small when the new one is surely worse than allowed, `p_safe` when it surely is
    not. Where nothing is known of the spread (fewer than two units, or every score the same and no
    `reach`) there are no p-values, and every method gives None. `level` is a one-sided confidence level,
    above 0.5: 0.95 goes with a p-value of at most 0.05.
    """

    margin: float
    difference: float | None  # mean over items, in the unit of the scores, above 0 is better
    spread: Spread | None
    n: int  # items with both scores
    units: int  # clusters, or else items
    p_worse: float | None
    p_safe: float | None
    sparse: bool  # the spread leans on imagined items or events: too little was seen of it
    limit: float = math.inf  # what no mean difference can exceed: 1 for rates

    @property
    def se(self) -> float | None:
        """Standard error of the difference, corrected for few and unequal clusters."""
        return None if self.spread is None else self.spread.se

    @property
    def df(self) -> float | None:
        """Degrees of freedom of t; None is normal, or no error known."""
        return None if self.spread is None else self.spread.df

    def bounds(self, level: float) -> tuple[float, float] | None:
        """The lower and the upper bound, each one-sided at `level`."""
        _check_level(level)
        if self.spread is None or self.difference is None:
            return None
        low = self.difference - self.spread.half_width(level, self.spread.low_tail)
        high = self.difference + self.spread.half_width(level, self.spread.high_tail)
        return max(-self.limit, low), min(self.limit, high)

    def needed(self, margin: float, level: float, power: float = _PLANNED_POWER) -> int | None:
        """Items at which the bound clears `margin` with this power if difference and spread stay.

        More than there are; towards passing where the difference is above -`margin`, else towards
        failing. None where no number would do: the difference lies on the margin.
        """
        check_not_negative("margin", margin)
        _check_level(level)
        check_share("power", power)
        if self.spread is None or self.difference is None:
            return None
        away = self.difference + margin
        distance, se = abs(away), self.spread.se
        if distance < 1e-9 * max(se, margin, abs(self.difference)):  # rounding aside
            return None
        q = float(ndtri(level))
        tail = self.spread.low_tail if away > 0 else self.spread.high_tail
        # at x times the items the error is se / sqrt(x) and the tail is tail / x: quadratic in sqrt(x)
        half = (q + float(ndtri(power))) * se / 2
        times = (half + math.sqrt(half**2 + distance * (1 + 2 * q * q) / 6 * tail)) / distance
        return max(self.n + 1, math.ceil(self.n * times**2))

    def power(self, level: float) -> float | None:
        """Probability that a candidate that is truly the same passes, with this error and margin."""
        _check_level(level)
        if self.spread is None:
            return None
        needs = self.spread.half_width(level, self.spread.low_tail)
        return self.spread.p_value(needs - self.margin, 0.0)

    def catches(self, level: float, power: float = _PLANNED_POWER) -> float | None:
        """The true loss that fails with this power, in the unit of the scores: beyond the margin.

        margin + (q(level) + q(power)) * se, and the move for skewness. With a `reach` the loss may be
        made of rare events, which scatter by themselves: then se grows with the loss, so that
        losses which come evenly are caught more often than said.
        """
        _check_level(level)
        check_share("power", power)
        if self.spread is None:
            return None
        q, se = self.spread.quantile(level), self.spread.se
        both = q + self.spread.quantile(power)
        start = self.margin + self.spread.half_width(level, self.spread.high_tail) - q * se
        # the loss beyond start is both times the root of se^2 + grain * loss: quadratic in the loss
        middle = start + both**2 * self.spread.grain / 2
        return middle + math.copysign(math.sqrt(middle**2 - start**2 + (both * se) ** 2), both)


def margin_test(
    old: npt.ArrayLike,
    new: npt.ArrayLike,
    margin: float,
    clusters: npt.ArrayLike | None = None,
    reach: float | None = None,
) -> MarginTest:
    """Test the mean of new - old against -`margin`, both ways, higher scores being better.

    `old` and `new` are (n,), the same items in the same order, repeats averaged; NaN pairs are
    dropped; `margin` is in the unit of the scores, at least 0. The error is cluster-robust; with
    `clusters` or below 30 items it is corrected and held against a t, else normal (`spread_of`).

    `reach` is the size, in the unit of the scores, of a rare difference to be reckoned with although few
    or no items show it: 1 for a rate, the money of a harmful answer for a value. Rare losses make a
    mean look best when by luck they were not met. So two imagined events, of as many items as are alike
    within a cluster (`rate_upper`), are added to the error, fading until twenty were seen; and either
    side's bound and p-value are moved for the skewness of the mean, both events imagined on that
    side. `sparse` then says that fewer than ten were seen (`events_seen`). Without `reach`, scores that
    hardly vary are widened as in `Differences.standard_error`.

    Source: Hall (1983), Annals of Statistics 11:569-576, on skewness; Bonett &
    Price (2012), Journal of Educational and Behavioral Statistics 37:479-488, on imagined items; the union
    is ours, and simulated in tests/calibration. Example: 300 items and no change; the exact bound of an
    event never met is 3.0 of them.

    >>> found = margin_test([1] * 300, [1] * 300, margin=0.02, reach=1)
    >>> print(f"{found.p_safe:.4f} {found.bounds(0.95)[0] * 300:.2f} / 300")
    0.0051 -3.39 / 300
    """
    check_not_negative("margin", margin)
    pairs = differences(old, new, clusters)
    if reach is not None:
        check_positive("reach", reach)
    spread = spread_of(pairs, reach, small=clusters is not None or pairs.units < _FEW_UNITS)
    away = 0.0 if pairs.mean is None else pairs.mean + margin
    return MarginTest(
        margin=margin,
        difference=pairs.mean,
        spread=spread,
        n=pairs.n,
        units=pairs.units,
        p_worse=None if spread is None else spread.p_value(-away, spread.high_tail),
        p_safe=None if spread is None else spread.p_value(away, spread.low_tail),
        sparse=pairs.is_sparse
        if reach is None
        else pairs.n == 0 or events_seen(pairs, reach) < _FEW,
        limit=1.0 if pairs.binary else math.inf,
    )


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
    clustered one; normal bounds, and with clusters or below 30 items a correction and a t, as in
    `margin_test`. Fewer than ten discordant 0/1 items, or differences without spread, are
    widened (`Differences.standard_error`), so that a handful of unchanged items does not pass. A
    candidate worse by exactly the margin passes in 4 to 6 % of runs at level 0.95, and at worst in
    9 % (items only ever lost, never gained); `margin_test` with a `reach` mends that.

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
    tested = margin_test(old, new, margin, clusters)
    bounds = tested.bounds(level)
    if bounds is None:
        return NonInferiority("inconclusive", tested.difference, None, None, None)
    low, high = bounds
    if low > -margin:
        return NonInferiority("pass", tested.difference, low, high, None)
    if high < -margin:
        return NonInferiority("fail", tested.difference, low, high, None)
    needed = tested.needed(margin, level)
    return NonInferiority("inconclusive", tested.difference, low, high, needed)


def _check_level(level: float) -> None:
    if not 0.5 < level < 1:
        raise ValueError(f"level: {level} is not between 0.5 and 1")
