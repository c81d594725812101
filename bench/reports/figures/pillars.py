"""One of the three values: the leading candidate against today, metric by metric."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from bench.reports.cells import metric_text
from bench.reports.figures.frame import Frame, Layer, Room, colour, framed, values
from bench.reports.figures.lettering import lines
from bench.reports.figures.palette import GOOD, HAIR, HARM, INK, INK_2, PAPER, REST, gradient
from bench.reports.parts import Figure, Table
from bench.reports.phrases import Words, bounds
from bench.value.candidate_summary import BusinessMetric
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain

_MOST = 4
_ROW, _PHONE = 70, 330


def pillar_figure(
    words: Words, name: str, pillar: str, metrics: Mapping[str, BusinessMetric], table: Table
) -> Figure | None:
    """At most four metrics of a candidate, those that today has first; None where none was measured."""
    measured = [each for each in metrics.values() if known(each.value) is not None]
    drawn = sorted(measured, key=lambda each: known(each.today) is None)[:_MOST]
    compared = [each for each in measured if known(each.today) is not None]
    if not measured:
        return None
    title = words.say(
        "plot.pillar.title" if compared else "plot.pillar.title_bare",
        pillar=words.say(f"pillar.{pillar}"),
        candidate=plain(name),
        all=len(compared),
        n=sum(_standing(each) == "better" for each in compared),
    )
    note = words.say("plot.pillar.note")
    if len(measured) > _MOST:
        note += words.say("plot.more", n=_MOST)
    room = Room(4, 4, 2, 6, _ROW)
    frame = Frame(title, note, room, room, rows=len(drawn), most=620)
    return Figure(framed(frame, _layers(words, drawn)), f"{title} {note}", table)


def _standing(metric: BusinessMetric) -> str:
    """Surely better than today, surely worse, or open."""
    ends, today = bounds(metric), known(metric.today)
    if ends is None or today is None:
        return "open"
    low, high = ends if metric.better == "higher" else (-ends[1], -ends[0])
    bar = today if metric.better == "higher" else -today
    return "better" if low > bar else "worse" if high < bar else "open"


def _places(metric: BusinessMetric) -> dict[str, JsonValue]:
    """Where the marks lie between 0 and 1; to the right is better, whichever way the metric counts."""
    told = {
        "mean": known(metric.value),
        "low": known(metric.low),
        "high": known(metric.high),
        "today": known(metric.today),
    }
    signed = {
        name: each if metric.better == "higher" else -each
        for name, each in told.items()
        if each is not None
    }
    start, end = min(signed.values()), max(signed.values())
    width = (end - start) or 1.0
    shift = 0.5 if end == start else 0.0
    return {
        name: round((each - start) / width * 0.9 + 0.05 + shift * 0.9, 6)
        for name, each in signed.items()
    }


def _row(words: Words, at: int, metric: BusinessMetric) -> dict[str, JsonValue]:
    text = metric_text(words, metric.unit)
    value, today = known(metric.value) or 0.0, known(metric.today)
    step = numbers.step_beside(value, *(bounds(metric) or (None, None)))
    shown = words.say("plot.pillar.no_today")
    if today is not None:
        step_today = numbers.rounding_step(None, None, today)
        shown = words.say("plot.pillar.today", value=text(today, step_today))
    colours = {"better": GOOD, "worse": HARM, "open": REST}
    marks = {} if today is None else _places(metric)
    return {
        "row": at,
        "title": [*lines(words.text(metric.title), _PHONE, 1)],
        "value": text(value, step),
        "today_text": shown,
        "colour": colours[_standing(metric)],
        **marks,
    }


def _layers(words: Words, drawn: Sequence[BusinessMetric]) -> list[Layer]:
    rows = [_row(words, at, each) for at, each in enumerate(drawn)]
    x: Layer = {
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, 1], "nice": False, "zero": False},
    }
    y: Layer = {
        "field": "row",
        "type": "ordinal",
        "axis": None,
        "scale": {
            "type": "band",
            "domain": list(range(len(rows))),
            "paddingInner": 0,
            "paddingOuter": 0,
        },
    }
    return [*_texts(rows, y), *_marks(rows, x, y)]


def _texts(rows: list[dict[str, JsonValue]], y: Layer) -> list[Layer]:
    def text(field: str, drop: int, **style: JsonValue) -> Layer:
        mark: Layer = {"type": "text", "align": "left", "x": 0, "yOffset": drop, **style}
        content: Layer = {"value": {"expr": f"datum.{field}"}}
        return {"data": values(rows), "mark": mark, "encoding": {"y": y, "text": content}}

    right: dict[str, JsonValue] = {"x": "width", "align": "right"}
    return [
        text("title", -26),
        text("value", -7, fontSize=15, fontWeight="bold"),
        text("today_text", -7, color=INK_2, fontSize=12, **right),
    ]


def _marks(rows: list[dict[str, JsonValue]], x: Layer, y: Layer) -> list[Layer]:
    drop = 13
    ground: Layer = {"type": "rule", "color": HAIR, "x": 0, "x2": "width", "yOffset": drop}
    rows = [each for each in rows if "today" in each]
    told: list[Layer] = [{"data": values(rows), "mark": ground, "encoding": {"y": y}}]
    for of in (GOOD, HARM, REST):
        for end in ("low", "high"):
            kept = [
                each for each in rows if each["colour"] == of and end in each and "mean" in each
            ]
            told += _fade(kept, of, end, {"x": x, "y": y, "drop": drop}) if kept else []
    tick: Layer = {"type": "tick", "size": 20, "thickness": 2.5, "color": INK, "yOffset": drop}
    encoding: Layer = {"x": {"field": "today", **x}, "y": y}
    told.append({"data": values(rows), "mark": tick, "encoding": encoding})
    dot: Layer = {
        "type": "point",
        "filled": True,
        "size": 120,
        "opacity": 1,
        "yOffset": drop,
        "stroke": PAPER,
        "strokeWidth": 1.5,
    }
    place: Layer = {"x": {"field": "mean", **x}, "y": y, "color": colour()}
    return [*told, {"data": values(rows), "mark": dot, "encoding": place}]


def _fade(kept: list[dict[str, JsonValue]], of: str, end: str, at: Layer) -> list[Layer]:
    rightwards: dict[bool, list[dict[str, JsonValue]]] = {True: [], False: []}
    for each in kept:
        mean, far = each["mean"], each[end]
        assert isinstance(mean, float)
        assert isinstance(far, float)
        rows = rightwards[far >= mean]
        rows.append({"row": each["row"], "from": min(mean, far), "to": max(mean, far)})
    told: list[Layer] = []
    for right, found in rightwards.items():
        mark: Layer = {
            "type": "bar",
            "size": 8,
            "color": gradient(of, right=right),
            "yOffset": at["drop"],
        }
        x = at["x"]
        assert isinstance(x, dict)
        encoding: Layer = {"x": {"field": "from", **x}, "x2": {"field": "to"}, "y": at["y"]}
        if found:
            told.append({"data": values(found), "mark": mark, "encoding": encoding})
    return told
