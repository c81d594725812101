import asyncio

import pytest
from pydantic import ValidationError

from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.seam import Case, Limits, Request
from bench.endpoints.transport import environment_proxy, without_credentials
from bench.errors import RequestFailure
from bench.types import Message
from tests.stub_server import StubServer, completion

QUESTION = Request(Case("s", "i", 0, {}), (Message(role="user", content="How many?"),), 16)


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
