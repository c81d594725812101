"""What holds of a run by itself: the suites' own limits, and that enough trials have an outcome."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from bench.gate import criteria
from bench.gate.decide import Planned, criterion, levels, status_of
from bench.gate.pairing import Trials, trials
from bench.gate.policy_file import GatePolicy
from bench.gate.record import Common, Contrast, SuiteFacts
from bench.value.observed.record import Observed, ObservedSuite


@dataclass(frozen=True, slots=True)
class Floor:
    """How many of the planned trials have an outcome, and the share that the suite asks for."""

    with_outcome: int
    planned: int
    asked: float

    @property
    def holds(self) -> bool:
        """Whether the share is reached; never of no trial at all."""
        return self.with_outcome > 0 and self.with_outcome >= self.asked * self.planned


def floors(run: Observed) -> dict[tuple[str, str], Floor]:
    """(suite, candidate) -> how many trials have an outcome."""
    return {
        (name, candidate): Floor(
            int(of.has_outcome.sum()), len(suite.items) * suite.repeats, suite.coverage_floor
        )
        for name, suite in run.suites.items()
        for candidate, of in _all_trials(suite)
    }


def limits(run: Observed, policy: GatePolicy) -> Iterator[tuple[Contrast, SuiteFacts]]:
    """Every candidate's limits, decided as a gate decides them (Holm over all that are enforced).

    The candidate stands on both sides of its contrast, whose other parts are empty.
    """
    today = datetime.now(UTC).date()
    planned = [
        Planned(name, candidate, tested)
        for name, suite in run.suites.items()
        for candidate, of in _all_trials(suite)
        for tested in criteria.limits(suite, policy.of(name), of, today)
    ]
    decided = iter(levels(planned, 1 - policy.confidence))
    by_pair: dict[tuple[str, str], list[Planned]] = {}
    for each in planned:
        by_pair.setdefault((each.suite, each.candidate), []).append(each)
    for (name, candidate), limits_of in by_pair.items():
        found = tuple(criterion(each.tested, next(decided), policy) for each in limits_of)
        suite = run.suites[name]
        told = Contrast(
            suite=name,
            candidate=candidate,
            against=candidate,
            status=status_of(found) if any(each.enforced for each in found) else "pass",
            common=_common(suite, candidate),
            criteria=found,
        )
        yield told, _facts(suite)


def _all_trials(suite: ObservedSuite) -> Iterator[tuple[str, Trials]]:
    everything = np.arange(len(suite.items), dtype=np.intp)
    for name, each in suite.candidates.items():
        yield name, trials(each, everything, len(suite.items))


def _common(suite: ObservedSuite, candidate: str) -> Common:
    return Common(
        items=len(suite.items),
        clusters=len({each.cluster for each in suite.items}),
        trials=len(suite.candidates[candidate].trials),
    )


def _facts(suite: ObservedSuite) -> SuiteFacts:
    return SuiteFacts(
        title=suite.title,
        cases=suite.cases,
        currency=suite.currency,
        placeholders=suite.placeholders,
        assumptions=suite.assumptions,
        old_version=suite.version,
        new_version=suite.version,
    )
