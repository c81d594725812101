"""What was replaced in what was sent, a line each; never what was replaced."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from bench.endpoints.redaction import Redacted
from bench.errors import RunFolderError
from bench.files.whole_file import unwritable
from bench.running.journal import JournalError
from bench.running.plan import Trial
from bench.strategies.candidate import Candidate
from bench.strategies.redacting import Redacting
from bench.strategies.strategy import Question
from bench.types import Record

NAME = "redactions.jsonl"


class RedactionLine(Record):
    """A placeholder in one request of a trial, the kind of what it stands for, and how often it was put.

    A request that is retried has its lines once, and one whose reply comes from the cache has them, too.
    """

    suite: str
    candidate: str
    item: str
    repeat: int
    kind: str
    placeholder: str
    count: int


@contextlib.contextmanager
def logged(trials: list[Trial], folder: Path) -> Iterator[list[Trial]]:
    """The same trials, of which those that replace personal data write it into the run's folder before they send.

    Raises RunFolderError when the log cannot be opened; where there is none to write, none is made. Asking such a
    trial raises JournalError, and nothing is sent, when its lines cannot be written.
    """
    if not any(isinstance(each.candidate.strategy, Redacting) for each in trials):
        yield trials
        return
    path = folder / NAME
    file = _opened(path)
    try:
        noting: dict[str, Candidate] = {}
        for each in trials:
            name = each.candidate.name
            if name not in noting:
                noting[name] = _noting(each.candidate, file, path)
        yield [replace(each, candidate=noting[each.candidate.name]) for each in trials]
    finally:
        os.close(file)


def _opened(path: Path) -> int:
    """The log, without a line that a killed process left unfinished."""
    try:
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        os.fchmod(file, 0o600)
        whole = path.read_bytes().rfind(b"\n") + 1
        os.truncate(file, whole)
    except OSError as error:
        raise RunFolderError(unwritable(path, error)) from None
    return file


def _noting(candidate: Candidate, file: int, path: Path) -> Candidate:
    strategy = candidate.strategy
    if not isinstance(strategy, Redacting):
        return candidate

    def note(question: Question, redacted: Redacted) -> None:
        lines = [
            RedactionLine(
                suite=question.suite.name,
                candidate=candidate.name,
                item=question.item.id,
                repeat=question.repeat,
                **asdict(change),
            ).model_dump_json()
            for change in redacted.changes
        ]
        left = "".join(f"{line}\n" for line in lines).encode()
        size = os.fstat(file).st_size
        try:
            while left:
                left = left[os.write(file, left) :]
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(file, size)
            raise JournalError(unwritable(path, error)) from None

    return replace(candidate, strategy=strategy.model_copy(update={"note": note}))
