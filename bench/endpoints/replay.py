"""Recorded answers: last year's system, a product without an API, a run that was made elsewhere."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

from pydantic import Field, JsonValue, RootModel

from bench.endpoints.seam import Connection, Endpoint, Reply, Request
from bench.errors import EndpointFileError, RequestFailure
from bench.files.validation import validated
from bench.files.yaml_source import Source, read_jsonl
from bench.types import Flag, Name, Number, Record, Whole


class Recorded(Record):
    """A line of the file; only `item` and `output` are compulsory."""

    item: Name
    output: str
    repeat: Whole = Field(default=0, ge=0)
    suite: str | None = None
    model: str | None = None
    input_tokens: Whole | None = Field(default=None, ge=0)
    output_tokens: Whole | None = Field(default=None, ge=0)
    cached_input_tokens: Whole | None = Field(default=None, ge=0)
    reasoning_tokens: Whole | None = Field(default=None, ge=0)
    latency_s: Number | None = Field(default=None, ge=0)


class _Recording(RootModel[tuple[Recorded, ...]]):
    pass


def recorded(source: Source) -> tuple[Recorded, ...]:
    """The lines of a recording, one answer to each question. Raises EndpointFileError with file and line."""
    found = validated(_Recording, source, kind=EndpointFileError).root
    first: dict[tuple[str | None, str, int], int] = {}
    for index, line in enumerate(found):
        earlier = first.setdefault((line.suite, line.item, line.repeat), index)
        if earlier != index:
            told = f"line {source.place((earlier,)).line} answers '{line.item}' already; keep one"
            raise source.error((index,), told, EndpointFileError)
    return found


class Replay(Endpoint):
    """Answers from a JSON Lines file; an item that is not in it is a failure, never a zero."""

    version: ClassVar[str] = "1"
    leaves_machine: ClassVar[bool] = False
    paths: ClassVar[tuple[str, ...]] = ("file",)
    timed: ClassVar[bool] = False

    file: str
    cacheable: Flag = False

    def check(self) -> None:
        """The recording must be readable, every line of it."""
        self.lines()

    def lines(self) -> tuple[Recorded, ...]:
        """The recording. Raises EndpointFileError with file and line."""
        return recorded(read_jsonl(Path(self.file), EndpointFileError))

    def identity(self) -> dict[str, JsonValue]:
        """The recording's name and content, wherever it lies."""
        path = Path(self.file)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else None
        return {**super().identity(), "file": path.name, "content": digest}

    def takes_images(self) -> bool:
        """Whatever a suite shows: an answer is not read from it."""
        return True

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        """Read the whole recording."""
        yield _Recordings(self.lines())


class _Recordings:
    def __init__(self, lines: tuple[Recorded, ...]) -> None:
        self._lines = {(line.suite, line.item, line.repeat): line for line in lines}

    async def ask(self, request: Request) -> Reply:
        case = request.case
        line = self._lines.get((case.suite, case.item, case.repeat)) or self._lines.get(
            (None, case.item, case.repeat)
        )
        if line is None:
            raise RequestFailure("no_answer", f"no recorded answer to {case.item} ({case.repeat})")
        return Reply(
            text=line.output,
            model=line.model,
            input_tokens=line.input_tokens,
            output_tokens=line.output_tokens,
            latency_s=line.latency_s,
            cached_input_tokens=line.cached_input_tokens,
            reasoning_tokens=line.reasoning_tokens,
        )
