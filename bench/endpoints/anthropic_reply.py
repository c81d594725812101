"""Replies of the Messages API, whole and streamed.

Source: https://docs.anthropic.com/en/api/messages and https://docs.anthropic.com/en/docs/build-with-claude/streaming.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.endpoints.chat_reply import count, loaded, mapping
from bench.endpoints.failures import ErrorClass, failed, malformed
from bench.endpoints.http_endpoint import cut_short
from bench.endpoints.seam import Reply
from bench.errors import RequestFailure
from bench.types import Finish

_FINISHES: Mapping[str, Finish] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
}
_FOR_TOOLS = ("tool_use", "pause_turn")
_INPUT_PARTS = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


@dataclass(slots=True)
class _Message:
    """What of a message matters here, however it came."""

    text: list[str] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    stop_reason: str | None = None
    model: str | None = None
    usage: dict[str, Any] = field(default_factory=dict)

    def take(self, block: Mapping[str, Any]) -> None:
        """A content block, or a piece of one. Other kinds hold no answer."""
        for name, found in (("text", self.text), ("thinking", self.thoughts)):
            if isinstance(block.get(name), str) and block[name]:
                found.append(block[name])

    def reply(self) -> Reply:
        """The answer. Raises RequestFailure (no_text) for one that waits for a tool."""
        asked, said = _input_tokens(self.usage), count(self.usage.get("output_tokens"))
        if self.stop_reason in _FOR_TOOLS:
            spent = (asked, said) if asked is not None and said is not None else None
            what = f"the reply stops for a tool ({self.stop_reason}), and none was offered"
            raise RequestFailure("no_text", what, spent_tokens=spent)
        details = mapping(self.usage.get("output_tokens_details"))
        return Reply(
            text="".join(self.text),
            finish=_FINISHES.get(self.stop_reason or "", "stop"),
            model=self.model,
            input_tokens=asked,
            output_tokens=said,
            cached_input_tokens=count(self.usage.get("cache_read_input_tokens")),
            reasoning_tokens=count(details.get("thinking_tokens")),
            reasoning="".join(self.thoughts).strip(),
        )


def _input_tokens(usage: Mapping[str, Any]) -> int | None:
    """All that was read: `input_tokens` are only those behind the last point of the prompt cache.

    >>> _input_tokens({"input_tokens": 21, "cache_read_input_tokens": 188, "cache_creation_input_tokens": 0})
    209
    """
    parts = [count(usage.get(name)) for name in _INPUT_PARTS]
    return None if parts[0] is None else sum(part or 0 for part in parts)


def message_reply(raw: bytes, errors: Mapping[str, ErrorClass]) -> Reply:
    """The answer that a message holds. Raises RequestFailure for anything that is none."""
    body = loaded(raw)
    if not isinstance(body, dict):
        malformed("no message", raw)
    if body.get("type") == "error":
        return failed(body, errors)
    content = body.get("content")
    if not isinstance(content, list) or not all(isinstance(block, dict) for block in content):
        malformed("no message: no content blocks", raw)
    told = _Message(stop_reason=_text(body.get("stop_reason")), model=_text(body.get("model")))
    told.usage = dict(mapping(body.get("usage")))
    for block in content:
        told.take(block)
    return told.reply()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


class MessageStream:
    """A streamed message, gathered. It is whole once a stop reason or `message_stop` has come."""

    __slots__ = ("_errors", "_refused", "_told", "has_begun", "is_done")

    def __init__(self, errors: Mapping[str, ErrorClass]) -> None:
        self._errors = errors
        self._told = _Message()
        self._refused: Reply | None = None
        self.has_begun = self.is_done = False

    def feed(self, data: bytes) -> None:
        """One event. Raises RequestFailure for an error in the stream; events it does not know are passed over."""
        if self.is_done or not data.strip():
            return
        event = loaded(data)
        match mapping(event).get("type"):
            case "message_start":
                message = mapping(event.get("message"))
                self._told.model = _text(message.get("model"))
                self._told.usage |= mapping(message.get("usage"))
            case "content_block_start":
                self._take(mapping(event.get("content_block")))
            case "content_block_delta":
                self._take(mapping(event.get("delta")))
            case "message_delta":
                self._told.stop_reason = _text(mapping(event.get("delta")).get("stop_reason"))
                told = mapping(event.get("usage"))
                self._told.usage |= {
                    name: value for name, value in told.items() if value is not None
                }
            case "message_stop":
                self.is_done = True
            case "error":
                self._refused = failed(event, self._errors)
                self.is_done = True
            case None:
                malformed("no event of a message", data)

    def _take(self, block: Mapping[str, Any]) -> None:
        self._told.take(block)
        self.has_begun = bool(self._told.text or self._told.thoughts)

    def reply(self) -> Reply:
        """The whole answer. Raises RequestFailure (transport) where its end never came."""
        if self._refused is not None:
            return self._refused
        if not self.is_done and self._told.stop_reason is None:
            raise cut_short()
        return self._told.reply()
