"""Sentences about one suite: money, verdicts, gates, pairs, assumptions."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.reports import numbers
from bench.reports.catalogue import has, say
from bench.reports.numbers import Money, known
from bench.reports.plain import plain
from bench.types import Estimate, Language, Text
from bench.value.summary import (
    CandidateSummary,
    Change,
    GateResult,
    PairResult,
    Reason,
    SuiteSummary,
)

CASES = 100
"""Values are told for so many cases: money on a single case would invite false precision."""
ORDER = ("deploy", "pilot", "iterate", "stop")
SHARES = ("done_today_by.error_rate", "review.detects")

SUMMING_UP = ("best", "no_candidate")
_DECIDING = (
    "too_few", "coverage", "not_worth", "gate_broken", "gate_unproven", "open", "placeholder", "slices",
    "gate_unproven_exploring", "too_slow", "accepted_too_dear", "not_surely_best", "not_reliable",
    "exploring", "sure",
)  # fmt: skip
"""Codes of grounds, the one that holds a verdict down most first."""


@dataclass(frozen=True, slots=True)
class Words:
    """How one suite is spoken of in one language."""

    language: Language
    suite: SuiteSummary

    def say(self, key: str, **slots: object) -> str:
        """A sentence of the catalogue."""
        return say(self.language, key, **slots)

    def text(self, text: Text) -> str:
        """A text of the suite's author."""
        return plain(text.in_(self.language))

    @property
    def cases(self) -> str:
        """The noun of the suite's cases."""
        return self.text(self.suite.cases)

    def money(self, amounts: Sequence[float | None]) -> Money:
        """The scale for a sentence or a column of amounts."""
        return Money.scaled(self.language, plain(self.suite.currency), amounts)


def bounds(estimate: Estimate) -> tuple[float, float] | None:
    """Both bounds, or None when no interval can be given."""
    low, high = known(estimate.low), known(estimate.high)
    return None if low is None or high is None else (low, high)


def times(estimate: Estimate, factor: float) -> Estimate:
    """The same estimate in another unit."""

    def scaled(value: float | None) -> float | None:
        found = known(value)
        return None if found is None else found * factor

    return estimate.model_copy(
        update={name: scaled(getattr(estimate, name)) for name in ("value", "low", "high")}
    )


def sure(estimate: Estimate) -> str:
    """The probability of an interval: 90%."""
    return numbers.limit(estimate.level)


def per_hundred(words: Words, per_case: Estimate) -> str:
    """The one phrase for the money of a candidate: effect first, then how sure."""
    estimate = times(per_case, CASES)
    value = estimate.value
    if value is None:
        return words.say("phrase.unknown")
    ends = bounds(estimate)
    money = words.money([value, *(ends or ())])
    if ends is None:
        kind = "gain_bare" if value >= 0 else "loss_bare"
        amount = money.text(abs(value), numbers.rounding_step(None, None, value))
        return words.say(
            f"phrase.{kind}", money=amount, cases=words.cases, why=no_range(words, estimate)
        )
    low, high = ends
    step = numbers.rounding_step(low, high)
    if low >= 0 or high <= 0:
        kind, shown = ("gain", value) if low >= 0 else ("loss", -value)
    else:
        kind, shown = ("open_up" if value >= 0 else "open_down"), value
    return words.say(
        f"phrase.{kind}",
        money=money.text(shown, step),
        cases=words.cases,
        sure=sure(estimate),
        range=money.range(low, high, step),
    )


def no_range(words: Words, estimate: Estimate) -> str:
    """Why no interval stands beside a number."""
    if estimate.n == 0:
        return words.say("state.no_items")
    if estimate.n == 1:
        return words.say("state.few_items", n=estimate.n)
    return words.say("state.no_range")


def verdict_sentence(words: Words, focus: str | None) -> str:
    """What to do with a suite's work, with its money; a gate is named only where a gate decides."""
    suite, verdict = words.suite, words.suite.verdict
    role = words.text(suite.today.role)
    if focus is None:
        return words.say("verdict.nobody", role=role)
    candidate = suite.candidates[focus]
    slots = {
        "candidate": plain(focus),
        "money": per_hundred(words, candidate.value_per_case),
        "role": role,
    }
    if verdict.decision == "iterate":
        ground = deciding(suite)
        return words.say(
            "verdict.iterate", reason=spoken(words, ground.text) if ground else "", **slots
        )
    if verdict.decision == "pilot":
        slices = listed(words.language, [slice_name(each) for each in candidate.verdict.slices])
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
        value = known(candidate.value_per_case.value)
        return words.say(
            "verdict.stop_money" if value is not None and value <= 0 else "verdict.stop", **slots
        )
    return words.say(f"verdict.{verdict.decision}", **slots)


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


def gate_words(words: Words, gate: GateResult) -> str:
    """What a gate's count and bound say, with what would settle an open one."""
    if gate.n == 0:
        return words.say("gate.nothing")
    state = {True: "held", False: "broken", None: "open"}[gate.held]
    told = words.say(
        f"gate.{state}_{gate.side}",
        n=f"{gate.n:,}",
        events=f"{gate.events:,}",
        bound=numbers.share_beside(gate.bound, gate.limit),
        limit=numbers.limit(gate.limit),
    )
    if gate.held is None and gate.more_items is not None:
        told += words.say(f"gate.more_{gate.side}", more=f"{gate.more_items:,}")
    return told


def gate_limit(words: Words, gate: GateResult) -> str:
    """What a gate asks for: wrong figures at most 3%."""
    return words.say(
        f"gate.limit_{gate.side}", title=words.text(gate.title), limit=numbers.limit(gate.limit)
    )


