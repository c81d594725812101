import asyncio
import gzip
import json
import time
from email.utils import formatdate

import pytest
from pydantic import ValidationError

from bench.endpoints.chat_reply import parsed_reply
from bench.endpoints.failures import retry_after_s
from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.seam import Case, Limits, Request
from bench.errors import EndpointFileError, RequestFailure
from bench.running.attempts import Attempted, Line, _wait_s, ask
from bench.types import Message
from tests.stub_server import StubServer, completion

REQUEST = Request(Case("s", "i", 0, {}), (Message(role="user", content="How many?"),), 16, ("\n",))


def asked(endpoint, attempted=None):
    async def go():
        async with endpoint.connect() as connection:
            line = Line.open(connection, endpoint)
            line.first_wait_s = 0.001
            return await ask(line, REQUEST, attempted or Attempted())

    return asyncio.run(go())


def endpoint(server, **limits):
    return OpenAIChat(base_url=server.url, model="m", limits=Limits(**limits))


def test_the_wire_carries_the_prompt_and_the_answer_form():
    with StubServer() as server:
        reply, seconds = asked(endpoint(server))
    assert (reply.text, reply.model, reply.input_tokens, reply.output_tokens) == (
        "42",
        "stub-1",
        10,
        5,
    )
    assert server.requests == [
        {
            "temperature": 0,
            "model": "m",
            "messages": [{"role": "user", "content": "How many?"}],
            "max_tokens": 16,
            "stop": ["\n"],
        }
    ]
    assert seconds > 0


def test_the_official_client_reads_the_same_reply_from_the_same_server():
    openai = pytest.importorskip("openai")
    with StubServer() as server:
        ours, _ = asked(endpoint(server))
        with openai.OpenAI(base_url=server.url, api_key="k", max_retries=0) as client:
            theirs = client.chat.completions.create(
                model="m", messages=[{"role": "user", "content": "How many?"}]
            )
    assert ours.text == theirs.choices[0].message.content
    assert ours.input_tokens == theirs.usage.prompt_tokens


@pytest.mark.parametrize(
    ("status", "kind", "requests"),
    [(500, "server", 3), (503, "server", 3), (429, "rate_limited", 3), (401, "auth", 1), (402, "quota_empty", 1), (400, "bad_request", 1), (307, "bad_request", 1)],
)  # fmt: skip
def test_only_what_may_pass_is_asked_again_and_never_more_than_allowed(status, kind, requests):
    headers = {"Location": "http://127.0.0.1:1/"} if status == 307 else {}
    with StubServer(lambda *_: (status, headers, {"error": "no"})) as server:
        with pytest.raises(RequestFailure) as caught:
            asked(endpoint(server, max_attempts=3))
        assert len(server.requests) == requests
    assert caught.value.kind == kind


def test_a_second_attempt_may_bring_the_answer():
    def behave(number, body):
        return (429, {"Retry-After": "0"}, {}) if number == 0 else (200, {}, completion())

    attempted = Attempted()
    with StubServer(behave) as server:
        reply, _ = asked(endpoint(server), attempted)
    assert (reply.text, attempted.count) == ("42", 2)


def test_retry_after_is_waited_for():
    def behave(number, body):
        return (429, {"Retry-After": "1"}, {}) if number == 0 else (200, {}, completion())

    with StubServer(behave) as server:
        started = time.monotonic()
        asked(endpoint(server))
    assert time.monotonic() - started >= 1


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def zone(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("zone")
def test_retry_after_is_read_in_every_form_and_zone_and_nonsense_says_nothing():
    def told(text):
        return retry_after_s({"Retry-After": text})

    assert told("7") == 7
    assert 55 < told(formatdate(time.time() + 60, usegmt=True)) <= 60
    assert 55 < told(time.asctime(time.gmtime(time.time() + 60))) <= 60  # RFC 9110, asctime-date
    assert told("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert [told(text) for text in ("", "soon", "-1", "nan", "inf", "9" * 400)] == [None] * 6
    assert retry_after_s({}) is None
    assert retry_after_s({"Retry-After": "1", "Retry-After-Ms": "400"}) == 0.4


def test_a_wait_of_hours_is_not_waited_for():
    with (
        StubServer(lambda *_: (429, {"Retry-After": "86400"}, {})) as server,
        pytest.raises(RequestFailure, match="asks to wait 86400 s"),
    ):
        asked(endpoint(server))


def test_an_attempt_ends_by_its_total_deadline():
    def behave(number, body):
        time.sleep(1)
        return 200, {}, completion()

    with StubServer(behave) as server, pytest.raises(RequestFailure) as caught:
        asked(endpoint(server, timeout_s=0.1, max_attempts=1))
    assert caught.value.kind == "timeout"


def test_a_port_that_does_not_answer_is_a_transport_failure():
    unheard = OpenAIChat(base_url="http://127.0.0.1:9/v1", model="m", limits=Limits(max_attempts=1))
    with pytest.raises(RequestFailure) as caught:
        asked(unheard)
    assert caught.value.kind == "transport"


def test_a_connection_that_is_dropped_is_a_transport_failure():
    with StubServer(lambda *_: None) as server, pytest.raises(RequestFailure) as caught:
        asked(endpoint(server, max_attempts=1))
    assert caught.value.kind == "transport"


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"[]", b"null", b"{}", b'{"choices": []}', b'{"choices": [{}]}', b'{"choices": [{"message": {}}]}',
     b'{"choices": [], "choices": [{"message": {"content": "42"}}]}', b'{"choices": [{"message": {"content": "4"}}], "p": NaN}',
     b'{"choices": [{"message": {"content": 5}}]}', b"\xff\xfe", b"[" * 100_000],
)  # fmt: skip
def test_a_reply_that_is_no_chat_completion_is_malformed(content):
    with pytest.raises(RequestFailure) as caught:
        parsed_reply(content)
    assert caught.value.kind == "malformed"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ({"content": None}, "no content"),
        ({"content": None, "tool_calls": [{"id": "1"}]}, "tool calls, and no text"),
        ({"tool_calls": [{"id": "1"}]}, "tool calls, and no text"),
    ],
)
def test_a_whole_reply_without_text_is_told_with_the_tokens_it_cost(message, told):
    body = completion() | {"choices": [{"message": message, "finish_reason": "stop"}]}
    with pytest.raises(RequestFailure, match=told) as caught:
        parsed_reply(json.dumps(body).encode())
    assert (caught.value.kind, caught.value.spent_tokens) == ("no_text", (10, 5))
    assert not caught.value.is_retryable


