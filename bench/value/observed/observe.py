"""From a suite's ledger to what its run showed, trial by trial."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from bench.files.images import image_digest
from bench.running.manifest import CandidateEntry, Manifest
from bench.scoring.score import Scored
from bench.suites.load import Suite
from bench.suites.prompt import images_of
from bench.types import Answer, Item
from bench.value import assumed, worth
from bench.value.observed.digest import digest
from bench.value.observed.record import (
    Kind,
    Observed,
    ObservedCandidate,
    ObservedItem,
    ObservedRate,
    ObservedSuite,
    ObservedTrial,
)
from bench.value.rare import ordinary_class


def observed_suite(
    suite: Suite,
    items: Sequence[Item],
    rows: Iterable[Scored],
    table: pd.DataFrame,
    manifest: Manifest,
) -> ObservedSuite:
    """What the candidates showed. `rows` and the ledger `table` are of the same trials in the same order."""
    business = suite.file.business
    mean = assumed.expected(business)
    told = {name: float(each[0]) for name, each in worth.weights(mean, business).items()}
    ordinary = ordinary_class(business)
    numbers = [each for _, each in business.assumptions()]
    return ObservedSuite(
        version=suite.file.version,
        title=suite.file.title,
        cases=business.cases,
        currency=business.currency,
        digests=suite.digests,
        judging=_judging(suite),
        repeats=manifest.repeats,
        coverage_floor=business.coverage_floor,
        human_cost=float(worth.human_cost(mean, business)[0]),
        weights=told,
        ordinary_harm=-told[worth.HARM + ordinary] if ordinary is not None else None,
        placeholders=sum(each.placeholder for each in numbers),
        assumptions=len(numbers),
        rates={
            name: ObservedRate(title=rate.title, better=rate.better)
            for name, rate in business.rates.items()
        },
        gates=business.gates,
        rules=[rule.because for rule in business.outcomes],
        losses={name: each.title for name, each in business.loss.items()},
        items=observed_items(suite, items),
        candidates=_candidates(suite, items, rows, table, manifest),
    )


def observed_run(
    manifest: Manifest,
    suites: Mapping[str, ObservedSuite],
    journal: tuple[int, int] | None = None,
) -> Observed:
    """What a run showed in its suites, as far as it has come."""
    return Observed(
        id=manifest.id,
        started=manifest.started,
        finished=manifest.finished,
        complete=manifest.complete,
        seed=manifest.seed,
        limit=manifest.limit,
        version=manifest.version,
        commit=manifest.commit,
        journal=journal,
        looks=manifest.held.fractions() if manifest.held else {},
        suites=dict(suites),
    )


def _judging(suite: Suite) -> str:
    business = suite.file.business
    return digest(
        [
            suite.digests["scorers"],
            [each.model_dump(mode="json") for each in business.outcomes],
            {name: each.model_dump(mode="json") for name, each in business.rates.items()},
            suite.file.answer.format,
            suite.file.answer.fields,
        ],
        16,
    )


def observed_items(suite: Suite, items: Sequence[Item]) -> list[ObservedItem]:
    """Items by their ids and fingerprints, their clusters numbered as they come."""
    clusters: dict[str, int] = {}
    prompt, folder = suite.file.prompt, suite.path.parent
    told = []
    for item in items:
        seen: list[Any] = [item.input, item.reference, item.tags, item.cluster, item.served_today]
        seen.append(item.worth)
        if prompt.images:
            seen.append([image_digest(each) for each in images_of(prompt, item, folder)])
        at = clusters.setdefault(item.cluster, len(clusters))
        told.append(ObservedItem(item.id, digest(seen, 10), at))
    return told


def _candidates(
    suite: Suite,
    items: Sequence[Item],
    rows: Iterable[Scored],
    table: pd.DataFrame,
    manifest: Manifest,
) -> dict[str, ObservedCandidate]:
    at = {item.id: position for position, item in enumerate(items)}
    rates = list(suite.file.business.rates)
    kinds: dict[str, dict[_Shared, int]] = {}
    trials: dict[str, list[ObservedTrial]] = {}
    for row, told in zip(rows, _records(table, rates), strict=True):
        answer = row.answer
        known = kinds.setdefault(answer.candidate, {})
        kind = known.setdefault(_shared(row, told, rates), len(known))
        trials.setdefault(answer.candidate, []).append(
            ObservedTrial(
                item=at[answer.item],
                repeat=answer.repeat,
                kind=kind,
                text=hashlib.blake2b(answer.text.encode(), digest_size=4).hexdigest(),
                cost=_rounded(told["cost"], 5),
                latency_s=_rounded(told["latency_s"], 4),
                edit_minutes=float(f"{told['edit_minutes']:.5g}"),
            )
        )
    return {
        name: _candidate(
            manifest.candidates[name],
            [Kind(**each._asdict()) for each in kinds[name]],
            trials[name],
        )
        for name in manifest.candidates
        if name in trials
    }


def _records(table: pd.DataFrame, rates: Sequence[str]) -> Iterable[dict[str, Any]]:
    """The columns that are wanted of every row of the ledger."""
    named = ["outcome", "rule", "loss_class", "edit_assumption", "cost", "latency_s"]
    named += ["edit_minutes", *(f"rate:{name}" for name in rates)]
    columns = [table[name].tolist() if name in table else [None] * len(table) for name in named]
    return (dict(zip(named, values, strict=True)) for values in zip(*columns, strict=True))


class _Shared(NamedTuple):
    """The fields of a `Kind`, which is made once for all trials that have them."""

    state: str
    failure: str | None
    scorer_failed: bool
    outcome: str | None
    rule: int | None
    loss_class: str | None
    edit_assumption: str | None
    rates: str
    model: str | None
    cached: bool


def _shared(row: Scored, told: Mapping[str, Any], rates: Sequence[str]) -> _Shared:
    answer = row.answer
    return _Shared(
        state=answer.state,
        failure=answer.failure.kind if answer.failure else None,
        scorer_failed=row.trouble is not None,
        outcome=_known(told["outcome"]),
        rule=None if (rule := _known(told["rule"])) is None else int(rule),
        loss_class=_known(told["loss_class"]),
        edit_assumption=_known(told["edit_assumption"]),
        rates="".join(_met(told[f"rate:{name}"]) for name in rates),
        model=_model(answer),
        cached=bool(answer.exchanges) and all(each.cached for each in answer.exchanges),
    )


def _known(value: Any) -> Any:
    return None if value is None or value != value else value  # noqa: PLR0124  # true of NaN alone


def _met(value: Any) -> str:
    return "-" if _known(value) is None else str(int(value))


def _model(answer: Answer) -> str | None:
    named = [each.model for each in answer.exchanges if each.model]
    return named[-1] if named else None


def _rounded(value: Any, digits: int) -> float | None:
    """So many digits that count: as many as the measurement is good for."""
    return None if _known(value) is None else float(f"{value:.{digits}g}")


def _candidate(
    entry: CandidateEntry, kinds: list[Kind], trials: list[ObservedTrial]
) -> ObservedCandidate:
    settings = dict(_flat(entry.identity))
    warmth = settings.get("endpoint.params.temperature")
    return ObservedCandidate(
        adapter=entry.adapter,
        strategy=entry.strategy,
        settings={name: digest(value) for name, value in settings.items()},
        asked_model=entry.model,
        temperature=float(warmth) if isinstance(warmth, int | float) else None,
        kinds=kinds,
        trials=trials,
    )


def _flat(value: Any, name: str = "") -> Iterable[tuple[str, Any]]:
    """The leaves of nested mappings by their dotted names."""
    if isinstance(value, dict) and value:
        for key in value:
            yield from _flat(value[key], f"{name}.{key}" if name else str(key))
    else:
        yield name, value
