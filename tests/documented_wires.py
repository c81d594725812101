"""What servers of several vendors send, written from their documents; and what asks them."""

import asyncio
import base64
import json
import zlib
from dataclasses import dataclass, field

from bench.endpoints.seam import Case, Request
from bench.registry import ADAPTERS
from bench.types import Message

KEY = "sk-canary-0123456789abcdef"
ASKED = (
    Message(role="system", content="Answer with a number."),
    Message(role="user", content="How many?"),
)


def request(messages=ASKED, **more):
    case = Case("s", "i1", 0, {"question": "How many?", "place": "Ulm"})
    return Request(case, tuple(messages), 32, **more)


def asked(endpoint, *requests):
    """The replies; a failure that one of them ends with is raised."""

    async def go():
        async with endpoint.connect() as line:
            return await asyncio.gather(*(line.ask(each) for each in requests or (request(),)))

    replies = asyncio.run(go())
    return replies if len(requests) > 1 else replies[0]


def png(width=1, height=1):
    """The smallest image there is (https://www.w3.org/TR/png-3/)."""

    def chunk(kind, data):
        body = kind + data
        return len(data).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def png_url():
    return "data:image/png;base64," + base64.b64encode(png()).decode()


def sse(*events, named=False):
    """Server-sent events; some vendors name each."""
    lines = []
    for event in events:
        if named:
            lines.append(f"event: {event['type']}")
        lines += [f"data: {event if isinstance(event, str) else json.dumps(event)}", ""]
    return "\n".join((*lines, "")).encode()


# https://docs.anthropic.com/en/api/messages


def message(text="42", stop_reason="end_turn", content=None, **usage):
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "stub-1",
        "content": content if content is not None else [{"type": "text", "text": text}],
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 5} | usage,
    }


def message_events(text="42", stop_reason="end_turn"):
    start = message(content=[], stop_reason=None, output_tokens=1)
    return [
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": each}}
            for each in text
        ),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": stop_reason, "stop_sequence": None}, "usage": {"output_tokens": 5}},
        {"type": "message_stop"},
    ]  # fmt: skip


def anthropic_error(kind, text="no"):
    return {"type": "error", "error": {"type": kind, "message": text}, "request_id": "req_1"}


# https://platform.openai.com/docs/api-reference/responses


def response(text="42", status="completed", output=None, **more):
    part = {"type": "output_text", "text": text, "annotations": []}
    item = {
        "type": "message",
        "id": "m",
        "status": "completed",
        "role": "assistant",
        "content": [part],
    }
    usage = {
        "input_tokens": 10,
        "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 0},
        "output_tokens": 5,
        "output_tokens_details": {"reasoning_tokens": 2},
        "total_tokens": 15,
    }
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1741476542,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "model": "stub-1",
        "output": output if output is not None else [item],
        "parallel_tool_calls": True,
        "temperature": 0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1,
        "metadata": {},
        "usage": usage,
    } | more  # fmt: skip


def response_events(text="42", end="response.completed", **more):
    deltas = [
        {"type": "response.output_text.delta", "item_id": "m", "output_index": 0, "content_index": 0, "delta": each, "logprobs": []}
        for each in text
    ]  # fmt: skip
    events = [
        {"type": "response.created", "response": response(status="in_progress", output=[])},
        *deltas,
        {"type": end, "response": response(text, end.rpartition(".")[2], **more)},
    ]
    return [event | {"sequence_number": number} for number, event in enumerate(events)]


# https://platform.openai.com/docs/api-reference/completions


