"""The assumptions as cells that a reader may change: the values move with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.reports.assumptions import assumption_title
from bench.reports.phrases import Words
from bench.reports.workbook.amounts import Amount, mean_of
from bench.reports.workbook.contents import Contents
from bench.reports.workbook.formats import Formats
from bench.reports.workbook.text import cell_name
from bench.reports.workbook.typed import Column, Line, aside, day
from bench.reports.workbook.units import assumed
from bench.reports.workbook.writing import Place, placed, printed
from bench.suites.model import SHARES
from bench.value.summary import AssumptionEntry
from bench.wording.plain import plain

Inputs = Mapping[str, tuple[Amount, ...]]
"""Suite -> the named cells that hold the values used, in the order of its assumptions."""
_LOW, _BASE, _HIGH = "D", "E", "F"
_MEAN, _CHECK = 2, 6


@dataclass(frozen=True, slots=True)
class _Names:
    """Where names of cells are defined, and which are taken."""

    book: Any
    sheet: str
    taken: set[str]

    def of(self, words: Words, name: str, row: int) -> str:
        """A name for the cell of the value used."""
        told = cell_name([words.key, name], self.taken)
        quoted = self.sheet.replace("'", "''")
        self.book.define_name(told, f"='{quoted}'!$C${row + 1}")
        return told


def assumptions(book: Any, formats: Formats, told: Contents, name: str) -> Inputs:
    """Write every assumption of every suite: low, base and high to be changed, their mean as it is used."""
    columns = _columns(told)
    place, names = placed(book, formats, name, columns), _Names(book, name, set())
    above = (
        Line(told.say("workbook.title.assumptions"), "title"),
        Line(told.say("workbook.lead.assumptions")),
    )
    for row, line in enumerate(above):
        place.line(row, line, len(columns))
    head = row = len(above) + 1
    place.heads(head, [each.head for each in columns], range(_MEAN, _MEAN + 4))
    found: dict[str, tuple[Amount, ...]] = {}
    for words, _ in told.suites:
        cells = []
        for entry in words.suite.assumptions:
            row += 1
            mean = _entry(place, words, entry, row)
            cells.append(Amount(names.of(words, entry.name, row), mean))
        found[words.key] = tuple(cells)
    place.sheet.freeze_panes(head + 1, 2)
    if row > head:
        place.sheet.autofilter(head, 0, row, len(columns) - 1)
    printed(place, head, row, len(columns))
    return found


def _columns(told: Contents) -> tuple[Column, ...]:
    return (
        told.task_column(),
        told.column("assumption", 46),
        told.column("used", 16),
        told.column("low_end", 14),
        told.column("base", 14),
        told.column("high_end", 14),
        told.column("order", 12),
        told.column("shape", 16),
        told.column("standing", 12),
        told.column("source", 44),
        told.column("as_of", 12),
    )


def _entry(place: Place, words: Words, entry: AssumptionEntry, row: int) -> float:
    """One row; the mean of the range as it was when the report was made."""
    number = row + 1
    low, base, high = (
        Amount(f"{column}{number}", value)
        for column, value in ((_LOW, entry.low), (_BASE, entry.base), (_HIGH, entry.high))
    )
    mean = mean_of(low, base, high, entry.shape)
    used = assumed(words, entry.name, mean.value)
    title, name = words.text(words.suite.title), assumption_title(words, entry.name)
    place.high_enough(row, (title, name, *[""] * 7, entry.source or ""))
    place.text((row, 0), title)
    place.text((row, 1), name)
    shape = place.formats.of(used.kind, "bold", used.currency)
    place.sheet.write_formula(row, _MEAN, mean.formula, shape, mean.value)
    for column, each in enumerate((low, base, high), _MEAN + 1):
        place.cell((row, column), assumed(words, entry.name, each.value), "input")
    _guard(place, words, entry, row)
    _in_order(place, words, (low, base, high), row)
    _standing(place, words, entry, row)
    return mean.value


def _in_order(place: Place, words: Words, range_: tuple[Amount, Amount, Amount], row: int) -> None:
    """Say so where low, base and high are not in order: their mean would mean nothing."""
    low, base, high = (each.text for each in range_)
    told = f'=IF(AND({low}<={base},{base}<={high}),"","{words.say("workbook.disorder")}")'
    place.sheet.write_formula(row, _CHECK, told, place.formats.text(), "")
    doubt = {"type": "no_blanks", "format": place.formats.condition("doubt")}
    place.sheet.conditional_format(row, _CHECK, row, _CHECK, doubt)


def _standing(place: Place, words: Words, entry: AssumptionEntry, row: int) -> None:
    """Shape, who vouches for the number, and since when."""
    standing = words.say("workbook.placeholder" if entry.placeholder else "workbook.sourced")
    source = plain(entry.source or "") or words.say("state.no_source")
    place.cell((row, _CHECK + 1), aside(words.named("shape", entry.shape)))
    place.text((row, _CHECK + 2), standing, "doubt" if entry.placeholder else "")
    place.cell((row, _CHECK + 3), aside(source))
    place.cell((row, _CHECK + 4), day(entry.as_of))


def _guard(place: Place, words: Words, entry: AssumptionEntry, row: int) -> None:
    """Refuse what no assumption can be: below zero, a share above one, a text."""
    is_share = entry.name in SHARES
    rule: dict[str, object] = {
        "validate": "decimal",
        "criteria": "between" if is_share else ">=",
        "error_title": words.say("workbook.guard.title"),
        "error_message": words.say("workbook.guard.share" if is_share else "workbook.guard.amount"),
    }
    rule |= {"minimum": 0, "maximum": 1} if is_share else {"value": 0}
    place.sheet.data_validation(row, _MEAN + 1, row, _MEAN + 3, rule)
