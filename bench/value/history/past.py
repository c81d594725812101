"""Summaries of earlier runs, read leniently: other versions of the program wrote them.

Only the fields that a history needs are looked at; whatever else a summary holds is passed over, and
fields that an older program did not write are not known.
"""

import datetime as dt
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bench.errors import UserError
from bench.files.yaml_source import read_text
from bench.types import Estimate, Text

NAME = "summary.json"
DEPTHS = ("*", "*/*")
"""Where runs lie beneath a folder of results."""


def _finite(told: object) -> object:
    return None if isinstance(told, float) and not math.isfinite(told) else told


Figure = Annotated[float | None, BeforeValidator(_finite)]
"""A finite number, or not known."""


class _Past(BaseModel):
    """A part of a summary; unknown fields are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class PastEstimate(_Past):
    """A number with its interval, as far as it was written."""

    value: Figure = None
    low: Figure = None
    high: Figure = None
    level: float = 0.95
    n: int = 0
    method: str = ""

    def estimate(self) -> Estimate:
        """The same as every report has it."""
        return Estimate.model_validate(self.model_dump(include=set(Estimate.model_fields)))


class PastMetric(PastEstimate):
    """A business or technical metric; a technical one is better when higher, unless it says otherwise."""

    better: Literal["higher", "lower"] = "higher"
    unit: str | None = None
    title: Text | None = None


class PastOutcomes(_Past):
    """Shares of the trials that have an outcome."""

    accept: float = Field(ge=0, le=1)
    edit: float = Field(ge=0, le=1)
    harm: float = Field(ge=0, le=1)


class PastVerdict(_Past):
    """The decision, in the words of the program that made it."""

    decision: str | None = None


class PastCandidate(_Past):
    """One candidate of one suite."""

    items: int = Field(default=0, ge=0)
    coverage: Figure = None
    outcomes: PastOutcomes | None = None
    value_per_case: PastEstimate = PastEstimate()
    p_positive: Figure = None
    break_even_acceptance: Figure = None
    metrics: dict[str, PastMetric] = Field(default_factory=dict)
    technical: dict[str, PastMetric] = Field(default_factory=dict)
    verdict: PastVerdict = PastVerdict()


class PastAssumption(_Past):
    """An assumption's range."""

    name: str
    low: Figure = None
    base: Figure = None
    high: Figure = None


class PastSuite(_Past):
    """One suite of one run."""

    version: int
    title: Text
    cases: Text
    currency: str
    coverage_floor: float = 0.0
    assumptions: tuple[PastAssumption, ...] | None = None
    candidates: dict[str, PastCandidate]


class PastInfo(_Past):
    """Which run it was. A run without an offset began in UTC."""

    id: str
    started: dt.datetime
    complete: bool = True
    limit: int | None = None
    assumptions_file: str | None = None


class _Head(_Past):
    run: PastInfo
    suites: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PastRun:
    """A suite's part of one run."""

    run: PastInfo
    suite: PastSuite

    @property
    def began(self) -> dt.datetime:
        """When it began, so that runs of several time zones can be put in order."""
        started = self.run.started
        return started if started.tzinfo else started.replace(tzinfo=dt.UTC)

    def same_assumptions(self, other: "PastRun") -> bool:
        """Whether the money of both runs rests on the same numbers; by the files' names if they hold none."""
        if self.suite.currency != other.suite.currency:
            return False
        ours, theirs = self.suite.assumptions, other.suite.assumptions
        if ours is None or theirs is None:
            return self.run.assumptions_file == other.run.assumptions_file
        return set(ours) == set(theirs)


def past_runs(text: str, suites: Collection[str]) -> dict[str, PastRun]:
    """What a summary holds of each of these suites. Raises ValueError when it is broken."""
    head = _Head.model_validate_json(text)
    return {
        name: PastRun(head.run, PastSuite.model_validate(head.suites[name]))
        for name in suites
        if name in head.suites
    }


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder holds of a suite: its runs, the suites of the others, and a line for each broken file."""

    runs: tuple[PastRun, ...]
    other_suites: tuple[str, ...]
    warnings: tuple[str, ...]


def past_run(text: str, suite: str) -> PastRun | None:
    """The suite's part of a summary; None if the run had other suites. Raises ValueError when it is broken."""
    return past_runs(text, [suite]).get(suite)


def found(folder: Path, suite: str) -> Found:
    """Every run of the suite one or two levels beneath a folder. Raises UserError if there is no such folder.

    A file that cannot be read, or that is no summary, becomes a warning; so does a second copy of a run.
    """
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; name the folder of your runs with --in")
    runs: dict[str, PastRun] = {}
    paths: dict[str, Path] = {}
    others: set[str] = set()
    warnings = []
    for path in _paths(folder):
        try:
            text = read_text(path, UserError)
            one = past_run(text, suite)
        except UserError as error:
            warnings.append(f"{error}; skipped")
            continue
        except ValueError as error:
            warnings.append(f"{path}: not a run's summary: {why_broken(error)}; skipped")
            continue
        if one is None:
            others |= _Head.model_validate_json(text).suites.keys()
        elif one.run.id in runs:
            warnings.append(f"{path}: the same run as {paths[one.run.id]}; skipped")
        else:
            runs[one.run.id], paths[one.run.id] = one, path
    return Found(tuple(runs.values()), tuple(sorted(others)), tuple(warnings))


def _paths(folder: Path) -> Iterator[Path]:
    for depth in DEPTHS:
        yield from sorted(folder.glob(f"{depth}/{NAME}"))


def why_broken(error: ValueError) -> str:
    """What is wrong with a summary, in one line."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    told = first["msg"][:1].lower() + first["msg"][1:]
    return f"{where}: {told}" if where else told
