"""Cells with a type, and tables of them: what a sheet holds before anybody writes a file."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from bench.types import Estimate, Language
from bench.wording.catalogue import say
from bench.wording.numbers import known

Kind = Literal[
    "text", "quiet", "count", "share", "rate", "money", "money_whole", "gain", "gain_whole", "gain_fine", "difference", "chance", "minutes", "seconds", "times",
    "months", "number", "plain_number", "date", "moment",
]  # fmt: skip
"""What a cell holds. A gain carries its sign; whole money has no cents; quiet text is an aside."""
WORDS = ("text", "quiet")
"""Kinds that are read from the left; all others stand to the right."""
Style = Literal["", "bold", "today", "left"]
"""How a row stands out: the recommended candidate, the way of today, numbers that stand among texts."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One cell. None is "not known" and stays empty; the table's last column says why."""

    value: str | float | date | None
    kind: Kind = "text"
    currency: str = ""
    """Shown in the cell where the table has more than one currency."""


@dataclass(frozen=True, slots=True)
class Column:
    """A head, and how wide the column is, in characters."""

    head: str
    width: float = 11.0


@dataclass(frozen=True, slots=True)
class Row:
    """Cells in the order of the columns."""

    cells: tuple[Typed, ...]
    style: Style = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text above or below a table, as wide as the table."""

    text: str
    kind: Literal["title", "finding", "plain", "warning", "quiet_line"] = "plain"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with what is said above and below it. `head_at_hand` keeps the heads in sight."""

    name: str
    above: tuple[Line, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    below: tuple[Line, ...] = ()
    head_at_hand: bool = True


Cells = tuple[Typed, ...]


def number(value: float | None, kind: Kind, currency: str = "") -> Typed:
    """A number, or an empty cell for what is absent or not finite."""
    return Typed(known(value), kind, currency)


def text(value: str) -> Typed:
    """A text."""
    return Typed(value)


def aside(value: str) -> Typed:
    """A text of less weight."""
    return Typed(value, "quiet")


def yes_or_no(language: Language, *, holds: bool) -> Typed:
    """A flag in words."""
    return Typed(say(language, "workbook.holds" if holds else "workbook.fails"))


def day(moment: str | None) -> Typed:
    """A date as a date; what is none, such as a month, stays the text that it is.

    >>> day("2026-11-20T08:00:00+00:00").value, day("2026-11").value
    (datetime.date(2026, 11, 20), '2026-11')
    """
    if not moment:
        return Typed(None, "date")
    try:
        return Typed(date.fromisoformat(moment[:10]), "date")
    except ValueError:
        return Typed(moment)


def moment(told: str) -> Typed:
    """A time in UTC as a time; what is none stays the text that it is.

    >>> moment("2026-11-20T16:00:00+08:00").value, moment("soon").value
    (datetime.datetime(2026, 11, 20, 8, 0), 'soon')
    """
    found = utc(told)
    return Typed(told) if found is None else Typed(found, "moment")


def utc(told: str) -> datetime | None:
    """A time as UTC has it, of which a spreadsheet keeps no zone; None where the text is no time."""
    try:
        found = datetime.fromisoformat(told)
        known_zone = found if found.tzinfo else found.replace(tzinfo=UTC)
        return known_zone.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    except (ValueError, OverflowError):
        return None


def spread(
    estimate: Estimate, kind: Kind, currency: str = "", factor: float = 1.0
) -> tuple[Typed, Typed, Typed]:
    """A figure, its low end and its high end."""

    def scaled(value: float | None) -> Typed:
        found = known(value)
        return Typed(None if found is None else found * factor, kind, currency)

    return scaled(estimate.value), scaled(estimate.low), scaled(estimate.high)
