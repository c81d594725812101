"""The three values: every business metric beside today's figure."""

from collections.abc import Iterable, Sequence

from bench.reports.cells import candidate_heads, estimate_cell, metric_text, section
from bench.reports.figures.pillars import pillar_figure
from bench.reports.parts import Cell, Head, Part, Section, Table
from bench.reports.phrases import Words, bounds, sure
from bench.reports.verdicts import best
from bench.types import Estimate
from bench.value.candidate_summary import BusinessMetric
from bench.wording import numbers
from bench.wording.numbers import known

PILLARS = ("cost", "innovation", "experience")


def values(suites: Sequence[Words]) -> Section:
    """How many figures are surely better than today, then all of them."""
    better, compared = 0, 0
    for words in suites:
        focus = best(words.suite)
        for metric in words.suite.candidates[focus].metrics.values() if focus else ():
            ends, today = bounds(metric), known(metric.today)
            if ends is None or today is None:
                continue
            compared += 1
            better += ends[0] > today if metric.better == "higher" else ends[1] < today
    parts = (_part(words) for words in suites)
    return section(suites, "values", parts, better=better, compared=compared)


def _part(words: Words) -> Part:
    tables = {each: _pillar(words, each) for each in PILLARS}
    focus = best(words.suite)
    figures = [
        pillar_figure(words, focus, each, _of_pillar(words, focus, each), table)
        for each, table in tables.items()
        if focus is not None
    ]
    kept = tuple(each for each in figures if each is not None)
    return Part(words.text(words.suite.title), tables=tuple(tables.values()), figures=kept)


def _of_pillar(words: Words, name: str, pillar: str) -> dict[str, BusinessMetric]:
    metrics = words.suite.candidates[name].metrics
    return {key: each for key, each in metrics.items() if each.pillar == pillar}


def _pillar(words: Words, pillar: str) -> Table:
    metrics: dict[str, BusinessMetric] = {}
    for candidate in words.suite.candidates.values():
        metrics |= {name: each for name, each in candidate.metrics.items() if each.pillar == pillar}
    rows = [_metric_row(words, name, metric) for name, metric in metrics.items()]
    if pillar == "cost":
        rows.append(_break_even(words))
    caption = words.say(
        "section.values.caption",
        pillar=words.say(f"pillar.{pillar}"),
        sure=_levels(metrics.values()),
    )
    if not rows:
        rows = [
            (
                Cell(words.say("pillar.none"), tone="quiet"),
                Cell(numbers.UNKNOWN),
                *(Cell(numbers.UNKNOWN) for _ in words.suite.candidates),
            )
        ]
    head = (Head(words.say("head.metric")), Head(words.say("head.today"), numeric=True))
    return Table(caption, (*head, *candidate_heads(words)), tuple(rows))


def _levels(estimates: Iterable[Estimate]) -> str:
    return "/".join(sorted({sure(each) for each in estimates})) or "90%"


def _metric_row(words: Words, name: str, metric: BusinessMetric) -> tuple[Cell, ...]:
    told = metric_text(words, metric.unit)
    today = known(metric.today)
    step = numbers.rounding_step(None, None, today)
    shown = (
        Cell(numbers.UNKNOWN, words.say("today.no_figure"))
        if today is None
        else Cell(told(today, step))
    )
    direction = words.say(f"better.{metric.better}")
    cells = [
        estimate_cell(words, each.metrics.get(name), told)
        for each in words.suite.candidates.values()
    ]
    return (Cell(words.text(metric.title), direction), shown, *cells)


def _break_even(words: Words) -> tuple[Cell, ...]:
    cells = []
    for each in words.suite.candidates.values():
        found = known(each.break_even_acceptance)
        usable = 1 - each.outcomes.redo if each.outcomes else None
        note = "" if usable is None else words.say("break_even.now", share=numbers.share(usable))
        if found is None:
            cells.append(Cell(numbers.UNKNOWN, words.say("break_even.none"), tone="quiet"))
        else:
            cells.append(Cell(numbers.share(found), note))
    return (Cell(words.say("metric.break_even")), Cell(numbers.UNKNOWN), *cells)