def test_content_in_parts_is_joined_and_the_choice_of_index_0_is_the_answer():
    parts = [{"type": "text", "text": "4"}, {"type": "text", "text": "2"}]
    choices = [
        {"index": 1, "message": {"content": "no"}},
        {"index": 0, "message": {"content": parts}},
    ]
    body = json.dumps(completion() | {"choices": choices}).encode()
    assert parsed_reply(body).text == "42"
    assert parsed_reply(b"\xef\xbb\xbf" + body).text == "42"


def test_a_refusal_is_an_answer_of_its_own_state():
    body = completion() | {"choices": [{"message": {"content": None, "refusal": "No."}}]}
    reply = parsed_reply(json.dumps(body).encode())
    assert (reply.text, reply.finish) == ("No.", "content_filter")


def test_a_compressed_body_is_unpacked_up_to_the_cap():
    small, bomb = json.dumps(completion()).encode(), b"0" * 10_000_000
    packed = {"small": gzip.compress(small), "bomb": gzip.compress(bomb), "torn": gzip.compress(small)[:-9],
              "no": b"no gzip"}  # fmt: skip

    def told(content):
        with StubServer(lambda *_: (200, {"Content-Encoding": "gzip"}, content)) as server:
            return asked(endpoint(server, max_attempts=1))[0]

    assert told(packed["small"]).text == "42"
    for name, kind in (("bomb", "malformed"), ("torn", "transport"), ("no", "malformed")):
        with pytest.raises(RequestFailure) as caught:
            told(packed[name])
        assert caught.value.kind == kind, name


def test_a_body_beyond_the_cap_is_not_read():
    with (
        StubServer(lambda *_: (200, {}, completion("x" * 5_000_000))) as server,
        pytest.raises(RequestFailure, match="more than"),
    ):
        asked(endpoint(server, max_attempts=1))


@pytest.mark.parametrize(
    ("finish", "kept"),
    [("length", "length"), ("content_filter", "content_filter"), ("stop", "stop"), (None, "stop")],
)
def test_why_a_reply_ended_is_kept(finish, kept):
    assert parsed_reply(json.dumps(completion(finish=finish)).encode()).finish == kept


@pytest.mark.parametrize("content", [None, ""])
def test_a_reply_that_was_cut_while_it_thought_is_a_reply_that_was_paid(content):
    reply = parsed_reply(json.dumps(completion(content, "length")).encode())
    assert (reply.text, reply.finish, reply.output_tokens) == ("", "length", 5)


