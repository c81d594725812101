"""Answers that were made elsewhere: checked against a suite, then laid into a run's folder as recordings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from bench.endpoints.replay import Recorded, recorded
from bench.errors import EndpointFileError, RunFolderError, UserError
from bench.files.yaml_source import Path_, Place, Source
from bench.registry import did_you_mean
from bench.suites.data import read_records
from bench.suites.field_map import as_text, safe_name
from bench.suites.load import Suite

ENDPOINTS = "endpoints.yaml"
_FOLDER = "recorded"


@dataclass(frozen=True, slots=True)
class Given:
    """What one candidate answered."""

    name: str
    lines: tuple[Recorded, ...]

    @property
    def repeats(self) -> int:
        """How often an item was asked, at most."""
        return max(line.repeat for line in self.lines) + 1


def given_answers(options: Sequence[str], suite: Suite) -> tuple[Given, ...]:
    """The answers of every `FILE` or `NAME=FILE`. Raises EndpointFileError with file and line.

    An item may be told by the id that its data gave it. Answers to other suites and lines whose output is
    null are left out.
    """
    found: dict[str, Given] = {}
    for option in options:
        name, path = _named(option)
        if name in found:
            raise UserError(f"--answers: two candidates are called '{name}'; write NAME=FILE")
        found[name] = Given(name, _answers(read_records(path, EndpointFileError), suite))
    return tuple(found.values())


def _named(option: str) -> tuple[str, Path]:
    name, equals, file = option.partition("=")
    if not equals or Path(option).is_file():
        name, file = Path(option).stem, option
    if not name or not name.isprintable() or "/" in name or "," in name:
        raise UserError(
            f"--answers {option}: a candidate's name holds no slash and no comma; write NAME=FILE"
        )
    return name, Path(file)


def _answers(source: Source, suite: Suite) -> tuple[Recorded, ...]:
    known = {item.id for item in suite.items}
    records: list[Any] = []
    places: dict[Path_, Place] = {}
    for position, line in enumerate(source.data):
        told = _plain(line, known) if isinstance(line, dict) else {}
        is_answer = not isinstance(line, dict) or line.get("output", "") is not None
        if not is_answer or told.get("suite", suite.name) != suite.name:
            continue
        item = told.get("item")
        if item is not None and item not in known:
            near = did_you_mean(item, get_close_matches(item, known, n=1))
            raise source.error(
                (position, "item"),
                f"suite '{suite.name}' has no item '{item}'{near}",
                EndpointFileError,
            )
        places[(len(records),)] = source.place((position,))
        records.append(told or line)
    if not records:
        raise EndpointFileError(f"{source.path}: holds no answer to suite '{suite.name}'")
    return recorded(Source(source.path, records, places))


def _plain(line: dict[str, Any], known: set[str]) -> dict[str, Any]:
    """A line with its item's id as the suite writes it, its output as text, and without nulls."""
    told = {name: value for name, value in line.items() if value is not None}
    for name in ("item", "output"):
        if name in told:
            told[name] = as_text(told[name])
    if "item" in told and told["item"] not in known and safe_name(told["item"]) in known:
        told["item"] = safe_name(told["item"])
    return told


def write_recordings(given: Iterable[Given], folder: Path) -> Path:
    """Write what a run replays into its folder; the endpoint file. Raises RunFolderError."""
    endpoints = {}
    path = folder / ENDPOINTS
    if path.exists():
        raise RunFolderError(f"{path}: stands there already; choose another --out")
    try:
        (folder / _FOLDER).mkdir(parents=True, exist_ok=True)
        for each in given:
            file = f"{_FOLDER}/{each.name}.jsonl"
            endpoints[each.name] = {"adapter": "replay", "file": file}
            lines = [line.model_dump_json(exclude_none=True) for line in each.lines]
            (folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
        told = yaml.safe_dump({"endpoints": endpoints}, allow_unicode=True, sort_keys=False)
        path.write_text(told, encoding="utf-8")
    except OSError as error:
        raise RunFolderError(f"{folder}: {error.strerror}; choose another --out") from None
    return path
