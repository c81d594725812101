"""Replies that were paid for once. Only good replies are kept: no failure, nothing cut or filtered."""

import contextlib
import hashlib
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import orjson

from bench.endpoints.seam import Request
from bench.files.images import image_digest
from bench.types import Exchange

_COMMIT_EVERY = 1000
_GET = "SELECT exchange FROM replies WHERE key = ?"
_PUT = "INSERT OR REPLACE INTO replies VALUES (?, ?)"


class Kept(NamedTuple):
    """A kept exchange and the machine's own seconds for it, its share of what was in flight."""

    exchange: Exchange
    machine_s: float | None


class Cache:
    """A file beside the runs. The key is the endpoint's identity, the full request and the repeat.

    A cache that cannot be opened or written is no reason to lose a run: it goes silent, and `trouble`
    says why.
    """

    def __init__(self, path: Path | None) -> None:
        self.trouble: str | None = None
        self._pending: dict[bytes, bytes] = {}
        self._was_empty = True
        self._file: sqlite3.Connection | None = None
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, timeout=2)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=NORMAL")
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS replies (key BLOB PRIMARY KEY, exchange BLOB) WITHOUT ROWID"
            )
            self._was_empty = self._file.execute("SELECT 1 FROM replies LIMIT 1").fetchone() is None
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._commit()
        if self._file is not None:
            try:
                self._file.close()
            except sqlite3.Error as failure:
                self._give_up(failure)

    def get(self, key: bytes) -> Kept | None:
        """The exchange that was kept under `key`, marked as cached; its cost is of the day it was kept."""
        told = self._pending.get(key)
        if told is None and self._file is not None and not self._was_empty:
            try:
                row = self._file.execute(_GET, (key,)).fetchone()
            except sqlite3.Error as error:
                self._give_up(error)
                return None
            told = row[0] if row is not None else None
        if told is None:
            return None
        try:
            entry = orjson.loads(told)
            machine_s = entry.pop("machine_s", entry.get("latency_s"))
            return Kept(Exchange.model_validate(entry | {"cached": True}), machine_s)
        except (ValueError, AttributeError, TypeError):  # no JSON, no mapping, no exchange
            self.trouble = "an entry cannot be read; it is asked again and replaced"
            return None

    def put(self, key: bytes, exchange: Exchange, machine_s: float | None = None) -> None:
        """Keep a good reply."""
        if self._file is None or exchange.finish != "stop":
            return
        told = exchange.model_dump_json(exclude_defaults=True).encode()
        if machine_s is not None and machine_s != exchange.latency_s:
            told = told[:-1] + b',"machine_s":' + orjson.dumps(machine_s) + b"}"
        self._pending[key] = told
        if len(self._pending) >= _COMMIT_EVERY:
            self._commit()

    def _commit(self) -> None:
        if self._file is None or not self._pending:
            return
        try:
            self._file.executemany(_PUT, self._pending.items())
            self._file.commit()
        except sqlite3.Error as error:
            self._give_up(error)
        self._pending.clear()

    def _give_up(self, error: Exception) -> None:
        self.trouble = str(error)
        if self._file is not None:
            with contextlib.suppress(sqlite3.Error):
                self._file.close()
        self._file = None


def request_key(identity: bytes, request: Request) -> bytes:
    """What two requests share when one reply may serve both."""
    told: list[Any] = [
        [turn.role, turn.content, *map(image_digest, turn.images)] for turn in request.messages
    ]
    body = orjson.dumps(
        [told, request.max_tokens, request.stop, request.opening, request.case.repeat]
    )
    sent_apart = repr(request.case.input).encode()  # some adapters send it beside the messages
    return hashlib.sha256(identity + body + sent_apart).digest()
