"""How sure: few items or inexact assumptions, ranks that candidates may hold, and where the next money goes."""

from collections.abc import Sequence

from bench.reports.cells import heads, money_cell, section
from bench.reports.figures.worth import worth_figure
from bench.reports.information import information_table, sentences
from bench.reports.parts import Cell, Head, Part, Section, Table
from bench.reports.phrases import CASES, Words, basis
from bench.value.candidate_summary import CandidateSummary
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain


def confidence(suites: Sequence[Words]) -> Section:
    """How many tasks call for more items, for measured assumptions, or for neither."""
    told = [each.suite.information for each in suites]
    spend = [each.spend_next for each in told if each is not None]
    parts = (_part(words) for words in suites)
    counts = {each: spend.count(each) for each in ("items", "assumptions", "nothing")}
    return section(suites, "confidence", parts, all=len(suites), **counts)


def _part(words: Words) -> Part:
    folded = information_table(words)
    figure = worth_figure(words, words.suite.information, folded[0] if folded else None)
    return Part(
        words.text(words.suite.title),
        sentences(words),
        (_table(words),),
        folded,
        (figure,) if figure else (),
    )


def _table(words: Words) -> Table:
    columns = ("head.from_items", "head.from_assumptions", "head.rank")
    unit = words.money([]).unit
    caption = words.say("section.confidence.caption", cases=words.cases, unit=unit)
    table_heads = (*heads(words, "head.way", *columns), Head(words.say("head.advice")))
    rows = (_row(words, name, each) for name, each in words.suite.candidates.items())
    return Table(caption, table_heads, tuple(rows))


def _row(words: Words, name: str, candidate: CandidateSummary) -> tuple[Cell, ...]:
    advice = candidate.information.spend_next if candidate.information else "unknown"
    return (
        Cell(plain(name), basis(words, candidate)),
        *(_deviation(words, candidate.spread.get(each)) for each in ("items", "assumptions")),
        _rank(words, candidate),
        Cell(words.say(f"advice.{advice}")),
    )


def _deviation(words: Words, per_case: float | None) -> Cell:
    return money_cell(words, None if per_case is None else per_case * CASES)


def _rank(words: Words, candidate: CandidateSummary) -> Cell:
    """The ranks that it may hold; "best" is said only where it can hold no other."""
    chance = known(candidate.p_best)
    note = "" if chance is None else words.say("rank.chance", chance=numbers.chance(chance))
    if candidate.rank is None:
        return Cell(numbers.UNKNOWN, words.say("state.not_computed"), tone="quiet")
    if len(words.suite.candidates) == 1:
        return Cell(numbers.UNKNOWN, words.say("rank.single"), tone="quiet")
    low, high = candidate.rank
    key = "between" if low != high else "best" if low == 1 else "same"
    return Cell(words.say(f"rank.{key}", low=low, high=high), note)
