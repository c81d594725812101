"""Every system of the catalogue that can be asked is asked, against a simulation of its documented wire."""

from fnmatch import fnmatchcase

import pytest

from bench.errors import RequestFailure
from bench.registry import ADAPTERS
from bench.suites.load import load
from tests.chat_documents import ADDRESSES
from tests.reached_system import APIS, CATALOGUE, one_reply, ran, reached, request, turns
from tests.small_suite import item, written
from tests.strict_chat import THOUGHT, THOUGHT_TOKENS
from tests.strict_others import ERRORS, SIMULATIONS, TEXT
from tests.wires.simulation import ASKED_TOKENS, SAID, SAID_TOKENS
from tests.wires.test_contract import WIRES


def adapter_of(each):
    name, api = each
    return CATALOGUE.system(name).apis[api].adapter


CHAT = [each for each in APIS if each in ADDRESSES]
KEYED = [each for each in CHAT if ADDRESSES[each].header is not None]
QUIRKY = [each for each in CHAT if ADDRESSES[each].streams]
EVERY_API = pytest.mark.parametrize(("name", "api"), APIS)
MODES = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
BASES = {
    # https://www.xfyun.cn/doc/spark/Web.html
    ("iflytek-spark", "websocket"): "wss://spark-api.xf-yun.com",
    # https://cloud.baidu.com/doc/WENXINWORKSHOP/s/clntwmv7t
    ("baidu-qianfan", "v1"): "https://aip.baidubce.com",
    # https://help.aliyun.com/zh/model-studio/qwen-api-via-dashscope
    ("alibaba-qwen", "native"): "https://dashscope.aliyuncs.com/api/v1",
    ("alibaba-qwen", "anthropic"): "https://dashscope-intl.aliyuncs.com/apps/anthropic",
    # https://console.sensecore.cn/help/docs/model-as-a-service/nova/chat/ChatCompletions/ChatCompletions
    ("sensetime-sensenova", "legacy"): "https://api.sensenova.cn/v1/llm",
    # https://cloud.tencent.com/document/api/1729/105701
    ("tencent-hunyuan", "native"): "https://hunyuan.tencentcloudapi.com",
    # https://support.huaweicloud.com/api-pangulm/pangulm_05_0012.html: {endpoint} is the console's
    ("huawei-pangu", "pangulm_v1"): "https://${PANGU_ENDPOINT}",
    # https://cloud.tencent.com/developer/article/2472806
    ("kunlun-tiangong", "skychat"): "https://api-maas.singularity-ai.com/sky-work/api/v1",
    # https://aigc.vivo.com.cn, document 1745
    ("vivo-bluelm", "signed"): "https://api-ai.vivo.com.cn",
    # github.com/songquanpeng/one-api, relay/adaptor/zhipu
    ("zhipu-glm", "legacy_v3"): "https://open.bigmodel.cn/api/paas/v3/model-api",
    ("zhipu-glm", "responses"): "https://open.bigmodel.cn/api/v1",
    # https://platform.baichuan-ai.com/docs/api of 2023
    ("baichuan", "legacy"): "https://api.baichuan-ai.com/v1",
    ("openai", "responses"): "https://api.openai.com/v1",
    # https://api-docs.deepseek.com/guides/anthropic_api
    ("deepseek", "anthropic"): "https://api.deepseek.com/anthropic",
    ("kunlun-tiangong", "self_hosted"): "http://localhost:8000/v1",
    ("bigscience-bloom", "self_hosted"): "http://localhost:8000/v1",
    ("stanford-alpaca", "self_hosted"): "http://localhost:8000/v1",
    ("meta-llama", "ollama"): "http://localhost:11434",
}
NATIVE_CLASSES = {
    "quota": "quota_empty",
    "rate": "rate_limited",
    "policy": "content_policy",
    "policy_out": "content_policy",
    "long": "context_too_long",
    "busy": "server",
    "permission": "auth",
}


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    folder = tmp_path_factory.mktemp("suite")
    return load(str(written(folder, [item(1), item(2)])))


