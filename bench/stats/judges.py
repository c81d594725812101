"""What a judge's verdicts say about the truth, once people have labelled some of them."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from bench.stats.arguments import check_rate, check_share

Numbers = npt.NDArray[np.float64]


def rogan_gladen(observed: float, sensitivity: float, specificity: float) -> float:
    """Rate of the truth behind a judge's `observed` rate, given how often the judge is right.

    (observed + specificity - 1) / (sensitivity + specificity - 1), held to 0..1, which the raw
    value leaves when the judge does worse here than where it was calibrated. Raises ValueError
    for a judge no better than chance (sensitivity + specificity <= 1). The result carries no
    error of the calibration sample: prefer `ppi_mean` where the labels themselves are at hand.

    Source: Rogan & Gladen (1978), American Journal of Epidemiology 107:71-76.

    >>> print(f"{rogan_gladen(0.80, 0.95, 0.70):.5f}")
    0.76923
    """
    check_rate("observed", observed)
    check_rate("sensitivity", sensitivity)
    check_rate("specificity", specificity)
    skill = sensitivity + specificity - 1
    if skill <= 0:
        raise ValueError(
            f"judge: sensitivity {sensitivity} and specificity {specificity} do not beat chance"
        )
    return min(1.0, max(0.0, (observed + specificity - 1) / skill))


@dataclass(frozen=True, slots=True)
class PpiMean:
    """A mean corrected by labels; bounds are None where nothing varied, so nothing is known."""

    value: float
    low: float | None
    high: float | None
    se: float
    weight: float  # of the judge: 0 is the people's labels alone, 1 plain prediction-powered


def ppi_mean(
    labelled_y: npt.ArrayLike,
    labelled_f: npt.ArrayLike,
    unlabelled_f: npt.ArrayLike,
    tuned: bool = False,
    level: float = 0.95,
) -> PpiMean:
    """Mean of what people would say, from few of their labels and many verdicts of a judge.

    `labelled_y` (n,) and `labelled_f` (n,) are the people's and the judge's scores of the same
    rows, a random sample of all; `unlabelled_f` (N,) the judge's scores of other rows.
    weight * mean(unlabelled_f) + mean(labelled_y - weight * labelled_f): unbiased whatever the
    judge. Weight 1, or if `tuned` the one with the least variance, held to 0..1. Without
    unlabelled rows the weight is 0, which is the mean of the labels.

    When people and judge agree on every labelled row, the spread of their disagreements is
    taken as if two more rows disagreed, one each way (Bonett & Price 2012): 0 of 30 is not never.
    Raises ValueError with fewer than two labelled rows, one unlabelled row, or NaN.

    Source: Angelopoulos et al. (2023), Prediction-powered inference, Science 382:669-674;
    tuned: PPI++, arXiv 2311.01453. Example: 40 labels, 16 of them no, the judge too
    kind 6 times and too harsh twice; of 400 more rows it passes 288. People alone: .600 +- .078.

    >>> y = [1] * 24 + [0] * 16
    >>> f = [1] * 22 + [0] * 2 + [1] * 6 + [0] * 10
    >>> plain = ppi_mean(y, f, [1] * 288 + [0] * 112)
    >>> print(f"{plain.value:.3f} {plain.se:.4f}")
    0.620 0.0733
    >>> tuned = ppi_mean(y, f, [1] * 288 + [0] * 112, tuned=True)
    >>> print(f"{tuned.value:.5f} {tuned.se:.4f} {tuned.weight:.4f}")
    0.61195 0.0654 0.5975
    """
    check_share("level", level)
    y, f, more = (np.asarray(v, dtype=np.float64) for v in (labelled_y, labelled_f, unlabelled_f))
    _check_rows(y, f, more)
    weight = _least_variance_weight(y, f, more) if tuned else float(len(more) > 0)
    value = float((y - weight * f).mean() + (weight * more.mean() if weight else 0.0))
    variance = _rectifier_variance(y, f, weight) / len(y)
    if weight:
        variance += weight**2 * float(more.var(ddof=1)) / len(more)
    se = math.sqrt(variance)
    if se == 0:
        return PpiMean(value, None, None, se, weight)
    half = float(ndtri((1 + level) / 2)) * se
    return PpiMean(value, value - half, value + half, se, weight)


def _check_rows(y: Numbers, f: Numbers, more: Numbers) -> None:
    if y.ndim != 1 or y.shape != f.shape or more.ndim != 1:
        raise ValueError(f"labels: shapes {y.shape}, {f.shape}, {more.shape} are not n, n, N")
    if len(y) < 2:
        raise ValueError(f"labels: {len(y)}, an error bar needs at least 2")
    if len(more) == 1:
        raise ValueError("unlabelled_f: 1 row has no spread, give none or at least 2")
    if any(np.isnan(v).any() for v in (y, f, more)):
        raise ValueError("labels: NaN among them, leave unscored rows out")


def _least_variance_weight(y: Numbers, f: Numbers, more: Numbers) -> float:
    """cov(y, f) / ((1 + n / N) var f), f pooled over both samples; 0 for a judge of one mind."""
    if len(more) == 0:
        return 0.0
    spread = float(np.concatenate([f, more]).var(ddof=1))
    if spread == 0:
        return 0.0
    raw = float(np.cov(y, f)[0, 1]) / ((1 + len(y) / len(more)) * spread)
    return min(1.0, max(0.0, raw))


def _rectifier_variance(y: Numbers, f: Numbers, weight: float) -> float:
    if weight and bool((y == f).all()):
        low, high = float(y.min()), float(y.max())
        y, f = np.append(y, [low, high]), np.append(f, [high, low])
    return float((y - weight * f).var(ddof=1))
