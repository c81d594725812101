"""Draws of what is judged, not measured: a wage, a loss, minutes of review."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

_Z_95 = 1.6448536269514722  # the normal quantile of 95 %


@dataclass(frozen=True, slots=True)
class Range:
    """A judged number: from `low` over `base` to `high`, and how likelihood is spread between them.

    pert and triangular: least, likeliest, greatest; uniform: least and greatest alone; lognormal: the
    5 % quantile, the median, the 95 % quantile (a long tail upwards), each side with a width of its own. Raises ValueError unless
    low <= base <= high, all finite, and above 0 for a lognormal.
    """

    low: float
    base: float
    high: float
    shape: Literal["pert", "triangular", "uniform", "lognormal"] = "pert"

    def __post_init__(self) -> None:
        if not -math.inf < self.low <= self.base <= self.high < math.inf:
            told = f"low {self.low}, base {self.base}, high {self.high}"
            raise ValueError(f"range: {told} are not in order")
        if self.shape == "lognormal" and self.low <= 0:
            raise ValueError(f"range: low {self.low} of a lognormal is not above 0")

    @property
    def _log_sds(self) -> tuple[float, float]:
        """Standard deviations of the logarithm below and above the median."""
        below = math.log(self.base / self.low) / _Z_95
        return below, math.log(self.high / self.base) / _Z_95

    def mean(self) -> float:
        """The expected value.

        Source: Vose (2008), Risk Analysis; Johnson, Kotz & Balakrishnan (1994), Continuous Univariate
        Distributions, volume 1, chapter 14 (lognormal).

        >>> shapes = ("pert", "triangular", "uniform")
        >>> [round(Range(0.5, 0.8, 0.9, shape).mean(), 4) for shape in shapes]
        [0.7667, 0.7333, 0.7]
        """
        match self.shape:
            case "pert":
                return (self.low + 4 * self.base + self.high) / 6
            case "triangular":
                return (self.low + self.base + self.high) / 3
            case "uniform":
                return (self.low + self.high) / 2
            case "lognormal":
                below, above = self._log_sds
                halves = (_half_mean(-below), _half_mean(above))
                return self.base * sum(halves)

    def draws(self, size: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
        """Draw `size` values. A range of no width returns the constant and takes nothing from `rng`.

        >>> draws = Range(100, 300, 1500, "lognormal").draws(100_000, np.random.default_rng(0))
        >>> bool(abs(draws.mean() / Range(100, 300, 1500, "lognormal").mean() - 1) < 0.02)
        True
        >>> bool(np.allclose(np.quantile(draws, [0.05, 0.5, 0.95]), [100, 300, 1500], rtol=0.02))
        True
        """
        if self.low == self.high:
            return np.full(size, float(self.base))
        match self.shape:
            case "pert":
                return pert_draws(self.low, self.base, self.high, size, rng)
            case "triangular":
                return rng.triangular(self.low, self.base, self.high, size)
            case "uniform":
                return rng.uniform(self.low, self.high, size)
            case "lognormal":
                below, above = self._log_sds
                z = rng.standard_normal(size)
                return np.asarray(self.base * np.exp(z * np.where(z < 0, below, above)))


def _half_mean(log_sd: float) -> float:
    """E[exp(s z) over z > 0] (below 0 for a negative s): exp(s^2 / 2) * Phi(s), z standard normal."""
    return math.exp(log_sd**2 / 2) * 0.5 * (1 + math.erf(log_sd / math.sqrt(2)))


def pert_draws(
    low: float, base: float, high: float, size: int, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Draw `size` values of an assumption given as least, likeliest and greatest: Beta-PERT.

    A beta distribution on [low, high] with mode `base` and mean (low + 4 * base + high) / 6. A
    range of no width returns the constant and takes nothing from `rng`: give every assumption a
    generator of its own if freezing one must not move the others. Raises ValueError unless
    low <= base <= high, all finite.

    Source: Malcolm et al. (1959), Operations Research 7:646-669; Vose (2008), Risk Analysis,
    lambda = 4. Example: (0.5, 0.8, 0.9) has the mean 0.7667.

    >>> draws = pert_draws(0.5, 0.8, 0.9, 100_000, np.random.default_rng(0))
    >>> bool(abs(draws.mean() - 0.7667) < 0.001)
    True
    """
    if not (np.isfinite([low, base, high]).all() and low <= base <= high):
        raise ValueError(f"range: low {low}, base {base}, high {high} are not in order")
    if size < 0:
        raise ValueError(f"size: {size} is below 0")
    width = high - low
    if width == 0:
        return np.full(size, float(base))
    below, above = 1 + 4 * (base - low) / width, 1 + 4 * (high - base) / width
    return low + width * rng.beta(below, above, size)
