"""Tencent's own wire (混元, API 3.0): PascalCase, signed by TC3-HMAC-SHA256, errors inside HTTP 200.

Source: https://cloud.tencent.com/document/api/1729/105701 (ChatCompletions, 2023-09-01).
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlsplit

import orjson

from bench.endpoints.chat_reply import count, finish_of, mapping
from bench.endpoints.failures import malformed
from bench.endpoints.quirks import ParameterRule, Quirks
from bench.endpoints.seam import Reply, Request
from bench.endpoints.secrets import KeyVariable
from bench.endpoints.signing import tc3_authorization
from bench.endpoints.transport import Http, Outgoing
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
    "https://cloud.tencent.com/document/api/1729/101843; "
    "github.com/TencentCloud/tencentcloud-sdk-go, hunyuan/v20230901/errors.go",
    "documented",
    {
        "AuthFailure*": "auth",
        "UnauthorizedOperation*": "auth",
        "RequestLimitExceeded*": "rate_limited",
        "LimitExceeded*": "rate_limited",
        "FailedOperation.EngineServerLimitExceeded": "rate_limited",
        "FailedOperation.EngineRequestTimeout": "timeout",
        "FailedOperation.EngineServerError": "server",
        "FailedOperation.ConsoleServerError": "server",
        "FailedOperation.FreeResourcePackExhausted": "quota_empty",
        "FailedOperation.ResourcePackExhausted": "quota_empty",
        "FailedOperation.ServiceStopArrears": "quota_empty",
        "FailedOperation.ServiceNotActivated": "auth",
        "FailedOperation.ServiceStop": "auth",
        "ResourceInsufficient.ChargeResourceExhaust": "quota_empty",
        "ResourceUnavailable.InArrears": "quota_empty",
        "ResourceUnavailable.LowBalance": "quota_empty",
        "ResourceInsufficient*": "server",
        "OperationDenied.TextIllegalDetected": "content_policy",
        "InternalError*": "server",
        "ResourceUnavailable*": "server",
        "InvalidParameter*": "bad_request",
        "MissingParameter": "bad_request",
        "UnknownParameter": "bad_request",
        "UnsupportedOperation*": "bad_request",
        "ActionOffline": "bad_request",
    },
)
_FINISHES: Mapping[str, Finish] = {"sensitive": "content_filter", "length": "length"}


class TencentTc3(NativeEndpoint):
    """Hunyuan by the API of Tencent Cloud. The wire has no field for output tokens.

    Not verified without an account: that thinking models tell `ReasoningContent` in a whole reply as they do in a
    stream.
    """

    version: ClassVar[str] = "1"
    shape: ClassVar[Quirks] = Quirks(
        alternate=True,
        max_messages=40,
        params={
            "temperature": ParameterRule(min=0, max=2),
            "top_p": ParameterRule(min=0, max=1),
        },
    )
    tables: ClassVar[tuple[CodeTable, ...]] = (DOCUMENTED,)
    names: ClassVar[Mapping[str, str]] = {
        "temperature": "Temperature",
        "top_p": "TopP",
        "seed": "Seed",
    }
    keys: ClassVar[tuple[str, ...]] = ("secret_id_env", "secret_key_env")
    caps_output: ClassVar[bool] = False
    searches: ClassVar[bool] = True

    base_url: str = "https://hunyuan.tencentcloudapi.com"
    model: str
    secret_id_env: KeyVariable = "TENCENTCLOUD_SECRET_ID"  # noqa: S105  # a variable's name
    secret_key_env: KeyVariable = "TENCENTCLOUD_SECRET_KEY"  # noqa: S105  # a variable's name
    region: str | None = None

    def wire(self) -> "TencentWire":
        """The signed wire."""
        return TencentWire(self, self.secret("secret_id_env"), self.secret("secret_key_env"))


class TencentWire:
    """Writes and reads ChatCompletions of version 2023-09-01."""

    def __init__(self, endpoint: TencentTc3, secret_id: str, secret_key: str) -> None:
        self._endpoint = endpoint
        self._credentials = (secret_id, secret_key)
        self._host = urlsplit(endpoint.base_url).netloc
        self._meaning = endpoint.meaning()

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One question, its body signed."""
        del http
        body, now = orjson.dumps(self.body(request)), int(time.time())
        action = "ChatCompletions"
        headers = {
            "X-TC-Action": action,
            "X-TC-Version": "2023-09-01",
            "X-TC-Timestamp": str(now),
            "Authorization": tc3_authorization(
                self._credentials, "hunyuan", self._host, action, now, body
            ),
        }
        if self._endpoint.region:
            headers["X-TC-Region"] = self._endpoint.region
        return Outgoing(f"{self._endpoint.base_url}/", body, headers)

    def body(self, request: Request) -> dict[str, Any]:
        """The request as JSON has it."""
        endpoint = self._endpoint
        turns = endpoint.turns(request)
        body = {
            "Model": endpoint.model,
            "Messages": [{"Role": turn["role"], "Content": turn["content"]} for turn in turns],
            "Stream": endpoint.stream,
            **endpoint.sent(),
        }
        if request.stop:
            body["Stop"] = list(request.stop)
        if endpoint.search != "vendor_default":
            body["EnableEnhancement"] = endpoint.search == "on"
        return body

    def reply(self, raw: bytes) -> Reply:
        """What is in the envelope `Response`."""
        body = mapping(json_object(raw).get("Response"))
        error = _error(body)
        if error is not None:
            return self._meaning.told(*error, raw)
        choice = first(body.get("Choices"))
        message = mapping(choice.get("Message"))
        if not choice:
            malformed("no Choices", raw)
        thought = message.get("ReasoningContent")
        return replace(
            counted(Reply(""), body),
            text=text_of(message.get("Content"), raw),
            finish=finish_of(choice.get("FinishReason"), _FINISHES),
            reasoning=thought if isinstance(thought, str) else "",
        )

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """A refusal by status, of the gateway."""
        error = _error(mapping(an_object(raw).get("Response")))
        return self._meaning.refused(status, headers, raw, error)

    def stream(self) -> "TencentStream":
        """Events, which have no envelope."""
        return TencentStream(self)

    def failed(self, event: Mapping[str, Any], raw: bytes) -> Reply | None:
        """The error that an event tells of; None where it tells of none."""
        error = _error(event) or _error(mapping(event.get("Response")))
        return None if error is None else self._meaning.told(*error, raw)


