"""Spark's websocket: signatures, frames, and the peers that misbehave."""

import asyncio
import json

import pytest
from aiohttp import web

from bench.endpoints.secrets import hidden
from bench.endpoints.transport import open_http
from bench.endpoints.wires.spark_ws import SparkFrames, SparkWs
from bench.errors import RequestFailure
from tests.wires.simulation import SAID, Simulation
from tests.wires.spark import Spark, failure, frame
from tests.wires.test_contract import KEY, SECRET, TOLD, request


@pytest.fixture
def vendor(monkeypatch):
    monkeypatch.setenv("SPARK_APP_ID", "a1b2c3d4")
    monkeypatch.setenv("SPARK_API_KEY", KEY)
    monkeypatch.setenv("SPARK_API_SECRET", SECRET)
    with Spark(app_id="a1b2c3d4", api_key=KEY, api_secret=SECRET) as running:
        yield running


def ask(vendor, question="几级？", **more):
    endpoint = SparkWs(base_url=vendor.url.replace("http", "ws", 1), **more)

    async def go():
        async with endpoint.connect() as connection:
            return await connection.ask(request(question))

    return asyncio.run(go())


@pytest.mark.parametrize(
    ("domain", "system"),
    [("lite", "fold"), ("generalv3", "fold"), ("generalv3.5", "native"), ("4.0Ultra", "native")],
)
def test_each_version_has_its_path_and_its_place_for_instructions(vendor, domain, system):
    assert ask(vendor, domain=domain).text == "".join(SAID)
    (seen,) = vendor.seen
    first = seen.body["payload"]["message"]["text"][0]
    if system == "native":
        assert first == {"role": "system", "content": TOLD}
    else:
        assert first["role"] == "user"
        assert first["content"].startswith(f"{TOLD}\n\n")


def test_a_version_without_search_is_sent_no_switch_for_it(vendor):
    ask(vendor, domain="lite")
    assert "tools" not in vendor.seen[0].body["parameter"]["chat"]


def test_a_fine_tuned_model_is_asked_with_its_resource(vendor):
    ask(vendor, domain="lite", path="/v1.1/chat", patch_id=("r-1",))
    assert vendor.seen[0].body["header"]["patch_id"] == ["r-1"]


def test_a_wrong_signature_is_refused_at_the_handshake_and_its_address_is_not_told(
    vendor, monkeypatch
):
    monkeypatch.setenv("SPARK_API_SECRET", "another-secret-000")
    with pytest.raises(RequestFailure) as caught:
        ask(vendor)
    assert caught.value.kind == "auth"
    assert str(caught.value) == "HTTP 403: the websocket's handshake was refused"


def test_an_answer_that_the_policy_stops_midway_is_no_answer(vendor):
    reply = ask(vendor, "[[policy_out]]")
    assert (reply.text, reply.finish) == ("", "content_filter")


def test_frames_of_more_than_the_cap_in_all_are_refused(vendor):
    with pytest.raises(RequestFailure, match="more than 4 MiB") as caught:
        ask(vendor, "[[huge]]")
    assert caught.value.kind == "malformed"


def test_a_redirect_of_the_handshake_is_not_followed(vendor):
    with pytest.raises(RequestFailure, match="redirects elsewhere") as caught:
        ask(vendor, path="/elsewhere")
    assert caught.value.kind == "bad_request"
    assert vendor.seen == []


def test_a_peer_that_speaks_no_websocket_is_typed(monkeypatch, vendor):
    class Plain(Simulation):
        async def answer(self, _request, _raw):
            return web.Response(text="hello", status=200)

    with Plain() as plain, pytest.raises(RequestFailure) as caught:
        ask(plain)
    assert caught.value.kind == "bad_request"


def test_nobody_at_the_address_is_a_fault_of_transport(vendor):
    with Spark() as gone:
        pass
    with pytest.raises(RequestFailure) as caught:
        ask(gone)
    assert caught.value.kind == "transport"


def test_the_pools_limit_holds_for_websockets(vendor):
    endpoint = SparkWs(base_url=vendor.url.replace("http", "ws", 1), limits={"concurrency": 3})

    async def go():
        async with endpoint.connect() as connection:
            await asyncio.gather(*(connection.ask(request()) for _ in range(9)))

    asyncio.run(go())
    assert len(vendor.seen) == 9
    assert vendor.peak <= 3


def test_an_address_that_is_no_websocket_is_refused_when_it_is_read():
    with pytest.raises(ValueError, match="no ws/wss address"):
        SparkWs(base_url="https://spark-api.xf-yun.com")


def test_a_message_that_is_too_long_for_one_frame_is_refused(vendor):
    class Long(Simulation):
        async def answer(self, request, _raw):
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            await socket.receive_str()
            await socket.send_str("x" * (5 << 20))
            return socket

    with Long() as long, pytest.raises(RequestFailure) as caught:
        ask(long)
    assert caught.value.kind == "transport"


def test_a_frame_of_status_two_ends_the_answer_and_what_follows_is_not_read():
    frames = SparkFrames(SparkWs().meaning())
    for each in (frame(0, 0, ["一"]), frame(2, 1, ["二"])):
        frames.feed(json.dumps(each).encode())
    assert frames.is_whole
    assert frames.reply().text == "一二"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (10003, "bad_request"),
        (10007, "rate_limited"),
        (10008, "server"),
        (10015, "auth"),
        (10907, "context_too_long"),
        (11200, "auth"),
        (11201, "quota_empty"),
        (11203, "rate_limited"),
        (99999, "server"),
    ],
)
def test_a_frames_code_is_typed_by_the_documented_table(code, kind):
    with pytest.raises(RequestFailure) as caught:
        SparkFrames(SparkWs().meaning()).feed(json.dumps(failure(code)).encode())
    assert caught.value.kind == kind


def test_a_socket_that_breaks_off_is_a_fault_of_transport(vendor):
    class Breaking(Simulation):
        async def answer(self, request, _raw):
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            await socket.receive_str()
            await socket.send_str(json.dumps(frame(0, 0, ["一"])))
            request.transport.abort()
            return socket

    with Breaking() as breaking, pytest.raises(RequestFailure) as caught:
        ask(breaking)
    assert caught.value.kind == "transport"


def test_a_websocket_may_pass_a_proxy_that_is_named(vendor):
    async def go():
        proxy = "http://127.0.0.1:9"  # the port of discard: nobody is there
        async with open_http(1, proxy) as http, http.websocket("ws://192.0.2.1/chat"):
            pass

    with pytest.raises(RequestFailure, match=r"127\.0\.0\.1:9") as caught:
        asyncio.run(go())
    assert caught.value.kind == "transport"
    assert hidden(str(caught.value)) == str(caught.value)
