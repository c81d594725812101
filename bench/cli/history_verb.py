"""`bench history`: the runs of one suite over time."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from bench.cli.say import say, tell
from bench.cli.selection import Lang
from bench.errors import UserError


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command("history", help="Tell how a suite's results changed from run to run.")(history)


def history(
    suite: Annotated[str, typer.Argument(help="Name of the suite, as the runs have it.")],
    folder: Annotated[
        Path, typer.Option("--in", help="Folder that holds the runs, one or two levels down.")
    ] = Path("results"),
    candidate: Annotated[str | None, typer.Option(help="Only this candidate.")] = None,
    adoption: Annotated[
        Path | None,
        typer.Option(help="CSV of use: date, users, usage, revenue, satisfaction, labels."),
    ] = None,
    lang: Lang = "zh",
    formats: Annotated[
        Literal["text", "json", "md"], typer.Option("--format", help="How to print it.")
    ] = "text",
) -> int:
    """Print the history. Nothing is written and no candidate is called."""
    import datetime as dt

    from bench.registry import did_you_mean
    from bench.reports.history import FORMATS
    from bench.value.history.adoption import adoption as read
    from bench.value.history.build import history as build
    from bench.value.history.past import found

    today = dt.datetime.now().astimezone().date()
    use = read(adoption, today) if adoption else None
    runs = found(folder, suite)
    for line in runs.warnings:
        say(line)
    if not runs.runs:
        known = did_you_mean(suite, list(runs.other_suites)) or "; make one with: bench run"
        raise UserError(f"{folder}: no run of the suite '{suite}'{known}")
    told = build(suite, runs.runs, use)
    if candidate is not None:
        if candidate not in told.candidates:
            known = did_you_mean(candidate, list(told.candidates))
            raise UserError(f"no run of '{suite}' has the candidate '{candidate}'{known}")
        told = told.model_copy(update={"candidates": {candidate: told.candidates[candidate]}})
    tell(FORMATS[formats](told, lang))
    return 0
