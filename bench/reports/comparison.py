"""The table that carries page one: every candidate, and today's way as the zero of all values."""

from collections.abc import Sequence

from bench.reports import charts
from bench.reports.assumptions import change_sentence
from bench.reports.charts import Axis, Dots, Scale
from bench.reports.headline import headline_line
from bench.reports.parts import Gate, NotAsked, Row, SuiteView, Today
from bench.reports.phrases import (
    CASES,
    Words,
    basis,
    bounds,
    gate_limit,
    gate_words,
    no_range,
    sure,
    times,
)
from bench.reports.verdicts import ORDER, best, block, monthly_scale, reasons, verdict_sentence
from bench.types import Estimate
from bench.value.across.records import AdvisedSuite
from bench.value.candidate_summary import CandidateSummary, GateResult, Trials
from bench.value.summary import RefusedCandidate
from bench.wording import numbers
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

SHOWN = 5
"""Up to so many candidates stand in the table; beyond, the best three do and the rest is folded."""
_STATES = {True: "held", None: "open", False: "broken"}


def suite_view(
    words: Words, counted: AdvisedSuite | None, *, has_evidence: bool = False
) -> SuiteView:
    """Everything page one says of a suite; `counted` is its part of the money that is advised."""
    suite = words.suite
    focus = best(suite)
    scale = _axis_scale(list(suite.candidates.values()))
    money = _column(words, [each.net_per_case for each in suite.candidates.values()], CASES)
    month = monthly_scale(words, [each.value_per_month for each in suite.candidates.values()])
    shown, folded = _split(words)
    level = next((sure(each.net_per_case) for each in suite.candidates.values()), "90%")
    return SuiteView(
        key=plain(words.key),
        evidence=plain(words.key) if has_evidence else None,
        title=words.text(suite.title),
        about=words.text(suite.about),
        basis=words.say("suite.basis", items=f"{suite.items:,}", clusters=f"{suite.clusters:,}"),
        decision=suite.verdict.decision,
        verdict=words.say(f"label.{suite.verdict.decision}"),
        sentence=verdict_sentence(words, focus),
        headline=headline_line(words, focus),
        reasons=reasons(words),
        block=block(words, focus, counted),
        value_head=words.say("head.value", cases=words.cases, unit=money.unit),
        mean_head=words.say("head.mean", sure=level),
        month_head=words.say("head.month", unit=month.unit),
        rows=tuple(_row(words, name, scale, money, month) for name in shown),
        more=tuple(_row(words, name, scale, money, month) for name in folded),
        more_text=words.say("suite.more", n=len(folded)) if folded else "",
        refused=tuple(_not_asked(words, each) for each in suite.refused),
        today=_today(words, scale, money),
        changes=_changes(words),
    )


def _changes(words: Words) -> tuple[str, ...]:
    """What would change the verdict; where everybody was refused, being asked at all."""
    if words.suite.refused and not words.suite.candidates:
        return (words.say("refused.change"),)
    return tuple(change_sentence(words, each) for each in words.suite.verdict.would_change)


def _not_asked(words: Words, found: RefusedCandidate) -> NotAsked:
    why = words.say("refused.row", text=words.text(found.text), rule=plain(found.rule))
    return NotAsked(plain(found.candidate), why)


def _split(words: Words) -> tuple[list[str], list[str]]:
    names = [*words.suite.candidates]
    if len(names) <= SHOWN:
        return names, []

    def rank(name: str) -> tuple[bool, int, float]:
        candidate = words.suite.candidates[name]
        value = known(candidate.net_per_case.value)
        return (
            name != words.suite.verdict.candidate,
            ORDER.index(candidate.verdict.decision),
            -value if value is not None else float("inf"),
        )

    first = set(sorted(names, key=rank)[:3])
    return [each for each in names if each in first], [each for each in names if each not in first]


def _column(words: Words, estimates: Sequence[Estimate], factor: float) -> Money:
    amounts: list[float | None] = []
    for each in estimates:
        scaled = times(each, factor)
        amounts += [scaled.value, scaled.low, scaled.high]
    return words.money(amounts, told=[times(each, factor).value for each in estimates])


def _row(words: Words, name: str, scale: Scale, money: Money, month: Money) -> Row:
    candidate = words.suite.candidates[name]
    value = times(candidate.net_per_case, CASES)
    step = numbers.step_beside(value.value, value.low, value.high)
    monthly = known(candidate.value_per_month.value)
    doubt = ""
    if candidate.coverage < words.suite.coverage_floor:
        doubt = words.say(
            "state.coverage",
            coverage=numbers.share(candidate.coverage),
            floor=numbers.limit(words.suite.coverage_floor),
        )
    return Row(
        name=plain(name),
        key=plain(name),
        basis=basis(words, candidate, coverage=not doubt),
        decision=candidate.verdict.decision,
        verdict=words.say(f"label.{candidate.verdict.decision}"),
        mean=words.say("state.not_computed")
        if value.value is None
        else money.number(value.value, step, sign=True),
        range=_range(words, value, money, step),
        month=numbers.UNKNOWN if monthly is None else _monthly(month, candidate.value_per_month),
        chance=_chance(candidate.p_positive),
        outcomes=_outcomes(candidate),
        gate=gate_view(words, candidate.gates),
        coverage=numbers.share(candidate.coverage),
        answered=_became(candidate.trials),
        recommended=name == words.suite.verdict.candidate
        and words.suite.verdict.decision in ("deploy", "pilot"),
        doubt=doubt,
        dots=_dots(words, candidate, scale),
        stack=_stack(words, candidate),
    )


