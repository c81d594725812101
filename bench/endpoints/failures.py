"""What a server's refusal means for a run: by HTTP status, by the codes that vendors write, by what they ask for."""

import math
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Literal, NoReturn

import orjson

from bench.endpoints.seam import Reply
from bench.endpoints.secrets import hidden
from bench.errors import FailureKind, RequestFailure

ErrorClass = Literal[FailureKind, "content_policy"]
"""A failure, or a refusal for its content: that is the system's answer and no fault."""

_SHOWN = 300
_CODES: dict[str, ErrorClass] = {
    # https://platform.openai.com/docs/guides/error-codes
    "invalid_api_key": "auth",
    "insufficient_quota": "quota_empty",
    "billing_hard_limit_reached": "quota_empty",
    "rate_limit_exceeded": "rate_limited",
    "context_length_exceeded": "context_too_long",
    "exceed_context_size_error": "context_too_long",  # llama.cpp
    "string_above_max_length": "context_too_long",
    "content_filter": "content_policy",
    "content_policy_violation": "content_policy",
    "server_error": "server",
    "overloaded": "server",
    # https://docs.anthropic.com/en/api/errors
    "authentication_error": "auth",
    "permission_error": "auth",
    "billing_error": "quota_empty",
    "rate_limit_error": "rate_limited",
    "request_too_large": "context_too_long",
    "api_error": "server",
    "overloaded_error": "server",
    "timeout_error": "timeout",
    # https://help.aliyun.com/zh/model-studio/error-code, whose wire others speak too
    "InvalidApiKey": "auth",
    "Arrearage": "quota_empty",
    "data_inspection_failed": "content_policy",
    "DataInspectionFailed": "content_policy",
}
_CODE_FIELDS = ("code", "type", "error_code")
_TEXTS: tuple[tuple[bytes, ErrorClass], ...] = (
    (b"maximum context length", "context_too_long"),  # DeepSeek, vLLM, and what is built on it
    # https://help.aliyun.com/zh/model-studio/error-code
    (b"Range of input length should be", "context_too_long"),
    (b"Content Exists Risk", "content_policy"),  # DeepSeek
    # https://platform.baichuan-ai.com/docs/api
    (b"Insufficient account balance", "quota_empty"),
)
"""What vendors tell in words alone, under a status or a code that means more than one thing."""
_VAGUE = ("server", "timeout", "transport")
"""Classes that a status below 500 tells better than a code of the common table does."""


def failure_kind(status: int) -> FailureKind:
    """What an HTTP status alone means."""
    match status:
        case 401 | 403:
            return "auth"
        case 402:
            return "quota_empty"
        case 408:
            return "timeout"
        case 409 | 425:
            return "transport"
        case _ if 200 <= status < 300:
            return "malformed"
        case 429:
            return "rate_limited"
        case _:
            return "server" if status >= 500 else "bad_request"


def kind_of_code(code: str, own: Mapping[str, ErrorClass] | None = None) -> ErrorClass | None:
    """What a vendor's error code means, by its own table and then by the common one; None if unknown.

    A code in a table that ends in `*` stands for all that begin so.
    """
    return _listed(code, own or {}) or _listed(code, _CODES)


def _listed(code: str, table: Mapping[str, ErrorClass]) -> ErrorClass | None:
    if code in table:
        return table[code]
    begins = (
        kind for each, kind in table.items() if each.endswith("*") and code.startswith(each[:-1])
    )
    return next(begins, None)


def refused(
    status: int,
    headers: Mapping[str, str],
    raw: bytes,
    own: Mapping[str, ErrorClass] | None = None,
) -> Reply:
    """A reply whose status is not 200. Raises RequestFailure, but for a refusal of the content.

    The vendor's own codes decide, then the common ones, then the status; but a common code that only says that
    something failed at the server is not believed against a status that says whose fault it is.
    """
    if 300 <= status < 400:
        told = "it redirects elsewhere, and redirects are not followed; name the final address"
        raise RequestFailure("bad_request", f"HTTP {status}: {told}")
    found = codes(_loaded(raw))
    kind = _of(found, own or {}) or _of(found, _CODES)
    if kind is None or (kind in _VAGUE and status < 500 and _of(found, own or {}) is None):
        kind = failure_kind(status)
    if kind in ("bad_request", "rate_limited"):
        kind = next((each for text, each in _TEXTS if text in raw), None) or kind
    message = f"HTTP {status}: {shown(raw)}"
    return by_class(kind, message, retry_after_s(headers))


def by_class(kind: ErrorClass, message: str, wait_s: float | None = None) -> Reply:
    """A refused reply, not billed, for what the content policy refused. Raises RequestFailure for everything else."""
    if kind == "content_policy":
        return Reply(text="", finish="content_filter", input_tokens=0, output_tokens=0)
    raise RequestFailure(kind, message, retry_after_s=wait_s)


def error_in_body(body: Any, own: Mapping[str, ErrorClass] | None = None) -> Reply | None:
    """An error that came as HTTP 200, told as `by_class` does; None where the body holds none."""
    if not isinstance(body, dict) or not isinstance(body.get("error"), dict | str):
        return None
    return failed(body, own)


def failed(body: Any, own: Mapping[str, ErrorClass] | None = None) -> Reply:
    """What an error body with HTTP 200 means; a code that nobody knows may pass, so it is asked again."""
    found = codes(body)
    kind = _of(found, own or {}) or _of(found, _CODES) or "server"
    return by_class(kind, f"an error with HTTP 200: {shown(orjson.dumps(body))}")


def codes(body: Any) -> list[str]:
    """Every code that an error body carries, the error's own first."""
    if not isinstance(body, dict):
        return []
    found: list[str] = []
    for part in (body.get("error"), body):
        if isinstance(part, dict):
            found += [str(part[name]) for name in _CODE_FIELDS if _is_code(part.get(name))]
    return found


def _is_code(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _of(found: list[str], table: Mapping[str, ErrorClass]) -> ErrorClass | None:
    return next((kind for code in found if (kind := _listed(code, table)) is not None), None)


def _loaded(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None


def shown(raw: bytes) -> str:
    """The beginning of a body on one line, keys hidden."""
    return " ".join(hidden(raw.decode("utf-8", "replace"))[: 2 * _SHOWN].split())[:_SHOWN]


def malformed(what: str, raw: bytes) -> NoReturn:
    """Raise for a body that is not what the protocol says."""
    raise RequestFailure("malformed", f"{what}: {shown(raw)[:120]}")


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """What a server asks to wait: `Retry-After-Ms`, else either form of `Retry-After` (RFC 9110, 10.2.3).

    None when it says nothing that can be read; a moment that has passed is 0.
    """
    finer = _seconds(headers.get("Retry-After-Ms"))
    if finer is not None:
        return finer / 1000
    header = headers.get("Retry-After")
    found = _seconds(header)
    if found is not None or header is None:
        return found
    try:
        when = parsedate_to_datetime(header.strip())
        when = when if when.tzinfo else when.replace(tzinfo=UTC)  # the old form of C's asctime
        return max(0.0, when.timestamp() - time.time())
    except (ValueError, IndexError, OverflowError, TypeError):
        return None


def _seconds(text: str | None) -> float | None:
    try:
        found = float(text) if text is not None and text.isascii() else math.nan
    except ValueError:
        return None
    return found if math.isfinite(found) and found >= 0 else None
