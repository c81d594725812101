"""Sentences about a suite's history: what changed since, and where it is heading."""

from dataclasses import dataclass

from bench.reports.phrases import CASES, Speech, times
from bench.types import Estimate
from bench.value.history.record import (
    CandidateHistory,
    Change,
    Comparison,
    Curve,
    History,
    RunRow,
)
from bench.wording import numbers
from bench.wording.catalogue import say
from bench.wording.numbers import Money
from bench.wording.plain import plain

_END = 0.995
"""An interval of a ceiling that reaches so high says that no ceiling is in sight."""


@dataclass(frozen=True, slots=True)
class HistoryWords(Speech):
    """How one history is spoken of."""

    history: History

    def day(self, row: RunRow | Comparison) -> str:
        """The day on which a run began."""
        return numbers.day(self.language, row.started)

    def money(self, *amounts: float | None) -> Money:
        """The scale for a sentence or a column of amounts."""
        return Money.scaled(self.language, plain(self.history.currency), amounts)

    def joined(self, parts: list[str]) -> str:
        """Clauses of one sentence."""
        return self.say("history.clause").join(parts)


def relative(change: Change) -> str:
    """The relative change as it was, not as an improvement; a dash where there is none."""
    if change.improvement is None:
        return numbers.UNKNOWN
    return signed(change.improvement if change.better == "higher" else -change.improvement)


def signed(share: float) -> str:
    """A relative change with its sign.

    >>> signed(0.5366), signed(-0.004)
    ('+54%', '−0.4%')
    """
    told = numbers.share(share)
    return f"+{told}" if share > 0 and told != "0%" else told


def _since(words: HistoryWords, row: RunRow, told: Comparison | None, key: str) -> str:
    """What changed since an earlier run; empty when there is nothing to compare."""
    if told is None:
        return ""
    parts = [
        _share(words, "usable", told.usable),
        _value(words, told),
        _share(words, "harm", told.harm),
    ]
    what = words.joined([each for each in parts if each])
    slots = {"day": words.day(told), "what": what, "version": row.version}
    return words.say(f"history.since.{key}", **slots) if what else ""


def _share(words: HistoryWords, name: str, change: Change | None) -> str:
    if change is None:
        return ""
    before, after = numbers.share(change.before), numbers.share(change.after)
    if before == after:
        return words.say(f"history.told.{name}_same", after=after)
    way = "up" if change.after > change.before else "down"
    slots = {"before": before, "after": after, "sure": _sure(words, change)}
    if name == "usable":
        slots["relative"] = relative(change)
    return words.say(f"history.told.{name}_{way}", **slots)


def _sure(words: HistoryWords, change: Change) -> str:
    return words.say("history.sure.chance" if change.judgement == "open" else "history.sure.real")


def _value(words: HistoryWords, told: Comparison) -> str:
    change = told.value_per_case
    cases = words.text(words.history.cases)
    if change is None:
        return "" if told.same_assumptions else words.say("history.told.value_apart")
    gap = change.difference.value or 0.0
    if gap == 0:
        return words.say("history.told.value_same", cases=cases)
    hundred = times(change.difference, CASES)
    step = numbers.rounding_step(hundred.low, hundred.high, hundred.value)
    money = words.money(gap * CASES, hundred.low, hundred.high)
    aside = [turn(words, change), _sure(words, change)]
    if hundred.low is not None and hundred.high is not None:
        shown = money.range(hundred.low, hundred.high, step)
        aside[1] = words.say("history.range", sure=numbers.limit(hundred.level), range=shown)
    return words.say(
        "history.told.value_up" if gap > 0 else "history.told.value_down",
        cases=cases,
        money=money.text(abs(gap) * CASES, step),
        aside=words.say("history.between").join(each for each in aside if each),
    )


def turn(words: HistoryWords, change: Change) -> str:
    """The relative change of a value, or that its sign has turned, which no percentage tells."""
    if change.improvement is not None:
        return words.say("history.told.relative", relative=relative(change))
    if change.before < 0 < change.after:
        return words.say("history.told.to_gain")
    return words.say("history.told.to_loss") if change.after < 0 < change.before else ""


