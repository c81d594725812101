"""Pictures made of rows: a label and, on an axis that all rows share, bars, fading ranges, dots and texts."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from bench.reports.figures.frame import NUMBER, Frame, Layer, Room, axis, framed
from bench.reports.figures.lettering import lines, width_px
from bench.reports.figures.row import Line, Row
from bench.reports.figures.row_marks import LINE, RowMarks

_PHONE = 340
_EDGE = 28
"""Room at both ends of the axis for half of a number."""
_BESIDE = 290
"""The most that labels take at the left of a wide plot."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the rows stand on. No `axis` hides the numbers; `domain` fixes its ends."""

    title: str
    note: str
    axis: str | None = ""
    label: str = NUMBER
    zero: str = "0"
    lines: tuple[Line, ...] = (Line(0),)
    domain: tuple[float, float] | None = None


def rows_spec(rows: Sequence[Row], sheet: Sheet) -> dict[str, JsonValue]:
    """A specification of rows under each other, in their order."""
    beside = min(_BESIDE, max((width_px(each.label) for each in rows), default=0) + 16)
    long = [lines(each.label, beside - 12) for each in rows]
    short = [lines(_one_line(each), _PHONE) for each in rows]
    frame = _frame(rows, sheet, beside, max(map(len, long)), max(map(len, short)))
    labels: list[dict[str, JsonValue]] = [
        {"row": at, "long": [*long[at]], "short": [*short[at]], "rest": each.rest}
        for at, each in enumerate(rows)
    ]
    marks = RowMarks(len(rows), _x(sheet), _beyond(rows, "right"))
    layers = [
        *(marks.line(each) for each in sheet.lines),
        *marks.bars(rows),
        *marks.fades(rows),
        *marks.ticks(rows),
        *marks.dots(rows),
        *marks.tags(rows),
        *marks.labels(labels),
    ]
    return framed(frame, layers)


def _one_line(row: Row) -> str:
    return f"{row.label} · {row.rest}" if row.rest else row.label


def _frame(rows: Sequence[Row], sheet: Sheet, beside: float, long: int, short: int) -> Frame:
    left, right = (_beyond(rows, each) for each in ("left", "right"))
    rest = max((width_px(each.rest) for each in rows), default=0.0)
    bottom = 12.0 if sheet.axis is None else 42.0 if sheet.axis else 24.0
    top = 22.0 if any(each.text for each in sheet.lines) else 6.0
    wide = Room(beside + left, right + rest + 14, top, bottom, max(30, 10 + LINE * long))
    narrow = Room(max(left + 4, _EDGE), max(right + 4, _EDGE), top, bottom, 28 + LINE * short)
    return Frame(sheet.title, sheet.note, wide, narrow, rows=len(rows))


def _beyond(rows: Sequence[Row], side: str) -> float:
    tags = [width_px(tag.text) + 8 for row in rows for tag in row.tags if tag.side == side]
    return max(tags, default=0.0)


def _x(sheet: Sheet) -> Layer:
    """The axis that all rows share."""
    scale: dict[str, JsonValue] = {"zero": False, "nice": False}
    if sheet.domain:
        scale["domain"] = list(sheet.domain)
    scale["padding"] = 8
    shown = None if sheet.axis is None else axis(sheet.axis, label=sheet.label, zero=sheet.zero)
    return {"type": "quantitative", "scale": scale, "axis": shown}
