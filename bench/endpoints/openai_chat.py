"""The chat-completions wire of OpenAI, vLLM, llama.cpp and most vendors, on aiohttp.

Source: https://platform.openai.com/docs/api-reference/chat. Streaming is off. Redirects are not followed, so that a
prompt and a key go nowhere but to the address that was configured.
"""

import os
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

import aiohttp
import orjson
from pydantic import field_validator
from yarl import URL

from bench.endpoints.seam import Connection, Endpoint, Reply, Request
from bench.errors import EndpointFileError, FailureKind, RequestFailure
from bench.types import Finish

MAX_BODY = 16 * 1024 * 1024
_LONG_KEY = 16
_FINISH: dict[Any, Finish] = {"length": "length", "content_filter": "content_filter"}


class OpenAIChat(Endpoint):
    """`POST base_url/chat/completions`. `api_key_env` names the variable that holds the key."""

    version: ClassVar[str] = "1"

    base_url: str
    model: str
    api_key_env: str | None = None

    @field_validator("api_key_env")
    @classmethod
    def _name_of_a_variable(cls, name: str | None) -> str | None:
        if name is not None and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            raise ValueError("must be the name of an environment variable, never a key")
        return name

    @field_validator("base_url")
    @classmethod
    def _http(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"'{url}' is no http(s) address")
        if parts.username or parts.password:
            raise ValueError("a key in an address is stored in clear; use api_key_env")
        if "?" in url or "#" in url:
            raise ValueError("base_url ends with its path; put what follows ? or # elsewhere")
        return url.rstrip("/")

    def key(self) -> str | None:
        """The key from the environment. Raises EndpointFileError when the variable is not set."""
        if self.api_key_env is None:
            return None
        key = os.environ.get(self.api_key_env, "").strip()
        if not key:
            raise EndpointFileError(
                f"the environment variable {self.api_key_env} is not set; export it with the key"
            )
        if not key.isascii() or not key.isprintable():
            raise EndpointFileError(
                f"the key in {self.api_key_env} holds characters no header can carry"
            )
        return key

    def check(self) -> None:
        """The key must be there."""
        self.key()

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        """One pool of kept-alive connections, as large as the concurrency."""
        key = self.key()
        headers = {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "industry-bench",
        }
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        connector = aiohttp.TCPConnector(limit=self.limits.concurrency, keepalive_timeout=60)
        async with aiohttp.ClientSession(
            connector=connector,
            headers=headers,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None),  # the runner's deadline counts
        ) as session:
            yield _Wire(session, self, key)


class _Wire:
    def __init__(
        self, session: aiohttp.ClientSession, endpoint: OpenAIChat, key: str | None
    ) -> None:
        self._session = session
        self._url = URL(f"{endpoint.base_url}/chat/completions")
        self._secret = key
        params = dict(endpoint.params)
        self._cap = params.pop("max_tokens", None)
        params.setdefault("temperature", 0)
        self._fixed = {name: value for name, value in params.items() if value is not None}
        self._fixed["model"] = endpoint.model

    async def ask(self, request: Request) -> Reply:
        body = self._fixed | {
            "messages": [{"role": turn.role, "content": turn.content} for turn in request.messages],
            "max_tokens": capped(request.max_tokens, self._cap),
        }
        if request.stop:
            body["stop"] = list(request.stop)
        try:
            async with self._session.post(
                self._url, data=orjson.dumps(body), allow_redirects=False
            ) as response:
                if response.status != 200 and _is_compressed(response):
                    raise self._refused(response.status, response.headers, b"a compressed body")
                raw = self._without_key(await _bounded(response), response.status)
                if response.status != 200:
                    raise self._refused(response.status, response.headers, raw)
        except aiohttp.ClientError as error:
            raise RequestFailure(
                "transport", self._safe(f"{type(error).__name__}: {error}")
            ) from None
        except OSError as error:
            raise RequestFailure(
                "transport", self._safe(f"{type(error).__name__}: {error}")
            ) from None
        try:
            return parsed_reply(raw)
        except RequestFailure as failure:
            raise RequestFailure(failure.kind, self._safe(failure.message)) from None

    def _refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> RequestFailure:
        told = self._safe(raw[:300].decode("utf-8", "replace"))
        return RequestFailure(
            failure_kind(status),
            f"HTTP {status}: {told}",
            retry_after_s=retry_after_s(headers.get("Retry-After")),
        )

    def _without_key(self, raw: bytes, status: int) -> bytes:
        """What a server sent, its echo of the key taken out.

        In an answer only a key that no answer holds by chance: local servers take any word as a key.
        """
        if not self._secret or (status == 200 and len(self._secret) < _LONG_KEY):
            return raw
        return raw.replace(self._secret.encode(), b"[key]")

    def _safe(self, text: str) -> str:
        """One line without the key, whatever the server echoed."""
        if self._secret:
            text = text.replace(self._secret, "[key]")
        return " ".join(text.split())[:300]


