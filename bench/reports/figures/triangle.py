"""The three sides of the impossible triangle as aligned strips, a line per candidate."""

from collections.abc import Sequence

from pydantic import JsonValue

from bench.reports.cells import metric_text
from bench.reports.figures.frame import Frame, Layer, Room, colour, framed, values
from bench.reports.figures.lettering import width_px
from bench.reports.figures.palette import CANDIDATES, HAIR, INK_2, SHAPES
from bench.reports.parts import Figure, Table
from bench.reports.phrases import Words, listed
from bench.types import Estimate
from bench.value.across.records import Axis, Corner, Triangle
from bench.wording.numbers import known
from bench.wording.plain import plain

_STRIP, _LABEL = 64, 20
_TOP = 30


def triangle_figure(words: Words, found: Triangle, table: Table) -> Figure | None:
    """The candidates with all sides, those at the front first; None with fewer than two of them or two sides."""
    complete = [name for name, each in found.candidates.items() if _is_complete(each, found.axes)]
    if len(complete) < 2 or len(found.axes) < 2:
        return None
    drawn = sorted(complete, key=lambda name: not found.candidates[name].in_pareto)
    drawn = drawn[: len(CANDIDATES)]
    front = [plain(name) for name in complete if found.candidates[name].in_pareto]
    title = words.say("plot.triangle.none")
    if front:
        names = listed(words.language, front)
        title = words.say("plot.triangle.title", names=names, n=len(front))
    note = words.say("plot.triangle.note")
    if len(drawn) < len(found.candidates):
        note += words.say("plot.triangle.more", n=len(drawn))
    spec = framed(_frame(words, found, title, note, len(drawn)), _layers(words, found, drawn))
    return Figure(spec, f"{title} {note}", table)


def _is_complete(corner: Corner, axes: Sequence[Axis]) -> bool:
    return all(known(corner.normalised.get(each)) is not None for each in axes)


def _side(corner: Corner, axis: Axis) -> Estimate:
    sides: dict[Axis, Estimate] = {
        "speciality": corner.speciality,
        "generality": corner.generality,
        "economy": corner.economy,
    }
    return sides[axis]


def _frame(words: Words, found: Triangle, title: str, note: str, count: int) -> Frame:
    names = [words.say(f"axis.{each}") for each in found.axes]
    right = max(width_px(each) for each in _best(words, found)) + 24
    wide = Room(max(map(width_px, names)) + 24, right, 4, 4, _STRIP)
    height = _TOP + _STRIP * (len(found.axes) - 1) + 26 + _LABEL * count
    whole = Room(wide.left, wide.right, 4, 4, height)
    return Frame(title, note, whole, Room(14, right, 4, 4, height), most=900)


def _best(words: Words, found: Triangle) -> list[str]:
    """The best that was reached on every side, in its own unit."""
    told = []
    for axis in found.axes:
        reached = [known(_side(each, axis).value) for each in found.candidates.values()]
        most = max((each for each in reached if each is not None), default=0.0)
        text = metric_text(words, "times" if axis == "economy" else "share")
        told.append(words.say("plot.triangle.best", value=text(most, 0.1 if most < 10 else 1.0)))
    return told


def _layers(words: Words, found: Triangle, drawn: Sequence[str]) -> list[Layer]:
    levels = {each: _TOP + _STRIP * at for at, each in enumerate(found.axes)}
    points: list[dict[str, JsonValue]] = [
        {
            "candidate": at,
            "x": found.candidates[name].normalised[axis],
            "y": levels[axis],
            "colour": CANDIDATES[at],
            "shape": SHAPES[at],
        }
        for at, name in enumerate(drawn)
        for axis in found.axes
    ]
    last = _TOP + _STRIP * (len(found.axes) - 1)
    places = _places([found.candidates[each].normalised[found.axes[-1]] or 0.0 for each in drawn])
    names: list[dict[str, JsonValue]] = [
        {
            "x": found.candidates[name].normalised[found.axes[-1]],
            "from": last,
            "y": last + 22 + _LABEL * places[at],
            "text": plain(name),
            "colour": CANDIDATES[at],
        }
        for at, name in enumerate(drawn)
    ]
    sides: list[dict[str, JsonValue]] = [
        {"y": levels[each], "text": words.say(f"axis.{each}"), "best": best}
        for each, best in zip(found.axes, _best(words, found), strict=True)
    ]
    low = min(
        found.candidates[name].normalised[axis] or 0.0 for name in drawn for axis in found.axes
    )
    start = max(0.0, min(low - (1 - low) * 0.15, 0.9))
    x, y = _axes(start)
    middle = (1 + start) / 2
    return [
        *_strips(sides, y),
        _leaders(names, x, y),
        *_curves(points, x, y),
        _names(names, x, y, middle),
    ]


