"""Baichuan's older wire (百川 53B): a body signed by MD5, parameters apart, `data.messages` out.

Sources: platform.baichuan-ai.com/docs/api of 2023, which is gone; github.com/wangyuxinwhy/generate, baichuan.py;
list of errors as github.com/allwefantasy/byzer-llm has it.
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import orjson

from bench.endpoints.chat_reply import count, finish_of, mapping
from bench.endpoints.quirks import ParameterRule, Quirks
from bench.endpoints.seam import Reply, Request
from bench.endpoints.secrets import KeyVariable
from bench.endpoints.signing import baichuan_signature
from bench.endpoints.transport import Http, Outgoing
from bench.endpoints.wires.meaning import CodeTable
from bench.endpoints.wires.native import (
    ByLine,
    NativeEndpoint,
    Pieces,
    an_object,
    json_object,
    text_of,
)
from bench.types import Finish

PUBLIC = CodeTable(
    "github.com/allwefantasy/byzer-llm, saas/baichuan (2023)",
    "public clients",
    {
        "1": "server",
        "10000": "bad_request",
        "10100": "auth",
        "10101": "auth",
        "10102": "auth",
        "10103": "auth",  # the moment that was signed
        "10104": "auth",
        "10105": "auth",
        "10106": "bad_request",
        "10200": "auth",
        "10201": "auth",
        "10202": "rate_limited",  # locked for a while
        "10203": "rate_limited",
        "10300": "quota_empty",
        "10301": "auth",
        "10400": "content_policy",  # the question
        "10401": "content_policy",  # the answer
        "10500": "server",
    },
)
_FINISHES: Mapping[str, Finish] = {"length": "length", "content_filter": "content_filter"}


class Baichuan(NativeEndpoint):
    """Baichuan2-53B by the signed wire. It has no field for output tokens.

    Not verified without an account: whether the service still answers; newer models answer on `openai`.
    """

    version: ClassVar[str] = "1"
    shape: ClassVar[Quirks] = Quirks(
        system="fold",
        alternate=True,
        params={
            "temperature": ParameterRule(min=0, max=1),
            "top_p": ParameterRule(min=0, below=1),
            "top_k": ParameterRule(min=0, max=20),
        },
        stop=False,
    )
    tables: ClassVar[tuple[CodeTable, ...]] = (PUBLIC,)
    keys: ClassVar[tuple[str, ...]] = ("api_key_env", "secret_key_env")
    caps_output: ClassVar[bool] = False
    searches: ClassVar[bool] = True

    base_url: str = "https://api.baichuan-ai.com/v1"
    model: str = "Baichuan2-53B"
    api_key_env: KeyVariable | None = "BAICHUAN_API_KEY"
    secret_key_env: KeyVariable = "BAICHUAN_SECRET_KEY"  # noqa: S105  # a variable's name

    def wire(self) -> "BaichuanWire":
        """The signed wire."""
        return BaichuanWire(self, self.secret("api_key_env"), self.secret("secret_key_env"))


class BaichuanWire:
    """Writes `messages` and `parameters`, reads `data.messages`."""

    def __init__(self, endpoint: Baichuan, api_key: str, secret_key: str) -> None:
        self._endpoint = endpoint
        self._keys = (api_key, secret_key)
        self._meaning = endpoint.meaning()
        self._url = endpoint.base_url + ("/stream/chat" if endpoint.stream else "/chat")

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One question, its body signed for this second."""
        del http
        endpoint, now = self._endpoint, str(int(time.time()))
        parameters = endpoint.sent()
        if endpoint.search != "vendor_default":
            parameters["with_search_enhance"] = endpoint.search == "on"
        body = orjson.dumps(
            {
                "model": endpoint.model,
                "messages": endpoint.turns(request),
                "parameters": parameters,
            }
        )
        headers = {
            "Authorization": f"Bearer {self._keys[0]}",
            "X-BC-Request-Id": str(uuid.uuid4()),
            "X-BC-Timestamp": now,
            "X-BC-Sign-Algo": "MD5",
            "X-BC-Signature": baichuan_signature(self._keys[1], body, now),
        }
        return Outgoing(self._url, body, headers)

    def reply(self, raw: bytes) -> Reply:
        """The last message of `data`; a stream that did not come as an event stream is read line by line."""
        if not self._endpoint.stream:
            return self.part(raw)[0]
        gathering = BaichuanStream(self)
        for line in raw.splitlines():
            gathering.feed(line)
        return gathering.reply()

    def part(self, raw: bytes) -> tuple[Reply, bool]:
        """A reply, or a piece of one, and whether it is the last."""
        body = json_object(raw)
        if body.get("code") != 0:
            told = self._meaning.told(str(body.get("code")), str(body.get("msg")), raw)
            return told, True
        messages = mapping(body.get("data")).get("messages")
        message = mapping(messages[-1]) if isinstance(messages, list) and messages else {}
        finish = message.get("finish_reason")
        reply = Reply(
            text=text_of(message.get("content"), raw),
            finish=finish_of(finish, _FINISHES),
        )
        return _counted(reply, body), bool(finish)

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """A refusal by status and code."""
        body = an_object(raw)
        error = (str(body["code"]), str(body.get("msg"))) if body.get("code") else None
        return self._meaning.refused(status, headers, raw, error)

    def stream(self) -> "BaichuanStream":
        """The same lines as they come."""
        return BaichuanStream(self)


class BaichuanStream(Pieces, ByLine):
    """A JSON object a line, each a piece of the answer; a finish reason marks the last."""

    def __init__(self, wire: BaichuanWire) -> None:
        super().__init__()
        self._wire = wire

    def feed(self, data: bytes) -> None:
        """One line."""
        line = data.strip().removeprefix(b"data:").strip()
        if not line or line == b"[DONE]":
            return
        piece, is_last = self._wire.part(line)
        self.add(piece.text)
        if piece.input_tokens is not None:
            self.last = piece
        if is_last:
            self.end(piece.finish)


def _counted(reply: Reply, body: Mapping[str, Any]) -> Reply:
    usage = mapping(body.get("usage"))
    asked, total = count(usage.get("prompt_tokens")), count(usage.get("total_tokens"))
    said = count(usage.get("answer_tokens", usage.get("completion_tokens")))
    if said is None and asked is not None and total is not None:
        said = count(total - asked)
    return replace(reply, input_tokens=asked, output_tokens=said) if usage else reply
