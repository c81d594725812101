"""What editors and readers are told of a price."""

import json

import jsonschema
import pytest

from bench.cli.file_schemas import file_schemas
from bench.endpoints.price import Price
from bench.reports.prices import candidate_text, price_text
from bench.running.manifest import CandidateEntry
from bench.value.judge_run import run_info
from bench.value.summary import RunInfo
from tests.small_run import manifest

TIER = {"up_to": 128_000, "input": 0.8, "output": 4.8}
NIGHT = {"from": "00:30", "to": "08:30", "zone": "Asia/Shanghai", "factor": 0.5}


@pytest.mark.parametrize(
    ("price", "zh", "en"),
    [
        (
            {"input": 4, "output": 12, "as_of": "2026-11-01", "source": "a list"},
            "输入 4 元、输出 12 元/百万词元（2026-11-01，来源：a list）",
            "¥4 in, ¥12 out per million tokens (2026-11-01, source: a list)",
        ),
        (
            {"input": 0.8, "output": 2},
            "输入 0.8 元、输出 2 元/百万词元（日期未写明，来源：未写明）",
            "¥0.8 in, ¥2 out per million tokens (no date, source: not stated)",
        ),
        (
            {"machine_hour": 0.005, "as_of": "2026-11"},
            "机器每小时 0.005 元（2026-11，来源：未写明）",
            "¥0.005 per machine hour (2026-11, source: not stated)",
        ),
        (
            {"input": 1, "output": 2, "reasoning": 4, "per": 1000, "machine_hour": 3},
            "输入 1 元、输出 2 元（思考 4 元）/千词元；机器每小时 3 元（日期未写明，来源：未写明）",
            "¥1 in, ¥2 (¥4 thought) out per 1,000 tokens; ¥3 per machine hour (no date, source: not stated)",
        ),
        (
            {"tiers": [TIER | {"cached_input": 0.08}, {"input": 2, "output": 12}], "hours": [NIGHT], "as_of": "2026-11-01"},
            ("不超过 128,000 词元的请求：输入 0.8 元（命中缓存 0.08 元）、输出 4.8 元；更长的请求：输入 2 元、输出 12 元（均为每百万词元）；"
             "00:30 至 08:30（Asia/Shanghai）按 0.5 倍计（2026-11-01，来源：未写明）"),
            ("requests of at most 128,000 tokens: ¥0.8 (¥0.08 cached) in, ¥4.8 out; longer requests: ¥2 in, ¥12 out "
             "(all per million tokens); 0.5 times as much from 00:30 to 08:30 (Asia/Shanghai) (2026-11-01, source: not stated)"),
        ),
    ],
)  # fmt: skip
def test_a_report_tells_a_price_with_all_its_rates_and_its_day_in_its_own_language(price, zh, en):
    told = run_info(priced({"currency": "CNY"} | price)).prices["a"]
    assert price_text("zh", told) == zh
    assert price_text("en", told) == en


def priced(price, **changes):
    """The manifest of a run of one candidate with this price."""
    made = manifest()
    kept = Price.model_validate(price).model_dump() if price else None
    told = made.candidates["a"].model_dump() | {"price": kept} | changes
    entry = CandidateEntry.model_validate(told)
    return made.model_copy(update={"candidates": {"a": entry}})


def test_a_rate_of_exchange_is_told_with_its_day_and_source():
    dollars = {"currency": "USD", "input": 0.1, "output": 0.4}
    made = priced(dollars, fx={"CNY": 7.1}, fx_source={"CNY": "2026-11-20, a bank"})
    told = run_info(made).prices["a"]
    assert price_text("zh", told).endswith("；汇率：1 USD 合 7.1 CNY（2026-11-20, a bank）")
    assert price_text("en", told).startswith("USD 0.1 in, USD 0.4 out per million tokens")


def test_a_price_that_nobody_knew_is_not_told_as_one():
    assert run_info(priced(None)).prices == {"a": None}


def test_a_summary_keeps_every_number_of_a_price():
    told = run_info(priced({"currency": "CNY", "tiers": [TIER], "hours": [NIGHT]}))
    kept = json.loads(told.model_dump_json(by_alias=True))["prices"]["a"]
    assert kept["rates"][0] == TIER | {"cached_input": None, "reasoning": None}
    assert kept["hours"] == [NIGHT]
    assert RunInfo.model_validate(told.model_dump(by_alias=True)) == told


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"residency": "CN", "deployment": "private"}, ("CN", "private")),
        ({"residency": "unknown", "deployment": "moon"}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_a_place_that_nobody_stated_is_not_known(data, place):
    info = run_info(priced(None, data=data)).candidates["a"]
    assert (info.residency, info.deployment) == place


def test_a_candidate_is_described_in_the_words_of_the_reader():
    identity = {"endpoint": {"model": "m-1"}}
    info = run_info(
        priced(None, adapter="openai", strategy="few_shot", identity=identity)
    ).candidates["a"]
    assert candidate_text("zh", info) == "OpenAI 兼容接口，模型 m-1，用法：示例提问"
    assert (
        candidate_text("en", info) == "OpenAI-compatible API, model m-1, asked by few-shot examples"
    )
    own = info.model_copy(update={"adapter": "mine", "strategy": "ours", "model": None})
    assert candidate_text("zh", own) == "mine，用法：ours"


def test_editors_know_what_a_price_holds():
    schema = file_schemas()["endpoints"]
    entry = {"adapter": "replay", "file": "a.jsonl"}

    def is_valid(**told):
        checked = {"endpoints": {"e": entry | {"price": {"currency": "CNY"} | told}}}
        return jsonschema.Draft202012Validator(schema).is_valid(checked)

    assert is_valid(
        tiers=[TIER, {"input": 2, "output": 12, "cached_input": 1, "reasoning": 9}], hours=[NIGHT]
    )
    assert is_valid(input=1, output=2, cached_input=0.1, reasoning=3, as_of="2026-11-01")
    assert not is_valid(tiers=[{"up_to": 5, "input": 1}])
    assert not is_valid(input=1, hours=[NIGHT | {"to": "8:30"}])
    assert not is_valid(as_of="last week")
