"""The learning curve over the runs of one candidate."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from scipy.special import ndtri

from bench.value.formulas.learning import (
    LEAST_POINTS,
    NoCurve,
    Point,
    Why,
    ceiling,
    fit,
    labels_to_reach,
    predicted,
)
from bench.value.history.adoption import labels_on
from bench.value.history.record import Adoption, Ahead, Curve, RunRow

Axis = Literal["labels", "months"]
_DAYS_PER_MONTH = 365.25 / 12


def curve_of(
    rows: Sequence[RunRow], break_even: float | None, adoption: Adoption | None
) -> Curve | Why:
    """The curve of the usable share over runs that may be compared, or the code of why there is none.

    Against labels where the adoption file counts them for at least four of the runs, and not always the
    same number; runs before the first count are then left out. Otherwise against months since the first run.
    """
    axis, kept, efforts = _efforts(rows, adoption)
    points = [
        Point(effort, row.usable.value, _cases(row))
        for row, effort in zip(kept, efforts, strict=True)
        if row.usable.value is not None
    ]
    found = fit(points)
    if isinstance(found, NoCurve):
        return found.why
    ahead = max(efforts) + (max(efforts) - min(efforts)) / (len(efforts) - 1)
    return Curve(
        axis=axis,
        runs=[each.run for each in kept],
        x=efforts,
        start=found.start,
        ceiling=ceiling(found),
        scale=found.scale,
        ahead=Ahead(x=ahead, usable=predicted(found, ahead)),
        break_even=break_even,
        to_break_even=None if break_even is None else labels_to_reach(found, break_even),
    )


def _efforts(
    rows: Sequence[RunRow], adoption: Adoption | None
) -> tuple[Axis, list[RunRow], list[float]]:
    labels = [(row, labels_on(adoption, row.date)) for row in rows] if adoption else []
    known = [(row, count) for row, count in labels if count is not None]
    if len(known) >= LEAST_POINTS and len({count for _, count in known}) >= LEAST_POINTS - 1:
        return "labels", [row for row, _ in known], [count for _, count in known]
    return "months", list(rows), [_months(rows[0], row) for row in rows]


def _months(first: RunRow, row: RunRow) -> float:
    began, then = (dt.datetime.fromisoformat(each.started) for each in (first, row))
    return (then - began).total_seconds() / 86_400 / _DAYS_PER_MONTH


def _cases(row: RunRow) -> int:
    """How many independent items the share is worth: fewer than there are when its interval is wider."""
    told = row.usable
    if told.value is None or told.low is None or told.high is None or told.high <= told.low:
        return row.items
    deviation = (told.high - told.low) / (2 * float(ndtri((1 + told.level) / 2)))
    share = (told.value * row.items + 1) / (row.items + 2)  # never quite 0 or 1
    worth = share * (1 - share) / deviation**2
    return max(1, min(row.items, round(worth)))
