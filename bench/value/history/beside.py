"""The finished runs that lie beside a run, so that its report can tell what changed."""

import dataclasses
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.value.history.build import history
from bench.value.history.past import NAME, PastRun, past_runs, why_broken
from bench.value.judged import Judged

RUNS_TOLD = 12
"""The latest so many runs are told, this one among them."""
_MOST_FILES = 60
_MOST_BYTES = 16 * 2**20
_Found = dict[str, dict[str, PastRun]]
"""Suite -> run's id -> the suite's part of it."""


def with_history(judged: Judged, folder: Path) -> tuple[Judged, tuple[str, ...]]:
    """The judged run with the earlier runs in the folder that holds its own, and a line for each broken file.

    Only summaries right beside it are read, and of these the newest; links are not followed. A suite without
    an earlier run has no history.
    """
    summary = judged.summary
    found, warnings = _earlier(judged, folder)
    if not any(found.values()):
        return judged, warnings
    ours = past_runs(summary.model_dump_json(by_alias=True), found.keys())
    told = {}
    for name, runs in found.items():
        this = ours[name]
        before = [each for each in runs.values() if each.began <= this.began]
        kept = sorted(before, key=lambda each: each.began)[-(RUNS_TOLD - 1) :]
        if kept:
            told[name] = history(name, [*kept, this], None)
    return dataclasses.replace(judged, history=told), warnings


def _earlier(judged: Judged, folder: Path) -> tuple[_Found, tuple[str, ...]]:
    """Finished runs of the same suites; the run itself, and copies of it, are left out."""
    run, suites = judged.summary.run, list(judged.summary.suites)
    found: _Found = {name: {} for name in suites}
    warnings = []
    for path in _summaries(folder):
        try:
            parts = past_runs(path.read_text(encoding="utf-8"), suites)
        except (OSError, ValueError) as error:
            why = why_broken(error) if isinstance(error, ValueError) else error.strerror
            warnings.append(f"{path}: not a run's summary: {why}; left out of the history")
            continue
        for name, part in parts.items():
            if part.run.complete and part.run.id != run.id:
                found[name].setdefault(part.run.id, part)
    return found, tuple(warnings)


def _summaries(folder: Path) -> Iterator[Path]:
    """The newest summaries of the folders beside this one; ordinary files of a bounded size."""
    here = folder.resolve()
    sizes: Mapping[Path, os.stat_result] = {
        path: found for path in _beside(here) if (found := _ordinary(path)) is not None
    }
    newest = sorted(sizes, key=lambda path: (-sizes[path].st_mtime, path.name))
    yield from sorted(newest[:_MOST_FILES])


def _beside(here: Path) -> Iterator[Path]:
    try:
        with os.scandir(here.parent) as entries:
            for entry in entries:
                if entry.name != here.name and entry.is_dir(follow_symlinks=False):
                    yield Path(entry.path) / NAME
    except OSError:
        return


def _ordinary(path: Path) -> os.stat_result | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return found if stat.S_ISREG(found.st_mode) and found.st_size <= _MOST_BYTES else None
