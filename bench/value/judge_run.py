"""A run's answers become its summary: scores, ledgers, verdicts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import orjson

from bench.files.whole_file import write_whole
from bench.running.collector import fewer_collections
from bench.running.journal import NAME as JOURNAL
from bench.running.manifest import Manifest
from bench.scoring.score import Scored, scored
from bench.suites.assumptions_file import with_assumptions
from bench.suites.load import Suite
from bench.types import Answer, Item
from bench.value.across.build import across
from bench.value.assess import Assessed, assessed
from bench.value.context import Planned
from bench.value.evidence import Evidence, evidence
from bench.value.judged import Judged
from bench.value.ledger import ledger
from bench.value.observed.file import NAME as OUTCOMES
from bench.value.observed.file import journal_mark, write_observed
from bench.value.observed.observe import observed_run, observed_suite
from bench.value.observed.record import ObservedSuite
from bench.value.prices import candidate_info, price_info
from bench.value.summary import PolicyInfo, RefusedCandidate, RunInfo, StoppedEarly, Summary
from bench.value.what_if import what_if

SCORES = "scores.jsonl"


@fewer_collections()
def judge_run(
    suites: Sequence[Suite],
    items: Mapping[str, tuple[Item, ...]],
    manifest: Manifest,
    answers: Iterable[Answer],
    folder: Path | None = None,
) -> Judged:
    """Score and value every suite of a run, under the manifest's assumptions where it has any.

    With a folder, the scores and the outcomes are written there.
    """
    suites = with_assumptions(suites, manifest.assumptions)
    by_suite: dict[str, list[Answer]] = {suite.name: [] for suite in suites}
    for answer in answers:
        if answer.suite in by_suite:
            by_suite[answer.suite].append(answer)
    found: dict[str, Assessed] = {}
    shown: dict[str, Evidence] = {}
    seen: dict[str, ObservedSuite] = {}
    strategies = {name: each.strategy for name, each in manifest.candidates.items()}
    lines = bytearray()
    for suite in suites:
        refused = _refused(manifest, suite.name)
        barred = {each.candidate for each in refused}
        candidates = [each for each in manifest.candidates if each not in barred]
        rows = list(scored(suite, in_order(by_suite[suite.name], candidates, items[suite.name])))
        for row in rows:
            lines += _line(row)
        planned = Planned(items[suite.name], manifest.repeats, strategies)
        table = ledger(suite, rows, manifest)
        seen[suite.name] = observed_suite(suite, items[suite.name], rows, table, manifest)
        told = assessed(suite, table, planned, candidates, manifest.seed)
        summary_of = told.summary.model_copy(update={"refused": refused})
        found[suite.name] = replace(told, summary=summary_of)
        worth_reading = evidence(found[suite.name].context, rows, table)
        if worth_reading is not None:
            shown[suite.name] = worth_reading
    mark = journal_mark(folder / JOURNAL) if folder is not None else None
    observed = observed_run(manifest, seen, mark)
    if folder is not None:
        write_whole(folder / SCORES, bytes(lines))
        write_observed(folder / OUTCOMES, observed)
    summary = Summary(
        run=run_info(manifest, _batched(by_suite.values()), sum(map(len, items.values()))),
        suites={name: each.summary for name, each in found.items()},
        across=across(found, manifest),
    )
    movable = {name: what_if(each) for name, each in found.items()}
    kept = {name: each for name, each in movable.items() if each is not None}
    return Judged(summary, evidence=shown, what_if=kept, observed=observed)


def _refused(manifest: Manifest, suite: str) -> list[RefusedCandidate]:
    policy = manifest.data_policy
    return [
        RefusedCandidate(
            candidate=each.candidate, rule=each.rule, text=each.text, source=each.source
        )
        for each in (policy.refused if policy else ())
        if each.suite == suite
    ]


def in_order(answers: list[Answer], candidates: list[str], items: tuple[Item, ...]) -> list[Answer]:
    """By candidate, item and repeat, so that a report does not depend on who answered first."""
    at_item = {item.id: at for at, item in enumerate(items)}
    at_candidate = {name: at for at, name in enumerate(candidates)}
    kept = [each for each in answers if each.item in at_item and each.candidate in at_candidate]
    return sorted(
        kept, key=lambda each: (at_candidate[each.candidate], at_item[each.item], each.repeat)
    )


def _line(row: Scored) -> bytes:
    answer = row.answer
    told = {
        "suite": answer.suite,
        "candidate": answer.candidate,
        "item": answer.item,
        "repeat": answer.repeat,
        "state": answer.state,
        "trouble": row.trouble,
        "scores": {
            name: score.model_dump(exclude_defaults=True)
            for name, score in (row.scores or {}).items()
        },
    }
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


def _batched(answers: Iterable[list[Answer]]) -> frozenset[str]:
    """The candidates that were asked by the file, if only for some of their answers."""
    return frozenset(
        answer.candidate
        for of_suite in answers
        for answer in of_suite
        if any(each.batched for each in answer.exchanges)
    )


def run_info(
    manifest: Manifest, batched: Collection[str] = (), items_asked: int | None = None
) -> RunInfo:
    """What a report says of where its numbers come from. `items_asked` of all suites; None: all that were planned."""
    rerouted = {name: others for name, (_, others) in manifest.rerouted().items()}
    return RunInfo(
        id=manifest.id,
        started=manifest.started,
        finished=manifest.finished,
        seed=manifest.seed,
        repeats=manifest.repeats,
        limit=manifest.limit,
        commit=manifest.commit,
        version=manifest.version,
        complete=manifest.complete,
        host=manifest.host,
        candidates={
            name: candidate_info(each, rerouted.get(name, ()))
            for name, each in manifest.candidates.items()
        },
        models_that_answered=manifest.models_that_answered,
        prices={
            name: price_info(each, is_batched=name in batched)
            for name, each in manifest.candidates.items()
        },
        assumptions_file=manifest.assumptions.file if manifest.assumptions else None,
        policy=PolicyInfo(name=policy.name, file=policy.path, digest=policy.digest)
        if (policy := manifest.data_policy)
        else None,
        stopped_early=_stopped_early(manifest, items_asked),
    )


def _stopped_early(manifest: Manifest, items_asked: int | None) -> StoppedEarly | None:
    held = manifest.held
    planned = sum(each.items for each in manifest.suites.values())
    if held is None or held.ended is None or held.ended == "whole" or not manifest.complete:
        return None
    if items_asked is None or items_asked >= planned:
        return None
    return StoppedEarly(
        against=held.baseline, why=held.ended, items_asked=items_asked, items_planned=planned
    )
