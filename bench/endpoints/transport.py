"""HTTP as every adapter uses it: one request, one bounded reply, nothing followed, nothing retried.

aiohttp, since it is an order of magnitude cheaper a request than the SDKs. A redirect is never followed, so that a
prompt and a key go nowhere but to the address that was configured.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import NoReturn
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

from bench.endpoints.failures import failure_kind
from bench.endpoints.secrets import hidden, remember
from bench.errors import RequestFailure

MAX_BODY = 4 * 1024 * 1024
"""Bytes of a reply, before and after it is unpacked; a hundred times what any suite asks for."""
_MAX_REFUSAL = 64 * 1024
_MAX_HEADER = 64 * 1024
"""Bytes of one header of a reply: a token of Huawei's comes in a header and may be longer than the usual 8 KiB."""
_CLOSING_S = 1.0
"""How long a peer may take to say goodbye; the answer is complete by then."""
_HEADERS = {
    "Content-Type": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "industry-bench",
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One HTTP request. `headers` stand beside those that every request has."""

    url: str | URL
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Received:
    """A whole reply, its body unpacked."""

    status: int
    headers: Mapping[str, str]
    raw: bytes


class Incoming:
    """A reply whose body is read as it comes."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body in pieces as they arrive, unpacked. Raises RequestFailure past `MAX_BODY`."""
        unpack = _Unpacked(self.headers)
        async for chunk in self._response.content.iter_any():
            yield unpack(chunk)
        unpack.end()

    async def ended(self) -> None:
        """Pass over the rest for a moment, so that the connection may serve again; what is wrong with it is nothing."""
        with suppress(TimeoutError, aiohttp.ClientError, OSError):
            async with asyncio.timeout(_CLOSING_S):
                async for _ in self._response.content.iter_any():
                    pass

    async def whole(self) -> Received:
        """The whole body; of a refusal only the beginning."""
        if self.status != 200:
            return Received(self.status, self.headers, await self._beginning())
        length = self._response.content_length
        if length is not None and length <= MAX_BODY and _encoding(self.headers) == "identity":
            return Received(200, self.headers, await self._response.read())
        if length is not None and length > MAX_BODY:
            _too_long()
        raw = bytearray()  # and no list: pieces may be of one byte each
        async for piece in self.pieces():
            raw += piece
        return Received(200, self.headers, bytes(raw))

    async def _beginning(self) -> bytes:
        """What a refusal says. A broken or packed one has still been refused by its status."""
        if _encoding(self.headers) != "identity":
            return b"(a compressed body)"
        found = b""
        async for chunk in self._response.content.iter_any():
            found += chunk
            if len(found) >= _MAX_REFUSAL:
                break
        return found[:_MAX_REFUSAL]


class Socket:
    """An open websocket."""

    def __init__(self, inner: aiohttp.ClientWebSocketResponse) -> None:
        self._inner = inner

    async def send(self, text: str) -> None:
        """Send one message."""
        await self._inner.send_str(text)

    async def frames(self) -> AsyncIterator[bytes]:
        """Messages until the peer closes. Raises RequestFailure past `MAX_BODY` in all, and for a broken frame."""
        size = 0
        async for message in self._inner:
            if message.type is aiohttp.WSMsgType.ERROR:
                raise RequestFailure("transport", f"a broken frame: {type(message.data).__name__}")
            raw = message.data.encode() if isinstance(message.data, str) else bytes(message.data)
            size += len(raw)
            if size > MAX_BODY:
                _too_long()
            yield raw


class Opened:
    """A request under way, as a context; its library's errors become RequestFailure (transport).

    A class, as it is passed for every request: a generator's context costs several times as much.
    """

    __slots__ = ("_asked",)

    def __init__(self, asked: AbstractAsyncContextManager[aiohttp.ClientResponse]) -> None:
        self._asked = asked

    async def __aenter__(self) -> Incoming:
        try:
            return Incoming(await self._asked.__aenter__())
        except (aiohttp.ClientError, OSError) as error:
            raise _lost(error) from None

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._asked.__aexit__(kind, error, trace)
        if isinstance(error, aiohttp.ClientError | OSError):
            raise _lost(error) from None


def _lost(error: Exception) -> RequestFailure:
    told = " ".join(hidden(f"{type(error).__name__}: {error}").split())[:300]
    return RequestFailure("transport", told)


class Http:
    """A pool of kept-alive connections."""

    def __init__(self, session: aiohttp.ClientSession, proxy: str | None) -> None:
        self._session = session
        self._proxy = proxy

    def opened(self, out: Outgoing, *, last: bool = False) -> "Opened":
        """Send a request; its reply, to be read while this is open. Raises RequestFailure (transport).

        The `last` request of a connection tells the server so.
        """
        headers = {**out.headers, "Connection": "close"} if last else out.headers
        return Opened(
            self._session.request(
                out.method,
                out.url,
                data=out.body,
                headers=headers,
                allow_redirects=False,
                proxy=self._proxy,
            )
        )

    async def exchange(self, out: Outgoing) -> Received:
        """The whole reply to one request."""
        async with self.opened(out) as incoming:
            return await incoming.whole()

    @asynccontextmanager
    async def websocket(self, url: str) -> AsyncIterator[Socket]:
        """A websocket from the same pool, under the same rules. Raises RequestFailure, also for a refused handshake."""
        tracing = aiohttp.TraceConfig()
        tracing.on_request_redirect.append(_refuse_redirect)
        try:
            async with (
                aiohttp.ClientSession(
                    connector=self._session.connector,
                    connector_owner=False,
                    cookie_jar=aiohttp.DummyCookieJar(),
                    trace_configs=[tracing],
                ) as session,
                session.ws_connect(
                    URL(url, encoded=True),
                    proxy=self._proxy,
                    max_msg_size=MAX_BODY,
                    timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSING_S),
                ) as inner,
            ):
                yield Socket(inner)
        except aiohttp.WSServerHandshakeError as error:
            kind = failure_kind(error.status) if error.status >= 400 else "bad_request"
            told = f"HTTP {error.status}: the websocket's handshake was refused"
            raise RequestFailure(kind, told) from None
        except (aiohttp.ClientError, OSError) as error:
            raise _lost(error) from None


