"""What tests read in the pictures of a report."""

import json
import math

from bench.reports.view import view
from bench.value.judged import Judged

HUNDRED = [-2000.0, -900.0, -60.0, 0.0, 12.0, *([124.0] * 95)]
"""Values of single cases, of which one is very bad."""


def with_cases(told, cases=HUNDRED):
    def changed(each):
        tail = each.tail.model_copy(update={"hundredths": cases, "cases": sum(cases[:5]) / 5})
        return {"tail": tail}

    return every_candidate(told, changed)


def every_candidate(told, change):
    """The run with fields of all candidates changed; `change` makes them from a candidate."""
    suites = {
        key: suite.model_copy(
            update={
                "candidates": {
                    name: each.model_copy(update=change(each))
                    for name, each in suite.candidates.items()
                }
            }
        )
        for key, suite in told.suites.items()
    }
    return told.model_copy(update={"suites": suites})


def figures(told, language="zh", key=None):
    page = view(told if isinstance(told, Judged) else Judged(told), language)
    return [
        figure
        for section in page.sections
        if key in (None, section.key)
        for part in section.parts
        for figure in part.figures
    ]


def walk(node, path=()):
    """Every value of a specification with its path."""
    yield path, node
    if isinstance(node, dict):
        for key, each in node.items():
            yield from walk(each, (*path, key))
    elif isinstance(node, (list, tuple)):
        for at, each in enumerate(node):
            yield from walk(each, (*path, at))


def rows_of(spec, *fields):
    """Rows of data that hold all the fields."""
    return [
        row
        for path, data in walk(spec["layer"])
        if path[-2:] == ("data", "values")
        for row in data
        if set(fields) <= set(row)
    ]


def column(table, at):
    return [row[at].text for row in table.rows]


def number(text):
    return float(text.replace("−", "-").replace(",", "").replace("+", ""))


def check(figure):
    """What holds of every specification: finite numbers, no address, no markup, letters of 12 px and more."""
    json.dumps(figure.spec, allow_nan=False)
    assert figure.spec["usermeta"]["note"]
    for path, each in walk(figure.spec):
        name = path[-1] if path else ""
        assert name not in {"url", "href", "tooltip", "image"}
        if isinstance(each, float):
            assert math.isfinite(each), path
        if isinstance(name, str) and name.lower().endswith("fontsize"):
            assert each >= 12
