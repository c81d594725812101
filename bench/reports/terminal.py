"""The report as plain text of at most 100 columns."""

import re
import unicodedata

from bench.reports.parts import Page, Row, SuiteView
from bench.reports.view import view
from bench.types import Language
from bench.value.judged import Judged
from bench.wording.catalogue import say
from bench.wording.columns import row, width, wrapped

MOST = 100
_WIDTHS = (23, 18, 6, 13, 9, 11, 7)
_RIGHTS = (False, True, True, True, False, True, False)
_COMMANDS = re.compile(r"#(?=#\[|#vso\[)|^[ ]*:(?=:)", re.MULTILINE)
"""Beginnings of what CI servers obey in a log; a blank behind the first sign ends that."""
_MARKS = {"deploy": "●", "pilot": "◐", "iterate": "◔", "stop": "■"}


def terminal(judged: Judged, language: Language) -> str:
    """Verdicts and the comparison with today; everything further is in the other formats."""
    page = view(judged, language)
    lines = [f"{page.title}  " + " · ".join(page.facts), ""]
    lines += page.warnings
    lines += ["".join(_spaced(page)), page.lede]
    for suite in page.suites:
        lines += ["", *_suite(suite, language)]
    for note in page.notes:
        lines += ["", note.heading, *(f"  {each}" for each in note.lines)]
    return _printable("\n".join(part for line in lines for part in _lines(line)) + "\n")


def _spaced(page: Page) -> list[str]:
    gap = "" if page.language == "zh" else " "
    return [gap.join(page.headline)]


def _lines(line: str) -> list[str]:
    if width(line) <= MOST:
        return [line]
    indent = len(line) - len(line.lstrip())
    return [" " * indent + each for each in wrapped(line.strip(), MOST - indent)]


def _suite(suite: SuiteView, language: Language) -> list[str]:
    lines = [
        "─" * MOST,
        f"{suite.title}  {_MARKS[suite.decision]} {suite.verdict}  ({suite.basis})"
        if language == "en"
        else f"{suite.title}  {_MARKS[suite.decision]} {suite.verdict}（{suite.basis}）",
        suite.sentence,
        *(f"  {each}" for each in (suite.headline, *suite.reasons) if each),
        "",
    ]
    keys = ("head.way", "", "head.sure", "head.four", "head.gate", "head.answered", "head.verdict")
    heads = [say(language, key) if key else suite.value_head for key in keys]
    lines += row(heads, _WIDTHS, _RIGHTS)
    for each in (*suite.rows, *suite.more):
        lines += _candidate(each, language)
    for refused in suite.refused:
        lines += [*row((refused.name, *[""] * 6), _WIDTHS, _RIGHTS), f"  {refused.why}"]
    today = suite.today
    lines += row((today.name, today.zero, "", "", "", "", ""), _WIDTHS, _RIGHTS)
    told = (today.effort, today.errors, today.limits)
    lines += ["  " + say(language, "list.clause").join(each for each in told if each)]
    lines += ["", say(language, "comparison.would_change")]
    changes = suite.changes or (say(language, "comparison.no_change"),)
    return [*lines, *(f"  {each}" for each in changes)]


def _candidate(each: Row, language: Language) -> list[str]:
    outcomes = "/".join(each.outcomes) or say(language, "state.no_outcomes")
    coverage = f"{each.answered}\n{each.coverage}"
    cells = (
        each.name,
        f"{each.mean}\n{each.range}",
        each.chance,
        outcomes,
        f"{each.gate.word}\n{each.gate.fraction}",
        coverage,
        each.verdict,
    )
    return [*row(cells, _WIDTHS, _RIGHTS), *([f"  {each.doubt}"] if each.doubt else [])]


def _printable(text: str) -> str:
    """A last guard: nothing but line ends may control the terminal, and no line command a CI server."""
    text = _COMMANDS.sub(lambda found: f"{found[0]} ", text)
    return "".join(each for each in text if each == "\n" or unicodedata.category(each)[0] != "C")
