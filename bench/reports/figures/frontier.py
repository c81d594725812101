"""Cost of calls against value: a point per candidate, and the efficient frontier from today's way on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from bench.reports.figures.frame import (
    HALO,
    SIGNED,
    Frame,
    Layer,
    Room,
    axis,
    colour,
    framed,
    values,
)
from bench.reports.figures.palette import GOOD, GRID, INK, INK_2, REST
from bench.reports.parts import Cell, Figure, Head, Table
from bench.reports.phrases import Words
from bench.wording import numbers
from bench.wording.numbers import Money
from bench.wording.plain import plain

_HEIGHT, _LETTERS = 240, 17
_WIDE = 20.0
"""Costs that differ by more than this factor stand on a logarithmic axis."""
_NAMED = 8
"""Up to so many candidates all have their names beside them; of more, only those at the front."""


@dataclass(frozen=True, slots=True)
class Point:
    """A way of working: cost of calls and value, both for the cases that money is told for."""

    name: str
    cost: float
    value: float


def efficient(points: Sequence[Point]) -> list[Point]:
    """The points that bring more than today and than everything cheaper, cheapest first.

    >>> [each.name for each in efficient([Point("a", 2, 5), Point("b", 1, 6), Point("c", 3, 7)])]
    ['b', 'c']
    """
    kept: list[Point] = []
    for each in sorted(points, key=lambda point: (point.cost, -point.value)):
        if each.value > (kept[-1].value if kept else 0.0):
            kept.append(each)
    return kept


def frontier_figure(words: Words, points: Sequence[Point], finding: str) -> Figure | None:
    """The picture; None with fewer than two priced candidates, which leaves nothing to weigh."""
    if len(points) < 2:
        return None
    money = words.money([each.value for each in points])
    costs = words.money([each.cost for each in points])
    note = words.say("plot.frontier.note", cases=words.cases)
    plot = _Plot(points, efficient(points), money, costs)
    if plot.logarithmic:
        note += words.say("plot.frontier.log")
    note += words.say("plot.frontier.range")
    room = Room(70, 16, 10, 44, _HEIGHT)
    narrow = Room(54, 8, 10, 44, _HEIGHT)
    spec = framed(Frame("", note, room, narrow, most=860), _layers(words, plot))
    return Figure(spec, f"{finding} {note}", _table(words, plot))


@dataclass(frozen=True, slots=True)
class _Plot:
    points: Sequence[Point]
    front: Sequence[Point]
    money: Money
    costs: Money

    @property
    def logarithmic(self) -> bool:
        costs = [each.cost for each in self.points]
        return min(costs) > 0 and max(costs) / min(costs) > _WIDE

    def x(self, cost: float) -> float:
        return cost / self.costs.divisor

    def y(self, value: float) -> float:
        return value / self.money.divisor

    @property
    def x_ends(self) -> tuple[float, float]:
        costs = [self.x(each.cost) for each in self.points]
        if self.logarithmic:
            return min(costs) / 3, max(costs) * 2
        most = max(costs) or 1.0
        return -0.04 * most, 1.08 * most

    @property
    def y_ends(self) -> tuple[float, float]:
        told = [0.0, *(self.y(each.value) for each in self.points)]
        margin = (max(told) - min(told)) * 0.1 or 1.0
        return min(told) - margin, max(told) + margin


def _layers(words: Words, plot: _Plot) -> list[Layer]:
    x, y = _axes(words, plot)
    start, end = plot.x_ends
    start = start if plot.logarithmic else 0.0
    line: list[dict[str, JsonValue]] = [
        {"x": start, "y": 0.0},
        *_places(plot),
        {"x": end, "y": plot.y(plot.front[-1].value) if plot.front else 0.0},
    ]
    path: Layer = {"type": "line", "interpolate": "step-after", "color": GOOD, "strokeWidth": 1.5}
    zero: Layer = {"type": "rule", "color": INK, "strokeWidth": 1.2}
    dot: Layer = {"type": "point", "filled": True, "size": 100, "opacity": 1}
    shown: Layer = {"x": x, "y": y, "shape": colour("shape"), "color": colour()}
    ways = values(_ways(words, plot))
    return [
        {"data": values([{"y": 0}]), "mark": zero, "encoding": {"y": y}},
        {"data": values(line), "mark": path, "encoding": {"x": x, "y": y}},
        {"data": ways, "mark": dot, "encoding": shown},
        *(name for side in ("left", "right") for name in _names(side, words, plot, x, y)),
    ]


def _places(plot: _Plot) -> list[dict[str, JsonValue]]:
    return [{"x": plot.x(each.cost), "y": plot.y(each.value)} for each in plot.front]


def _axes(words: Words, plot: _Plot) -> tuple[Layer, Layer]:
    start, end = plot.x_ends
    scale: dict[str, JsonValue] = {"domain": [start, end], "nice": False}
    if plot.logarithmic:
        scale["type"] = "log"
    across = axis(words.say("plot.frontier.cost", cases=words.cases, unit=plot.costs.unit))
    across["grid"] = False
    if plot.logarithmic:
        across["values"] = _round_costs(start, end)
    upright: Layer = {
        "title": words.say("plot.frontier.value", cases=words.cases, unit=plot.money.unit),
        "titleAnchor": "end",
        "titleAngle": 0,
        "titleAlign": "left",
        "titleX": 0,
        "titleY": 2,
        "tickCount": 5,
        "gridColor": GRID,
        "labelExpr": f"datum.value === 0 ? '0' : format(datum.value, {SIGNED})",
    }
    low, high = plot.y_ends
    x: Layer = {"field": "x", "type": "quantitative", "scale": scale, "axis": across}
    y: Layer = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": upright,
    }
    return x, y


def _round_costs(start: float, end: float) -> list[JsonValue]:
    """Powers of ten between two costs; with fewer than three of them also 2 and 5 times those."""
    first, last = math.floor(math.log10(start)), math.ceil(math.log10(end))
    for steps in ((1,), (1, 2, 5)):
        told = [step * 10.0**power for power in range(first, last + 1) for step in steps]
        kept: list[JsonValue] = [each for each in told if start <= each <= end]
        if len(kept) > 2:
            break
    return kept


def _ways(words: Words, plot: _Plot) -> list[dict[str, JsonValue]]:
    """Today's way, then the candidates; those at the front are blue."""
    today = words.say("plot.frontier.today")
    told: list[dict[str, JsonValue]] = [
        {"x": max(plot.x_ends[0], 0.0), "y": 0.0, "name": today, "colour": INK, "shape": "square"}
    ]
    told += [
        {
            "x": plot.x(each.cost),
            "y": plot.y(each.value),
            "name": plain(each.name),
            "colour": GOOD if each in plot.front else REST,
            "shape": "circle",
        }
        for each in plot.points
    ]
    return told


