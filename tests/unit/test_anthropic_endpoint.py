import json

import pytest

from bench.endpoints.anthropic import Anthropic
from bench.errors import RequestFailure
from bench.types import Message
from tests.documented_wires import (
    anthropic_error,
    asked,
    message,
    message_events,
    png_url,
    request,
    sse,
)
from tests.stub_server import StubServer


def endpoint(server, **more):
    url = server.url.removesuffix("/v1")
    return Anthropic.model_validate({"base_url": url, "model": "m"} | more)


def sent(more=None, asking=None):
    with StubServer(lambda *_: (200, {}, message())) as server:
        asked(endpoint(server, **(more or {})), asking or request())
    return server


def told(raw, **more):
    with StubServer(lambda *_: (200, {}, raw)) as server:
        return asked(endpoint(server, **more))


def test_the_wire_carries_instructions_apart_and_no_temperature():
    server = sent()
    assert server.paths == ["/v1/messages"]
    assert server.requests == [
        {
            "model": "m",
            "max_tokens": 32,
            "system": "Answer with a number.",
            "messages": [{"role": "user", "content": "How many?"}],
        }
    ]
    assert server.headers[0]["anthropic-version"] == "2023-06-01"


def test_a_temperature_is_sent_where_it_is_asked_for_and_told_where_it_is_not():
    assert sent({"params": {"temperature": 0}}).requests[0]["temperature"] == 0
    with StubServer() as server:
        assert "temperature: not sent" in endpoint(server).adjustments()[-1]
        assert endpoint(server, params={"temperature": 0}).adjustments() == ()


def test_stop_sequences_that_are_blank_are_left_out_since_the_server_refuses_them():
    """https://github.com/BerriAI/litellm/issues/3286: each stop sequence must contain non-whitespace."""
    asking = request(stop=("\n", "【问】"))
    assert sent(asking=asking).requests[0]["stop_sequences"] == ["【问】"]
    assert "stop_sequences" not in sent(asking=request(stop=("\n\n",))).requests[0]


def test_a_thinking_budget_comes_on_top_of_the_answers_tokens():
    """https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking: max_tokens exceeds budget_tokens."""
    thinking = {"type": "enabled", "budget_tokens": 1024}
    body = sent({"params": {"thinking": thinking}}).requests[0]
    assert (body["max_tokens"], body["thinking"]) == (1056, thinking)


def test_the_key_travels_as_the_endpoint_says(monkeypatch):
    monkeypatch.setenv("STUB_KEY", "sk-0123456789abcdef")
    own = sent({"api_key_env": "STUB_KEY", "betas": ["a", "b"]}).headers[0]
    assert own["x-api-key"] == "sk-0123456789abcdef"
    assert own["anthropic-beta"] == "a,b"
    bearer = sent({"api_key_env": "STUB_KEY", "auth": "bearer"}).headers[0]
    assert bearer["Authorization"] == "Bearer sk-0123456789abcdef"
    assert "x-api-key" not in bearer


def test_an_image_stands_before_the_text_in_base64():
    shown = Message(role="user", content="How many?", images=(png_url(),))
    (turn,) = sent(asking=request((shown,))).requests[0]["messages"]
    source = {
        "type": "base64",
        "media_type": "image/png",
        "data": png_url().partition(",")[2],
    }
    assert turn["content"] == [
        {"type": "image", "source": source},
        {"type": "text", "text": "How many?"},
    ]


def test_thoughts_are_kept_apart_from_the_answer():
    content = [
        {"type": "thinking", "thinking": "7 x 6", "signature": "x"},
        {"type": "redacted_thinking", "data": "x"},
        {"type": "text", "text": "4"},
        {"type": "text", "text": "2"},
    ]
    reply = told(message(content=content, output_tokens_details={"thinking_tokens": 3}))
    assert (reply.text, reply.reasoning, reply.reasoning_tokens) == ("42", "7 x 6", 3)


def test_what_the_prompt_cache_read_and_wrote_is_input():
    """https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching: the total is the sum of the three."""
    usage = {"cache_read_input_tokens": 1800, "cache_creation_input_tokens": 248}
    reply = told(message(**usage))
    assert (reply.input_tokens, reply.cached_input_tokens) == (2058, 1800)


