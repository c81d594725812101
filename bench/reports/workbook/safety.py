"""What could hurt: gates, losses by class of error, what became of the calls."""

from bench.reports.phrases import CASES, Words, gate_words
from bench.reports.prices import price_text
from bench.reports.workbook.contents import Contents, named
from bench.reports.workbook.typed import Cells, Row, Sheet, aside, number, text, yes_or_no
from bench.value.candidate_summary import CandidateSummary, GateResult
from bench.wording.plain import plain

_STATES = {True: "held", None: "open", False: "broken"}
_TRIALS = ("planned", "answered", "refused", "truncated", "failed", "not_run")


def gates(told: Contents, name: str) -> Sheet:
    """Every gate of every candidate, with the counts and bounds that decide it."""
    columns = (
        *told.first_columns(),
        told.column("gate", 24),
        told.column("kind", 11),
        told.column("side", 10),
        told.column("limit", 9),
        told.column("events", 9),
        told.column("items", 8),
        told.column("sources", 9),
        told.column("observed", 9),
        told.column("bound", 11),
        told.column("opposite_bound", 11),
        told.column("state", 12),
        told.column("more_items", 10),
        told.column("finding", 60),
        told.column("source", 60),
    )
    rows = (
        Row((*named(words, each), *_gate(words, gate)))
        for words, each, candidate in told.candidates()
        for gate in candidate.gates
    )
    return told.table(name, "gates", columns, rows)


def _gate(words: Words, gate: GateResult) -> Cells:
    """Without an item nothing was observed, whatever the count and the bound say."""
    judged = gate.n > 0
    return (
        text(words.text(gate.title)),
        text(words.say("gate.hard" if gate.hard else "gate.soft")),
        text(words.say(f"workbook.side.{gate.side}")),
        number(gate.limit, "rate"),
        number(gate.events if judged else None, "count"),
        number(gate.n, "count"),
        number(gate.clusters, "count"),
        number(gate.events / gate.n if judged else None, "rate"),
        number(gate.bound if judged else None, "rate"),
        number(gate.opposite_bound if judged else None, "rate"),
        text(words.say(f"gate.word_{_STATES[gate.held]}")),
        number(gate.more_items, "count"),
        text(gate_words(words, gate)),
        aside(plain(gate.source or "")),
    )


def losses(told: Contents, name: str) -> Sheet:
    """Every class of error: how frequent, what it costs, and what it may still be and cost."""
    unit = told.unit()
    columns = (
        *told.first_columns(),
        told.column("error_class", 36),
        told.column("rate", 10),
        told.column("loss", 14, unit=unit),
        told.column("rate_upper", 10),
        told.column("loss_upper", 14, unit=unit),
    )
    rows = (
        Row(
            (
                *named(words, each),
                text(words.text(loss.title)),
                number(loss.rate, "rate"),
                number(loss.expected_loss * CASES, "money", told.in_cells(words)),
                number(loss.rate_upper, "rate"),
                number(loss.expected_loss_upper * CASES, "money", told.in_cells(words)),
            )
        )
        for words, each, candidate in told.candidates()
        for loss in candidate.losses
    )
    return told.table(name, "losses", columns, rows)


def trials(told: Contents, name: str) -> Sheet:
    """What became of the calls, what they consumed, what they cost, and at which prices."""
    columns = (
        *told.first_columns(),
        *(told.column(each, 10) for each in _TRIALS),
        told.column("coverage", 8),
        told.column("failures", 24),
        *(told.column(each, 10) for each in ("requests", "retries", "cached", "input", "output")),
        told.column("estimated", 11),
        told.column("cost", 12, unit=told.unit()),
        told.column("lost", 12, unit=told.unit()),
        told.column("p50", 9),
        told.column("p95", 9),
        told.column("ttft", 9),
        told.column("speed", 9),
        told.column("price", 40),
        told.column("note", 20),
    )
    rows = (
        Row((*named(words, each), *_trials(words, candidate), *_usage(told, words, each)))
        for words, each, candidate in told.candidates()
    )
    return told.table(name, "trials", columns, rows)


def _trials(words: Words, candidate: CandidateSummary) -> Cells:
    kinds = words.say("list.clause").join(
        words.say("cell.kind", kind=words.named("failure", kind), n=f"{n:,}")
        for kind, n in candidate.failures.items()
    )
    return (
        *(number(getattr(candidate.trials, each), "count") for each in _TRIALS),
        number(candidate.coverage, "share"),
        aside(kinds),
    )


def _usage(told: Contents, words: Words, name: str) -> Cells:
    candidate = words.suite.candidates[name]
    usage, latency = candidate.usage, candidate.latency_s
    price = told.judged.summary.run.prices.get(name)
    currency = plain(usage.currency)
    shown = "" if (currency,) == told.currencies else currency
    cost = number(usage.cost, "money", shown)
    counts = (usage.requests, usage.retries, usage.cached, usage.input_tokens, usage.output_tokens)
    return (
        *(number(each, "count") for each in counts),
        yes_or_no(words.language, holds=usage.estimated),
        cost,
        number(usage.lost_cost, "money", shown),
        number(latency.p50, "seconds"),
        number(latency.p95, "seconds"),
        number(latency.ttft_p95, "seconds"),
        number(latency.tokens_per_s, "seconds"),
        aside(price_text(words.language, price) if price else words.say("state.no_price")),
        aside(words.say("workbook.no_cost") if cost.value is None else ""),
    )