@pytest.fixture
def system(name, api, tmp_path, monkeypatch):
    with reached(name, api, tmp_path, monkeypatch) as found:
        yield found


@EVERY_API
def test_every_model_of_every_api_is_answered_whole_and_streamed(system, suite, tmp_path):
    entries = {f"whole {model}": system.entry(model) for model in system.models}
    if system.streams:
        entries |= {f"streamed {model}": system.entry(model, stream=True) for model in system.models}  # fmt: skip
    entries = {name.replace("/", "|"): entry for name, entry in entries.items()}
    answers = ran(system.file(entries), suite, tmp_path)
    assert set(answers) == set(entries)
    for name, entry in entries.items():
        assert len(answers[name]) == 2
        for answer in answers[name]:
            assert answer.state == "answered", (name, answer.failure)
            (exchange,) = answer.exchanges
            check(system, entry, exchange)
    assert len(system.vendor.seen) == 2 * len(entries)


def check(system, entry, exchange):
    """What the vendor said is what is kept: the text, the thought, the model, the counts."""
    adapter = system.row.adapter
    if adapter in WIRES:
        tells = WIRES[adapter].tells_usage
        assert exchange.text == "".join(SAID)
        assert exchange.tokens_estimated != tells
        if tells:
            assert (exchange.input_tokens, exchange.output_tokens) == (ASKED_TOKENS, SAID_TOKENS)
        assert exchange.input_tokens > 0
        assert exchange.output_tokens > 0
        return
    model = entry.get("model", "pangu-deployed")
    assert exchange.model == model
    assert (exchange.input_tokens, exchange.output_tokens) == (ASKED_TOKENS, SAID_TOKENS)
    assert not exchange.tokens_estimated
    if entry.get("stream"):
        assert exchange.ttft_s > 0
    if adapter in SIMULATIONS:
        assert exchange.text == TEXT
        return
    assert exchange.text == "".join(SAID)
    if ADDRESSES[system.name, system.api].thought is not None and adapter != "http":
        assert exchange.reasoning == THOUGHT
        assert exchange.reasoning_tokens == THOUGHT_TOKENS


@pytest.mark.parametrize(("name", "api"), CHAT)
def test_the_address_and_the_header_are_those_of_the_vendors_page(name, api):
    row, address = CATALOGUE.system(name).apis[api], ADDRESSES[name, api]
    if address.url is None:
        assert row.base_url.startswith("${")
        return
    path = ADAPTERS.load(row.adapter).model_fields.get("path")
    assert row.base_url + (path.default if path else "") == address.url


@pytest.mark.parametrize(("name", "api"), [each for each in APIS if each not in ADDRESSES])
def test_the_address_of_every_other_wire_is_that_of_its_page(name, api):
    assert CATALOGUE.system(name).apis[api].base_url == BASES[name, api]


@EVERY_API
def test_every_rule_of_a_row_is_held_against_a_model(system):
    for rule in system.row.rules:
        for pattern in rule.models:
            assert any(fnmatchcase(model, pattern) for model in system.models), pattern


def test_no_document_is_of_an_address_that_the_catalogue_has_no_more():
    assert set(ADDRESSES) <= set(APIS)


@pytest.mark.parametrize(("name", "api"), KEYED)
def test_a_wrong_key_is_refused_as_the_vendor_refuses_it(system, monkeypatch):
    system.vendor.key = "another-key-0123456789.abcdef"
    with pytest.raises(RequestFailure) as caught:
        system.reply(system.models[0])
    assert caught.value.kind == "auth"


def bounds(interval):
    """A value below and one above a range, the bound itself where it is no part."""
    low, high = (float(part) for part in interval[1:-1].split(","))
    return (low if interval[0] == "(" else low - 1), (high if interval[-1] == ")" else high + 1)


