"""Alibaba's own wire (百炼 DashScope): `input` and `parameters`, `output.choices`, streams by a header.

Sources: https://help.aliyun.com/zh/model-studio/qwen-api-via-dashscope, https://help.aliyun.com/zh/model-studio/error-code.
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
    "https://help.aliyun.com/zh/model-studio/error-code (2026-09-28)",
    "documented",
    {
        "InvalidApiKey": "auth",
        "AccessDenied*": "auth",
        "Arrearage": "quota_empty",
        "AllocationQuota.FreeTierOnly": "quota_empty",
        "Throttling*": "rate_limited",
        "DataInspectionFailed": "content_policy",
        "data_inspection_failed": "content_policy",
        "InternalError*": "server",
        "ModelServingError": "server",
        "ModelUnavailable": "server",
        "ServiceUnavailable": "server",
        "RequestTimeOut": "timeout",
        "InvalidParameter*": "bad_request",
        "ModelNotFound": "bad_request",
    },
    {"Range of input length": "context_too_long"},
)
_FINISHES: Mapping[str, Finish] = {"length": "length", "content_filter": "content_filter"}


class DashScope(NativeEndpoint):
    """Qwen and others by DashScope's own wire. Thoughts come as `reasoning_content`, beside the answer."""

    version: ClassVar[str] = "1"
    shape: ClassVar[Quirks] = Quirks(
        params={
            "temperature": ParameterRule(min=0, below=2),
            "top_p": ParameterRule(above=0, max=1),
        }
    )
    tables: ClassVar[tuple[CodeTable, ...]] = (DOCUMENTED,)
    searches: ClassVar[bool] = True

    base_url: str = "https://dashscope.aliyuncs.com/api/v1"
    model: str
    api_key_env: KeyVariable | None = "DASHSCOPE_API_KEY"

    def wire(self) -> "DashScopeWire":
        """The wire with this endpoint's key."""
        return DashScopeWire(self, self.secret("api_key_env"))


class DashScopeWire:
    """Writes and reads text generation."""

    def __init__(self, endpoint: DashScope, key: str) -> None:
        self._endpoint = endpoint
        self._url = f"{endpoint.base_url}/services/aigc/text-generation/generation"
        self._headers = {"Authorization": f"Bearer {key}"}
        if endpoint.stream:
            self._headers |= {"X-DashScope-SSE": "enable"}
        self._meaning = endpoint.meaning()

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One question."""
        del http
        return Outgoing(self._url, orjson.dumps(self.body(request)), self._headers)

    def body(self, request: Request) -> dict[str, Any]:
        """The request as JSON has it."""
        endpoint = self._endpoint
        parameters = {
            "result_format": "message",
            "max_tokens": endpoint.output_tokens(request),
            **endpoint.sent(),
            **endpoint.stops(request),
        }
        if endpoint.stream:
            parameters["incremental_output"] = True
        if endpoint.search != "vendor_default":
            parameters["enable_search"] = endpoint.search == "on"
        return {
            "model": endpoint.model,
            "input": {"messages": endpoint.turns(request)},
            "parameters": parameters,
        }

    def reply(self, raw: bytes) -> Reply:
        """The message of the first choice."""
        body = json_object(raw)
        refused = self.failed(body, raw)
        if refused is not None:
            return refused
        choice = first(mapping(body.get("output")).get("choices"))
        message = mapping(choice.get("message"))
        if not choice:
            malformed("no choices", raw)
        thought = message.get("reasoning_content")
        return replace(
            counted(Reply(""), body),
            text=text_of(message.get("content"), raw),
            finish=finish_of(choice.get("finish_reason"), _FINISHES),
            reasoning=thought if isinstance(thought, str) else "",
        )

    def failed(self, body: Mapping[str, Any], raw: bytes) -> Reply | None:
        """The error that a body tells of; None where it tells of none."""
        if not body.get("code") or "output" in body:
            return None
        return self._meaning.told(str(body["code"]), str(body.get("message")), raw)

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """A refusal by status and code; where a stream was asked for it is told in an event."""
        told = [line[5:] for line in raw.splitlines() if line.startswith(b"data:")]
        body = an_object(told[-1] if told else raw)
        error = (str(body["code"]), str(body.get("message"))) if body.get("code") else None
        return self._meaning.refused(status, headers, raw, error)

    def stream(self) -> "DashScopeStream":
        """Events."""
        return DashScopeStream(self)


class DashScopeStream(Pieces):
    """Events of increments; a finish reason other than the text `null` marks the last."""

    __slots__ = ("_wire",)

    def __init__(self, wire: DashScopeWire) -> None:
        super().__init__()
        self._wire = wire

    def feed(self, data: bytes) -> None:
        """One event."""
        event = json_object(data)
        refused = self._wire.failed(event, data)
        if refused is not None:
            self.refuse(refused)
            return
        choice = first(mapping(event.get("output")).get("choices"))
        message = mapping(choice.get("message"))
        self.add(message.get("content"), message.get("reasoning_content"))
        self.last = counted(self.last, event)
        if choice.get("finish_reason") not in (None, "", "null"):
            self.end(finish_of(choice["finish_reason"], _FINISHES))


def counted(reply: Reply, body: Mapping[str, Any]) -> Reply:
    """A reply with the counts of `usage`, where they are told."""
    usage = mapping(body.get("usage"))
    if not usage:
        return reply
    read = mapping(usage.get("prompt_tokens_details")).get("cached_tokens")
    thought = mapping(usage.get("output_tokens_details")).get("reasoning_tokens")
    return replace(
        reply,
        input_tokens=count(usage.get("input_tokens")),
        output_tokens=count(usage.get("output_tokens")),
        cached_input_tokens=count(read),
        reasoning_tokens=count(thought),
    )
