"""What is particular to one vendor's wire."""

import asyncio

import orjson
import pytest
from pydantic import ValidationError

from bench.endpoints.wires.baichuan import Baichuan
from bench.endpoints.wires.baidu_v1 import BaiduV1
from bench.endpoints.wires.dashscope import DashScope
from bench.endpoints.wires.sensenova import SenseNova
from bench.endpoints.wires.skywork import Skywork
from bench.endpoints.wires.tencent_tc3 import TencentTc3
from bench.endpoints.wires.vivo import Vivo
from bench.endpoints.wires.zhipu import ZhipuJwt, ZhipuV3
from bench.errors import EndpointFileError, RequestFailure
from tests.wires.alibaba import Alibaba
from tests.wires.baichuan_legacy import Legacy
from tests.wires.baidu import Baidu
from tests.wires.bluelm import BlueLM
from tests.wires.sense import Sense
from tests.wires.simulation import SAID
from tests.wires.tencent import Tencent
from tests.wires.test_contract import KEY, SECRET, TOLD, request
from tests.wires.tiangong import Tiangong
from tests.wires.zhipu import Zhipu

RIGHT = "".join(SAID)


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    for name in (
        "QIANFAN_AK",
        "DASHSCOPE_API_KEY",
        "SENSENOVA_ACCESS_KEY_ID",
        "TENCENTCLOUD_SECRET_ID",
        "TIANGONG_APP_KEY",
        "VIVO_APP_ID",
        "BAICHUAN_API_KEY",
    ):
        monkeypatch.setenv(name, KEY)
    for name in (
        "QIANFAN_SK",
        "SENSENOVA_SECRET_ACCESS_KEY",
        "TENCENTCLOUD_SECRET_KEY",
        "TIANGONG_APP_SECRET",
        "VIVO_APP_KEY",
        "BAICHUAN_SECRET_KEY",
    ):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("ZHIPU_API_KEY", f"{KEY}.{SECRET}")


def ask(endpoint, question="几级？"):
    async def go():
        async with endpoint.connect() as connection:
            return await connection.ask(request(question))

    return asyncio.run(go())


def kind(endpoint, question):
    with pytest.raises(RequestFailure) as caught:
        ask(endpoint, question)
    return caught.value.kind


@pytest.mark.parametrize("prefix", [b"data: ", b"data:", b""])
@pytest.mark.parametrize("content_type", ["text/event-stream", "text/plain", "application/json"])
def test_skyworks_lines_are_read_however_they_come(prefix, content_type):
    with Tiangong(app_key=KEY, app_secret=SECRET) as vendor:
        vendor.prefix, vendor.content_type = prefix, content_type
        reply = ask(Skywork(base_url=f"{vendor.url}/sky-work/api/v1"))
    assert reply.text == RIGHT  # without the card of a search
    assert (reply.ttft_s is not None) == (content_type == "text/event-stream")


def test_skywork_says_bot_where_others_say_assistant():
    with Tiangong(app_key=KEY, app_secret=SECRET) as vendor:
        ask(Skywork(base_url=f"{vendor.url}/sky-work/api/v1"))
    roles = [turn["role"] for turn in vendor.seen[0].body["messages"]]
    assert roles == ["system", "user", "bot", "user"]


def test_skyworks_search_cannot_be_forced():
    with pytest.raises(ValidationError, match="write off or vendor_default"):
        Skywork(search="on")


@pytest.mark.parametrize("content_type", ["text/event-stream", "text/plain"])
def test_baichuans_lines_are_read_however_they_come(content_type):
    with Legacy(api_key=KEY, secret_key=SECRET) as vendor:
        vendor.content_type = content_type
        endpoint = Baichuan(base_url=f"{vendor.url}/v1", stream=True)
        assert ask(endpoint).text == RIGHT
        assert kind(endpoint, "[[cut]]") == "transport"


@pytest.mark.parametrize("digest", ["raw", "hex"])
def test_vivo_is_signed_in_the_form_that_is_chosen_and_in_no_other(digest):
    with BlueLM(app_id=KEY, app_key=SECRET) as vendor:
        vendor.digest = digest
        assert ask(Vivo(base_url=vendor.url, digest=digest)).text == RIGHT
        other = "hex" if digest == "raw" else "raw"
        assert kind(Vivo(base_url=vendor.url, digest=other), "几级？") == "auth"


@pytest.mark.parametrize("stream", [False, True])
def test_vivos_errors_that_share_a_code_are_told_apart_by_what_they_say(stream):
    with BlueLM(app_id=KEY, app_key=SECRET) as vendor:
        endpoint = Vivo(base_url=vendor.url, stream=stream)
        assert kind(endpoint, "[[permission]]") == "auth"
        assert kind(endpoint, "[[rate]]") == "rate_limited"


def test_every_question_to_vivo_is_a_request_and_a_session_of_its_own():
    with BlueLM(app_id=KEY, app_key=SECRET) as vendor:
        endpoint = Vivo(base_url=vendor.url)
        ask(endpoint)
        ask(endpoint)
    assert len({seen.body["sessionId"] for seen in vendor.seen}) == 2
    assert len({seen.query["requestId"] for seen in vendor.seen}) == 2


def test_what_zhipus_moderation_interrupts_is_refused_with_what_was_said():
    with Zhipu(api_key=f"{KEY}.{SECRET}") as vendor:
        endpoint = ZhipuV3(base_url=f"{vendor.url}/api/paas/v3/model-api", stream=True)
        reply = ask(endpoint, "[[interrupted]]")
        assert (reply.text, reply.finish) == (RIGHT, "content_filter")
        assert kind(endpoint, "[[late]]") == "rate_limited"


