"""Sentences about one suite: money, verdicts, gates, pairs, assumptions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bench.types import Estimate, Language, Text
from bench.value.candidate_summary import CandidateSummary, GateResult
from bench.value.summary import PairResult, SuiteSummary
from bench.wording import numbers
from bench.wording.catalogue import has, say
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_MOST_ITEMS = 100_000
CASES = 100
"""Values are told for so many cases: money on a single case would invite false precision."""


@dataclass(frozen=True, slots=True)
class Speech:
    """How anything is spoken of in one language."""

    language: Language

    def say(self, key: str, **slots: object) -> str:
        """A sentence of the catalogue."""
        return say(self.language, key, **slots)

    def text(self, text: Text) -> str:
        """A text of the suite's author."""
        return plain(text.in_(self.language))

    def named(self, group: str, name: str) -> str:
        """The word for a code of the program; the code itself where the catalogue has none."""
        key = f"{group}.{name}"
        return self.say(key) if has(key) else plain(name)


@dataclass(frozen=True, slots=True)
class Words(Speech):
    """How one suite is spoken of."""

    suite: SuiteSummary
    key: str = ""
    """What the run calls the suite."""

    @property
    def cases(self) -> str:
        """The noun of the suite's cases."""
        return self.text(self.suite.cases)

    def money(self, amounts: Sequence[float | None], told: Sequence[float | None] = ()) -> Money:
        """The scale for a sentence or a column of amounts that does not round any of `told` to nothing."""
        return Money.scaled(self.language, plain(self.suite.currency), amounts, told=told)


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
    step = numbers.step_beside(value, low, high)
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
        opposite=numbers.share_beside(gate.opposite_bound, gate.limit),
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
    step = numbers.step_beside(value, low, high)
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
        needed = _items_needed(pair.difference, least)
        if needed is not None:
            told += words.say("pair.needed", n=f"{needed:,}")
    return told


def _items_needed(seen: Estimate, least: float) -> int | None:
    """Items at which a difference as large as the one seen could be told; None where there is hardly any.

    The least detectable difference shrinks with the root of the items. Two digits: it is a forecast.
    """
    value = known(seen.value)
    if not value or seen.n == 0:
        return None
    items = seen.n * (least / value) ** 2
    if items > _MOST_ITEMS:
        return None
    step = int(10 ** max(0, math.floor(math.log10(items)) - 1))
    return math.ceil(items / step) * step


def listed(language: Language, names: Sequence[str]) -> str:
    """Names as a list in a sentence."""
    if len(names) <= 1:
        return "".join(names)
    return say(
        language, "list.last", first=say(language, "list.between").join(names[:-1]), last=names[-1]
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
