"""What every vendor's own wire does, held against a simulation of it."""

import asyncio
import json
from dataclasses import dataclass, field

import pytest

from bench.endpoints.seam import Case, Request
from bench.errors import EndpointFileError, RequestFailure
from bench.registry import ADAPTERS
from bench.types import Message
from tests.wires import (
    alibaba,
    baichuan_legacy,
    baidu,
    bluelm,
    huawei,
    sense,
    spark,
    tencent,
    tiangong,
    zhipu,
)
from tests.wires.simulation import ASKED_TOKENS, SAID, SAID_TOKENS, Simulation

TOLD = "你是分诊护士。"


@dataclass
class Wire:
    """An adapter, its simulated vendor, and what its documentation says of it."""

    adapter: str
    vendor: object
    simulation: type[Simulation]
    keys: dict[str, str]
    """The simulation's keys by the variables that hold ours."""
    values: dict[str, str]
    options: dict = field(default_factory=dict)
    path: str = ""
    streams: bool = True
    tells_usage: bool = True
    signs_time: bool = True
    has_search: bool = True

    @property
    def errors(self):
        return getattr(self.vendor, "OWN_ERRORS", {})


KEY, SECRET = "key-0123456789abcdef", "secret-0123456789abcdef"
WIRES = {
    wire.adapter: wire
    for wire in (
        Wire(
            "spark_ws",
            spark,
            spark.Spark,
            {
                "SPARK_APP_ID": "app_id",
                "SPARK_API_KEY": "api_key",
                "SPARK_API_SECRET": "api_secret",
            },
            {"app_id": "a1b2c3d4", "api_key": KEY, "api_secret": SECRET},
        ),
        Wire(
            "baidu_v1",
            baidu,
            baidu.Baidu,
            {"QIANFAN_AK": "ak", "QIANFAN_SK": "sk"},
            {"ak": KEY, "sk": SECRET},
            {"model": "ERNIE-4.0-8K"},
            signs_time=False,
        ),
        Wire(
            "tencent_tc3",
            tencent,
            tencent.Tencent,
            {"TENCENTCLOUD_SECRET_ID": "secret_id", "TENCENTCLOUD_SECRET_KEY": "secret_key"},
            {"secret_id": KEY, "secret_key": SECRET},
            {"model": "hunyuan-lite"},
        ),
        Wire(
            "dashscope",
            alibaba,
            alibaba.Alibaba,
            {"DASHSCOPE_API_KEY": "api_key"},
            {"api_key": KEY},
            {"model": "qwen-plus"},
            signs_time=False,
        ),
        Wire(
            "pangu_v1",
            huawei,
            huawei.Huawei,
            {
                "HUAWEI_IAM_DOMAIN": "domain",
                "HUAWEI_IAM_USER": "user",
                "PANGU_PASSWORD": "password",
            },
            {"domain": "hospital-domain-1", "user": "iam-user-000001", "password": SECRET},
            {
                "project_id": "project-1",
                "deployment_id": "deployment-1",
                "password_env": "PANGU_PASSWORD",
            },
            signs_time=False,
            has_search=False,
        ),
        Wire(
            "sensenova",
            sense,
            sense.Sense,
            {
                "SENSENOVA_ACCESS_KEY_ID": "access_key",
                "SENSENOVA_SECRET_ACCESS_KEY": "secret_key",
            },
            {"access_key": KEY, "secret_key": SECRET},
            {"model": "SenseChat-5"},
            path="/v1/llm",
        ),
        Wire(
            "zhipu_v3",
            zhipu,
            zhipu.Zhipu,
            {"ZHIPU_API_KEY": "api_key"},
            {"api_key": f"an-identity-0123456789.{SECRET}"},
            path="/api/paas/v3/model-api",
        ),
        Wire(
            "skywork",
            tiangong,
            tiangong.Tiangong,
            {"TIANGONG_APP_KEY": "app_key", "TIANGONG_APP_SECRET": "app_secret"},
            {"app_key": KEY, "app_secret": SECRET},
            path="/sky-work/api/v1",
            tells_usage=False,
        ),
        Wire(
            "vivo",
            bluelm,
            bluelm.BlueLM,
            {"VIVO_APP_ID": "app_id", "VIVO_APP_KEY": "app_key"},
            {"app_id": "3032265746", "app_key": SECRET},
            tells_usage=False,
            has_search=False,
        ),
        Wire(
            "baichuan",
            baichuan_legacy,
            baichuan_legacy.Legacy,
            {"BAICHUAN_API_KEY": "api_key", "BAICHUAN_SECRET_KEY": "secret_key"},
            {"api_key": KEY, "secret_key": SECRET},
            path="/v1",
        ),
    )
}


