"""Replies of the chat-completions wire, whole and streamed.

Source: https://platform.openai.com/docs/api-reference/chat.
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

import orjson

from bench.endpoints.failures import codes, error_in_body, failed, malformed
from bench.endpoints.http_endpoint import cut_short
from bench.endpoints.quirks import Quirks
from bench.endpoints.seam import Reply
from bench.endpoints.shaping import without_reasoning
from bench.errors import RequestFailure
from bench.types import Finish

_FINISHES: Mapping[str, Finish] = {
    "length": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
    "model_context_window_exceeded": "length",  # Zhipu
    "sensitive": "content_filter",  # https://docs.bigmodel.cn
}
_INTERRUPTED = (
    "insufficient_system_resource",  # https://api-docs.deepseek.com/api/create-chat-completion
    "network_error",  # https://docs.bigmodel.cn: the inference failed
)
"""Why an answer stopped in the middle: a fault of the server, whatever text came before it."""
_MOST_TOKENS = 10**9
"""A count beyond this is none: sums of such could be written nowhere."""
_REASONING_FIELDS = ("reasoning_content", "reasoning")
_BOM = b"\xef\xbb\xbf"
_PLAIN = Quirks()


def loaded(raw: bytes) -> Any:
    """A body as JSON. Raises RequestFailure (malformed): not JSON, NaN, too deep, not UTF-8."""
    try:
        return orjson.loads(raw.removeprefix(_BOM))
    except orjson.JSONDecodeError as error:
        malformed(f"not JSON ({error.msg})", raw)


def refuse_two_answers(raw: bytes) -> None:
    """Raise RequestFailure (malformed) where one object of a JSON text has `choices` twice: which are the answer?"""
    if raw.count(b'"choices"') < 2:
        return
    try:
        json.loads(raw, object_pairs_hook=_with_choices_once)
    except (ValueError, RecursionError):
        malformed("choices are given twice", raw)


def _with_choices_once(pairs: list[tuple[str, Any]]) -> None:
    if sum(name == "choices" for name, _ in pairs) > 1:
        raise ValueError


def parsed_reply(raw: bytes, quirks: Quirks = _PLAIN) -> Reply:
    """The one answer of a chat completion. Raises RequestFailure for anything that is none.

    Of several choices the one of index 0 is the answer: the others are those that a single request would not show.
    """
    body = loaded(raw)
    refuse_two_answers(raw)
    told_of = error_in_body(body, quirks.errors)
    if told_of is not None:
        return told_of
    if not isinstance(body, dict):
        malformed("no chat completion", raw)
    if "choices" not in body and _is_error_code(body, quirks):
        return failed(body, quirks.errors)
    message, finish = _first_choice(body, raw)
    usage = body.get("usage")
    return _reply(message, finish, body.get("model"), usage, quirks)


def _is_error_code(body: Mapping[str, Any], quirks: Quirks) -> bool:
    """Whether a body without choices tells of an error by its own code."""
    found = codes(body)
    return bool(found) and not any(code in quirks.success_codes for code in found)


def _first_choice(body: Mapping[str, Any], raw: bytes) -> tuple[Mapping[str, Any], Any]:
    choices = body.get("choices")
    if not isinstance(choices, list) or not choices:
        malformed("no chat completion: no choices", raw)
    chosen = next((one for one in choices if mapping(one).get("index") == 0), choices[0])
    message = mapping(chosen).get("message")
    if not isinstance(message, dict):
        malformed("no chat completion: no message", raw)
    return message, chosen.get("finish_reason")


def _reply(
    message: Mapping[str, Any], finish_reason: Any, model: Any, usage: Any, quirks: Quirks
) -> Reply:
    """The reply that a message makes, however it came."""
    if finish_reason in _INTERRUPTED:
        what = f"the answer was interrupted: {finish_reason}"
        raise RequestFailure("server", what, spent_tokens=_spent(mapping(usage)))
    finish = finish_of(finish_reason, _FINISHES)
    text = _text(message.get("content"))
    if isinstance(message.get("refusal"), str) and not text:
        text, finish = message["refusal"], "content_filter"
    counts = mapping(usage)
    if text is None and finish != "stop":  # filtered, or cut while it thought: billed all the same
        text = ""
    if text is None:
        _no_text(message, counts)
    told = (message.get(name) for name in _REASONING_FIELDS)
    thought = next((each for each in told if isinstance(each, str) and each), "")
    text, within = without_reasoning(text, quirks.reasoning_tags)
    return Reply(
        text=text,
        finish=finish,
        model=model if isinstance(model, str) else None,
        input_tokens=count(counts.get("prompt_tokens")),
        output_tokens=_output_tokens(counts),
        cached_input_tokens=_cached(counts),
        reasoning_tokens=count(
            mapping(counts.get("completion_tokens_details")).get("reasoning_tokens")
        ),
        reasoning=thought or within,
    )


def _text(content: Any) -> str | None:
    """Content as text, from its text parts where it comes in parts; None where there is none."""
    if isinstance(content, list) and content:
        parts = [mapping(part).get("text") for part in content]
        if all(isinstance(part, str) for part in parts):
            return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else None


def _no_text(message: Mapping[str, Any], usage: Mapping[str, Any]) -> NoReturn:
    content = message.get("content")
    spent = _spent(usage)
    calls = message.get("tool_calls")
    if content is not None or not ("content" in message or calls):
        what = (
            f"the content is {type(content).__name__}, not text"
            if content is not None
            else "the message is empty"
        )
        raise RequestFailure("malformed", what, spent_tokens=spent)
    what = "tool calls, and no text" if calls else "no content"
    raise RequestFailure("no_text", f"the reply holds {what}", spent_tokens=spent)


def _spent(usage: Mapping[str, Any]) -> tuple[int, int] | None:
    """What was paid for a reply of no use, where it is told."""
    asked, said = count(usage.get("prompt_tokens")), _output_tokens(usage)
    return (asked, said) if asked is not None and said is not None else None


def _cached(usage: Mapping[str, Any]) -> int | None:
    """Tokens read from the prompt cache: OpenAI's field, else DeepSeek's."""
    details = count(mapping(usage.get("prompt_tokens_details")).get("cached_tokens"))
    return count(usage.get("prompt_cache_hit_tokens")) if details is None else details


def _output_tokens(usage: Mapping[str, Any]) -> int | None:
    """All that was generated. Some vendors count thoughts in `total_tokens` and not in `completion_tokens`.

    Source: https://docs.x.ai/docs/key-information/consumption-and-rate-limits (32 + 9, and 135 in all).
    """
    shown = count(usage.get("completion_tokens"))
    asked, total = count(usage.get("prompt_tokens")), count(usage.get("total_tokens"))
    if shown is None or asked is None or total is None:
        return shown
    return max(shown, total - asked)


def finish_of(reason: Any, meanings: Mapping[str, Finish]) -> Finish:
    """Why an answer ended, by what a vendor calls it; of what is not listed, and of what is no text, stop."""
    return meanings.get(reason, "stop") if isinstance(reason, str) else "stop"


def mapping(value: Any) -> Mapping[str, Any]:
    """A JSON object, empty where there is none."""
    return value if isinstance(value, dict) else {}


def count(value: Any) -> int | None:
    """A number of tokens; None where there is none that can be one."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= _MOST_TOKENS else None


