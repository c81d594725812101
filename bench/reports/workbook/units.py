"""The unit of an assumption."""

from bench.reports.numbers import known
from bench.reports.phrases import Words
from bench.reports.plain import plain
from bench.reports.workbook.typed import Kind, Typed
from bench.suites.model import SHARES


def kind_of(name: str) -> Kind:
    """How the number of an assumption is shown."""
    if name in SHARES:
        return "share"
    if name.endswith("minutes"):
        return "minutes"
    if name.endswith("months"):
        return "months"
    return "count" if name == "cases_per_month" else "money"


def assumed(words: Words, name: str, value: float | None) -> Typed:
    """A value of an assumption as a cell; money names its currency, since other rows are no money."""
    kind = kind_of(name)
    return Typed(known(value), kind, plain(words.suite.currency) if kind == "money" else "")
