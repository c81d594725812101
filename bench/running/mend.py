"""A journal made fit to be continued: damaged and second lines laid aside, and failures to be asked again."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.errors import RunFolderError
from bench.files.whole_file import write_whole
from bench.running.journal import NAME, drop_torn_tail, lines
from bench.types import Answer

DAMAGED = "answers.damaged.jsonl"
FAILED = "answers.failed.jsonl"
"""Failures that were asked again: what they have cost is spent all the same."""


@dataclass(frozen=True, slots=True)
class Mended:
    """How many lines were taken out of a journal: damaged, a trial's second, failed and to be asked again."""

    damaged: int = 0
    twice: int = 0
    failed: int = 0

    def told(self, folder: Path) -> list[str]:
        """What a person should know of it, one line each."""
        told = []
        if self.damaged:
            told.append(
                f"{_counted(self.damaged, 'damaged line')} moved here; what they answered is asked again"
            )
        if self.twice:
            told.append(f"{_counted(self.twice, 'line')} moved here that answered a trial a second time; the first is kept")  # fmt: skip
        return [f"{folder / DAMAGED}: {each}" for each in told]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def mend(folder: Path, again: Collection[str] | None = None) -> Mended:
    """Take out of a run's journal what keeps it from being continued, and failures to be asked again.

    `again` are kinds of failures; None means all. A damaged line and a trial's second line go, as they are, to the end
    of the file DAMAGED, and a failure to the end of FAILED, so no byte is lost. The lines that stay are not changed.
    Raises RunFolderError, the journal as it was, when it cannot be written anew.
    """
    path = folder / NAME
    if not path.is_file():
        return Mended()
    drop_torn_tail(folder)
    kept: list[bytes] = []
    aside: list[bytes] = []
    failed: list[bytes] = []
    seen: set[tuple[str, str, str, int]] = set()
    damaged = 0
    for line in lines(path):
        answer = line.answer
        if answer is None:
            damaged += 1
            aside.append(line.raw)
        elif answer.key in seen:
            aside.append(line.raw)
        elif answer.failure is not None and (again is None or answer.failure.kind in again):
            failed.append(line.raw)
        else:
            seen.add(answer.key)
            kept.append(line.raw)
    if aside:
        _lay_aside(folder / DAMAGED, b"".join(aside))
    if failed:
        _lay_aside(folder / FAILED, b"".join(failed))
    if aside or failed:
        write_whole(path, b"".join(kept))
    return Mended(damaged, len(aside) - damaged, len(failed))


def failed_before(folder: Path) -> Iterator[Answer]:
    """Failures that were taken out of a run's journal, each once also where a process was killed over it."""
    path = folder / FAILED
    if not path.is_file():
        return
    seen: set[bytes] = set()
    for line in lines(path):
        if line.answer is not None and line.raw not in seen:
            seen.add(line.raw)
            yield line.answer


def _lay_aside(path: Path, told: bytes) -> None:
    try:
        before = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise RunFolderError(f"{path}: cannot be read: {error.strerror}") from None
    write_whole(path, before + told)
