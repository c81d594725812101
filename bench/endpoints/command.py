"""A program on this machine: a request goes to its standard input, the answer comes from its standard output."""

import hashlib
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, JsonValue, StringConstraints, model_validator

from bench.endpoints.failures import ErrorClass
from bench.endpoints.json_paths import ErrorPaths, ReplyPaths
from bench.endpoints.seam import Connection, Endpoint, Limits
from bench.endpoints.secrets import KeyVariable, hidden, secret
from bench.errors import EndpointFileError
from bench.types import Flag

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ")
"""Variables that every program gets; no other one of this process, and so no key, is passed on unnamed."""
_KEY_FLAG = re.compile(r"--?(api[-_]?key|apikey|token|secret|password)(=.*)?", re.IGNORECASE)
_SMALL = 4 * 1024 * 1024


class Command(Endpoint):
    """A local program, once for each request: `argv`, never a shell. It may send what it is given anywhere.

    Its standard input is the request as JSON (prompt, system, messages, max_tokens, stop, input, item, repeat, images,
    params), the prompt alone, or nothing; `{prompt_file}` in argv is a file that holds the prompt. Its standard output
    is the answer, or JSON where `response` tells the paths.
    """

    version: ClassVar[str] = "1"
    paths: ClassVar[tuple[str, ...]] = ("folder",)

    argv: list[Annotated[str, StringConstraints(min_length=1)]] = Field(min_length=1)
    folder: str | None = None
    """Where it runs; relative to the endpoint file."""
    stdin: Literal["json", "prompt", "none"] = "json"
    response: ReplyPaths | None = None
    errors: ErrorPaths | None = None
    exits: dict[int, ErrorClass] = Field(default_factory=dict)
    """What exit codes mean, beside 75 (asked again) and 77 (auth) of sysexits.h; any other one is its own mistake."""
    secrets: tuple[KeyVariable, ...] = ()
    """Environment variables that hold keys and are passed on; they are hidden from whatever is written down."""
    environment: tuple[KeyVariable, ...] = ()
    """Other environment variables that are passed on, such as CUDA_VISIBLE_DEVICES."""
    images: Flag = False
    """Whether the program looks at `images`."""
    limits: Limits = Limits(concurrency=2, timeout_s=300, max_attempts=2)

    @model_validator(mode="after")
    def _stated(self) -> Self:
        if "data" not in self.model_fields_set:
            raise ValueError(
                "a program may send what it is given anywhere; say where, such as data: {residency: here, deployment: edge}"
            )
        for argument in self.argv:
            if _KEY_FLAG.fullmatch(argument):
                raise ValueError(
                    f"'{argument.partition('=')[0]}' would show a key to every process; name its variable under secrets:"
                )
        if self.errors is not None and self.response is None:
            raise ValueError("errors: are read from JSON; say response: {text: PATH}, too")
        return self

    def takes_images(self) -> bool:
        """As the user says."""
        return self.images

    def check(self) -> None:
        """The program, its folder and its keys must be there, and no key among its arguments."""
        self.passed_on()
        if self.folder is not None and not self.home().is_dir():
            raise EndpointFileError(f"{self.folder}: no folder; correct `folder`")
        if self._program() is None:
            raise EndpointFileError(
                f"'{self.argv[0]}' is no program; install it or write its path in argv"
            )
        for argument in self.argv:
            if hidden(argument, answer=True) != argument:
                raise EndpointFileError("a key stands in argv; pass it by secrets: [NAME] alone")

    def home(self) -> Path:
        """The folder that it runs in."""
        return Path(self.folder or ".").expanduser()

    def _program(self) -> str | None:
        name = self.argv[0]
        return shutil.which(str(self.home() / name) if "/" in name else name)

    def passed_on(self) -> dict[str, str]:
        """The whole environment of the program. Raises EndpointFileError for a key that is not set."""
        names = (*_KEPT, *self.environment)
        plain = {name: os.environ[name] for name in names if name in os.environ}
        return plain | {name: secret(name) for name in self.secrets}

    def identity(self) -> dict[str, JsonValue]:
        """With the content of every file that argv names: another program gives other answers."""
        told = super().identity()
        told.pop("folder")
        told["files"] = {
            name: _digest(self.home() / name) for name in self.argv if self._is_own(name)
        }
        return told

    def _is_own(self, name: str) -> bool:
        path = self.home() / name
        return len(name) < 4096 and path.is_file() and path.stat().st_size <= _SMALL

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        """Nothing to open: each request starts the program."""
        from bench.endpoints.program import Program

        self.check()
        yield Program(self)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
