"""SenseTime's own wire (商量 SenseNova): a token signed here, everything in an envelope `data`.

Sources: https://console.sensecore.cn/help/docs/model-as-a-service/nova/chat/ChatCompletions/ChatCompletions,
https://sensecore.cn/help/docs/model-as-a-service/nova/overview/ErrorCode.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import orjson

from bench.endpoints.chat_reply import count, finish_of, mapping
from bench.endpoints.failures import malformed
from bench.endpoints.quirks import ParameterRule, Quirks
from bench.endpoints.seam import Reply, Request
from bench.endpoints.secrets import KeyVariable
from bench.endpoints.signing import sensenova_token
from bench.endpoints.transport import Http, Outgoing
from bench.endpoints.wires.access_token import SignedToken
from bench.endpoints.wires.meaning import CodeTable
from bench.endpoints.wires.native import (
    NativeEndpoint,
    Pieces,
    an_object,
    first,
    json_object,
    text_of,
)
from bench.types import Finish

DOCUMENTED = CodeTable(
    "https://sensecore.cn/help/docs/model-as-a-service/nova/overview/ErrorCode",
    "documented",
    {
        "2": "server",
        "3": "bad_request",
        "4": "timeout",
        "5": "bad_request",
        "7": "auth",
        "8": "rate_limited",
        "9": "server",
    },
)
RECALLED = CodeTable(
    "https://grpc.github.io/grpc/core/md_doc_statuscodes.html, whose numbers these are",
    "recalled",
    {"13": "server", "14": "server", "16": "auth"},
)
_FINISHES: Mapping[str, Finish] = {
    "length": "length",
    "context": "length",  # the context was full
    "sensitive": "content_filter",
}


class SenseNova(NativeEndpoint):
    """SenseChat by SenseNova's own wire, with an access key and its secret.

    Tokens that a knowledge base put in front count as input. Not verified without an account: which code an empty quota
    has (`errors` may say), and that search is off unless a plug-in asks for it.
    """

    version: ClassVar[str] = "1"
    shape: ClassVar[Quirks] = Quirks(
        max_tokens_name="max_new_tokens",
        params={
            "temperature": ParameterRule(above=0, max=2),
            "top_p": ParameterRule(above=0, below=1),
        },
        stop=False,
    )
    tables: ClassVar[tuple[CodeTable, ...]] = (DOCUMENTED, RECALLED)
    keys: ClassVar[tuple[str, ...]] = ("access_key_env", "secret_key_env")
    searches: ClassVar[bool] = True

    base_url: str = "https://api.sensenova.cn/v1/llm"
    model: str
    access_key_env: KeyVariable = "SENSENOVA_ACCESS_KEY_ID"
    secret_key_env: KeyVariable = "SENSENOVA_SECRET_ACCESS_KEY"  # noqa: S105  # a variable's name

    def wire(self) -> "SenseNovaWire":
        """The wire with a token of its own."""
        return SenseNovaWire(self, self.secret("access_key_env"), self.secret("secret_key_env"))


class SenseNovaWire:
    """Writes `max_new_tokens`, reads `data`."""

    def __init__(self, endpoint: SenseNova, access_key: str, secret_key: str) -> None:
        self._endpoint = endpoint
        self._token = SignedToken(
            lambda now: sensenova_token(access_key, secret_key, int(now)), 1800
        )
        self._meaning = endpoint.meaning()

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One question."""
        del http
        return Outgoing(
            f"{self._endpoint.base_url}/chat-completions",
            orjson.dumps(self.body(request)),
            {"Authorization": f"Bearer {self._token.value()}"},
        )

    def body(self, request: Request) -> dict[str, Any]:
        """The request as JSON has it; search is a plug-in that is there only when it is wanted."""
        endpoint = self._endpoint
        body = {
            "model": endpoint.model,
            "messages": endpoint.turns(request),
            "max_new_tokens": endpoint.output_tokens(request),
            **endpoint.sent(),
            "stream": endpoint.stream,
        }
        if endpoint.search == "on":
            body["plugins"] = {"web_search": {"search_enable": True}}
        return body

    def reply(self, raw: bytes) -> Reply:
        """What is in the envelope `data`."""
        body = json_object(raw)
        refused = self.failed(body, raw)
        if refused is not None:
            return refused
        data = mapping(body.get("data"))
        choice = first(data.get("choices"))
        if not choice:
            malformed("no choices", raw)
        message = choice.get("message")
        text = mapping(message).get("content") if isinstance(message, dict) else message
        return replace(
            counted(Reply(""), data),
            text=text_of(text, raw),
            finish=finish_of(choice.get("finish_reason"), _FINISHES),
        )

    def failed(self, body: Mapping[str, Any], raw: bytes) -> Reply | None:
        """The error of a body with HTTP 200, or of an event's `status`; None where there is none."""
        for told in (mapping(body.get("error")), mapping(body.get("status"))):
            if told.get("code"):
                return self._meaning.told(str(told["code"]), str(told.get("message")), raw)
        return None

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """A refusal by status and code."""
        told = mapping(an_object(raw).get("error"))
        error = (str(told["code"]), str(told.get("message"))) if told.get("code") else None
        return self._meaning.refused(status, headers, raw, error)

    def stream(self) -> "SenseNovaStream":
        """Events."""
        return SenseNovaStream(self)


class SenseNovaStream(Pieces):
    """Events of `delta`, each in the envelope; a finish reason or `[DONE]` marks the end."""

    __slots__ = ("_wire",)

    def __init__(self, wire: SenseNovaWire) -> None:
        super().__init__()
        self._wire = wire

    def feed(self, data: bytes) -> None:
        """One event."""
        if data.strip() == b"[DONE]":
            self.end()
            return
        event = json_object(data)
        refused = self._wire.failed(event, data)
        if refused is not None:
            self.refuse(refused)
            return
        inner = mapping(event.get("data"))
        choice = first(inner.get("choices"))
        self.add(choice.get("delta"))
        self.last = counted(self.last, inner)
        if choice.get("finish_reason"):
            self.end(finish_of(choice["finish_reason"], _FINISHES))


def counted(reply: Reply, data: Mapping[str, Any]) -> Reply:
    """A reply with the counts of `usage`, where they are told."""
    usage = mapping(data.get("usage"))
    if not usage:
        return reply
    asked, known = count(usage.get("prompt_tokens")), count(usage.get("knowledge_tokens")) or 0
    return replace(
        reply,
        input_tokens=None if asked is None else asked + known,
        output_tokens=count(usage.get("completion_tokens")),
    )
