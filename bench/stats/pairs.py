"""Is b better than a: the difference over the same items, with its doubt."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, stdtr, stdtrit

from bench.stats.arguments import check_count, check_share
from bench.stats.differences import Differences, differences

_FEW_UNITS = 30  # below, a t p-value leans on symmetry and sizes that were never seen
_ENUMERATED_UNITS = 12  # 4,096 patterns of signs
_SIGN_DRAWS = 9_999  # plus the observed one makes steps of 0.0001


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """A mean difference in the unit of the scores; None is "not known", never 0."""

    value: float | None
    low: float | None
    high: float | None
    n: int  # items with both scores
    p_value: float | None  # two-sided, of no difference
    mde: float | None  # what these items find with 80 % power at 5 %
    method: str


def mcnemar_exact(b: int, c: int) -> float:
    """Two-sided exact p-value from `b` items gained and `c` lost.

    Were the candidates equal, each discordant item would be a fair coin: twice the smaller
    binomial tail, at most 1. No discordant item gives 1.0.

    Source: McNemar (1947), Psychometrika 12:153-157, exact form. Example: single store against
    shared store on FinanceBench, 53 items only the one gets right and 7 only the other.

    >>> print(f"{mcnemar_exact(53, 7):.3e}")
    7.672e-10
    """
    if b < 0 or c < 0:
        raise ValueError(f"discordant items: {b} and {c} are not counts")
    check_count(min(b, c), b + c)
    return min(1.0, 2 * float(bdtr(min(b, c), b + c, 0.5)))


def paired_difference(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    clusters: npt.ArrayLike | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> PairedDifference:
    """Mean of b - a by item, its interval, p-value and minimum detectable effect.

    `a` and `b` are (n,), the same items in the same order (repeats averaged first); NaN pairs are
    dropped; `clusters` (n,) names what an item belongs to.

    Interval: cluster-robust standard error (`clustered_se`) times sqrt(G / (G - 1)), t on G - 1
    degrees of freedom, G the clusters. Without clusters each item is its own and this is the
    paired t interval. The correction and the t matter below 30 clusters and fade above, so there
    is no switch. Hardly varying differences are widened, see `Differences.standard_error`.

    P-value: exact McNemar for 0/1 scores without clusters. Else, below 30 clusters, all or 9,999
    (`seed`) flips of whole clusters' signs: exact if the candidates are interchangeable, whatever
    the shape and the sizes, where the t is not. Else the t. `mde` is for alpha 5 %, whatever the
    level (Bloom 1995, Evaluation Review 19:547-556).

    Fewer than two clusters or items: no interval, p-value or mde; no pair: no value either.

    Source: Miller (2024), arXiv 2411.00640, on clustered and paired errors; Cameron & Miller
    (2015), Journal of Human Resources 50:317-372, section VI. Example: FinanceBench as in
    `mcnemar_exact`; both right 22 times, neither 68; the standard error of .0453 (unpaired .0522) times 1.976.

    >>> shared = [1] * 22 + [0] * 53 + [1] * 7 + [0] * 68
    >>> single = [1] * 22 + [1] * 53 + [0] * 7 + [0] * 68
    >>> found = paired_difference(shared, single)
    >>> print(f"{found.value:.4f} {found.low:.4f} {found.high:.4f} {found.mde:.3f}")
    0.3067 0.2171 0.3962 0.128
    >>> found.method
    'paired t interval on 149 df; exact McNemar p'
    """
    check_share("level", level)
    pairs = differences(a, b, clusters)
    se = pairs.standard_error()
    if se is None:
        return _without_interval(pairs)
    df = pairs.units - 1
    se *= math.sqrt(pairs.units / df)
    low, high = pairs.bounds(float(stdtrit(df, (1 + level) / 2)) * se)
    p_value, p_method = _p_value(pairs, se, seed, clustered=clusters is not None)
    kind = "paired" if clusters is None else "cluster-robust"
    widened = ", widened: hardly any differences" if pairs.is_sparse else ""
    return PairedDifference(
        value=pairs.mean,
        low=low,
        high=high,
        n=pairs.n,
        p_value=p_value,
        mde=float(stdtrit(df, 0.975) + stdtrit(df, 0.8)) * se,
        method=f"{kind} t interval on {df} df{widened}; {p_method}",
    )


def _without_interval(pairs: Differences) -> PairedDifference:
    why = "every score is the same" if pairs.units > 1 else "fewer than two independent units"
    return PairedDifference(
        value=pairs.mean,
        low=None,
        high=None,
        n=pairs.n,
        p_value=None,
        mde=None,
        method=f"no interval: {why}",
    )


def _p_value(pairs: Differences, se: float, seed: int, *, clustered: bool) -> tuple[float, str]:
    if pairs.binary and not clustered:
        gains, losses = int((pairs.gaps > 0).sum()), int((pairs.gaps < 0).sum())
        return mcnemar_exact(gains, losses), "exact McNemar p"
    if pairs.units < _FEW_UNITS:
        return _sign_flip_p(pairs.sums, seed), f"p by flipping signs of {pairs.units} units"
    t = abs(float(pairs.gaps.mean())) / se
    return 2 * float(stdtr(pairs.units - 1, -t)), "t p"


def _sign_flip_p(sums: npt.NDArray[np.float64], seed: int) -> float:
    """Share of sign patterns with a total at least as far from 0 as the observed one.

    Source: Fisher (1935), The Design of Experiments, section 21.
    """
    units = len(sums)
    if units <= _ENUMERATED_UNITS:
        patterns = (np.arange(1 << units)[:, np.newaxis] >> np.arange(units)) & 1
        unseen = 0
    else:
        patterns = np.random.default_rng(seed).integers(0, 2, size=(_SIGN_DRAWS, units))
        unseen = 1  # the observed pattern belongs to the set, so p is never 0
    totals = np.abs((2 * patterns - 1) @ sums)
    reached = abs(float(sums.sum())) - 1e-9 * float(np.abs(sums).sum())  # ties despite rounding
    return (int((totals >= reached).sum()) + unseen) / (len(patterns) + unseen)
