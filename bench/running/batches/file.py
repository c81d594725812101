"""`batches.json`: what was handed over by the file, written before it is, so that nothing is paid for twice or lost.

A file is uploaded, and recorded; its batch is created, and recorded; its answers are in the journal, and that is
recorded. A process that is killed in between leaves a record from which the next one knows where to look.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import orjson
from pydantic import Field, ValidationError

from bench.errors import RunFolderError
from bench.files.whole_file import write_whole
from bench.running.plan import Trial
from bench.types import Record

NAME = "batches.json"

Key = tuple[str, str, str, int]


class Submission(Record):
    """One file of requests and the batch that is made of it.

    `requests` maps the custom ids of its lines to trials (suite, candidate, item, repeat). `asked_at` (Unix seconds) is
    written before the batch is asked for; with it and without a `batch_id` nobody knows whether there is one. `ended`
    is the vendor's last word on a batch once all its answers are in the journal.
    """

    name: str
    endpoint: str
    requests: dict[str, Key]
    file_id: str | None = None
    asked_at: float | None = None
    batch_id: str | None = None
    ended: str | None = None


class Batches(Record):
    """All of a run. `run` is drawn at random and told to the vendor with every batch; `begun` counts the files."""

    format: int = 1
    run: str
    begun: int = 0
    submissions: list[Submission] = Field(default_factory=list)


class BatchFile:
    """The file, read once and written whole at every step. Raises RunFolderError when it cannot be."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._told = _read(self.path) or Batches(run=secrets.token_hex(8))

    def live(self, endpoint: str | None = None) -> Iterator[Submission]:
        """What was not collected yet, of one endpoint or of all, in the order of handing over."""
        for each in tuple(self._told.submissions):
            if each.ended is None and endpoint in (None, each.endpoint):
                yield each

    def tags(self, submission: Submission) -> dict[str, str]:
        """What a vendor is told of a batch, so that it is found again."""
        return {"run": self._told.run, "file": submission.name}

    def begin(self, endpoint: str, requests: Mapping[str, Key]) -> Submission:
        """A new file of requests. No name is given twice, also after one was dropped."""
        number = self._told.begun + 1
        made = Submission(
            name=f"{self._told.run}-{number:04}", endpoint=endpoint, requests=dict(requests)
        )
        self._write([*self._told.submissions, made], number)
        return made

    def put(self, submission: Submission) -> Submission:
        """Write down how far a submission is."""
        self._write(
            [
                submission if each.name == submission.name else each
                for each in self._told.submissions
            ]
        )
        return submission

    def drop(self, submission: Submission) -> None:
        """Forget a file of which no batch was made."""
        self._write([each for each in self._told.submissions if each.name != submission.name])

    def _write(self, submissions: list[Submission], begun: int | None = None) -> None:
        told = self._told.model_copy(
            update={"submissions": submissions, "begun": begun or self._told.begun}
        )
        head = orjson.dumps(told.model_dump(exclude={"submissions"}))[:-1]
        lines = b",\n".join(orjson.dumps(each.model_dump()) for each in submissions)
        write_whole(self.path, b'%b,"submissions":[\n%b\n]}\n' % (head, lines))
        self._told = told


def _read(path: Path) -> Batches | None:
    try:
        return Batches.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise RunFolderError(f"{path}: cannot be read: {type(error).__name__}") from None


def uncollected(folder: Path) -> int:
    """How many batches of a run the vendors still have, or may have."""
    return sum(1 for _ in BatchFile(folder).live())


def refuse_what_is_under_way(folder: Path, owed: Iterable[Trial]) -> None:
    """Raise RunFolderError where a trial that would be asked as usual is in a batch already: it would be paid twice."""
    if not (folder / NAME).is_file():
        return
    file = BatchFile(folder)
    keys = {key for each in file.live() for key in each.requests.values()}
    for trial in owed:
        if trial.key in keys:
            raise RunFolderError(
                f"{file.path}: endpoint '{trial.candidate.endpoint_name}' has batches under way; collect them with "
                "--batch (and batch: true on the endpoint)"
            )


def custom_id(key: Key) -> str:
    """What a line of a file calls a trial: the same in every process, and nothing of the trial's own words."""
    return hashlib.sha256(orjson.dumps(key)).hexdigest()[:32]
