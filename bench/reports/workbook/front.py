"""Page one as a sheet: the decisions above, the comparison in typed cells, what to doubt below."""

from bench.reports.comparison import gate_view
from bench.reports.parts import NotAsked, SuiteView
from bench.reports.phrases import CASES, Words, bounds, no_range
from bench.reports.workbook.contents import Contents, named
from bench.reports.workbook.typed import (
    Column,
    Line,
    Row,
    Sheet,
    Typed,
    aside,
    number,
    spread,
    text,
)
from bench.value.candidate_summary import CandidateSummary
from bench.wording import numbers
from bench.wording.numbers import known

OUTCOMES = ("accept", "edit", "redo", "harm")
_EMPTY = Typed(None, "quiet")


def front(told: Contents, name: str) -> Sheet:
    """The comparison of page one.

    Its heads do not stay in sight: what stands above them would fill a small screen.
    """
    rows = [row for words, shown in told.suites for row in _suite(told, words, shown)]
    return Sheet(name, _above(told), _columns(told), tuple(rows), _below(told), head_at_hand=False)


def _above(told: Contents) -> tuple[Line, ...]:
    page = told.page
    gap = "" if told.language == "zh" else " "
    lines = [Line(page.title, "title"), Line(" · ".join(page.facts), "quiet_line")]
    lines += [Line(each, "warning") for each in page.warnings]
    lines += [Line(gap.join(page.headline), "finding"), Line(page.lede)]
    for each in page.suites:
        slots = {"verdict": each.verdict, "suite": each.title, "sentence": each.sentence}
        lines.append(Line(told.say("workbook.verdict", **slots)))
    if told.judged.what_if:
        lines.append(Line(told.say("workbook.lead.formulas"), "quiet_line"))
    return tuple(lines)


def _below(told: Contents) -> tuple[Line, ...]:
    lines = []
    for note in told.page.notes:
        lines.append(Line(note.heading, "finding"))
        lines += [Line(each) for each in note.lines]
    return tuple(lines)


def _columns(told: Contents) -> tuple[Column, ...]:
    sure, unit = told.levels(), told.unit()
    return (
        told.task_column(),
        told.column("way", 30),
        told.column("verdict", 14),
        told.column("items", 7),
        told.column("coverage", 8),
        told.column("per_hundred", 11, unit=unit),
        told.column("low_sure", 11, sure=sure),
        told.column("high_sure", 11, sure=sure),
        told.column("per_month", 12, unit=unit),
        told.column("low_sure", 12, sure=sure),
        told.column("high_sure", 12, sure=sure),
        told.column("chance", 9),
        *(told.column(each, 8) for each in OUTCOMES),
        told.column("gate", 36),
        told.column("note", 32),
    )


def _suite(told: Contents, words: Words, shown: SuiteView) -> list[Row]:
    rows = [_candidate(told, words, name) for name in words.suite.candidates]
    rows += [_not_asked(told, shown, each) for each in shown.refused]
    return [*rows, _today(told, words, shown)]


def _candidate(told: Contents, words: Words, name: str) -> Row:
    candidate, verdict = words.suite.candidates[name], words.suite.verdict
    currency = told.in_cells(words)
    recommended = name == verdict.candidate and verdict.decision in ("deploy", "pilot")
    shares = candidate.outcomes
    cells = (
        *named(words, name),
        text(words.say(f"label.{candidate.verdict.decision}")),
        number(candidate.items, "count"),
        number(candidate.coverage, "share"),
        *spread(candidate.net_per_case, "gain_whole", currency, CASES),
        *spread(candidate.value_per_month, "gain_whole", currency),
        number(candidate.p_positive, "chance"),
        *(number(getattr(shares, each) if shares else None, "share") for each in OUTCOMES),
        text(_gate(words, candidate)),
        aside(_note(words, candidate)),
    )
    return Row(cells, "bold" if recommended else "")


def _gate(words: Words, candidate: CandidateSummary) -> str:
    """The word, the gate where there are several, its count and bound, and how many of all are held."""
    found = gate_view(words, candidate.gates)
    parts = [found.word, found.title, found.detail, found.count]
    return words.say("list.clause").join(each for each in parts if each)


def _note(words: Words, candidate: CandidateSummary) -> str:
    """Why a cell is empty, and what may not be concluded."""
    parts = []
    if candidate.coverage < words.suite.coverage_floor:
        coverage = numbers.share(candidate.coverage)
        floor = numbers.limit(words.suite.coverage_floor)
        parts.append(words.say("state.coverage", coverage=coverage, floor=floor))
    if candidate.outcomes is None:
        parts.append(words.say("state.no_outcomes"))
    elif bounds(candidate.net_per_case) is None:
        parts.append(no_range(words, candidate.net_per_case))
    if known(candidate.usage.cost) is None and candidate.items:
        parts.append(words.say("workbook.no_cost"))
    return words.say("list.clause").join(parts)


def _not_asked(told: Contents, shown: SuiteView, refused: NotAsked) -> Row:
    label = text(told.say("refused.label"))
    cells = (text(shown.title), text(refused.name), label, *(_EMPTY,) * 14, aside(refused.why))
    return Row(cells)


def _today(told: Contents, words: Words, shown: SuiteView) -> Row:
    """Today's way: the zero that everything else is a difference from."""
    today, currency = shown.today, told.in_cells(words)
    parts = [each for each in (today.effort, today.errors) if each]
    cells = (
        text(shown.title),
        text(today.name),
        *(_EMPTY,) * 3,
        Typed(0.0, "gain_whole", currency),
        *(_EMPTY,) * 2,
        Typed(0.0, "gain_whole", currency),
        *(_EMPTY,) * 7,
        aside(today.limits),
        aside(words.say("list.clause").join(parts)),
    )
    return Row(cells, "today")
