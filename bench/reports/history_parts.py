"""What a history's page is made of: finished text in one language."""

from dataclasses import dataclass

from bench.value.history.record import RunRow
from bench.wording.plain import plain


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: `weights` are the columns' shares of the width, `notes` one list a row."""

    caption: str
    heads: tuple[str, ...]
    weights: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One candidate, or the figures of use: a heading, sentences, tables."""

    heading: str
    sentences: tuple[str, ...]
    grids: tuple[Grid, ...]


def first_cell(row: RunRow) -> str:
    """A run's day and its id, the head of its row."""
    return f"{row.date.isoformat()}\n{plain(row.run)}"