def _places(ends: Sequence[float]) -> list[int]:
    """The line of each name under the last strip: from the middle outwards no leader crosses a name."""
    order = sorted(range(len(ends)), key=lambda at: ends[at])
    return [order.index(at) for at in range(len(ends))]


def _axes(start: float) -> tuple[Layer, Layer]:
    x: Layer = {
        "field": "x",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [start, 1], "zero": False, "nice": False, "padding": 8},
    }
    y: Layer = {
        "field": "y",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, {"expr": "height"}], "reverse": True, "nice": False, "zero": False},
    }
    return x, y


def _strips(sides: list[dict[str, JsonValue]], y: Layer) -> list[Layer]:
    """A line a side, its name, and the best that was reached on it."""
    ground: Layer = {"type": "rule", "color": HAIR, "x": 0, "x2": "width"}
    side: Layer = {
        "type": "text",
        "align": "left",
        "x": {"expr": "narrow ? 0 : 4 - gutter"},
        "baseline": {"expr": "narrow ? 'line-bottom' : 'middle'"},
        "yOffset": {"expr": "narrow ? -9 : 0"},
    }
    best: Layer = {"type": "text", "align": "left", "x": {"expr": "width + 14"}, "color": INK_2}
    return [
        {"data": values(sides), "mark": ground, "encoding": {"y": y}},
        {"data": values(sides), "mark": side, "encoding": {"y": y, "text": {"field": "text"}}},
        {"data": values(sides), "mark": best, "encoding": {"y": y, "text": {"field": "best"}}},
    ]


def _curves(points: list[dict[str, JsonValue]], x: Layer, y: Layer) -> list[Layer]:
    line: Layer = {"type": "line", "strokeWidth": 1.5, "opacity": 0.8}
    point: Layer = {"type": "point", "filled": True, "size": 110, "opacity": 1}
    by: Layer = {
        "order": {"field": "y", "type": "quantitative"},
        "detail": {"field": "candidate", "type": "nominal"},
    }
    place: Layer = {"x": x, "y": y, "color": colour()}
    return [
        {"data": values(points), "mark": line, "encoding": {**place, **by}},
        {"data": values(points), "mark": point, "encoding": {**place, "shape": colour("shape")}},
    ]


def _leaders(names: list[dict[str, JsonValue]], x: Layer, y: Layer) -> Layer:
    """From the last strip down to the name."""
    mark: Layer = {"type": "rule", "strokeWidth": 1, "opacity": 0.6}
    to: Layer = {"y": {**y, "field": "from"}, "y2": {"field": "y"}}
    return {"data": values(names), "mark": mark, "encoding": {"x": x, **to, "color": colour()}}


def _names(names: list[dict[str, JsonValue]], x: Layer, y: Layer, middle: float) -> Layer:
    mark: Layer = {
        "type": "text",
        "align": {"expr": f"datum.x > {middle} ? 'right' : 'left'"},
        "dx": {"expr": f"datum.x > {middle} ? -5 : 5"},
        "limit": {"expr": "width * 0.8"},
    }
    told: Layer = {"text": {"field": "text"}, "color": colour()}
    return {"data": values(names), "mark": mark, "encoding": {"x": x, "y": y, **told}}
