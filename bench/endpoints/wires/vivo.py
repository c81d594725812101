"""vivo's older wire (蓝心 BlueLM): headers signed by HMAC, `data.content` out, errors inside HTTP 200.

Sources: https://aigc.vivo.com.cn/#/document/index?id=1677 (signature), ?id=1745 (errors), and public clients.
"""

import secrets as dice
import string
import time
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlsplit

import orjson
from yarl import URL

from bench.endpoints.chat_reply import count, mapping
from bench.endpoints.quirks import ParameterRule, Quirks
from bench.endpoints.seam import Reply, Request
from bench.endpoints.secrets import KeyVariable
from bench.endpoints.signing import VivoDigest, vivo_headers, vivo_query
from bench.endpoints.transport import Http, Outgoing
from bench.endpoints.wires.meaning import CodeTable, Meaning
from bench.endpoints.wires.native import (
    ByLine,
    NativeEndpoint,
    Pieces,
    an_object,
    in_front,
    json_object,
    text_of,
    without_instructions,
)

_NONCE = string.ascii_lowercase + string.digits
DOCUMENTED = CodeTable(
    "https://aigc.vivo.com.cn/#/document/index?id=1745 (2026-05), list of errors",
    "documented",
    {
        "1001": "bad_request",
        "1007": "content_policy",
        "2003": "quota_empty",  # of the day
        "30001": "auth",
    },
    {
        "hit model rate limit": "rate_limited",  # also 30001
        "no model access permission": "auth",
        "today usage limit": "quota_empty",
        "inner error": "server",
        "429": "rate_limited",
    },
)


class Vivo(NativeEndpoint):
    """BlueLM by the signed wire. It tells no usage, so tokens are estimated.

    Not verified without an account: which form of the digest the gateway takes (`digest`: the vendor's text says
    hexadecimal, its sample code and public clients send the raw bytes), and that `extra` knows `max_new_tokens`.
    """

    version: ClassVar[str] = "1"
    shape: ClassVar[Quirks] = Quirks(
        alternate=True,
        max_tokens_name="max_new_tokens",
        params={"temperature": ParameterRule(above=0, max=1)},
        stop=False,
    )
    tables: ClassVar[tuple[CodeTable, ...]] = (DOCUMENTED,)
    keys: ClassVar[tuple[str, ...]] = ("app_id_env", "app_key_env")

    base_url: str = "https://api-ai.vivo.com.cn"
    model: str = "vivo-BlueLM-TB-Pro"
    app_id_env: KeyVariable = "VIVO_APP_ID"
    app_key_env: KeyVariable = "VIVO_APP_KEY"
    digest: VivoDigest = "raw"

    def wire(self) -> "VivoWire":
        """The signed wire."""
        return VivoWire(self, self.secret("app_id_env"), self.secret("app_key_env"))


class VivoWire:
    """Writes `messages`, `systemPrompt` and `extra`, reads `data`."""

    def __init__(self, endpoint: Vivo, app_id: str, app_key: str) -> None:
        self._endpoint = endpoint
        self._credentials = (app_id, app_key)
        self._meaning = endpoint.meaning()
        end = "/vivogpt/completions/stream" if endpoint.stream else "/vivogpt/completions"
        self._url = f"{endpoint.base_url}{end}"
        self._path = urlsplit(self._url).path

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One question, its path and query signed for this second."""
        del http
        query = {"requestId": str(uuid.uuid4())}
        nonce = "".join(dice.choice(_NONCE) for _ in range(8))
        headers = vivo_headers(
            self._credentials,
            self._path,
            query,
            (str(int(time.time())), nonce),
            self._endpoint.digest,
        )
        url = URL(f"{self._url}?{vivo_query(query)}", encoded=True)
        return Outgoing(url, orjson.dumps(self.body(request)), headers)

    def body(self, request: Request) -> dict[str, Any]:
        """The request as JSON has it; every question is a session of its own."""
        endpoint = self._endpoint
        body: dict[str, Any] = {
            "messages": endpoint.turns(without_instructions(request)),
            "model": endpoint.model,
            "sessionId": str(uuid.uuid4()),
            "extra": {**endpoint.sent(), "max_new_tokens": endpoint.output_tokens(request)},
        }
        if instructions := in_front(request):
            body["systemPrompt"] = instructions
        return body

    def reply(self, raw: bytes) -> Reply:
        """An answer, or an error, both with HTTP 200."""
        body = json_object(raw)
        if body.get("code") != 0:
            return _failed(self._meaning, body, raw)
        data = mapping(body.get("data"))
        usage = mapping(data.get("usage"))
        return Reply(
            text=text_of(data.get("content"), raw),
            input_tokens=count(usage.get("promptTokens")),
            output_tokens=count(usage.get("completionTokens")),
        )

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """A refusal by status and code."""
        body = an_object(raw)
        message = str(body.get("msg", body.get("message")))
        error = (str(body["code"]), message) if body.get("code") else None
        return self._meaning.refused(status, headers, raw, error)

    def stream(self) -> "VivoStream":
        """Events."""
        return VivoStream(self._meaning)


class VivoStream(Pieces, ByLine):
    """Named events: `message` brings text, `close` the end, `antispam` what stands for a refused answer, `error`."""

    def __init__(self, meaning: Meaning) -> None:
        super().__init__()
        self._meaning = meaning
        self._event = b""

    def feed(self, data: bytes) -> None:
        """One line."""
        name, _, value = data.partition(b":")
        value = value.strip()
        if name == b"event":
            self._event = value
            if value == b"close":
                self.end()
        elif name == b"data" and not self.is_whole:
            self._take(value)
        elif not name:
            self._event = b""

    def _take(self, value: bytes) -> None:
        if value == b"[DONE]":
            self.end()
            return
        event = json_object(value)
        match self._event:
            case b"error":
                self.refuse(_failed(self._meaning, event, value))
            case b"antispam":
                reply = str(event.get("reply") or "")
                self.refuse(replace(Reply(reply), finish="content_filter"))
            case _:
                self.add(event.get("message"))


def _failed(meaning: Meaning, body: Mapping[str, Any], raw: bytes) -> Reply:
    return meaning.told(str(body.get("code")), str(body.get("msg")), raw)