@pytest.mark.parametrize(
    ("stop_reason", "finish"),
    [("end_turn", "stop"), ("stop_sequence", "stop"), ("max_tokens", "length"), ("model_context_window_exceeded", "length"),
     ("refusal", "content_filter"), (None, "stop")],
)  # fmt: skip
def test_why_a_message_ended_is_kept(stop_reason, finish):
    assert told(message(stop_reason=stop_reason)).finish == finish


@pytest.mark.parametrize("stop_reason", ["tool_use", "pause_turn"])
def test_a_message_that_waits_for_a_tool_is_no_answer_and_was_paid(stop_reason):
    content = [{"type": "tool_use", "id": "t", "name": "search", "input": {}}]
    with pytest.raises(RequestFailure, match=stop_reason) as caught:
        told(message(stop_reason=stop_reason, content=content))
    assert (caught.value.kind, caught.value.spent_tokens) == ("no_text", (10, 5))


@pytest.mark.parametrize(
    ("status", "kind", "text", "found"),
    [(401, "authentication_error", "no", "auth"), (403, "permission_error", "no", "auth"), (402, "billing_error", "no", "quota_empty"),
     (404, "not_found_error", "no", "bad_request"), (413, "request_too_large", "no", "context_too_long"), (429, "rate_limit_error", "no", "rate_limited"),
     (500, "api_error", "no", "server"), (504, "timeout_error", "no", "timeout"), (529, "overloaded_error", "no", "server"),
     (400, "invalid_request_error", "temperature is deprecated for this model", "bad_request"),
     (400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", "context_too_long"),
     (400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.", "quota_empty")],
)  # fmt: skip
def test_an_error_means_what_the_documents_say(status, kind, text, found):
    """https://docs.anthropic.com/en/api/errors."""
    with (
        StubServer(lambda *_: (status, {}, anthropic_error(kind, text))) as server,
        pytest.raises(RequestFailure) as caught,
    ):
        asked(endpoint(server))
    assert caught.value.kind == found


def streamed(*events):
    body = sse(*events, named=True)
    return told_stream(body)


def told_stream(body):
    with StubServer(lambda *_: (200, {"Content-Type": "text/event-stream"}, body)) as server:
        return asked(endpoint(server, stream=True))


def test_an_error_in_a_stream_is_typed():
    with pytest.raises(RequestFailure, match="Overloaded") as caught:
        streamed(*message_events()[:4], anthropic_error("overloaded_error", "Overloaded"))
    assert caught.value.kind == "server"


def test_a_stream_tells_thoughts_and_passes_over_what_it_does_not_know():
    thought = {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "thinking_delta", "thinking": "7 x 6"},
    }
    signed = {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "signature_delta", "signature": "x"},
    }
    events = message_events()
    reply = streamed(*events[:2], thought, signed, {"type": "new_event", "x": 1}, *events[2:])  # fmt: skip
    assert (reply.text, reply.reasoning) == ("42", "7 x 6")


def test_the_last_counts_of_a_stream_are_the_ones_that_hold():
    reply = streamed(*message_events())
    assert (reply.input_tokens, reply.output_tokens) == (10, 5)


def test_the_official_client_reads_the_same_from_the_same_server():
    anthropic = pytest.importorskip("anthropic")
    asking = {"model": "m", "max_tokens": 32, "messages": [{"role": "user", "content": "How many?"}]}  # fmt: skip

    def behave(_, body):
        if body.get("stream"):
            return 200, {"Content-Type": "text/event-stream"}, sse(*message_events(), named=True)
        return 200, {"Content-Type": "application/json"}, json.dumps(message()).encode()

    with StubServer(behave) as server:
        url = server.url.removesuffix("/v1")
        with anthropic.Anthropic(base_url=url, api_key="k", max_retries=0) as client:
            whole = client.messages.create(**asking)
            with client.messages.stream(**asking) as stream:
                final = stream.get_final_message()
        ours = [asked(endpoint(server)), asked(endpoint(server, stream=True))]
    for mine, theirs in zip(ours, (whole, final), strict=True):
        assert mine.text == theirs.content[0].text
        counts = (mine.input_tokens, mine.output_tokens)
        assert counts == (theirs.usage.input_tokens, theirs.usage.output_tokens)
