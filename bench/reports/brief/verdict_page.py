"""Page one: the decision, its money, its main risk, and what to do next."""

from collections.abc import Mapping

from bench.reports.brief import pictures
from bench.reports.brief.markup import Band, Box, Flow, Grid, Inline, Line, Span, Tone, line
from bench.reports.parts import Page, SuiteView
from bench.types import Decision, Language
from bench.wording.catalogue import say

_COLUMNS = (28.0, 37.0, 41.0, 76.0)
_SHORT = 8
"""Letters of a unit that still stand behind the amount."""
_TONES: Mapping[Decision, Tone] = {
    "deploy": "Good",
    "pilot": "Good",
    "iterate": "Open",
    "stop": "Stop",
}


def verdict_page(page: Page) -> list[Flow]:
    """Headline, lede, a row per verdict, the notes."""
    gap = "" if page.language == "zh" else " "
    flow: list[Flow] = [line("Warning", each) for each in page.warnings]
    flow += [line("Heading1", gap.join(page.headline)), line("Lede", page.lede)]
    if page.suites:
        flow.append(_verdicts(page))
    for note in page.notes:
        flow.append(line("Heading2", note.heading))
        style = "ListBullet" if len(note.lines) > 1 else "Body"
        flow += [line(style, each) for each in note.lines]
    return flow


def label(suite: SuiteView, size: float) -> tuple[Inline, ...]:
    """A verdict's sign and word."""
    return (
        pictures.verdict(suite.decision, suite.verdict, size),
        Span(f" {suite.verdict}", _TONES[suite.decision], bold=True),
    )


def _verdicts(page: Page) -> Grid:
    heads = ("head.verdict", "brief.task", "brief.money", "brief.why")
    head = Band(tuple(Box((line("Head", say(page.language, each)),)) for each in heads), head=True)
    bands = tuple(_verdict(each, page.language) for each in page.suites)
    return Grid(_COLUMNS, (head, *bands), say(page.language, "report.verdicts"))


def _verdict(suite: SuiteView, language: Language) -> Band:
    block = suite.block
    counted = suite.decision in ("deploy", "pilot")
    money = Span(block.money, "" if counted else "Quiet", bold=counted)
    near, below = (block.unit, "") if len(block.unit) <= _SHORT else ("", block.unit)
    unit = (Span(f" {near}", "Small"),) if near else ()
    terms = [line("BlockNote", each) for each in (below, block.range) if each]
    who = (Span(block.who, bold=True),) if block.who else ()
    colour = pictures.verdict_colour(suite.decision)
    return Band(
        (
            Box((line("Block", *label(suite, 3.5)),), rule=colour),
            Box((line("Block", Span(suite.title, bold=True)), line("BlockNote", suite.basis))),
            Box((line("BlockMoney", money, *unit), *terms)),
            Box((line("Reason", *who, block.reason), *_others(suite, language))),
        )
    )


def _others(suite: SuiteView, language: Language) -> tuple[Line, ...]:
    """The grounds beside the one that decided."""
    others = [each for each in suite.reasons if each != suite.block.reason]
    return (line("BlockNote", say(language, "list.clause").join(others)),) if others else ()
