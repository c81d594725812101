"""What to do with a suite's work: the sentence, the ground that decided, the block at a glance."""

from collections.abc import Sequence

from bench.reports.assumptions import spoken
from bench.reports.parts import Block
from bench.reports.phrases import Words, bounds, listed, no_range, per_hundred, sure
from bench.types import Estimate
from bench.value.across.records import AdvisedSuite
from bench.value.candidate_summary import CandidateSummary, GateResult, Reason
from bench.value.summary import SuiteSummary
from bench.wording import numbers
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

ORDER = ("deploy", "pilot", "iterate", "stop")
_LARGE_MONTH = 10_000
_SLICES = 3
"""More slices than these are counted in a sentence, not named."""
SUMMING_UP = ("best", "no_candidate", "resting")
_DECIDING = (
    "all_refused", "not_measured", "too_few", "coverage", "not_worth", "gate_broken", "gate_pointing", "gate_unproven", "open", "price_unknown", "placeholder", "slices",
    "gate_unproven_exploring", "too_slow", "accepted_too_dear", "not_surely_best", "not_reliable",
    "exploring", "sure",
)  # fmt: skip
"""Codes of grounds, the one that holds a verdict down most first."""


def verdict_sentence(words: Words, focus: str | None) -> str:
    """What to do with a suite's work, with its money; a gate is named only where a gate decides."""
    suite, verdict = words.suite, words.suite.verdict
    role = words.text(suite.today.role)
    if focus is None:
        key = "verdict.nobody" if suite.candidates or not suite.refused else "verdict.refused"
        return words.say(key, role=role)
    candidate = suite.candidates[focus]
    slots = {
        "candidate": plain(focus),
        "money": per_hundred(words, candidate.net_per_case),
        "role": role,
    }
    if verdict.decision == "iterate":
        ground = deciding(suite)
        return words.say(
            "verdict.iterate", reason=spoken(words, ground.text) if ground else "", **slots
        )
    if verdict.decision == "pilot":
        titles = {each.slice: words.text(each.title) for each in candidate.slices}
        named = [titles.get(each, plain(each)) for each in candidate.verdict.slices]
        slices = _some(words, named)
        key = "verdict.pilot" if slices else "verdict.pilot_small"
        return words.say(key, slices=slices, **slots)
    if verdict.decision == "stop":
        common = _broken_by_all(suite)
        if common is not None:
            return words.say(
                f"verdict.stop_gate_{common.side}",
                gate=words.text(common.title),
                limit=numbers.limit(common.limit),
                **slots,
            )
        value = known(candidate.net_per_case.value)
        return words.say(
            "verdict.stop_money" if value is not None and value <= 0 else "verdict.stop", **slots
        )
    return words.say(f"verdict.{verdict.decision}", **slots)


def _some(words: Words, named: Sequence[str]) -> str:
    """Names in a sentence; of many the first, and how many there are."""
    if len(named) <= _SLICES:
        return listed(words.language, named)
    first = words.say("list.between").join(named[:_SLICES])
    return words.say("list.more", first=first, n=len(named))


def _broken_by_all(suite: SuiteSummary) -> GateResult | None:
    """The hard gate that every candidate provably broke, if there is one."""
    broken = [
        {each.metric: each for each in candidate.gates if each.hard and each.held is False}
        for candidate in suite.candidates.values()
    ]
    for metric, gate in (broken[0] if broken else {}).items():
        if all(metric in each for each in broken):
            return gate
    return None


def best(suite: SuiteSummary) -> str | None:
    """The candidate of the verdict, or else the best by decision, then by value; it has a value."""
    if suite.verdict.candidate in suite.candidates:
        return suite.verdict.candidate
    ranks: dict[str, tuple[int, float]] = {}
    for name, candidate in suite.candidates.items():
        value = known(candidate.net_per_case.value)
        if value is not None:
            ranks[name] = (-ORDER.index(candidate.verdict.decision), value)
    return max(ranks, key=lambda name: ranks[name]) if ranks else None


def deciding(suite: SuiteSummary) -> Reason | None:
    """The ground that decided: of all that are given, the one that held the verdict down most."""
    told = [each for each in suite.verdict.reasons if each.code not in SUMMING_UP]
    first = [each for code in _DECIDING for each in told if each.code == code]
    return next(iter(first or told or suite.verdict.reasons), None)


def reasons(words: Words) -> tuple[str, ...]:
    """The grounds of a verdict, but for those that the sentence above them already gives."""
    verdict = words.suite.verdict
    told_before = deciding(words.suite) if verdict.decision == "iterate" else None
    told = [
        spoken(words, each.text)
        for each in verdict.reasons
        if each.code not in SUMMING_UP and each is not told_before
    ]
    resting = _resting(words)
    return (*told, resting) if resting else tuple(told)


def _resting(words: Words) -> str:
    """How much of the money rests on placeholders, told once; empty where there are none."""
    verdict = words.suite.verdict
    guessed = sum(each.placeholder for each in words.suite.assumptions)
    if not guessed:
        return ""
    share = known(verdict.placeholder_share)
    if not share:
        return words.say("suite.placeholders", n=guessed)
    if share == 1:
        told = words.say("suite.resting_all", n=guessed)
    else:
        told = words.say("suite.resting", share=numbers.chance(share), n=guessed)
    if verdict.decisive_placeholders:
        told += words.say("suite.decisive", n=len(verdict.decisive_placeholders))
    return told


def monthly_scale(words: Words, estimates: Sequence[Estimate]) -> Money:
    """The scale of money a month: shortened from ten thousand on."""
    amounts = [each for one in estimates for each in (one.value, one.low, one.high)]
    told = [each.value for each in estimates]
    return Money.scaled(words.language, plain(words.suite.currency), amounts, _LARGE_MONTH, told)


def block(words: Words, focus: str | None, counted: AdvisedSuite | None = None) -> Block:
    """Money is counted for deploy and pilots of known size only; otherwise it is told as what it would be."""
    suite = words.suite
    candidate = suite.candidates.get(focus) if focus else None
    ground = deciding(suite)
    reason = spoken(words, ground.text) if ground else ""
    who = _who(words, focus, candidate)
    estimate = candidate.value_per_month if candidate else None
    if counted is not None:
        estimate = counted.value
    value = known(estimate.value) if estimate else None
    if suite.verdict.decision == "stop" or estimate is None or value is None:
        key = "stop" if suite.verdict.decision == "stop" else "unknown"
        return Block(words.say(f"block.{key}"), "", words.say(f"block.{key}_range"), who, reason)
    month = monthly_scale(words, [estimate])
    ends = bounds(estimate)
    step = numbers.step_beside(value, estimate.low, estimate.high)
    told = no_range(words, estimate) if ends is None else month.range(*ends, step)
    if suite.verdict.decision == "iterate":
        return Block(
            words.say("block.iterate"), "", words.say("block.if_used", range=told), who, reason
        )
    key = "block.sure" if ends is not None else "block.bare"
    return Block(
        month.text(value, step, sign=True),
        _unit(words, counted),
        words.say(key, sure=sure(estimate), range=told),
        who,
        reason,
    )


def _unit(words: Words, counted: AdvisedSuite | None) -> str:
    if counted is None:
        return words.say("block.month_all")
    if counted.share == 1:
        return words.say("block.month")
    return words.say("block.month_share", share=numbers.share(counted.share))


def _who(words: Words, focus: str | None, candidate: CandidateSummary | None) -> str:
    if (
        focus is None
        or candidate is None
        or words.suite.verdict.decision not in ("deploy", "pilot")
    ):
        return ""
    return words.say("block.who", candidate=plain(focus))
