"""Page three: what could hurt, and what would change the verdict."""

from collections.abc import Mapping, Sequence

from bench.reports.brief import pictures
from bench.reports.brief.groups import Focus, Group, grid, parts_of, reading, titled
from bench.reports.brief.markup import Box, Flow, Grid, Inline, Span, Tone, line
from bench.reports.charts import Bullet, Swing
from bench.reports.parts import Cell, GateState, Head, Page, Section, Table
from bench.reports.parts import Tone as CellTone
from bench.types import Language
from bench.wording.catalogue import say
from bench.wording.numbers import UNKNOWN

_GATES = (54.0, 13.0, 27.0, 88.0)
_LOSSES = (72.0, 20.0, 90.0)
_TORNADO = (70.0, 25.0, 29.0, 12.0, 12.0, 34.0)
_MOST_GATES, _MOST_LOSSES, _MOST_SWINGS = 3, 2, 3
"""Rows of a suite; the full report holds the rest."""
_STATES: Mapping[CellTone, GateState] = {"bad": "broken", "open": "open", "good": "held"}
"""By the tone of a gate's judgement, most urgent first."""
_TONES: Mapping[CellTone, Tone] = {"bad": "Bad", "quiet": "Quiet"}


def risk_page(page: Page, focuses: Sequence[Focus]) -> list[Flow]:
    """Gates and losses, then the assumptions that move most, each of the leading candidates."""
    language = page.language
    sections = {each.key: each for each in page.sections}
    flow: list[Flow] = []
    if "risk" in sections:
        risk = sections["risk"]
        flow += [titled(risk, new_page=True), reading(risk.lead, language)]
        flow.append(_gates(language, risk, focuses))
        flow.append(line("Heading3", say(language, "brief.losses")))
        flow += _losses(language, risk, focuses)
    if "sensitivity" in sections:
        swings = sections["sensitivity"]
        flow += [titled(swings), reading(swings.lead, language)]
        flow.append(_tornado(language, swings, focuses))
    return flow


def _gates(language: Language, risk: Section, focuses: Sequence[Focus]) -> Grid:
    """Gates of the leading candidates, or of all where none leads; what is not held comes first."""
    groups, heads = [], []
    for focus, part in parts_of(risk, focuses):
        table = part.tables[0]
        heads = list(table.heads[1:])
        own = [each for each in table.rows if each[0].text == focus.candidate]
        urgent = sorted(own or table.rows, key=lambda row: _urgency(row[-1]))[:_MOST_GATES]
        left = len(table.rows) - len(urgent)
        rest = say(language, "brief.more_gates", n=left) if left else ""
        rows = [_gate(row, language, named=not own) for row in urgent]
        groups.append(Group(focus.name, rows, (rest,)))
    return grid(_GATES, heads, groups, say(language, "section.risk.gates"))


def _urgency(judgement: Cell) -> int:
    return list(_STATES).index(judgement.tone) if judgement.tone in _STATES else len(_STATES)


def _gate(row: Sequence[Cell], language: Language, *, named: bool) -> list[Box]:
    """Which gate, and whose if it must be said; how frequent; a bullet line; the judgement in words."""
    way, title, events, picture, judgement = row
    state, drawn = _STATES.get(judgement.tone), picture.chart
    told = [each.text for each in ((way, title) if named else (title,)) if each.text != UNKNOWN]
    sign: tuple[Inline, ...] = ()
    if state is not None:
        sign = (pictures.gate(state, say(language, f"gate.word_{state}")), Span(" "))
    return [
        Box((line("Cell", " · ".join(told)),)),
        Box((line("CellFigure", events.text),)),
        Box((line("Picture", pictures.bullet(drawn)),) if isinstance(drawn, Bullet) else ()),
        Box((line("Cell", *sign, judgement.text, Span(f"  {title.note}", "Tiny")),)),
    ]


def _losses(language: Language, risk: Section, focuses: Sequence[Focus]) -> list[Flow]:
    """The classes of error that cost most, seen or not yet seen; what captions share is told once."""
    groups, shared = [], ""
    for focus, part in parts_of(risk, focuses):
        table = part.tables[1]
        at = _column(table, focus.candidate)
        rows = [_loss(row, at) for row in table.rows[:_MOST_LOSSES]]
        shown = [row[0].text for row in table.rows[:_MOST_LOSSES]]
        unseen = [each for each in part.sentences if not any(name in each for name in shown)]
        own, _, shared = table.caption.partition(say(language, "list.clause"))
        groups.append(Group(focus.name, rows, (own,), " ".join(unseen)))
    heads = (
        Head(say(language, "head.error_class")),
        Head(say(language, "brief.loss"), numeric=True),
        Head(say(language, "brief.rate")),
    )
    told = [reading([shared], language)] if shared else []
    return [*told, grid(_LOSSES, heads, groups, say(language, "brief.losses"))]


def _column(table: Table, candidate: str) -> int:
    """Where the candidate stands; the first one where none leads."""
    named = [at for at, each in enumerate(table.heads) if at and each.text == candidate]
    return named[0] if named else 1


def _loss(row: Sequence[Cell], at: int) -> list[Box]:
    cell = row[at]
    return [
        Box((line("Cell", row[0].text),)),
        Box((line("CellFigure", cell.text),)),
        Box((line("TextInset", Span(cell.note, _TONES.get(cell.tone, ""))),)),
    ]


def _tornado(language: Language, section: Section, focuses: Sequence[Focus]) -> Grid:
    groups, heads = [], []
    for focus, part in parts_of(section, focuses):
        if not part.tables:
            groups.append(Group(focus.name, (), rest=" ".join(part.sentences)))
            continue
        table = part.tables[0]
        even = Head(say(language, "brief.even"), numeric=True)
        heads = [*table.heads[:-1], even]
        rows = [_swing(row, language) for row in table.rows[:_MOST_SWINGS]]
        left = len(table.rows) - len(rows)
        rest = say(language, "brief.more_assumptions", n=left) if left else ""
        groups.append(Group(focus.title, rows, (table.caption, rest)))
    return grid(_TORNADO, heads, groups, section.heading)


def _swing(row: Sequence[Cell], language: Language) -> list[Box]:
    """An assumption, its range, the bar, both ends in money, and where the sign turns."""
    title, span, bar, low, high, even = row
    drawn = bar.chart
    return [
        Box((line("Cell", title.text, *_chip(title, language)),)),
        Box((line("Cell", span.text),)),
        Box((line("Picture", pictures.swing(drawn)),) if isinstance(drawn, Swing) else ()),
        *(
            Box((line("CellFigure", Span(each.text, _TONES.get(each.tone, ""))),))
            for each in (low, high)
        ),
        Box((line("CellFigure", *_break_even(even, language)),)),
    ]


def _chip(title: Cell, language: Language) -> tuple[Span, ...]:
    """That nobody vouches for the assumption; page four tells its value."""
    told = say(language, "brief.placeholder")
    return (Span("  "), Span(f" {told} ", "Chip")) if title.chip else ()


def _break_even(cell: Cell, language: Language) -> tuple[Span, ...]:
    """Where the sign turns; in bold within the assumption's range, and in words where nowhere."""
    if cell.tone == "quiet":
        return (Span(cell.note, "Tiny"),)
    inside = cell.note == say(language, "break_even.inside")
    return (Span(cell.text, "Bad" if inside else "", bold=inside),)
