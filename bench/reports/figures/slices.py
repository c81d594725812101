"""Values by slice and candidate as a heat table: a number in every cell, white is today."""

from collections.abc import Mapping

from pydantic import JsonValue

from bench.reports.figures.frame import Frame, Layer, Room, colour, framed, values
from bench.reports.figures.lettering import lines, width_px
from bench.reports.figures.palette import HAIR, INK_2, PAPER, between, readable_on
from bench.reports.parts import Figure, Table
from bench.reports.phrases import CASES, Words, times
from bench.value.candidate_summary import SliceValue
from bench.wording import numbers
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_MOST = 5
"""So many candidates fit beside each other on a phone."""
_ROWS = 14
"""So many slices are seen at a glance; those with most items are drawn."""
_PHONE = 350


def slices_figure(words: Words, titles: Mapping[str, str], table: Table) -> Figure | None:
    """The first candidates by their order in the suite; None where no slice has a value."""
    names = list(words.suite.candidates)[:_MOST]
    every = {
        (each.slice, name): each
        for name in names
        for each in words.suite.candidates[name].slices
        if known(each.value_per_case.value) is not None and each.slice in titles
    }
    if not every:
        return None
    slices = _largest(titles, every)
    found = {key: each for key, each in every.items() if key[0] in slices}
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
    if len(found) < len(every):
        note += words.say("plot.slices.largest", n=_ROWS)
    heads = [lines(plain(name), _PHONE / len(names) - 8, 3) for name in names]
    labels = [titles[each] for each in slices]
    spec = framed(_frame(title, note, labels, heads), _layers(cells, labels, heads))
    return Figure(spec, f"{title} {note}", table)


def _largest(titles: Mapping[str, str], found: Mapping[tuple[str, str], SliceValue]) -> list[str]:
    """The slices with most items, in the order of `titles`."""
    items: dict[str, int] = {}
    for (key, _), each in found.items():
        items[key] = max(items.get(key, 0), each.items)
    kept = sorted(items, key=lambda key: -items[key])[:_ROWS]
    return [key for key in titles if key in kept]


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
            "fill": PAPER,
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
    x, y = _band("column", len(heads)), _band("row", len(labels))
    return [*_boxes(cells, len(heads), x, y), _names(labels, y), _heads(heads, x)]


def _band(field: str, count: int) -> Layer:
    scale: dict[str, JsonValue] = {
        "type": "band",
        "domain": list(range(count)),
        "paddingInner": 0,
        "paddingOuter": 0,
    }
    return {"field": field, "type": "ordinal", "axis": None, "scale": scale}


def _boxes(cells: list[dict[str, JsonValue]], columns: int, x: Layer, y: Layer) -> list[Layer]:
    lower: Layer = {"expr": "narrow ? 10 : 0"}
    box: Layer = {
        "type": "rect",
        "stroke": HAIR,
        "strokeWidth": 1,
        "width": {"expr": f"width / {columns} - 3"},
        "height": 27,
        "yOffset": lower,
    }
    number: Layer = {"type": "text", "yOffset": lower}
    told: Layer = {"text": {"field": "text"}, "color": colour("ink")}
    return [
        {"data": values(cells), "mark": box, "encoding": {"x": x, "y": y, "fill": colour("fill")}},
        {"data": values(cells), "mark": number, "encoding": {"x": x, "y": y, **told}},
    ]


def _names(labels: list[str], y: Layer) -> Layer:
    mark: Layer = {
        "type": "text",
        "align": "left",
        "x": {"expr": "narrow ? 0 : 4 - gutter"},
        "baseline": {"expr": "narrow ? 'line-bottom' : 'middle'"},
        "yOffset": {"expr": "narrow ? -6 : 0"},
        "limit": {"expr": "narrow ? width : gutter - 12"},
    }
    rows: list[dict[str, JsonValue]] = [{"row": at, "text": each} for at, each in enumerate(labels)]
    return {"data": values(rows), "mark": mark, "encoding": {"y": y, "text": {"field": "text"}}}


def _heads(heads: list[list[str]], x: Layer) -> Layer:
    mark: Layer = {
        "type": "text",
        "y": -6,
        "baseline": "line-bottom",
        "lineHeight": 16,
        "yOffset": {"expr": "-16 * (datum.text.length - 1)"},
        "color": INK_2,
    }
    rows: list[dict[str, JsonValue]] = [
        {"column": at, "text": [*each]} for at, each in enumerate(heads)
    ]
    text: Layer = {"value": {"expr": "datum.text"}}
    return {"data": values(rows), "mark": mark, "encoding": {"x": x, "text": text}}
