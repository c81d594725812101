"""What a user names, found: a run's folder, a baseline's file, or a baseline by its name."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.errors import RunFolderError, UserError
from bench.registry import did_you_mean
from bench.running.journal import NAME as JOURNAL
from bench.running.manifest import NAME as MANIFEST
from bench.running.manifest import read_manifest
from bench.value.observed.file import NAME as OUTCOMES
from bench.value.observed.file import journal_mark, read_observed
from bench.value.observed.record import Observed

BASELINES = Path("baselines")
RUNS = Path("results")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found under the name that a user gave.

    `run_folder` holds the texts of its answers; None where they are not on this machine.
    """

    observed: Observed
    name: str
    run_folder: Path | None


def found(named: str | Path, folder: Path = BASELINES, beside: Path | None = None) -> Found:
    """A run or a baseline. Raises UserError, in one line, when there is none or it cannot be used.

    A baseline's own run is looked for under `results/` and among the folders next to `beside`, another run.
    """
    try:
        return _found(named, folder, beside)
    except OSError as error:  # a name too long, a folder that is closed
        raise UserError(f"{named}: {error.strerror}; name a run's folder or a baseline") from None


def _found(named: str | Path, folder: Path, beside: Path | None) -> Found:
    """Raises UserError and OSError."""
    path, by_name = Path(named), _by_name(str(named), folder)
    if by_name is not None and _is_run(path):
        raise UserError(
            f"'{named}' is a run's folder and a baseline; write {path / OUTCOMES} or {by_name}"
        )
    if by_name is not None:
        return _baseline(by_name, by_name.stem, beside)
    if path.is_dir():
        return _run(path, str(named))
    if path.name == OUTCOMES and _is_run(path.parent):
        return _run(path.parent, str(path.parent))
    if path.exists():
        return _baseline(path, str(named), beside)
    raise _absent(str(named), folder)


def names(folder: Path) -> list[str]:
    """The baselines of a folder by their names."""
    if not folder.is_dir():
        return []
    return sorted(path.stem for path in folder.glob("*.json") if not path.name.startswith("."))


def _by_name(named: str, folder: Path) -> Path | None:
    """The file of the baseline that is called so, where there is one."""
    if Path(named).name != named:
        return None
    path = folder / f"{named}.json"
    return path if path.exists() else None


def _is_run(path: Path) -> bool:
    return (path / MANIFEST).is_file() or (path / OUTCOMES).is_file()


def _run(folder: Path, name: str) -> Found:
    path = folder / OUTCOMES
    again = shlex.join(["bench", "rescore", str(folder)])
    if not path.exists():
        if not (folder / MANIFEST).is_file():
            raise RunFolderError(f"{folder}: no run's folder ({MANIFEST} is missing)")
        raise RunFolderError(f"{folder}: {OUTCOMES} is missing; write it with: {again}")
    observed = read_observed(path)
    if journal_mark(folder / JOURNAL) not in (None, observed.journal):
        raise RunFolderError(
            f"{folder}: {JOURNAL} changed after it was judged; judge it with: {again}"
        )
    return Found(observed, name, folder)


def _baseline(path: Path, name: str, beside: Path | None) -> Found:
    observed = read_observed(path)
    places = [RUNS, path.parent, *([beside.parent] if beside is not None else [])]
    return Found(observed, name, _own_run(observed, places))


def _own_run(observed: Observed, places: list[Path]) -> Path | None:
    """The folder in which a baseline's run still lies as it was judged; None where there is none."""
    if observed.journal is None:
        return None
    for folder in _folders(places):
        if _length(folder / JOURNAL) == observed.journal[0] and _holds(folder, observed):
            return folder
    return None


def _folders(places: list[Path]) -> Iterator[Path]:
    for place in dict.fromkeys(places):
        if place.is_dir():
            yield place
            yield from sorted(each for each in place.iterdir() if each.is_dir())


def _length(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _holds(folder: Path, observed: Observed) -> bool:
    if journal_mark(folder / JOURNAL) != observed.journal:
        return False
    try:
        return read_manifest(folder).id == observed.id
    except RunFolderError:
        return False


def _above(named: str, folder: Path) -> Path | None:
    """The baseline of this name that lies in a directory above, as seen from here; the nearest."""
    if folder.is_absolute():
        return None
    ups = (Path(*[".."] * count) for count in range(1, len(Path.cwd().parents) + 1))
    return next((path for up in ups if (path := up / folder / f"{named}.json").is_file()), None)


def _absent(named: str, folder: Path) -> UserError:
    """Why nothing was found, and what to do."""
    known = names(folder)
    if Path(named).name != named or named.endswith(".json"):
        return UserError(f"{named}: no such file; name a run's folder or a baseline")
    above = _above(named, folder)
    if above is not None:
        return UserError(
            f"{folder}: no baseline is called '{named}' in this directory; name it by its file {above}, or go there"
        )
    if not known:
        make = shlex.join(["bench", "baseline", "set", "RUN", "--name", named])
        return UserError(f"{folder}: no baseline is called '{named}'; bless a run with: {make}")
    return UserError(
        f"{folder}: no baseline and no run is called '{named}'{did_you_mean(named, known)}"
    )
