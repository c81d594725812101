"""The last section: how (method, the run, the data, assumptions, standards)."""

from collections.abc import Collection, Sequence

from bench.reports.ages import OLD_DAYS, is_old
from bench.reports.assumptions import assumption_title, assumption_value
from bench.reports.cells import heads, section
from bench.reports.data_cards import about, card_tables
from bench.reports.parts import Cell, Head, Part, Section, Table
from bench.reports.phrases import Words, basis
from bench.reports.run_facts import run_part
from bench.reports.standards_map import standards
from bench.types import Language
from bench.value.candidate_summary import Latency, Usage
from bench.value.sample import RESAMPLES
from bench.value.summary import AssumptionEntry, RunInfo, Summary
from bench.value.verdict import FEASIBLE, SURE
from bench.wording import numbers
from bench.wording.catalogue import say
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_LINES = (
    "asked", "outcomes", "money", "clusters", "interval", "paired", "gates", "verdict", "failures", "limits",
)  # fmt: skip
"""The method in ten lines, from what was asked to what is not known."""
_DETAILS = (
    "harm", "interval", "joint", "horizon", "tail", "review_aware", "information",
    "bar", "placeholders", "gates", "upper", "drives",
)  # fmt: skip


def how(summary: Summary, suites: Sequence[Words], shown: Collection[str]) -> Section:
    """The method in plain words, and everything a second reader needs to check the first.

    `shown` are the keys of the report's other sections, to which it may point.
    """
    language, run = suites[0].language, summary.run
    parts = [Part(say(language, "how.method"), method_lines(language, run)), run_part(suites, run)]
    for words in suites:
        tables = (_assumptions(words, run), _usage(words), *card_tables(words))
        told = (*about(words), *_old_assumptions(words, run))
        parts.append(Part(words.text(words.suite.title), told, folded=tables))
    details = tuple(say(language, f"method_detail.{each}") for each in _DETAILS)
    parts += [Part(say(language, "how.details"), details), standards(language, {*shown, "how"})]
    return section(suites, "how", parts)


def method_lines(language: Language, run: RunInfo) -> tuple[str, ...]:
    """Ten lines that a reader needs no training for."""
    slots = {
        "repeats": run.repeats,
        "draws": f"{RESAMPLES:,}",
        "feasible": numbers.limit(FEASIBLE),
        "sure": numbers.limit(SURE),
    }
    return tuple(say(language, f"method.{each}", **slots) for each in _LINES)


def _old_assumptions(words: Words, run: RunInfo) -> tuple[str, ...]:
    old = sum(is_old(each.as_of, run.started) for each in words.suite.assumptions)
    return (words.say("how.old_assumptions", n=old, days=OLD_DAYS),) if old else ()


def _assumptions(words: Words, run: RunInfo) -> Table:
    rows = tuple(_assumption(words, run, each) for each in words.suite.assumptions)
    columns = ("head.assumption", "head.base", "head.span", "head.source")
    table_heads = tuple(Head(words.say(each), numeric=each == "head.base") for each in columns)
    none = (Cell(words.say("state.no_assumptions")), *(Cell(numbers.UNKNOWN) for _ in range(3)))
    return Table(words.say("how.assumptions"), table_heads, rows or (none,))


def _assumption(words: Words, run: RunInfo, each: AssumptionEntry) -> tuple[Cell, ...]:
    low, base, high = (
        assumption_value(words, each.name, value) for value in (each.low, each.base, each.high)
    )
    chip = words.say("chip.placeholder", value=base) if each.placeholder else ""
    return (
        Cell(assumption_title(words, each.name), chip=chip),
        Cell(base),
        Cell(numbers.span(words.language, low, high), _shape(words, each)),
        _source(words, run, each),
    )


def _source(words: Words, run: RunInfo, each: AssumptionEntry) -> Cell:
    """Who says so and when; brown where that is long ago."""
    source = plain(each.source) if each.source else words.say("state.no_source")
    if not each.as_of:
        return Cell(source)
    dated = words.say("cell.as_of", day=numbers.day(words.language, plain(each.as_of)))
    if is_old(each.as_of, run.started):
        old = words.say("how.old", days=OLD_DAYS)
        return Cell(source, words.say("list.clause").join((dated, old)), tone="open")
    return Cell(source, dated)


def _shape(words: Words, entry: AssumptionEntry) -> str:
    """The distribution that an assumption is drawn from; nothing where it has no range."""
    return words.named("shape", entry.shape) if entry.low < entry.high else ""


def _usage(words: Words) -> Table:
    rows = []
    for name, candidate in words.suite.candidates.items():
        usage = candidate.usage
        share = usage.estimated_share
        counted = words.say("usage.estimated", share=numbers.share(share)) if share else ""
        again = words.say("usage.retries", n=f"{usage.retries:,}", cached=f"{usage.cached:,}")
        rows.append(
            (
                Cell(plain(name), basis(words, candidate)),
                Cell(f"{usage.requests:,}", again),
                Cell(f"{usage.input_tokens:,}", counted),
                Cell(f"{usage.output_tokens:,}", counted),
                _spent(words, usage),
                *_waits(words, candidate.latency_s),
            )
        )
    columns = (
        "usage.requests",
        "usage.input",
        "usage.output",
        "usage.cost",
        "usage.p50",
        "usage.p95",
    )
    return Table(words.say("how.usage"), heads(words, "head.way", *columns), tuple(rows))


def _spent(words: Words, usage: Usage) -> Cell:
    """Money for the calls, and how much of it was of no use."""
    cost, lost = known(usage.cost), known(usage.lost_cost)
    if cost is None:
        return Cell(words.say("state.no_cost"), tone="quiet")
    told = Money(words.language, plain(usage.currency))
    wasted = words.say("usage.lost", money=told.text(lost, _cents(lost))) if lost else ""
    return Cell(told.text(cost, _cents(cost)), wasted)


def _waits(words: Words, latency: Latency) -> tuple[Cell, Cell]:
    """Seconds to the whole answer, with those to its first token where answers were streamed."""
    cells = []
    for whole, first in ((latency.p50, latency.ttft_p50), (latency.p95, latency.ttft_p95)):
        began = words.say("usage.first", seconds=_seconds(words, first)) if first else ""
        cells.append(Cell(_seconds(words, whole), began))
    if latency.tokens_per_s is not None:
        speed = words.say("usage.speed", n=numbers.number(latency.tokens_per_s, 1.0))
        both = words.say("list.clause").join(filter(None, (cells[0].note, speed)))
        cells[0] = Cell(cells[0].text, both)
    return cells[0], cells[1]


def _seconds(words: Words, seconds: float | None) -> str:
    told = known(seconds)
    return numbers.UNKNOWN if told is None else numbers.quantity(words.language, "seconds", told)


def _cents(cost: float) -> float:
    return (
        0.01 if abs(cost) >= 0.1 or cost == 0 else numbers.rounding_step(None, None, cost) or 0.01
    )
