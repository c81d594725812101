"""Two candidates on the same items: the differences, and what they say about their mean."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.stats.clusters import cluster_codes, cluster_sums

# Fewer discordant items than this, and the normal interval of a 0/1 difference is too short.
_FEW = 10


@dataclass(frozen=True, slots=True, eq=False)
class Differences:
    """b - a by item, where both are known, added up by unit: a cluster, or else an item."""

    gaps: npt.NDArray[np.float64]  # (n,)
    sums: npt.NDArray[np.float64]  # (units,)
    sizes: npt.NDArray[np.float64]  # (units,) items
    binary: bool  # all scores are 0 or 1
    reach: float  # the largest difference to reckon with: 1, or the range of all scores

    @property
    def n(self) -> int:
        """Items with both scores."""
        return len(self.gaps)

    @property
    def units(self) -> int:
        """What counts as independent."""
        return len(self.sums)

    @property
    def mean(self) -> float | None:
        """Mean difference over items; None without items."""
        return float(self.gaps.mean()) if self.n else None

    @property
    def residuals(self) -> npt.NDArray[np.float64]:
        """(units,), by how much each unit's sum is off what the mean makes of its size."""
        mean = float(self.sums.sum()) / max(1, self.n)
        return self.sums - self.sizes * mean

    @property
    def scatters(self) -> bool:
        """Whether any unit's sum is off, rounding aside."""
        return bool((np.abs(self.residuals) > 1e-12 * self.reach * self.sizes).any())

    @property
    def is_sparse(self) -> bool:
        """Too little variation for the spread of the differences to be taken at its word."""
        if self.binary and int(np.count_nonzero(self.gaps)) < _FEW:
            return True
        return not self.scatters

    def standard_error(self) -> float | None:
        """Cluster-robust standard error of the mean, without small-sample correction.

        Differences that hardly vary would give an error near 0 and so a certainty that three
        items on which both agree do not carry. Then two imagined units of mean size are added
        that differ as far as they can, one each way: for 0/1 scores the variance of Bonett &
        Price (2012), Journal of Educational and Behavioral Statistics 37:479-488. None with
        fewer than two units, or when every score is the same number and no scale is known.
        """
        if self.units < 2 or self.reach == 0:
            return None
        sums, sizes = self.sums, self.sizes
        if self.is_sparse:
            size = float(sizes.mean())
            sums = np.append(sums, [self.reach * size, -self.reach * size])
            sizes = np.append(sizes, [size, size])
        residuals = sums - sizes * (sums.sum() / sizes.sum())
        return math.sqrt(float(residuals @ residuals)) / float(sizes.sum())

    def bounds(self, half_width: float) -> tuple[float, float]:
        """Mean plus and minus `half_width`; two rates cannot differ by more than 1."""
        centre = float(self.gaps.mean())
        low, high = centre - half_width, centre + half_width
        return (max(-1.0, low), min(1.0, high)) if self.binary else (low, high)


def differences(a: npt.ArrayLike, b: npt.ArrayLike, clusters: npt.ArrayLike | None) -> Differences:
    """Pair the scores of the same items, in the same order; a pair with a NaN is dropped."""
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"a, b: shapes {first.shape} and {second.shape} are not the same items")
    labels = np.arange(len(first)) if clusters is None else clusters
    codes, _ = cluster_codes(labels, len(first))
    both = ~(np.isnan(first) | np.isnan(second))
    codes = np.unique(codes[both], return_inverse=True)[1]
    units = int(codes.max()) + 1 if len(codes) else 0
    scores = np.concatenate([first[both], second[both]])
    gaps = second[both] - first[both]
    binary = bool(np.isin(scores, (0.0, 1.0)).all())
    return Differences(
        gaps=gaps,
        sums=cluster_sums(gaps, codes, units),
        sizes=np.bincount(codes, minlength=units).astype(np.float64),
        binary=binary,
        reach=1.0 if binary else float(np.ptp(scores)),
    )
