"""How sure, who beats whom, and where: spread, pairs, slices."""

from collections.abc import Sequence
from functools import partial

from bench.reports import numbers
from bench.reports.cells import candidate_heads, estimate_cell, heads, section
from bench.reports.numbers import known
from bench.reports.parts import Cell, Head, Part, Section, Table, Tone
from bench.reports.phrases import CASES, Words, basis, bounds, pair_sentence, times
from bench.reports.plain import plain
from bench.reports.verdicts import best
from bench.value.summary import CandidateSummary


def confidence(suites: Sequence[Words]) -> Section:
    """Few items or inexact assumptions: which of the two is the larger doubt."""
    parts, more_items, measure = [], 0, 0
    for words in suites:
        rows = []
        for name, candidate in words.suite.candidates.items():
            items, assumed = (
                known(candidate.spread.get(each)) for each in ("items", "assumptions")
            )
            if items is not None and assumed is not None:
                more_items += items > assumed
                measure += assumed >= items
            rows.append(_confidence_row(words, name, candidate, items, assumed))
        table_heads = heads(
            words,
            "head.way",
            "head.from_items",
            "head.from_assumptions",
            "head.p_best",
            "head.evpi",
        )
        advice = Head(words.say("head.advice"))
        caption = words.say(
            "section.confidence.caption", cases=words.cases, unit=words.money([]).unit
        )
        parts.append(
            Part(
                words.text(words.suite.title),
                tables=(Table(caption, (*table_heads, advice), tuple(rows)),),
            )
        )
    variant = (
        "unknown"
        if not (more_items or measure)
        else "items"
        if more_items > measure
        else "assumptions"
    )
    return section(
        suites,
        "confidence",
        parts,
        variant=variant,
        n=max(more_items, measure),
        all=more_items + measure,
    )


def _confidence_row(
    words: Words, name: str, candidate: CandidateSummary, items: float | None, assumed: float | None
) -> tuple[Cell, ...]:
    evpi = known(candidate.evpi_per_case)
    best_chance = known(candidate.p_best)
    advice = "unknown"
    if items is not None and assumed is not None:
        advice = "items" if items > assumed else "assumptions"
    return (
        Cell(plain(name), basis(words, candidate)),
        _amount(words, items),
        _amount(words, assumed),
        Cell(numbers.UNKNOWN if best_chance is None else numbers.chance(best_chance)),
        _amount(words, evpi),
        Cell(words.say(f"advice.{advice}")),
    )


def _amount(words: Words, per_case: float | None) -> Cell:
    if per_case is None:
        return Cell(numbers.UNKNOWN, words.say("state.not_computed"), tone="quiet")
    amount = per_case * CASES
    return Cell(words.money([]).number(amount, numbers.rounding_step(None, None, amount)))


def pairs(suites: Sequence[Words]) -> Section:
    """Every pair of candidates on the items that both answered."""
    parts, told, apart = [], 0, 0
    for words in suites:
        pairs = words.suite.pairs
        told += len(pairs)
        for each in pairs:
            ends = bounds(each.difference)
            apart += ends is not None and not ends[0] <= 0 <= ends[1]
        sentences = tuple(pair_sentence(words, each) for each in pairs)
        single = "pair.single" if len(words.suite.candidates) == 1 else "pair.none"
        parts.append(Part(words.text(words.suite.title), sentences or (words.say(single),)))
    return section(suites, "pairs", parts, variant="" if told else "none", apart=apart, all=told)


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
        parts.append(
            Part(
                words.text(words.suite.title),
                tables=(Table(caption, (head, *candidate_heads(words)), rows),),
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
