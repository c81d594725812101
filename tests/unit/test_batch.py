import asyncio
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.endpoints.batch import batch_url, open_batches
from bench.endpoints.batch_lines import lines, read_result
from bench.endpoints.price import Hours, Price, cost
from bench.endpoints.seam import Case, Reply, Request
from bench.endpoints.transport import MAX_BODY
from bench.errors import RequestFailure
from bench.running.batches.file import BatchFile, custom_id
from bench.types import Message
from tests.batch_server import BatchServer, endpoint
from tests.stub_server import completion

REQUEST = Request(Case("s", "i", 0, {}), (Message(role="user", content="6 x 7?"),), 16)
KEY = "sk-canary-0123456789abcdef"
PRICE = Price(currency="CNY", input=1_000.0, output=2_000.0)


def line(custom_id="a", response=None, error=None, **more):
    return json.dumps({"id": "x", "custom_id": custom_id, "response": response, "error": error} | more).encode()  # fmt: skip


def good(body=None):
    return {"status_code": 200, "request_id": "r", "body": body or completion()}


def read(raw):
    return read_result(raw, endpoint().wire())


class TestLines:
    @given(
        st.lists(st.binary(max_size=30).map(lambda raw: raw.replace(b"\n", b".").rstrip(b"\r"))),
        st.data(),
    )
    def test_a_file_has_the_same_lines_in_whatever_pieces_it_comes(self, told, data):
        whole = b"\n".join(told)
        cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
        pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]

        async def coming():
            for each in pieces:
                yield each

        async def gathered():
            return [each async for each in lines(coming())]

        assert asyncio.run(gathered()) == [each for each in told if each.strip()]

    def test_of_a_line_longer_than_any_reply_only_the_beginning_is_held(self):
        async def coming():
            yield b"short\n"
            for _ in range(3):
                yield b"x" * (MAX_BODY // 2 + 1)
            yield b"\nlast\n"

        async def gathered():
            return [each async for each in lines(coming())]

        first, long, last = asyncio.run(gathered())
        assert (first, last) == (b"short", b"last")
        assert len(long) == MAX_BODY

    def test_a_line_with_a_response_is_read_like_a_reply_of_the_wire(self):
        body = completion("7", usage={"prompt_tokens": 3, "completion_tokens": 2})
        body["choices"][0]["message"]["reasoning_content"] = "six and one"
        reply = read(line(response=good(body))).reply
        assert (reply.text, reply.reasoning, reply.input_tokens, reply.output_tokens) == (
            "7", "six and one", 3, 2,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("told", "kind"),
        [
            ({"response": {"status_code": 429, "body": {"error": {"code": "rate_limit_exceeded"}}}}, "rate_limited"),
            ({"response": {"status_code": 400, "body": {"error": {"code": "context_length_exceeded"}}}}, "context_too_long"),
            ({"response": {"status_code": 500, "body": {}}}, "server"),
            ({"response": good({"choices": []})}, "malformed"),
            ({"response": {"status_code": 200, "body": None}}, "malformed"),
            ({"error": {"code": "request_timeout", "message": "late"}}, "timeout"),
            ({"error": {"code": "something_new", "message": "?"}}, "server"),
            ({}, "server"),
        ],
    )  # fmt: skip
    def test_a_line_without_a_reply_is_a_typed_failure(self, told, kind):
        result = read(line(**told))
        assert result.reply is None
        assert result.failure.kind == kind

    def test_what_the_content_policy_refused_is_a_reply(self):
        refused = {"status_code": 400, "body": {"error": {"code": "content_policy_violation"}}}
        assert read(line(response=refused)).reply.finish == "content_filter"

    @pytest.mark.parametrize("code", ["batch_expired", "batch_cancelled"])
    def test_a_request_that_was_never_asked_is_neither_answered_nor_failed(self, code):
        result = read(line(error={"code": code, "message": "not done in time"}))
        assert (result.reply, result.failure) == (None, None)

    def test_a_broken_line_fails_the_trial_whose_id_it_still_tells(self):
        result = read(line("mine", response=good())[:-20])
        assert result.custom_id == "mine"
        assert result.failure.kind == "malformed"

    @pytest.mark.parametrize(
        "raw", [b"", b"[]", b"{}", b'{"custom_id": 7}', b"\xff\xfe", b"nonsense"]
    )
    def test_a_line_of_nobody_is_nothing(self, raw):
        assert read(raw) is None

    def test_choices_that_are_given_twice_are_no_answer(self):
        raw = line(response=good()).replace(b'"choices"', b'"choices": [], "choices"')
        assert read(raw).failure.kind == "malformed"


# https://help.aliyun.com/zh/model-studio/batch-interfaces-compatible-with-openai: /v1/chat/completions;
# https://docs.bigmodel.cn/cn/guide/tools/batch: /v4/chat/completions
@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://api.openai.com/v1", "/v1/chat/completions"),
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", "/v1/chat/completions"),
        ("https://open.bigmodel.cn/api/paas/v4", "/v4/chat/completions"),
        ("https://example.org", "/v1/chat/completions"),
    ],
)
def test_lines_name_the_path_that_the_vendor_documents(base_url, url):
    assert batch_url(endpoint(base_url)) == url


