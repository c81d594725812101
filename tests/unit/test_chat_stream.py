import asyncio
import json

import pytest

from bench.endpoints.chat_reply import ChatStream
from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.quirks import Quirks
from bench.endpoints.seam import Case, Limits, Request
from bench.errors import RequestFailure
from bench.types import Message
from tests.stub_server import StubServer

QUESTION = Request(Case("s", "i", 0, {}), (Message(role="user", content="How many?"),), 16)


def chunk(delta=None, finish=None, **more):
    choices = [{"index": 0, "delta": delta or {}, "finish_reason": finish}]
    return json.dumps({"model": "m-1", "choices": choices} | more).encode()


def gathered(*chunks, quirks=None):
    stream = ChatStream(quirks or Quirks())
    for each in chunks:
        stream.feed(each)
    return stream.reply()


USAGE = json.dumps({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}}).encode()


def test_pieces_make_the_answer_and_the_last_chunk_tells_the_tokens():
    told = gathered(chunk({"role": "assistant", "content": ""}), chunk({"content": "4"}), chunk({"content": "2"}),
                    chunk(finish="stop"), USAGE, b"[DONE]")  # fmt: skip
    assert (told.text, told.finish, told.model) == ("42", "stop", "m-1")
    assert (told.input_tokens, told.output_tokens) == (7, 2)


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_thoughts_are_kept_apart_whatever_their_field_is_called(name):
    told = gathered(
        chunk({name: "6 x "}), chunk({name: "7"}), chunk({"content": "42"}), chunk(finish="stop")
    )
    assert (told.text, told.reasoning) == ("42", "6 x 7")


def test_thoughts_between_tags_are_taken_out_of_a_stream_too():
    pieces = [chunk({"content": each}) for each in ("<thi", "nk>6 x 7</th", "ink>\n42")]
    told = gathered(*pieces, chunk(finish="stop"))
    assert (told.text, told.reasoning) == ("42", "6 x 7")


@pytest.mark.parametrize("end", [[chunk(finish="stop")], [b"[DONE]"]])
def test_a_finish_reason_or_a_done_is_an_end(end):
    assert gathered(chunk({"content": "42"}), *end).text == "42"


def test_a_stream_without_an_end_was_cut_short():
    with pytest.raises(RequestFailure, match="before the answer did") as caught:
        gathered(chunk({"content": "4"}))
    assert caught.value.kind == "transport"
    with pytest.raises(RequestFailure):
        gathered()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'{"error": {"message": "no", "type": "server_error"}}', "server"),
        (b'{"error": {"message": "no", "code": "rate_limit_exceeded"}}', "rate_limited"),
        (b'{"error": "no"}', "server"),
        (b'{"code": 11202, "message": "busy"}', "rate_limited"),
        (b'{"choices":[{"delta":{"con', "malformed"),
        (b"[]", "malformed"),
        (b'{"what": 1}', "malformed"),
    ],
)
def test_an_error_in_a_stream_is_an_error_and_no_answer(data, kind):
    quirks = Quirks(errors={"11202": "rate_limited"})
    with pytest.raises(RequestFailure) as caught:
        gathered(chunk({"content": "4"}), data, chunk(finish="stop"), quirks=quirks)
    assert caught.value.kind == kind


def test_what_the_content_policy_stopped_midway_is_refused():
    told = gathered(
        chunk({"content": "4"}), b'{"error": {"code": "content_filter", "message": "no"}}'
    )
    assert (told.text, told.finish) == ("4", "content_filter")


def test_tool_calls_are_no_text():
    with pytest.raises(RequestFailure) as caught:
        gathered(chunk({"tool_calls": [{"index": 0}]}), chunk(finish="tool_calls"))
    assert caught.value.kind == "no_text"


def test_the_first_piece_is_timed_and_a_stream_is_asked_for():
    body = b"".join(
        b"data: " + each + b"\n\n"
        for each in (chunk({"content": "42"}), chunk(finish="stop"), USAGE, b"[DONE]")
    )

    async def go(server):
        endpoint = OpenAIChat(
            base_url=server.url, model="m", stream=True, limits=Limits(concurrency=1)
        )
        async with endpoint.connect() as connection:
            return await connection.ask(QUESTION)

    with StubServer(lambda *_: (200, {"Content-Type": "text/event-stream"}, body)) as server:
        told = asyncio.run(go(server))
        (sent,) = server.requests
    assert (sent["stream"], sent["stream_options"]) == (True, {"include_usage": True})
    assert told.ttft_s is not None
    assert told.ttft_s > 0


def test_a_stream_that_was_not_asked_for_is_read_all_the_same_and_a_whole_reply_to_one_that_was():
    body = b"data: " + chunk({"content": "42"}, "stop") + b"\n\n"
    whole = {"choices": [{"message": {"content": "42"}}]}

    def told(content, kind, *, stream):
        async def go():
            async with OpenAIChat(
                base_url=server.url, model="m", stream=stream
            ).connect() as connection:
                return await connection.ask(QUESTION)

        with StubServer(
            lambda *_: (200, {"Content-Type": kind} if kind else {}, content)
        ) as server:
            return asyncio.run(go())

    assert told(body, "text/event-stream; charset=utf-8", stream=False).text == "42"
    reply = told(whole, "application/json", stream=True)
    assert (reply.text, reply.ttft_s, reply.tokens_estimated) == ("42", None, True)
