"""Requests by the file: the Batch API of OpenAI, which DashScope and Zhipu offer in the same shape.

Sources: https://platform.openai.com/docs/api-reference/batch and .../files,
https://help.aliyun.com/zh/model-studio/batch-interfaces-compatible-with-openai,
https://docs.bigmodel.cn/cn/guide/tools/batch. Through the official SDK, which sends each request once here:
it retries nothing, follows nothing, reads no proxy and no header from the environment.
"""

import asyncio
import re
import ssl
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from bench.endpoints.batch_lines import Result, lines, read_result
from bench.endpoints.batch_object import Batch, batch_of, text_of
from bench.endpoints.failures import malformed
from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.seam import Endpoint, Request
from bench.endpoints.secrets import hidden
from bench.endpoints.transport import MAX_BODY, environment_proxy
from bench.errors import EndpointFileError, RequestFailure

if TYPE_CHECKING:
    from openai import AsyncOpenAI

MAX_REQUESTS = 50_000
MAX_FILE_BYTES = 100_000_000
"""OpenAI takes 200 MB, Zhipu and DashScope's first version 100 MB: a file that all of them take."""
_FILE_DEADLINE_S = 3600.0
_PAGES, _PAGE = 50, 100
_CLOCKS_DIFFER_S = 86_400
_MAX_REFUSAL = 64 * 1024
_HEADERS_KEPT = frozenset(
    {"host", "accept", "accept-encoding", "connection", "content-type", "content-length",
     "transfer-encoding", "x-stainless-raw-response"}  # the last one is how the SDK knows a streamed reply
)  # fmt: skip


def can_batch(endpoint: Endpoint) -> bool:
    """Whether an endpoint says that its vendor takes requests by the file."""
    return isinstance(endpoint, OpenAIChat) and endpoint.batch


class BatchService:
    """Files and batches of one endpoint. Every call sends one request and raises RequestFailure."""

    def __init__(self, client: "AsyncOpenAI", endpoint: OpenAIChat) -> None:
        self._client = client
        self._wire = endpoint.wire()
        self._url = batch_url(endpoint)
        self._deadline_s = endpoint.limits.timeout_s

    def line(self, custom_id: str, request: Request) -> bytes:
        """The line of a file that asks one request."""
        body = self._wire.body(request)
        body.pop("stream", None)  # nobody listens
        body.pop("stream_options", None)
        told = {"custom_id": custom_id, "method": "POST", "url": self._url, "body": body}
        return orjson.dumps(told) + b"\n"

    async def upload(self, name: str, content: bytes) -> str:
        """Hand a file over; its id. A file alone costs nothing."""
        files = self._client.files.with_streaming_response
        async with _as_failures(_FILE_DEADLINE_S):
            told = (f"{name}.jsonl", content, "application/jsonl")
            async with files.create(file=told, purpose="batch") as response:
                body = await _object(response)
        return text_of(body, "id") or malformed("a file without an id", orjson.dumps(body))

    async def create(self, file_id: str, tags: Mapping[str, str]) -> Batch:
        """Have a file's requests asked. From here on they are paid for."""
        batches: Any = self._client.batches.with_streaming_response  # endpoint is a Literal there
        async with (
            _as_failures(self._deadline_s),
            batches.create(
                input_file_id=file_id,
                endpoint=self._url,
                completion_window="24h",
                metadata=dict(tags),
            ) as response,
        ):
            return batch_of(await _object(response))

    async def look(self, batch_id: str) -> Batch:
        """How far a batch is."""
        batches = self._client.batches.with_streaming_response
        async with _as_failures(self._deadline_s), batches.retrieve(batch_id) as response:
            return batch_of(await _object(response))

    async def find(self, file_id: str, tags: Mapping[str, str], asked_s: float) -> Batch | None:
        """The batch of a file, whose creation was asked at `asked_s` and not answered; None where there is none.

        By the file, which no other batch has, or by what was told of it. A list is newest first.
        """
        after: str | None = None
        for _ in range(_PAGES):
            page = await self._page(after)
            found = [batch_of(each) for each in page.get("data") or [] if isinstance(each, dict)]
            for each in found:
                if each.input_file_id == file_id or tags.items() <= each.tags.items():
                    return each
            oldest = min((each.created_s or asked_s for each in found), default=0.0)
            if not page.get("has_more") or oldest < asked_s - _CLOCKS_DIFFER_S:
                return None
            after = found[-1].id
        return None

    async def _page(self, after: str | None) -> dict[str, Any]:
        batches: Any = (
            self._client.batches.with_streaming_response
        )  # `after` is Omit where it is not a text
        more = {"after": after} if after else {}
        async with (
            _as_failures(self._deadline_s),
            batches.list(limit=_PAGE, **more) as response,
        ):
            return await _object(response)

    async def results(self, file_id: str) -> AsyncIterator[Result]:
        """The lines of an output or an error file, in whatever order they come."""
        files = self._client.files.with_streaming_response
        async with _as_failures(_FILE_DEADLINE_S), files.content(file_id) as response:
            async for raw in lines(_unpacked(response)):
                result = read_result(raw, self._wire)
                if result is not None:
                    yield result