def test_whether_requests_go_by_the_file_is_no_part_of_an_endpoints_identity():
    assert endpoint().identity() == endpoint(batch=False).identity()


class TestPrice:
    def test_a_batch_costs_half_unless_the_price_says_otherwise(self):
        # https://platform.openai.com/docs/guides/batch: half the price of the same request on its own
        usage = Reply("", input_tokens=1_000, output_tokens=500)
        assert cost(PRICE, usage, None) == 2.0
        assert cost(PRICE, usage, None, batched=True) == 1.0
        own = PRICE.model_copy(update={"batch": 0.8})
        assert cost(own, usage, None, batched=True) == pytest.approx(1.6)

    def test_where_the_hour_matters_nobody_knows_what_a_batch_cost(self):
        night = Hours.model_validate({"from": "00:30", "to": "08:30", "factor": 0.5})
        price = PRICE.model_copy(update={"hours": [night]})
        usage = Reply("", input_tokens=1, output_tokens=1)
        assert cost(price, usage, None, 0.0) is not None
        assert cost(price, usage, None, 0.0, batched=True) is None


class TestFile:
    def test_no_two_files_of_a_run_have_the_same_name_even_after_one_was_dropped(self, tmp_path):
        first = BatchFile(tmp_path).begin("e", {})
        BatchFile(tmp_path).drop(first)
        second = BatchFile(tmp_path).begin("e", {})
        assert first.name != second.name
        assert [each.name for each in BatchFile(tmp_path).live()] == [second.name]

    @given(st.lists(st.tuples(st.text(), st.text(), st.text(), st.integers(0, 9)), unique=True))
    def test_every_trial_has_an_id_of_its_own_that_vendors_take(self, keys):
        ids = {custom_id(key) for key in keys}
        assert len(ids) == len(keys)
        assert all(each.isascii() and each.isalnum() and 6 <= len(each) <= 64 for each in ids)

    def test_an_id_is_the_same_in_every_process(self):
        assert custom_id(("small", "stub", "i7", 0)) == "3230507838177f7a53068dabc381c9e1"


def with_service(url, call, **more):
    async def go():
        async with open_batches(endpoint(url, **more)) as service:
            return await call(service)

    return asyncio.run(go())


def failure_of(url, call, **more):
    with pytest.raises(RequestFailure) as told:
        with_service(url, call, **more)
    return told.value


