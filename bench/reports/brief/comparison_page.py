"""Page two: every candidate beside today's way."""

from collections.abc import Iterable, Mapping

from bench.reports.brief import pictures, styles
from bench.reports.brief.markup import (
    Band,
    Box,
    Flow,
    Grid,
    Inline,
    Line,
    Span,
    Tab,
    Tone,
    line,
)
from bench.reports.brief.verdict_page import label
from bench.reports.charts import WIDTH, Axis
from bench.reports.parts import GateState, NotAsked, Page, Row, SuiteView, Today
from bench.types import Language, OutcomeName
from bench.wording.catalogue import say

_COLUMNS = (29.0, 37.0, 21.0, 17.0, 12.0, 25.0, 41.0)
_GATE_TONES: Mapping[GateState, Tone] = {
    "held": "Good",
    "open": "Open",
    "broken": "Bad",
    "none": "Stop",
}
_OUTCOMES: tuple[OutcomeName, ...] = ("accept", "edit", "redo", "harm")
_LABEL = 0.62
"""Width of a letter of the axis, in its height of 6 points; Chinese ones count twice."""


def comparison_page(page: Page) -> list[Flow]:
    """How to read it, then a table per suite."""
    if not page.suites:
        return []
    language = page.language
    flow: list[Flow] = [
        Line("Heading2", (Span(say(language, "comparison.heading")),), new_page=True),
        line("Reading", say(language, "comparison.reading")),
        line("Reading", *_key(language)),
    ]
    for suite in page.suites:
        flow += _comparison(suite, language)
    return flow


def _key(language: Language) -> Iterable[Inline]:
    yield Span(say(language, "comparison.key"))
    for outcome in _OUTCOMES:
        word = say(language, f"outcome.{outcome}")
        yield Span("  ")
        yield pictures.swatch(outcome, word)
        yield Span(f" {word}")


def _comparison(suite: SuiteView, language: Language) -> list[Flow]:
    """Title, sentence and table, kept on one page as long as they fit on one."""
    heads = (
        line("Head", say(language, "head.way")),
        line("Head", suite.value_head),
        line("HeadFigure", suite.mean_head),
        line("HeadFigure", suite.month_head),
        line("HeadFigure", say(language, "head.chance")),
        line("Head", say(language, "head.outcomes")),
        line("Head", say(language, "head.gate")),
    )
    bands = [Band(tuple(Box((each,)) for each in heads), head=True)]
    bands += [_candidate(each, language) for each in suite.rows]
    bands += [_not_asked(each) for each in suite.refused]
    bands.append(_today(suite.today, language))
    bands += _below(suite, language)
    title = (Span(f"{suite.title}  "), *label(suite, 2.9))
    told: list[Flow] = [line("Heading3", *title), line("Sentence", suite.sentence, attached=True)]
    if suite.headline:
        told.append(line("Sentence", suite.headline, attached=True))
    caption = say(language, "comparison.caption", suite=suite.title)
    return [*told, Grid(_COLUMNS, tuple(bands), caption)]


def _candidate(row: Row, language: Language) -> Band:
    strong = row.recommended
    fill = styles.TINT if strong else ""
    doubt = bool(row.doubt)
    name = [line("Cell", Span(row.name, bold=strong), Span(f"  {row.basis}", "Tiny"))]
    if doubt:
        name.append(line("CellNote", Span(row.doubt, "Open")))
    mean = (line("CellFigure", Span(row.mean, bold=True)), line("CellNoteFigure", row.range))
    return Band(
        (
            Box(tuple(name), fill, rule=styles.GOOD if strong else ""),
            Box(tuple(_plot(row, language)), fill),
            Box(mean, fill, striped=doubt),
            Box((line("CellFigure", row.month),), fill, striped=doubt),
            Box((line("CellFigure", row.chance),), fill),
            Box(_outcomes(row, language), fill),
            Box(_gate(row), fill),
        ),
        attached=True,
    )


def _plot(row: Row, language: Language) -> Iterable[Line]:
    """The dots, and how many lie beyond either end of the axis."""
    if row.dots is None:
        yield line("CellNote", say(language, "state.no_dots"))
        return
    yield line("Picture", pictures.dots(row.dots, strong=row.recommended))
    below, above = row.dots.beyond
    every = len(row.dots.dots) + below + above
    for key, count in (("brief.below", below), ("brief.above", above)):
        if count:
            yield line("Axis", say(language, key, n=count, all=every))


