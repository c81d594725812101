"""The unit of an assumption."""

from bench.reports.assumptions import assumption_unit
from bench.reports.phrases import Words
from bench.reports.workbook.typed import Kind, Typed
from bench.wording.numbers import known
from bench.wording.plain import plain


def kind_of(name: str) -> Kind:
    """How the number of an assumption is shown."""
    unit = assumption_unit(name)
    return "count" if unit == "cases" else unit


def assumed(words: Words, name: str, value: float | None) -> Typed:
    """A value of an assumption as a cell; money names its currency, since other rows are no money."""
    kind = kind_of(name)
    return Typed(known(value), kind, plain(words.suite.currency) if kind == "money" else "")
