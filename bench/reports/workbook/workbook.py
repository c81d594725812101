"""The whole file: every sheet in its order, the same bytes for the same run."""

import io
from typing import Any

from bench.errors import UserError
from bench.reports.workbook import figures, money, record, safety
from bench.reports.workbook.assumptions import assumptions
from bench.reports.workbook.contents import contents
from bench.reports.workbook.formats import FONTS, SIZE_POINTS, Formats
from bench.reports.workbook.front import front
from bench.reports.workbook.text import sheet_name
from bench.reports.workbook.value import value
from bench.reports.workbook.writing import write
from bench.types import Language
from bench.value.judged import Judged

TABLES = {
    "gates": safety.gates,
    "losses": safety.losses,
    "pairs": figures.pairs,
    "slices": figures.slices,
    "metrics": figures.metrics,
    "entries": money.entries,
    "periods": money.periods,
    "sensitivity": money.sensitivity,
    "information": money.information,
    "technical": figures.technical,
    "drives": figures.drives,
    "trials": safety.trials,
    "record": record.record,
}
"""Sheets of one long table, in their order behind the value sheets."""


def workbook(judged: Judged, language: Language) -> bytes:
    """The run as an XLSX file.

    A suite whose resamples are not at hand has no value sheet. Raises UserError without XlsxWriter.
    """
    told = contents(judged, language)
    file, book = fresh(language)
    book.set_properties(
        {"title": told.page.title, "created": record.ended(judged.summary.run), "author": ""}
    )
    formats = Formats(language, book.add_format)
    taken: set[str] = set()

    def name(key: str, **slots: str) -> str:
        return sheet_name(told.say(f"workbook.sheet.{key}", **slots), taken)

    write(book, formats, front(told, name("front")))
    inputs = assumptions(book, formats, told, name("assumptions"))
    for words, _ in told.suites:
        if words.key in judged.what_if:
            at = (words, name("value", suite=words.text(words.suite.title)))
            value(book, formats, told, at, inputs[words.key])
    for key, table in TABLES.items():
        write(book, formats, table(told, name(key)))
    book.close()
    return file.getvalue()


def fresh(language: Language) -> tuple[io.BytesIO, Any]:
    """A file in memory, and a book without sheets that takes no text for a formula, a number or a link."""
    file, font = io.BytesIO(), {"font_name": FONTS[language], "font_size": SIZE_POINTS}
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_format_properties": font,
    }
    return file, _library().Workbook(file, options)


def _library() -> Any:
    """The library is an extra, and slow to load."""
    try:
        import xlsxwriter
    except ImportError:
        raise UserError(
            "xlsx: the library XlsxWriter is not installed; pip install 'industry-bench[office]'"
        ) from None
    return xlsxwriter
