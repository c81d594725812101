"""What every HTTP adapter shares: one request sent, timed and bounded. A `Wire` says how a vendor writes and reads."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar, Protocol, runtime_checkable
from urllib.parse import urlsplit

from pydantic import JsonValue, field_validator

from bench.endpoints.event_stream import Lines, events_of
from bench.endpoints.seam import Connection, Endpoint, Reply, Request
from bench.endpoints.secrets import KeyVariable, secret, without_keys
from bench.endpoints.tokens import estimated_tokens, message_tokens
from bench.endpoints.transport import (
    Http,
    Incoming,
    Outgoing,
    environment_proxy,
    open_http,
    without_credentials,
)
from bench.errors import RequestFailure
from bench.types import Flag


class Gathering(Protocol):
    """A streamed reply as it grows."""

    has_begun: bool
    """Whether a first piece of text or thought has come."""
    is_done: bool
    """Whether the end of all has been told, so that nothing that comes after it counts."""

    def feed(self, data: bytes) -> None:
        """Take one event's data. Raises RequestFailure for one that tells of an error."""

    def reply(self) -> Reply:
        """The whole. Raises RequestFailure (transport) for a stream that was cut short."""


@runtime_checkable
class OwnEvents(Protocol):
    """A gathering whose stream is not cut as server-sent events are."""

    def splitter(self) -> Lines:
        """What cuts the stream into what `feed` takes."""


class Wire(Protocol):
    """How a vendor writes requests and reads replies."""

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """The request to send; `http` serves where a token must be fetched first."""

    def reply(self, raw: bytes) -> Reply:
        """What a body with status 200 says. Raises RequestFailure."""

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """Any other status. Raises RequestFailure, unless the content policy refused: that is a reply."""

    def stream(self) -> Gathering | None:
        """Reads server-sent events; None where the vendor sends none."""


class HttpEndpoint(Endpoint):
    """An endpoint at an address. `proxy` is an address without credentials, or `environment`."""

    billed: ClassVar[bool] = True
    """Whether the vendor counts tokens, so that a count it does not tell is estimated."""

    base_url: str
    api_key_env: KeyVariable | None = None
    stream: Flag = False
    """Whether replies are asked for piece by piece, which tells when the first one came."""
    proxy: str | None = None

    @field_validator("base_url")
    @classmethod
    def _http(cls, url: str) -> str:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in cls.schemes() or not host or ".." in host:
            raise ValueError(f"no {'/'.join(cls.schemes())} address")
        if parts.username or parts.password:
            raise ValueError("a key in an address is stored in clear; use api_key_env")
        if "?" in url or "#" in url:
            raise ValueError("base_url ends with its path; put what follows ? or # elsewhere")
        return url.rstrip("/")

    @field_validator("proxy")
    @classmethod
    def _proxy_without_key(cls, proxy: str | None) -> str | None:
        if proxy is None or proxy == "environment":
            return proxy
        parts = urlsplit(proxy)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("no http(s) address; name one, or write: environment")
        if parts.username or parts.password:
            raise ValueError(
                "a password here is stored in clear; set HTTPS_PROXY and write: environment"
            )
        return proxy

    @classmethod
    def schemes(cls) -> tuple[str, ...]:
        """The address schemes that this adapter speaks."""
        return ("http", "https")

    def wire(self) -> Wire:
        """How this vendor is spoken to. Raises EndpointFileError when a key is not set."""
        raise NotImplementedError

    def key(self) -> str | None:
        """The key from the environment. Raises EndpointFileError when the variable is not set."""
        return secret(self.api_key_env) if self.api_key_env else None

    def check(self) -> None:
        """The keys must be there."""
        self.wire()

    def identity(self) -> dict[str, JsonValue]:
        """The endpoint's, without the way that its requests take."""
        told = super().identity()
        told.pop("proxy")
        return told

    def account(self) -> str | None:
        """Who is billed and limited: the address's origin and the key."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}\0{self.key() or ''}"

    def proxy_used(self) -> str | None:
        """The proxy that requests pass, as it may be written down; None for none."""
        found = self._proxy_address()
        return None if found is None else without_credentials(found)

    def _proxy_address(self) -> str | None:
        return environment_proxy(self.base_url) if self.proxy == "environment" else self.proxy

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        """One pool of kept-alive connections, as large as the concurrency."""
        wire = self.wire()
        async with open_http(self.limits.concurrency, self._proxy_address()) as http:
            yield _Line(http, wire, self)


class _Line:
    def __init__(self, http: Http, wire: Wire, endpoint: HttpEndpoint) -> None:
        self._http = http
        self._wire = wire
        self._estimates = endpoint.billed
        # llama.cpp promises to keep a connection and drops it after a stream. A new one costs a millisecond
        # where nothing is encrypted; a request lost on the old one costs an attempt.
        self._last = endpoint.stream and endpoint.base_url.startswith("http:")

    async def ask(self, request: Request) -> Reply:
        out = await self._wire.outgoing(request, self._http)
        started = time.perf_counter()
        async with self._http.opened(out, last=self._last) as incoming:
            if incoming.status == 200:
                events = events_of(incoming.headers.get("Content-Type", ""))
                gathering = self._wire.stream() if events is not None else None
                if events is not None and gathering is not None:
                    reply = await _gathered(incoming, events, gathering, started)
                else:
                    reply = self._wire.reply((await incoming.whole()).raw)
            else:
                got = await incoming.whole()
                reply = self._wire.refused(got.status, got.headers, got.raw)
        reply = without_keys(reply)
        return with_estimates(reply, request) if self._estimates else reply


async def _gathered(
    incoming: Incoming, events: Lines, gathering: Gathering, started: float
) -> Reply:
    if isinstance(gathering, OwnEvents):
        events = gathering.splitter()
    ttft_s: float | None = None
    async for piece in incoming.pieces():
        for data in events.feed(piece):
            gathering.feed(data)
        if ttft_s is None and gathering.has_begun:
            ttft_s = time.perf_counter() - started
        if gathering.is_done:  # paid for: however its connection ends, it is not asked again
            await incoming.ended()
            break
    for data in events.end():
        gathering.feed(data)
    return replace(gathering.reply(), ttft_s=ttft_s)


def with_estimates(reply: Reply, request: Request) -> Reply:
    """A reply with its tokens counted here where the vendor did not tell them, and marked so."""
    if reply.input_tokens is not None and reply.output_tokens is not None:
        return reply
    asked, said = reply.input_tokens, reply.output_tokens
    if asked is None:
        asked = sum(message_tokens(turn) for turn in request.messages)
    if said is None:
        said = estimated_tokens(reply.text) + estimated_tokens(reply.reasoning)
    return replace(reply, input_tokens=asked, output_tokens=said, tokens_estimated=True)


def cut_short(what: str = "the stream ended before the answer did") -> RequestFailure:
    """What a stream without its end is: asked again, never an answer."""
    return RequestFailure("transport", what)
