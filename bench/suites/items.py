"""Item files and the texts that items share: one list out of several files, every error at its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import RootModel

from bench.files.validation import validated
from bench.files.yaml_source import Path_, Source, read_jsonl, read_yaml
from bench.registry import did_you_mean
from bench.suites.data import mapped
from bench.suites.data_model import DataItems, Files
from bench.suites.model import SuiteFile
from bench.suites.variation import variation_problem
from bench.types import Item


class _Items(RootModel[tuple[Item, ...]]):
    pass


def files_of(source: Source, key: str, named: Files | None) -> Iterator[Source]:
    """The files that `key` of a suite names. Raises SuiteError for one that is missing, empty or outside."""
    for position, name in enumerate([named] if isinstance(named, str) else named or []):
        at = (key,) if isinstance(named, str) else (key, position)
        yield _beside(source, at, name)


def _beside(source: Source, at: Path_, name: str) -> Source:
    """A file that a suite refers to; it may not lie outside the suite's folder."""
    folder = source.path.resolve().parent
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise source.error(
            at, f"'{name}' lies outside the suite's folder; move it beside suite.yaml"
        )
    if not path.is_file():
        raise source.error(at, f"'{name}' is not there; put it beside suite.yaml")
    shown = source.path.parent / name
    return read_jsonl(shown) if path.suffix == ".jsonl" else read_yaml(shown)


def listed(source: Source, key: str, named: Files | None) -> Iterator[Source]:
    """The files that `key` names, each a list with at least one entry."""
    for found in files_of(source, key, named):
        if not isinstance(found.data, list) or not found.data:
            raise found.error((), "a list with at least one entry is expected")
        yield found


def read_items(file: SuiteFile, scorers: dict[str, Any], source: Source) -> tuple[Item, ...]:
    """Every item of a suite, its materials taken in, its reference accepted by every scorer."""
    items: list[Item] = []
    first: dict[str, tuple[Source, int]] = {}
    for each in _sources(file, source):
        found = validated(_Items, each).root
        _check_ids(found, first, each)
        _check_references(found, scorers, each)
        items += found
    return tuple(items)


def _sources(file: SuiteFile, source: Source) -> Iterator[Source]:
    """Mappings that describe items. Those of existing data may not name materials: a field is only a field."""
    if isinstance(file.items, DataItems):
        yield from mapped(file.items, source)
        return
    materials = _materials(file, source)
    for each in listed(source, "items", file.items):
        for position, item in enumerate(each.data):
            if isinstance(item, dict) and isinstance(item.get("input"), dict):
                for key, value in item["input"].items():
                    at = (position, "input", key)
                    item["input"][key] = _with_materials(value, materials, each, at)
        yield each


def _materials(file: SuiteFile, source: Source) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in files_of(source, "materials", file.materials):
        if not isinstance(each.data, dict):
            raise each.error((), "a mapping of names to texts is expected")
        for name, text in each.data.items():
            if not isinstance(text, str) or not text.strip():
                raise each.error((name,), "a text is expected")
            if name in found:
                raise each.error((name,), f"the material '{name}' stands in another file already")
            found[name] = text.strip()
    return found


def _with_materials(value: Any, materials: dict[str, str], source: Source, at: Path_) -> Any:
    """The value of an input, with the text wherever it says {material: NAME}."""
    match value:
        case {"material": name, **rest} if not rest:
            if not isinstance(name, str) or name not in materials:
                known = did_you_mean(str(name), list(materials))
                raise source.error((*at, "material"), f"no material is called '{name}'{known}")
            return materials[name]
        case dict():
            return {
                key: _with_materials(each, materials, source, (*at, key))
                for key, each in value.items()
            }
        case list():
            return [
                _with_materials(each, materials, source, (*at, place))
                for place, each in enumerate(value)
            ]
        case _:
            return value


def _check_ids(
    items: tuple[Item, ...], first: dict[str, tuple[Source, int]], source: Source
) -> None:
    for position, item in enumerate(items):
        where = (source, position)
        earlier = first.setdefault(item.id, where)
        if earlier is not where:
            raise source.error(
                (position,), f"the id '{item.id}' stands already in {_where(*earlier)}"
            )


def _where(source: Source, position: int) -> str:
    return f"line {source.place((position,)).line} of {Path(source.path).name}"


def _check_references(items: tuple[Item, ...], scorers: dict[str, Any], source: Source) -> None:
    for position, item in enumerate(items):
        for name, scorer in scorers.items():
            problem = scorer.problem(item)
            if problem is not None:
                raise source.error((position, "reference"), f"item '{item.id}', {name}: {problem}")
        varied = variation_problem(item)
        if varied is not None:
            raise source.error((position, "variation"), f"item '{item.id}': {varied}")