def _outcomes(row: Row, language: Language) -> tuple[Line, ...]:
    if row.stack is None:
        return (line("CellNote", say(language, "state.no_outcomes")),)
    *usable, harm = row.outcomes
    told = line("CellNote", *(f"{each} / " for each in usable), Span(harm, "Bad"))
    return (line("Picture", pictures.stack(row.stack)), told)


def _gate(row: Row) -> tuple[Line, ...]:
    gate = row.gate
    word = (
        pictures.gate(gate.state, gate.word),
        Span(f" {gate.word}", _GATE_TONES[gate.state], bold=True),
    )
    told = [line("Cell", *word, *((Span(f"  {gate.detail}", "Tiny"),) if gate.detail else ()))]
    if gate.title:
        told.append(line("CellNote", gate.title))
    return tuple(told)


def _not_asked(refused: NotAsked) -> Band:
    name, why = line("Cell", refused.name), line("CellNote", refused.why)
    return Band((Box((name,)), Box((why,), span=len(_COLUMNS) - 1)), attached=True)


def _today(today: Today, language: Language) -> Band:
    """The zero of every value, with the axis of the dots above."""
    effort = [each for each in (today.effort, today.errors) if each]
    axis = _axis(today.axis, language) if isinstance(today.axis, Axis) else ()
    return Band(
        (
            Box((line("CellNote", today.name),)),
            Box(axis),
            Box((line("CellFigure", "0"),)),
            Box((line("CellFigure", "0"),)),
            Box((line("CellInset", say(language, "list.clause").join(effort)),), span=2),
            Box((line("CellNote", today.limits),)),
        ),
        attached=True,
    )


def _axis(axis: Axis, language: Language) -> tuple[Line, ...]:
    """Ticks as a picture, and what they mean as text at tab stops beneath them."""
    labels = _apart(axis)
    inlines = [each for _, text in labels for each in (Tab(), Span(text))]
    picture = pictures.axis(axis, say(language, "alt.axis"))
    return (
        line("Picture", picture),
        Line("Axis", tuple(inlines), tabs=tuple(place for place, _ in labels)),
    )


def _apart(axis: Axis) -> list[tuple[float, str]]:
    """Labels (place, text) from the left that neither touch nor leave the chart; zero always stays."""
    scale = pictures.DOTS_WIDTH / WIDTH
    half = _reach(axis.zero_text)
    zero = min(max(axis.zero * scale, half), pictures.DOTS_WIDTH - half)
    kept = [(zero, axis.zero_text)]
    for tick in sorted(axis.ticks, key=lambda each: abs(each.x - axis.zero)):
        at, reach = tick.x * scale, _reach(tick.text)
        inside = reach <= at <= pictures.DOTS_WIDTH - reach
        if inside and all(abs(at - other) > reach + _reach(told) + 1 for other, told in kept):
            kept.append((at, tick.text))
    return sorted(kept)


def _reach(text: str) -> float:
    """Half the width of a label in millimetres, rather too much than too little."""
    letters = sum(2 if ord(each) > 0x2E80 else 1 for each in text)
    return letters * _LABEL * 6 / 72 * 25.4 / 2


def _below(suite: SuiteView, language: Language) -> list[Band]:
    """Candidates that are folded away, and what would change the verdict."""
    told: list[tuple[str, str]] = []
    if suite.more:
        names = say(language, "list.between").join(
            f"{each.name} {each.mean}" for each in suite.more
        )
        told.append((suite.more_text, names))
    clause = say(language, "list.clause")
    changes = clause.join(suite.changes) or say(language, "comparison.no_change")
    told.append((say(language, "comparison.would_change"), changes))
    return [
        Band((_remark(head, text),), attached=at < len(told) - 1)
        for at, (head, text) in enumerate(told)
    ]


def _remark(head: str, text: str) -> Box:
    return Box((line("Foot", Span(f"{head}  ", bold=True), text),), span=len(_COLUMNS))
