"""Spark's websocket (讯飞星火): a signed address, one connection a question, frames until status 2.

Source: https://www.xfyun.cn/doc/spark/Web.html, https://www.xfyun.cn/doc/spark/general_url_authentication.html.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email.utils import formatdate
from typing import Any, ClassVar, Literal

import orjson

from bench.endpoints.chat_reply import count, mapping
from bench.endpoints.http_endpoint import Wire, with_estimates
from bench.endpoints.quirks import ParameterRule, Quirks
from bench.endpoints.seam import Connection, Reply, Request
from bench.endpoints.secrets import KeyVariable, without_keys
from bench.endpoints.signing import spark_url
from bench.endpoints.transport import Http, environment_proxy, open_http
from bench.endpoints.wires.meaning import CodeTable, Meaning
from bench.endpoints.wires.native import NativeEndpoint, Pieces, json_object

PATHS = {
    "lite": "/v1.1/chat",
    "generalv3": "/v3.1/chat",
    "pro-128k": "/chat/pro-128k",
    "generalv3.5": "/v3.5/chat",
    "max-32k": "/chat/max-32k",
    "4.0Ultra": "/v4.0/chat",
}
_SEARCHING = ("generalv3", "pro-128k", "generalv3.5", "max-32k", "4.0Ultra")
_NATIVE_SYSTEM = ("generalv3.5", "max-32k", "4.0Ultra")
DOCUMENTED = CodeTable(
    "https://www.xfyun.cn/doc/spark/接口说明.html",
    "documented",
    {
        "10000": "server",  # the upgrade to a websocket failed
        "10001": "server",
        "10002": "server",
        "10003": "bad_request",
        "10004": "bad_request",
        "10005": "bad_request",
        "10006": "rate_limited",  # the user is connected already
        "10007": "rate_limited",  # the user's last question is still being answered
        "10008": "server",  # no capacity
        "10009": "server",
        "10010": "server",
        "10011": "server",
        "10012": "server",
        "10013": "content_policy",  # the question
        "10014": "content_policy",  # the answer
        "10015": "auth",
        "10016": "auth",
        "10017": "bad_request",
        "10019": "content_policy",  # the conversation
        "10021": "content_policy",
        "10110": "server",
        "10163": "bad_request",
        "10222": "server",
        "10907": "context_too_long",
        "11200": "auth",  # not authorised for this version, or its volume is used up
        "11201": "quota_empty",  # of the day
        "11202": "rate_limited",  # in a second
        "11203": "rate_limited",  # at once
    },
)


class SparkWs(NativeEndpoint):
    """Spark by websocket. `path` follows from `domain`, but for fine-tuned models, which take `patch_id`, too.

    Not verified without an account: that these versions take `parameter.chat.tools` to switch off their search, which
    the page documents for HTTP in this form; which of them take a system turn by websocket (others have it folded).
    """

    version: ClassVar[str] = "1"
    shape: ClassVar[Quirks] = Quirks(
        params={
            "temperature": ParameterRule(above=0, max=1),
            "top_k": ParameterRule(min=1, max=6),
        },
        stop=False,
    )
    tables: ClassVar[tuple[CodeTable, ...]] = (DOCUMENTED,)
    keys: ClassVar[tuple[str, ...]] = ("app_id_env", "api_key_env", "api_secret_env")
    searches: ClassVar[bool] = True

    base_url: str = "wss://spark-api.xf-yun.com"
    domain: str = "generalv3.5"
    path: str | None = None
    app_id_env: KeyVariable = "SPARK_APP_ID"
    api_key_env: KeyVariable | None = "SPARK_API_KEY"
    api_secret_env: KeyVariable = "SPARK_API_SECRET"  # noqa: S105  # a variable's name
    patch_id: tuple[str, ...] = ()
    system: Literal["native", "fold"] | None = None
    """Where instructions go; by the domain unless it is said."""

    @classmethod
    def schemes(cls) -> tuple[str, ...]:
        """Websockets."""
        return ("ws", "wss")

    def wire(self) -> Wire:
        """No HTTP wire: there are only keys to look for."""
        self.key()
        raise NotImplementedError

    def check(self) -> None:
        """The keys must be there."""
        self.key()

    def address(self) -> str:
        """Where the websocket is, unsigned."""
        return self.base_url + (self.path or PATHS.get(self.domain, "/v1.1/chat"))

    def _proxy_address(self) -> str | None:
        if self.proxy != "environment":
            return self.proxy
        return environment_proxy("http" + self.base_url.removeprefix("ws"))

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        """A pool as large as the concurrency; every question opens a connection of its own."""
        self.key()
        async with open_http(self.limits.concurrency, self._proxy_address()) as http:
            yield _SparkLine(self, http)

    def body(self, request: Request) -> dict[str, Any]:
        """The one message that is sent."""
        header: dict[str, Any] = {"app_id": self.secret("app_id_env")}
        if self.patch_id:
            header["patch_id"] = list(self.patch_id)
        chat = {"domain": self.domain, **self.sent(), "max_tokens": self.output_tokens(request)}
        if self.search != "vendor_default" and self.domain in _SEARCHING:
            switch = {"enable": self.search == "on"}
            chat["tools"] = [{"type": "web_search", "web_search": switch}]
        return {
            "header": header,
            "parameter": {"chat": chat},
            "payload": {"message": {"text": self.turns(request)}},
        }

    def shape_here(self) -> Quirks:
        """The shape, with instructions where this version takes them."""
        system = self.system or ("native" if self.domain in _NATIVE_SYSTEM else "fold")
        return self.shape.model_copy(update={"system": system})


class _SparkLine:
    def __init__(self, endpoint: SparkWs, http: Http) -> None:
        self._endpoint = endpoint
        self._http = http
        self._meaning = endpoint.meaning()

    async def ask(self, request: Request) -> Reply:
        endpoint = self._endpoint
        message = orjson.dumps(endpoint.body(request)).decode()
        url = spark_url(
            endpoint.address(),
            endpoint.secret("api_key_env"),
            endpoint.secret("api_secret_env"),
            formatdate(usegmt=True),
        )
        started = time.perf_counter()
        frames = SparkFrames(self._meaning)
        ttft_s: float | None = None
        async with self._http.websocket(url) as socket:
            await socket.send(message)
            async for frame in socket.frames():
                frames.feed(frame)
                if ttft_s is None and frames.has_begun:
                    ttft_s = time.perf_counter() - started
                if frames.is_whole:
                    break
        reply = without_keys(replace(frames.reply(), ttft_s=ttft_s))
        return with_estimates(reply, request)


class SparkFrames(Pieces):
    """An answer in frames; the last has status 2 and alone tells the usage."""

    __slots__ = ("_meaning",)

    def __init__(self, meaning: Meaning) -> None:
        super().__init__()
        self._meaning = meaning

    def feed(self, data: bytes) -> None:
        """One frame. Raises RequestFailure for one that tells of an error."""
        frame = json_object(data)
        header = mapping(frame.get("header"))
        code = str(header.get("code"))
        if code != "0":
            self.refuse(self._meaning.told(code, str(header.get("message")), data))
            return
        payload = mapping(frame.get("payload"))
        choices = mapping(payload.get("choices"))
        for text in choices.get("text") or ():
            piece = mapping(text)
            self.add(piece.get("content"), piece.get("reasoning_content"))
        usage = mapping(mapping(payload.get("usage")).get("text"))
        if usage:
            asked, said = count(usage.get("prompt_tokens")), count(usage.get("completion_tokens"))
            self.last = replace(self.last, input_tokens=asked, output_tokens=said)
        if header.get("status") == 2 or choices.get("status") == 2:
            self.end()
