"""Figures of use beside the runs."""

from collections.abc import Sequence

from bench.reports.history_parts import Block, Grid, first_cell
from bench.reports.history_words import HistoryWords, signed
from bench.value.history.record import Adoption, AdoptionChange, RunRow
from bench.wording import numbers
from bench.wording.numbers import MINUS, UNKNOWN
from bench.wording.plain import plain

_COLUMNS = 5
"""Columns of an adoption file that stand side by side."""


def use_block(words: HistoryWords, adoption: Adoption, runs: Sequence[RunRow]) -> Block:
    """What was known of use on the day of each run, and how it changed."""
    columns = [*adoption.rows[0].figures, *adoption.rows[0].others]
    grids = [
        _use(words, adoption, runs, columns[at : at + _COLUMNS])
        for at in range(0, len(columns), _COLUMNS)
    ]
    return Block(
        heading=words.say("history.adoption.heading", file=plain(adoption.file)),
        sentences=tuple(_use_change(words, each) for each in adoption.changes),
        grids=tuple(grids),
    )


def _use(
    words: HistoryWords, adoption: Adoption, runs: Sequence[RunRow], columns: Sequence[str]
) -> Grid:
    by_date = {each.date: each for each in adoption.rows}

    def cell(row: RunRow, name: str) -> str:
        if row.adoption is None:
            return UNKNOWN
        known = by_date[row.adoption]
        if name in known.others:
            return plain(known.others[name]) or UNKNOWN
        return _figure(known.figures[name])

    return Grid(
        caption=words.say("history.caption.adoption"),
        heads=(
            words.say("history.head.run"),
            words.say("history.head.known_on"),
            *(words.named("history.adoption", each) for each in columns),
        ),
        weights=(22, 11, *([12] * len(columns))),
        rows=tuple(
            (
                first_cell(row),
                UNKNOWN if row.adoption is None else row.adoption.isoformat(),
                *(cell(row, each) for each in columns),
            )
            for row in runs
        ),
    )


def _use_change(words: HistoryWords, told: AdoptionChange) -> str:
    gap = told.last - told.first
    if told.relative is None:
        difference = f"{'+' if gap > 0 else ''}{_figure(gap)}"
        relative = words.say("history.adoption.no_relative", difference=difference)
    else:
        relative = signed(told.relative)
    return words.say(
        "history.adoption.change",
        name=words.named("history.adoption", told.name),
        first=_figure(told.first),
        last=_figure(told.last),
        first_day=numbers.day(words.language, told.first_date.isoformat()),
        last_day=numbers.day(words.language, told.last_date.isoformat()),
        relative=relative,
    )


def _figure(value: float | None) -> str:
    """As many digits as the file has."""
    return UNKNOWN if value is None else f"{value:,.15g}".replace("-", MINUS)