def probes(rules):
    """What a client that knows no rules is refused for: the complaint, its options, its request."""
    for parameter, interval in rules.ranges.items():
        for value in bounds(interval):
            yield parameter, {"params": {parameter: value}}, request()
    for parameter in rules.unsent:
        yield parameter, {"params": {parameter: 0.5}}, request()
    if rules.cap != "max_tokens":
        yield "max_tokens is not supported", {}, request()
    if rules.most_tokens is not None:
        yield "Range of max_tokens" if rules.cap == "max_tokens" else rules.cap, {}, request(max_tokens=10**7)  # fmt: skip
    if rules.system != "system":
        yield "role system", {}, request()
    if rules.alternate:
        yield "must alternate", {}, request(turns("user"))
    if rules.search_off:
        yield "web would be searched", {}, request()
    if rules.stream_only:
        yield "only supports stream", {}, request()
    if rules.whole:
        yield "for non-streaming calls", {}, request()
    if not rules.stop:
        yield "stop is not supported", {}, request(stop=("\n",))


def ignorant(endpoint, **more):
    """The same address asked by a client that knows nothing of the vendor."""
    options = endpoint.model_dump(include={"base_url", "model", "api_key_env", "auth"})
    return type(endpoint).model_validate(options | {"limits": {"max_attempts": 1}} | more)


@pytest.mark.parametrize(("name", "api"), QUIRKY)
def test_what_a_client_without_the_row_is_refused_for_the_row_gets_answered(system):
    address = ADDRESSES[system.name, system.api]
    for model in system.models:
        for complaint, options, asked in probes(address.rules(model)):
            with pytest.raises(RequestFailure, match=complaint) as caught:
                one_reply(ignorant(system.endpoint(model), **options), asked)
            assert caught.value.kind == "bad_request"
            assert system.reply(model, asked, **options).text == "".join(SAID), complaint


@pytest.mark.parametrize(("name", "api"), [each for each in APIS if adapter_of(each) in WIRES])
def test_a_temperature_out_of_every_range_is_answered_on_a_wire_of_a_vendors_own(system):
    for temperature in (-1, 0, 1, 2, 9):
        reply = system.reply(system.models[0], params={"temperature": temperature})
        assert reply.text == "".join(SAID)


@pytest.mark.parametrize(("name", "api"), QUIRKY)
def test_more_turns_than_the_vendor_takes_are_refused_before_they_are_sent(system):
    most = ADDRESSES[system.name, system.api].rules(system.models[0]).most_turns
    asked = request(turns(*["user", "assistant"] * 30))
    if most is None:
        assert system.reply(system.models[0], asked).text
        return
    with pytest.raises(RequestFailure, match=f"this endpoint takes {most}"):
        system.reply(system.models[0], asked)
    assert system.vendor.seen == []


def classes(system):
    """Class -> the tag that makes the vendor refuse so, for every error that it documents."""
    adapter = system.row.adapter
    if adapter in WIRES:
        faults, unknown = WIRES[adapter].vendor.FAULTS, WIRES[adapter].errors
        return {
            tag: NATIVE_CLASSES[tag]
            for tag, fault in faults.items()
            if not set(map(str, fault if isinstance(fault, tuple) else (fault,))) & set(unknown)
        }
    if adapter in SIMULATIONS:
        wire = SIMULATIONS[adapter]
        told = {"quota_empty", "rate_limited", "content_policy"} if wire.adapter != "ollama" else {"quota_empty", "rate_limited"}  # fmt: skip
        return {kind: kind for kind in ERRORS if kind in told}
    return {kind: kind for kind in ADDRESSES[system.name, system.api].errors if kind != "auth"}


@MODES
@EVERY_API
def test_every_error_that_a_vendor_documents_is_of_its_class(system, stream):
    if stream and not system.streams:
        return
    for tag, kind in classes(system).items():
        asked = request(turns(last=f"几级？[[{tag}]]"))
        more = {"stream": True} if stream else {}
        if kind == "content_policy":
            reply = system.reply(system.models[0], asked, **more)
            assert reply.finish == "content_filter", tag
        else:
            with pytest.raises(RequestFailure) as caught:
                system.reply(system.models[0], asked, **more)
            assert caught.value.kind == kind, (tag, caught.value.message)
