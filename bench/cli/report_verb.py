"""`bench report`: tell a run again, in another language, format or under other assumptions."""

from pathlib import Path
from typing import Annotated

import typer

from bench.cli.selection import Assumptions, Lang
from bench.cli.stored_run import stored_run
from bench.cli.tell_run import tell_judged


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command("report", help="Write a run's reports again; no candidate is called.")(report)


def report(
    run: Annotated[Path, typer.Argument(help="Folder of the run.")],
    lang: Lang = "zh",
    formats: Annotated[
        str, typer.Option("--format", help="html, md, json, xlsx, docx, separated by commas.")
    ] = "html,md,json",
    assumptions: Assumptions = None,
    headline: Annotated[
        str | None, typer.Option(help="Business metric that heads the report.")
    ] = None,
) -> int:
    """Judge the stored answers and write the reports."""
    from bench.suites.assumptions_file import read_assumptions
    from bench.suites.headline import headed_by
    from bench.value.judge_run import judge_run

    stored = stored_run(run, allow_new_judgement=False)
    manifest = stored.manifest
    if assumptions is not None:
        own = read_assumptions(stored.suites, assumptions)
        manifest = manifest.model_copy(update={"assumptions": own})
    suites = [headed_by(suite, headline) for suite in stored.suites]
    judged = judge_run(suites, stored.items, manifest, stored.answers)
    wanted = [each.strip() for each in formats.split(",") if each.strip()]
    tell_judged(judged, run, lang, wanted)
    return 0
