"""`outcomes.json` and baselines on disk: a line an item and a line a trial, so that a change is a readable one.

The last member, `seal`, is a digest of all others: of their values, not of how they are laid out, so that a file may be
checked out with other line ends or be put in another layout, and yet no number of it be changed by mistake. Anybody can
compute it: it is no signature, and who may change a baseline is for the repository to say.

What stands here as a digest is hidden from nobody who can guess it: a short answer, an item, a setting or the address of
an endpoint is confirmed by its digest. In clear are the names of suites, candidates, items, rates, rules and models, and
all weights.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from bench.errors import RunFolderError
from bench.files.whole_file import write_whole
from bench.files.yaml_source import unique_keys
from bench.value.observed.record import Observed
from bench.value.observed.sound import unsound

NAME = "outcomes.json"
MAX_BYTES = 64 * 1024 * 1024
"""A million and a half trials, which take a gigabyte of memory to read; more is refused unread."""
_GAP = "\0 rows \0"
"""Where a list stands that is written a row a line; no text of a suite or a run is this."""
_CHUNK = 1024 * 1024
_PLACE = 300
"""Characters of a place in a file that are told."""
_EDIT = 6
"""Where a trial's row has its minutes of editing, which it ends before when there are none."""


def journal_mark(path: Path) -> tuple[int, int] | None:
    """Length and CRC-32 of a journal; None where there is none, or what is there is no file."""
    length = mark = 0
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                length += len(chunk)
                mark = zlib.crc32(chunk, mark)
    except OSError:
        return None
    return length, mark


def written(observed: Observed) -> bytes:
    """The file's content. Equal runs give equal bytes."""
    told = _told(observed)
    told["seal"] = _seal(told)
    lists: list[list[Any]] = []
    for suite in told["suites"].values():
        suite["items"] = _put_by(suite["items"], lists)
        for candidate in suite["candidates"].values():
            for name in ("kinds", "trials"):
                candidate[name] = _put_by(candidate[name], lists)
    frame = orjson.dumps(told, option=orjson.OPT_INDENT_2)
    first, *pieces = frame.split(orjson.dumps(_GAP))
    filled = (_lines(rows) + piece for rows, piece in zip(lists, pieces, strict=True))
    return first + b"".join(filled) + b"\n"


def fingerprint(observed: Observed) -> str:
    """A digest of everything that was observed, which its file ends with."""
    return _seal(_told(observed))


def _told(observed: Observed) -> dict[str, Any]:
    """All that the file says, but for its seal."""
    told = {"format": observed.format, **observed.model_dump(mode="json", exclude_defaults=True)}
    for suite in told["suites"].values():
        for candidate in suite["candidates"].values():
            candidate["trials"] = [
                row if row[_EDIT] else row[:_EDIT] for row in candidate["trials"]
            ]
    return told


def _seal(told: dict[str, Any]) -> str:
    return _seal_of(orjson.dumps(told))


def _seal_of(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _put_by(rows: list[Any], lists: list[list[Any]]) -> str:
    lists.append(rows)
    return _GAP


def _lines(rows: Iterable[Any]) -> bytes:
    told = bytearray()  # a row at a time: each kept by itself would hold a kilobyte
    for each in rows:
        told += b",\n" if told else b""
        told += orjson.dumps(each)
    return b"[\n" + told + b"\n]" if told else b"[]"


def read_observed(path: Path) -> Observed:
    """What a file of outcomes or a baseline holds. Raises RunFolderError, in one line, when it cannot be read as one."""
    content = _unsealed(path, _content(path))
    try:
        observed = Observed.model_validate_json(content, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        at = ".".join(str(each) for each in first["loc"])[:_PLACE]
        raise RunFolderError(f"{path}: {at}: {first['msg']}; restore the file") from None
    trouble = unsound(observed)
    if trouble is not None:
        raise RunFolderError(f"{path}: {trouble}; restore the file")
    return observed


def _content(path: Path) -> bytes:
    """The bytes of a file, of which no more are read than there may be."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise RunFolderError(f"{path}: no such file") from None
    except OSError as error:
        raise RunFolderError(f"{path}: cannot be read: {error.strerror}") from None
    if len(content) > MAX_BYTES:
        raise RunFolderError(
            f"{path}: larger than {MAX_BYTES >> 20} MiB; judge fewer items, candidates or repeats in one run"
        )
    return content


def _unsealed(path: Path, content: bytes) -> bytes:
    """The same in the layout that the seal is of, without it."""
    told = _parsed(path, content)
    if not isinstance(told, dict) or told.get("format") != 1 or "suites" not in told:
        raise RunFolderError(
            f"{path}: not the outcomes of a run that this version can read; make it again"
        )
    seal = told.pop("seal", None)
    try:
        compact = orjson.dumps(told)
    except orjson.JSONEncodeError:  # deeper than any file of ours
        raise RunFolderError(f"{path}: nested too deeply; restore the file") from None
    if seal != _seal_of(compact):
        raise RunFolderError(
            f"{path}: changed since it was written (its seal does not hold); restore the file or make it again"
        )
    return compact


def _parsed(path: Path, content: bytes) -> Any:
    """The value of a text of JSON, in which no key stands twice: a reader would see one, and the program the other."""
    try:
        json.loads(content, object_pairs_hook=_keys_once)
        return orjson.loads(content)
    except json.JSONDecodeError as error:  # of either
        raise RunFolderError(
            f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}; restore the file"
        ) from None
    except RecursionError:
        raise RunFolderError(f"{path}: nested too deeply; restore the file") from None
    except ValueError as error:
        raise RunFolderError(f"{path}: not JSON: {str(error)[:_PLACE]}; restore the file") from None


def _keys_once(pairs: list[tuple[str, Any]]) -> None:
    """Raises ValueError for a key that stands twice; keeps nothing of what was read."""
    unique_keys(pairs)


def write_observed(path: Path, observed: Observed) -> None:
    """Write whole. Raises RunFolderError."""
    write_whole(path, written(observed))
