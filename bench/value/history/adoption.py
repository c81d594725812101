"""Figures of use (users, revenue, labels ...) from a CSV file, every mistake named with its line."""

import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.errors import UserError
from bench.files.yaml_source import read_text
from bench.value.history.record import Adoption, AdoptionChange, AdoptionRow

FIGURES = ("users", "usage", "revenue", "satisfaction", "labels")
"""Columns that are numbers; any other column but `date` is shown as it is."""
_NEVER_NEGATIVE = ("users", "usage", "labels")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]+)?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:[,，'’ \u00a0\u202f][0-9]{3})+(?:\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class _Line:
    """The cells of one line by column, and where it stands."""

    path: Path
    number: int
    cells: dict[str, str]

    def error(self, column: str, message: str) -> UserError:
        """`file:line: column: what; what to do`."""
        return UserError(f"{self.path}:{self.number}: {column}: {message}")


def adoption(path: Path, today: dt.date) -> Adoption:
    """The file's rows by date, and how each figure changed. Raises UserError with line and column."""
    lines = _lines(path)
    dated = [(_date(line, today), line) for line in lines]
    first: dict[dt.date, int] = {}
    for day, line in dated:
        earlier = first.setdefault(day, line.number)
        if earlier != line.number:
            raise line.error("date", f"{day} stands already in line {earlier}; keep one")
    dated.sort(key=lambda each: each[0])
    rows = [_row(day, line) for day, line in dated]
    _check_labels(rows, [line for _, line in dated])
    return Adoption(file=str(path), rows=rows, changes=_changes(rows))


def standing(adoption: Adoption, day: dt.date) -> AdoptionRow | None:
    """The latest row on or before a day."""
    rows = [each for each in adoption.rows if each.date <= day]
    return rows[-1] if rows else None


def labels_on(adoption: Adoption, day: dt.date) -> float | None:
    """Labels made up to a day, as the latest row on or before it that counts them says."""
    known = [
        each.figures["labels"]
        for each in adoption.rows
        if each.date <= day and each.figures.get("labels") is not None
    ]
    return known[-1] if known else None


def _lines(path: Path) -> list[_Line]:
    reader = csv.reader(io.StringIO(read_text(path, UserError)), strict=True)
    try:
        heads = [each.strip() for each in next(reader, [])]
        _check_heads(path, heads)
        lines = [
            _line(path, reader.line_num, heads, cells)
            for cells in reader
            if any(each.strip() for each in cells)
        ]
    except csv.Error as error:
        raise UserError(f"{path}:{reader.line_num}: not CSV: {error}; check the quotes") from None
    if not lines:
        raise UserError(f"{path}: holds no row; write one line a date")
    return lines


def _check_heads(path: Path, heads: Sequence[str]) -> None:
    known = ("date", *FIGURES)
    for at, head in enumerate(heads):
        if not head:
            raise UserError(f"{path}:1: column {at + 1} has no name; give it one")
        if head in heads[:at]:
            raise UserError(f"{path}:1: {head}: the column stands twice; keep one")
        if head not in known and head.lower() in known:
            raise UserError(f"{path}:1: {head}: unknown in this spelling; write '{head.lower()}'")
    if "date" not in heads:
        raise UserError(
            f"{path}:1: date: there is no such column; name the columns in the first line, with commas between"
        )


def _line(path: Path, number: int, heads: Sequence[str], cells: Sequence[str]) -> _Line:
    if len(cells) != len(heads):
        advice = "write numbers without commas" if len(cells) > len(heads) else "fill it up"
        raise UserError(f"{path}:{number}: {len(cells)} cells for {len(heads)} columns; {advice}")
    return _Line(path, number, dict(zip(heads, map(str.strip, cells), strict=True)))


def _date(line: _Line, today: dt.date) -> dt.date:
    told = line.cells["date"]
    day = _day(told)
    if day is None:
        raise line.error("date", f"'{told}' is no date; write YYYY-MM-DD")
    if day > today:
        raise line.error(
            "date", f"{day} is in the future; write what is known, not what is planned"
        )
    return day


def _day(told: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(told) if _DATE.fullmatch(told) else None
    except ValueError:
        return None


def _row(day: dt.date, line: _Line) -> AdoptionRow:
    return AdoptionRow(
        date=day,
        figures={name: _figure(line, name) for name in line.cells if name in FIGURES},
        others={name: told for name, told in line.cells.items() if name not in ("date", *FIGURES)},
    )


def _figure(line: _Line, column: str) -> float | None:
    told = line.cells[column]
    if not told:
        return None
    if _THOUSANDS.fullmatch(told):
        bare = re.sub(r"[^0-9.-]", "", told)
        raise line.error(column, f"'{told}' has thousands separators; write {bare}")
    if not _NUMBER.fullmatch(told):
        raise line.error(
            column,
            f"'{told}' is no number; write digits and a point, or leave it empty if not known",
        )
    figure = float(told)
    if figure < 0 and column in _NEVER_NEGATIVE:
        raise line.error(column, f"{told} is below zero; write a count")
    return figure


def _check_labels(rows: Sequence[AdoptionRow], lines: Sequence[_Line]) -> None:
    """Labels are counted from the beginning, so they never become fewer."""
    most = 0.0
    for row, line in zip(rows, lines, strict=True):
        labels = row.figures.get("labels")
        if labels is None:
            continue
        if not labels.is_integer():
            raise line.error("labels", f"{labels} is no whole number; count labelled examples")
        if labels < most:
            raise line.error(
                "labels",
                f"{labels:.0f} after {most:.0f}; write all labels made up to the date",
            )
        most = labels


def _changes(rows: Sequence[AdoptionRow]) -> list[AdoptionChange]:
    """First against last, for every figure that is known on two days at least."""
    found = []
    for name in rows[0].figures:
        told = [(each.date, each.figures[name]) for each in rows]
        known = [(day, figure) for day, figure in told if figure is not None]
        if len(known) < 2:
            continue
        (first_date, first), (last_date, last) = known[0], known[-1]
        found.append(
            AdoptionChange(
                name=name,
                first_date=first_date,
                first=first,
                last_date=last_date,
                last=last,
                relative=(last - first) / first if first > 0 else None,
            )
        )
    return found
