"""A suite's own gates, which hold whatever the baseline did: one-sided bounds of a rate over clusters."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.gate.pairing import Trials
from bench.stats import ClusteredCount, clustered_count, rate_lower, rate_upper
from bench.suites.model import Gate
from bench.value.gates import more_without_event
from bench.value.observed.record import ObservedSuite

_STEPS = 40
_UNSURE, _SUREST = 0.501, 1 - 1e-12
"""Confidences between which p-values are told apart."""


@dataclass(frozen=True, slots=True)
class LimitTest:
    """A rate against its limit. `count` counts what the limit is about: events, or for a lower limit what is not one."""

    count: ClusteredCount
    limit: float
    alike: float
    upper: bool

    @property
    def rate(self) -> float | None:
        """The share of items with the event; None without items."""
        if self.count.n == 0:
            return None
        share = self.count.events / self.count.n
        return share if self.upper else 1 - share

    @property
    def _room(self) -> float:
        return self.limit if self.upper else 1 - self.limit

    @property
    def p_worse(self) -> float | None:
        """The least one-sided level at which the rate is surely beyond the limit; at most 0.5 is told apart."""
        return self._level(lambda level: rate_lower(self.count, level, self.alike) > self._room)

    @property
    def p_safe(self) -> float | None:
        """The least one-sided level at which the rate is surely within the limit."""
        return self._level(lambda level: rate_upper(self.count, level, self.alike) <= self._room)

    def bounds(self, level: float) -> tuple[float, float] | None:
        """One-sided bounds of the rate itself."""
        if self.count.n == 0:
            return None
        low, high = (
            rate_lower(self.count, level, self.alike),
            rate_upper(self.count, level, self.alike),
        )
        return (low, high) if self.upper else (1 - high, 1 - low)

    def needed(self, level: float) -> int | None:
        """Items in all, the further ones clean, that would show at `level` that the limit holds."""
        if self.count.n == 0:
            return None
        more = more_without_event(self.count, self._room, self.alike, level)
        return None if more is None else self.count.n + more

    def _level(self, holds: Callable[[float], bool]) -> float | None:
        """1 less the greatest confidence at which something holds, by halving; 1 where it does not even at one half."""
        if self.count.n == 0:
            return None
        low, high = _UNSURE, _SUREST
        if not holds(low):
            return 1.0
        if holds(high):
            return 1 - high
        for _ in range(_STEPS):
            middle = (low + high) / 2
            if holds(middle):
                low = middle
            else:
                high = middle
        return 1 - low


def limit_test(side: Trials, rate_at: int, gate: Gate, suite: ObservedSuite) -> LimitTest:
    """A candidate's items by their worst repeat, against one gate."""
    upper = gate.upper_bound_95 is not None
    limit = gate.upper_bound_95 if gate.upper_bound_95 is not None else gate.lower_bound_95
    assert limit is not None
    told = [each.rates[rate_at] if len(each.rates) > rate_at else "-" for each in side.kinds]
    met = side.per_kind([np.nan if each == "-" else float(each) for each in told])
    about = ~np.isnan(met)
    items = side.item[about]
    present = np.unique(items)
    worst = np.zeros(side.items) if upper else np.ones(side.items)
    (np.maximum if upper else np.minimum).at(worst, items, met[about])
    events = worst[present] if upper else 1 - worst[present]
    clusters = np.array([suite.items[each].cluster for each in present], dtype=np.intp)
    return LimitTest(clustered_count(events, clusters), limit, gate.item_correlation, upper)
