"""Limits that must hold, judged by exact one-sided 95 % bounds, never by the point."""

import math
from typing import Literal

import pandas as pd

from bench.stats import clopper_pearson_upper
from bench.suites.model import Business, Gate
from bench.value.summary import GateResult

Side = Literal["upper", "lower"]
_MOST = 1_000_000


def gate_results(table: pd.DataFrame, business: Business) -> list[GateResult]:
    """One candidate's gates."""
    return [_result(table, gate, business) for gate in business.gates]


def events(table: pd.DataFrame, rate: str, side: Side) -> tuple[int, int]:
    """Items with the event, and items that the rate is about.

    Repeats of an item are not independent, so an item counts once and by its worst repeat: as an event of
    an upper limit if any repeat is one, of a lower limit if every repeat is.
    """
    column = f"rate:{rate}"
    if column not in table:
        return 0, 0
    repeats = table.loc[table[column].notna()].groupby("item")[column]
    by_item = repeats.max() if side == "upper" else repeats.min()
    return int(by_item.sum()), len(by_item)


def _result(table: pd.DataFrame, gate: Gate, business: Business) -> GateResult:
    side: Side = "lower" if gate.upper_bound_95 is None else "upper"
    found, n = events(table, gate.metric, side)
    title = business.rates[gate.metric].title
    if gate.upper_bound_95 is not None:
        limit = gate.upper_bound_95
        bound = clopper_pearson_upper(found, n)
        opposite = 1 - clopper_pearson_upper(n - found, n)
        held = True if bound <= limit else (False if opposite > limit else None)
        more = more_without_event(found, n, limit) if held is None else None
    else:
        assert gate.lower_bound_95 is not None
        limit = gate.lower_bound_95
        bound = 1 - clopper_pearson_upper(n - found, n)
        opposite = clopper_pearson_upper(found, n)
        held = True if bound >= limit else (False if opposite < limit else None)
        more = more_without_event(n - found, n, 1 - limit) if held is None else None
    return GateResult(
        metric=gate.metric,
        title=title,
        limit=limit,
        bound=bound,
        opposite_bound=opposite,
        side=side,
        events=found,
        n=n,
        hard=gate.hard,
        held=held,
        more_items=more,
        source=gate.source,
    )


def more_without_event(found: int, n: int, limit: float) -> int | None:
    """Items still needed, none of them an event, until the upper bound is at most `limit`.

    None when the limit is zero, which no number of items can prove.

    >>> more_without_event(0, 0, 0.05), more_without_event(2, 100, 0.05)
    (59, 24)
    """
    if limit <= 0:
        return None
    low, high = n, max(n + 1, math.ceil(3 / limit))
    while clopper_pearson_upper(found, high) > limit:
        low, high = high, high * 2
        if high > _MOST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        if clopper_pearson_upper(found, middle) > limit:
            low = middle
        else:
            high = middle
    return high - n
