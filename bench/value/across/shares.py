"""Shares of usable answers, and sums of them with intervals that claim no more than the items tell."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.stats import few_clusters_factor, resampled_sums
from bench.stats.clusters import cluster_sums
from bench.types import Estimate
from bench.value.assumed import Array
from bench.value.context import Context, Measured
from bench.value.estimates import LEVEL, estimate, share_without_spread
from bench.value.sample import RESAMPLES, Items, Mask
from bench.value.worth import HARM, ONE, REDO

_METHOD = "cluster bootstrap of items"


@dataclass(frozen=True, slots=True)
class Share:
    """A mean over items, each in 0..1. `draws` (resamples,) is None with fewer than two clusters."""

    value: float
    draws: Array | None
    items: int
    clusters: int

    @property
    def has_no_spread(self) -> bool:
        """Whether every item says the same, so that resampling finds no doubt."""
        return self.value in (0.0, 1.0)

    def estimate(self) -> Estimate:
        """With its interval; Wilson's over clusters where nothing varies."""
        told = estimate(self.value, self.draws, self.items, _METHOD)
        return share_without_spread(told, self.clusters)


def usable(found: Measured) -> Share | None:
    """The share of answers that need at most a small edit; None without an outcome."""
    if found.items is None:
        return None
    value = float(_usable(found.items.means())[0])
    draws = _usable(found.features) if found.features is not None else None
    return Share(value, draws, int(found.items.present.sum()), found.clusters)


def _usable(features: Mapping[str, Array]) -> Array:
    """What is neither done again nor harmful. Widened draws may leave 0..1 by a little, and come back.

    Rounded, so that 1 - 0.3 - 0.7 is 0 and two candidates that answered alike tie.
    """
    harm = sum(column for name, column in features.items() if name.startswith(HARM))
    return np.clip(np.round(features[ONE] - features[REDO] - harm, 12), 0.0, 1.0)


def usable_within(
    context: Context, found: Mapping[str, Items], masks: Sequence[Mask]
) -> dict[str, list[Share | None]]:
    """By candidate: the usable share within each mask over the suite's items; None where no item has an outcome.

    Drawn with the same resamples as everything else of the suite.
    """
    blocks = {
        name: np.column_stack([_sums(items, mask) for mask in masks])
        for name, items in found.items()
    }
    if not blocks:
        return {}
    drawn = resampled_sums(np.hstack(list(blocks.values())), RESAMPLES, context.seed)
    told: dict[str, list[Share | None]] = {}
    for at, (name, block) in enumerate(blocks.items()):
        start = at * 2 * len(masks)
        told[name] = [
            _share(found[name], mask, block[:, 2 * k : 2 * k + 2], drawn[:, start + 2 * k :][:, :2])
            for k, mask in enumerate(masks)
        ]
    return told


def _sums(items: Items, mask: Mask) -> Array:
    """Usable answers and items of a mask, by cluster: (clusters, 2)."""
    here = items.present & mask
    columns = {name: items.column(name) for name in items.names}
    filled = np.where(here, _usable(columns), 0.0)
    codes = items.clusters.astype(np.intp)
    return cluster_sums(np.column_stack([filled, here.astype(float)]), codes, int(codes.max()) + 1)


def _share(items: Items, mask: Mask, block: Array, drawn: Array) -> Share | None:
    total, n = block.sum(axis=0)
    if n == 0:
        return None
    value = float(np.round(total / n, 12))
    clusters = len(np.unique(items.clusters[items.present & mask]))
    if clusters < 2:
        return Share(value, None, int(n), clusters)
    means = np.full(len(drawn), np.nan)
    np.divide(drawn[:, 0], drawn[:, 1], out=means, where=drawn[:, 1] > 0)
    widened = value + few_clusters_factor(clusters) * (means - value)
    return Share(value, np.clip(np.round(widened, 12), 0.0, 1.0), int(n), clusters)


def weighted(parts: Sequence[tuple[float, Share]], n: int) -> Estimate:
    """A sum of shares with weights: a mean of several, a difference of two. `n` items are behind it.

    The interval is that of the joint draws. Where a share has no spread these would claim certainty for
    it; its own interval is then joined to the others' by adding squares, as if they were independent
    (`square_and_add`).
    """
    value = sum(weight * each.value for weight, each in parts)
    draws = [weight * each.draws for weight, each in parts if each.draws is not None]
    if len(draws) < len(parts):
        return estimate(value, None, n, _METHOD)
    if not any(each.has_no_spread for _, each in parts):
        return estimate(value, np.sum(draws, axis=0), n, _METHOD)
    low, high = square_and_add([(weight, each.estimate()) for weight, each in parts])
    method = f"{_METHOD}; Wilson over clusters where nothing varies; added by squares"
    return Estimate(value=value, low=low, high=high, level=LEVEL, n=n, method=method)


def square_and_add(
    parts: Sequence[tuple[float, Estimate]],
) -> tuple[float | None, float | None]:
    """Interval of a weighted sum of independent estimates from their own; (None, None) where one has none.

    low = v - sqrt(sum of (w * (p - l))^2), l the bound that lowers the sum, and likewise above. Of shares
    that are positively correlated, as on the same items, the interval of a difference is too wide.

    Source: Zou & Donner (2008), Statistics in Medicine 27:1693-1702; for two shares with Wilson's
    intervals Newcombe (1998), Statistics in Medicine 17:873-890, method 10. Example: his 56/70 - 48/80.

    >>> from bench.stats import wilson
    >>> parts = []
    >>> for weight, k, n in [(1, 56, 70), (-1, 48, 80)]:
    ...     low, high = wilson(k, n, 0.95)
    ...     parts.append((weight, Estimate(value=k / n, low=low, high=high, n=n, method="Wilson")))
    >>> low, high = square_and_add(parts)
    >>> print(f"{low:.4f} {high:.4f}")
    0.0524 0.3339
    """
    value, below, above = 0.0, 0.0, 0.0
    for weight, each in parts:
        if each.value is None or each.low is None or each.high is None:
            return None, None
        ends = sorted((weight * each.low, weight * each.high))
        value += weight * each.value
        below += (weight * each.value - ends[0]) ** 2
        above += (ends[1] - weight * each.value) ** 2
    return value - math.sqrt(below), value + math.sqrt(above)
