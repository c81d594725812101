"""The value within each slice, for choosing where a pilot may begin."""

from collections.abc import Sequence
from functools import partial

from bench.reports.cells import candidate_heads, estimate_cell, section
from bench.reports.figures.slices import slices_figure
from bench.reports.parts import Cell, Head, Part, Section, Table, Tone
from bench.reports.phrases import CASES, Words, times
from bench.reports.verdicts import best
from bench.wording import numbers
from bench.wording.numbers import known


def slices(suites: Sequence[Words]) -> Section:
    """The value within each slice, for choosing where a pilot may begin."""
    parts, below, total = [], 0, 0
    for words in suites:
        names = {
            each.slice: words.text(each.title)
            for one in words.suite.candidates.values()
            for each in one.slices
        }
        if not names:
            continue
        focus = best(words.suite)
        for each in words.suite.candidates[focus].slices if focus else ():
            value = known(each.value_per_case.value)
            total += value is not None
            below += value is not None and value < 0
        rows = tuple(_slice_row(words, name, title) for name, title in names.items())
        caption = words.say("section.slices.caption", cases=words.cases, unit=words.money([]).unit)
        head = Head(words.say("head.slice"))
        table = Table(caption, (head, *candidate_heads(words)), rows)
        figure = slices_figure(words, names, table)
        parts.append(
            Part(
                words.text(words.suite.title),
                tables=(table,),
                figures=(figure,) if figure else (),
            )
        )
    variant = "" if below else "fine"
    return section(suites, "slices", parts, variant=variant, below=below, all=total)


def _slice_row(words: Words, name: str, title: str) -> tuple[Cell, ...]:
    cells, items = [], 0
    money = words.money([])
    for candidate in words.suite.candidates.values():
        found = next((each for each in candidate.slices if each.slice == name), None)
        if found is None:
            cells.append(Cell(numbers.UNKNOWN, words.say("state.not_measured"), tone="quiet"))
            continue
        items = max(items, found.items)
        value = times(found.value_per_case, CASES)
        cell = estimate_cell(words, value, partial(money.number, sign=True))
        chance = known(found.p_positive)
        if chance is not None:
            cell = Cell(
                cell.text, words.say("cell.chance", note=cell.note, chance=numbers.chance(chance))
            )
        tone: Tone = "bad" if value.value is not None and value.value < 0 else ""
        cells.append(Cell(cell.text, cell.note, tone=tone or cell.tone))
    return (Cell(title, words.say("basis.items", n=f"{items:,}")), *cells)
