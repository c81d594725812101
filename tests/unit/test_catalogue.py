"""How the catalogue is read, overridden, priced by the day, and filled into an entry."""

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.endpoints.catalogue.entry import filled
from bench.endpoints.catalogue.load import Catalogue, merged
from bench.endpoints.openai_chat import OpenAIChat
from bench.errors import EndpointFileError

DAY = date(2026, 11, 22)
OWN = """
systems:
  desk:
    names: {zh: [台式机], en: [Desk]}
    company: {zh: 我们, en: us}
    class: open
    build: tuned_open_weights
    weights: {state: open}
    filed: unknown
    reach: self_host
    reached: {zh: 自己的机器, en: a machine of ours}
    apis:
      local:
        adapter: openai
        base_url: http://127.0.0.1:9/v1
        models: [small]
        verified: high
        unverified: {zh: 无, en: nothing}
    sources: [our own]
"""


def own(folder, text):
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return Catalogue([path])


def endpoint(catalogue, day=DAY, **entry):
    options = filled(entry, catalogue, day)
    options.pop("adapter")
    return OpenAIChat.model_validate(options)


def test_a_row_of_ones_own_is_added(tmp_path):
    catalogue = own(tmp_path, OWN)
    assert catalogue.ids()[-1] == "desk"
    assert endpoint(catalogue, **{"from": "desk"}).model == "small"
    assert catalogue.spelled("DESK") == ["desk"]


def test_a_row_of_ours_is_overridden_field_by_field(tmp_path):
    text = "systems:\n  deepseek:\n    apis: {compatible: {base_url: http://127.0.0.1:9/v1}}\n"
    ours, mine = Catalogue().system("deepseek"), own(tmp_path, text).system("deepseek")
    assert mine.apis["compatible"].base_url == "http://127.0.0.1:9/v1"
    assert mine.apis["compatible"].models == ours.apis["compatible"].models
    assert mine.prices == ours.prices


def test_a_list_of_a_row_is_replaced(tmp_path):
    text = "systems:\n  deepseek:\n    apis: {compatible: {models: [mine]}}\n    prices: []\n"
    row = own(tmp_path, text).system("deepseek")
    assert row.apis["compatible"].models == ("mine",)
    assert row.prices == ()


def test_a_later_file_overrides_an_earlier_one(tmp_path):
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text(OWN, encoding="utf-8")
    second.write_text("systems: {desk: {class: edge}}", encoding="utf-8")
    row = Catalogue([first, second]).system("desk")
    assert row.kind == "edge"
    assert row.usual_name("zh") == "台式机"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("class: open", "class: opne", "mine.yaml:6:5: systems.desk.class: input should be 'general'"),
        ("filed: unknown", "filled: unknown", "mine.yaml:9:5: systems.desk.filled: unknown key; did you mean 'filed'?"),
        ("filed: unknown", 'filed: "yes"', "filed: yes and no need filed_source:"),
        ("systems:", "system:", "mine.yaml:2:1: system: unknown key; did you mean 'systems'?"),
        ("reach: self_host", "reach: none_public", "reach: none_public and apis: contradict each other"),
        ("http://127.0.0.1:9/v1", "${DESK}", "an address that is not given here needs why:"),
        ("verified: high", "verified: surely", "systems.desk.apis.local.verified"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_file_of_ones_own_is_one_line_that_says_where(tmp_path, old, new, what):
    with pytest.raises(EndpointFileError) as caught:
        own(tmp_path, OWN.replace(old, new))
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mistake_in_an_override_is_told_at_the_users_own_line(tmp_path):
    with pytest.raises(EndpointFileError, match=r"mine\.yaml:3:5: systems\.deepseek\.class"):
        own(tmp_path, "systems:\n  deepseek:\n    class: big\n")


RATES = "currency: CNY, input: 1, output: 1"
READ = "as_of: 2026-01, source: s"


@pytest.mark.parametrize(
    ("prices", "what"),
    [
        (f"{{model: m, valid_from: 2026-01-01, price: {{{RATES}}}}}", "a price of the catalogue needs as_of and source"),
        (f"{{model: m, valid_from: 2026-01-01, price: {{currency: CNY, input: 0, output: 0, {READ}}}}}", "a rate of 0 is marked free: true"),
        (f"{{model: m, valid_from: 2026-01-01, free: true, price: {{{RATES}, {READ}}}}}", "a rate of 0 is marked free: true"),
        (f"{{model: m, valid_from: 2026-01-01, valid_to: 2026-01-01, price: {{{RATES}, {READ}}}}}", "valid_to 2026-01-01 is not after valid_from 2026-01-01"),
        (f"{{model: m, apis: [moon], valid_from: 2026-01-01, price: {{{RATES}, {READ}}}}}", "the price of m names no api of here: moon"),
        (f"{{model: m, valid_from: 2026-02-31, price: {{{RATES}, {READ}}}}}", "'2026-02-31' is no day"),
    ],
)  # fmt: skip
def test_a_price_that_contradicts_itself_is_refused(tmp_path, prices, what):
    with pytest.raises(EndpointFileError) as caught:
        own(tmp_path, OWN.replace("    sources:", f"    prices: [{prices}]\n    sources:"))
    assert what in str(caught.value)


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("valid_from: 2026-01-01", "valid_from: 2026-05-01", True),
        ("valid_from: 2026-01-01, valid_to: 2026-05-01", "valid_from: 2026-05-01", False),
        ("valid_from: 2026-01-01, valid_to: 2026-05-02", "valid_from: 2026-05-01", True),
        ("valid_from: 2026-01-01, apis: [local]", "valid_from: 2026-05-01", True),
        ("valid_from: 2026-01-01, when: {think: true}", "valid_from: 2026-05-01", False),
    ],
)
def test_two_prices_of_a_model_never_hold_at_once(tmp_path, first, second, clash):
    lines = ", ".join(
        f"{{model: m, {each}, price: {{{RATES}, {READ}}}}}" for each in (first, second)
    )
    text = OWN.replace("    sources:", f"    prices: [{lines}]\n    sources:")
    if not clash:
        assert len(own(tmp_path, text).system("desk").prices) == 2
        return
    with pytest.raises(EndpointFileError, match="two prices of m hold at once"):
        own(tmp_path, text)


