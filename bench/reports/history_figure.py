"""A candidate's value from run to run: a line in a range that fades outward, the verdict at each run."""

from collections.abc import Sequence
from itertools import groupby

from pydantic import JsonValue

from bench.reports.figures.frame import Frame, Layer, Room, colour, framed, values
from bench.reports.figures.lettering import width_px
from bench.reports.figures.palette import EDIT, GOOD, HAIR, INK, INK_2, REST
from bench.reports.parts import Figure, Table
from bench.reports.phrases import CASES, Words, bounds, sure, times
from bench.value.history.record import RunRow
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_MARKS = {
    "deploy": ("circle", GOOD),
    "pilot": ("diamond", EDIT),
    "iterate": ("triangle-up", "#664a00"),
    "stop": ("square", "#4b5058"),
}
"""Shape and colour of a verdict; a word stands at the point, too."""
_FADE = (1.0, 2 / 3, 1 / 3)
"""The range is laid over itself in these widths, so that it fades outward and has no edge to read as a limit."""
_HEIGHT = 230


def history_figure(words: Words, name: str, rows: Sequence[RunRow], table: Table) -> Figure | None:
    """Runs from the oldest to the newest; None where fewer than two have a value."""
    drawn = [each for each in rows if known(each.value_per_case.value) is not None]
    if len(drawn) < 2:
        return None
    money = words.money([end for each in drawn for end in _ends(each)])
    slots = {"candidate": plain(name), "cases": words.cases, "unit": money.unit, "n": len(drawn)}
    change = rows[-1].since_previous.value_per_case if rows[-1].since_previous else None
    finding = change.judgement if change else "apart"
    title = words.say(f"history_section.figure_{finding}", **slots)
    note = words.say("history_section.note", sure=sure(drawn[-1].value_per_case), **slots)
    points = [_point(words, at, each, money) for at, each in enumerate(drawn)]
    return Figure(_spec(words, points, title, note), f"{title} {note}", table)


def _ends(row: RunRow) -> tuple[float, float, float]:
    """Low, value and high for `CASES` cases; the value alone where there is no range."""
    estimate = times(row.value_per_case, CASES)
    value = known(estimate.value) or 0.0
    low, high = bounds(estimate) or (value, value)
    return low, value, high


def _point(words: Words, at: int, row: RunRow, money: Money) -> dict[str, JsonValue]:
    low, value, high = (each / money.divisor for each in _ends(row))
    shape, fill = _MARKS.get(row.decision or "", ("cross", REST))
    verdict = words.named("label", row.decision) if row.decision else ""
    return {
        "at": at, "day": row.date.isoformat(), "low": low, "value": value, "high": high,
        "shape": shape, "colour": fill, "verdict": verdict, "version": row.version,
    }  # fmt: skip


def _spec(
    words: Words, points: Sequence[dict[str, JsonValue]], title: str, note: str
) -> dict[str, JsonValue]:
    numbers_wide = max(width_px(f"{each[end]:,.0f}") for each in points for end in ("low", "high"))
    room = Room(numbers_wide + 24, width_px(words.say("head.today")) + 20, 26, 30, _HEIGHT)
    layers: list[Layer] = [_today(words), *_bands(points), *_lines(points), *_dots(points)]
    return framed(Frame(title, note, room, room), layers)


def _x(field: str = "at") -> Layer:
    return {"field": field, "type": "quantitative", "axis": None, "scale": {"padding": 24, "nice": False, "zero": False}}  # fmt: skip


def _y(field: str) -> Layer:
    axis: Layer = {"title": None, "tickCount": 4, "format": ",~f", "grid": True, "gridColor": HAIR}
    return {"field": field, "type": "quantitative", "axis": axis, "scale": {"zero": True}}


def _segments(points: Sequence[dict[str, JsonValue]]) -> list[list[dict[str, JsonValue]]]:
    """Runs of one version of the task: no line joins two versions."""
    return [list(each) for _, each in groupby(points, key=lambda point: point["version"])]


def _bands(points: Sequence[dict[str, JsonValue]]) -> list[Layer]:
    found: list[Layer] = []
    for segment in _segments(points):
        for share in _FADE:
            rows = [_narrowed(each, share) for each in segment]
            wide: Layer = {"type": "area", "color": GOOD, "opacity": 0.12, "interpolate": "linear"}
            lone: Layer = {"type": "rule", "color": GOOD, "opacity": 0.18, "strokeWidth": 9}
            found.append(
                {
                    "data": values(rows),
                    "mark": wide if len(rows) > 1 else lone,
                    "encoding": {"x": _x(), "y": _y("low"), "y2": {"field": "high"}},
                }
            )
    return found


def _narrowed(point: dict[str, JsonValue], share: float) -> dict[str, JsonValue]:
    low, value, high = (float(point[each]) for each in ("low", "value", "high"))  # type: ignore[arg-type]  # put there as numbers
    return {
        "at": point["at"],
        "low": value - share * (value - low),
        "high": value + share * (high - value),
    }


def _lines(points: Sequence[dict[str, JsonValue]]) -> list[Layer]:
    return [
        {
            "data": values(segment),
            "mark": {"type": "line", "color": GOOD, "strokeWidth": 2},
            "encoding": {"x": _x(), "y": _y("value")},
        }
        for segment in _segments(points)
    ]


def _dots(points: Sequence[dict[str, JsonValue]]) -> list[Layer]:
    """The verdict as a shape and a word, and the day below; every second word is left out where it is narrow."""
    crowded = f"narrow && {len(points)} > 3 && datum.at % 2 !== {(len(points) - 1) % 2}"
    mark: Layer = {"type": "point", "filled": True, "opacity": 1, "size": 110, "stroke": "#ffffff"}
    word: Layer = {"type": "text", "dy": -16, "color": INK, "fontSize": 12}
    day: Layer = {"type": "text", "y": {"expr": "height + 18"}, "color": INK_2, "fontSize": 12}
    shown: Layer = {"opacity": {"expr": f"{crowded} ? 0 : 1"}}
    data = values(points)
    return [
        {"data": data, "mark": mark, "encoding": {"x": _x(), "y": _y("value"), "shape": colour("shape"), "color": colour()}},
        {"data": data, "mark": word | shown, "encoding": {"x": _x(), "y": _y("value"), "text": {"field": "verdict"}}},
        {"data": data, "mark": day | shown, "encoding": {"x": _x(), "text": {"field": "day"}}},
    ]  # fmt: skip


def _today(words: Words) -> Layer:
    text: Layer = {
        "type": "text",
        "align": "left",
        "x": {"expr": "width + 6"},
        "color": INK_2,
        "fontSize": 12,
    }
    name = words.say("head.today")
    return {
        "data": values([{"zero": 0, "text": name}]),
        "layer": [
            {"mark": {"type": "rule", "color": INK, "strokeWidth": 1.2}, "encoding": {"y": _y("zero")}},
            {"mark": text, "encoding": {"y": _y("zero"), "text": {"field": "text"}}},
        ],
    }  # fmt: skip
