"""How high the rate of an event may be when the items that were counted share clusters."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, stdtrit

from bench.stats.arguments import check_rate
from bench.stats.clusters import cluster_codes, cluster_sums, design_effect

ASSUMED_CORRELATION = 0.1
"""Taken between items of a cluster unless they show more: a few events cannot show that there is none."""


@dataclass(frozen=True, slots=True)
class ClusteredCount:
    """Events among items in clusters, by the sums over clusters that a bound of their rate needs.

    `clusters` is whole when counted and may be a fraction when planned (`with_clean`).
    """

    events: int
    n: int
    clusters: float
    squared_events: float  # sum of events^2
    events_by_size: float  # sum of events * items
    squared_sizes: float  # sum of items^2

    @property
    def mean_size(self) -> float:
        """Items in a cluster; 1 when there is none."""
        return self.n / self.clusters if self.n else 1.0

    @property
    def weighted_size(self) -> float:
        """Items in the cluster that a random item is in, sum of items^2 / items; 1 when there is none."""
        return self.squared_sizes / self.n if self.n else 1.0

    def complement(self) -> "ClusteredCount":
        """The same items, those without the event counted."""
        return ClusteredCount(
            events=self.n - self.events,
            n=self.n,
            clusters=self.clusters,
            squared_events=self.squared_sizes - 2 * self.events_by_size + self.squared_events,
            events_by_size=self.squared_sizes - self.events_by_size,
            squared_sizes=self.squared_sizes,
        )

    def with_clean(self, more: int) -> "ClusteredCount":
        """With so many further items, none an event, in clusters of the present mean size."""
        return ClusteredCount(
            events=self.events,
            n=self.n + more,
            clusters=self.clusters + more / self.mean_size,
            squared_events=self.squared_events,
            events_by_size=self.events_by_size,
            squared_sizes=self.squared_sizes + more * self.mean_size,
        )

    def seen_effect(self) -> float:
        """By how much clusters multiply the variance of the share: its clustered over its plain one.

        1 where nothing tells, because every item has the event or none. Source: Kish (1965), Survey
        Sampling. Example: 111 000 101 100 in threes, (0.1863 / 0.1443)^2, see `clustered_se`.

        >>> count = clustered_count([1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0], list("aaabbbcccddd"))
        >>> print(f"{count.seen_effect():.4f}")
        1.6667
        """
        if not 0 < self.events < self.n:
            return 1.0
        share = self.events / self.n
        cross = 2 * share * self.events_by_size
        residuals = self.squared_events - cross + share**2 * self.squared_sizes
        return residuals / (self.n * share * (1 - share))

    def effective_n(self, level: float, assumed_correlation: float) -> float:
        """How many independent items would bound the rate as tightly.

        n / effect * (t(n - 1) / t(G - 1))^2: the design effect is the one seen or that of the assumed
        correlation, whichever is larger, and the quantiles of t are there because G clusters, not n
        items, show it. Never less than were the items of a cluster one and the same; `n` itself when
        every item is a cluster of its own.
        """
        least = self.n / self.weighted_size
        if self.clusters <= 1 or self.clusters == self.n:
            return least
        assumed = design_effect(self.weighted_size, assumed_correlation)
        few = float(stdtrit(self.n - 1, level) / stdtrit(self.clusters - 1, level)) ** 2
        return max(least, self.n / max(self.seen_effect(), assumed) * few)


def clustered_count(events: npt.ArrayLike, clusters: npt.ArrayLike) -> ClusteredCount:
    """Count `events` (n,), 0 or 1 an item, within `clusters` (n,), the label of each.

    No item is a count of nothing. Raises ValueError on any other number and on a missing label.

    Source: the sums in Cochran (1977), Sampling Techniques, section 3.12, on shares in clusters.

    >>> clustered_count([1, 1, 0, 0], ["a", "a", "a", "b"])  # doctest: +NORMALIZE_WHITESPACE
    ClusteredCount(events=2, n=4, clusters=2,
        squared_events=4.0, events_by_size=6.0, squared_sizes=10.0)
    """
    told = np.asarray(events, dtype=np.float64)
    if told.ndim != 1 or not np.isin(told, (0.0, 1.0)).all():
        raise ValueError("events: not one 0 or 1 an item")
    codes, count = cluster_codes(clusters, len(told))
    inside, sizes = cluster_sums(np.column_stack([told, np.ones(len(told))]), codes, count).T
    return ClusteredCount(
        events=int(told.sum()),
        n=len(told),
        clusters=count,
        squared_events=float(inside @ inside),
        events_by_size=float(inside @ sizes),
        squared_sizes=float(sizes @ sizes),
    )


def rate_upper(
    count: ClusteredCount, level: float = 0.95, assumed_correlation: float = ASSUMED_CORRELATION
) -> float:
    """One-sided upper bound for a rate over items that share clusters: what a hard gate is held against.

    The exact bound (`clopper_pearson_upper`) at the observed share of the effective number of items; the
    same number when every item is a cluster of its own. Correlation within clusters counts as at least
    `assumed_correlation` (0..1): without an event nothing is seen of it, and among runs of few events
    those that look uncorrelated are the lucky ones, so that what is seen passes bad candidates too often.

    A further event in another cluster may lower the bound, where the few before it were crowded into one:
    it shows them less alike. `level` lies above 0.5. No item rules nothing out: 1.0.

    Source: Korn & Graubard (1998), Survey Methodology 24:193-201, effective sample and degrees of freedom;
    the assumed correlation is ours, and simulated in tests/calibration. Example: no event in 60 items: each
    on its own; in twelve fives; there with no correlation assumed.

    >>> alone, fives = (clustered_count([0] * 60, [i // m for i in range(60)]) for m in (1, 5))
    >>> print(f"{rate_upper(alone):.4f} {rate_upper(fives):.4f} {rate_upper(fives, 0.95, 0):.4f}")
    0.0487 0.0776 0.0560
    """
    if not 0.5 < level < 1:
        raise ValueError(f"level: {level} is not between 0.5 and 1")
    check_rate("assumed_correlation", assumed_correlation)
    if count.events == count.n:
        return 1.0
    worth = count.effective_n(level, assumed_correlation)
    events = count.events * (worth / count.n)
    return float(betaincinv(events + 1, worth - events, level))


def rate_lower(
    count: ClusteredCount, level: float = 0.95, assumed_correlation: float = ASSUMED_CORRELATION
) -> float:
    """One-sided lower bound for a rate over items that share clusters: `rate_upper` of the opposite.

    No item rules nothing out: 0.0. Source: as there. Example: 60 items in twelve fives, all with the event.

    >>> print(f"{rate_lower(clustered_count([1] * 60, [i // 5 for i in range(60)])):.4f}")
    0.9224
    """
    return 1 - rate_upper(count.complement(), level, assumed_correlation)