def pair_sentence(words: Words, pair: PairResult) -> str:
    """Who beats whom, or that the items cannot tell them apart."""
    estimate = times(pair.difference, CASES)
    ends, value = bounds(estimate), estimate.value
    names = {"a": plain(pair.a), "b": plain(pair.b), "n": estimate.n, "cases": words.cases}
    if value is None:
        return words.say("pair.unknown", **names)
    money = words.money([value, *(ends or ())])
    if ends is None:
        return words.say("pair.no_range", **names)
    low, high = ends
    step = numbers.rounding_step(low, high)
    if low <= 0 <= high:
        told = words.say(
            "pair.open", sure=sure(estimate), range=money.range(low, high, step), **names
        )
    else:
        better, worse = ("b", "a") if value > 0 else ("a", "b")
        told = words.say(
            "pair.better",
            better=names[better],
            worse=names[worse],
            money=money.text(abs(value), step),
            sure=sure(estimate),
            range=money.range(min(abs(low), abs(high)), max(abs(low), abs(high)), step),
            cases=words.cases,
            n=estimate.n,
        )
        chance = known(pair.p_b_better)
        if chance is not None:
            shown = numbers.chance(chance if better == "b" else 1 - chance)
            told += words.say("pair.chance", better=names[better], chance=shown)
    least = known(pair.mde)
    if least is not None and low <= 0 <= high:
        amount = words.money([least * CASES]).text(
            least * CASES, numbers.rounding_step(None, None, least * CASES)
        )
        told += words.say("pair.least", money=amount, cases=words.cases)
    return told


def assumption_title(words: Words, name: str) -> str:
    """An assumption in the reader's words; its own name where the catalogue has none."""
    if name.startswith("loss."):
        return words.say("assumption.loss", error=error_title(words, name.removeprefix("loss.")))
    if name.startswith("outcomes."):
        return words.say("assumption.outcome_minutes", number=name.split(".")[1])
    key = f"assumption.{name}"
    return words.say(key) if has(key) else plain(name)


def error_title(words: Words, error_class: str) -> str:
    """The class of error in words, as a candidate's losses name it."""
    for candidate in words.suite.candidates.values():
        for loss in candidate.losses:
            if loss.error_class == error_class:
                return words.text(loss.title)
    return plain(error_class)


def assumption_value(words: Words, name: str, value: float | None) -> str:
    """An assumption's value with its unit."""
    if known(value) is None:
        return numbers.UNKNOWN
    assert value is not None
    if name in SHARES:
        return numbers.share(value)
    if name.endswith("minutes"):
        return numbers.quantity(words.language, "minutes", value)
    if name == "cases_per_month":
        return numbers.number(value, numbers.rounding_step(None, None, value) / 10)
    step = 1.0 if abs(value) >= 100 or value == round(value) else numbers.CENT
    return Money(words.language, plain(words.suite.currency)).text(value, step)


def slice_name(name: str) -> str:
    """`tag=value` as a reader takes it: the value, with its tag where that is no word of a sentence."""
    tag, _, value = plain(name).partition("=")
    return value or tag


def listed(language: Language, names: Sequence[str]) -> str:
    """Names as a list in a sentence."""
    if len(names) <= 1:
        return "".join(names)
    return say(
        language, "list.last", first=say(language, "list.between").join(names[:-1]), last=names[-1]
    )


def best(suite: SuiteSummary) -> str | None:
    """The candidate of the verdict, or else the best by decision, then by value; it has a value."""
    if suite.verdict.candidate in suite.candidates:
        return suite.verdict.candidate
    ranks: dict[str, tuple[int, float]] = {}
    for name, candidate in suite.candidates.items():
        value = known(candidate.value_per_case.value)
        if value is not None:
            ranks[name] = (-ORDER.index(candidate.verdict.decision), value)
    return max(ranks, key=lambda name: ranks[name]) if ranks else None


def deciding(suite: SuiteSummary) -> Reason | None:
    """The ground that decided: of all that are given, the one that held the verdict down most."""
    told = [each for each in suite.verdict.reasons if each.code not in SUMMING_UP]
    first = [each for code in _DECIDING for each in told if each.code == code]
    return next(iter(first or told or suite.verdict.reasons), None)


def spoken(words: Words, text: Text) -> str:
    """A text of the assessment, with the names of assumptions in the reader's words."""
    told = words.text(text)
    for each in sorted(words.suite.assumptions, key=lambda each: -len(each.name)):
        told = told.replace(each.name, assumption_title(words, each.name))
    return told.rstrip("。.；; ")


def change_sentence(words: Words, change: Change) -> str:
    """What would change a verdict; of an assumption with both values and their unit."""
    if change.kind != "assumption" or known(change.to) is None or known(change.from_) is None:
        return spoken(words, change.text)
    assert change.to is not None
    assert change.from_ is not None
    return words.say(
        "change.below" if change.to < change.from_ else "change.above",
        assumption=assumption_title(words, change.name),
        to=assumption_value(words, change.name, change.to),
        now=assumption_value(words, change.name, change.from_),
    )


def basis(words: Words, candidate: CandidateSummary, *, coverage: bool = True) -> str:
    """Items, coverage and failures in one line."""
    parts = [words.say("basis.items", n=f"{candidate.items:,}")]
    if coverage:
        parts.append(words.say("basis.coverage", share=numbers.share(candidate.coverage)))
    parts += [
        words.say(f"basis.{kind}", n=f"{getattr(candidate.trials, kind):,}")
        for kind in ("failed", "refused", "truncated", "not_run")
        if getattr(candidate.trials, kind)
    ]
    return words.say("basis.between").join(parts)
