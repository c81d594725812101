"""Comma- and tab-separated files: text stays text, and numbers are numbers only where a whole column is."""

import csv
import io
import math
import re
from collections.abc import Iterator
from pathlib import Path

from bench.errors import SuiteError, UserError
from bench.files.yaml_source import MAX_BYTES, Path_, Place, Source, read_text

_MAX_DIGITS = 18


def read_csv(path: Path, kind: type[UserError] = SuiteError) -> Source:
    """The rows as mappings by the first row's names. The place of a row is its first line.

    A file whose first line holds semicolons and no comma is separated by those. Columns without a name are
    left out. In a column of numbers an empty cell is null. Raises `kind` with the line.
    """
    text = read_text(path, kind)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(text.partition("\n")[0])
    rows: list[list[str]] = []
    places: dict[Path_, Place] = {(): Place(1, 1)}
    names: list[str] | None = None
    for line, row in _rows(text, delimiter, path, kind):
        if names is None:
            names = [name.strip() for name in row]
            twice = [name for name in names if name and names.count(name) > 1]
            if twice:
                raise kind(f"{path}:{line}:1: the column '{twice[0]}' stands twice")
        elif len(row) != len(names):
            raise kind(f"{path}:{line}:1: {len(row)} cells under {len(names)} columns")
        else:
            places[(len(rows),)] = Place(line, 1)
            rows.append(row)
    columns = {
        name: _values([row[position] for row in rows])
        for position, name in enumerate(names or [])
        if name
    }
    records = [
        {name: values[index] for name, values in columns.items()} for index in range(len(rows))
    ]
    return Source(path, records, places)


def _delimiter(header: str) -> str:
    return ";" if ";" in header and "," not in header else ","


def _rows(
    text: str, delimiter: str, path: Path, kind: type[UserError]
) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with the line on which it begins."""
    before = csv.field_size_limit(MAX_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for row in reader:
            if row:
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise kind(f"{path}:{begins}:1: not CSV: {error}") from None
    finally:
        csv.field_size_limit(before)


def _values(cells: list[str]) -> list[str] | list[int | float | None]:
    """A column as numbers, if each cell is one that would be written just so again, else as it stands.

    >>> _values(["1", "", "2.5"]), _values(["007", "8"]), _values(["1.50", "2.5"])
    ([1, None, 2.5], ['007', '8'], ['1.50', '2.5'])
    """
    numbers: list[int | float | None] = []
    for cell in cells:
        number = _number(cell)
        if number is None and cell:
            return cells
        numbers.append(number)
    return cells if all(number is None for number in numbers) else numbers


def _number(cell: str) -> int | float | None:
    """The number that is written `cell`; None where writing it would give another text."""
    if len(cell) <= _MAX_DIGITS and re.fullmatch(r"-?[0-9]+", cell):
        whole = int(cell)
        return whole if str(whole) == cell else None
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if repr(value) == cell and math.isfinite(value) else None
