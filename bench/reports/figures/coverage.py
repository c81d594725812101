"""Risk against coverage: how harmful answers become as less sure ones are acted on."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from bench.reports.figures.frame import Frame, Layer, Room, axis, colour, framed, values
from bench.reports.figures.lettering import width_px
from bench.reports.figures.palette import CANDIDATES, INK, faded
from bench.reports.parts import Figure, Table
from bench.reports.phrases import Words
from bench.value.selective import Selective, SelectivePoint
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain

_HEIGHT, _LETTERS = 220, 17
_MOST = 4


def coverage_figure(
    words: Words, found: Mapping[str, Selective], first: str, table: Table
) -> Figure | None:
    """The curve of `first` with its range, and those of up to three others; None with fewer than two points."""
    curves = {name: _known(each) for name, each in found.items() if name == first}
    curves |= {name: _known(each) for name, each in found.items()}
    curves = {name: each for name, each in [*curves.items()][:_MOST] if len(each) > 1}
    if first not in curves:
        return None
    at = min(curves[first], key=lambda each: abs(each.coverage - 0.5))
    whole = curves[first][-1]
    title = words.say(
        "plot.coverage.title",
        candidate=plain(first),
        share=numbers.share(at.coverage),
        risk=numbers.share(at.risk.value or 0.0),
        most=numbers.share(whole.coverage),
        whole=numbers.share(whole.risk.value or 0.0),
    )
    note = words.say("plot.coverage.note", candidate=plain(first))
    right = max(width_px(plain(name)) for name in curves) + 22
    wide = Room(52, min(right, 240), 10, 44, _HEIGHT)
    narrow = Room(44, min(right, 120), 10, 44, _HEIGHT)
    spec = framed(Frame(title, note, wide, narrow, most=860), _layers(words, curves, first))
    return Figure(spec, f"{title} {note}", table)


def _known(found: Selective) -> list[SelectivePoint]:
    """Points with a risk, fewest answers first; evenly thinned to a hundred."""
    points = sorted(
        (each for each in found.points if known(each.risk.value) is not None),
        key=lambda each: each.coverage,
    )
    last = len(points) - 1
    if last < 100:
        return points
    return [points[round(last * step / 99)] for step in range(100)]


def _layers(
    words: Words, curves: Mapping[str, Sequence[SelectivePoint]], first: str
) -> list[Layer]:
    top = max(
        known(each.risk.high) or known(each.risk.value) or 0.0
        for name, points in curves.items()
        for each in points[-max(1, len(points) // 2) :]
    )
    top = (
        max(top, *(p.risk.value or 0.0 for points in curves.values() for p in points)) * 1.1 or 0.01
    )
    x, y = _axes(words, top)
    lines: list[dict[str, JsonValue]] = [
        {"curve": at, "x": each.coverage, "y": each.risk.value, "colour": CANDIDATES[at]}
        for at, points in enumerate(curves.values())
        for each in points
    ]
    band: list[dict[str, JsonValue]] = [
        {"x": each.coverage, "low": each.risk.low, "high": min(each.risk.high or 0.0, top)}
        for each in curves[first]
        if known(each.risk.low) is not None and known(each.risk.high) is not None
    ]
    area: Layer = {"type": "area", "color": faded(CANDIDATES[0], 0.14)}
    line: Layer = {"type": "line", "strokeWidth": 2}
    by: Layer = {"field": "curve", "type": "nominal"}
    ends: Layer = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
    layers: list[Layer] = []
    if len(band) > 1:
        layers.append({"data": values(band), "mark": area, "encoding": ends})
    drawn: Layer = {"x": x, "y": y, "detail": by, "color": colour()}
    layers.append({"data": values(lines), "mark": line, "encoding": drawn})
    if len(lines) <= 24:
        dot: Layer = {"type": "point", "filled": True, "size": 60, "opacity": 1}
        layers.append({"data": values(lines), "mark": dot, "encoding": drawn})
    return [*layers, _names(curves, top, x, y)]


def _axes(words: Words, top: float) -> tuple[Layer, Layer]:
    percent = "'.1~%'"
    across = axis(words.say("plot.coverage.share"), label=percent, zero="0%")
    across["grid"] = False
    upright: Layer = {
        "title": None,
        "tickCount": 4,
        "labelExpr": f"format(datum.value, {percent})",
        "labelColor": INK,
    }
    x: Layer = {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": [0, 1], "nice": False},
        "axis": across,
    }
    y: Layer = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [0, top], "nice": False},
        "axis": upright,
    }
    return x, y


def _names(curves: Mapping[str, Sequence[SelectivePoint]], top: float, x: Layer, y: Layer) -> Layer:
    """Names at the ends of the curves, moved apart where they meet."""
    least, placed = _LETTERS / _HEIGHT * top, list[float]()
    told: list[dict[str, JsonValue]] = []
    named = [(name, CANDIDATES[at], points[-1]) for at, (name, points) in enumerate(curves.items())]
    for name, shade, end in sorted(named, key=lambda each: each[2].risk.value or 0.0):
        at = end.risk.value or 0.0
        while any(abs(at - other) < least for other in placed):
            at += least / 4
        placed.append(at)
        told.append({"x": end.coverage, "y": at, "text": plain(name), "colour": shade})
    mark: Layer = {
        "type": "text",
        "align": "left",
        "dx": 8,
        "limit": {"expr": "narrow ? 118 : 236"},
    }
    encoding: Layer = {"x": x, "y": y, "text": {"field": "text"}, "color": colour()}
    return {"data": values(told), "mark": mark, "encoding": encoding}
