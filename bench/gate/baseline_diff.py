"""What differs between two runs, counted and not tested: a gate decides, this only tells."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from bench.errors import GateError
from bench.gate.pairing import Array, Sides, Trials, matched, sides
from bench.types import OutcomeName, Text
from bench.value.observed.record import Observed, ObservedCandidate, ObservedSuite

Outcome = OutcomeName | None
_Trial = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Turned:
    """Trials that had one outcome and have another; `money` in the suite's currency, of all of them together.

    A trial without an outcome counts as done today's way. None: the two are not priced alike.
    """

    old: Outcome
    new: Outcome
    trials: int
    money: float | None


@dataclass(frozen=True, slots=True)
class CandidateDiff:
    """One candidate that both runs have, on the trials that both have of items that are still the same.

    `settings` are the parts of its identity that differ. `money_per_case` is the change of money in the suite's currency,
    calls included where both sides know what they cost; None where there is no such trial or no common price.
    """

    name: str
    settings: tuple[str, ...]
    old_models: tuple[str, ...]
    new_models: tuple[str, ...]
    trials: int
    other_texts: int
    turned: tuple[Turned, ...]
    money_per_case: float | None

    @property
    def turned_trials(self) -> int:
        """Trials with another outcome."""
        return sum(each.trials for each in self.turned)


@dataclass(frozen=True, slots=True)
class SuiteDiff:
    """One suite that both runs have. `parts` are its parts that differ; `judging`: answers are judged by other rules."""

    name: str
    title: Text
    cases: Text
    currency: str
    old_version: int
    new_version: int
    parts: tuple[str, ...]
    judging: bool
    same: int
    changed: int
    added: int
    removed: int
    candidates: tuple[CandidateDiff, ...]
    new_candidates: tuple[str, ...]
    gone_candidates: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs but what a clock or a network decides."""
        return (
            self.old_version == self.new_version
            and not (self.parts or self.judging or self.changed or self.added or self.removed)
            and not (self.new_candidates or self.gone_candidates)
            and not any(
                each.settings
                or each.turned
                or each.other_texts
                or each.old_models != each.new_models
                for each in self.candidates
            )
        )


@dataclass(frozen=True, slots=True)
class Diff:
    """Two runs; suites that only one of them has stand by their names."""

    suites: tuple[SuiteDiff, ...]
    new_suites: tuple[str, ...]
    gone_suites: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not (self.new_suites or self.gone_suites) and all(
            each.is_same for each in self.suites
        )


def diff(old: Observed, new: Observed) -> Diff:
    """What changed from `old` to `new`. Money is priced as the new suite prices it."""
    return Diff(
        tuple(
            _suite(name, old.suites[name], suite)
            for name, suite in new.suites.items()
            if name in old.suites
        ),
        tuple(name for name in new.suites if name not in old.suites),
        tuple(name for name in old.suites if name not in new.suites),
    )


def _suite(name: str, old: ObservedSuite, new: ObservedSuite) -> SuiteDiff:
    match = matched(old, new)
    parts = sorted(old.digests.keys() | new.digests.keys())
    return SuiteDiff(
        name=name,
        title=new.title,
        cases=new.cases,
        currency=new.currency,
        old_version=old.version,
        new_version=new.version,
        parts=tuple(each for each in parts if old.digests.get(each) != new.digests.get(each)),
        judging=old.judging != new.judging,
        same=len(match.ids),
        changed=match.changed,
        added=match.only_new,
        removed=match.only_old,
        candidates=tuple(
            _candidate(each, old, new) for each in new.candidates if each in old.candidates
        ),
        new_candidates=tuple(each for each in new.candidates if each not in old.candidates),
        gone_candidates=tuple(each for each in old.candidates if each not in new.candidates),
    )


def _candidate(name: str, old_suite: ObservedSuite, new_suite: ObservedSuite) -> CandidateDiff:
    both = sides(old_suite, new_suite, matched(old_suite, new_suite), (name, name))
    old, new = old_suite.candidates[name], new_suite.candidates[name]
    places = _places(both.old)
    pairs = [(places[key], at) for key, at in _places(both.new).items() if key in places]
    gaps = _gaps(both, pairs) if old_suite.currency == new_suite.currency else None
    named = sorted(old.settings.keys() | new.settings.keys())
    return CandidateDiff(
        name=name,
        settings=tuple(each for each in named if old.settings.get(each) != new.settings.get(each)),
        old_models=_models(old),
        new_models=_models(new),
        trials=len(pairs),
        other_texts=sum(both.old.text[before] != both.new.text[now] for before, now in pairs),
        turned=_turned(both, pairs, gaps),
        money_per_case=float(gaps.mean()) if gaps is not None and len(gaps) else None,
    )


def _places(side: Trials) -> dict[_Trial, int]:
    keys = zip(side.item.tolist(), side.repeat.tolist(), strict=True)
    return {key: at for at, key in enumerate(keys)}


def _gaps(both: Sides, pairs: list[tuple[int, int]]) -> Array | None:
    """The change of each pair's money; None where the old outcomes have no price in the new suite."""
    try:
        old, new = (np.nan_to_num(both.money(each), nan=0.0) for each in (both.old, both.new))
    except GateError:
        return None
    gaps: Array = np.array([new[now] - old[before] for before, now in pairs], dtype=np.float64)
    return gaps


def _turned(both: Sides, pairs: list[tuple[int, int]], gaps: Array | None) -> tuple[Turned, ...]:
    """Kinds of turns, the dearest first, or the most frequent where there is no price."""
    found: defaultdict[tuple[Outcome, Outcome], list[int]] = defaultdict(list)
    for at, (before, now) in enumerate(pairs):
        old, new = both.old.kinds[both.old.kind[before]], both.new.kinds[both.new.kind[now]]
        if (old.outcome, old.loss_class) != (new.outcome, new.loss_class):
            found[old.outcome, new.outcome].append(at)
    told = [
        Turned(old, new, len(places), None if gaps is None else float(gaps[places].sum()))
        for (old, new), places in found.items()
    ]
    return tuple(
        sorted(
            told, key=lambda each: (each.money or 0.0, -each.trials, str(each.old), str(each.new))
        )
    )


def _models(candidate: ObservedCandidate) -> tuple[str, ...]:
    return tuple(sorted({kind.model for kind in candidate.kinds if kind.model is not None}))