def test_an_unknown_system_and_an_unknown_api_get_a_suggestion():
    with pytest.raises(EndpointFileError, match="no system 'deepseak'; did you mean 'deepseek'"):
        filled({"from": "deepseak"}, Catalogue(), DAY)
    with pytest.raises(EndpointFileError, match="no api 'nativ'; did you mean 'native'"):
        filled({"from": "alibaba-qwen", "api": "nativ"}, Catalogue(), DAY)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2026, 8, 16), None),
        (date(2026, 8, 17), 1.5),
        (date(2026, 9, 10), 1.5),
        (date(2026, 9, 11), 1.0),
        (DAY, 1.0),
    ],
)
def test_a_price_counts_from_its_first_day_up_to_its_last_which_is_no_part(day, rate):
    made = endpoint(Catalogue(), day, **{"from": "deepseek", "model": "deepseek-v4-flash"})
    assert (made.price.input if made.price else None) == rate


def test_a_price_of_long_ago_is_never_used():
    for model in ("V1.5", "4.0Ultra"):
        assert endpoint(Catalogue(), **{"from": "iflytek-spark", "model": model}).price is None


def test_the_currency_is_that_of_the_place_that_is_asked():
    at_home = endpoint(Catalogue(), **{"from": "alibaba-qwen"})
    abroad = endpoint(Catalogue(), **{"from": "alibaba-qwen", "api": "singapore"})
    assert (at_home.price.currency, abroad.price.currency) == ("CNY", "USD")
    assert (at_home.data.residency, abroad.data.residency) == ("CN", "SG")


def test_thinking_has_the_price_of_thinking():
    """Source: the price card of qwen-plus, 2026-09-27: output 2 without and 8 with thinking, up to 128K of input."""
    plain = endpoint(Catalogue(), **{"from": "alibaba-qwen", "model": "qwen-plus"})
    thinking = endpoint(
        Catalogue(),
        **{"from": "alibaba-qwen", "model": "qwen-plus", "params": {"enable_thinking": True}},
    )
    assert plain.price.tiers[0].output == 2
    assert thinking.price.tiers[0].output == 8


def told(system, model, params, **more):
    """What is sent of the parameters that are asked, and with which quirks."""
    made = endpoint(Catalogue(), **{"from": system, "model": model, "params": params, **more})
    return made, "; ".join(made.adjustments())


