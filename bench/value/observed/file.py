"""`outcomes.json` and baselines on disk: a line an item and a line a trial, so that a change is a readable one.

The last member, `seal`, is a digest of all others: of their values, not of how they are laid out, so that a file may be
checked out with other line ends or be put in another layout, and yet no number of it be changed unnoticed.
"""

import hashlib
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from bench.errors import RunFolderError
from bench.files.whole_file import write_whole
from bench.value.observed.record import Observed, ObservedCandidate, ObservedSuite

NAME = "outcomes.json"
_GAP = "\0 rows \0"
"""Where a list stands that is written a row a line; no text of a suite or a run is this."""
_EDIT = 6
"""Where a trial's row has its minutes of editing, which it ends before when there are none."""


def journal_mark(path: Path) -> tuple[int, int] | None:
    """Length and CRC-32 of a journal; None where there is none."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return len(content), zlib.crc32(content)


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
    return hashlib.blake2b(orjson.dumps(told), digest_size=8).hexdigest()


def _put_by(rows: list[Any], lists: list[list[Any]]) -> str:
    lists.append(rows)
    return _GAP


def _lines(rows: Iterable[Any]) -> bytes:
    told = b",\n".join(orjson.dumps(each) for each in rows)
    return b"[\n" + told + b"\n]" if told else b"[]"


def read_observed(path: Path) -> Observed:
    """What a file of outcomes or a baseline holds. Raises RunFolderError, in one line, when it cannot be read as one."""
    try:
        told = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        raise RunFolderError(f"{path}: no such file") from None
    except OSError as error:
        raise RunFolderError(f"{path}: cannot be read: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        raise RunFolderError(
            f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}; restore the file"
        ) from None
    if not isinstance(told, dict) or told.get("format") != 1 or "suites" not in told:
        raise RunFolderError(f"{path}: not the outcomes of a run that this version can read")
    if told.pop("seal", None) != _seal(told):
        raise RunFolderError(
            f"{path}: changed since it was written (its seal does not hold); restore the file or make it again"
        )
    try:
        observed = Observed.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        at = ".".join(str(each) for each in first["loc"])
        raise RunFolderError(f"{path}: {at}: {first['msg']}; restore the file") from None
    for name, suite in observed.suites.items():
        for candidate, one in suite.candidates.items():
            if not _fits(one, suite):
                raise RunFolderError(
                    f"{path}: suites.{name}.candidates.{candidate}: trials that do not fit its lists; restore the file"
                )
    return observed


def _fits(one: ObservedCandidate, suite: ObservedSuite) -> bool:
    """Whether trials point at items and kinds that there are, each trial once, and kinds know the suite's rates."""
    items, kinds = range(len(suite.items)), range(len(one.kinds))
    return (
        all(row.item in items and row.kind in kinds and row.repeat >= 0 for row in one.trials)
        and len({(row.item, row.repeat) for row in one.trials}) == len(one.trials)
        and all(len(kind.rates) == len(suite.rates) for kind in one.kinds)
    )


def write_observed(path: Path, observed: Observed) -> None:
    """Write whole. Raises RunFolderError."""
    write_whole(path, written(observed))
