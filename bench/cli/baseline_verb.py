"""`bench baseline`: the runs that later ones are held against."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bench.cli.say import say, tell
from bench.cli.selection import Lang
from bench.errors import UserError

if TYPE_CHECKING:
    from bench.value.observed.record import Observed

Folder = Annotated[Path, typer.Option(help="Folder of the baselines, to be committed.")]
Named = Annotated[str, typer.Argument(help="A baseline's name, its file, or a run's folder.")]


def add_to(app: typer.Typer) -> None:
    """Register the verb and its own verbs."""
    baseline = typer.Typer(
        help="Take a run as the one to be held against; show, list or compare such runs.",
        no_args_is_help=True,
    )
    baseline.command("set", help="Take a run as a baseline.")(set_)
    baseline.command("show", help="Who took which run, and what it showed.")(show)
    baseline.command("list", help="The baselines of the folder, a line each.")(list_)
    baseline.command("diff", help="What differs between two baselines or runs.")(diff)
    app.add_typer(baseline, name="baseline")


def set_(
    run: Annotated[Path, typer.Argument(help="Folder of the run.")],
    name: Annotated[str, typer.Option(help="What to call it.")] = "main",
    folder: Folder = Path("baselines"),
    by: Annotated[
        str | None, typer.Option(help="Who takes it.  [default: git's user.name, else the user's]")
    ] = None,
    because: Annotated[str, typer.Option(help="Why it may be held against.")] = "",
    suite: Annotated[
        list[str] | None, typer.Option(help="Keep this suite alone; may be said again.")
    ] = None,
    candidates: Annotated[
        str | None, typer.Option(help="Keep these alone, separated by commas.")
    ] = None,
    even_so: Annotated[
        bool, typer.Option("--even-so", help="Also a run that is incomplete or has gaps.")
    ] = False,
) -> int:
    """Write the run's outcomes as a baseline, without texts."""
    from bench.gate.against import found
    from bench.gate.baseline_file import (
        baseline_path,
        blessed,
        broken_limits,
        doubts,
        only,
        write_baseline,
    )

    path = baseline_path(name, folder)
    wanted = [each.strip() for each in (candidates or "").split(",") if each.strip()]
    observed = only(found(run, folder).observed, suite or (), wanted)
    _refuse(run, list(doubts(observed)), even_so=even_so)
    for line in broken_limits(observed):
        say(f"warning: {line}")
    replaces, changes = _before(path, observed)
    fresh = blessed(observed, by or _user(), because, replaces)
    write_baseline(fresh, name, folder)
    say(f"wrote {path}: run {observed.id}, by {fresh.blessed.by if fresh.blessed else ''}{changes}")
    return 0


def _refuse(run: Path, doubts: list[str], *, even_so: bool) -> None:
    """Raises UserError for the first doubt, unless it is to be borne; then all are said."""
    if doubts and not even_so:
        more = f" (and {len(doubts) - 1} more)" if len(doubts) > 1 else ""
        raise UserError(f"{run}: {doubts[0]}{more}; or take it all the same with --even-so")
    for line in doubts:
        say(f"warning: {run}: {line}")


def _before(path: Path, observed: "Observed") -> tuple[str | None, str]:
    """The fingerprint of the baseline that stands there, and what is said of its end."""
    from bench.gate.baseline_diff import diff
    from bench.gate.baseline_words import diff_line
    from bench.value.observed.file import fingerprint, read_observed

    if not path.exists():
        return None, ""
    try:
        before = read_observed(path)
    except UserError:
        return None, "; in place of a file that could not be read"
    by = before.blessed.by if before.blessed else "nobody"
    changes = diff_line(diff(before, observed))
    return fingerprint(before), f"; in place of run {before.id}, by {by}: {changes}"


def _user() -> str:
    """Who sits here: as git knows them, else as the system does."""
    import getpass
    import subprocess

    try:
        told = subprocess.run(  # a fixed command
            ["git", "config", "user.name"],  # noqa: S607  # whichever git the user has
            capture_output=True,
            text=True,
            errors="replace",
            timeout=5,
            check=False,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        told = ""
    try:
        return told or getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def show(
    name: Named = "main",
    folder: Folder = Path("baselines"),
    lang: Lang = "zh",
) -> int:
    """Print what a baseline holds."""
    from bench.gate.against import found
    from bench.gate.baseline_words import show as words

    named = found(name, folder)
    tell(words(named.observed, named.name, lang))
    return 0


def list_(folder: Folder = Path("baselines"), lang: Lang = "zh") -> int:
    """Print the baselines; what cannot be read is a line on stderr."""
    from bench.gate.baseline_file import listed
    from bench.gate.baseline_words import table

    found = listed(folder)
    for each in found:
        if each.trouble:
            say(each.trouble)
    tell(table(found, lang))
    if not found:
        say(f"{folder}: no baseline; make one with: bench baseline set RUN")
    return 0


def diff(
    old: Annotated[str, typer.Argument(help="A baseline's name, its file, or a run's folder.")],
    new: Named,
    folder: Folder = Path("baselines"),
    lang: Lang = "zh",
) -> int:
    """Print what differs. Nothing is tested."""
    from bench.gate.against import found
    from bench.gate.baseline_diff import diff as differences
    from bench.gate.baseline_words import diff_page

    before, now = found(old, folder), found(new, folder)
    told = differences(before.observed, now.observed)
    tell(diff_page(told, (before.name, now.name), lang))
    return 0
