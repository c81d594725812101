"""A suite's history in one language: sentences and tables that every format shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.reports.history_parts import Block, Grid, first_cell
from bench.reports.history_use import use_block
from bench.reports.history_words import (
    HistoryWords,
    mark_words,
    relative,
    sentences,
    signed,
    turn,
)
from bench.reports.phrases import CASES, times
from bench.types import Estimate, Language
from bench.value.history.record import (
    CandidateHistory,
    Change,
    Comparison,
    History,
    Measure,
    RunRow,
)
from bench.wording import numbers
from bench.wording.catalogue import has, say
from bench.wording.numbers import UNKNOWN, Money
from bench.wording.plain import plain


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The whole history as finished text."""

    title: str
    span: str
    blocks: tuple[Block, ...]
    reading: tuple[str, ...]


def history_page(history: History, language: Language) -> HistoryPage:
    """Every sentence and table; text from files is made plain here."""
    words = HistoryWords(language, history)
    runs = _all_runs(history)
    blocks = [_candidate(words, plain(name), told) for name, told in history.candidates.items()]
    if history.adoption is not None:
        blocks.append(use_block(words, history.adoption, runs))
    return HistoryPage(
        title=words.say("history.title", suite=words.text(history.title)),
        span=_span(words, runs),
        blocks=tuple(blocks),
        reading=_reading(words),
    )


def _all_runs(history: History) -> list[RunRow]:
    """One row a run, whichever candidate it is of, oldest first."""
    rows = {row.run: row for told in history.candidates.values() for row in told.runs}
    return sorted(rows.values(), key=lambda row: (row.date, row.started, row.run))


def _span(words: HistoryWords, runs: Sequence[RunRow]) -> str:
    first, last = words.day(runs[0]), words.day(runs[-1])
    key = "span_one" if len(runs) == 1 else ("span_day" if first == last else "span")
    return words.say(f"history.{key}", first=first, last=last, runs=len(runs))


def _reading(words: HistoryWords) -> tuple[str, ...]:
    told = words.history.candidates.values()
    rows = [row for each in told for row in each.runs]
    wanted = {
        "gain": any(row.since_first for row in rows),
        "chance": any(row.since_first for row in rows),
        "break": any("new_version" in row.marks for row in rows),
        "curve": any(each.curve for each in told),
    }
    return tuple(words.say(f"history.reading.{key}") for key, holds in wanted.items() if holds)


def _candidate(words: HistoryWords, name: str, told: CandidateHistory) -> Block:
    grids = [
        _runs(words, name, told.runs),
        _measures(
            words, words.say("history.caption.business", candidate=name), told.runs, "business"
        ),
        _measures(
            words, words.say("history.caption.technical", candidate=name), told.runs, "technical"
        ),
    ]
    return Block(name, tuple(sentences(words, told)), tuple(each for each in grids if each.rows))


def _runs(words: HistoryWords, name: str, rows: Sequence[RunRow]) -> Grid:
    amounts = [
        each * CASES
        for row in rows
        for each in (row.value_per_case.value, row.value_per_case.low, row.value_per_case.high)
        if each is not None
    ]
    money = words.money(*amounts)
    value_head = say(
        words.language, "head.value", cases=words.text(words.history.cases), unit=money.unit
    )
    heads = ["history.head.run", "history.head.basis", "", "head.chance", "history.head.usable"]
    heads += ["history.head.harm", "head.verdict"]
    return Grid(
        caption=words.say("history.caption.runs", candidate=name),
        heads=tuple(say(words.language, key) if key else value_head for key in heads),
        weights=(21, 9, 16, 8, 13, 13, 8),
        rows=tuple(_run(words, row, money) for row in rows),
        notes=tuple(tuple(_notes(words, row)) for row in rows),
    )


def _run(words: HistoryWords, row: RunRow, money: Money) -> tuple[str, ...]:
    return (
        first_cell(row),
        words.say("history.cell.basis", version=row.version, n=f"{row.items:,}"),
        _amount(words, row.value_per_case, money),
        UNKNOWN if row.p_positive is None else numbers.chance(row.p_positive),
        _share(words, row.usable),
        _share(words, row.harm),
        UNKNOWN if row.decision is None else words.named("label", row.decision),
    )


