"""Ollama over its own API, since its chat-completions wire cannot set the context's size.

That wire keeps the server's default and cuts a longer prompt silently, so a long case would be answered from a part of
it. Here nothing is cut: a prompt that does not fit is refused. Source: https://github.com/ollama/ollama/blob/main/docs/api.md,
docs/api/openai-compatibility.mdx ("Setting the context size"), api/types.go (ChatRequest).
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import orjson
from pydantic import Field, field_validator

from bench.endpoints.chat_reply import count, finish_of, loaded, mapping
from bench.endpoints.failures import by_class, malformed, refused, shown
from bench.endpoints.http_endpoint import Gathering, cut_short
from bench.endpoints.image_parts import base64_image
from bench.endpoints.model_endpoint import ModelEndpoint
from bench.endpoints.seam import Connection, Reply, Request
from bench.endpoints.served import Named
from bench.endpoints.shaping import shaped, without_reasoning
from bench.endpoints.transport import Http, Outgoing, open_http
from bench.errors import RequestFailure
from bench.types import Finish, Flag, Message, Whole

_OF_THE_REQUEST = ("format", "logprobs", "top_logprobs", "truncate", "shift")
"""Parameters that stand beside `options`; every other one is an option of the model."""
_TOO_LONG = (b"exceeds the context length", b"exceed_context_size_error")
_FINISHES: Mapping[str, Finish] = {"length": "length"}


class Ollama(ModelEndpoint):
    """A model that Ollama serves: `POST base_url/api/chat`. Other `params` are its options, such as top_k or seed.

    Say where it runs in `data`: a model whose name ends in `-cloud` leaves the machine.
    """

    version: ClassVar[str] = "1"

    base_url: str = "http://127.0.0.1:11434"
    num_ctx: Whole | None = Field(default=None, ge=256)
    """Tokens of prompt and reply together; None: the server's own default."""
    keep_alive: str | Whole | None = None
    """How long the model stays loaded, such as "30m"; -1: for ever."""
    think: Flag | str | None = None
    """Whether a model thinks first, or how much (low, medium, high); None: as the model does."""

    @field_validator("base_url")
    @classmethod
    def _own_api(cls, url: str) -> str:
        """The address of the chat-completions wire is the same server's."""
        return url.removesuffix("/v1")

    def wire(self) -> "OllamaWire":
        """The wire of /api/chat."""
        return OllamaWire(self, self.key())

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        """A line that knows which models there are when it is asked for another."""
        listing = Outgoing(f"{self.base_url}/api/tags", b"", _authorised(self.key()), method="GET")
        async with super().connect() as line, open_http(1, self._proxy_address()) as http:
            yield Named(line, http, listing, _model_names, self.model)


def _model_names(body: Any) -> list[str]:
    return [str(each["name"]) for each in body["models"]]


def _authorised(key: str | None) -> dict[str, str]:
    """A key is for servers behind a proxy, and for ollama.com."""
    return {} if key is None else {"Authorization": f"Bearer {key}"}


class OllamaWire:
    """Writes and reads chats."""

    def __init__(self, endpoint: Ollama, key: str | None) -> None:
        self._endpoint = endpoint
        self._quirks = endpoint.quirks
        self._url = f"{endpoint.base_url}/api/chat"
        self._headers = _authorised(key)
        sent = endpoint.sent()
        self._fixed: dict[str, Any] = {
            "model": endpoint.model,
            "stream": endpoint.stream,
            "truncate": False,  # an error rather than the end of a prompt alone
            "shift": False,
        }
        self._fixed |= {name: sent.pop(name) for name in _OF_THE_REQUEST if name in sent}
        for name in ("keep_alive", "think"):
            if getattr(endpoint, name) is not None:
                self._fixed[name] = getattr(endpoint, name)
        self._options = sent | ({} if endpoint.num_ctx is None else {"num_ctx": endpoint.num_ctx})

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One chat."""
        del http
        return Outgoing(self._url, orjson.dumps(self.body(request)), self._headers)

    def body(self, request: Request) -> dict[str, Any]:
        """The request as JSON has it."""
        options = self._options | {"num_predict": self._endpoint.output_tokens(request)}
        if request.stop and self._quirks.stop:
            options["stop"] = list(request.stop)
        turns = [_turn(turn) for turn in shaped(request.messages, self._quirks)]
        return self._fixed | {"messages": turns, "options": options}

    def reply(self, raw: bytes) -> Reply:
        """A chat that came whole."""
        gathering = self.stream()
        gathering.feed(raw)
        return gathering.reply()

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """An error, by its text where the prompt is too long, else by its status."""
        if status in (400, 500) and any(told in raw for told in _TOO_LONG):
            return by_class("context_too_long", f"HTTP {status}: {shown(raw)}")
        return refused(status, headers, raw, self._quirks.errors)

    def stream(self) -> Gathering:
        """Lines, the last of which says that it is done."""
        return _Chat(self._quirks.reasoning_tags)


def _turn(turn: Message) -> dict[str, Any]:
    said: dict[str, Any] = {"role": turn.role, "content": turn.content}
    if turn.images:
        said["images"] = [base64_image(each)[1] for each in turn.images]
    return said


class _Chat:
    """A chat as it grows; one that comes whole is a stream of one line."""

    def __init__(self, reasoning_tags: tuple[str, ...]) -> None:
        self._tags = reasoning_tags
        self._text: list[str] = []
        self._thoughts: list[str] = []
        self._has_tools = False
        self._end: Mapping[str, Any] | None = None
        self.has_begun = self.is_done = False

    def feed(self, data: bytes) -> None:
        """One line. Raises RequestFailure for an error in the stream."""
        line = loaded(data)
        if isinstance(mapping(line).get("error"), str):
            raise RequestFailure("server", f"an error with HTTP 200: {shown(data)}")
        message = mapping(line).get("message")
        if not isinstance(message, dict):
            malformed("no chat: no message", data)
        for name, found in (("content", self._text), ("thinking", self._thoughts)):
            if isinstance(message.get(name), str) and message[name]:
                found.append(message[name])
                self.has_begun = True
        self._has_tools = self._has_tools or bool(message.get("tool_calls"))
        if line.get("done") is True:
            self._end, self.is_done = line, True

    def reply(self) -> Reply:
        """The whole answer. Raises RequestFailure (transport) where its end never came."""
        if self._end is None:
            raise cut_short()
        text, within = without_reasoning("".join(self._text), self._tags)
        reason, model = self._end.get("done_reason"), self._end.get("model")
        if not text and self._has_tools:
            raise RequestFailure("no_text", "the reply holds tool calls, and no text")
        return Reply(
            text=text,
            finish=finish_of(reason, _FINISHES),
            model=model if isinstance(model, str) else None,
            input_tokens=count(self._end.get("prompt_eval_count")),
            output_tokens=count(self._end.get("eval_count")),
            reasoning="".join(self._thoughts).strip() or within,
        )
