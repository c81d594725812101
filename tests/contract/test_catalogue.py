"""What every row of the catalogue keeps to, whoever adds one."""

import re
from datetime import date

import jsonschema
import pytest

from bench.cli.file_schemas import file_schemas
from bench.endpoints.catalogue.entry import filled
from bench.endpoints.catalogue.load import BUILT_IN, Catalogue, built_in_ids
from bench.endpoints.none_public import NonePublic
from bench.files.yaml_source import read_yaml
from bench.registry import ADAPTERS
from bench.suites.seeds import seed_entries

CATALOGUE = Catalogue()
DAY = date(2026, 11, 22)
NAMED_BY_THE_SEEDS = {
    "iflytek-spark", "baidu-qianfan", "alibaba-qwen", "sensetime-sensenova", "qihoo-360", "tencent-hunyuan",
    "huawei-pangu", "kunlun-tiangong", "netease-yuyan", "jd-yanxi", "duxiaoman-xuanyuan", "vivo-bluelm", "zhipu-glm",
    "baichuan", "midu-wenxiu", "ronglian-chitu", "yonyou-yongpt", "nio-nomi", "xieyi", "openai", "meta-llama",
    "stanford-alpaca", "bigscience-bloom", "bloomberggpt", "harvey", "deepmind-alphafold", "others-seed",
}  # fmt: skip
DOCUMENTS = [name for name, entry in seed_entries().items() if "publisher" in entry]
SYSTEMS = {name: entry for name, entry in seed_entries().items() if name.startswith("system-")}
APIS = [(name, api) for name in built_in_ids() for api in CATALOGUE.system(name).apis]
PRICES = [(name, line) for name in built_in_ids() for line in CATALOGUE.system(name).prices]


def listed(value):
    return value if isinstance(value, list) else [value]


def printed_at(entry):
    """(document, phrase) pairs of an entry of the digest."""
    documents, phrases = listed(entry["document"]), listed(entry["where"])
    return set(zip(documents * (len(phrases) if len(documents) == 1 else 1), phrases, strict=True))


def variables_of(row):
    """The environment variables that an api's address and options are read from."""
    return re.findall(r"\$\{(\w+)\}", f"{row.base_url} {row.options}")


def built(name, api, monkeypatch, **more):
    """The endpoint that an entry is filled in to, every address given."""
    row = CATALOGUE.system(name).apis[api]
    for variable in variables_of(row):
        is_all = row.base_url == f"${{{variable}}}"
        monkeypatch.setenv(variable, "http://127.0.0.1:9/v1" if is_all else "place")
    entry = {"from": name, "api": api} | more
    if not row.models and "model" in ADAPTERS.load(row.adapter).model_fields:
        entry |= {"model": "m"}
    options = filled(entry, CATALOGUE, DAY)
    return ADAPTERS.load(options.pop("adapter")), options


def test_no_system_that_the_documents_name_has_lost_its_row():
    assert set(built_in_ids()) >= NAMED_BY_THE_SEEDS | {"deepseek"}


@pytest.mark.parametrize("entry", SYSTEMS)
def test_every_system_of_the_digest_has_a_row_that_goes_by_all_its_names(entry):
    rows = [
        CATALOGUE.system(name)
        for name in built_in_ids()
        if any(each.entry == entry for each in CATALOGUE.system(name).seeds)
    ]
    names = {each.casefold() for row in rows for each in (*row.names.zh, *row.names.en)}
    wanted = {each.casefold() for key in ("zh", "en") for each in SYSTEMS[entry]["names"][key]}
    assert rows
    assert wanted <= names


@pytest.mark.parametrize("name", built_in_ids())
def test_every_seed_reference_is_printed_where_it_says(name):
    for each in CATALOGUE.system(name).seeds:
        assert (each.document, each.wording) in printed_at(SYSTEMS[each.entry])
        assert each.number == f"{DOCUMENTS.index(each.document):03d}"


@pytest.mark.parametrize(("name", "api"), APIS)
def test_every_api_names_an_adapter_that_there_is(name, api):
    assert CATALOGUE.system(name).apis[api].adapter in ADAPTERS.names()


@pytest.mark.parametrize(("name", "api"), APIS)
def test_every_api_is_filled_in_to_an_endpoint_of_its_adapter(name, api, monkeypatch):
    adapter, options = built(name, api, monkeypatch)
    endpoint = adapter.model_validate(options)
    assert not isinstance(endpoint, NonePublic)
    assert "$" not in str(options)