def _amount(words: HistoryWords, per_case: Estimate, money: Money) -> str:
    """The value of a hundred cases with its range beneath, in the column's unit."""
    told = times(per_case, CASES)
    if told.value is None:
        return UNKNOWN
    step = numbers.rounding_step(told.low, told.high, told.value)
    if told.low is None or told.high is None:
        return money.number(told.value, step)
    ends = numbers.span(
        words.language, *(money.number(each, step) for each in (told.low, told.high))
    )
    return f"{money.number(told.value, step)}\n{ends}"


def _share(words: HistoryWords, share: Estimate) -> str:
    if share.value is None:
        return UNKNOWN
    told = numbers.share(share.value)
    if share.low is None or share.high is None:
        return told
    ends = numbers.span(words.language, numbers.share(share.low), numbers.share(share.high))
    return f"{told}\n{ends}"


def _notes(words: HistoryWords, row: RunRow) -> list[str]:
    """What sets the run apart, then the improvement on the first and the previous run."""
    told = [mark_words(words, row, mark) for mark in row.marks]
    first, previous = row.since_first, row.since_previous
    if first is not None:
        told.append(words.say("history.row.first", what=_changed(words, first)))
    if previous is not None and first is not None and previous.run != first.run:
        told.append(words.say("history.row.previous", what=_changed(words, previous)))
    return told


def _changed(words: HistoryWords, told: Comparison) -> str:
    """Relative changes as they were, or that the value's sign has turned."""
    parts = {"usable": told.usable, "value": told.value_per_case, "harm": told.harm}
    clauses = [
        words.say("history.row.turned", turn=turn(words, change))
        if name == "value" and change.improvement is None and turn(words, change)
        else words.say(f"history.row.{name}", relative=relative(change))
        for name, change in parts.items()
        if change is not None
    ]
    return words.say("history.between").join(clauses)


def _gain(change: Change | None) -> str:
    """The relative improvement, positive when better; a dash where there is none to tell."""
    if change is None or change.improvement is None:
        return UNKNOWN
    return signed(change.improvement)


def _measures(words: HistoryWords, caption: str, rows: Sequence[RunRow], kind: str) -> Grid:
    """A line a metric: its values run by run, and the last comparable run against the first and previous."""
    latest: dict[str, Measure] = {}
    for row in rows:
        latest |= _of(row, kind)
    compared = [row for row in rows if row.since_first and row.version == rows[-1].version]
    first = _changes(compared[-1].since_first, kind) if compared else {}
    previous = _changes(compared[-1].since_previous, kind) if compared else {}
    heads = (
        "head.metric",
        "history.head.series",
        "history.head.since_first",
        "history.head.since_previous",
    )
    return Grid(
        caption=caption,
        heads=tuple(say(words.language, key) for key in heads),
        weights=(34, 34, 12, 12),
        rows=tuple(
            (
                _title(words, name, measure),
                _series(words, rows, kind, name),
                _gain(first.get(name)),
                _gain(previous.get(name)),
            )
            for name, measure in latest.items()
            if any(_of(row, kind)[name].value is not None for row in rows if name in _of(row, kind))
        ),
    )


def _of(row: RunRow, kind: str) -> Mapping[str, Measure]:
    return row.business if kind == "business" else row.technical


def _changes(told: Comparison | None, kind: str) -> Mapping[str, Change]:
    if told is None:
        return {}
    return told.business if kind == "business" else told.technical


def _title(words: HistoryWords, name: str, measure: Measure) -> str:
    told = words.text(measure.title) if measure.title else plain(name)
    if measure.better == "higher":
        return told
    lower = say(words.language, "better.lower")
    return f"{told}（{lower}）" if words.language == "zh" else f"{told} ({lower})"


def _series(words: HistoryWords, rows: Sequence[RunRow], kind: str, name: str) -> str:
    """Values run by run; a bar where the suite's version changed."""
    told = _measure(words, _of(rows[0], kind).get(name))
    for before, row in pairwise(rows):
        told += " ┃ " if before.version != row.version else " → "
        told += _measure(words, _of(row, kind).get(name))
    return told


def _measure(words: HistoryWords, measure: Measure | None) -> str:
    if measure is None or measure.value is None:
        return UNKNOWN
    value, unit = measure.value, measure.unit
    if unit == "money":
        step = numbers.rounding_step(measure.low, measure.high, value)
        return words.money(value).text(value, step)
    if unit == "share":
        return numbers.share(value)
    if unit is not None and has(f"unit.{unit}"):
        return numbers.quantity(words.language, unit, value)
    return numbers.number(value, min(0.01, numbers.rounding_step(None, None, value)))
