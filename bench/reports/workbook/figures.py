"""The figures behind the verdicts: three values, slices, pairs, technical scores and what they drive."""

from bench.reports.phrases import CASES, Words, bounds, no_range, pair_sentence
from bench.reports.workbook.contents import Contents, named
from bench.reports.workbook.typed import (
    Cells,
    Kind,
    Row,
    Sheet,
    Typed,
    aside,
    number,
    spread,
    text,
    yes_or_no,
)
from bench.types import Estimate
from bench.value.candidate_summary import BusinessMetric, CandidateSummary, Unit
from bench.value.summary import DriveTest
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_KINDS: dict[Unit, Kind] = {
    "money": "money", "share": "share", "minutes": "minutes", "seconds": "seconds", "times": "times",
    "months": "months", "count": "number",
}  # fmt: skip


def metrics(told: Contents, name: str) -> Sheet:
    """Every metric of the three values beside the figure of today, then the months to payback."""
    columns = (
        *told.first_columns(),
        told.column("pillar", 14),
        told.column("metric", 32),
        told.column("unit", 9),
        told.column("better", 11),
        told.column("value"),
        told.column("low"),
        told.column("high"),
        told.column("level", 8),
        told.column("today"),
        told.column("n", 8),
        told.column("note", 22),
    )
    rows = (
        Row((*named(words, each), *cells))
        for words, each, candidate in told.candidates()
        for cells in _metrics(words, candidate)
    )
    return told.table(name, "metrics", columns, rows)


def _metrics(words: Words, candidate: CandidateSummary) -> list[Cells]:
    told = [_metric(words, each) for each in candidate.metrics.values()]
    payback = candidate.payback_months
    low, never = known(payback.low), known(payback.high) is None and payback.n > 0
    note = words.say("payback.never") if known(payback.value) is None else ""
    if not note and never and low is not None:
        note = words.say("workbook.perhaps_never")
    cells = (
        text(words.say("pillar.cost")),
        text(words.say("metric.payback")),
        text(words.say("workbook.unit.months")),
        text(words.say("better.lower")),
        *spread(payback, "months"),
        number(payback.level, "share"),
        Typed(None),
        number(payback.n, "count"),
        aside(note),
    )
    return [*told, cells]


def _metric(words: Words, metric: BusinessMetric) -> Cells:
    kind, currency = _KINDS[metric.unit], ""
    if metric.unit == "money":
        currency = plain(words.suite.currency)
        unit = Money(words.language, currency).unit
    else:
        unit = words.say(f"workbook.unit.{metric.unit}")
    return (
        text(words.say(f"pillar.{metric.pillar}")),
        text(words.text(metric.title)),
        text(unit),
        text(words.say(f"better.{metric.better}")),
        *spread(metric, kind, currency),
        number(metric.level, "share"),
        number(metric.today, kind, currency),
        number(metric.n, "count"),
        aside(_missing(words, metric)),
    )


def _missing(words: Words, estimate: Estimate) -> str:
    """Why a figure or its range is missing."""
    if known(estimate.value) is None:
        return words.say("state.not_measured")
    return no_range(words, estimate) if bounds(estimate) is None else ""


def slices(told: Contents, name: str) -> Sheet:
    """The money within every slice."""
    columns = (
        *told.first_columns(),
        told.column("slice", 26),
        told.column("known_before", 13),
        told.column("items", 8),
        told.column("sources", 9),
        *told.spread_columns("per_hundred", 12),
        told.column("chance", 9),
        told.column("note", 22),
    )
    rows = (
        Row(
            (
                *named(words, each),
                text(words.text(one.title)),
                yes_or_no(words.language, holds=one.known_before),
                number(one.items, "count"),
                number(one.clusters, "count"),
                *spread(one.value_per_case, "gain", told.in_cells(words), CASES),
                number(one.value_per_case.level, "share"),
                number(one.p_positive, "chance"),
                aside(_missing(words, one.value_per_case)),
            )
        )
        for words, each, candidate in told.candidates()
        for one in candidate.slices
    )
    return told.table(name, "slices", columns, rows)


def pairs(told: Contents, name: str) -> Sheet:
    """Who beats whom on the items that both answered."""
    columns = (
        told.task_column(),
        told.column("first", 20),
        told.column("second", 20),
        *told.spread_columns("second_less_first", 13),
        told.column("items", 8),
        told.column("chance_second", 11),
        told.column("least", 13, unit=told.unit()),
        told.column("finding", 60),
    )
    rows = []
    for words, _ in told.suites:
        for pair in words.suite.pairs:
            currency, least = told.in_cells(words), known(pair.mde)
            cells = (
                text(words.text(words.suite.title)),
                text(plain(pair.a)),
                text(plain(pair.b)),
                *spread(pair.difference, "gain", currency, CASES),
                number(pair.difference.level, "share"),
                number(pair.difference.n, "count"),
                number(pair.p_b_better, "chance"),
                number(None if least is None else least * CASES, "money", currency),
                text(pair_sentence(words, pair)),
            )
            rows.append(Row(cells))
    return told.table(name, "pairs", columns, rows)


def technical(told: Contents, name: str) -> Sheet:
    """Every technical score; it explains and decides nothing."""
    columns = (
        *told.first_columns(),
        told.column("score", 30),
        told.column("value"),
        told.column("low"),
        told.column("high"),
        told.column("level", 8),
        told.column("n", 8),
        told.column("drives", 30),
        told.column("note", 22),
    )
    rows = (
        Row(
            (
                *named(words, each),
                text(plain(score)),
                *spread(one, "number"),
                number(one.level, "share"),
                number(one.n, "count"),
                text(words.named("metric_title", one.drives) if one.drives else ""),
                aside(_missing(words, one)),
            )
        )
        for words, each, candidate in told.candidates()
        for score, one in candidate.technical.items()
    )
    return told.table(name, "technical", columns, rows)


def drives(told: Contents, name: str) -> Sheet:
    """Whether scores move the business metrics that they are said to drive."""
    columns = (
        told.task_column(),
        told.column("score", 30),
        told.column("drives", 30),
        told.column("association"),
        told.column("low"),
        told.column("high"),
        told.column("with_money"),
        told.column("low"),
        told.column("high"),
        told.column("level", 8),
        told.column("n", 8),
        told.column("agreement"),
        told.column("finding", 28),
    )
    rows = (
        Row(
            (
                text(words.text(words.suite.title)),
                text(plain(each.technical)),
                text(words.named("metric_title", each.drives)),
                *spread(each.association, "number"),
                *spread(each.with_value, "number"),
                number(each.association.level, "share"),
                number(each.association.n, "count"),
                number(each.rank_agreement, "number"),
                text(_finding(words, each)),
            )
        )
        for words, _ in told.suites
        for each in words.suite.drives
    )
    return told.table(name, "drives", columns, rows)


def _finding(words: Words, test: DriveTest) -> str:
    """A score that goes with worse business is told apart."""
    against = test.finding == "moves" and (known(test.association.value) or 0.0) < 0
    return words.say("drive.against" if against else f"drive.{test.finding}")
