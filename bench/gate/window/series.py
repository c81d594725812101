"""A window of runs: every candidate's steps from run to run, and what each may be put down to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from bench.errors import GateError, UserError
from bench.gate.gate import gate
from bench.gate.policy_file import GatePolicy
from bench.gate.record import SuiteFacts
from bench.gate.window.answers import Answers, another_model, answers_of, changed, varied
from bench.gate.window.beside import Run, runs_beside
from bench.gate.window.drift import Changes, Drift, drift
from bench.gate.window.explain import ours, reached_alike
from bench.gate.window.record import (
    ALARMS,
    LeftOut,
    Noise,
    Ours,
    Step,
    Watched,
    Why,
    WindowReport,
    WindowRun,
    WindowStatus,
    Worth,
)
from bench.stats import holm
from bench.value.observed.record import Observed

FEWEST = 2
"""Runs that a window needs."""


@dataclass(frozen=True, slots=True)
class _Point:
    """A candidate in one run of the window."""

    run: Observed
    answers: Answers


@dataclass(frozen=True, slots=True)
class _Move:
    """A step before it is judged. `old` is None where no earlier run holds an answer that was not out of the cache.

    `found` is None where something of ours changed that bears on answers, or nothing is in common; `p_value` is after
    Holm over so many `tests`.
    """

    old: _Point | None
    new: _Point
    ours: Ours = field(default_factory=Ours)
    model_changed: bool = False
    found: Drift | None = None
    p_value: float | None = None
    tests: int = 1

    def catches(self, confidence: float) -> float | None:
        """As `Drift.catches`, with Holm's first level."""
        return None if self.found is None else self.found.catches(1 - (1 - confidence) / self.tests)


def window(folder: Path, n: int, policy: GatePolicy) -> WindowReport:
    """What changed over the latest `n` runs, that in `folder` the last. Raises UserError where there is no run, or n < 2."""
    if n < FEWEST:
        raise UserError(f"--window {n}: a window needs at least {FEWEST} runs")
    runs, left_out = runs_beside(folder, n)
    return watched(runs, policy, left_out)


def watched(
    runs: Sequence[Run], policy: GatePolicy, left_out: tuple[LeftOut, ...] = ()
) -> WindowReport:
    """The same over these runs, in order of time; the last one's suites and candidates are told."""
    last = runs[-1].observed
    names = [(suite, each) for suite, told in last.suites.items() for each in told.candidates]
    moves = {name: _moves(runs, *name, policy) for name in names}
    judged = _adjusted(moves)
    series = tuple(_watched(name, judged[name], policy) for name in names)
    return WindowReport(
        status=_overall(series),
        complete=last.complete,
        confidence=policy.confidence,
        runs=tuple(_run(each) for each in runs),
        suites={name: _facts(runs, name) for name in last.suites},
        series=series,
        left_out=left_out,
    )


def _facts(runs: Sequence[Run], name: str) -> SuiteFacts:
    versions = [run.observed.suites[name].version for run in runs if name in run.observed.suites]
    told = runs[-1].observed.suites[name]
    return SuiteFacts(
        title=told.title,
        cases=told.cases,
        currency=told.currency,
        placeholders=told.placeholders,
        assumptions=told.assumptions,
        old_version=versions[0],
        new_version=versions[-1],
    )


def _run(run: Run) -> WindowRun:
    told = run.observed
    return WindowRun(
        id=told.id, name=run.name, started=told.started, version=told.version, commit=told.commit
    )


def _moves(
    runs: Sequence[Run], suite: str, candidate: str, policy: GatePolicy
) -> tuple[_Move, ...]:
    """A candidate's steps. A run whose answers all came out of the cache is passed over by the step after it.

    Noise is forgotten when something of ours changes: another prompt makes other answers waver.
    """
    moves: list[_Move] = []
    noise: list[Changes] = []
    old: _Point | None = None
    for point in _points(runs, suite, candidate):
        if old is None:
            moves.append(_Move(None, point))
        else:
            seen, move = _move(old, point, (suite, candidate), noise, policy)
            moves.append(move)
            if move.ours.bears_on_answers:
                noise.clear()
            elif seen and not move.model_changed:
                noise.append(seen)
        if point.answers.texts:
            old = point
    return tuple(moves if len(moves) == 1 else moves[1:])


def _points(runs: Sequence[Run], suite: str, candidate: str) -> Iterator[_Point]:
    for run in runs:
        told = run.observed.suites.get(suite)
        if told is not None and candidate in told.candidates:
            yield _Point(run.observed, answers_of(told, told.candidates[candidate]))


