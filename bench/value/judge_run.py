"""A run's answers become its summary: scores, ledgers, verdicts."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import orjson
from pydantic import JsonValue

from bench.errors import RunFolderError
from bench.running.manifest import CandidateEntry, Manifest
from bench.scoring.score import Scored, scored
from bench.suites.assumptions_file import with_assumptions
from bench.suites.load import Suite
from bench.types import Answer, Item
from bench.value.across.build import across
from bench.value.assess import Assessed, assessed
from bench.value.context import Planned
from bench.value.judged import Judged
from bench.value.ledger import ledger
from bench.value.summary import RunInfo, Summary

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
    strategies = {name: each.strategy for name, each in manifest.candidates.items()}
    candidates = list(manifest.candidates)
    lines: list[bytes] = []
    for suite in suites:
        rows = list(scored(suite, _in_order(by_suite[suite.name], candidates, items[suite.name])))
        lines += [_line(row) for row in rows]
        planned = Planned(items[suite.name], manifest.repeats, strategies)
        table = ledger(suite, rows, manifest)
        found[suite.name] = assessed(suite, table, planned, candidates, manifest.seed)
    if folder is not None:
        _write(folder / SCORES, lines)
    summary = Summary(
        run=run_info(manifest),
        suites={name: each.summary for name, each in found.items()},
        across=across(found, manifest),
    )
    return Judged(summary)


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
        candidates={name: _described(each) for name, each in manifest.candidates.items()},
        models_that_answered=manifest.models_that_answered,
        prices={name: _priced(each) for name, each in manifest.candidates.items()},
        assumptions_file=manifest.assumptions.file if manifest.assumptions else None,
    )


def _described(entry: CandidateEntry) -> str:
    identity = entry.identity.get("endpoint")
    model = identity.get("model") if isinstance(identity, dict) else None
    shown = f"{entry.adapter}: {model}" if model else entry.adapter
    return f"{shown}, {entry.strategy}"


def _priced(entry: CandidateEntry) -> str:
    price = entry.price
    if price is None:
        return ""
    flat = price.get("input") is not None or price.get("output") is not None
    parts = [_rates(each) for each in ([price] if flat else _mappings(price.get("tiers")))]
    if parts:
        parts[-1] += f" per {price.get('per'):,} tokens"
    parts += [
        f"x {each.get('factor')} from {each.get('from')} to {each.get('to')} {each.get('zone')}"
        for each in _mappings(price.get("hours"))
    ]
    if price.get("machine_hour") is not None:
        parts.append(f"{price.get('machine_hour')} per machine hour")
    dated = f" ({price.get('as_of') or 'undated'}; {price.get('source') or 'no source'})"
    rates = [
        f"; 1 {price.get('currency')} = {entry.fx[currency]:g} {currency} ({told})"
        for currency, told in entry.fx_source.items()
    ]
    return f"{price.get('currency')} {', '.join(parts)}{dated}{''.join(rates)}"


def _rates(told: Mapping[str, JsonValue]) -> str:
    """The rates of a price or of one of its tiers."""
    cached, thought = told.get("cached_input"), told.get("reasoning")
    read = f"{told.get('input')} in" + (f" ({cached} cached)" if cached is not None else "")
    written = f"{told.get('output')} out" + (f" ({thought} thought)" if thought is not None else "")
    bound = told.get("up_to")
    return f"{read} / {written}" + (f" up to {bound:,}" if bound is not None else "")


def _mappings(told: JsonValue) -> list[dict[str, JsonValue]]:
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
