"""A run's answers become its summary: scores, ledgers, verdicts."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import orjson

from bench.errors import RunFolderError
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
from bench.value.prices import candidate_info, price_info
from bench.value.summary import RunInfo, Summary
from bench.value.what_if import what_if

SCORES = "scores.jsonl"


def judge_run(
    suites: Sequence[Suite],
    items: Mapping[str, tuple[Item, ...]],
    manifest: Manifest,
    answers: Iterable[Answer],
    folder: Path | None = None,
) -> Judged:
    """Score and value every suite of a run, under the manifest's assumptions where it has any.

    With a folder, the scores are written there.
    """
    suites = with_assumptions(suites, manifest.assumptions)
    by_suite: dict[str, list[Answer]] = {suite.name: [] for suite in suites}
    for answer in answers:
        if answer.suite in by_suite:
            by_suite[answer.suite].append(answer)
    found: dict[str, Assessed] = {}
    shown: dict[str, Evidence] = {}
    strategies = {name: each.strategy for name, each in manifest.candidates.items()}
    candidates = list(manifest.candidates)
    lines: list[bytes] = []
    for suite in suites:
        rows = list(scored(suite, _in_order(by_suite[suite.name], candidates, items[suite.name])))
        lines += [_line(row) for row in rows]
        planned = Planned(items[suite.name], manifest.repeats, strategies)
        table = ledger(suite, rows, manifest)
        found[suite.name] = assessed(suite, table, planned, candidates, manifest.seed)
        worth_reading = evidence(found[suite.name].context, rows, table)
        if worth_reading is not None:
            shown[suite.name] = worth_reading
    if folder is not None:
        _write(folder / SCORES, lines)
    summary = Summary(
        run=run_info(manifest),
        suites={name: each.summary for name, each in found.items()},
        across=across(found, manifest),
    )
    movable = {name: what_if(each) for name, each in found.items()}
    kept = {name: each for name, each in movable.items() if each is not None}
    return Judged(summary, evidence=shown, what_if=kept)


def _in_order(
    answers: list[Answer], candidates: list[str], items: tuple[Item, ...]
) -> list[Answer]:
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
    return orjson.dumps(told)


def _write(path: Path, lines: list[bytes]) -> None:
    fresh = path.with_suffix(".tmp")
    try:
        fresh.write_bytes(b"".join(line + b"\n" for line in lines))
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise RunFolderError(f"{path}: {error.strerror}; free some space") from None


def run_info(manifest: Manifest) -> RunInfo:
    """What a report says of where its numbers come from."""
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
        candidates={name: candidate_info(each) for name, each in manifest.candidates.items()},
        models_that_answered=manifest.models_that_answered,
        prices={name: price_info(each) for name, each in manifest.candidates.items()},
        assumptions_file=manifest.assumptions.file if manifest.assumptions else None,
    )
