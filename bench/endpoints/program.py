"""One run of a local program a request: its input written, its output capped, its whole process group ended.

Exit codes: https://man.freebsd.org/cgi/man.cgi?query=sysexits.
"""

import asyncio
import contextlib
import os
import signal
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process, SubprocessStreamProtocol
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING

import orjson

from bench.endpoints.chat_reply import loaded
from bench.endpoints.failures import ErrorClass, by_class, shown
from bench.endpoints.quirks import Quirks
from bench.endpoints.request_values import one_text, request_values
from bench.endpoints.seam import Reply, Request
from bench.endpoints.secrets import without_keys
from bench.endpoints.shaping import tokens
from bench.endpoints.transport import MAX_BODY
from bench.errors import RequestFailure

if TYPE_CHECKING:
    from bench.endpoints.command import Command

_PROMPT_FILE = "{prompt_file}"
_LAST_WORDS = 16 * 1024
_CHUNK = 64 * 1024
_EXITS: Mapping[int, ErrorClass] = {75: "server", 77: "auth"}


class Program:
    """Asks by running a program."""

    def __init__(self, command: "Command") -> None:
        self._command = command
        self._environment = command.passed_on()
        self._cwd = str(command.home()) if command.folder is not None else None

    async def ask(self, request: Request) -> Reply:
        """One run. When it is cancelled, by a deadline or an interrupt, the whole process group is killed."""
        with _prompt_file(self._command.argv, request) as argv:
            out, told, code = await self._run(argv, self._input(request))
        if len(out) > MAX_BODY:
            raise RequestFailure("malformed", f"more than {MAX_BODY >> 20} MiB of output")
        if code != 0:
            return self._failed(code, told)
        return without_keys(self._reply(out))

    def _input(self, request: Request) -> bytes | None:
        match self._command.stdin:
            case "none":
                return None
            case "prompt":
                return one_text(request).encode()
            case "json":
                values = request_values(request)
                cap = self._command.params.get("max_tokens")
                values["max_tokens"] = tokens(request.max_tokens, cap, Quirks())
                return orjson.dumps(values | {"params": self._command.params})

    async def _run(self, argv: list[str], given: bytes | None) -> tuple[bytes, bytes, int]:
        """Output, the end of its messages, and the exit code."""
        async with self._started(argv, PIPE if given is not None else DEVNULL) as process:
            out, told, _ = await asyncio.gather(
                _output(process), _last_words(process), _given(process, given or b"")
            )
            return out, told, await process.wait()

    @contextlib.asynccontextmanager
    async def _started(self, argv: list[str], stdin: int) -> AsyncIterator[Process]:
        """A process in a group of its own. In the end the whole group is killed, and its pipes are closed here.

        What left the group may hold their other ends, and is not waited for.
        """
        loop = asyncio.get_running_loop()
        try:
            transport, protocol = await loop.subprocess_exec(
                lambda: SubprocessStreamProtocol(_CHUNK, loop),
                *argv,
                stdin=stdin,
                stdout=PIPE,
                stderr=PIPE,
                cwd=self._cwd,
                env=self._environment,
                start_new_session=True,
            )
        except OSError as error:
            raise RequestFailure("internal", f"it cannot be started: {error.strerror}") from None
        process = Process(transport, protocol, loop)
        try:
            yield process
        finally:
            _kill(process)
            for number in range(3):
                pipe = transport.get_pipe_transport(number)
                if pipe is not None:
                    pipe.close()
            await process.wait()

    def _failed(self, code: int, told: bytes) -> Reply:
        kind = self._command.exits.get(code, _EXITS.get(code, "internal"))
        how = f"ended by signal {-code}" if code < 0 else f"exit code {code}"
        last = told.rstrip().rpartition(b"\n")[2]
        return by_class(kind, f"{how}: {shown(last) or 'without a word'}")

    def _reply(self, out: bytes) -> Reply:
        paths = self._command.response
        if paths is None:
            try:
                return Reply(text=out.decode().strip("\r\n"))
            except UnicodeDecodeError as error:
                raise RequestFailure(
                    "malformed", f"the output is not UTF-8: {error.reason}"
                ) from None
        body = loaded(out)
        errors = self._command.errors
        told_of = errors.told(body, shown(out)) if errors is not None else None
        return told_of if told_of is not None else paths.reply(paths.found(body), out)


@contextlib.contextmanager
def _prompt_file(argv: list[str], request: Request) -> Iterator[list[str]]:
    """The arguments, with a private file in the place of {prompt_file} for as long as the program runs."""
    if not any(_PROMPT_FILE in argument for argument in argv):
        yield argv
        return
    with tempfile.NamedTemporaryFile(prefix="prompt-", suffix=".txt") as file:
        file.write(one_text(request).encode())
        file.flush()
        yield [argument.replace(_PROMPT_FILE, file.name) for argument in argv]


async def _output(process: Process) -> bytes:
    """Standard output; a program that writes more than `MAX_BODY` is ended."""
    assert process.stdout is not None
    found = bytearray()
    while piece := await process.stdout.read(_CHUNK):
        found += piece
        if len(found) > MAX_BODY:
            _kill(process)
            break
    return bytes(found)


async def _last_words(process: Process) -> bytes:
    """The end of its messages, however many there are."""
    assert process.stderr is not None
    kept = b""
    while piece := await process.stderr.read(_CHUNK):
        kept = (kept + piece)[-_LAST_WORDS:]
    return kept


async def _given(process: Process, raw: bytes) -> None:
    """Write its input; a program need not read it."""
    if process.stdin is None:
        return
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(raw)
        await process.stdin.drain()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.close()
        await process.stdin.wait_closed()


def _kill(process: Process) -> None:
    """End the program and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