@pytest.mark.parametrize(
    ("system", "model", "params", "adjusted"),
    [
        ("alibaba-qwen", "qwen-plus", {"temperature": 2, "top_p": 0}, "temperature: asked 2, sent 1.99; top_p: asked 0, sent 0.01"),
        ("zhipu-glm", "glm-4-plus", {"temperature": 0, "top_p": 1}, "temperature: asked 0, sent 0.01; top_p: asked 1, sent 0.99"),
        ("zhipu-glm", "glm-5.3", {"temperature": 0, "top_p": 1}, ""),
        ("baichuan", "Baichuan-M3", {"temperature": 1.5, "top_p": 1, "top_k": 50}, "temperature: asked 1.5, sent 1; top_p: asked 1, sent 0.99; top_k: asked 50, sent 20"),
        ("openai", "gpt-5.5", {"temperature": 0}, "temperature: asked 0, not sent: fixed at 1"),
        ("openai", "gpt-4.1", {"temperature": 0}, ""),
        ("tencent-hunyuan", "hy3", {"temperature": 3}, "temperature: asked 3, sent 2"),
        ("iflytek-spark", "lite", {"temperature": 0}, "temperature: asked 0, sent 0.01"),
    ],
)  # fmt: skip
def test_each_model_has_the_rules_that_its_vendor_documents(system, model, params, adjusted):
    assert told(system, model, params)[1].removesuffix("; search: off") == adjusted


def test_a_model_with_a_fixed_temperature_is_sent_none(monkeypatch):
    monkeypatch.setenv("SPARK_X25_BASE_URL", "http://127.0.0.1:9/v1")
    made, adjusted = told("iflytek-spark", "spark-x2.5", {"top_p": 0.5}, api="x2.5")
    assert (
        adjusted
        == "temperature: asked 0, not sent: fixed at 1; top_p: asked 0.5, not sent: fixed at 0.95"
    )
    assert made.quirks.max_tokens_name == "max_completion_tokens"


def test_reasoning_models_of_openai_take_other_names():
    quirks = told("openai", "gpt-5.5", {})[0].quirks
    assert (quirks.system, quirks.max_tokens_name, quirks.stop) == (
        "developer",
        "max_completion_tokens",
        False,
    )
    assert told("openai", "gpt-4o", {})[0].quirks.system == "native"


@pytest.mark.parametrize(
    ("system", "model", "off"),
    [
        ("alibaba-qwen", "qwen-plus", {"enable_search": False}),
        ("tencent-hunyuan", "hy3", {"enable_enhancement": False}),
        ("baichuan", "Baichuan4-Turbo", {"with_search_enhance": False}),
        ("iflytek-spark", "4.0Ultra", {"tools": [{"type": "web_search", "web_search": {"enable": False}}]}),
        ("iflytek-spark", "lite", None),
    ],
)  # fmt: skip
def test_a_vendors_own_search_is_switched_off_by_its_own_field(system, model, off):
    made = told(system, model, {})[0]
    assert made.search == "off"
    assert made.quirks.search.get("off") == off


def test_instructions_are_folded_for_the_models_that_take_none():
    assert told("iflytek-spark", "lite", {})[0].quirks.system == "fold"
    assert told("iflytek-spark", "4.0Ultra", {})[0].quirks.system == "native"


def test_an_open_model_that_thinks_by_default_is_asked_not_to():
    assert told("alibaba-qwen", "qwen3-8b", {})[0].params == {"enable_thinking": False}
    assert told("alibaba-qwen", "qwen3-8b", {"enable_thinking": True})[0].params == {"enable_thinking": True}  # fmt: skip


def test_what_is_hosted_oneself_is_here_and_open():
    options = filled({"from": "meta-llama"}, Catalogue(), DAY)
    assert options["data"]["residency"] == "here"
    assert options["data"]["deployment"] == "private"
    assert options["data"]["weights"] == "open"


def test_a_run_without_the_catalogue_does_not_read_it():
    code = (
        "import sys; from bench.endpoints.file import load_endpoints; load_endpoints(None);"
        "assert not [each for each in sys.modules if each.startswith('bench.endpoints.catalogue')]"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


LEAVES = st.integers() | st.lists(st.integers())
TREES = st.dictionaries(
    st.sampled_from("abcd"),
    st.recursive(
        LEAVES, lambda inner: st.dictionaries(st.sampled_from("abcd"), inner), max_leaves=8
    ),
)


@given(TREES, TREES)
def test_merging_is_settled_by_what_comes_after(before, after):
    both = merged(before, after)
    assert merged(both, after) == both
    assert merged(before, before) == before
    assert set(both) == set(before) | set(after)
    assert all(both[key] == before[key] for key in set(before) - set(after))