def text_completion(text="42", finish="stop"):
    return {
        "id": "cmpl-1",
        "object": "text_completion",
        "created": 1,
        "model": "stub-1",
        "choices": [{"index": 0, "text": text, "finish_reason": finish, "logprobs": None}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }


def text_chunks(text="42", finish="stop"):
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    head = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": "stub-1"}
    pieces = [
        head | {"choices": [{"index": 0, "text": each, "finish_reason": None}]} for each in text
    ]
    last = head | {"choices": [{"index": 0, "text": "", "finish_reason": finish}]}
    return [*pieces, last, head | {"choices": [], "usage": usage}, "[DONE]"]


def chat_chunks(text="42", finish="stop"):
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "stub-1"}
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    pieces = [head | {"choices": [{"index": 0, "delta": {"content": each}}]} for each in text]
    last = head | {"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}
    return [*pieces, last, head | {"choices": [], "usage": usage}, "[DONE]"]


# https://github.com/ollama/ollama/blob/main/docs/api.md


def ollama_chat(text="42", reason="stop", **said):
    return {
        "model": "stub-1",
        "created_at": "2023-12-12T14:13:43.416799Z",
        "message": {"role": "assistant", "content": text} | said,
        "done": True,
        "done_reason": reason,
        "total_duration": 5191566416,
        "prompt_eval_count": 10,
        "eval_count": 5,
    }


def ollama_lines(text="42", reason="stop"):
    pieces = [
        {"model": "stub-1", "message": {"role": "assistant", "content": each}, "done": False}
        for each in text
    ]
    return [*pieces, ollama_chat("", reason)]


def lines(*events):
    return "".join(json.dumps(event) + "\n" for event in events).encode()


# A product's own API


def product_reply(text="42", why="done"):
    usage = {"in": 10, "out": 5}
    return {"status": 0, "data": {"answers": [{"text": text}], "model": "stub-1", "why": why, "usage": usage}}  # fmt: skip


PRODUCT = {
    "request": {"question": "{{ prompt }}", "limit": "{{ max_tokens }}", "live": "{{ stream }}"},
    "response": {
        "text": "data.answers[0].text",
        "model": "data.model",
        "input_tokens": "data.usage.in",
        "output_tokens": "data.usage.out",
        "finish": "data.why",
        "finishes": {"cut": "length"},
    },
    "errors": {
        "code": "status",
        "success": ["0"],
        "codes": {"1001": "auth", "1002": "quota_empty", "1003": "rate_limited", "20*": "content_policy"},
    },
    "events": {"text": "piece", "input_tokens": "usage.in", "output_tokens": "usage.out", "model": "model", "done": "over"},
}  # fmt: skip


@dataclass
class Wire:
    """An adapter and what its vendor's server sends in each situation."""

    adapter: str
    ok: object
    cut: object
    events: list
    filtered: object
    """A whole reply that the content policy refused."""
    auth: tuple = (401, {"error": {"message": "no", "code": "invalid_api_key"}})
    quota: tuple = (429, {"error": {"message": "no", "code": "insufficient_quota"}})
    limited: tuple = (429, {"error": {"message": "slow down", "code": "rate_limit_exceeded"}})
    policy: tuple = (400, {"error": {"message": "no", "code": "content_policy_violation"}})
    options: dict = field(default_factory=lambda: {"model": "m"})
    own_path: bool = False
    """Whether `base_url` is the server's root."""
    named: bool = False
    content_type: str = "text/event-stream"
    keyed: dict = field(default_factory=lambda: {"api_key_env": "CANARY_KEY"})

    def built(self, server, **more):
        url = server.url.removesuffix("/v1") if self.own_path else server.url
        return ADAPTERS.load(self.adapter).model_validate({"base_url": url} | self.options | more)

    def streamed(self, events):
        body = lines(*events) if "ndjson" in self.content_type else sse(*events, named=self.named)
        return 200, {"Content-Type": self.content_type}, body


def chat_reply(text="42", finish="stop"):
    from tests.stub_server import completion

    return completion(text, finish)


def wires():
    return [
        Wire(
            "anthropic",
            message(),
            message("4", "max_tokens"),
            message_events(),
            message("", "refusal", content=[]),
            auth=(401, anthropic_error("authentication_error", "invalid x-api-key")),
            quota=(400, anthropic_error("invalid_request_error", "Your credit balance is too low to access the API.")),
            limited=(429, anthropic_error("rate_limit_error")),
            policy=(400, anthropic_error("invalid_request_error", "Output blocked by content filtering policy")),
            own_path=True,
            named=True,
        ),
        Wire(
            "responses",
            response(),
            response("4", "incomplete", incomplete_details={"reason": "max_output_tokens"}),
            response_events(),
            response("", "incomplete", output=[], incomplete_details={"reason": "content_filter"}),
            named=True,
        ),
        Wire("completions", text_completion(), text_completion("4", "length"), text_chunks(), text_completion("", "content_filter")),
        Wire("vllm", chat_reply(), chat_reply("4", "length"), chat_chunks(), chat_reply("", "content_filter")),
        Wire(
            "ollama",
            ollama_chat(),
            ollama_chat("4", "length"),
            ollama_lines(),
            None,
            auth=(401, {"error": "unauthorized"}),
            quota=(402, {"error": "you have reached your usage limit"}),
            limited=(429, {"error": "too many requests"}),
            policy=None,
            own_path=True,
            content_type="application/x-ndjson",
        ),
        Wire(
            "http",
            product_reply(),
            product_reply("4", "cut"),
            [{"piece": "4"}, {"piece": "2", "model": "stub-1"}, {"over": True, "usage": {"in": 10, "out": 5}}],
            {"status": 2013, "msg": "unfit"},
            auth=(200, {"status": 1001, "msg": "no"}),
            quota=(200, {"status": 1002, "msg": "no"}),
            limited=(429, {"status": 1003, "msg": "no"}),
            policy=(400, {"status": 2014, "msg": "no"}),
            options=PRODUCT,
            keyed={"secrets": ["CANARY_KEY"], "headers": {"X-Key": "{{ env.CANARY_KEY }}"}},
        ),
    ]  # fmt: skip
