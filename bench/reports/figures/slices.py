"""Values by slice and candidate as a heat table: a number in every cell, white is today."""

from collections.abc import Mapping

from pydantic import JsonValue

from bench.reports import numbers
from bench.reports.figures.frame import Frame, Layer, Room, colour, framed, values
from bench.reports.figures.lettering import lines, width_px
from bench.reports.figures.palette import INK_2, between, readable_on
from bench.reports.numbers import Money, known
from bench.reports.parts import Figure, Table
from bench.reports.phrases import CASES, Words, times
from bench.reports.plain import plain
from bench.value.candidate_summary import SliceValue

_MOST = 5
"""So many candidates fit beside each other on a phone."""
_PHONE = 350


def slices_figure(words: Words, titles: Mapping[str, str], table: Table) -> Figure | None:
    """The first candidates by their order in the suite; None where no slice has a value."""
    names = list(words.suite.candidates)[:_MOST]
    found = {
        (each.slice, name): each
        for name in names
        for each in words.suite.candidates[name].slices
        if known(each.value_per_case.value) is not None
    }
    if not found:
        return None
    slices = [each for each in titles if any((each, name) in found for name in names)]
    amounts = [_amount(each) for each in found.values()]
    money, most = words.money(amounts), max(map(abs, amounts)) or 1.0
    cells: list[dict[str, JsonValue]] = [
        _cell(row, column, found.get((key, name)), money, most)
        for row, key in enumerate(slices)
        for column, name in enumerate(names)
    ]
    title = _finding(words, found, titles)
    note = words.say("plot.slices.note", cases=words.cases, unit=money.unit)
    if len(words.suite.candidates) > _MOST:
        note += words.say("plot.slices.more", n=_MOST)
    heads = [lines(plain(name), _PHONE / len(names) - 8, 3) for name in names]
    labels = [titles[each] for each in slices]
    spec = framed(_frame(title, note, labels, heads), _layers(cells, labels, heads))
    return Figure(spec, f"{title} {note}", table)


def _amount(slice_value: SliceValue) -> float:
    return (known(times(slice_value.value_per_case, CASES).value)) or 0.0


def _finding(
    words: Words, found: Mapping[tuple[str, str], SliceValue], titles: Mapping[str, str]
) -> str:
    below = [(_amount(each), key) for key, each in found.items() if _amount(each) < 0]
    if not below:
        return words.say("plot.slices.fine", all=len(found))
    worst = min(below)[1]
    return words.say(
        "plot.slices.title",
        n=len(below),
        all=len(found),
        slice=titles[worst[0]],
        candidate=plain(worst[1]),
    )


def _cell(
    row: int, column: int, found: SliceValue | None, money: Money, most: float
) -> dict[str, JsonValue]:
    if found is None:
        return {
            "row": row,
            "column": column,
            "text": numbers.UNKNOWN,
            "fill": "#ffffff",
            "ink": INK_2,
        }
    amount = _amount(found)
    step = numbers.step_beside(
        amount, *(None if e is None else e * CASES for e in (found.value_per_case.low, found.value_per_case.high))
    )  # fmt: skip
    fill = between(amount / most)
    return {
        "row": row,
        "column": column,
        "value": amount / money.divisor,
        "text": money.number(amount, step, sign=True),
        "fill": fill,
        "ink": readable_on(fill),
    }


def _frame(title: str, note: str, labels: list[str], heads: list[list[str]]) -> Frame:
    beside = min(290, max(map(width_px, labels)) + 16)
    top = 10 + 16 * max(map(len, heads))
    wide = Room(beside, 4, top, 4, 30)
    return Frame(title, note, wide, Room(2, 2, top, 4, 54), rows=len(labels), most=900)


def _layers(
    cells: list[dict[str, JsonValue]], labels: list[str], heads: list[list[str]]
) -> list[Layer]:
    band: dict[str, JsonValue] = {"type": "band", "paddingInner": 0, "paddingOuter": 0}
    x: Layer = {
        "field": "column",
        "type": "ordinal",
        "axis": None,
        "scale": {**band, "domain": list(range(len(heads)))},
    }
    y: Layer = {
        "field": "row",
        "type": "ordinal",
        "axis": None,
        "scale": {**band, "domain": list(range(len(labels)))},
    }
    narrow: Layer = {"expr": "narrow ? 10 : 0"}
    box: Layer = {
        "type": "rect",
        "stroke": "#dcdad3",
        "strokeWidth": 1,
        "width": {"expr": f"width / {len(heads)} - 3"},
        "height": 27,
        "yOffset": narrow,
    }
    fill: Layer = {"field": "fill", "type": "nominal", "scale": None, "legend": None}
    number: Layer = {"type": "text", "yOffset": narrow}
    name: Layer = {
        "type": "text",
        "align": "left",
        "x": {"expr": "narrow ? 0 : 4 - gutter"},
        "baseline": {"expr": "narrow ? 'line-bottom' : 'middle'"},
        "yOffset": {"expr": "narrow ? -6 : 0"},
        "limit": {"expr": "narrow ? width : gutter - 12"},
    }
    head: Layer = {
        "type": "text",
        "y": -6,
        "baseline": "line-bottom",
        "lineHeight": 16,
        "color": INK_2,
    }
    rows: list[dict[str, JsonValue]] = [{"row": at, "text": each} for at, each in enumerate(labels)]
    tops: list[dict[str, JsonValue]] = [
        {"column": at, "text": [*each]} for at, each in enumerate(heads)
    ]
    text: Layer = {"field": "text"}
    whole: Layer = {"value": {"expr": "datum.text"}}
    return [
        {"data": values(cells), "mark": box, "encoding": {"x": x, "y": y, "fill": fill}},
        {
            "data": values(cells),
            "mark": number,
            "encoding": {"x": x, "y": y, "text": text, "color": colour("ink")},
        },
        {"data": values(rows), "mark": name, "encoding": {"y": y, "text": text}},
        {"data": values(tops), "mark": head, "encoding": {"x": x, "text": whole}},
    ]
