"""The catalogue read: our rows, one file each, and a user's own, which add to them and override them."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from bench.endpoints.catalogue.system import System
from bench.errors import EndpointFileError
from bench.files.validation import validated
from bench.files.yaml_source import Source, read_yaml
from bench.registry import did_you_mean
from bench.types import Name, Record

BUILT_IN = Path(__file__).parent / "systems"
_REPLACED = ("price",)
"""Mappings whose parts make no sense apart: a new one takes the place of the old one."""


class CatalogueFile(Record):
    """A file of rows. In a user's file a row of ours needs only the fields that it changes."""

    systems: dict[Name, System] = Field(min_length=1)


class Catalogue:
    """Rows by id, each read and validated when it is first asked for."""

    def __init__(self, files: Iterable[Path] = ()) -> None:
        """Read the user's `files`. Raises EndpointFileError with file, line and column."""
        self._read: dict[str, System] = {}
        self._own: dict[str, tuple[Source, Any]] = {}
        for path in files:
            self._take(_opened(path))

    def _take(self, source: Source) -> None:
        """Lay a user's file over what is there, and validate each row that it touches."""
        for name, told in source.data["systems"].items():
            at = ("systems", name)
            if not isinstance(told, dict):
                raise source.error(at, "a mapping is expected", EndpointFileError)
            before = self._own[name][1] if name in self._own else _ours(name)
            whole = told if before is None else merged(before, told)
            self._own[name] = (source, whole)
            laid = Source(source.path, {"systems": {name: whole}}, source.places)
            self._read[name] = validated(System, laid, at, EndpointFileError)

    def ids(self) -> list[str]:
        """Every id, ours first."""
        ours = built_in_ids()
        return [*ours, *(name for name in self._own if name not in ours)]

    def system(self, name: str) -> System:
        """The row with an id. Raises EndpointFileError with a suggestion for an unknown one."""
        if name not in self._read:
            ours = _ours(name)
            if ours is None:
                hint = did_you_mean(name, self.ids())
                raise EndpointFileError(f"the catalogue has no system '{name}'{hint}")
            self._read[name] = _validated_ours(name)
        return self._read[name]

    def spelled(self, spelling: str) -> list[str]:
        """The ids of the rows that go by a name, in whatever case."""
        wanted = spelling.casefold()
        found = []
        for name in self.ids():
            names = self.system(name).names
            if wanted in (each.casefold() for each in (*names.zh, *names.en)):
                found.append(name)
        return found


def merged(before: dict[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings field by field, however deep; anything else of `after` takes the place of what was `before`.

    >>> merged({"a": {"x": 1, "y": 2}, "b": [1, 2]}, {"a": {"y": 3}, "b": [4]})
    {'a': {'x': 1, 'y': 3}, 'b': [4]}
    """
    both = dict(before)
    for key, value in after.items():
        old = before.get(key)
        if isinstance(old, dict) and isinstance(value, dict) and key not in _REPLACED:
            both[key] = merged(old, value)
        else:
            both[key] = value
    return both


@cache
def built_in_ids() -> tuple[str, ...]:
    """The ids of our rows, in order."""
    return tuple(path.stem for path in sorted(BUILT_IN.glob("*.yaml")))


def _opened(path: Path) -> Source:
    source = read_yaml(path, EndpointFileError)
    if not isinstance(source.data, dict):
        raise source.error((), "a mapping with systems: is expected", EndpointFileError)
    for key in source.data:
        if key != "systems":
            hint = did_you_mean(key, ["systems"])
            raise source.error((key,), f"unknown key{hint}", EndpointFileError)
    systems = source.data.get("systems")
    if not isinstance(systems, dict) or not systems:
        raise source.error(("systems",), "at least one system is expected", EndpointFileError)
    return source


@cache
def _source(name: str) -> Source:
    return _opened(BUILT_IN / f"{name}.yaml")


def _ours(name: str) -> Any:
    """Our row as it is written; None where there is none."""
    return _source(name).data["systems"][name] if name in built_in_ids() else None


@cache
def _validated_ours(name: str) -> System:
    return validated(System, _source(name), ("systems", name), EndpointFileError)
