"""Draws of what is judged, not measured: a wage, a loss, minutes of review."""

import numpy as np
import numpy.typing as npt


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
