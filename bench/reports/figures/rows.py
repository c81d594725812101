"""Pictures made of rows: a label and, on an axis that all rows share, bars, fading ranges, dots and texts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import JsonValue

from bench.reports.figures.frame import Frame, Layer, Room, axis, colour, framed, values
from bench.reports.figures.lettering import SIZE, lines, width_px
from bench.reports.figures.palette import INK, INK_2, INK_3, PAPER, gradient

_LINE = 17
_DROP = 11
"""Pixels that marks lie lower where their label stands above them."""
_PHONE = 340
_EDGE = 28
"""Room at both ends of the axis for half of a number."""
_BESIDE = 290
"""The most that labels take at the left of a wide plot."""

_HALO: Layer = {"stroke": PAPER, "strokeWidth": 3, "color": PAPER}
"""Keeps letters readable where a line runs behind them."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A solid bar between two numbers of the axis."""

    start: float
    end: float
    colour: str


@dataclass(frozen=True, slots=True)
class Fade:
    """A range that fades from its sure end to its unsure one."""

    sure: float
    unsure: float
    colour: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point on the axis."""

    at: float
    colour: str
    shape: str = "circle"


@dataclass(frozen=True, slots=True)
class Tag:
    """A text beside a number of the axis."""

    at: float
    text: str
    side: Literal["left", "right"] = "right"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `ticks` are short upright strokes; `rest` stands at the right, or behind the label."""

    label: str
    bars: tuple[Bar, ...] = ()
    fades: tuple[Fade, ...] = ()
    dots: tuple[Dot, ...] = ()
    ticks: tuple[float, ...] = ()
    tags: tuple[Tag, ...] = ()
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An upright line through all rows, with a text above it."""

    at: float
    text: str = ""
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the rows stand on. No `axis` hides the numbers; `domain` fixes its ends."""

    title: str
    note: str
    axis: str | None = ""
    label: str = "',~f'"
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
    marks = _Marks(len(rows), _x(sheet), _beyond(rows, "right"))
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
    wide = Room(beside + left, right + rest + 14, top, bottom, 14 + _LINE * max(long, 1))
    narrow = Room(max(left + 4, _EDGE), max(right + 4, _EDGE), top, bottom, 28 + _LINE * short)
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


