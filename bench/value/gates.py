"""Limits that must hold, judged by one-sided 95 % bounds over clusters, never by the point."""

import math
from typing import Literal

import pandas as pd

from bench.stats import ClusteredCount, clustered_count, rate_lower, rate_upper
from bench.stats.rates import ASSUMED_CORRELATION
from bench.suites.model import Business, Gate
from bench.value.candidate_summary import GateResult

Side = Literal["upper", "lower"]
_LEVEL = 0.95
_MOST = 1_000_000


def gate_results(table: pd.DataFrame, business: Business) -> list[GateResult]:
    """One candidate's gates."""
    return [_result(table, gate, business) for gate in business.gates]


def counted(table: pd.DataFrame, rate: str, side: Side) -> ClusteredCount:
    """Items with the event among the items that the rate is about, by cluster.

    Repeats of an item are not independent, so an item counts once and by its worst repeat: as an event of
    an upper limit if any repeat is one, of a lower limit if every repeat is.
    """
    column = f"rate:{rate}"
    if column not in table:
        return clustered_count([], [])
    repeats = table.loc[table[column].notna()].groupby("item")
    worst = repeats[column].max() if side == "upper" else repeats[column].min()
    return clustered_count(worst.to_numpy(dtype=float), repeats["cluster"].first().to_numpy())


def _result(table: pd.DataFrame, gate: Gate, business: Business) -> GateResult:
    side: Side = "lower" if gate.upper_bound_95 is None else "upper"
    count, alike = counted(table, gate.metric, side), gate.item_correlation
    if gate.upper_bound_95 is not None:
        limit = gate.upper_bound_95
        held, more = _judged(count, limit, alike)
        bound, opposite = rate_upper(count, _LEVEL, alike), rate_lower(count, _LEVEL, alike)
    else:
        assert gate.lower_bound_95 is not None
        limit = gate.lower_bound_95
        held, more = _judged(count.complement(), 1 - limit, alike)
        bound, opposite = rate_lower(count, _LEVEL, alike), rate_upper(count, _LEVEL, alike)
    return GateResult(
        metric=gate.metric,
        title=business.rates[gate.metric].title,
        limit=limit,
        bound=bound,
        opposite_bound=opposite,
        side=side,
        events=count.events,
        n=count.n,
        clusters=int(count.clusters),
        hard=gate.hard,
        held=held,
        more_items=more,
        source=gate.source,
    )


def _judged(count: ClusteredCount, limit: float, alike: float) -> tuple[bool | None, int | None]:
    """Whether the rate is at most `limit`, and the items that would settle it where they do not yet."""
    if rate_upper(count, _LEVEL, alike) <= limit:
        return True, None
    if rate_lower(count, _LEVEL, alike) > limit:
        return False, None
    return None, more_without_event(count, limit, alike)


def more_without_event(
    count: ClusteredCount,
    limit: float,
    alike: float = ASSUMED_CORRELATION,
    level: float = _LEVEL,
) -> int | None:
    """Items still needed, none of them an event, until the upper bound at `level` is at most `limit`.

    They are taken to come in clusters of the present mean size. None when the limit is zero, which no
    number of items can prove.

    >>> alone, tens = (clustered_count([0] * 30, [i // m for i in range(30)]) for m in (1, 10))
    >>> more_without_event(alone, 0.05), more_without_event(tens, 0.05)
    (29, 99)
    """
    if limit <= 0:
        return None
    low, high = -1, math.ceil(3 / limit)
    while rate_upper(count.with_clean(high), level, alike) > limit:
        low, high = high, high * 2
        if high > _MOST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        if rate_upper(count.with_clean(middle), level, alike) > limit:
            low = middle
        else:
            high = middle
    return high