def capped(wanted: int, cap: Any) -> int:
    """The suite's `max_tokens`, or the endpoint's where that is smaller."""
    return min(wanted, int(cap)) if cap is not None else wanted


def _is_compressed(response: aiohttp.ClientResponse) -> bool:
    return response.headers.get("Content-Encoding", "identity").lower() not in ("identity", "")


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    """The body, never more than `MAX_BODY` bytes of it in memory."""
    if _is_compressed(response):
        raise RequestFailure("malformed", "a compressed body that was not asked for")
    if response.content_length is not None and response.content_length <= MAX_BODY:
        return await response.read()  # no more than was announced is ever read
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > MAX_BODY:
            raise RequestFailure("malformed", f"a body of more than {MAX_BODY >> 20} MiB")
        chunks.append(chunk)
    return b"".join(chunks)


def failure_kind(status: int) -> FailureKind:
    """What an HTTP status means for the run."""
    match status:
        case 401 | 403:
            return "auth"
        case 402:
            return "quota_empty"
        case 408:
            return "timeout"
        case 409 | 425:
            return "transport"
        case 429:
            return "rate_limited"
        case _:
            return "server" if status >= 500 else "bad_request"


def retry_after_s(header: str | None) -> float | None:
    """Retry-After in seconds, from either of its forms (RFC 9110, 10.2.3); None when it says nothing."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, when.timestamp() - datetime.fromtimestamp(time.time(), UTC).timestamp())


def parsed_reply(raw: bytes) -> Reply:
    """The one text of a chat completion. Raises RequestFailure (malformed) for anything else."""
    try:
        body = orjson.loads(raw)
        choice = body["choices"][0]
        message = choice["message"]
        text = message["content"]
    except (orjson.JSONDecodeError, KeyError, IndexError, TypeError) as error:
        shown = " ".join(raw[:120].decode("utf-8", "replace").split())
        raise RequestFailure(
            "malformed", f"no chat completion ({type(error).__name__}): {shown}"
        ) from None
    finish = _FINISH.get(choice.get("finish_reason"), "stop")
    if text is None and finish != "stop":  # filtered, or cut while it thought: billed all the same
        text = ""
    if not isinstance(text, str):
        what = "tool calls" if message.get("tool_calls") else type(text).__name__
        raise RequestFailure("malformed", f"the reply's content is {what}, not text")
    usage = _mapping(body.get("usage"))
    model = body.get("model")
    return Reply(
        text=text,
        finish=finish,
        model=model if isinstance(model, str) else None,
        input_tokens=_count(usage.get("prompt_tokens")),
        output_tokens=_output_tokens(usage),
        cached_input_tokens=_count(
            _mapping(usage.get("prompt_tokens_details")).get("cached_tokens")
        ),
        reasoning_tokens=_count(
            _mapping(usage.get("completion_tokens_details")).get("reasoning_tokens")
        ),
    )


def _output_tokens(usage: Mapping[str, Any]) -> int | None:
    """All that was generated. Some vendors count thoughts in `total_tokens` and not in `completion_tokens`.

    Source: https://docs.x.ai/docs/key-information/consumption-and-rate-limits (32 + 9, and 135 in all).
    """
    shown = _count(usage.get("completion_tokens"))
    asked, total = _count(usage.get("prompt_tokens")), _count(usage.get("total_tokens"))
    if shown is None or asked is None or total is None:
        return shown
    return max(shown, total - asked)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
