"""A hundred cases as dots by what each of them brings, the worst five in orange."""

import math
from collections.abc import Sequence

from pydantic import JsonValue

from bench.reports.figures.frame import SIGNED, Frame, Layer, Room, axis, colour, framed, values
from bench.reports.figures.palette import HARM, INK, REST
from bench.reports.parts import Cell, Figure, Head, Table
from bench.reports.phrases import Words
from bench.value.candidate_summary import Tail
from bench.wording import numbers
from bench.wording.numbers import Money
from bench.wording.plain import plain

_COLUMNS, _HIGH = 72, 16
_TABLE_ROWS = 12


def hundred_figure(words: Words, name: str, tail: Tail) -> Figure | None:
    """The cases of one candidate, each dot a hundredth of them. None where their values are not known."""
    cases = sorted(tail.hundredths)
    if not cases or tail.cases is None:
        return None
    money = words.money(cases)
    worst = round(tail.share * len(cases))
    rest = sum(cases[worst:]) / (len(cases) - worst)
    title = words.say(
        "plot.hundred.title",
        candidate=plain(name),
        share=numbers.limit(tail.share),
        worst=_text(money, tail.cases),
        rest=_text(money, rest),
    )
    note = words.say("plot.hundred.note", cases=words.cases, share=numbers.limit(tail.share))
    room = Room(12, 12, 6, 42, 0)
    most = 760
    frame = Frame(title, note, room, room, aspect=_HIGH / _COLUMNS, most=most)
    spec = framed(frame, _layers(words, _dots(cases, worst, money), money))
    return Figure(spec, f"{title} {note}", _table(words, cases, worst, money))


def _text(money: Money, amount: float) -> str:
    return money.text(amount, numbers.rounding_step(None, None, amount), sign=True)


def _dots(cases: Sequence[float], worst: int, money: Money) -> list[dict[str, JsonValue]]:
    """Every case in the nearest column with room on its side of zero; both ends in the unit of money."""
    low, high = min(cases[0], 0.0), max(cases[-1], 0.0)
    width = (high - low) / (_COLUMNS - 6) or 1.0
    heaps: dict[int, int] = {}
    told: list[dict[str, JsonValue]] = []
    for at, value in enumerate(cases):
        column = _free(heaps, value, width)
        level = heaps.get(column, 0)
        heaps[column] = level + 1
        told.append(
            {
                "value": value / money.divisor,
                "x": (column + 0.5) * width / money.divisor,
                "level": level + 0.5,
                "colour": HARM if at < worst else REST,
            }
        )
    return told


def _free(heaps: dict[int, int], value: float, width: float) -> int:
    wanted = math.floor(value / width)
    for distance in range(2 * _COLUMNS):
        for column in (wanted - distance, wanted + distance):
            if (column >= 0) == (value >= 0) and heaps.get(column, 0) < _HIGH:
                return column
    return wanted


def _layers(words: Words, dots: list[dict[str, JsonValue]], money: Money) -> list[Layer]:
    x: Layer = {
        "field": "x",
        "type": "quantitative",
        "scale": {"zero": False, "nice": False, "padding": 8},
        "axis": axis(
            words.say("plot.a_case", case=words.text(words.suite.case), unit=money.unit),
            label=SIGNED,
            zero=words.say("today.zero"),
        ),
    }
    y: Layer = {
        "field": "level",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, _HIGH], "nice": False},
    }
    dot: Layer = {
        "type": "point",
        "shape": "circle",
        "filled": True,
        "opacity": 1,
        "size": {"expr": f"pow(width / {_COLUMNS} * 0.8, 2)"},
    }
    zero: Layer = {"type": "rule", "color": INK, "strokeWidth": 1.2}
    return [
        {"data": values([{"x": 0}]), "mark": zero, "encoding": {"x": x}},
        {"data": values(dots), "mark": dot, "encoding": {"x": x, "y": y, "color": colour()}},
    ]


def _table(words: Words, cases: Sequence[float], worst: int, money: Money) -> Table:
    """Cases of about the same value in one row, worst first."""
    step = numbers.rounding_step(cases[0], cases[-1]) if cases[0] != cases[-1] else 1.0
    groups: dict[tuple[bool, str], int] = {}
    for at, value in enumerate(cases):
        key = (at < worst, money.number(value, max(step / 10, 0.01), sign=True))
        groups[key] = groups.get(key, 0) + 1
    rows = tuple(
        (
            Cell(f"{count}"),
            Cell(told, tone="bad" if bad else ""),
            Cell(words.say("plot.hundred.worst") if bad else ""),
        )
        for (bad, told), count in groups.items()
    )
    unit = words.say("plot.a_case", case=words.text(words.suite.case), unit=money.unit)
    heads = (
        Head(words.say("plot.hundred.count"), numeric=True),
        Head(unit, numeric=True),
        Head(""),
    )
    return Table(words.say("plot.hundred.caption", cases=words.cases), heads, rows)
