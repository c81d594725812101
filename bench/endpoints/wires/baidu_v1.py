"""Baidu's first wire (千帆 V1): keys are exchanged for a token, instructions are a field, answers are `result`.

Sources: https://cloud.baidu.com/doc/WENXINWORKSHOP/s/clntwmv7t (chat), https://ai.baidu.com/ai-doc/REFERENCE/Ck3dwjhhu
(access_token), https://ai.baidu.com/ai-doc/WENXINWORKSHOP/tlmyncueh (errors).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import orjson
from yarl import URL

from bench.endpoints.chat_reply import count, finish_of, mapping
from bench.endpoints.failures import failure_kind, shown
from bench.endpoints.quirks import ParameterRule, Quirks
from bench.endpoints.seam import Reply, Request
from bench.endpoints.secrets import KeyVariable
from bench.endpoints.transport import Http, Outgoing
from bench.endpoints.wires.access_token import AccessToken
from bench.endpoints.wires.meaning import CodeTable
from bench.endpoints.wires.native import (
    NativeEndpoint,
    Pieces,
    an_object,
    in_front,
    json_object,
    text_of,
    without_instructions,
)
from bench.errors import RequestFailure
from bench.types import Finish

PLACES = {
    "ERNIE-4.0-8K": "completions_pro",
    "ERNIE-3.5-8K": "completions",
    "ERNIE-Speed-8K": "ernie_speed",
    "ERNIE-Speed-128K": "ernie-speed-128k",
    "ERNIE-Lite-8K": "ernie-lite-8k",
    "ERNIE-Tiny-8K": "ernie-tiny-8k",
}
_EXPIRED = ("110", "111")
DOCUMENTED = CodeTable(
    "https://ai.baidu.com/ai-doc/WENXINWORKSHOP/tlmyncueh (2025-09-05); "
    "github.com/baidubce/bce-qianfan-sdk, python/qianfan/consts.py",
    "documented",
    {
        "1": "server",
        "2": "server",
        "3": "bad_request",
        "4": "rate_limited",  # the cluster's limit
        "6": "auth",
        "13": "auth",
        "14": "auth",
        "15": "server",  # "calling again mends it"
        "17": "quota_empty",  # of the day, or the account owes money
        "18": "rate_limited",
        "19": "quota_empty",
        "100": "auth",
        "110": "auth",
        "111": "auth",
        "336000": "server",
        "336001": "bad_request",
        "336002": "bad_request",
        "336003": "bad_request",
        "336004": "auth",
        "336005": "bad_request",
        "336100": "server",  # high load
        "336101": "bad_request",
        "336104": "bad_request",
        "336105": "bad_request",
        "336501": "rate_limited",
        "336502": "rate_limited",
    },
    {"prompt tokens too long": "context_too_long", "max input characters": "context_too_long"},
)
_FINISHES: Mapping[str, Finish] = {"length": "length", "content_filter": "content_filter"}


class BaiduV1(NativeEndpoint):
    """ERNIE by Baidu's first wire. `model` is a name of the page, or the end of its address.

    An answer with `need_clear_history` is one that the content policy refused. Not verified without an account: the
    texts by which an overlong prompt is told from other wrong parameters (336003).
    """

    version: ClassVar[str] = "1"
    shape: ClassVar[Quirks] = Quirks(
        alternate=True,
        max_tokens_name="max_output_tokens",
        tokens_floor=2,
        params={
            "temperature": ParameterRule(above=0, max=1),
            "top_p": ParameterRule(min=0, max=1),
            "penalty_score": ParameterRule(min=1, max=2),
        },
    )
    tables: ClassVar[tuple[CodeTable, ...]] = (DOCUMENTED,)
    keys: ClassVar[tuple[str, ...]] = ("api_key_env", "api_secret_env")
    searches: ClassVar[bool] = True

    base_url: str = "https://aip.baidubce.com"
    model: str
    api_key_env: KeyVariable | None = "QIANFAN_AK"
    api_secret_env: KeyVariable = "QIANFAN_SK"  # noqa: S105  # a variable's name

    def wire(self) -> "BaiduWire":
        """The wire with a token of its own."""
        self.key()
        return BaiduWire(self)

    async def exchanged(self, http: Http) -> tuple[str, float]:
        """An access token for the keys, and the seconds it is good for."""
        query = {
            "grant_type": "client_credentials",
            "client_id": self.secret("api_key_env"),
            "client_secret": self.secret("api_secret_env"),
        }
        url = URL(f"{self.base_url}/oauth/2.0/token").with_query(query)
        got = await http.exchange(Outgoing(url, b""))
        body = an_object(got.raw)
        token, lifetime_s = body.get("access_token"), count(body.get("expires_in"))
        if got.status == 200 and isinstance(token, str) and lifetime_s:
            return token, lifetime_s
        kind = failure_kind(got.status) if got.status != 200 else "auth"
        kind = "auth" if kind == "bad_request" else kind
        raise RequestFailure(kind, f"no access token: HTTP {got.status}: {shown(got.raw)}")


class BaiduWire:
    """Writes `messages` and `system`, reads `result`."""

    def __init__(self, endpoint: BaiduV1) -> None:
        self._endpoint = endpoint
        self.token = AccessToken(endpoint.exchanged)
        self._meaning = endpoint.meaning()
        place = PLACES.get(endpoint.model, endpoint.model)
        path = "/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/"
        self._url = URL(f"{endpoint.base_url}{path}{place}")

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One question, the token in its address."""
        token = await self.token.value(http)
        return Outgoing(self._url.with_query(access_token=token), orjson.dumps(self.body(request)))

    def body(self, request: Request) -> dict[str, Any]:
        """The request as JSON has it."""
        endpoint = self._endpoint
        body = {
            "messages": endpoint.turns(without_instructions(request)),
            "max_output_tokens": endpoint.output_tokens(request),
            **endpoint.sent(),
            **endpoint.stops(request),
        }
        if instructions := in_front(request):
            body["system"] = instructions
        if endpoint.stream:
            body["stream"] = True
        if endpoint.search != "vendor_default":
            body["disable_search"] = endpoint.search == "off"
        return body

    def reply(self, raw: bytes) -> Reply:
        """An answer, or an error, both with HTTP 200."""
        body = json_object(raw)
        if "error_code" in body:
            return self._failed(body, raw)
        self.token.worked()
        return replace(
            _counted(Reply(""), body), text=text_of(body.get("result"), raw), finish=_finish(body)
        )

    def _failed(self, body: Mapping[str, Any], raw: bytes) -> Reply:
        code, message = str(body.get("error_code")), str(body.get("error_msg"))
        if code in _EXPIRED:
            self.token.refused(f"{code} {message}")
        return self._meaning.told(code, message, raw)

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """A refusal by status, of the gateway."""
        body = an_object(raw)
        code = str(body["error_code"]) if "error_code" in body else None
        if code in _EXPIRED:
            self.token.refused(f"HTTP {status}: {code}")
        error = None if code is None else (code, str(body.get("error_msg")))
        return self._meaning.refused(status, headers, raw, error)

    def stream(self) -> "BaiduStream":
        """Events."""
        return BaiduStream(self)


class BaiduStream(Pieces):
    """Events of `result`; `is_end` marks the last."""

    __slots__ = ("_wire",)

    def __init__(self, wire: BaiduWire) -> None:
        super().__init__()
        self._wire = wire

    def feed(self, data: bytes) -> None:
        """One event."""
        event = json_object(data)
        if "error_code" in event:
            self.refuse(self._wire.reply(data))
            return
        self.add(event.get("result"))
        self.last = _counted(self.last, event)
        if event.get("is_end"):
            self._wire.token.worked()
            self.end(_finish(event))


def _finish(body: Mapping[str, Any]) -> Finish:
    if body.get("need_clear_history") is True:
        return "content_filter"
    if body.get("is_truncated") is True:
        return "length"
    return finish_of(body.get("finish_reason"), _FINISHES)


def _counted(reply: Reply, body: Mapping[str, Any]) -> Reply:
    usage = mapping(body.get("usage"))
    asked, said = count(usage.get("prompt_tokens")), count(usage.get("completion_tokens"))
    total = count(usage.get("total_tokens"))
    if said is None and asked is not None and total is not None:
        said = count(total - asked)
    return replace(reply, input_tokens=asked, output_tokens=said) if usage else reply
