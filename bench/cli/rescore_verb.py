"""`bench rescore`: the stored answers through today's scorers and rules."""

from pathlib import Path
from typing import Annotated

import typer

from bench.cli.selection import Assumptions, Lang
from bench.cli.stored_run import stored_run
from bench.cli.tell_run import tell_judged


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command("rescore", help="Score and value a run's answers again; no candidate is called.")(
        rescore
    )


def rescore(
    run: Annotated[Path, typer.Argument(help="Folder of the run.")],
    lang: Lang = "zh",
    assumptions: Assumptions = None,
) -> int:
    """Score again, write scores and reports, and note in the manifest what judged them."""
    from bench.running.manifest import write_manifest
    from bench.suites.assumptions_file import read_assumptions
    from bench.value.judge_run import judge_run

    stored = stored_run(run, allow_new_judgement=True)
    entries = {
        suite.name: stored.manifest.suites[suite.name].model_copy(
            update={"digests": suite.digests, "version": suite.file.version}
        )
        for suite in stored.suites
    }
    own = stored.manifest.assumptions
    if assumptions is not None:
        own = read_assumptions(stored.suites, assumptions)
    manifest = stored.manifest.model_copy(update={"suites": entries, "assumptions": own})
    judged = judge_run(stored.suites, stored.items, manifest, stored.answers, run)
    write_manifest(run, manifest)
    tell_judged(judged, run, lang)
    return 0