def _names(side: str, words: Words, plot: _Plot, x: Layer, y: Layer) -> list[Layer]:
    """Names beside their points, moved apart where they meet."""
    named = plot.points if len(plot.points) <= _NAMED else plot.front[-_NAMED:]
    kept = {plain(each.name) for each in named} | {words.say("plot.frontier.today")}
    ways = [each for each in _ways(words, plot) if each["name"] in kept]
    low, high = plot.y_ends
    least = _LETTERS / _HEIGHT * (high - low)
    placed: list[tuple[bool, float]] = []
    told: list[dict[str, JsonValue]] = []
    for each in sorted(ways, key=lambda way: -_number(way["y"])):
        right_half = _share(plot, _number(each["x"])) > 0.5
        at = _number(each["y"])
        while any(half == right_half and abs(at - other) < least for half, other in placed):
            at -= least / 4
        placed.append((right_half, at))
        if (side == "left") == right_half:
            told.append({**each, "y": at})
    mark: Layer = {
        "type": "text",
        "align": "right" if side == "left" else "left",
        "dx": -9 if side == "left" else 9,
        "dy": -10,
        "color": INK_2,
        "limit": {"expr": "width * 0.6"},
    }
    encoding: Layer = {"x": x, "y": y, "text": {"field": "name"}}
    return [
        {"data": values(told), "mark": style, "encoding": encoding} for style in (mark | HALO, mark)
    ]


def _number(value: JsonValue) -> float:
    assert isinstance(value, float | int)
    return float(value)


def _share(plot: _Plot, x: float) -> float:
    """Where a cost lies between the ends of the axis."""
    start, end = plot.x_ends
    if plot.logarithmic:
        return math.log(x / start) / math.log(end / start)
    return (x - start) / (end - start)


def _table(words: Words, plot: _Plot) -> Table:
    rows = [(Cell(words.say("plot.frontier.today")), Cell("0"), Cell("0"), Cell(""))]
    for each in sorted(plot.points, key=lambda point: point.cost):
        cost = plot.costs.number(each.cost, numbers.rounding_step(None, None, each.cost))
        value = plot.money.number(
            each.value, numbers.rounding_step(None, None, each.value), sign=True
        )
        at_front = each in plot.front
        told = words.say("plot.frontier.front" if at_front else "plot.frontier.behind")
        rows.append(
            (
                Cell(plain(each.name)),
                Cell(cost),
                Cell(value),
                Cell(told, tone="good" if at_front else "quiet"),
            )
        )
    heads = (
        Head(words.say("head.way")),
        Head(
            words.say("plot.frontier.cost", cases=words.cases, unit=plot.costs.unit), numeric=True
        ),
        Head(
            words.say("plot.frontier.value", cases=words.cases, unit=plot.money.unit), numeric=True
        ),
        Head(words.say("triangle.place")),
    )
    return Table(words.say("plot.frontier.caption"), heads, tuple(rows))
