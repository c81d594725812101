"""Zhipu's older ways (智谱): the wire v3 of ChatGLM, and tokens signed here for the wire v4.

Sources: https://docs.bigmodel.cn (HTTP API, error codes); of v3, whose page is gone, github.com/songquanpeng/one-api,
relay/adaptor/zhipu (2025-02-21).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import orjson

from bench.endpoints.chat_reply import count, mapping
from bench.endpoints.failures import malformed
from bench.endpoints.openai_chat import ChatWire, OpenAIChat
from bench.endpoints.quirks import ParameterRule, Quirks
from bench.endpoints.seam import Reply, Request
from bench.endpoints.secrets import KeyVariable, remember, secret
from bench.endpoints.signing import zhipu_token
from bench.endpoints.transport import Http, Outgoing
from bench.endpoints.wires.access_token import SignedToken
from bench.endpoints.wires.meaning import CodeTable, Meaning
from bench.endpoints.wires.native import (
    ByLine,
    NativeEndpoint,
    Pieces,
    an_object,
    first,
    json_object,
    text_of,
)
from bench.errors import EndpointFileError

_LIFETIME_S = 3600
RECALLED = CodeTable(
    "https://docs.bigmodel.cn/cn/faq/api-code",
    "recalled",
    {
        "1000": "auth",
        "1001": "auth",
        "1002": "auth",
        "1003": "auth",
        "1004": "auth",
        "1110": "auth",
        "1111": "auth",
        "1112": "auth",
        "1113": "quota_empty",
        "1120": "server",
        "1210": "bad_request",
        "1211": "bad_request",
        "1212": "bad_request",
        "1213": "bad_request",
        "1214": "bad_request",
        "1215": "bad_request",
        "1220": "auth",
        "1221": "bad_request",
        "1222": "bad_request",
        "1230": "server",
        "1234": "server",
        "1261": "context_too_long",
        "1301": "content_policy",
        "1302": "rate_limited",  # at once
        "1303": "rate_limited",  # in a time
        "1304": "quota_empty",  # of the day
        "1305": "rate_limited",
        "500": "server",
    },
)


def signed_token(variable: str) -> SignedToken:
    """Tokens of the key in a variable, which is of the form id.secret. Raises EndpointFileError."""
    key = secret(variable)
    identity, _, hidden_part = key.partition(".")
    if not identity or not hidden_part:
        raise EndpointFileError(f"the key in {variable} must be of the form id.secret")
    remember(identity)
    remember(hidden_part)
    return SignedToken(
        lambda now: zhipu_token(key, int(now * 1000), _LIFETIME_S * 1000), _LIFETIME_S
    )


class ZhipuJwt(OpenAIChat):
    """The chat wire v4 with a token signed here, as older accounts use it; everything else is `openai`."""

    version: ClassVar[str] = "1"

    base_url: str = "https://open.bigmodel.cn/api/paas/v4"
    api_key_env: KeyVariable | None = "ZHIPU_API_KEY"

    def wire(self) -> "JwtChatWire":
        """The chat wire, its token signed anew before it ends."""
        return JwtChatWire(self, signed_token(str(self.api_key_env)))


class JwtChatWire(ChatWire):
    """The chat wire with a token that changes."""

    def __init__(self, endpoint: ZhipuJwt, token: SignedToken) -> None:
        super().__init__(endpoint, None)
        self._token = token

    @property
    def headers(self) -> dict[str, str]:
        """The endpoint's own, and a token that is good for a while."""
        return super().headers | {"Authorization": f"Bearer {self._token.value()}"}