class TencentStream(Pieces):
    """Events of `Choices[0].Delta`; a finish reason marks the last."""

    __slots__ = ("_wire",)

    def __init__(self, wire: TencentWire) -> None:
        super().__init__()
        self._wire = wire

    def feed(self, data: bytes) -> None:
        """One event."""
        if data.strip() == b"[DONE]":
            return
        event = json_object(data)
        refused = self._wire.failed(event, data)
        if refused is not None:
            self.refuse(refused)
            return
        choice = first(event.get("Choices"))
        delta = mapping(choice.get("Delta"))
        self.add(delta.get("Content"), delta.get("ReasoningContent"))
        self.last = counted(self.last, event)
        if choice.get("FinishReason"):
            self.end(finish_of(choice["FinishReason"], _FINISHES))


def counted(reply: Reply, body: Mapping[str, Any]) -> Reply:
    """A reply with the counts of `Usage`, where they are told."""
    usage = mapping(body.get("Usage"))
    if not usage:
        return reply
    asked, said = count(usage.get("PromptTokens")), count(usage.get("CompletionTokens"))
    return replace(reply, input_tokens=asked, output_tokens=said)


def _error(body: Mapping[str, Any]) -> tuple[str, str] | None:
    error = mapping(body.get("Error"))
    if error.get("Code"):
        return str(error["Code"]), str(error.get("Message"))
    told = mapping(body.get("ErrorMsg"))  # of a stream that failed after it began
    return (str(told["Code"]), str(told.get("Msg"))) if told.get("Code") else None
