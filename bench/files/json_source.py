"""JSON files of records, each with the line on which it begins."""

import json
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

from bench.errors import SuiteError, UserError
from bench.files.yaml_source import Path_, Place, Source, no_constant, read_text, unique_keys

_DECODER = json.JSONDecoder(object_pairs_hook=unique_keys, parse_constant=no_constant)
_SPACE = re.compile(r"[ \t\n\r]*")
_UNDER = "data"

_Begins = Generator[tuple[int, Any], None, int]
"""Records and the position of the first character of each; returns the position after the last."""


def read_json(path: Path, kind: type[UserError] = SuiteError) -> Source:
    """The records of an array, or of the array under `data` of a mapping.

    The place of a record is where it begins. Raises `kind` with line and column.
    """
    text = read_text(path, kind)
    records: list[Any] = []
    places: dict[Path_, Place] = {}
    line, newline, counted = 0, -1, 0
    try:
        for at, record in _records(text):
            line += text.count("\n", counted, at)
            newline = max(newline, text.rfind("\n", counted, at))
            counted = at
            places[(len(records),)] = Place(line + 1, at - newline)
            records.append(record)
    except json.JSONDecodeError as error:
        raise kind(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from None
    except RecursionError:
        raise kind(f"{path}:{line + 1}:1: nested too deeply") from None
    return Source(path, records, places)


def _records(text: str) -> _Begins:
    at = _skipped(text, 0)
    match text[at : at + 1]:
        case "[":
            at = yield from _elements(text, at)
        case "{":
            at = yield from _under_data(text, at)
        case _:
            raise _unexpected(text, at)
    at = _skipped(text, at)
    if at < len(text):
        raise json.JSONDecodeError("more than one value; is it JSON Lines (.jsonl)?", text, at)
    return at


def _elements(text: str, at: int) -> _Begins:
    at = _skipped(text, at + 1)
    while text[at : at + 1] != "]":
        record, end = _decoded(text, at)
        yield at, record
        at = _after_comma(text, end, "]")
    return at + 1


def _under_data(text: str, at: int) -> _Begins:
    begin, found = at, False
    at = _skipped(text, at + 1)
    while text[at : at + 1] != "}":
        key, at = _decoded(text, at)
        at = _skipped(text, at)
        if text[at : at + 1] != ":":
            raise json.JSONDecodeError("Expecting ':' delimiter", text, at)
        at = _skipped(text, at + 1)
        if key == _UNDER and text[at : at + 1] == "[":
            at, found = (yield from _elements(text, at)), True
        else:
            _, at = _decoded(text, at)
        at = _after_comma(text, at, "}")
    if not found:
        raise _unexpected(text, begin)
    return at + 1


def _decoded(text: str, at: int) -> tuple[Any, int]:
    """The value that begins at a position, and the position after it. Raises JSONDecodeError."""
    try:
        value, end = _DECODER.raw_decode(text, at)
        if text.find("\\u", at, end) >= 0:
            json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        raise json.JSONDecodeError(str(error), text, at) from None
    return value, end


def _after_comma(text: str, at: int, closing: str) -> int:
    """Where the next value begins, or `closing` stands."""
    at = _skipped(text, at)
    if text[at : at + 1] == closing:
        return at
    if text[at : at + 1] != ",":
        raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
    after = _skipped(text, at + 1)
    if text[after : after + 1] == closing:
        raise json.JSONDecodeError("Illegal trailing comma", text, at)
    return after


def _skipped(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found is not None  # it matches nothing at all, too
    return found.end()


def _unexpected(text: str, at: int) -> json.JSONDecodeError:
    wanted = f"an array of records, or a mapping with one under '{_UNDER}', is expected"
    return json.JSONDecodeError(f"{wanted}; name JSON Lines .jsonl", text, at)
