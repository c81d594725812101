"""How a mean difference scatters: few and unequal clusters, and rare large events that were hardly seen."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from bench.stats.clusters import design_effect
from bench.stats.differences import Differences
from bench.stats.rates import ASSUMED_CORRELATION

Array = npt.NDArray[np.float64]

MANY_EVENTS = 20
"""So many rare events tell how they scatter; up to there the imagined ones fade."""

_EVERYDAY = 0.199  # of the reach; below a fifth, rounding aside


@dataclass(frozen=True, slots=True)
class Spread:
    """The error of a mean and its skewness, in the unit of the scores.

    `low_tail` and `high_tail` are the third cumulant of the mean over its variance, towards losses and
    towards gains: where rare large events make the scatter, one event's share of the mean; 0 where it
    is even. `grain` is that share of a rare event whether or not it makes the scatter.
    """

    se: float
    df: float | None  # of t; None: normal
    low_tail: float = 0.0
    high_tail: float = 0.0
    grain: float = 0.0

    def quantile(self, level: float) -> float:
        """How many standard errors a one-sided bound at `level` is away, skewness aside."""
        return float(ndtri(level) if self.df is None else stdtrit(self.df, level))

    def half_width(self, level: float, tail: float) -> float:
        """From the mean to its one-sided bound at `level` towards the side of this tail.

        q * se + (1 + 2 q^2) / 6 * tail. Source: Hall (1983), Annals of Statistics 11:569-576,
        the first term of the inverted Edgeworth expansion. Example: ten
        events of a Poisson count, whose exact bound is 16.96 and without the tail 15.20.

        >>> print(f"{10 + Spread(10**0.5, None).half_width(0.95, tail=1):.2f}")
        16.27
        """
        q = self.quantile(level)
        return q * self.se + (1 + 2 * q * q) / 6 * tail

    def p_value(self, distance: float, tail: float) -> float:
        """1 minus the level whose bound is `distance` away: `half_width` inverted.

        Above one half the tail only shifts, where the expansion would bend back.
        """
        away = distance - tail / 6
        curve = max(0.0, tail / 3 * away)
        # the root of tail / 3 * q^2 + se * q = away, in the form that stays exact without a tail
        q = 2 * away / (self.se + math.sqrt(self.se**2 + 4 * curve))
        return float(ndtr(-q) if self.df is None else stdtr(self.df, -q))


def spread_of(pairs: Differences, reach: float | None, *, small: bool) -> Spread | None:
    """The spread of the mean; None with fewer than two units or without any scale.

    `small`: corrected, and t, for few or unequal clusters. `reach`: as in `margin_test`.
    """
    if pairs.units < 2:
        return None
    correction = _correction(pairs.residuals, pairs.sizes) if small else 1.0
    df = degrees_of_freedom(pairs.sizes) if small else None
    if reach is None:
        se = pairs.standard_error()
        return None if se is None else Spread(se * math.sqrt(correction), df)
    event = reach * _alike(pairs)
    imagined = 2 * max(0.0, 1 - events_seen(pairs, reach) / MANY_EVENTS)
    squares = float((pairs.residuals**2).sum()) + imagined * event**2
    cubes = float((pairs.residuals**3).sum())
    return Spread(
        se=math.sqrt(squares * correction) / pairs.n,
        df=df,
        low_tail=max(0.0, imagined * event**3 - cubes) / (squares * pairs.n),
        high_tail=max(0.0, imagined * event**3 + cubes) / (squares * pairs.n),
        grain=event / pairs.n,
    )


def events_seen(pairs: Differences, reach: float) -> float:
    """How many rare events were met, each of as many items as are alike; 0 where nothing scatters.

    A difference counts as its share of `reach`, from a fifth on: an event in one of up to five
    repeats, but no everyday difference.
    """
    if not pairs.scatters:
        return 0.0
    parts = np.abs(pairs.gaps) / reach
    return float(parts[parts >= _EVERYDAY].clip(max=1.0).sum()) / _alike(pairs)


def degrees_of_freedom(sizes: Array) -> float:
    """Of the error of a mean over clusters of these sizes (G,): G - 1 when equal, fewer when some are large.

    (tr C)^2 / tr C^2 with C the covariance of the corrected residuals, were items of a cluster to correlate
    by `ASSUMED_CORRELATION`. At least two clusters. C is a diagonal and two products of vectors, hence
    no square matrix here.

    Source: Bell & McCaffrey (2002), Survey Methodology 28:169-181; Imbens & Kolesár (2016), Review of
    Economics and Statistics 98:701-712.

    >>> equal, unequal = [10.0] * 30, [2.0] * 10 + [5.0] * 10 + [23.0] * 10
    >>> [round(degrees_of_freedom(np.array(sizes)), 2) for sizes in (equal, unequal)]
    [29.0, 11.63]
    """
    shares = sizes / sizes.sum()
    variances = sizes * (1 + (sizes - 1) * ASSUMED_CORRELATION)
    total = variances.sum()
    grown = 1 / (1 - shares)
    a, b = np.sqrt(grown) * shares, np.sqrt(grown) * variances
    own = grown * variances
    crossed = total * a * a - 2 * a * b  # the diagonal of total * aa' - ab' - ba'
    aa, ab, bb = a @ a, a @ b, b @ b
    squares = 2 * (ab**2 + aa * bb - 2 * total * aa * ab) + (total * aa) ** 2
    return float((own + crossed).sum() ** 2 / (own @ own + 2 * own @ crossed + squares))


def _correction(residuals: Array, sizes: Array) -> float:
    """By how much few and unequal clusters make the plain variance too small: G / (G - 1) when equal.

    Source: Bell & McCaffrey (2002), as above (CR2): for a mean, each squared residual over 1 minus
    the cluster's share of the items.
    """
    squares = residuals**2
    if not squares.any():
        return len(sizes) / (len(sizes) - 1)
    return float((squares / (1 - sizes / sizes.sum())).sum() / squares.sum())


def _alike(pairs: Differences) -> float:
    """Of how many items an event counts: what befalls one of a cluster is often not alone there."""
    size = float(pairs.sizes @ pairs.sizes) / pairs.n
    return design_effect(size, ASSUMED_CORRELATION)
