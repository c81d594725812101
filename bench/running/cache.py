"""Replies that were paid for once. Only good replies are kept: no failure, nothing cut or filtered."""

import hashlib
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from bench.endpoints.seam import Request
from bench.types import Exchange

_COMMIT_EVERY = 200


class Cache:
    """A file beside the runs. The key is the endpoint's identity, the full request and the repeat.

    A cache that cannot be opened or written is no reason to lose a run: it goes silent, and `trouble`
    says why.
    """

    def __init__(self, path: Path | None) -> None:
        self.trouble: str | None = None
        self._pending = 0
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
        if self._file is not None:
            try:
                self._file.commit()
                self._file.close()
            except sqlite3.Error as failure:
                self._give_up(failure)

    def get(self, key: bytes) -> Exchange | None:
        """The exchange that was kept under `key`, marked as cached."""
        if self._file is None:
            return None
        try:
            row = self._file.execute(
                "SELECT exchange FROM replies WHERE key = ?", (key,)
            ).fetchone()
        except sqlite3.Error as error:
            self._give_up(error)
            return None
        if row is None:
            return None
        return Exchange.model_validate(orjson.loads(row[0]) | {"cached": True})

    def put(self, key: bytes, exchange: Exchange) -> None:
        """Keep a good reply."""
        if self._file is None or exchange.finish != "stop":
            return
        told = orjson.dumps(exchange.model_dump(exclude_defaults=True))
        try:
            self._file.execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", (key, told))
            self._pending += 1
            if self._pending >= _COMMIT_EVERY:
                self._file.commit()
                self._pending = 0
        except sqlite3.Error as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self.trouble = str(error)
        self._file = None


def request_key(identity: bytes, request: Request) -> bytes:
    """What two requests share when one reply may serve both."""
    told: list[Any] = [[turn.role, turn.content] for turn in request.messages]
    body = orjson.dumps([told, request.max_tokens, request.stop, request.case.repeat])
    return hashlib.sha256(identity + body).digest()
