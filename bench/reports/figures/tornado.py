"""A tornado: what each assumption does to the value of a case, widest swing first."""

from collections.abc import Sequence

from bench.reports.assumptions import assumption_title, assumption_value, three_digits
from bench.reports.figures.frame import SIGNED
from bench.reports.figures.palette import GOOD, HARM
from bench.reports.figures.row import Bar, Line, Row, Tag, scaled_row
from bench.reports.figures.rows import Sheet, rows_spec
from bench.reports.parts import Figure, Table
from bench.reports.phrases import CASES, Words
from bench.value.candidate_summary import Sensitivity
from bench.wording import numbers
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_MOST = 12
"""So many bars are drawn; the table holds all."""


def tornado_figure(
    words: Words, name: str, entries: Sequence[Sensitivity], base: float, table: Table
) -> Figure | None:
    """The picture of one candidate; `base` is its net value for `CASES` cases. None: nothing moves it."""
    if not entries:
        return None
    drawn = list(entries)[:_MOST]
    money = words.money([end * CASES for each in entries for end in _ends(each)])
    rows = [scaled_row(_row(words, each), money.divisor) for each in drawn]
    told = words.say("plot.tornado.note", candidate=plain(name), cases=words.cases, unit=money.unit)
    if len(entries) > _MOST:
        told += words.say("plot.more", n=_MOST)
    sheet = Sheet(
        _finding(words, name, entries, money),
        told,
        axis=words.say("plot.per_hundred", cases=words.cases, unit=money.unit),
        label=SIGNED,
        zero=words.say("today.zero"),
        lines=(Line(base / money.divisor, words.say("plot.tornado.base"), dashed=True), Line(0)),
    )
    return Figure(rows_spec(rows, sheet), f"{sheet.title} {sheet.note}", table)


def _ends(entry: Sensitivity) -> tuple[float, float]:
    return (entry.value_low, entry.value_high)


def _finding(words: Words, name: str, entries: Sequence[Sensitivity], money: Money) -> str:
    top = entries[0]
    swing = abs(top.value_high - top.value_low) * CASES
    flipping = sum(min(_ends(each)) < 0 < max(_ends(each)) for each in entries)
    return words.say(
        "plot.tornado.flips" if flipping else "plot.tornado.title",
        candidate=plain(name),
        assumption=assumption_title(words, top.assumption),
        cases=words.cases,
        swing=money.text(swing, numbers.rounding_step(None, None, swing)),
        n=flipping,
    )


def _row(words: Words, entry: Sensitivity) -> Row:
    """The bar of one assumption: orange below zero, its values at the ends, a stroke where the sign turns."""
    ends = [(entry.value_low * CASES, entry.low), (entry.value_high * CASES, entry.high)]
    (left, at_left), (right, at_right) = sorted(ends)
    bars = (Bar(left, min(right, 0.0), HARM), Bar(max(left, 0.0), right, GOOD))
    turns = left < 0 < right
    label = assumption_title(words, entry.assumption)
    if turns and known(entry.break_even) is not None:
        assert entry.break_even is not None
        turn = assumption_value(words, entry.assumption, three_digits(entry.break_even))
        label = words.say("plot.tornado.turns", assumption=label, value=turn)
    tags = (
        Tag(left, assumption_value(words, entry.assumption, at_left), "left"),
        Tag(right, assumption_value(words, entry.assumption, at_right), "right"),
    )
    kept = tuple(each for each in bars if each.start < each.end)
    return Row(label, bars=kept, ticks=(0.0,) if turns else (), tags=tags)
