"""Existing data as items: records of files, or of a set of the hub, through a mapping of their fields."""

import itertools
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from bench.errors import SuiteError, UserError
from bench.files.csv_source import read_csv
from bench.files.json_source import read_json
from bench.files.parquet_source import read_parquet
from bench.files.validation import validated
from bench.files.yaml_source import Path_, Place, Source, read_jsonl, read_yaml
from bench.registry import did_you_mean
from bench.suites.data_model import DataItems, FieldMap, HuggingFace, Pick
from bench.suites.field_map import (
    Entry,
    as_text,
    entries,
    is_wanted,
    picked,
    safe_name,
    short_cluster,
    unique_name,
)
from bench.suites.hub import read_hub

MAPS = Path(__file__).parent / "maps"
_READERS: dict[str, Callable[[Path, type[UserError]], Source]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".parquet": read_parquet,
}


def map_names() -> list[str]:
    """The built-in maps."""
    return sorted(path.stem for path in MAPS.glob("*.yaml"))


def read_records(path: Path, kind: type[UserError] = SuiteError) -> Source:
    """The records of a file, by the ending of its name. Raises `kind` with file and line."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(_READERS)
        raise kind(
            f"{path}: '{path.suffix}' is no kind of data that is read; save it as one of {known}"
        )
    return reader(path, kind)


def mapped(spec: DataItems, source: Source) -> Iterator[Source]:
    """The items of a suite that names data, file by file, as mappings at the places of their records.

    Raises SuiteError for data that cannot be read or mapped, at the record where it is found.
    """
    fields = _field_map(spec, source)
    taken: dict[str, int] = {}
    numbers = itertools.count(1)
    for records in _sources(spec, source):
        items: list[dict[str, Any]] = []
        places: dict[Path_, Place] = {}
        for position, entry in _wanted(records, numbers, fields, spec):
            if len(taken) == spec.limit:
                break
            places[(len(items),)] = records.place((position,))
            items.append(_item(entry, fields, taken, _at(records, position)))
        yield Source(records.path, items, places)
    if not taken:
        raise source.error(("items",), "no record is left to become an item")


def _wanted(
    records: Source, numbers: Iterator[int], fields: FieldMap, spec: DataItems
) -> Iterator[tuple[int, Entry]]:
    """The entries that `where` keeps, with the positions of their records."""
    for position, record in enumerate(records.data):
        at = _at(records, position)
        with at() if fields.each is None else at("each"):
            found = list(entries(record, next(numbers), fields))
        for entry in found:
            with at("where"):
                kept = is_wanted(entry, fields.where) and is_wanted(entry, spec.where)
            if kept:
                yield position, entry


def _item(entry: Entry, fields: FieldMap, taken: dict[str, int], at: "_Told") -> dict[str, Any]:
    """The fields of an item; its id is taken from then on."""

    def told(pick: Pick | None, *path: str) -> Any:
        with at(*path):
            return None if pick is None else picked(pick, entry)

    item: dict[str, Any] = {
        part: {name: told(pick, part, name) for name, pick in getattr(fields, part).items()}
        for part in ("input", "reference", "tags")
    }
    item["tags"] = {name: as_text(tag) for name, tag in item["tags"].items() if tag is not None}
    own, cluster = told(fields.id, "id"), told(fields.cluster, "cluster")
    number = str(entry.number) if fields.each is None else f"{entry.number}-{entry.position}"
    item["id"] = unique_name(number if own in (None, "") else safe_name(as_text(own)), taken)
    if cluster is None:
        cluster = item["id"] if fields.each is None else str(entry.number)
    item["cluster"] = short_cluster(as_text(cluster))
    for name in ("worth", "served_today"):
        value = told(getattr(fields, name), name)
        if value is not None:
            item[name] = value
    return item


_Told = Callable[..., AbstractContextManager[None]]


def _at(records: Source, position: int) -> _Told:
    """What puts the place of a record before an error: `with at("input", "question")`."""

    @contextmanager
    def at(*path: str) -> Iterator[None]:
        try:
            yield
        except SuiteError as error:
            raise records.error((position, *path), str(error)) from None

    return at


def _field_map(spec: DataItems, source: Source) -> FieldMap:
    if isinstance(spec.map, FieldMap):
        return spec.map
    if spec.map not in map_names():
        known = did_you_mean(spec.map, map_names())
        raise source.error(("items", "map"), f"no map is called '{spec.map}'{known}")
    return validated(FieldMap, read_yaml(MAPS / f"{spec.map}.yaml"))


def _sources(spec: DataItems, source: Source) -> Iterator[Source]:
    at: Path_ = ("items", "data")
    if isinstance(spec.data, HuggingFace):
        try:
            yield read_hub(spec.data)
        except SuiteError as error:
            raise source.error(at, str(error)) from None
        return
    for position, name in enumerate([spec.data] if isinstance(spec.data, str) else spec.data):
        yield _file(name, at if isinstance(spec.data, str) else (*at, position), source)


def _file(name: str, at: Path_, source: Source) -> Source:
    def variable(found: re.Match[str]) -> str:
        if found[1] not in os.environ:
            raise source.error(at, f"the environment variable {found[1]} is not set; export it")
        return os.environ[found[1]]

    path = source.path.parent / re.sub(r"\$\{(\w+)\}", variable, name)
    if not path.is_file():
        raise source.error(at, f"there is no file {path}")
    return read_records(path)