def test_zhipus_chat_wire_takes_a_token_that_is_signed_here():
    with Zhipu(api_key=f"{KEY}.{SECRET}") as vendor:
        endpoint = ZhipuJwt(base_url=f"{vendor.url}/api/paas/v4", model="glm-4-plus")
        assert ask(endpoint).text == RIGHT
        (seen,) = vendor.seen
        assert seen.body["messages"][0] == {"role": "system", "content": TOLD}
        assert SECRET not in str(seen.headers)


def test_a_signed_token_stands_beside_the_headers_of_the_endpoint_in_whatever_is_sent():
    with Zhipu(api_key=f"{KEY}.{SECRET}") as vendor:
        endpoint = ZhipuJwt(
            base_url=f"{vendor.url}/api/paas/v4", model="glm-4-plus", headers={"X-App-Id": "desk"}
        )
        assert ask(endpoint).text == RIGHT
        (seen,) = vendor.seen
        assert seen.headers["x-app-id"] == "desk"
        files = endpoint.wire().headers  # of which a batch sends the same
        assert files["Authorization"].startswith("Bearer ey")


@pytest.mark.parametrize("endpoint", [ZhipuV3(), ZhipuJwt(model="glm-4-plus")])
@pytest.mark.parametrize("key", ["no-dot-in-this-key", ".secret", "id."])
def test_a_zhipu_key_of_another_form_is_told_before_anything_is_sent(endpoint, key, monkeypatch):
    monkeypatch.setenv("ZHIPU_API_KEY", key)
    with pytest.raises(EndpointFileError, match=r"ZHIPU_API_KEY must be of the form id\.secret"):
        endpoint.check()


def test_an_error_in_the_middle_of_dashscopes_stream_is_a_failure():
    with Alibaba(api_key=KEY) as vendor:
        endpoint = DashScope(base_url=vendor.url, model="qwen-plus", stream=True)
        assert kind(endpoint, "[[late]]") == "server"


def test_an_error_in_the_middle_of_sensenovas_stream_is_a_failure():
    with Sense(access_key=KEY, secret_key=SECRET) as vendor:
        endpoint = SenseNova(base_url=f"{vendor.url}/v1/llm", model="SenseChat-5", stream=True)
        assert kind(endpoint, "[[late]]") == "rate_limited"


def test_sensenovas_knowledge_counts_as_input():
    with Sense(access_key=KEY, secret_key=SECRET) as vendor:
        reply = ask(SenseNova(base_url=f"{vendor.url}/v1/llm", model="SenseChat-5"))
    assert reply.input_tokens == 10  # 8 of the prompt, 2 of the knowledge


def test_an_answer_that_baidu_cut_is_marked():
    with Baidu(ak=KEY, sk=SECRET) as vendor:
        reply = ask(BaiduV1(base_url=vendor.url, model="ERNIE-4.0-8K"), "[[truncated]]")
    assert reply.finish == "length"


def test_a_conversation_that_ends_with_the_assistant_is_refused_before_it_is_sent():
    with Baidu(ak=KEY, sk=SECRET) as vendor:
        endpoint = BaiduV1(base_url=vendor.url, model="ERNIE-4.0-8K")

        async def go():
            async with endpoint.connect() as connection:
                asked = request()
                await connection.ask(type(asked)(asked.case, asked.messages[:3], 64))

        with pytest.raises(RequestFailure, match="begins and ends with the user") as caught:
            asyncio.run(go())
    assert caught.value.kind == "bad_request"
    assert vendor.seen == []


def test_a_wire_without_a_field_for_output_tokens_says_so():
    told = "max_tokens: not sent: this wire has no such field"
    for endpoint in (TencentTc3(model="hunyuan-lite"), ZhipuV3(), Skywork(), Baichuan()):
        assert told in endpoint.adjustments()
    assert told not in DashScope(model="qwen-plus").adjustments()


def test_hunyuan_takes_no_more_than_forty_turns():
    asked = request()
    turns = asked.messages[1:3] * 20 + asked.messages[3:]
    with Tencent(secret_id=KEY, secret_key=SECRET) as vendor:
        endpoint = TencentTc3(base_url=vendor.url, model="hunyuan-lite")

        async def go():
            async with endpoint.connect() as connection:
                await connection.ask(type(asked)(asked.case, turns, 64))

        with pytest.raises(RequestFailure, match="takes 40"):
            asyncio.run(go())
    assert vendor.seen == []


def test_a_rule_of_the_endpoint_stands_above_the_wires_own():
    endpoint = DashScope(model="qwen-plus", rules={"temperature": {"fixed": 1}})
    assert "temperature: asked 0, not sent: fixed at 1" in endpoint.adjustments()


@pytest.mark.parametrize("reason", [{"why": "stop"}, ["stop"], 7])
def test_a_finish_reason_that_is_no_text_says_nothing(reason):
    choice = {"message": {"content": RIGHT}, "finish_reason": reason}
    raw = orjson.dumps({"output": {"choices": [choice]}})
    wire = DashScope(model="qwen-plus").wire()
    assert wire.reply(raw).finish == "stop"
    stream = wire.stream()
    stream.feed(raw)
    assert stream.reply().text == RIGHT


def test_a_total_below_its_part_tells_no_output_tokens():
    usage = {"prompt_tokens": 9, "total_tokens": 4}
    said = orjson.dumps({"result": RIGHT, "usage": usage})
    assert BaiduV1(model="ERNIE-3.5-8K").wire().reply(said).output_tokens is None
    messages = [{"content": RIGHT, "finish_reason": "stop"}]
    told = {"code": 0, "data": {"messages": messages}, "usage": usage}
    assert Baichuan().wire().reply(orjson.dumps(told)).output_tokens is None