def _range(words: Words, value: Estimate, money: Money, step: float) -> str:
    ends = bounds(value)
    if ends is None:
        return no_range(words, value)
    low, high = (money.number(each, step) for each in ends)
    return numbers.span(words.language, low, high)


def _monthly(month: Money, estimate: Estimate) -> str:
    step = numbers.step_beside(estimate.value, estimate.low, estimate.high)
    assert estimate.value is not None
    return month.number(estimate.value, step, sign=True)


def _chance(probability: float | None) -> str:
    found = known(probability)
    return numbers.UNKNOWN if found is None else numbers.chance(found)


def _outcomes(candidate: CandidateSummary) -> tuple[str, ...]:
    shares = candidate.outcomes
    if shares is None:
        return ()
    whole = [f"{100 * each:.0f}" for each in (shares.accept, shares.edit, shares.redo)]
    return (*whole, numbers.share(shares.harm))


def _axis_scale(candidates: Sequence[CandidateSummary]) -> Scale:
    values = [
        each * CASES for one in candidates for each in one.quantiles if known(each) is not None
    ]
    return charts.scale_of(values)


def _dots(words: Words, candidate: CandidateSummary, scale: Scale) -> Dots | None:
    values = [each * CASES for each in candidate.quantiles if known(each) is not None]
    if len(values) < 2 or bounds(candidate.net_per_case) is None:
        return None
    better = sum(each > 0 for each in values)
    return charts.dot_plot(values, scale, words.say("alt.dots", all=len(values), better=better))


def _stack(words: Words, candidate: CandidateSummary) -> charts.Stack | None:
    shares = candidate.outcomes
    if shares is None:
        return None
    pairs = [(name, getattr(shares, name)) for name in ("accept", "edit", "redo", "harm")]
    told = words.say("alt.outcomes", **{name: numbers.share(each) for name, each in pairs})
    return charts.stack(pairs, told)


def gate_view(words: Words, gates: Sequence[GateResult]) -> Gate:
    """The gate that decides: the first hard one that broke, then not proven, then the tightest held."""
    if not gates:
        return Gate("none", words.say("gate.none"), "", "", "", numbers.UNKNOWN)

    def urgency(gate: GateResult) -> tuple[int, float]:
        state = {False: 0, None: 2, True: 4}[gate.held]
        margin = abs(gate.limit - gate.bound) if gate.held else 0.0
        return state + (not gate.hard and gate.held is not True), margin

    first = min(gates, key=urgency)
    held = sum(each.held is True for each in gates)
    state = _STATES[first.held]
    short = "gate.nothing" if first.n == 0 else f"gate.short_{first.side}"
    detail = words.say(
        short,
        events=f"{first.events:,}",
        n=f"{first.n:,}",
        bound=numbers.share_beside(first.bound, first.limit),
    )
    return Gate(
        state,  # type: ignore[arg-type]  # one of the values of _STATES
        words.say(f"gate.word_{state}"),
        words.text(first.title) if len(gates) > 1 else "",
        detail,
        words.say("gate.count", held=held, all=len(gates)) if len(gates) > 1 else "",
        f"{held}/{len(gates)}",
    )


def _today(words: Words, scale: Scale, money: Money) -> Today:
    today = words.suite.today
    each = Money(words.language, plain(words.suite.currency))
    errors = known(today.error_rate)
    gates = next((one.gates for one in words.suite.candidates.values() if one.gates), [])
    limits = [gate_limit(words, gate) for gate in gates if gate.hard][:2]
    return Today(
        name=words.say("today.name", role=words.text(today.role)),
        zero="0",
        effort=words.say(
            "today.effort",
            case=words.text(words.suite.case),
            minutes=numbers.quantity(words.language, "minutes", today.minutes),
            cost=each.text(today.cost_per_case, 0.01 if today.cost_per_case < 1 else 0.1),
        ),
        errors=words.say("today.errors", rate=numbers.share(errors))
        if errors is not None
        else words.say("today.no_errors"),
        limits=words.say("list.clause").join(limits),
        axis=_axis(words, scale, money),
    )


def _axis(words: Words, scale: Scale, money: Money) -> Axis | None:
    values = [each for one in words.suite.candidates.values() for each in one.quantiles]
    if len(values) < 2:
        return None
    zero = scale.at(0)
    marks = [
        (scale.at(each), money.number(each, abs(each) / 10, sign=True))
        for each in charts.ticks(scale)
    ]
    return Axis(charts.marked(marks, zero), zero, words.say("today.zero"))


def gate_sentences(words: Words, candidate: CandidateSummary) -> list[tuple[GateResult, str]]:
    """Every gate of a candidate with its full sentence."""
    return [(gate, gate_words(words, gate)) for gate in candidate.gates]


def _became(trials: Trials) -> str:
    """Answered, cut or filtered, failed."""
    return f"{trials.answered:,}/{trials.truncated + trials.refused:,}/{trials.failed:,}"
