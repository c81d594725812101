"""`bench score`: what answers made elsewhere are worth."""

import shlex
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bench.cli.say import say
from bench.cli.selection import Assumptions, Lang
from bench.cli.tell_run import tell_run
from bench.errors import RunFolderError

if TYPE_CHECKING:
    from bench.cli.given_answers import Given
    from bench.running.manifest import Manifest
    from bench.running.plan import Plan
    from bench.running.run import RunResult
    from bench.suites.assumptions_file import OwnAssumptions
    from bench.suites.load import Suite


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command(
        "score", help="Score answers that were made elsewhere, and report what they are worth."
    )(score)


def score(
    suite: Annotated[str, typer.Argument(help="Name under tasks/, or a path.")],
    answers: Annotated[
        list[str],
        typer.Option(
            metavar="[NAME=]FILE",
            help="One candidate's answers: JSON Lines (or CSV, JSON, Parquet) with item and output, and "
            "if known repeat, model, input_tokens, output_tokens, latency_s. Give it once per candidate.",
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder of the run.  [default: results/TIME]")
    ] = None,
    assumptions: Assumptions = None,
    lang: Lang = "zh",
) -> int:
    """Score and report. Returns the exit code."""
    from bench.cli.given_answers import given_answers
    from bench.running.manifest import NAME
    from bench.running.run import Options
    from bench.running.run import run as execute
    from bench.suites.assumptions_file import read_assumptions
    from bench.suites.load import load

    loaded = load(suite)
    given = given_answers(answers, loaded)
    own = read_assumptions([loaded], assumptions) if assumptions else None
    folder = out or Path("results") / f"{_now()}-{loaded.name}"
    if (folder / NAME).is_file():
        raise RunFolderError(f"{folder}: holds a run already; choose another --out")
    planned, made = _prepared(loaded, given, folder, own)
    say(f"{planned.count()} trials: {len(given)} candidate(s); into {folder}")
    result = execute(planned, folder, made, Options(quiet=True, use_cache=False))
    try:
        tell_run(planned, result, folder, lang)
    except RunFolderError as error:
        say(f"{error}; then: {shlex.join(['bench', 'rescore', str(folder)])}")
        return 3
    return _ending(result, folder)


def _now() -> str:
    from datetime import datetime

    return f"{datetime.now().astimezone():%Y%m%d-%H%M%S}"


def _prepared(
    suite: "Suite", given: "tuple[Given, ...]", folder: Path, own: "OwnAssumptions | None"
) -> "tuple[Plan, Manifest]":
    """The run of these answers, its folder made."""
    from bench.cli.given_answers import write_recordings
    from bench.endpoints.file import load_endpoints
    from bench.running.manifest import manifest
    from bench.running.plan import plan
    from bench.running.run import prepare
    from bench.strategies.candidate import candidates

    endpoints = write_recordings(given, folder)
    chosen = candidates((), load_endpoints(endpoints))
    planned = plan([suite], chosen, repeats=max(each.repeats for each in given))
    made = manifest(planned, folder.name, None, endpoints).model_copy(update={"assumptions": own})
    return planned, prepare(folder, made, resume=False, retry_failed=False)


def _ending(result: "RunResult", folder: Path) -> int:
    """The last line and the exit code."""
    if result.unwritten or result.not_run:
        why = result.unwritten or f"interrupted; {result.not_run} trials owed"
        say(f"{why}; go on with: {shlex.join(['bench', 'run', '--resume', '--out', str(folder)])}")
        return 130 if result.ended.stopped and not result.unwritten else 3
    missing = Counter(each.candidate for each in result.answers if each.failure is not None)
    if missing:
        told = ", ".join(f"{name} {count}" for name, count in missing.items())
        say(
            f"{missing.total()} of {len(result.answers)} trials have no answer and count as failures: "
            f"{told}; add them and score into another --out"
        )
        return 3
    return 0