class TestService:
    def test_the_environment_adds_nothing_to_what_is_sent(self, monkeypatch):
        monkeypatch.setenv("MY_KEY", KEY)
        for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_API_KEY"):
            monkeypatch.setenv(name, "of-somebody-else")
        monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        with BatchServer() as server:
            with_service(server.url, lambda s: s.upload("f", b"{}\n"), api_key_env="MY_KEY")
        (headers,) = server.headers
        assert headers["Authorization"] == f"Bearer {KEY}"
        assert not any("of-somebody-else" in value for value in headers.values())
        allowed = {"x-stainless-raw-response"}
        assert {name.lower() for name in headers if name.lower().startswith(("x-", "openai"))} <= allowed  # fmt: skip

    def test_a_redirect_is_not_followed(self):
        with BatchServer() as other:
            moved = (307, {"Location": f"{other.url}/batches/b"}, b"")
            with BatchServer(fault=lambda *_: moved) as server:
                failure = failure_of(server.url, lambda s: s.look("b"))
        assert failure.kind == "bad_request"
        assert "redirect" in failure.message
        assert other.calls == []

    @pytest.mark.parametrize("status", [200, 500])
    def test_a_packed_body_is_never_unpacked(self, status):
        bomb = gzip.compress(bytes(50_000_000))
        sent = (status, {"Content-Encoding": "gzip"}, bomb)
        with BatchServer(fault=lambda *_: sent) as server:
            failure = failure_of(server.url, lambda s: s.look("b"))
        assert failure.kind == ("malformed" if status == 200 else "server")

    def test_a_reply_without_end_is_read_up_to_a_bound(self):
        sent = (200, {}, b" " * (MAX_BODY + 1))
        with BatchServer(fault=lambda *_: sent) as server:
            failure = failure_of(server.url, lambda s: s.look("b"))
        assert failure.kind == "malformed"
        assert "MiB" in failure.message

    @pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"id": NaN}', b"\xff"])
    def test_a_reply_that_is_no_batch_is_malformed(self, body):
        with BatchServer(fault=lambda *_: (200, {}, body)) as server:
            assert failure_of(server.url, lambda s: s.look("b")).kind == "malformed"

    def test_a_key_that_the_server_echoes_is_hidden(self, monkeypatch):
        monkeypatch.setenv("MY_KEY", KEY)
        sent = (401, {}, {"error": {"message": f"{KEY} is wrong", "code": "invalid_api_key"}})
        with BatchServer(fault=lambda *_: sent) as server:
            failure = failure_of(server.url, lambda s: s.look("b"), api_key_env="MY_KEY")
        assert failure.kind == "auth"
        assert KEY not in failure.message

    def test_nobody_at_the_address_is_a_transport_failure(self):
        with BatchServer() as server:
            pass
        assert failure_of(server.url, lambda s: s.look("b")).kind == "transport"

    def test_a_batch_is_found_by_its_file_where_the_vendor_keeps_no_metadata(self):
        async def made(service):
            file_id = await service.upload("f", b"{}\n")
            other = await service.upload("g", b"{}\n")
            batch = await service.create(file_id, {})
            for _ in range(205):  # more than two pages of a hundred
                await service.create(other, {"run": "another"})
            tags = {"run": "r", "file": "f"}
            absent = await service.find("file-99", tags, 1_763_000_000.0)
            return batch, await service.find(file_id, tags, 1_763_000_000.0), absent

        with BatchServer() as server:
            batch, found, absent = with_service(server.url, made)
        assert found.id == batch.id
        assert absent is None

    def test_what_the_vendor_says_of_a_file_that_it_does_not_take_is_told(self):
        async def refused(service):
            file_id = await service.upload("f", b"".join(2 * [service.line("a", REQUEST)]))
            batch = await service.create(file_id, {})
            for _ in range(4):
                batch = await service.look(batch.id)
            return batch

        with BatchServer() as server:
            batch = with_service(server.url, refused)
        assert (batch.status, batch.has_ended) == ("failed", True)
        assert batch.trouble == "duplicate_custom_id: a"
