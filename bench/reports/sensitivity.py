"""What if an assumption differs: a tornado that is its own table."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.reports import charts
from bench.reports.assumptions import assumption_title, assumption_value, three_digits
from bench.reports.cells import section
from bench.reports.figures.tornado import tornado_figure
from bench.reports.parts import Cell, Figure, Head, Part, Section, Table
from bench.reports.phrases import CASES, Words
from bench.reports.verdicts import best
from bench.suites.model import SHARES
from bench.value.candidate_summary import CandidateSummary, Sensitivity
from bench.wording import numbers
from bench.wording.numbers import Money, known
from bench.wording.plain import plain


def flips(entry: Sensitivity) -> bool:
    """Whether the assumption alone, within its range, turns a gain into a loss or back."""
    return min(entry.value_low, entry.value_high) < 0 < max(entry.value_low, entry.value_high)


def moves(entry: Sensitivity) -> bool:
    """Whether the assumption does anything: one about errors that never occurred does not."""
    return abs(entry.value_high - entry.value_low) * CASES >= numbers.CENT


def of_case(candidate: CandidateSummary) -> list[Sensitivity]:
    """The assumptions that move the value of a case, widest swing first."""
    return _widest([each for each in candidate.sensitivity if each.of == "case"])


def _widest(entries: list[Sensitivity]) -> list[Sensitivity]:
    return sorted(entries, key=lambda each: -abs(each.value_high - each.value_low))


def sensitivity(suites: Sequence[Words]) -> Section:
    """Which assumptions decide on their own, shown for the leading candidate of each suite."""
    parts, flipping = [], []
    for words in suites:
        focus = best(words.suite)
        if focus is None:
            parts.append(Part(words.text(words.suite.title), (words.say("state.no_value"),)))
            continue
        entries = of_case(words.suite.candidates[focus])
        flipping += [each for each in entries if flips(each)]
        others = [
            name for name, each in words.suite.candidates.items() if name != focus and of_case(each)
        ]
        told = [words.say("section.sensitivity.focus", candidate=plain(focus), cases=words.cases)]
        idle = sum(not moves(each) for each in entries)
        if idle:
            told.append(words.say("section.sensitivity.idle", n=idle, candidate=plain(focus)))
        table = _tornado(words, focus)
        parts.append(
            Part(
                words.text(words.suite.title),
                tuple(told),
                (table, *_over_horizon(words, focus)),
                tuple(_tornado(words, each) for each in others),
                _figures(words, focus, table),
            )
        )
    variant = "flips" if flipping else "none"
    return section(suites, "sensitivity", parts, variant=variant, n=len(flipping))


def _figures(words: Words, name: str, table: Table) -> tuple[Figure, ...]:
    candidate = words.suite.candidates[name]
    entries = [each for each in of_case(candidate) if moves(each)]
    base = (known(candidate.net_per_case.value) or 0.0) * CASES
    figure = tornado_figure(words, name, entries, base, table)
    return (figure,) if figure else ()


def _tornado(words: Words, name: str) -> Table:
    candidate = words.suite.candidates[name]
    entries = [each for each in of_case(candidate) if moves(each)]
    ends = [value * CASES for each in entries for value in (each.value_low, each.value_high)]
    base = (known(candidate.net_per_case.value) or 0.0) * CASES
    plot = _Plot(
        money=words.money(ends),
        step=numbers.rounding_step(min(ends), max(ends)) if ends else 1.0,
        base=base,
        scale=charts.scale_of([*ends, base], 240),
    )
    rows = tuple(_bar(words, each, plot) for each in entries)
    none = (Cell(words.say("state.no_sensitivity")), *(Cell(numbers.UNKNOWN) for _ in range(5)))
    columns = (
        "head.assumption", "head.span", "head.swing", "head.at_low", "head.at_high", "head.break_even",
    )  # fmt: skip
    caption = words.say(
        "section.sensitivity.caption",
        candidate=plain(name),
        cases=words.cases,
        unit=plot.money.unit,
    )
    table_heads = tuple(Head(words.say(each), numeric=each in columns[3:]) for each in columns)
    return Table(caption, table_heads, rows or (none,))


@dataclass(frozen=True, slots=True)
class _Plot:
    """What the bars of one tornado share."""

    money: Money
    step: float
    base: float
    scale: charts.Scale


def _bar(words: Words, entry: Sensitivity, plot: _Plot) -> tuple[Cell, ...]:
    """A row of a tornado; a small swing is told finer than the column's step, though not by much."""
    title = assumption_title(words, entry.assumption)
    swing = (entry.value_low * CASES, entry.value_high * CASES)
    own = min(plot.step, max(numbers.rounding_step(*swing), plot.step / 100))
    low, high = (plot.money.number(end, own, sign=True) for end in swing)
    told = words.say("alt.swing", title=title, low=low, high=high)
    values = (assumption_value(words, entry.assumption, end) for end in (entry.low, entry.high))
    return (
        Cell(title, chip=_chip(words, entry)),
        Cell(numbers.span(words.language, *values)),
        Cell("", chart=charts.swing(swing, plot.base, plot.scale, told)),
        Cell(low, tone="bad" if swing[0] < 0 else ""),
        Cell(high, tone="bad" if swing[1] < 0 else ""),
        _break_even_cell(words, entry),
    )


def _over_horizon(words: Words, name: str) -> tuple[Table, ...]:
    """The assumptions that a case does not know, with the money of the whole period."""
    candidate = words.suite.candidates[name]
    entries = _widest([each for each in candidate.sensitivity if each.of == "horizon"])
    if not entries:
        return ()
    ends = [end for each in entries for end in (each.value_low, each.value_high)]
    money = words.money(ends)
    step = numbers.rounding_step(min(ends), max(ends))
    rows = tuple(
        (
            Cell(assumption_title(words, each.assumption), chip=_chip(words, each)),
            Cell(
                numbers.span(
                    words.language,
                    assumption_value(words, each.assumption, each.low),
                    assumption_value(words, each.assumption, each.high),
                )
            ),
            *(
                Cell(money.number(end, step, sign=True), tone="bad" if end < 0 else "")
                for end in (each.value_low, each.value_high)
            ),
            _break_even_cell(words, each),
        )
        for each in entries
    )
    columns = ("head.assumption", "head.span", "head.at_low", "head.at_high", "head.break_even")
    table_heads = tuple(Head(words.say(each), numeric=each not in columns[:2]) for each in columns)
    months = next((each.months for each in candidate.horizons if each.name == "horizon"), 0)
    caption = words.say(
        "section.sensitivity.horizon", candidate=plain(name), months=months, unit=money.unit
    )
    return (Table(caption, table_heads, rows),)


def _chip(words: Words, entry: Sensitivity) -> str:
    if not entry.placeholder:
        return ""
    value = assumption_value(words, entry.assumption, entry.base)
    return words.say("chip.placeholder", value=value)


def _break_even_cell(words: Words, entry: Sensitivity) -> Cell:
    if known(entry.break_even) is None:
        return Cell(numbers.UNKNOWN, words.say("break_even.never"), tone="quiet")
    assert entry.break_even is not None
    inside = min(entry.low, entry.high) <= entry.break_even <= max(entry.low, entry.high)
    possible = entry.break_even >= 0 and not (entry.assumption in SHARES and entry.break_even > 1)
    if not inside and not possible:
        return Cell(numbers.UNKNOWN, words.say("break_even.never"), tone="quiet")
    note = words.say("break_even.inside" if inside else "break_even.outside")
    return Cell(assumption_value(words, entry.assumption, three_digits(entry.break_even)), note)