@dataclass
class Running:
    """A simulation that runs, and the endpoint that speaks to it."""

    wire: Wire
    vendor: Simulation

    def endpoint(self, **more):
        url = self.vendor.url
        if self.wire.adapter == "spark_ws":
            url = url.replace("http", "ws", 1)
        options = {"base_url": url + self.wire.path, "errors": self.wire.errors}
        if self.wire.adapter == "pangu_v1":
            options["iam_url"] = url
        return ADAPTERS.load(self.wire.adapter).model_validate(options | self.wire.options | more)

    def ask(self, question="几级？", *, count=1, **more):
        return asyncio.run(self._asked([request(question) for _ in range(count)], more))

    async def _asked(self, requests, more):
        async with self.endpoint(**more).connect() as connection:
            return await asyncio.gather(*(connection.ask(each) for each in requests))

    def failure(self, question, **more):
        with pytest.raises(RequestFailure) as caught:
            self.ask(question, **more)
        return caught.value


def request(question="几级？"):
    turns = (
        Message(role="system", content=TOLD),
        Message(role="user", content="胸痛"),
        Message(role="assistant", content="一级"),
        Message(role="user", content=question),
    )
    return Request(Case("s", "i", 0, {}), turns, 64, ("\n\n",))


@pytest.fixture(params=WIRES)
def running(request, monkeypatch):
    wire = WIRES[request.param]
    with wire.simulation(**wire.values) as vendor:
        for variable, name in wire.keys.items():
            monkeypatch.setenv(variable, wire.values[name])
        yield Running(wire, vendor)


MODES = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])


def test_every_wire_of_a_vendor_is_held_to_this_contract():
    listed = {name for name, place in ADAPTERS.built_in.items() if ".wires." in place}
    assert listed == {*WIRES, "zhipu_jwt"}  # whose wire is the chat wire, below


@MODES
def test_a_question_is_answered_with_what_the_vendor_said_and_counted(running, stream):
    (reply,) = running.ask(stream=stream)
    assert reply.text == "".join(SAID)
    assert reply.finish == "stop"
    if running.wire.tells_usage:
        assert (reply.input_tokens, reply.output_tokens) == (ASKED_TOKENS, SAID_TOKENS)
        assert not reply.tokens_estimated
    else:
        assert reply.tokens_estimated
        assert reply.input_tokens > 0
        assert reply.output_tokens > 0


@MODES
def test_a_vendor_that_tells_no_usage_has_its_tokens_estimated(running, stream):
    (reply,) = running.ask("[[nousage]]", stream=stream)
    assert reply.text == "".join(SAID)
    assert reply.tokens_estimated
    assert reply.input_tokens > 0
    assert reply.output_tokens > 0


def test_a_stream_tells_when_its_first_piece_came(running):
    (reply,) = running.ask(stream=True)
    assert reply.ttft_s is not None
    assert reply.ttft_s > 0


def test_many_questions_at_once_are_one_request_each(running):
    replies = running.ask(count=12, limits={"concurrency": 4})
    assert [reply.text for reply in replies] == ["".join(SAID)] * 12
    assert len(running.vendor.seen) == 12
    assert running.vendor.peak <= 4


def test_every_key_that_is_wrong_is_typed_so(running, monkeypatch):
    for variable in running.wire.keys:
        with monkeypatch.context() as patch:
            right = running.wire.values[running.wire.keys[variable]]
            patch.setenv(variable, right[:-1] + ("x" if right[-1] != "x" else "y"))
            failure = running.failure("几级？")
            assert failure.kind == "auth", (variable, failure)


