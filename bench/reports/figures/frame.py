"""What every picture shares: its frame, how it fits a width, its axis and its letters.

The page fits a picture to its container: `usermeta` says how much room texts take beside the plot (`wide`)
and, below `turn` pixels, when labels move above what they name (`narrow`). Specifications hold the wide form,
so that they draw elsewhere, too. Texts are data or titles, never expressions.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pydantic import JsonValue

from bench.reports.figures.palette import GRID, INK, INK_2, PAPER

Layer = dict[str, JsonValue]
TURN = 560
"""Below this width labels stand above bars."""
WIDTH = 960
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
HALO: Layer = {"stroke": PAPER, "strokeWidth": 3, "color": PAPER}
"""Under letters: keeps them readable where a line runs behind them."""
NUMBER = "',~f'"
SIGNED = "'+,~f'"


@dataclass(frozen=True, slots=True)
class Room:
    """Pixels around the plot, and the height of one row or of the whole plot."""

    left: float
    right: float
    top: float
    bottom: float
    step: float


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture's finding, how to read it, and its measures.

    `rows` times a room's step is the height; without rows it is the step alone, or `aspect` times the width.
    """

    title: str
    note: str
    wide: Room
    narrow: Room
    rows: int = 1
    aspect: float | None = None
    most: int = 1200
    turn: int = TURN


def framed(frame: Frame, layers: Sequence[Layer]) -> dict[str, JsonValue]:
    """A whole specification; `narrow` and `gutter` are what its expressions know of the width."""
    room = frame.wide
    width = min(WIDTH, frame.most) - room.left - room.right
    height = frame.aspect * width if frame.aspect else frame.rows * room.step
    return {
        "$schema": _SCHEMA,
        "usermeta": asdict(frame),
        "autosize": {"type": "none"},
        "padding": {each: getattr(room, each) for each in ("left", "right", "top", "bottom")},
        "width": round(width),
        "height": round(height),
        "params": [{"name": "narrow", "value": False}, {"name": "gutter", "value": room.left}],
        "config": _config(),
        "layer": list(layers),
    }


def _config() -> JsonValue:
    axis: dict[str, JsonValue] = {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelColor": INK_2,
        "titleColor": INK_2,
        "titleFontWeight": "normal",
        "titlePadding": 6,
        "gridColor": GRID,
        "domain": False,
        "ticks": False,
        "labelPadding": 5,
        "labelOverlap": "greedy",
        "labelSeparation": 8,
        "labelBound": 40,
        "labelFlush": False,
    }
    return {
        "aria": False,
        "background": None,
        "font": "sans-serif",
        "text": {"fontSize": 13, "color": INK},
        "view": {"stroke": None},
        "axis": axis,
    }


def values(rows: Sequence[dict[str, JsonValue]]) -> Layer:
    """Data that stand in the specification."""
    return {"values": list(rows)}


def axis(title: str, *, label: str = NUMBER, zero: str = "0") -> Layer:
    """A horizontal axis below; `label` is a quoted d3 format, `zero` what stands at zero: a text of ours."""
    return {
        "title": title,
        "orient": "bottom",
        "titleLimit": {"expr": "width + 24"},
        "tickCount": {"expr": "max(2, floor(width / 80))"},
        "labelExpr": f"datum.value === 0 ? {_quoted(zero)} : format(datum.value, {label})",
    }


def _quoted(text: str) -> str:
    """A text of the catalogue as a string of the expression language."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def colour(field: str = "colour") -> Layer:
    """A channel whose data are colours themselves."""
    return {"field": field, "type": "nominal", "scale": None, "legend": None}
