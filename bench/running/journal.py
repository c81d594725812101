"""The journal: one checksummed line an answer, appended whole or not at all, never rewritten while a run lasts."""

import asyncio
import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from zlib import crc32

from pydantic import ValidationError

from bench.errors import BenchError, RunFolderError
from bench.files.whole_file import sync_folder, unwritable
from bench.types import Answer

NAME = "answers.jsonl"
_SUM = b',"crc":"'
_SUM_AT = -len(b',"crc":"00000000"}\n')
_BLOCK = 1 << 16


class JournalError(BenchError):
    """A record could not be written: the run must end, with exit code 3."""


class Journal:
    """Appends answers. What `append` returned from survives the end of this process; `sync` and the end, the machine's."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        try:
            self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
            sync_folder(folder)
        except OSError as error:
            raise RunFolderError(unwritable(self.path, error)) from None
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
                raise JournalError(unwritable(self.path, failure)) from None
        finally:
            os.close(self._file)

    def append(self, answer: Answer) -> None:
        """Write one line. Raises JournalError, leaving no part of the line behind, when it cannot."""
        line = sealed(answer)
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
            raise JournalError(unwritable(self.path, error)) from None
        self._size += len(line)
        self._unsynced += 1

    async def sync(self) -> None:
        """Force what was written onto the disk, off the event loop."""
        if self._unsynced:
            self._unsynced = 0
            try:
                await asyncio.to_thread(os.fsync, self._file)
            except OSError as error:
                raise JournalError(unwritable(self.path, error)) from None


def sealed(answer: Answer) -> bytes:
    """An answer as its line: JSON whose last member `crc` is the CRC-32, in hex, of the bytes before it."""
    told = answer.model_dump_json(exclude_defaults=True).encode()[:-1]
    return b'%b,"crc":"%08x"}\n' % (told, crc32(told))


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands in the file. Without an answer it is damaged, and `trouble` says how."""

    number: int
    raw: bytes
    answer: Answer | None = None
    trouble: str = ""


def lines(path: Path) -> Iterator[Line]:
    """Every line that ends; a torn last one is no record.

    Lines of earlier versions have no checksum; after the first that has one, each must. Raises RunFolderError for a
    line that is whole by its checksum and yet no answer: another version wrote it, and what it paid for is not to be
    thrown away.
    """
    must_have_sum = False
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                if raw.endswith(b"\n"):
                    has_sum = raw[_SUM_AT : _SUM_AT + len(_SUM)] == _SUM
                    must_have_sum |= has_sum
                    yield _sealed_line(path, number, raw) if must_have_sum else _line(number, raw)
    except OSError as error:
        raise RunFolderError(f"{path}: cannot be read: {error.strerror}") from None


def _sealed_line(path: Path, number: int, raw: bytes) -> Line:
    told = raw[:_SUM_AT]
    if raw[_SUM_AT:] != b'%b%08x"}\n' % (_SUM, crc32(told)):
        return Line(number, raw, trouble="its checksum does not hold")
    line = _line(number, raw, told + b"}")
    if line.answer is None:
        raise RunFolderError(
            f"{path}:{number}: whole, but no answer that this version knows; use the version that wrote it"
        )
    return line


def _line(number: int, raw: bytes, told: bytes | None = None) -> Line:
    try:
        return Line(number, raw, Answer.model_validate_json(raw if told is None else told))
    except ValidationError:
        return Line(number, raw, trouble="not an answer")


def answers(folder: Path) -> Iterator[Answer]:
    """Every answer. Raises RunFolderError at the first line that is damaged or answers a trial again."""
    path = folder / NAME
    if not path.is_file():
        raise RunFolderError(f"{path}: no such file; is {folder} the folder of a run?")
    again = shlex.join(["bench", "run", "--resume", "--out", str(folder)])
    seen: dict[tuple[str, str, str, int], int] = {}
    for line in lines(path):
        if line.answer is None:
            raise RunFolderError(f"{path}:{line.number}: {line.trouble}; asked again by: {again}")
        first = seen.setdefault(line.answer.key, line.number)
        if first != line.number:
            raise RunFolderError(
                f"{path}:{line.number}: answers '{line.answer.item}' again, as line {first} did; "
                f"the first is kept by: {again}"
            )
        yield line.answer


def drop_torn_tail(folder: Path) -> None:
    """Cut an unfinished last line, the trace of a process that was killed while writing."""
    path = folder / NAME
    if not path.is_file():
        return
    try:
        with path.open("rb+") as file:
            size = file.seek(0, os.SEEK_END)
            keep = _last_line_end(file.fileno(), size)
            if keep < size:
                file.truncate(keep)
                os.fsync(file.fileno())
    except OSError as error:
        raise RunFolderError(unwritable(path, error)) from None


def _last_line_end(file: int, size: int) -> int:
    """How many bytes of a file are whole lines."""
    for begin in range(max(0, size - _BLOCK), -_BLOCK, -_BLOCK):
        at = max(0, begin)
        found = os.pread(file, min(_BLOCK, size - at), at).rfind(b"\n")
        if found >= 0:
            return at + found + 1
    return 0
