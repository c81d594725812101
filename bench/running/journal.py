"""The journal: one line an answer, appended whole or not at all, never rewritten while a run lasts."""

import asyncio
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from bench.errors import BenchError, RunFolderError
from bench.types import Answer

NAME = "answers.jsonl"


class JournalError(BenchError):
    """A record could not be written: the run must end, with exit code 3."""


class Journal:
    """Appends answers. What `append` returned from survives the end of this process."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        try:
            self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        except OSError as error:
            raise RunFolderError(f"{self.path}: {error.strerror}") from None
        self._size = os.fstat(self._file).st_size
        self._unsynced = 0
        self._torn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            os.fsync(self._file)
        except OSError as failure:
            if kind is None:
                raise JournalError(f"{self.path}: {failure.strerror}; free some space") from None
        finally:
            os.close(self._file)

    def append(self, answer: Answer) -> None:
        """Write one line. Raises JournalError, leaving no part of the line behind, when it cannot."""
        line = _line(answer)
        left = line
        try:
            if self._torn:
                os.truncate(self.path, self._size)
                self._torn = False
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            try:
                os.truncate(self.path, self._size)
            except OSError:
                self._torn = True  # nothing is appended before it is cut
            raise JournalError(f"{self.path}: {error.strerror}; free some space") from None
        self._size += len(line)
        self._unsynced += 1

    async def sync(self) -> None:
        """Force what was written onto the disk, off the event loop."""
        if self._unsynced:
            self._unsynced = 0
            try:
                await asyncio.to_thread(os.fsync, self._file)
            except OSError as error:
                raise JournalError(f"{self.path}: {error.strerror}; free some space") from None


def _line(answer: Answer) -> bytes:
    return answer.model_dump_json(exclude_defaults=True).encode() + b"\n"


def answers(folder: Path) -> Iterator[Answer]:
    """Every whole line. A torn last line is no record; any other bad line is an error."""
    path = folder / NAME
    if not path.is_file():
        raise RunFolderError(f"{path}: no such file; is {folder} the folder of a run?")
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            try:
                yield Answer.model_validate_json(line)
            except ValidationError:
                raise RunFolderError(f"{path}:{number}: not an answer; restore the file") from None


def drop_torn_tail(folder: Path) -> None:
    """Cut an unfinished last line, the trace of a process that was killed while writing."""
    path = folder / NAME
    if not path.is_file():
        return
    with path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        keep = size
        while keep > 0:
            file.seek(keep - 1)
            if file.read(1) == b"\n":
                break
            keep -= 1
        if keep < size:
            file.truncate(keep)


def drop_failed(folder: Path, kinds: Collection[str] | None = None) -> int:
    """Take failed answers (of these kinds; of all, if None) out of the journal so that they are asked again.

    Returns how many. Raises RunFolderError, the journal as it was, when it cannot be written anew.
    """
    path = folder / NAME
    kept, dropped = [], 0
    for answer in answers(folder):
        if answer.failure is not None and (kinds is None or answer.failure.kind in kinds):
            dropped += 1
        else:
            kept.append(_line(answer))
    if dropped:
        fresh = path.with_suffix(".tmp")
        try:
            with fresh.open("wb") as file:
                file.write(b"".join(kept))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError as error:
            raise RunFolderError(f"{path}: {error.strerror}; free some space") from None
    return dropped
