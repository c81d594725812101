"""A run held against a baseline: pass, fail, or inconclusive with the items that would tell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from bench.errors import GateError
from bench.gate.criteria import Sameness, Tested, criteria
from bench.gate.decide import (
    Levels,
    Planned,
    counted,
    criterion,
    fractions_of,
    levels,
    needed_by,
    overall,
    status_of,
)
from bench.gate.flips import Texts, flipped
from bench.gate.pairing import Sides, Trials, common, matched, sides, trials
from bench.gate.policy_file import GatePolicy, Pair
from bench.gate.record import Contrast, GateReport, Side, Status, SuiteFacts
from bench.value.observed.record import Observed, ObservedSuite

ASKED = ("prompt", "answer", "examples", "images")
"""Parts of a suite that make a candidate another one: what it is shown."""
WHERE = {"endpoint.base_url"}
"""Settings that say where a candidate is and not what: another model there would answer otherwise at large."""
FIXED = ("baseline", "replay")
"""Adapters that answer an unchanged question as they did before."""


@dataclass(frozen=True, slots=True)
class _Open:
    """One contrast before it is decided."""

    suite: str
    names: tuple[str, str]  # old, new
    both: Sides
    all_new: Trials
    tested: tuple[Tested, ...]


def gate(  # noqa: PLR0913  # two runs, what they are called, and what holds for them
    run: Observed,
    baseline: Observed,
    policy: GatePolicy,
    *,
    run_name: str,
    baseline_name: str,
    looks: Mapping[str, Sequence[float]] | None = None,
    texts: Texts | None = None,
    today: date | None = None,
) -> GateReport:
    """Hold `run` against `baseline` under `policy`.

    `looks` maps a suite to the shares of its planned clusters at the looks so far (those of `run`, unless given); `texts`
    finds the answers of flipped trials; waivers run out against `today`. Raises GateError where nothing can be compared: no
    suite, candidate or unchanged item in common, or outcomes by other rules.
    """
    seen = run.looks if looks is None else looks
    day = today or datetime.now(UTC).date()
    held = list(_open(run, baseline, policy, day))
    planned = [
        Planned(each.suite, each.names[1], tested, fractions_of(each.suite, seen))
        for each in held
        for tested in each.tested
    ]
    decided = iter(levels(planned, 1 - policy.confidence))
    contrasts = tuple(_contrast(each, baseline, decided, policy, texts) for each in held)
    status = overall(contrasts)
    if status == "pass" and not run.complete:
        status = "inconclusive"
    return GateReport(
        status=status,
        run=_side(run, run_name),
        baseline=_side(baseline, baseline_name),
        policy=policy.policy,
        policy_digest=policy.digest,
        confidence=policy.confidence,
        contrasts_planned=sum(each.tested.enforced for each in planned),
        complete=run.complete,
        suites={name: _facts(baseline.suites[name], run.suites[name]) for name in _names(held)},
        contrasts=contrasts,
        not_compared=_not_compared(run, baseline, held),
        then=policy.inconclusive.then,
    )


def _names(held: Sequence[_Open]) -> list[str]:
    return list(dict.fromkeys(each.suite for each in held))


def _open(run: Observed, baseline: Observed, policy: GatePolicy, today: date) -> Iterator[_Open]:
    """Every contrast that is held, with its tests. Raises GateError."""
    for name in policy.suites if policy.complete else ():
        for side, told in ((run, "the run"), (baseline, "the baseline")):
            if name not in side.suites:
                raise GateError(
                    f"the policy holds suite '{name}', which {told} does not have; run it, or set complete: false"
                )
    shared = [name for name in run.suites if name in baseline.suites]
    if not shared:
        raise GateError(
            f"the run has {_list(run.suites)} and the baseline {_list(baseline.suites)}: no suite in common; "
            "name another baseline or bless this run"
        )
    for name in shared:
        yield from _of_suite(name, baseline.suites[name], run.suites[name], policy, today)


def _of_suite(
    name: str, old: ObservedSuite, new: ObservedSuite, policy: GatePolicy, today: date
) -> Iterator[_Open]:
    match = matched(old, new)
    if not match.ids:
        raise GateError(
            f"suite '{name}': no item in common with the baseline that is still the same ({match.changed} changed); "
            "bless a newer run"
        )
    if old.judging != new.judging:
        raise GateError(
            f"suite '{name}': its scorers or rules changed after the baseline was judged, so outcomes cannot be compared; "
            "judge the blessed run again with: bench rescore RUN, then: bench baseline set RUN"
        )
    if old.currency != new.currency:
        raise GateError(
            f"suite '{name}': {old.currency} then, {new.currency} now; bless a newer run"
        )
    held = policy.of(name)
    for names in _pairs(name, old, new, policy):
        both = sides(old, new, match, names)
        everything = np.arange(len(new.items), dtype=np.intp)
        all_new = trials(new.candidates[names[1]], everything, len(new.items))
        same = _sameness(old, new, names)
        tested = criteria(both, held, all_new, today, same)
        if not any(each.enforced for each in tested):
            raise GateError(
                f"suite '{name}': the policy holds nothing that could fail; enforce a criterion"
            )
        yield _Open(name, names, both, all_new, tuple(tested))


def _sameness(old: ObservedSuite, new: ObservedSuite, names: tuple[str, str]) -> Sameness:
    """Whether an unchanged candidate was asked unchanged questions, and if so, whether what answered could answer otherwise."""
    before, now = old.candidates[names[0]], new.candidates[names[1]]
    asked_otherwise = any(old.digests.get(part) != new.digests.get(part) for part in ASKED)
    differing = {
        name
        for name in before.settings.keys() | now.settings.keys()
        if before.settings.get(name) != now.settings.get(name)
    }
    if asked_otherwise or differing - WHERE:
        return "changed"
    fixed = now.adapter in FIXED or all(now.kinds[each.kind].cached for each in now.trials)
    return "repeated" if fixed and not differing else "asked anew"


def _pairs(
    name: str, old: ObservedSuite, new: ObservedSuite, policy: GatePolicy
) -> list[tuple[str, str]]:
    """The candidates that are compared, (old, new). Every blessed one must be in the run, or the policy must name others."""
    if policy.candidates is None:
        gone = [each for each in old.candidates if each not in new.candidates]
        if gone:
            raise GateError(
                f"suite '{name}': the blessed candidate '{gone[0]}' has no answer in the run; run it, or name under "
                "candidates: in the policy those that are held"
            )
        wanted = [(each, each) for each in old.candidates]
    else:
        wanted = [
            (each.against, each.candidate) if isinstance(each, Pair) else (each, each)
            for each in policy.candidates
        ]
    for before, now in wanted:
        for side, candidate, told in ((new, now, "the run"), (old, before, "the baseline")):
            if candidate not in side.candidates:
                raise GateError(
                    f"suite '{name}': candidate '{candidate}' of the policy is not in {told}, which has "
                    f"{_list(side.candidates)}; run it, bless it or name another"
                )
    if not wanted:
        raise GateError(f"suite '{name}': the baseline holds no candidate; bless another run")
    return wanted


def _contrast(
    held: _Open,
    baseline: Observed,
    decided: Iterator[Levels],
    policy: GatePolicy,
    texts: Texts | None,
) -> Contrast:
    found = counted([criterion(each, next(decided), policy) for each in held.tested])
    old_suite = baseline.suites[held.suite]
    flips = flipped(held.both, old_suite, held.names, held.suite, texts)
    return Contrast(
        suite=held.suite,
        candidate=held.names[1],
        against=held.names[0],
        status=_status(held, status_of(found)),
        common=common(old_suite, held.both.suite, held.both, held.names),
        criteria=found,
        old_outcomes=_outcomes(held.both.old),
        new_outcomes=_outcomes(held.both.new),
        worse=flips.worse,
        better=flips.better,
        new_failures=flips.new_failures,
        flips=flips.flips,
        needed=needed_by(found, len(held.both.match.ids)),
    )


def _status(held: _Open, told: Status) -> Status:
    """Without any outcome nothing holds; with too few of them nothing is known."""
    if not held.all_new.has_outcome.any():
        return "fail"
    coverage = float(np.nanmean(held.all_new.coverage()))
    if told == "pass" and coverage < held.both.suite.coverage_floor:
        return "inconclusive"
    return told


def _outcomes(side: Trials) -> dict[str, float]:
    counts = np.bincount(side.kind, minlength=len(side.kinds))
    shares = dict.fromkeys(("accept", "edit", "redo", "harm", "none"), 0.0)
    for kind, count in zip(side.kinds, counts.tolist(), strict=True):
        shares[kind.outcome or "none"] += count
    total = sum(shares.values())
    return {name: each / total for name, each in shares.items()} if total else {}


def _facts(old: ObservedSuite, new: ObservedSuite) -> SuiteFacts:
    return SuiteFacts(
        title=new.title,
        cases=new.cases,
        currency=new.currency,
        placeholders=new.placeholders,
        assumptions=new.assumptions,
        old_version=old.version,
        new_version=new.version,
    )


def _side(observed: Observed, name: str) -> Side:
    return Side(
        name=name,
        run=observed.id,
        started=observed.started,
        commit=observed.commit,
        version=observed.version,
        blessed=observed.blessed,
    )


def _not_compared(run: Observed, baseline: Observed, held: Sequence[_Open]) -> tuple[str, ...]:
    new = {(each.suite, each.names[1]) for each in held}
    old = {(each.suite, each.names[0]) for each in held}
    told = [
        f"{name}/{candidate}"
        for side, compared in ((run, new), (baseline, old))
        for name, suite in side.suites.items()
        for candidate in suite.candidates
        if (name, candidate) not in compared
    ]
    return tuple(dict.fromkeys(told))


def _list(names: Mapping[str, object]) -> str:
    return ", ".join(f"'{each}'" for each in names) or "nothing"
