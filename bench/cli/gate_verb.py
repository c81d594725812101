"""`bench gate`: a run against a blessed run: pass, fail, or inconclusive with the items that would tell."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bench.cli.gate_files import Files, write_files
from bench.cli.say import say, tell
from bench.cli.selection import Lang
from bench.errors import UserError

if TYPE_CHECKING:
    from bench.gate.flips import Texts
    from bench.gate.policy_file import GatePolicy
    from bench.gate.record import GateReport
    from bench.gate.window.record import WindowReport
    from bench.types import Language


def add_to(app: typer.Typer) -> None:
    """Register the verb."""
    app.command(
        "gate", help="Hold a run against a blessed run: pass, fail, or how many items it takes."
    )(gate)


def gate(
    run: Annotated[Path, typer.Argument(help="Folder of the run.")],
    against: Annotated[
        str | None,
        typer.Option(help="A baseline's name under baselines/, its file, or a run's folder."),
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(help="What may not get worse, and by how much.  [default: built in]"),
    ] = None,
    window: Annotated[
        int | None,
        typer.Option(min=2, help="Tell what changed over the last so many runs beside this one."),
    ] = None,
    lang: Lang = "zh",
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit XML report.")] = None,
    markdown: Annotated[
        Path | None, typer.Option(help="Write Markdown for a pull request.")
    ] = None,
    gitlab: Annotated[
        Path | None, typer.Option(help="Write a code-quality report for GitLab.")
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write every number as JSON.")] = None,
) -> int:
    """Compare. Returns the exit code; on GitHub Actions also annotations, a step summary and outputs."""
    from bench.gate.policy_file import read_gate_policy

    held = read_gate_policy(policy)
    if against is None and window is None:
        raise UserError(
            "--against is missing: a baseline's name, its file or a run's folder; or --window N"
        )
    if against is None and (junit or gitlab):
        raise UserError(
            "--junit and --gitlab go with --against; --window writes --markdown and --json"
        )
    files = Files(junit, markdown, gitlab, json)
    codes = []
    series = report = None
    if window is not None:
        series = _watched(run, window, held, lang)
        codes.append(series.exit_code(held.drift))
    if against is not None:
        report = compared(run, against, held, policy)
        codes.append(told(report, lang))
    write_files(files, report, series, lang)
    return worst(codes)


def worst(codes: list[int]) -> int:
    """One exit code for several findings: a failure first, then what is not complete, then what is open."""
    return next((code for code in (1, 3, 4) if code in codes), 0)


def compared(
    run: Path, against: str, policy: "GatePolicy", policy_file: Path | None = None
) -> "GateReport":
    """The gate's report on a run that is in its folder. Raises UserError."""
    from datetime import UTC, datetime

    from bench.gate.against import found
    from bench.gate.gate import gate as hold
    from bench.gate.policy_check import check_policy, lapsed

    now = found(run)
    check_policy(policy, now.observed, policy_file)
    for line in lapsed(policy, datetime.now(UTC).date()):
        say(f"warning: {line}")
    then = found(against, beside=run)
    report = hold(
        now.observed,
        then.observed,
        policy,
        run_name=str(run),
        baseline_name=then.name,
        texts=_texts(now.run_folder, then.run_folder),
    )
    return with_paths(report, run)


def _texts(now: Path | None, then: Path | None) -> "Texts":
    from bench.gate.texts import texts_of

    sides = {
        side: texts_of(folder)
        for side, folder in (("new", now), ("old", then))
        if folder is not None
    }

    def text(side: str, suite: str, candidate: str, item: str, repeat: int) -> str | None:
        return sides[side](suite, candidate, item, repeat) if side in sides else None

    return text


def with_paths(report: "GateReport", run: Path) -> "GateReport":
    """The report with where its suites stand, as seen from here: what annotations point at."""
    from bench.errors import RunFolderError
    from bench.running.manifest import read_manifest

    try:
        entries = read_manifest(run).suites
    except RunFolderError:  # only outcomes.json was kept
        return report
    here = Path.cwd()
    suites = {
        name: facts.model_copy(update={"path": _seen_from(here, Path(entries[name].path))})
        for name, facts in report.suites.items()
        if name in entries
    }
    return report.model_copy(update={"suites": {**report.suites, **suites}})


def _seen_from(here: Path, path: Path) -> str | None:
    """A path below the working directory, and None for any other: a server's annotations know no other files."""
    whole = path if path.is_absolute() else here / path
    try:
        return whole.resolve().relative_to(here.resolve()).as_posix() if whole.exists() else None
    except ValueError:
        return None


def told(report: "GateReport", lang: "Language") -> int:
    """Tell a report to the terminal, and to GitHub where this runs there; its exit code."""
    import os

    from bench.gate.told.console import console
    from bench.gate.told.github import told_to_github

    tell(console(report, lang))
    tell(told_to_github(report, os.environ, lang))
    return report.exit_code


def _watched(run: Path, count: int, policy: "GatePolicy", lang: "Language") -> "WindowReport":
    """The runs beside this one, told to the terminal, and to GitHub where this runs there."""
    import os

    from bench.gate.told.github import summarised
    from bench.gate.window.series import window
    from bench.gate.window.told import told as in_lines
    from bench.gate.window.told import told_markdown

    report = window(run, count, policy)
    tell(in_lines(report, lang))
    summarised(told_markdown(report, lang), os.environ)
    return report
