"""The runs beside a run that asked the same: those that a window is told over."""

import datetime as dt
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bench.errors import RunFolderError, UserError
from bench.gate.against import found
from bench.gate.window.record import LeftOut
from bench.value.observed.file import NAME, read_observed
from bench.value.observed.record import Observed

_MOST_FILES = 200
"""Of more folders than these, those written last are looked into."""
_MOST_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Run:
    """A run and what its folder is called."""

    name: str
    observed: Observed


@dataclass(frozen=True, slots=True)
class _Head:
    """What decides whether a run belongs to the window."""

    path: Path
    id: str
    began: dt.datetime
    complete: bool
    limit: Any
    pairs: frozenset[tuple[str, str]]


def runs_beside(folder: Path, most: int) -> tuple[tuple[Run, ...], tuple[LeftOut, ...]]:
    """The run in `folder`, last, and before it the runs beside it that share a suite's candidate, in order of time.

    At most so many in all, the latest. Only folders right beside it count; links are not followed. Runs that did not
    finish or asked another number of items, and files that cannot be read, are left out and told, in order of their
    paths; runs of other suites or candidates, later runs and copies are left out. Raises UserError where `folder`
    holds no run.
    """
    last = found(folder / NAME).observed
    try:
        ours = _head(folder / NAME, last.model_dump(mode="json"))
    except ValueError as error:
        raise RunFolderError(f"{folder / NAME}: started: {error}; restore the file") from None
    left_out: list[LeftOut] = []
    heads = [each for each in _heads(folder, left_out) if _belongs(each, ours, left_out)]
    heads.sort(key=lambda each: (each.began, each.id), reverse=True)
    kept: list[Run] = []
    ids = {ours.id}
    for each in heads:
        if len(kept) + 1 >= most:
            break
        run = None if each.id in ids else _read(each.path, left_out)
        if run is not None:
            kept.append(run)
            ids.add(each.id)
    told = tuple(sorted(left_out, key=lambda each: each.path))
    return (*reversed(kept), Run(folder.resolve().name, last)), told


def _belongs(each: _Head, ours: _Head, left_out: list[LeftOut]) -> bool:
    if not each.pairs & ours.pairs or each.began > ours.began or each.id == ours.id:
        return False
    if each.complete and each.limit == ours.limit:
        return True
    why = "other_limit" if each.complete else "unfinished"
    left_out.append(LeftOut(path=str(each.path.parent), why=why))
    return False


def _read(path: Path, left_out: list[LeftOut]) -> Run | None:
    try:
        return Run(path.parent.name, read_observed(path))
    except UserError as error:
        detail = str(error).removeprefix(f"{path}: ")
        left_out.append(LeftOut(path=str(path), why="broken", detail=detail))
        return None


def _heads(folder: Path, left_out: list[LeftOut]) -> Iterator[_Head]:
    for path in _files(folder):
        try:
            yield _head(path, orjson.loads(path.read_bytes()))
        except OSError as error:
            left_out.append(LeftOut(path=str(path), why="broken", detail=error.strerror or ""))
        except (ValueError, TypeError, LookupError, AttributeError):  # whatever stands in a file
            left_out.append(
                LeftOut(path=str(path), why="broken", detail="not the outcomes of a run")
            )


def _head(path: Path, told: Any) -> _Head:
    """Raises ValueError, TypeError, LookupError or AttributeError where the file is none of ours."""
    began = dt.datetime.fromisoformat(told["started"])
    return _Head(
        path=path,
        id=str(told["id"]),
        began=began if began.tzinfo else began.replace(tzinfo=dt.UTC),
        complete=told["complete"] is True,
        limit=told.get("limit"),
        pairs=frozenset(
            (suite, candidate)
            for suite, each in told["suites"].items()
            for candidate in each["candidates"]
        ),
    )


def _files(folder: Path) -> list[Path]:
    """The outcomes in the folders beside this one, ordinary files of a bounded size, those written last.

    From where the user is, unless the folder was named in full.
    """
    here = folder.resolve()
    around = here.parent if folder.is_absolute() else Path(os.path.relpath(here.parent))
    found_at = {
        path: told for path in _beside(here, around) if (told := _ordinary(path)) is not None
    }
    newest = sorted(found_at, key=lambda path: (-found_at[path].st_mtime, path.name))
    return sorted(newest[:_MOST_FILES])


def _beside(here: Path, around: Path) -> Iterator[Path]:
    try:
        with os.scandir(around) as entries:
            for entry in entries:
                if entry.name != here.name and entry.is_dir(follow_symlinks=False):
                    yield around / entry.name / NAME
    except OSError:
        return


def _ordinary(path: Path) -> os.stat_result | None:
    try:
        told = path.lstat()
    except OSError:
        return None
    return told if stat.S_ISREG(told.st_mode) and told.st_size <= _MOST_BYTES else None
