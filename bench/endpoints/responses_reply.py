"""Replies of the Responses API, whole and streamed.

Source: https://platform.openai.com/docs/api-reference/responses/object and …/responses-streaming.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bench.endpoints.chat_reply import count, loaded, mapping
from bench.endpoints.failures import ErrorClass, error_in_body, failed, malformed
from bench.endpoints.http_endpoint import cut_short
from bench.endpoints.seam import Reply
from bench.errors import RequestFailure
from bench.types import Finish

_FINISHES: Mapping[Any, Finish] = {
    "max_output_tokens": "length",
    "content_filter": "content_filter",
}
_ENDS = ("response.completed", "response.incomplete", "response.failed")


def response_reply(raw: bytes, errors: Mapping[str, ErrorClass]) -> Reply:
    """The answer that a response object holds. Raises RequestFailure for anything that is none."""
    body = loaded(raw)
    if not isinstance(body, dict):
        malformed("no response object", raw)
    return _of_response(body, errors, raw)


def _of_response(body: Mapping[str, Any], errors: Mapping[str, ErrorClass], raw: bytes) -> Reply:
    if body.get("status") in ("failed", "cancelled"):
        return failed(body, errors)
    told_of = error_in_body(body, errors)
    if told_of is not None:
        return told_of
    output = body.get("output")
    if not isinstance(output, list) or body.get("status") in ("queued", "in_progress"):
        malformed("no finished response object", raw)
    text, refusal, thoughts = (
        "".join(_texts(output, kind, name))
        for kind, name in (("message", "text"), ("message", "refusal"), ("reasoning", "text"))
    )
    has_message = any(mapping(item).get("type") == "message" for item in output)
    reason = mapping(body.get("incomplete_details")).get("reason")
    finish: Finish = "stop"
    if body.get("status") == "incomplete":
        finish = _FINISHES.get(reason, "length") if isinstance(reason, str) else "length"
    if refusal and not text:
        text, finish = refusal, "content_filter"
    reply = _with_usage(Reply(text, finish, reasoning=thoughts), body)
    if not has_message and finish == "stop":
        _no_message(output, reply)
    return reply


def _texts(output: list[Any], kind: str, name: str) -> Iterator[str]:
    """The strings called `name` in the parts of output items of a kind; of a summary and of full thoughts."""
    for item in output:
        if mapping(item).get("type") == kind:
            parts = item.get("content") or item.get("summary") or ()
            for part in parts if isinstance(parts, list) else ():
                if isinstance(mapping(part).get(name), str):
                    yield part[name]


def _with_usage(reply: Reply, body: Mapping[str, Any]) -> Reply:
    usage = mapping(body.get("usage"))
    read, written = (
        mapping(usage.get(name)) for name in ("input_tokens_details", "output_tokens_details")
    )
    model = body.get("model")
    return replace(
        reply,
        model=model if isinstance(model, str) else None,
        input_tokens=count(usage.get("input_tokens")),
        output_tokens=count(usage.get("output_tokens")),
        cached_input_tokens=count(read.get("cached_tokens")),
        reasoning_tokens=count(written.get("reasoning_tokens")),
    )


def _no_message(output: list[Any], reply: Reply) -> None:
    kinds = ", ".join(sorted({str(mapping(item).get("type")) for item in output})) or "nothing"
    asked, said = reply.input_tokens, reply.output_tokens
    spent = (asked, said) if asked is not None and said is not None else None
    raise RequestFailure("no_text", f"the reply holds {kinds}, and no message", spent_tokens=spent)


class ResponseStream:
    """A streamed response. Its last event carries the whole object; whatever ends before was cut."""

    __slots__ = ("_end", "_errors", "_last", "_refused", "has_begun", "is_done")

    def __init__(self, errors: Mapping[str, ErrorClass]) -> None:
        self._errors = errors
        self._end: Mapping[str, Any] | None = None
        self._last = b""
        self._refused: Reply | None = None
        self.has_begun = self.is_done = False

    def feed(self, data: bytes) -> None:
        """One event. Raises RequestFailure for an error in the stream; events it does not know are passed over."""
        if self.is_done or not data.strip() or data.strip() == b"[DONE]":
            return
        event = loaded(data)
        kind = mapping(event).get("type")
        if not isinstance(kind, str):
            malformed("no event of a response", data)
        if kind == "error":
            self._refused = failed(event, self._errors)
        elif kind in _ENDS:
            self._end, self._last = mapping(event.get("response")), data
            self.is_done = True
        elif kind.endswith(".delta") and event.get("delta"):
            self.has_begun = True

    def reply(self) -> Reply:
        """The whole answer. Raises RequestFailure (transport) where its end never came."""
        if self._refused is not None:
            return self._refused
        if self._end is None:
            raise cut_short()
        return _of_response(self._end, self._errors, self._last)
