"""The history of a suite out of its runs: rows, comparisons, learning curves."""

from collections.abc import Mapping, Sequence

from bench.stats import wilson
from bench.types import Estimate
from bench.value.estimates import LEVEL, unknown
from bench.value.history.adoption import standing
from bench.value.history.change import change
from bench.value.history.curve import curve_of
from bench.value.history.past import PastCandidate, PastMetric, PastOutcomes, PastRun
from bench.value.history.record import (
    Adoption,
    CandidateHistory,
    Change,
    Comparison,
    History,
    Mark,
    Measure,
    RunRow,
)

_NEVER_COMPARED: frozenset[Mark] = frozenset({"incomplete", "thin"})


def history(suite_name: str, summaries: Sequence[PastRun], adoption: Adoption | None) -> History:
    """All candidates' runs of a suite, oldest first. `summaries` is not empty, in any order."""
    runs = sorted(summaries, key=lambda each: (each.began, each.run.id))
    names = dict.fromkeys(name for each in reversed(runs) for name in each.suite.candidates)
    last = runs[-1].suite
    return History(
        suite=suite_name,
        title=last.title,
        cases=last.cases,
        currency=last.currency,
        candidates={
            name: _candidate(name, [run for run in runs if name in run.suite.candidates], adoption)
            for name in names
        },
        adoption=adoption,
    )


def _candidate(name: str, runs: Sequence[PastRun], adoption: Adoption | None) -> CandidateHistory:
    rows: list[RunRow] = []
    for at, run in enumerate(runs):
        row = _row(name, run, runs[at - 1] if at else None, adoption)
        rows.append(_compared(row, rows, runs))
    latest = [each for each in rows if each.version == rows[-1].version and _is_comparable(each)]
    fitted = [each for each in latest if each.usable.value is not None]
    curve = curve_of(fitted, break_even_usable(runs[-1].suite.candidates[name]), adoption)
    return CandidateHistory(
        runs=rows,
        curve=None if isinstance(curve, str) else curve,
        no_curve=curve if isinstance(curve, str) else None,
        fitted_runs=len(fitted),
    )


def _row(name: str, run: PastRun, before: PastRun | None, adoption: Adoption | None) -> RunRow:
    told = run.suite.candidates[name]
    day = run.run.started.date()
    beside = standing(adoption, day) if adoption else None
    return RunRow(
        run=run.run.id,
        started=run.began.isoformat(),
        date=day,
        version=run.suite.version,
        marks=_marks(told, run, before),
        assumptions_file=run.run.assumptions_file,
        items=told.items,
        coverage=told.coverage,
        value_per_case=told.value_per_case.estimate(),
        p_positive=told.p_positive,
        usable=_usable(told),
        harm=_share(told.outcomes.harm if told.outcomes else None, told.items),
        decision=told.verdict.decision,
        business=_measures(told.metrics),
        technical=_measures(told.technical),
        since_first=None,
        since_previous=None,
        adoption=beside.date if beside else None,
    )


def break_even_usable(told: PastCandidate) -> float | None:
    """The usable share at which the value is zero while harm stays the same part of what is not redone.

    A summary's break-even counts every answer that is not redone, the harmful ones too.
    """
    share, outcomes = told.break_even_acceptance, told.outcomes
    if share is None or outcomes is None or outcomes.accept + outcomes.edit == 0:
        return None
    usable = outcomes.accept + outcomes.edit
    return share * usable / (usable + outcomes.harm)


def _marks(told: PastCandidate, run: PastRun, before: PastRun | None) -> list[Mark]:
    changed = before is not None and before.suite.version != run.suite.version
    found: dict[Mark, bool] = {
        "incomplete": not run.run.complete,
        "thin": told.coverage is not None and told.coverage < run.suite.coverage_floor,
        "drawn": run.run.limit is not None,
        "new_version": changed,
        "other_assumptions": run.run.assumptions_file is not None
        or (before is not None and not changed and not run.same_assumptions(before)),
    }
    return [mark for mark, holds in found.items() if holds]


def _usable(told: PastCandidate) -> Estimate:
    """The share accepted or edited; with the interval over clusters where the suite measured the same share."""
    share = usable_share(told.outcomes)
    same = told.metrics.get("right_first_time")
    if share is not None and same and same.value is not None and abs(same.value - share) < 1e-9:
        return same.estimate()
    return _share(share, told.items)


def usable_share(outcomes: PastOutcomes | None) -> float | None:
    """What needs at most a small edit; sums of rounded shares are kept below one."""
    return None if outcomes is None else min(outcomes.accept + outcomes.edit, 1.0)


def _share(share: float | None, items: int) -> Estimate:
    if share is None or items == 0:
        return unknown(0, "not known")
    low, high = wilson(round(share * items), items, LEVEL)
    return Estimate(
        value=share,
        low=min(low, share),
        high=max(high, share),
        level=LEVEL,
        n=items,
        method="Wilson, items taken as independent",
    )


def _measures(metrics: Mapping[str, PastMetric]) -> dict[str, Measure]:
    return {name: Measure.model_validate(each.model_dump()) for name, each in metrics.items()}


def _is_comparable(row: RunRow) -> bool:
    return not _NEVER_COMPARED & set(row.marks)


def _compared(row: RunRow, rows: Sequence[RunRow], runs: Sequence[PastRun]) -> RunRow:
    """The row with what changed since the first and the previous run of its suite version."""
    if not _is_comparable(row):
        return row
    by_id = {each.run.id: each for each in runs}
    earlier = [each for each in rows if each.version == row.version and _is_comparable(each)]
    if not earlier:
        return row

    def since(base: RunRow) -> Comparison:
        same = by_id[row.run].same_assumptions(by_id[base.run])
        return _comparison(base, row, same_assumptions=same)

    return row.model_copy(
        update={"since_first": since(earlier[0]), "since_previous": since(earlier[-1])}
    )


def _comparison(base: RunRow, row: RunRow, *, same_assumptions: bool) -> Comparison:
    money = change(base.value_per_case, row.value_per_case, "higher")
    return Comparison(
        run=base.run,
        started=base.started,
        same_assumptions=same_assumptions,
        usable=change(base.usable, row.usable, "higher"),
        harm=change(base.harm, row.harm, "lower"),
        value_per_case=money if same_assumptions else None,
        business=_changes(base.business, row.business) if same_assumptions else {},
        technical=_changes(base.technical, row.technical),
    )


def _changes(before: Mapping[str, Measure], after: Mapping[str, Measure]) -> dict[str, Change]:
    """The metrics that both runs have, in the later run's order."""
    told = {
        name: change(before[name], each, each.better)
        for name, each in after.items()
        if name in before
    }
    return {name: each for name, each in told.items() if each is not None}