async def _refuse_redirect(*_: object) -> None:
    told = "the handshake redirects elsewhere, and redirects are not followed"
    raise RequestFailure("bad_request", told)


@asynccontextmanager
async def open_http(concurrency: int, proxy: str | None = None) -> AsyncIterator[Http]:
    """A pool as large as the concurrency. The caller's deadline counts, so none is set here.

    The process's environment is not trusted: `proxy` alone says what stands between.
    """
    connector = aiohttp.TCPConnector(limit=concurrency, keepalive_timeout=60)
    async with aiohttp.ClientSession(
        connector=connector,
        headers=_HEADERS,
        auto_decompress=False,
        max_field_size=_MAX_HEADER,
        timeout=aiohttp.ClientTimeout(total=None),
        cookie_jar=aiohttp.DummyCookieJar(),
    ) as session:
        session._retry_connection = False  # noqa: SLF001  # a lost PUT is sent again otherwise, and no option says not to
        yield Http(session, proxy)


def environment_proxy(url: str) -> str | None:
    """The proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name for an address; its password is hidden from now on."""
    parts = urlsplit(url)
    if parts.hostname is None or proxy_bypass(parts.hostname):
        return None
    found = getproxies().get(parts.scheme)
    if found is None:
        return None
    password = urlsplit(found).password
    if password:
        remember(password)
        remember(unquote(password))  # as the proxy is told it
    return found


def without_credentials(url: str) -> str:
    """An address as it may be written down."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    where = f"{host}:{parts.port}" if parts.port else host
    return urlunsplit((parts.scheme, where, parts.path, "", ""))


class _Unpacked:
    """Unpacks a body piece by piece and counts what goes in and what comes out."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._size = self._packed_size = 0
        match _encoding(headers):
            case "identity":
                self._inflate = None
            case "gzip" | "x-gzip":
                self._inflate = zlib.decompressobj(wbits=31)
            case "deflate":
                self._inflate = zlib.decompressobj()
            case other:
                raise RequestFailure(
                    "malformed", f"a body packed as {other}, which was not asked for"
                )

    def __call__(self, chunk: bytes) -> bytes:
        if self._inflate is not None:
            self._packed_size += len(chunk)
            if self._packed_size > MAX_BODY:  # what follows the end unpacks to nothing
                _too_long()
            try:
                chunk = self._inflate.decompress(chunk, MAX_BODY - self._size + 1)
            except zlib.error as error:
                raise RequestFailure(
                    "malformed", f"a packed body that is broken: {error}"
                ) from None
        self._size += len(chunk)
        if self._size > MAX_BODY:
            _too_long()
        return chunk

    def end(self) -> None:
        if self._inflate is not None and not self._inflate.eof:
            raise RequestFailure("transport", "a packed body that ended early")


def _encoding(headers: Mapping[str, str]) -> str:
    return headers.get("Content-Encoding", "").strip().lower() or "identity"


def _too_long() -> NoReturn:
    raise RequestFailure("malformed", f"a body of more than {MAX_BODY >> 20} MiB")
