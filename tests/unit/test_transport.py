import asyncio
import gzip
import json
import time

import pytest
from pydantic import ValidationError

from bench.endpoints.http_template import HttpTemplate
from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.seam import Case, Limits, Request
from bench.endpoints.secrets import hidden
from bench.endpoints.transport import environment_proxy, without_credentials
from bench.errors import RequestFailure
from bench.types import Message
from tests.stub_server import StubServer, completion

QUESTION = Request(Case("s", "i", 0, {}), (Message(role="user", content="How many?"),), 16)
KEY = "sk-canary/0123456789+abcdef"  # no key of anyone's


def asked(url, times=1, **more):
    endpoint = OpenAIChat(base_url=url, model="m", limits=Limits(concurrency=2), **more)

    async def go():
        async with endpoint.connect() as connection:
            return [await connection.ask(QUESTION) for _ in range(times)]

    return asyncio.run(go())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_and_nothing_reaches_the_other_origin(status):
    with StubServer() as other:
        headers = {"Location": f"{other.url}/chat/completions"}
        with (
            StubServer(lambda *_: (status, headers, b"")) as server,
            pytest.raises(RequestFailure, match="redirects are not followed") as caught,
        ):
            asked(server.url)
        assert other.requests == []
    assert caught.value.kind == "bad_request"


def test_a_cookie_is_not_sent_back():
    with StubServer(lambda *_: (200, {"Set-Cookie": "sid=1"}, completion())) as server:
        asked(server.url, times=2)
        assert all("Cookie" not in headers for headers in server.headers)


def test_the_environment_names_no_proxy_unless_it_is_asked(monkeypatch):
    with StubServer() as proxy, StubServer() as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        asked(server.url)
        assert (len(server.requests), len(proxy.requests)) == (1, 0)
        asked(server.url, proxy="environment")
        assert (len(server.requests), len(proxy.requests)) == (1, 1)
        asked(server.url, proxy=proxy.url.removesuffix("/v1"))
        assert (len(server.requests), len(proxy.requests)) == (1, 2)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        asked(server.url, proxy="environment")
        assert (len(server.requests), len(proxy.requests)) == (2, 2)


def test_a_proxy_is_told_without_its_password(monkeypatch):
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://me:pa55word@proxy.example:3128")
    endpoint = OpenAIChat(base_url="https://a.example/v1", model="m", proxy="environment")
    assert environment_proxy(endpoint.base_url) == "http://me:pa55word@proxy.example:3128"
    assert endpoint.proxy_used() == "http://proxy.example:3128"
    assert without_credentials("https://u:p@h.example/x?y=1#z") == "https://h.example/x"
    for refused in ("http://me:pa55word@proxy.example", "proxy.example:3128", "socks5://h"):
        with pytest.raises(ValidationError):
            OpenAIChat(base_url="https://a.example/v1", model="m", proxy=refused)


def test_an_account_is_the_origin_and_the_key_whatever_the_model(monkeypatch):
    monkeypatch.setenv("ONE", "key-1")
    monkeypatch.setenv("SAME", "key-1")
    monkeypatch.setenv("OTHER", "key-2")
    made = {
        name: OpenAIChat(base_url=url, model=name, api_key_env=name).account()
        for name, url in (("ONE", "https://a.example/v1"), ("SAME", "https://a.example/v2"), ("OTHER", "https://a.example/v1"))
    }  # fmt: skip
    assert made["ONE"] == made["SAME"] != made["OTHER"]


def raw_server(answers):
    """A server that sends `answers(number of the request)` and hangs up where that is None."""
    seen = []

    async def serve(reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length:")
                )
                await reader.readexactly(length)
                seen.append(head.split(b" ", 1)[0].decode())
                told = answers(len(seen) - 1)
                for piece in told or ():
                    writer.write(piece)
                    await writer.drain()
                if told is None:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    return serve, seen


def asked_raw(answers, times=1, **more):
    """What became of each request, and the methods of those that came."""
    serve, seen = raw_server(answers)

    async def go():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        options = {"base_url": url, "request": {"q": "{{ prompt }}"}, "response": {"text": "t"}}
        found = []
        async with server, HttpTemplate.model_validate(options | more).connect() as line:
            for _ in range(times):
                try:
                    async with asyncio.timeout(10):
                        found.append((await line.ask(QUESTION)).text)
                except RequestFailure as failure:
                    found.append(failure.kind)
        return found

    return asyncio.run(go()), seen


SAID = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"t": "42"}'


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_request_that_is_lost_is_not_sent_again_by_the_library(method):
    found, seen = asked_raw(lambda number: (SAID,) if number == 0 else None, 2, method=method)
    assert (found, seen) == (["42", "transport"], [method] * 2)


def test_what_follows_the_end_of_a_packed_body_is_not_read_without_end():
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
    sent = []

    def answers(_number):
        yield head + gzip.compress(b'{"t": ')
        for _ in range(64):
            sent.append(None)
            yield b"\0" * (1 << 20)

    assert asked_raw(answers)[0] == ["malformed"]
    assert len(sent) < 32


def test_a_password_of_a_proxy_is_hidden_as_it_is_written_and_as_it_is_sent(monkeypatch):
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://me:p%40ss-0123456789abcdef@proxy.example:3128")
    environment_proxy("https://a.example/v1")
    for form in ("p%40ss-0123456789abcdef", "p@ss-0123456789abcdef"):
        assert hidden(f"at {form}") == "at [key]"


@pytest.mark.parametrize("form", [{}, {"stream": True}])
def test_a_key_that_a_server_echoes_in_escapes_or_as_its_model_is_hidden(monkeypatch, form):
    monkeypatch.setenv("ECHOED", KEY)
    escaped = json.dumps(KEY).replace("/", "\\/").replace("a", "\\u0061")[1:-1]
    whole = json.dumps(completion("?", model="?"))
    chunk = '{"model": "?", "choices": [{"index": 0, "delta": {"content": "?"}, "finish_reason": "stop"}]}'
    body, kind = (
        (f"data: {chunk}\n\n", "text/event-stream") if form else (whole, "application/json")
    )
    body = body.replace("?", escaped).encode()
    with StubServer(lambda *_: (200, {"Content-Type": kind}, body)) as server:
        (reply,) = asked(server.url, api_key_env="ECHOED", **form)
    assert (reply.text, reply.model) == ("[key]", "[key]")


@pytest.mark.parametrize("before", range(150, 210, 7))
def test_no_part_of_a_key_is_left_where_an_error_is_cut(monkeypatch, before):
    monkeypatch.setenv("ECHOED", KEY)
    error = {"error": {"message": "中" * before + KEY}}
    body = f"data: {json.dumps(error, ensure_ascii=False)}\n\n".encode()
    with (
        StubServer(lambda *_: (200, {"Content-Type": "text/event-stream"}, body)) as server,
        pytest.raises(RequestFailure) as caught,
    ):
        asked(server.url, api_key_env="ECHOED", stream=True)
    assert KEY[:8] not in caught.value.message


def test_an_answer_whose_end_was_told_is_kept_though_its_connection_stays_open():
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    events = b'data: {"t": "42"}\n\ndata: [DONE]\n\n'

    told = head + b"%x\r\n%s\r\n" % (len(events), events)
    started = time.monotonic()
    found, _ = asked_raw(lambda _: (told,), stream=True, events={"text": "t"})
    assert found == ["42"]
    assert time.monotonic() - started < 5
