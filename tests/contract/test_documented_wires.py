"""What every adapter of a vendor's own wire does, against a server that sends what its documents say."""

import json

import pytest

from bench.endpoints.seam import Limits
from bench.errors import EndpointFileError, RequestFailure
from bench.types import Message
from tests.documented_wires import KEY, asked, png_url, request, wires
from tests.stub_server import StubServer

WIRES = {wire.adapter: wire for wire in wires()}


@pytest.fixture(params=WIRES)
def wire(request):
    return WIRES[request.param]


@pytest.fixture
def key(monkeypatch):
    monkeypatch.setenv("CANARY_KEY", KEY)


def sending(status, body, headers=None):
    return StubServer(lambda *_: (status, headers or {}, body))


def failure(wire, server, **more):
    with pytest.raises(RequestFailure) as caught:
        asked(wire.built(server, **more))
    return caught.value


def test_a_reply_is_read_with_its_model_and_its_tokens(wire):
    with sending(200, wire.ok) as server:
        reply = asked(wire.built(server))
    assert (reply.text, reply.finish, reply.model) == ("42", "stop", "stub-1")
    assert (reply.input_tokens, reply.output_tokens, reply.tokens_estimated) == (10, 5, False)
    assert reply.ttft_s is None


def test_many_are_asked_at_once_over_one_line(wire):
    with sending(200, wire.ok) as server:
        replies = asked(wire.built(server, limits=Limits(concurrency=4)), *[request()] * 12)
        assert len(server.requests) == 12
    assert {reply.text for reply in replies} == {"42"}


def test_a_stream_says_the_same_and_when_it_began(wire):
    with StubServer(lambda *_: wire.streamed(wire.events)) as server:
        reply = asked(wire.built(server, stream=True))
    assert (reply.text, reply.finish, reply.model) == ("42", "stop", "stub-1")
    assert (reply.input_tokens, reply.output_tokens, reply.tokens_estimated) == (10, 5, False)
    assert reply.ttft_s > 0


def test_a_stream_that_ends_before_the_answer_does_is_a_broken_connection(wire):
    with StubServer(lambda *_: wire.streamed(wire.events[:2])) as server:
        assert failure(wire, server, stream=True).kind == "transport"


def test_a_wrong_key_is_told_apart_and_never_shown(wire, key):
    status, body = wire.auth
    echoed = json.loads(json.dumps(body).replace('"no"', f'"bad key {KEY}"'))
    with sending(status, echoed) as server:
        found = failure(wire, server, **wire.keyed)
        assert any(KEY in value for value in server.headers[0].values())
    assert found.kind == "auth"
    assert KEY not in found.message


def test_an_empty_account_is_told_apart_from_a_wrong_request_and_from_haste(wire):
    with sending(*wire.quota) as server:
        assert failure(wire, server).kind == "quota_empty"


def test_haste_is_told_with_the_wait_that_the_server_asks_for(wire):
    with sending(*wire.limited, {"Retry-After": "7"}) as server:
        found = failure(wire, server)
    assert (found.kind, found.retry_after_s) == ("rate_limited", 7)


def test_what_the_content_policy_refuses_is_an_answer_and_no_failure(wire):
    told = [(200, wire.filtered)] if wire.filtered is not None else []
    told += [wire.policy] if wire.policy is not None else []
    for status, body in told:
        with sending(status, body) as server:
            reply = asked(wire.built(server))
        assert (reply.text, reply.finish) == ("", "content_filter")


def test_an_answer_that_was_cut_says_so(wire):
    with sending(200, wire.cut) as server:
        reply = asked(wire.built(server))
    assert (reply.text, reply.finish) == ("4", "length")


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"null", b"{}", b'"42"', b"\xff\xfe", b"[" * 5_000, b'{"choices": [{}]}', b'{"content": "42"}', b'{"content": [42]}',
     b'{"output": []}x', b'{"message": "42"}'],
)  # fmt: skip
def test_what_the_protocol_does_not_know_is_malformed(wire, body):
    with sending(200, body) as server:
        assert failure(wire, server).kind == "malformed"


@pytest.mark.parametrize(("status", "kind"), [(500, "server"), (503, "server"), (404, "bad_request"), (307, "bad_request"), (529, "server")])  # fmt: skip
def test_a_status_alone_says_what_it_can(wire, status, kind):
    with sending(status, b"<html>no</html>", {"Location": "http://127.0.0.1:1/"}) as server:
        assert failure(wire, server).kind == kind


def test_a_key_is_in_no_identity_and_no_print_and_no_echoed_answer(wire, key):
    echoing = json.loads(json.dumps(wire.ok).replace('"42"', f'"42 {KEY}"'))
    with sending(200, echoing) as server:
        endpoint = wire.built(server, **wire.keyed)
        reply = asked(endpoint)
    assert reply.text == "42 [key]"
    assert KEY not in json.dumps(endpoint.identity())
    assert KEY not in repr(endpoint)
    assert KEY not in json.dumps(server.requests)
    assert KEY not in "".join(server.paths)


def test_a_key_that_is_not_set_is_a_mistake_before_anything_is_sent(wire, monkeypatch):
    monkeypatch.delenv("CANARY_KEY", raising=False)
    with sending(200, wire.ok) as server:
        with pytest.raises(EndpointFileError, match="CANARY_KEY is not set"):
            wire.built(server, **wire.keyed).check()
        assert server.requests == []


def test_the_identity_is_of_the_answers_alone(wire):
    with sending(200, wire.ok) as server:
        plain = wire.built(server)
        assert plain.identity() == wire.built(server, limits=Limits(rpm=3)).identity()
        assert plain.identity() != wire.built(server, params={"seed": 3}).identity()
        assert plain == wire.built(server, **plain.model_dump())


SEEING = {
    "anthropic": {"quirks": {"images": True}},
    "responses": {"quirks": {"images": True}},
    "vllm": {"quirks": {"images": True}},
    "ollama": {"quirks": {"images": True}},
    "http": {"request": {"q": "{{ prompt }}", "shown": "{{ images }}"}},
}


def test_images_are_sent_where_the_endpoint_says_that_it_takes_them(wire):
    shown = Message(role="user", content="How many?", images=(png_url(),))
    with sending(200, wire.ok) as server:
        assert not wire.built(server).takes_images()
        if wire.adapter not in SEEING:
            return
        endpoint = wire.built(server, **SEEING[wire.adapter])
        assert endpoint.takes_images()
        asked(endpoint, request((shown,)))
    assert png_url().partition(",")[2] in json.dumps(server.requests)


def test_an_image_that_is_gone_is_a_failure_of_that_request(wire, tmp_path):
    shown = Message(role="user", content="How many?", images=(str(tmp_path / "gone.png"),))
    if wire.adapter not in SEEING:
        return
    with sending(200, wire.ok) as server:
        with pytest.raises(RequestFailure, match="No such file") as caught:
            asked(wire.built(server, **SEEING[wire.adapter]), request((shown,)))
        assert server.requests == []
    assert caught.value.kind == "bad_request"
