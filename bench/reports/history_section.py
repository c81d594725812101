"""What changed since earlier runs of the same task, told only where there are any."""

from collections.abc import Sequence

from bench.reports.cells import section
from bench.reports.history_figure import history_figure
from bench.reports.history_words import HistoryWords, mark_words, sentences
from bench.reports.parts import Cell, Head, Part, Section, Table, Tone
from bench.reports.phrases import CASES, Words, bounds, no_range, times
from bench.reports.verdicts import best
from bench.value.history.record import CandidateHistory, Change, History, RunRow
from bench.value.judged import Judged
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain

_TONES: dict[str, Tone] = {"better": "good", "worse": "bad", "open": "quiet"}


def history_section(judged: Judged, suites: Sequence[Words]) -> Section | None:
    """In how many tasks the leading candidate surely earns more, or less, than in the run before."""
    parts, changes = [], []
    for words in suites:
        told = judged.history.get(words.key)
        focus = _focus(words, told) if told else None
        if told is None or focus is None:
            continue
        changes.append(_since_previous(told.candidates[focus].runs[-1]))
        parts.append(_part(words, told, focus))
    if not parts:
        return None
    found = [each.judgement if each else "" for each in changes]
    return section(
        suites,
        "history",
        parts,
        variant="" if any(found) else "apart",
        all=len(parts),
        better=found.count("better"),
        worse=found.count("worse"),
        open=found.count("open"),
    )


def _runs(words: Words, told: History) -> dict[str, CandidateHistory]:
    """Candidates of this run that an earlier one had, too."""
    return {
        name: told.candidates[name]
        for name in words.suite.candidates
        if name in told.candidates and len(told.candidates[name].runs) > 1
    }


def _focus(words: Words, told: History) -> str | None:
    """The leading candidate if an earlier run had it, else the one with the longest history."""
    known_before = _runs(words, told)
    leading = best(words.suite)
    if leading in known_before:
        return leading
    return max(known_before, key=lambda name: len(known_before[name].runs), default=None)


def _since_previous(row: RunRow) -> Change | None:
    return row.since_previous.value_per_case if row.since_previous else None


def _part(words: Words, told: History, focus: str) -> Part:
    speech = HistoryWords(words.language, told)
    tables = {
        name: _table(words, speech, name, each.runs) for name, each in _runs(words, told).items()
    }
    figure = history_figure(words, focus, told.candidates[focus].runs, tables[focus])
    others = tuple(table for name, table in tables.items() if name != focus)
    return Part(
        words.text(words.suite.title),
        (
            words.say("history_section.focus", candidate=plain(focus)),
            *sentences(speech, told.candidates[focus]),
        ),
        (tables[focus],),
        others,
        (figure,) if figure else (),
    )


def _table(words: Words, speech: HistoryWords, name: str, rows: Sequence[RunRow]) -> Table:
    unit = words.money([]).unit
    caption = words.say("history_section.caption", candidate=plain(name))
    columns = ("run", "basis", "value", "change", "verdict", "notes")
    heads = tuple(
        Head(
            words.say(f"history_section.{each}", cases=words.cases, unit=unit),
            numeric=each in ("value", "change"),
        )
        for each in columns
    )
    return Table(caption, heads, tuple(_row(words, speech, each) for each in rows))


def _row(words: Words, speech: HistoryWords, row: RunRow) -> tuple[Cell, ...]:
    marks = [mark_words(speech, row, each) for each in row.marks]
    return (
        Cell(row.date.isoformat(), plain(row.run)),
        Cell(words.say("history.cell.basis", version=row.version, n=f"{row.items:,}")),
        _value(words, row),
        _change(words, row),
        Cell(words.named("label", row.decision) if row.decision else numbers.UNKNOWN),
        Cell(words.say("list.clause").join(marks)),
    )


def _value(words: Words, row: RunRow) -> Cell:
    estimate = times(row.value_per_case, CASES)
    value, ends = known(estimate.value), bounds(estimate)
    if value is None:
        return Cell(numbers.UNKNOWN, words.say("state.not_measured"), tone="quiet")
    money = words.money([])
    step = numbers.step_beside(value, *(ends or (None, None)))
    told = money.number(value, step, sign=True)
    if ends is None:
        return Cell(told, no_range(words, estimate))
    ranged = numbers.span(words.language, *(money.number(each, step) for each in ends))
    return Cell(told, words.say("cell.range_n", range=ranged, n=f"{row.items:,}"))


def _change(words: Words, row: RunRow) -> Cell:
    """Against the comparable run before; a dash where there is none, or where the assumptions differ."""
    found = _since_previous(row)
    if found is None:
        return Cell(numbers.UNKNOWN, tone="quiet")
    estimate = times(found.difference, CASES)
    value, ends = known(estimate.value) or 0.0, bounds(estimate)
    step = numbers.step_beside(value, *(ends or (None, None)))
    told = words.money([]).number(value, step, sign=True)
    return Cell(told, words.say(f"history_section.{found.judgement}"), tone=_TONES[found.judgement])
