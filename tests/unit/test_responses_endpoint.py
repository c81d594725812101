import json

import pytest

from bench.endpoints.responses import Responses
from bench.errors import RequestFailure
from bench.types import Message
from tests.documented_wires import asked, png_url, request, response, response_events, sse
from tests.stub_server import StubServer


def endpoint(server, **more):
    return Responses.model_validate({"base_url": server.url, "model": "m"} | more)


def sent(more=None, asking=None):
    with StubServer(lambda *_: (200, {}, response())) as server:
        asked(endpoint(server, **(more or {})), asking or request())
    return server


def told(body):
    with StubServer(lambda *_: (200, {}, body)) as server:
        return asked(endpoint(server))


def streamed(*events):
    body = sse(*events, named=True)
    with StubServer(lambda *_: (200, {"Content-Type": "text/event-stream"}, body)) as server:
        return asked(endpoint(server, stream=True))


def test_the_wire_carries_instructions_apart_and_nothing_is_stored():
    server = sent(asking=request(stop=("\n",)))
    assert server.paths == ["/v1/responses"]
    assert server.requests == [
        {
            "model": "m",
            "temperature": 0,
            "store": False,
            "instructions": "Answer with a number.",
            "input": [{"role": "user", "content": "How many?"}],
            "max_output_tokens": 32,
        }
    ]


def test_a_default_is_left_out_where_it_is_said_to_be_null_and_few_tokens_are_sixteen():
    params = {"temperature": None, "store": None, "max_tokens": 4, "reasoning": {"effort": "low"}}
    body = sent({"params": params}).requests[0]
    assert not {"temperature", "store", "max_tokens"} & set(body)
    assert (body["max_output_tokens"], body["reasoning"]) == (16, {"effort": "low"})


def test_an_image_is_a_part_beside_the_text():
    shown = Message(role="user", content="How many?", images=(png_url(),))
    (turn,) = sent(asking=request((shown,))).requests[0]["input"]
    assert turn["content"] == [
        {"type": "input_text", "text": "How many?"},
        {"type": "input_image", "detail": "auto", "image_url": png_url()},
    ]


def test_thoughts_are_kept_apart_and_tokens_are_told_in_detail():
    thought = {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "7 x 6"}]}  # fmt: skip
    reply = told(response(output=[thought, *response()["output"]]))
    assert (reply.text, reply.reasoning) == ("42", "7 x 6")
    assert (reply.cached_input_tokens, reply.reasoning_tokens) == (4, 2)


def test_a_refusal_is_the_answer_of_the_model_that_refuses():
    part = {"type": "refusal", "refusal": "I cannot."}
    item = {"type": "message", "id": "m", "role": "assistant", "content": [part]}
    reply = told(response(output=[item]))
    assert (reply.text, reply.finish) == ("I cannot.", "content_filter")


@pytest.mark.parametrize("reason", ["max_output_tokens", "content_filter"])
def test_an_answer_that_never_began_was_paid_all_the_same(reason):
    reply = told(response(status="incomplete", output=[], incomplete_details={"reason": reason}))
    assert (reply.text, reply.output_tokens) == ("", 5)
    assert reply.finish == {"max_output_tokens": "length"}.get(reason, "content_filter")


@pytest.mark.parametrize(
    ("code", "kind"),
    [("server_error", "server"), ("rate_limit_exceeded", "rate_limited"), ("image_too_large", "bad_request"), ("invalid_image_format", "bad_request"),
     ("some_new_code", "server")],
)  # fmt: skip
def test_a_response_that_failed_says_by_its_code_what_that_means(code, kind):
    failed = response(status="failed", output=[], error={"code": code, "message": "no"})
    with pytest.raises(RequestFailure) as caught:
        told(failed)
    assert caught.value.kind == kind
    end = {"type": "response.failed", "response": failed}
    with pytest.raises(RequestFailure) as caught:
        streamed(*response_events()[:2], end)
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    "code",
    ["invalid_prompt", "bio_policy", "image_content_policy_violation", "misalignment_policy_violation"],
)  # fmt: skip
def test_a_response_that_a_policy_stopped_is_an_answer(code):
    reply = told(response(status="failed", output=[], error={"code": code, "message": "no"}))
    assert (reply.text, reply.finish) == ("", "content_filter")


def test_function_calls_alone_are_no_answer_and_were_paid():
    call = {"type": "function_call", "id": "f", "call_id": "c", "name": "search", "arguments": "{}"}
    with pytest.raises(RequestFailure, match="function_call") as caught:
        told(response(output=[call]))
    assert (caught.value.kind, caught.value.spent_tokens) == ("no_text", (10, 5))


@pytest.mark.parametrize("status", ["queued", "in_progress"])
def test_a_response_that_is_not_finished_is_none(status):
    with pytest.raises(RequestFailure) as caught:
        told(response(status=status, output=[]))
    assert caught.value.kind == "malformed"


def test_an_error_event_ends_a_stream():
    error = {"type": "error", "code": "rate_limit_exceeded", "message": "no", "sequence_number": 2}
    with pytest.raises(RequestFailure) as caught:
        streamed(*response_events()[:2], error)
    assert caught.value.kind == "rate_limited"


def test_a_stream_that_ends_incomplete_is_an_answer_that_was_cut():
    reply = streamed(*response_events("4", "response.incomplete", incomplete_details={"reason": "max_output_tokens"}))  # fmt: skip
    assert (reply.text, reply.finish) == ("4", "length")


def test_the_official_client_reads_the_same_from_the_same_server():
    openai = pytest.importorskip("openai")

    def behave(_, body):
        if body.get("stream"):
            return 200, {"Content-Type": "text/event-stream"}, sse(*response_events(), named=True)
        return 200, {"Content-Type": "application/json"}, json.dumps(response()).encode()

    with StubServer(behave) as server:
        with openai.OpenAI(base_url=server.url, api_key="k", max_retries=0) as client:
            whole = client.responses.create(model="m", input="How many?")
            events = list(client.responses.create(model="m", input="How many?", stream=True))
        ours = [asked(endpoint(server)), asked(endpoint(server, stream=True))]
    for mine, theirs in zip(ours, (whole, events[-1].response), strict=True):
        assert mine.text == theirs.output_text
        assert mine.input_tokens == theirs.usage.input_tokens
        assert mine.reasoning_tokens == theirs.usage.output_tokens_details.reasoning_tokens
