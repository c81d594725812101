"""The last section: how (method, assumptions, prices, models, manifest)."""

from collections.abc import Sequence

from bench.reports import numbers
from bench.reports.assumptions import assumption_title, assumption_value
from bench.reports.cells import heads, section
from bench.reports.numbers import Money, known
from bench.reports.parts import Cell, Head, Part, Section, Table
from bench.reports.phrases import Words, basis
from bench.reports.plain import plain
from bench.types import Language
from bench.value.summary import AssumptionEntry, RunInfo, Summary
from bench.wording.catalogue import say

_STEPS = (
    "difference", "outcomes", "harm", "interval", "joint", "horizon", "tail", "review_aware", "information",
    "bar", "placeholders", "gates", "upper", "drives", "failures", "limits",
)  # fmt: skip
"""Sentences of the method, from what a number is to what it cannot say."""


def how(summary: Summary, suites: Sequence[Words]) -> Section:
    """The method in plain words, and everything a second reader needs to check the first."""
    language = suites[0].language
    steps = tuple(say(language, f"method.{each}") for each in _STEPS)
    parts = [
        Part(say(language, "how.method"), steps),
        Part(
            say(language, "how.run"),
            tables=(_run(language, summary.run),),
            folded=(_candidates(suites, summary.run),),
        ),
    ]
    for words in suites:
        tables = (_assumptions(words), _usage(words))
        parts.append(Part(words.text(words.suite.title), _about(words), folded=tables))
    return section(suites, "how", parts)


def _about(words: Words) -> tuple[str, ...]:
    suite = words.suite
    told = [
        words.text(suite.about),
        words.say(
            "how.suite",
            version=suite.version,
            items=f"{suite.items:,}",
            clusters=f"{suite.clusters:,}",
            stage=words.named("stage", suite.stage),
            link=words.named("link", suite.chain_link),
            industry=words.named("industry", suite.industry),
        ),
    ]
    told += [
        words.say(
            "how.grows_from",
            text=words.text(origin.text).rstrip("。."),
            documents=words.say("list.between").join(map(plain, origin.documents)),
        )
        for origin in suite.grows_from
    ]
    return tuple(told)


def _run(language: Language, run: RunInfo) -> Table:
    rows = [
        ("id", plain(run.id)),
        ("started", plain(run.started)),
        ("finished", plain(run.finished) if run.finished else say(language, "run.unfinished")),
        ("repeats", str(run.repeats)),
        ("limit", say(language, "run.no_limit") if run.limit is None else str(run.limit)),
        ("seed", str(run.seed)),
        ("version", plain(run.version)),
        ("commit", plain(run.commit) if run.commit else numbers.UNKNOWN),
        ("host", plain(run.host)),
        (
            "assumptions",
            plain(run.assumptions_file)
            if run.assumptions_file
            else say(language, "run.own_assumptions"),
        ),
    ]
    table_heads = (Head(say(language, "head.fact")), Head(say(language, "head.what")))
    cells = tuple((Cell(say(language, f"run.{name}")), Cell(value)) for name, value in rows)
    return Table(say(language, "how.run_caption"), table_heads, cells)


def _candidates(suites: Sequence[Words], run: RunInfo) -> Table:
    words = suites[0]
    names = dict.fromkeys(
        [*run.candidates, *(name for each in suites for name in each.suite.candidates)]
    )
    rows = []
    for name in names:
        models = words.say("list.between").join(map(plain, run.models_that_answered.get(name, [])))
        price = run.prices.get(name)
        rows.append(
            (
                Cell(plain(name)),
                Cell(plain(run.candidates.get(name, "")) or numbers.UNKNOWN),
                Cell(models or words.say("state.no_model")),
                Cell(plain(price) if price else words.say("state.no_price")),
            )
        )
    columns = ("head.way", "head.adapter", "head.models", "head.price")
    return Table(
        words.say("how.candidates"), tuple(Head(words.say(each)) for each in columns), tuple(rows)
    )


def _assumptions(words: Words) -> Table:
    rows = []
    for each in words.suite.assumptions:
        low, base, high = (
            assumption_value(words, each.name, value) for value in (each.low, each.base, each.high)
        )
        source = plain(each.source) if each.source else words.say("state.no_source")
        dated = (
            words.say("cell.as_of", day=numbers.day(words.language, plain(each.as_of)))
            if each.as_of
            else ""
        )
        chip = words.say("chip.placeholder", value=base) if each.placeholder else ""
        title = assumption_title(words, each.name)
        rows.append(
            (
                Cell(title, chip=chip),
                Cell(base),
                Cell(numbers.span(words.language, low, high), _shape(words, each)),
                Cell(source, dated),
            )
        )
    columns = ("head.assumption", "head.base", "head.span", "head.source")
    table_heads = tuple(Head(words.say(each), numeric=each == "head.base") for each in columns)
    none = (Cell(words.say("state.no_assumptions")), *(Cell(numbers.UNKNOWN) for _ in range(3)))
    return Table(words.say("how.assumptions"), table_heads, tuple(rows) or (none,))


def _shape(words: Words, entry: AssumptionEntry) -> str:
    """The distribution that an assumption is drawn from; nothing where it has no range."""
    return words.named("shape", entry.shape) if entry.low < entry.high else ""


def _usage(words: Words) -> Table:
    rows = []
    for name, candidate in words.suite.candidates.items():
        usage, latency = candidate.usage, candidate.latency_s
        cost = known(usage.cost)
        told = Money(words.language, plain(usage.currency))
        estimated = words.say("usage.estimated") if usage.estimated else ""
        seconds = [
            numbers.UNKNOWN
            if known(each) is None
            else numbers.quantity(words.language, "seconds", each or 0.0)
            for each in (latency.p50, latency.p95)
        ]
        rows.append(
            (
                Cell(plain(name), basis(words, candidate)),
                Cell(
                    f"{usage.requests:,}",
                    words.say("usage.retries", n=f"{usage.retries:,}", cached=f"{usage.cached:,}"),
                ),
                Cell(f"{usage.input_tokens:,}", estimated),
                Cell(f"{usage.output_tokens:,}", estimated),
                Cell(words.say("state.no_cost"), tone="quiet")
                if cost is None
                else Cell(told.text(cost, _cents(cost))),
                Cell(seconds[0]),
                Cell(seconds[1]),
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


def _cents(cost: float) -> float:
    return (
        0.01 if abs(cost) >= 0.1 or cost == 0 else numbers.rounding_step(None, None, cost) or 0.01
    )