class ZhipuV3(NativeEndpoint):
    """ChatGLM by the wire v3: `prompt` in, `data.choices` out, texts in quotation marks. No field for output tokens.

    Not verified without an account, nor against the vendor's page: whether the service still answers, and that
    `ref: {enable: false}` is what switches its search off.
    """

    version: ClassVar[str] = "1"
    shape: ClassVar[Quirks] = Quirks(
        system="fold",
        alternate=True,
        params={
            "temperature": ParameterRule(above=0, max=1),
            "top_p": ParameterRule(above=0, below=1),
        },
        stop=False,
    )
    tables: ClassVar[tuple[CodeTable, ...]] = (RECALLED,)
    caps_output: ClassVar[bool] = False
    searches: ClassVar[bool] = True

    base_url: str = "https://open.bigmodel.cn/api/paas/v3/model-api"
    model: str = "chatglm_std"
    api_key_env: KeyVariable | None = "ZHIPU_API_KEY"

    def wire(self) -> "ZhipuV3Wire":
        """The wire with tokens signed here."""
        return ZhipuV3Wire(self, signed_token(str(self.api_key_env)))


class ZhipuV3Wire:
    """Writes and reads `invoke` and `sse-invoke`."""

    def __init__(self, endpoint: ZhipuV3, token: SignedToken) -> None:
        self._endpoint = endpoint
        self._token = token
        self._meaning = endpoint.meaning()
        method = "sse-invoke" if endpoint.stream else "invoke"
        self._url = f"{endpoint.base_url}/{endpoint.model}/{method}"

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One question; the token stands in Authorization as it is."""
        del http
        endpoint = self._endpoint
        body = {"prompt": endpoint.turns(request), **endpoint.sent()}
        if endpoint.stream:
            body["incremental"] = True
        if endpoint.search != "vendor_default":
            body["ref"] = {"enable": endpoint.search == "on"}
        return Outgoing(self._url, orjson.dumps(body), {"Authorization": self._token.value()})

    def reply(self, raw: bytes) -> Reply:
        """What is in the envelope `data`."""
        body = json_object(raw)
        if body.get("success") is not True:
            return _failed(self._meaning, body, raw)
        data = mapping(body.get("data"))
        choice = first(data.get("choices"))
        if not choice:
            malformed("no choices", raw)
        return replace(
            _counted(Reply(""), data), text=_unquoted(text_of(choice.get("content"), raw))
        )

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """A refusal by status and code."""
        body = an_object(raw)
        error = (str(body["code"]), str(body.get("msg"))) if body.get("code") else None
        return self._meaning.refused(status, headers, raw, error)

    def stream(self) -> "ZhipuV3Stream":
        """Events of plain text."""
        return ZhipuV3Stream(self._meaning)


class ZhipuV3Stream(Pieces, ByLine):
    """Named events: `add` brings text, `finish` the counts in a field `meta`, `error` and `interrupted` the end."""

    def __init__(self, meaning: Meaning) -> None:
        super().__init__()
        self._meaning = meaning
        self._event = b""
        self._data: list[bytes] = []

    def feed(self, data: bytes) -> None:
        """One line."""
        name, _, value = data.partition(b":")
        value = value.removeprefix(b" ")
        match name:
            case b"event":
                self._event = value.strip()
            case b"data":
                self._data.append(value)
            case b"meta":
                self.last = _counted(self.last, json_object(value))
            case b"":
                self._close()

    def _close(self) -> None:
        event, whole = self._event, b"\n".join(self._data)
        self._event, self._data = b"", []
        match event:
            case b"add":
                self.add(whole.decode("utf-8", "replace"))
            case b"finish":
                self.end()
            case b"interrupted":
                self.end("content_filter")
            case b"error":
                self.refuse(_failed(self._meaning, an_object(whole), whole))


def _failed(meaning: Meaning, body: Mapping[str, Any], raw: bytes) -> Reply:
    return meaning.told(str(body.get("code")), str(body.get("msg")), raw)


def _unquoted(text: str) -> str:
    """A text without the quotation marks that this wire puts around it, and with its escapes undone."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return text
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text[1:-1]
    return found if isinstance(found, str) else text


def _counted(reply: Reply, data: Mapping[str, Any]) -> Reply:
    usage = mapping(data.get("usage"))
    asked, said = count(usage.get("prompt_tokens")), count(usage.get("completion_tokens"))
    return replace(reply, input_tokens=asked, output_tokens=said) if usage else reply