@pytest.mark.parametrize(
    ("usage", "told"),
    [
        ({"prompt_tokens": 10, "completion_tokens": 5}, (10, 5, None, None)),
        ({"prompt_tokens": 1486, "completion_tokens": 651, "total_tokens": 2137, "prompt_tokens_details": {"cached_tokens": 1408},
          "completion_tokens_details": {"reasoning_tokens": 512}}, (1486, 651, 1408, 512)),
        ({"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 0}, "completion_tokens_details": None},
         (10, 5, 0, None)),
        ({"prompt_tokens": 32, "completion_tokens": 9, "total_tokens": 135, "completion_tokens_details": {"reasoning_tokens": 94}},
         (32, 103, None, 94)),
        ({"prompt_tokens": 758, "completion_tokens": 102, "total_tokens": 1725}, (758, 967, None, None)),
        ({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 0}, (10, 5, None, None)),
        ({"prompt_tokens": 10, "prompt_tokens_details": {"cached_tokens": -1}, "completion_tokens_details": [3]}, (10, None, None, None)),
        ({"completion_tokens": True, "prompt_tokens_details": {"cached_tokens": "7"}}, (None, None, None, None)),
        (None, (None, None, None, None)),
    ],
)  # fmt: skip
def test_tokens_are_read_as_told_and_thoughts_that_only_the_total_holds_are_output(usage, told):
    """The fourth is xAI's documented example, the fifth Gemini's compatible wire: both leave thoughts out."""
    reply = parsed_reply(json.dumps(completion(usage=usage)).encode())
    counts = reply.input_tokens, reply.output_tokens
    assert (*counts, reply.cached_input_tokens, reply.reasoning_tokens) == told


def test_a_key_comes_from_the_environment_and_is_told_to_nobody(monkeypatch):
    monkeypatch.setenv("STUB_KEY", "sk-very-secret")
    with StubServer(lambda *_: (401, {}, {"error": "bad key sk-very-secret"})) as server:
        with pytest.raises(RequestFailure) as caught:
            asked(OpenAIChat(base_url=server.url, model="m", api_key_env="STUB_KEY"))
        assert server.headers[0]["Authorization"] == "Bearer sk-very-secret"
    assert "sk-very-secret" not in str(caught.value)
    assert "[key]" in str(caught.value)


def test_a_key_that_is_not_set_stops_the_run_before_it_starts(monkeypatch):
    monkeypatch.delenv("STUB_KEY", raising=False)
    with pytest.raises(EndpointFileError, match="STUB_KEY is not set; export it"):
        OpenAIChat(base_url="http://127.0.0.1:9/v1", model="m", api_key_env="STUB_KEY").check()


@pytest.mark.parametrize(("status", "kind"), [(429, "rate_limited"), (401, "auth")])
def test_a_compressed_refusal_keeps_its_kind_and_its_wait(status, kind):
    headers = {"Content-Encoding": "gzip", "Retry-After": "400"}
    with StubServer(lambda *_: (status, headers, gzip.compress(b"no"))) as server:
        with pytest.raises(RequestFailure, match="a compressed body") as caught:
            asked(endpoint(server))
        assert len(server.requests) == 1
    assert caught.value.kind == kind


@pytest.mark.parametrize("asked_s", [0.0, 1.0, 60.0])
def test_those_who_were_told_the_same_wait_do_not_come_back_at_once(asked_s):
    line = Line.open(None, OpenAIChat(base_url="http://127.0.0.1:9/v1", model="m"))
    failure = RequestFailure("rate_limited", "later", retry_after_s=asked_s)
    waits = {_wait_s(failure, 1, line) for _ in range(20)}
    assert min(waits) > asked_s
    assert len(waits) > 1


@pytest.mark.parametrize("more", ["?key=sk-1", "#sk-1", "?"])
def test_an_address_carries_no_query_and_no_fragment(more):
    with pytest.raises(ValidationError, match="ends with its path"):
        OpenAIChat(base_url=f"http://127.0.0.1:9/v1{more}", model="m")


@pytest.mark.parametrize("reason", ["insufficient_system_resource", "network_error"])
def test_an_answer_that_the_server_broke_off_is_a_fault_that_was_paid(reason):
    with pytest.raises(RequestFailure, match=reason) as caught:
        parsed_reply(json.dumps(completion("Half of an", finish=reason)).encode())
    assert (caught.value.kind, caught.value.spent_tokens) == ("server", (10, 5))


def test_choices_given_twice_are_refused_and_choices_elsewhere_are_none_of_it():
    twice = json.dumps(completion())[:-1] + ', "choices": []}'
    with pytest.raises(RequestFailure, match="given twice") as caught:
        parsed_reply(twice.encode())
    assert caught.value.kind == "malformed"
    within = completion(about={"choices": 1}, more=[{"choices": 2}, {"choices": 3}])
    assert parsed_reply(json.dumps(within).encode()).text == "42"


@pytest.mark.parametrize("count", [2**64 - 1, 10**9 + 1, -1, 2.5, True, "7"])
def test_a_count_that_can_be_none_is_not_believed(count):
    usage = {"prompt_tokens": count, "completion_tokens": count}
    found = parsed_reply(json.dumps(completion(usage=usage)).encode())
    assert (found.input_tokens, found.output_tokens) == (None, None)


@pytest.mark.parametrize("name", ["X-Auth-Token", "x-token", "app_key", "Authorization", "Cookie"])
def test_no_header_holds_a_key_that_is_written_out(name):
    with pytest.raises(ValidationError, match="a key is never written here"):
        OpenAIChat(base_url="http://127.0.0.1:9/v1", model="m", headers={name: "abc"})
