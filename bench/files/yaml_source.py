"""YAML and JSON Lines read with the place of every value, and without silent changes.

PyYAML implements YAML 1.1, where an unquoted `NO` becomes false, `012` ten, `12:30` 750 and `2024-01-05`
a date. Here only what JSON would call a number, `true`, `false`, `null` (and an empty value) is anything but text.
Duplicate keys, tags, anchors and several documents in a file are refused.
"""

import json
import re
from collections import Counter
from collections.abc import Hashable
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bench.errors import SuiteError, UserError

Path_ = tuple[Hashable, ...]
MAX_BYTES = 64 * 1024 * 1024
_MAX_DIGITS = 18
_MAX_DEPTH = 200


class Place(NamedTuple):
    """Where something stands, counted from one."""

    line: int
    column: int


class Source:
    """A parsed file: its data and the place of every value in it.

    `places` maps the path of a value (keys and list positions from the root) to where it stands.
    """

    def __init__(self, path: Path, data: Any, places: dict[Path_, Place]) -> None:
        self.path = path
        self.data = data
        self.places = places

    def place(self, path: Path_) -> Place:
        """The place of the value at `path`, or of its nearest ancestor that stands in the file."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(1, 1))

    def error(self, path: Path_, message: str, kind: type[UserError] = SuiteError) -> UserError:
        """`file:line:column: path: message`."""
        place = self.place(path)
        name = ".".join(str(part) for part in path)
        where = f"{self.path}:{place.line}:{place.column}"
        return kind(f"{where}: {name}: {message}" if name else f"{where}: {message}")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # C where built
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  # PyYAML's own attribute


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("float", r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))

_PLAIN = {
    f"tag:yaml.org,2002:{tag}" for tag in ("str", "bool", "null", "int", "float", "seq", "map")
}


def read_text(path: Path, kind: type[UserError] = SuiteError) -> str:
    """The text of a UTF-8 file, or one line saying why it cannot be had."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise kind(f"{path}: larger than {MAX_BYTES >> 20} MiB; split it")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise kind(f"{path}: no such file") from None
    except UnicodeDecodeError as error:
        raise kind(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except OSError as error:
        raise kind(f"{path}: {error.strerror}") from None


def read_yaml(path: Path, kind: type[UserError] = SuiteError) -> Source:
    """One YAML document. Raises `kind` with file, line and column for anything it refuses."""
    text = read_text(path, kind)
    loader = _Loader(text)
    try:
        _check_depth(text)
        node = loader.get_single_node()
        places: dict[Path_, Place] = {}
        data = _value(node, (), _Walk(path, places, kind)) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        raise kind(f"{path}:{where}: not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise kind(f"{path}:1:1: not YAML: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise kind(f"{path}:1:1: nested too deeply") from None
    finally:
        loader.dispose()
    return Source(path, data, places)


def _check_depth(text: str) -> None:
    """Raises RecursionError: C code that composes nodes would end the process where the stack ends."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise RecursionError


class _Walk(NamedTuple):
    path: Path
    places: dict[Path_, Place]
    kind: type[UserError]
    seen: set[int] = set()  # noqa: RUF012  # replaced in _value at the root

    def refuse(self, node: yaml.Node, message: str) -> UserError:
        mark = node.start_mark
        return self.kind(f"{self.path}:{mark.line + 1}:{mark.column + 1}: {message}")


def _value(node: yaml.Node, at: Path_, walk: _Walk) -> Any:
    if not at:
        walk = walk._replace(seen=set())
    if id(node) in walk.seen:
        raise walk.refuse(node, "anchors and aliases are not used here; write the value out")
    walk.seen.add(id(node))
    if node.tag not in _PLAIN:
        raise walk.refuse(node, f"the tag {node.tag!r} is not used here; remove it")
    walk.places[at] = Place(node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, at, walk)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*at, index), walk) for index, child in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node, walk)


def _mapping(node: yaml.MappingNode, at: Path_, walk: _Walk) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise walk.refuse(key_node, "a key must be plain text")
        key = str(key_node.value)
        if key in result:
            first = walk.places[(*at, key)]
            raise walk.refuse(key_node, f"the key '{key}' stands already in line {first.line}")
        result[key] = _value(value_node, (*at, key), walk)
        mark = key_node.start_mark  # an error about a value is best found at its key
        walk.places[(*at, key)] = Place(mark.line + 1, mark.column + 1)
    return result


def _scalar(node: yaml.ScalarNode, walk: _Walk) -> Any:
    text = str(node.value)
    match node.tag.rpartition(":")[2]:
        case "bool":
            return text == "true"
        case "null":
            return None
        case "int":
            if len(text.lstrip("-")) > _MAX_DIGITS:
                raise walk.refuse(
                    node, f"a number of {len(text)} digits; put it in quotes if it is text"
                )
            return int(text)
        case "float":
            return float(text)
        case _:
            return text


def read_jsonl(path: Path, kind: type[UserError] = SuiteError) -> Source:
    """JSON Lines as a list; blank lines are skipped. The place of record k is its line."""
    records: list[Any] = []
    places: dict[Path_, Place] = {(): Place(1, 1)}
    for number, line in enumerate(read_text(path, kind).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line, object_pairs_hook=unique_keys, parse_constant=no_constant)
            if "\\u" in line:
                json.dumps(record, ensure_ascii=False).encode()  # half a surrogate pair is no text
            records.append(record)
        except (ValueError, RecursionError) as error:
            column = getattr(error, "colno", 1)
            raise kind(
                f"{path}:{number}:{column}: not JSON: {getattr(error, 'msg', error)}"
            ) from None
        places[(len(records) - 1,)] = Place(number, 1)
    return Source(path, records, places)


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping of JSON. Raises ValueError for a key that stands twice."""
    result = dict(pairs)
    if len(result) != len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise ValueError(f"the key '{twice}' stands twice")
    return result


def no_constant(name: str) -> Any:
    """Raises ValueError: `name` (NaN, Infinity) is no number of JSON."""
    raise ValueError(f"{name} is no number of JSON")