class ChatStream:
    """A streamed chat completion (`chat.completion.chunk`), gathered.

    It is whole once a finish reason or `[DONE]` has come; whatever ends before was cut.
    """

    __slots__ = ("_finish", "_model", "_quirks", "_refusal", "_text", "_thought", "_tools", "_usage", "has_begun", "is_done")  # fmt: skip

    def __init__(self, quirks: Quirks = _PLAIN) -> None:
        self._quirks = quirks
        self._text: list[str] = []
        self._thought: list[str] = []
        self._refusal: list[str] = []
        self._tools: Any = None
        self._finish: Any = None
        self._model: Any = None
        self._usage: Any = None
        self.has_begun = self.is_done = False

    def feed(self, data: bytes) -> None:
        """One chunk. Raises RequestFailure for an error that comes in the stream, or for no JSON."""
        if self.is_done or not data.strip():
            return
        if data.strip() == b"[DONE]":
            self.is_done = True
            return
        chunk = loaded(data)
        refuse_two_answers(data)
        if not isinstance(chunk, dict):
            malformed("no chunk of a chat completion", data)
        if "choices" not in chunk or chunk.get("error"):
            self._failed(chunk, data)
            return
        self._model = chunk.get("model") or self._model
        self._usage = chunk.get("usage") or self._usage
        choices = chunk["choices"] or []
        if not isinstance(choices, list):
            malformed("no chunk of a chat completion", data)
        for choice in choices:
            if mapping(choice).get("index", 0) == 0:
                self._take(mapping(choice), data)

    def _failed(self, chunk: Mapping[str, Any], data: bytes) -> None:
        if not chunk.get("error") and not codes(chunk):
            malformed("no chunk of a chat completion", data)
        failed(chunk, self._quirks.errors)  # raises, unless the content policy stopped it midway
        self._finish = "content_filter"
        self.is_done = True

    def _take(self, choice: Mapping[str, Any], data: bytes) -> None:
        delta = mapping(choice.get("delta") or choice.get("message"))
        text = _text(delta.get("content"))
        if text is None and delta.get("content") is not None:
            malformed("a piece that is no text", data)
        if text:
            self._text.append(text)
            self.has_begun = True
        for name in _REASONING_FIELDS:
            if isinstance(delta.get(name), str) and delta[name]:
                self._thought.append(delta[name])
                self.has_begun = True
                break
        if isinstance(delta.get("refusal"), str):
            self._refusal.append(delta["refusal"])
        self._tools = delta.get("tool_calls") or self._tools
        self._finish = choice.get("finish_reason") or self._finish

    def reply(self) -> Reply:
        """The whole answer. Raises RequestFailure (transport) where its end never came."""
        if self._finish is None and not self.is_done:
            raise cut_short()
        message = {
            "content": "".join(self._text) if self._text or not self._tools else None,
            "reasoning_content": "".join(self._thought),
            "tool_calls": self._tools,
            "refusal": "".join(self._refusal) if self._refusal else None,
        }
        return _reply(message, self._finish, self._model, self._usage, self._quirks)