def test_a_key_that_is_not_set_is_one_line_before_anything_is_sent(running, monkeypatch):
    for variable in running.wire.keys:
        with monkeypatch.context() as patch:
            patch.delenv(variable)
            with pytest.raises(EndpointFileError, match=variable) as caught:
                running.endpoint().check()
            assert "\n" not in str(caught.value)
    running.endpoint().check()
    assert running.vendor.seen == []


@MODES
def test_an_empty_quota_and_too_many_requests_are_told_apart(running, stream):
    assert running.failure("[[quota]]", stream=stream).kind == "quota_empty"
    assert running.failure("[[rate]]", stream=stream).kind == "rate_limited"


@MODES
def test_what_the_content_policy_refuses_is_an_answer_and_no_failure(running, stream):
    (reply,) = running.ask("[[policy]]", stream=stream)
    assert reply.finish == "content_filter"


def test_a_prompt_that_is_too_long_is_typed_so_where_a_code_says_it(running):
    faults = running.wire.vendor.FAULTS
    if "long" in faults:
        assert running.failure("[[long]]").kind == "context_too_long"
    if "busy" in faults:
        assert running.failure("[[busy]]").kind == "server"


def test_a_body_that_is_not_the_protocols_is_malformed(running):
    assert running.failure("[[malformed]]").kind == "malformed"


def test_a_stream_that_ends_before_its_end_is_a_fault_of_transport(running):
    assert running.failure("[[cut]]", stream=True).kind == "transport"


def test_instructions_arrive(running):
    running.ask()
    assert running.wire.vendor.system_of(running.vendor.seen[-1].body) == TOLD


def test_the_vendors_search_is_off_unless_it_is_asked_for_and_this_is_told(running):
    running.ask()
    assert running.wire.vendor.search_is_off(running.vendor.seen[-1].body)
    told = running.endpoint().adjustments()
    assert ("search: off" in told) == running.wire.has_search
    if running.wire.has_search:
        running.ask(search="vendor_default")
        body = running.vendor.seen[-1].body
        left_to_vendor = json.dumps(body, ensure_ascii=False)
        assert "search: vendor_default" in running.endpoint(search="vendor_default").adjustments()
        if running.wire.adapter != "sensenova":  # where nothing is sent for off either
            with_search_off = running.vendor.seen[0].body
            assert left_to_vendor != json.dumps(with_search_off, ensure_ascii=False)


def test_a_temperature_that_the_vendor_refuses_is_put_in_its_range_and_told(running):
    told = running.endpoint(params={"temperature": 9}).adjustments()
    assert any(line.startswith("temperature: asked 9, ") for line in told)
    running.ask(params={"temperature": 9})  # which the simulation would refuse


def test_a_clock_that_is_ten_minutes_slow_is_a_fault_of_the_keys(running):
    running.vendor.clock_ahead_s = 600 if running.wire.adapter not in TOKENS_LIVE_LONGER else 7200
    if running.wire.signs_time:
        assert running.failure("几级？").kind == "auth"
    else:
        assert running.ask()


TOKENS_LIVE_LONGER = ("sensenova", "zhipu_v3")
"""Their tokens are good for half an hour and an hour."""


@MODES
def test_keys_are_nowhere_in_what_is_told(running, stream):
    endpoint = running.endpoint(stream=stream)
    failure = running.failure("[[echo]]", stream=stream)
    texts = [repr(endpoint), json.dumps(endpoint.identity()), str(failure), repr(failure)]
    texts += [failure.message, *endpoint.adjustments()]
    issued = getattr(running.vendor, "issued", [])
    parts = [part for value in running.wire.values.values() for part in value.split(".")]
    for key in (*parts, *issued):
        assert not any(key in text for text in texts), key
    assert "[key]" in failure.message


def test_an_endpoints_own_table_says_what_a_code_means(running):
    fault = running.wire.vendor.FAULTS["rate"]
    parts = fault if isinstance(fault, tuple) else (fault,)
    own = {str(part): "timeout" for part in parts}
    assert running.failure("[[rate]]").kind == "rate_limited"
    assert running.failure("[[rate]]", errors=own).kind == "timeout"
    assert running.endpoint(errors=own).identity() == running.endpoint().identity()