@dataclass(frozen=True, slots=True)
class _Marks:
    """Layers on shared axes."""

    count: int
    x: Layer
    beyond: float
    """Room that texts at the right ends of bars may take beyond the plot."""

    def _at(self, x: str, end: str | None = None) -> Layer:
        band: dict[str, JsonValue] = {
            "type": "band",
            "domain": list(range(self.count)),
            "paddingInner": 0,
            "paddingOuter": 0,
        }
        told: Layer = {
            "x": {"field": x, **self.x},
            "y": {"field": "row", "type": "ordinal", "axis": None, "scale": band},
        }
        return told | ({"x2": {"field": end}} if end else {})

    def line(self, line: Line) -> Layer:
        """A line through all rows and the text above it."""
        dash: list[JsonValue] = [3, 3] if line.dashed else []
        stroke: Layer = {
            "type": "rule",
            "color": INK_3 if line.dashed else INK,
            "strokeDash": dash,
            "strokeWidth": 1.2,
        }
        text: Layer = {
            "type": "text",
            "y": -6,
            "baseline": "bottom",
            "fontSize": 12,
            "color": INK_2,
        }
        x: Layer = {"field": "x", **self.x}
        layers: list[JsonValue] = [{"mark": stroke, "encoding": {"x": x}}]
        if line.text:
            layers.append({"mark": text, "encoding": {"x": x, "text": {"field": "text"}}})
        return {"data": values([{"x": line.at, "text": line.text}]), "layer": layers}

    def bars(self, rows: Sequence[Row]) -> list[Layer]:
        found: list[dict[str, JsonValue]] = [
            {"row": at, "from": min(bar.start, bar.end), "to": max(bar.start, bar.end), "colour": bar.colour}
            for at, row in enumerate(rows)
            for bar in row.bars
        ]  # fmt: skip
        mark: Layer = {"type": "bar", "size": 14, "yOffset": _drop()}
        encoding = self._at("from", "to") | {"color": colour()}
        return [{"data": values(found), "mark": mark, "encoding": encoding}] if found else []

    def fades(self, rows: Sequence[Row]) -> list[Layer]:
        """A layer for each colour and direction, since a gradient belongs to a layer."""
        found: dict[tuple[str, bool], list[dict[str, JsonValue]]] = {}
        for at, row in enumerate(rows):
            for fade in row.fades:
                right = fade.unsure >= fade.sure
                ends = sorted((fade.sure, fade.unsure))
                found.setdefault((fade.colour, right), []).append(
                    {"row": at, "from": ends[0], "to": ends[1]}
                )
        return [
            {
                "data": values(told),
                "mark": {
                    "type": "bar",
                    "size": 9,
                    "yOffset": _drop(),
                    "color": gradient(key[0], right=key[1]),
                },
                "encoding": self._at("from", "to"),
            }
            for key, told in found.items()
        ]

    def ticks(self, rows: Sequence[Row]) -> list[Layer]:
        found: list[dict[str, JsonValue]] = [
            {"row": at, "x": tick} for at, row in enumerate(rows) for tick in row.ticks
        ]
        mark: Layer = {
            "type": "tick",
            "size": 22,
            "thickness": 2.5,
            "color": INK,
            "yOffset": _drop(),
        }
        told: Layer = {"data": values(found), "mark": mark, "encoding": self._at("x")}
        return [told] if found else []

    def dots(self, rows: Sequence[Row]) -> list[Layer]:
        found: list[dict[str, JsonValue]] = [
            {"row": at, "x": dot.at, "colour": dot.colour, "shape": dot.shape}
            for at, row in enumerate(rows)
            for dot in row.dots
        ]
        mark: Layer = {
            "type": "point",
            "filled": True,
            "opacity": 1,
            "size": 120,
            "stroke": PAPER,
            "strokeWidth": 1.5,
            "yOffset": _drop(),
        }
        shape: Layer = {"shape": colour("shape"), "color": colour()}
        told: Layer = {"data": values(found), "mark": mark, "encoding": self._at("x") | shape}
        return [told] if found else []

    def tags(self, rows: Sequence[Row]) -> list[Layer]:
        layers: list[Layer] = []
        for side, align, shift in (("left", "right", -6), ("right", "left", 6)):
            found: list[dict[str, JsonValue]] = [
                {"row": at, "x": tag.at, "text": tag.text}
                for at, row in enumerate(rows)
                for tag in row.tags
                if tag.side == side
            ]
            mark: Layer = {
                "type": "text",
                "align": align,
                "dx": shift,
                "yOffset": _drop(),
                "color": INK_2,
            }
            text: Layer = {"text": {"field": "text"}}
            if found:
                layers += [
                    {"data": values(found), "mark": style, "encoding": self._at("x") | text}
                    for style in (mark | _HALO, mark)
                ]
        return layers

    def labels(self, labels: Sequence[dict[str, JsonValue]]) -> list[Layer]:
        """Names of rows: at the left or, where it is narrow, above the marks; `rest` at the far right."""
        y = {"y": self._at("x")["y"]}
        name: Layer = {
            "type": "text",
            "align": "left",
            "fontSize": SIZE,
            "lineHeight": _LINE,
            "x": {"expr": "4 - gutter"},
            "baseline": {"expr": "narrow ? 'line-bottom' : 'middle'"},
            "yOffset": {
                "expr": f"narrow ? -1 - {_LINE} * (datum.short.length - 1)"
                f" : {-_LINE / 2} * (datum.long.length - 1)"
            },
        }
        rest: Layer = {
            "type": "text",
            "align": "left",
            "x": {"expr": f"width + {self.beyond + 8}"},
            "color": INK_2,
            "opacity": {"expr": "narrow ? 0 : 1"},
        }
        chosen: Layer = {"text": {"value": {"expr": "narrow ? datum.short : datum.long"}}}
        layers: list[Layer] = [
            {"data": values(labels), "mark": style, "encoding": {**y, **chosen}}
            for style in (name | _HALO, name)
        ]
        if any(each["rest"] for each in labels):
            encoding: Layer = {**y, "text": {"field": "rest"}}
            layers.append({"data": values(labels), "mark": rest, "encoding": encoding})
        return layers


def _drop() -> Layer:
    return {"expr": f"narrow ? {_DROP} : 0"}


def scaled_row(row: Row, divisor: float) -> Row:
    """The same row in another unit of money."""
    return replace(
        row,
        bars=tuple(Bar(b.start / divisor, b.end / divisor, b.colour) for b in row.bars),
        fades=tuple(Fade(f.sure / divisor, f.unsure / divisor, f.colour) for f in row.fades),
        dots=tuple(Dot(d.at / divisor, d.colour, d.shape) for d in row.dots),
        ticks=tuple(each / divisor for each in row.ticks),
        tags=tuple(Tag(t.at / divisor, t.text, t.side) for t in row.tags),
    )