@pytest.mark.parametrize(("name", "api"), APIS)
def test_every_option_and_parameter_of_an_api_is_one_of_its_adapter(name, api):
    row = CATALOGUE.system(name).apis[api]
    adapter = ADAPTERS.load(row.adapter)
    assert set(row.options) <= set(adapter.model_fields)
    assert all(
        re.fullmatch(r"[A-Z][A-Z0-9_]*", str(value))
        for key, value in row.options.items()
        if key.endswith("_env")
    )
    if row.models:
        assert row.model_option in adapter.model_fields


@pytest.mark.parametrize(("name", "api"), APIS)
def test_what_an_adapter_knows_of_its_own_wire_does_not_contradict_the_row(name, api):
    row = CATALOGUE.system(name).apis[api]
    shape = getattr(ADAPTERS.load(row.adapter), "shape", None)
    if shape is None:
        return
    ours = row.quirks.model_dump(exclude_unset=True, exclude={"params", "search", "success_codes"})
    assert {field: getattr(shape, field) for field in ours} == ours


@pytest.mark.parametrize("name", built_in_ids())
def test_every_pattern_of_a_rule_could_match_a_model(name):
    for api in CATALOGUE.system(name).apis.values():
        for rule in api.rules:
            assert all(re.fullmatch(r"[\w.*-]+", pattern) for pattern in rule.models)


@pytest.mark.parametrize("name", built_in_ids())
def test_every_row_has_sources_and_speaks_both_languages(name):
    row = CATALOGUE.system(name)
    assert row.sources
    texts = [row.company, row.reached, *row.notes]
    texts += [text for api in row.apis.values() for text in (api.unverified, *api.notes)]
    texts += [api.why for api in row.apis.values() if api.why]
    assert all(text.zh.strip() and text.en.strip() for text in texts)
    assert not row.reached.en.endswith(".")
    assert not row.reached.zh.endswith("。")


@pytest.mark.parametrize(("name", "line"), PRICES)
def test_every_price_is_positive_or_free_and_was_read_on_a_day_on_which_it_holds(name, line):
    rates = [rate for _, step in line.price.steps for rate in (step.input, step.output)]
    assert all(rate is not None and (rate > 0 or line.free) for rate in rates)
    read = line.price.as_of
    assert line.valid_from[: len(read)] <= read
    assert line.valid_to is None or read < line.valid_to
    assert line.price.source
    assert line.valid_from <= DAY.isoformat()


@pytest.mark.parametrize("name", built_in_ids())
def test_a_row_without_an_api_says_why_before_anything_is_sent(name):
    row = CATALOGUE.system(name)
    if row.apis:
        return
    options = filled({"from": name}, CATALOGUE, DAY)
    assert options["adapter"] == "none_public"
    assert row.reached.en in options["sentence"]
    assert "\n" not in options["sentence"]


@pytest.mark.parametrize("name", built_in_ids())
def test_what_needs_an_address_of_ones_own_names_the_variable_that_holds_it(name, monkeypatch):
    for key, api in CATALOGUE.system(name).apis.items():
        variables = variables_of(api)
        for variable in variables:
            monkeypatch.delenv(variable, raising=False)
        if variables:
            options = filled({"from": name, "api": key, "model": "m"}, CATALOGUE, DAY)
            assert options["adapter"] == "none_public"
            assert all(variable in options["sentence"] for variable in variables)
            assert "base_url:" in options["sentence"]


def test_the_published_schemas_accept_every_row_an_override_and_an_entry_that_names_a_row():
    schemas = file_schemas()
    rows = jsonschema.Draft202012Validator(schemas["catalogue"])
    for path in sorted(BUILT_IN.glob("*.yaml")):
        rows.validate(read_yaml(path).data)
    rows.validate({"systems": {"deepseek": {"apis": {"compatible": {"models": ["mine"]}}}}})
    entries = jsonschema.Draft202012Validator(schemas["endpoints"])
    entries.validate({"catalogue": ["mine.yaml"], "endpoints": {"it": {"from": "deepseek"}}})
    assert not entries.is_valid({"endpoints": {"it": {"model": "m"}}})
    assert not rows.is_valid({"systems": {"deepseek": {"class": "big"}}})


@pytest.mark.parametrize("name", built_in_ids())
def test_a_vendors_codes_mean_the_same_on_each_of_its_wires(name):
    apis = CATALOGUE.system(name).apis.values()
    tables = [api.quirks.errors for api in apis if api.quirks.errors]
    for api in apis:
        tables += [each.codes for each in getattr(ADAPTERS.load(api.adapter), "tables", ())]
    for code in {each for table in tables for each in table}:
        assert len({table[code] for table in tables if code in table}) == 1, code
