"""Base models: a text goes in and is continued, over the completions wire of OpenAI, vLLM and others.

Source: https://platform.openai.com/docs/api-reference/completions.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, ClassVar, Literal

import orjson

from bench.endpoints.chat_reply import ChatStream, loaded, parsed_reply
from bench.endpoints.failures import refused
from bench.endpoints.http_endpoint import Gathering
from bench.endpoints.llamacpp import ANSWER, QUESTION, plain_prompt
from bench.endpoints.model_endpoint import ModelEndpoint
from bench.endpoints.quirks import Quirks
from bench.endpoints.seam import Connection, Reply, Request
from bench.endpoints.transport import Http, Outgoing
from bench.types import Message

_INSTRUCTION, _INPUT, _RESPONSE = "### Instruction:", "### Input:", "### Response:"
_ALPACA = "Below is an instruction that describes a task. Write a response that appropriately completes the request."
_ALPACA_WITH_INPUT = (
    "Below is an instruction that describes a task, paired with an input that provides further context. "
    "Write a response that appropriately completes the request."
)


class Completions(ModelEndpoint):
    """Continues a text: `POST base_url/completions`, for models without a chat template.

    `form` is how turns become that text: `plain` as 【问】…【答】, `alpaca` as that model's training had it. The
    answer's opening, where the suite has one, stands at the end of the text and comes back with the reply.
    """

    version: ClassVar[str] = "1"

    path: str = "/completions"
    form: Literal["plain", "alpaca"] = "plain"

    def takes_images(self) -> bool:
        """A text is all that is continued."""
        return False

    def wire(self) -> "CompletionsWire":
        """The completions wire."""
        return CompletionsWire(self, self.key())

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        """A line whose replies begin as the text ended."""
        async with super().connect() as line:
            yield _Opened(line)


class _Opened:
    def __init__(self, line: Connection) -> None:
        self._line = line

    async def ask(self, request: Request) -> Reply:
        reply = await self._line.ask(request)
        return replace(reply, text=(request.opening + reply.text).strip())


def alpaca_prompt(messages: tuple[Message, ...]) -> str:
    """Turns as Stanford Alpaca was trained on them; instructions and a question are its form with an input.

    Source: https://github.com/tatsu-lab/stanford_alpaca, "Data Release".
    """
    told = "\n\n".join(turn.content for turn in messages if turn.role == "system")
    asked = _INPUT if told else _INSTRUCTION
    parts = [f"{_ALPACA_WITH_INPUT}\n\n{_INSTRUCTION}\n{told}" if told else _ALPACA]
    for turn in messages:
        if turn.role == "user":
            parts.append(f"{asked}\n{turn.content}\n\n{_RESPONSE}")
        elif turn.role == "assistant":
            parts[-1] += f"\n{turn.content}"
    return "\n\n".join(parts)


class CompletionsWire:
    """Writes texts to continue and reads what comes."""

    def __init__(self, endpoint: Completions, key: str | None) -> None:
        self._endpoint = endpoint
        self._quirks = endpoint.quirks
        self._url = f"{endpoint.base_url}{endpoint.path}"
        self._fixed: dict[str, Any] = {"model": endpoint.model} | endpoint.sent()
        if endpoint.stream or self._quirks.stream_only:
            self._fixed["stream"] = True
            if self._quirks.stream_usage:
                self._fixed.setdefault("stream_options", {"include_usage": True})
        self._headers = {"Authorization": f"Bearer {key}"} if key is not None else {}

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One text."""
        del http
        return Outgoing(self._url, orjson.dumps(self.body(request)), self._headers)

    def body(self, request: Request) -> dict[str, Any]:
        """The request as JSON has it: the answer ends where the next question would begin."""
        if self._endpoint.form == "alpaca":
            prompt, stop = alpaca_prompt(request.messages), [_INSTRUCTION, _INPUT]
            opening = f"\n{request.opening}" if request.opening else ""
        else:
            prompt, stop = plain_prompt(request.messages), [QUESTION, ANSWER]
            opening = request.opening
        if request.opening:
            stop.append("\n\n")  # labelled lines hold no blank one
        return self._fixed | {
            "prompt": prompt + opening,
            "max_tokens": self._endpoint.output_tokens(request),
            "stop": list(dict.fromkeys((*stop, *request.stop))),
        }

    def reply(self, raw: bytes) -> Reply:
        """A text completion."""
        return parsed_reply(_as_chat(raw, "message"), self._quirks)

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """An error object, by its code and its status."""
        return refused(status, headers, raw, self._quirks.errors)

    def stream(self) -> Gathering:
        """Chunks of a text completion."""
        return _CompletionStream(self._quirks)


def _as_chat(raw: bytes, holder: str) -> bytes:
    """A completion in the shape of a chat completion; anything else as it is, to be told for what it is."""
    body = loaded(raw)
    if not isinstance(body, dict) or not isinstance(body.get("choices"), list):
        return raw
    for choice in body["choices"]:
        if isinstance(choice, dict) and "text" in choice:
            choice[holder] = {"content": choice.pop("text")}
    return orjson.dumps(body)


class _CompletionStream(ChatStream):
    """Chunks that carry `text` where a chat's carry a delta."""

    def __init__(self, quirks: Quirks) -> None:
        super().__init__(quirks)

    def feed(self, data: bytes) -> None:
        """One chunk."""
        is_chunk = data.strip() not in (b"", b"[DONE]")
        super().feed(_as_chat(data, "delta") if is_chunk else data)