def batch_url(endpoint: OpenAIChat) -> str:
    """The path that lines name: the version that ends `base_url`, v1 where none does, and the wire's own path."""
    last = urlsplit(endpoint.base_url).path.rpartition("/")[2]
    version = last if re.fullmatch(r"v[0-9]+", last) else "v1"
    return f"/{version}{endpoint.path}"


@asynccontextmanager
async def open_batches(endpoint: Endpoint) -> AsyncIterator[BatchService]:
    """The service of an endpoint that `can_batch`. Raises EndpointFileError without the SDK or the key."""
    assert isinstance(endpoint, OpenAIChat)
    openai = _sdk()
    wire = endpoint.wire()

    async def refuse(response: Any) -> None:
        if response.is_success:
            return
        raw = b""
        if _encoding(response) == "identity":
            async for piece in response.aiter_raw():
                raw += piece
                if len(raw) >= _MAX_REFUSAL:
                    break
        wire.refused(response.status_code, response.headers, raw[:_MAX_REFUSAL])
        raise RequestFailure("bad_request", "the content policy refused a file")

    async def dress(request: Any) -> None:
        for name in set(request.headers.keys()) - _HEADERS_KEPT:
            del request.headers[name]
        request.headers.update({"User-Agent": "industry-bench", "Accept-Encoding": "identity"})
        request.headers.update(wire.headers)

    own = endpoint.proxy
    proxy = environment_proxy(endpoint.base_url) if own == "environment" else own
    async with openai.DefaultAsyncHttpxClient(
        trust_env=False,
        follow_redirects=False,
        proxy=proxy,
        verify=ssl.create_default_context(),
        timeout=endpoint.limits.timeout_s,
        event_hooks={"request": [dress], "response": [refuse]},
    ) as http:
        client = openai.AsyncOpenAI(
            api_key="stands in `dress`",
            base_url=endpoint.base_url,
            default_query=endpoint.query or None,
            max_retries=0,
            http_client=http,
        )
        yield BatchService(client, endpoint)


def check_sdk() -> None:
    """Raise EndpointFileError where the official SDK is not installed."""
    _sdk()


def _sdk() -> Any:
    try:
        import openai  # a second to load, hence here
    except ImportError:
        told = "--batch needs the openai package; pip install 'industry-bench[batch]'"
        raise EndpointFileError(told) from None
    return openai


@asynccontextmanager
async def _as_failures(deadline_s: float) -> AsyncIterator[None]:
    """Whatever goes wrong inside as a RequestFailure; the SDK wraps some of ours in its own."""
    openai = _sdk()
    library = openai.DefaultAsyncHttpxClient.__mro__[1].__module__.partition(".")[0]
    http_error = sys.modules[library].HTTPError  # httpx, or httpx2 since openai 3
    try:
        async with asyncio.timeout(deadline_s):
            yield
    except TimeoutError:
        raise RequestFailure("timeout", f"no full reply within {deadline_s:g} s") from None
    except (openai.OpenAIError, http_error) as error:
        cause = error.__cause__ or error
        if isinstance(cause, RequestFailure):
            raise cause from None
        told = " ".join(hidden(f"{type(cause).__name__}: {cause}").split())[:300]
        raise RequestFailure("transport", told) from None


async def _object(response: Any) -> dict[str, Any]:
    """A reply's body, bounded, as a JSON object. Raises RequestFailure (malformed)."""
    raw = b""
    async for piece in _unpacked(response):
        raw += piece
        if len(raw) > MAX_BODY:
            raise RequestFailure("malformed", f"a body of more than {MAX_BODY >> 20} MiB")
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        malformed(f"not JSON ({error.msg})", raw)
    if not isinstance(body, dict):
        malformed("no JSON object", raw)
    return body


async def _unpacked(response: Any) -> AsyncIterator[bytes]:
    if _encoding(response.http_response) != "identity":
        raise RequestFailure("malformed", "a packed body, which was not asked for")
    async for piece in response.http_response.aiter_raw():
        yield piece


def _encoding(response: Any) -> str:
    return str(response.headers.get("Content-Encoding", "")).strip().lower() or "identity"
