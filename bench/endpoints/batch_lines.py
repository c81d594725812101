"""The lines of a batch's output and error files.

Source: https://platform.openai.com/docs/api-reference/batch/request-output.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import orjson

from bench.endpoints.chat_reply import refuse_two_answers
from bench.endpoints.event_stream import Lines
from bench.endpoints.failures import by_class, kind_of_code, shown
from bench.endpoints.http_endpoint import Wire
from bench.endpoints.seam import Reply
from bench.endpoints.secrets import without_keys
from bench.endpoints.transport import MAX_BODY
from bench.errors import RequestFailure

_NOT_ASKED = frozenset({"batch_expired", "batch_cancelled"})
_TIMED_OUT = "request_timeout"
_CUSTOM_ID = re.compile(rb'"custom_id"\s*:\s*"([^"\\]{1,200})"')


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one request: a reply, a failure, or neither where it was never asked and costs nothing."""

    custom_id: str
    reply: Reply | None = None
    failure: RequestFailure | None = None


async def lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The lines of a file that comes in pieces; of a line longer than any reply may be, its beginning."""
    cutter, is_cut = Lines(), False
    async for piece in pieces:
        for line in cutter.feed(piece):
            if not is_cut and line.strip():
                yield line
            is_cut = False
        if is_cut or cutter.held > MAX_BODY:
            begun = cutter.forget()
            if not is_cut:
                yield begun[:MAX_BODY]
            is_cut = True
    for line in cutter.end():
        if not is_cut and line.strip():
            yield line


def read_result(raw: bytes, wire: Wire) -> Result | None:
    """One line; None where nobody can say whose it is."""
    try:
        line = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        return _unreadable(raw, error.msg)
    custom_id = line.get("custom_id") if isinstance(line, dict) else None
    if not isinstance(custom_id, str):
        return None
    try:
        refuse_two_answers(raw)
        reply = _reply(line, wire)
        if reply is not None:
            reply.text.encode()  # half a surrogate pair could not be written down
        return Result(custom_id, None if reply is None else without_keys(reply))
    except UnicodeEncodeError as error:
        return Result(custom_id, failure=RequestFailure("malformed", f"the reply is no text: {error}"))  # fmt: skip
    except RequestFailure as failure:
        return Result(custom_id, failure=failure)


def _unreadable(raw: bytes, why: str) -> Result | None:
    """A line that is no JSON, of whom its beginning may still tell."""
    found = _CUSTOM_ID.search(raw)
    if found is None:
        return None
    failure = RequestFailure("malformed", f"a line that is not JSON ({why}): {shown(raw)[:120]}")
    return Result(found[1].decode("utf-8", "replace"), failure=failure)


def _reply(line: dict[str, Any], wire: Wire) -> Reply | None:
    """The reply; None for a request that was not asked. Raises RequestFailure."""
    response, error = line.get("response"), line.get("error")
    if isinstance(response, dict) and isinstance(response.get("status_code"), int):
        body = orjson.dumps(response.get("body"))
        if response["status_code"] == 200:
            return wire.reply(body)
        return wire.refused(response["status_code"], {}, body)
    told = error if isinstance(error, dict) else {}
    code = str(told.get("code") or "")
    if code in _NOT_ASKED:
        return None
    kind = "timeout" if code == _TIMED_OUT else kind_of_code(code) or "server"
    return by_class(kind, f"an error in a batch: {shown(orjson.dumps(error))}")