def sentences(words: HistoryWords, told: CandidateHistory) -> list[str]:
    """What a candidate's runs say, the change since the first on top."""
    last = told.runs[-1]
    compared = [each for each in told.runs if each.since_first and each.version == last.version]
    found = [_lone(words, told), *_before(words, told)]
    if compared:
        row = compared[-1]
        versions = {each.version for each in told.runs}
        key = "first" if len(versions) == 1 else "first_version"
        found = [_since(words, row, row.since_first, key)]
        if row.since_first != row.since_previous:
            found.append(_since(words, row, row.since_previous, "previous"))
    excluded = _excluded(last)
    if excluded and not all(map(_excluded, told.runs)):
        why = mark_words(words, last, excluded[0])
        found.append(words.say("history.lone.later", day=words.day(last), why=why))
    return [*(each for each in found if each), curve_sentence(words, told)]


def _before(words: HistoryWords, told: CandidateHistory) -> list[str]:
    """What the last version that was run more than once had come to."""
    rows = [each for each in told.runs if each.since_first]
    return [_since(words, each, each.since_first, "first_version") for each in rows[-1:]]


def _excluded(row: RunRow) -> list[str]:
    """Why a run is never compared; empty when it may be."""
    return [mark for mark in row.marks if mark in ("incomplete", "thin")]


def _lone(words: HistoryWords, told: CandidateHistory) -> str:
    """Why there is nothing to compare with; empty when that is the last run's own fault."""
    last = told.runs[-1]
    comparable = [each for each in told.runs if not _excluded(each)]
    if not comparable:
        return words.say("history.lone.none")
    if comparable[-1].version != last.version:
        return ""
    if any(each.version != last.version for each in comparable):
        return words.say("history.lone.version", version=last.version)
    return words.say("history.lone.single")


def mark_words(words: HistoryWords, row: RunRow, mark: str) -> str:
    """What sets a run apart, in words."""
    if mark == "other_assumptions" and row.assumptions_file:
        return words.say("history.mark.assumptions_file", file=plain(row.assumptions_file))
    coverage = numbers.UNKNOWN if row.coverage is None else numbers.share(row.coverage)
    return words.say(f"history.mark.{mark}", coverage=coverage, version=row.version)


def curve_sentence(words: HistoryWords, told: CandidateHistory) -> str:
    """Where the usable share is heading, or why that cannot be said."""
    curve = told.curve
    if curve is None:
        return words.say(f"history.curve.{told.no_curve}", n=told.fitted_runs)
    no_end = curve.ceiling.high is not None and curve.ceiling.high >= _END
    key = "ceiling_open" if no_end else "ceiling"
    parts = [
        words.say(
            f"history.curve.{key}",
            share=_point(curve.ceiling),
            range=range_of(words, curve.ceiling),
        ),
        words.say(
            f"history.curve.ahead_{curve.axis}",
            x=_effort(curve, curve.ahead.x),
            share=_point(curve.ahead.usable),
            range=range_of(words, curve.ahead.usable),
        ),
        _reach(words, curve),
    ]
    what = words.joined([each for each in parts if each])
    return words.say("history.curve.heading", n=len(curve.runs)) + what + words.say("history.stop")


def _reach(words: HistoryWords, curve: Curve) -> str:
    """What is missing to the break-even; empty when the last run's effort is past it."""
    if curve.break_even is None:
        return ""
    share = numbers.share(curve.break_even)
    if curve.to_break_even is None:
        high = curve.ceiling.high
        never = high is not None and high < curve.break_even
        return words.say(
            "history.curve.reach_never" if never else "history.curve.reach_open", share=share
        )
    if curve.to_break_even <= curve.x[-1]:
        return ""
    x = _effort(curve, curve.to_break_even)
    return words.say(f"history.curve.reach_{curve.axis}", share=share, x=x)


def _point(estimate: Estimate) -> str:
    return numbers.UNKNOWN if estimate.value is None else numbers.share(estimate.value)


def _effort(curve: Curve, x: float) -> str:
    return numbers.number(x, 1.0 if curve.axis == "labels" else 0.1)


def range_of(words: HistoryWords, estimate: Estimate) -> str:
    """How sure a share is: 90% sure: 35% to 47%."""
    if estimate.low is None or estimate.high is None:
        return say(words.language, "state.no_range")
    shown = numbers.span(words.language, numbers.share(estimate.low), numbers.share(estimate.high))
    return words.say("history.range", sure=numbers.limit(estimate.level), range=shown)
