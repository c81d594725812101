"""Baselines: runs that somebody took as the ones to be held against, as small files of their own."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.errors import RunFolderError, UserError
from bench.files.whole_file import write_whole
from bench.gate.against import BASELINES, names
from bench.gate.shown import shown
from bench.registry import did_you_mean
from bench.value.observed.file import read_observed, written
from bench.value.observed.record import Blessing, Observed
from bench.wording.plain import plain

_NAME = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,79}")
_MOST_CHARS = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of a folder of baselines; without an `observed` it is broken, and `trouble` says how."""

    name: str
    observed: Observed | None
    trouble: str = ""


def blessed(
    observed: Observed,
    by: str,
    because: str = "",
    replaces: str | None = None,
    at: datetime | None = None,
) -> Observed:
    """The run as a baseline. `replaces` is the fingerprint of the one before; `at` is now, unless said."""
    moment = (at or datetime.now(UTC)).isoformat(timespec="seconds")
    blessing = Blessing(
        by=plain(by)[:_MOST_CHARS] or "unknown",
        at=moment,
        because=plain(because)[:_MOST_CHARS],
        replaces=replaces,
    )
    return observed.model_copy(update={"blessed": blessing})


def only(
    observed: Observed, suites: Collection[str] = (), candidates: Collection[str] = ()
) -> Observed:
    """The run with these suites and candidates alone; all, where none is named. Raises UserError for an unknown one."""
    told = list(
        dict.fromkeys(name for each in observed.suites.values() for name in each.candidates)
    )
    for kind, wanted, known in (
        ("suite", suites, list(observed.suites)),
        ("candidate", candidates, told),
    ):
        for name in wanted:
            if name not in known:
                raise UserError(f"the run has no {kind} '{name}'{did_you_mean(name, known)}")
    kept = {}
    for name, suite in observed.suites.items():
        of_suite = {
            each: one
            for each, one in suite.candidates.items()
            if not candidates or each in candidates
        }
        if (not suites or name in suites) and (of_suite or not candidates):
            kept[name] = suite.model_copy(update={"candidates": of_suite})
    return observed.model_copy(update={"suites": kept})


def doubts(observed: Observed) -> Iterator[str]:
    """Why a run had better not be held against, a line each with what to do."""
    if not observed.complete:
        yield "the run is not complete; finish it with: bench run --resume --out RUN"
    for name, looks in observed.looks.items():
        if looks and looks[-1] < 1:
            yield (
                f"suite '{name}': the run stopped early, at {looks[-1]:.0%} of its items; bless one that went to its end"
            )
    if not any(suite.candidates for suite in observed.suites.values()):
        yield "nothing was answered; run again"
    for suite_name, suite in observed.suites.items():
        for name in suite.candidates:
            told, where = shown(suite, name), f"suite '{suite_name}': candidate '{name}'"
            if not told.outcomes:
                yield f"{where} has no outcome at all; see why in its report, and run again"
            elif told.coverage < suite.coverage_floor:
                yield (
                    f"{where} has an outcome for {told.coverage:.1%} of its trials, the suite asks for "
                    f"{suite.coverage_floor:.1%}; run again, or name the others with --candidates"
                )


def broken_limits(observed: Observed) -> Iterator[str]:
    """A line for each candidate that surely breaks a hard gate of its suite: what is blessed is not yet fit for use."""
    for suite_name, suite in observed.suites.items():
        for name in suite.candidates:
            broken = [f"'{title.en}'" for title in shown(suite, name).broken]
            if broken:
                yield f"suite '{suite_name}': candidate '{name}' surely breaks the hard gate {', '.join(broken)}"


def baseline_path(name: str, folder: Path = BASELINES) -> Path:
    """Where a baseline of this name lies. Raises UserError for a name that no file should have."""
    if not _NAME.fullmatch(name):
        raise UserError(
            f"--name '{plain(name)}': a baseline's name is letters, digits, '.', '_' and '-', at most 80"
        )
    return folder / f"{name}.json"


def write_baseline(observed: Observed, name: str, folder: Path = BASELINES) -> Path:
    """Write a blessed run whole; the folder is made. Raises RunFolderError."""
    path = baseline_path(name, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunFolderError(
            f"{folder}: cannot be made: {error.strerror}; choose another --folder"
        ) from None
    write_whole(path, written(observed))
    return path


def read_baseline(name: str, folder: Path = BASELINES) -> Observed:
    """The baseline of this name. Raises UserError when there is none, or it is broken."""
    return read_observed(baseline_path(name, folder))


def listed(folder: Path = BASELINES) -> list[Listed]:
    """Every baseline of a folder, broken ones too, by name."""
    found = []
    for name in names(folder):
        try:
            found.append(Listed(name, read_baseline(name, folder)))
        except UserError as error:
            found.append(Listed(name, None, str(error)))
    return found
