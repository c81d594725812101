"""Sheets of typed cells as sheets of a file: heads, rows, widths, print."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench.reports.workbook.formats import Formats
from bench.reports.workbook.text import looks_like_a_formula, shown
from bench.reports.workbook.typed import WORDS, Column, Line, Row, Sheet, Typed
from bench.types import Language
from bench.wording import columns
from bench.wording.plain import plain

_LINE_POINTS = {"title": 24.0, "finding": 18.0}
_POINTS = 15.5
_TALLEST, _MOST_LINES = 400.0, 30
_EDGE = 1.0
"""What the edges of a cell take, in characters."""
_NARROW = 0.12
"""By how much Latin letters are narrower than the figures that widths are counted in."""
_A4 = 9
_MANY_ROWS = 8
"""From so many rows on a table can be filtered."""


@dataclass(frozen=True, slots=True)
class Place:
    """One sheet of the file, its columns' widths in characters, and how its cells look."""

    sheet: Any
    formats: Formats
    widths: tuple[float, ...]

    @property
    def language(self) -> Language:
        """The language of the sheet."""
        return self.formats.language

    def text(self, at: tuple[int, int], told: str, look: str = "") -> None:
        """Write a text as a text, whatever it looks like; nothing for an empty one."""
        line = shown(self.language, told)
        if line:
            quoted = looks_like_a_formula(line)
            self.sheet.write_string(*at, line, self.formats.text(look, quoted=quoted))
        else:
            self.sheet.write_blank(*at, None, self.formats.text(look))

    def cell(self, at: tuple[int, int], cell: Typed, look: str = "") -> None:
        """Write a typed cell; what is not known stays empty."""
        if isinstance(cell.value, str):
            self.text(at, cell.value, "quiet" if cell.kind == "quiet" and not look else look)
        elif cell.value is None:
            self.sheet.write_blank(*at, None, self.formats.text(look))
        elif isinstance(cell.value, date):
            self.sheet.write_datetime(*at, cell.value, self.formats.of(cell.kind, look))
        else:
            shape = self.formats.of(cell.kind, look, cell.currency)
            self.sheet.write_number(*at, cell.value, shape)

    def line(self, row: int, line: Line, across: int) -> None:
        """Write a text over the first `across` columns, as high as it needs to be."""
        told = shown(self.language, line.text)
        quoted = looks_like_a_formula(told)
        shape = self.formats.text(line.kind, quoted=quoted)
        width = sum(self.widths[:across])
        height = _LINE_POINTS.get(line.kind, _POINTS)
        self.sheet.set_row(row, min(height * _lines(told, width), _TALLEST))
        if across > 1:
            self.sheet.merge_range(row, 0, row, across - 1, "", shape)
        self.sheet.write_string(row, 0, told, shape)

    def heads(self, row: int, heads: Sequence[str], right: Collection[int]) -> None:
        """Write the heads of a table; those of the columns in `right` stand over numbers."""
        self.high_enough(row, heads)
        for column, head in enumerate(heads):
            self.text((row, column), head, "right_head" if column in right else "head")

    def high_enough(self, row: int, texts: Sequence[str]) -> None:
        """Make a row as high as its longest text needs: not every program does so by itself."""
        most = max(map(_lines, texts, self.widths), default=1)
        if most > 1:
            self.sheet.set_row(row, min(_POINTS * most, _TALLEST))


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of so many characters, as far as a row can be high."""
    told = plain(text[: _MOST_LINES * int(width)])
    narrow = sum(map(str.isascii, told)) / max(len(told), 1)
    room = max(int((width - _EDGE) * (1 + _NARROW * narrow)), 4)
    return 1 if columns.width(told) <= room else len(columns.wrapped(told, room))


def placed(book: Any, formats: Formats, name: str, heads: Sequence[Column]) -> Place:
    """A new sheet with its columns as wide as they should be."""
    sheet = book.add_worksheet(name)
    widths = tuple(each.width for each in heads)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    return Place(sheet, formats, widths)


def write(book: Any, formats: Formats, told: Sheet) -> None:
    """Write one table: the lines above it, its heads and rows, the lines below."""
    place = placed(book, formats, told.name, told.columns)
    across = len(told.columns) if not told.head_at_hand else _seen_at_once(place.widths)
    for row, line in enumerate(told.above):
        place.line(row, line, across)
    head = len(told.above) + 1
    place.heads(head, [each.head for each in told.columns], _numeric(told))
    for row, each in enumerate(told.rows, head + 1):
        _row(place, row, each)
    last = head + len(told.rows)
    for row, line in enumerate(told.below, last + 2):
        place.line(row, line, across)
    if told.head_at_hand:
        place.sheet.freeze_panes(head + 1, 2)
    if told.head_at_hand and len(told.rows) >= _MANY_ROWS:
        place.sheet.autofilter(head, 0, last, len(told.columns) - 1)
    end = last + len(told.below) + 1 if told.below else last
    printed(place, head, end, len(told.columns))


def _numeric(told: Sheet) -> set[int]:
    """The columns that hold numbers; in a mixed one the more frequent kind counts."""
    votes = Counter(
        column if cell.kind not in WORDS else ~column
        for row in told.rows
        for column, cell in enumerate(row.cells)
        if cell.value is not None or cell.kind not in WORDS
    )
    return {column for column in range(len(told.columns)) if votes[column] > votes[~column]}


def _seen_at_once(widths: Sequence[float]) -> int:
    """How many columns a screen shows: a sentence should not need scrolling sideways."""
    total = 0.0
    for count, width in enumerate(widths, 1):
        total += width
        if total >= 120:
            return count
    return len(widths)


def _row(place: Place, row: int, told: Row) -> None:
    texts = [cell.value if isinstance(cell.value, str) else "" for cell in told.cells]
    place.high_enough(row, texts)
    for column, cell in enumerate(told.cells):
        place.cell((row, column), cell, told.style)


def printed(place: Place, head: int, last: int, count: int) -> None:
    """A4 landscape, as wide as one page, its heads on every page and the sheet's name below."""
    sheet = place.sheet
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.print_area(0, 0, max(last, head), count - 1)
    sheet.set_footer("&L&8&A&R&8&P / &N")
    sheet.hide_gridlines(2)