def _move(
    old: _Point,
    new: _Point,
    name: tuple[str, str],
    noise: Sequence[Changes],
    policy: GatePolicy,
) -> tuple[Changes, _Move]:
    """The changed answers of a step that nothing of ours explains, and the step."""
    suite, candidate = name
    sides = [each.run.suites[suite].candidates[candidate] for each in (old, new)]
    changes = ours(old.run, new.run, suite, candidate)
    another = reached_alike(*sides) and another_model(old.answers.models, new.answers.models)
    seen = {} if changes.bears_on_answers else changed(old.answers, new.answers)
    found = drift(
        seen,
        new.answers.clusters,
        noise,
        varied(old.answers, new.answers),
        has_floor=sides[1].temperature == 0,
        level=policy.confidence,
    )
    return seen, _Move(old, new, changes, another, found)


def _adjusted(
    moves: Mapping[tuple[str, str], tuple[_Move, ...]],
) -> dict[tuple[str, str], list[_Move]]:
    """P-values after Holm over all candidates whose step ends in the same run.

    Not over the steps of the window: each is tested once, when its run is the latest, and what was told then must not
    depend on how long the window is.
    """
    judged = {name: list(each) for name, each in moves.items()}
    places = [
        (move.new.run.id, name, at)
        for name, each in moves.items()
        for at, move in enumerate(each)
        if move.found is not None and move.found.p_value is not None
    ]
    for _, family in groupby(sorted(places), key=lambda each: each[0]):
        members = [(name, at) for _, name, at in family]
        p_values = [_p(judged[name][at]) for name, at in members]
        for (name, at), p_value in zip(members, holm(p_values), strict=True):
            judged[name][at] = replace(judged[name][at], p_value=p_value, tests=len(members))
    return judged


def _p(move: _Move) -> float:
    assert move.found is not None
    assert move.found.p_value is not None
    return move.found.p_value


def _watched(name: tuple[str, str], moves: Sequence[_Move], policy: GatePolicy) -> Watched:
    suite, candidate = name
    last = moves[-1]
    told = last.new.run.suites[suite].candidates[candidate]
    return Watched(
        suite=suite,
        candidate=candidate,
        asked_model=told.asked_model,
        temperature=told.temperature,
        steps=tuple(_step(each, policy) for each in moves),
        worth=_worth(last, name, policy),
    )


def _step(move: _Move, policy: GatePolicy) -> Step:
    status, why = _status(move, policy.confidence)
    found = move.found
    return Step(
        old=None if move.old is None else move.old.run.id,
        new=move.new.run.id,
        status=status,
        why=why,
        ours=move.ours,
        old_models=() if move.old is None else tuple(sorted(move.old.answers.models)),
        new_models=tuple(sorted(move.new.answers.models)),
        items=found.items if found else 0,
        clusters=found.clusters if found else 0,
        cached=move.new.answers.cached_share,
        changed=found.changed if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        noise=found.noise if found else Noise(),
        margin=found.margin if found else None,
        p_value=move.p_value,
        catches=move.catches(policy.confidence),
    )


def _status(move: _Move, confidence: float) -> tuple[WindowStatus, Why | None]:
    if move.model_changed:
        return "model_changed", None
    if not move.new.answers.texts and move.new.answers.cached:
        return "not_known", "cached"
    if move.old is None:
        return "not_known", "first"
    if move.ours.bears_on_answers:
        return "ours_changed", None
    if move.found is None:
        return "not_known", "nothing_common"
    if move.found.margin is None:
        return "not_known", "noise_unknown"
    if move.p_value is not None and move.p_value <= 1 - confidence:
        return "answers_changed", None
    return ("not_known", "few_items") if move.catches(confidence) is None else ("steady", None)


def _worth(move: _Move, name: tuple[str, str], policy: GatePolicy) -> Worth:
    """The gate's comparison of this candidate alone, its levels those of a run that was looked at once."""
    if move.old is None:
        return Worth()
    run, baseline = (_alone(each.run, *name) for each in (move.new, move.old))
    alone = policy.model_copy(update={"candidates": None, "complete": False})
    try:
        told = gate(run, baseline, alone, run_name=run.id, baseline_name=baseline.id, looks={})
    except GateError as error:
        return Worth(refused=str(error))
    (contrast,) = told.contrasts
    values = [each for each in contrast.criteria if each.kind == "value"]
    return Worth(
        value=values[0] if values else None,
        old_outcomes=contrast.old_outcomes,
        new_outcomes=contrast.new_outcomes,
    )


def _alone(run: Observed, suite: str, candidate: str) -> Observed:
    told = run.suites[suite]
    only = told.model_copy(update={"candidates": {candidate: told.candidates[candidate]}})
    return run.model_copy(update={"suites": {suite: only}})


def _overall(series: Sequence[Watched]) -> WindowStatus:
    """An alarm before what is not known, that before changes of ours, and these before rest.

    A candidate without an earlier run leaves the others' result as it is.
    """
    told = {each.latest.status for each in series if each.latest.why != "first"}
    order: tuple[WindowStatus, ...] = (*ALARMS, "not_known", "ours_changed", "steady")
    return next((each for each in order if each in told), "not_known")
