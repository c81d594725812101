from datetime import date

import pytest

from bench.endpoints.file import load_endpoints
from bench.endpoints.none_public import NonePublic
from bench.errors import EndpointFileError
from bench.strategies.candidate import candidates


def loaded(folder, text):
    path = folder / "endpoints.yaml"
    path.write_text(text, encoding="utf-8")
    return load_endpoints(path)


GOOD = """
endpoints:
  desk:
    adapter: openai
    base_url: http://127.0.0.1:8000/v1
    model: qwen3-8b
    limits: {concurrency: 64, rpm: 600}
    price: {currency: CNY, input: 0.8, output: 2.0, as_of: "2026-09-27", source: list}
strategies:
  five: {few_shot: {k: 5}}
"""


def test_without_a_file_the_embedded_candidates_run():
    assert load_endpoints(None).candidates == ("gemma/direct", "gemma/few_shot", "baseline")


def test_a_file_runs_its_own_endpoints_and_may_name_the_built_in_ones(tmp_path):
    file = loaded(tmp_path, GOOD)
    assert file.candidates == ("desk",)
    names = [each.name for each in candidates(("desk/five", "baseline"), file)]
    assert names == ["desk/five", "baseline"]


def test_a_named_strategy_carries_its_options(tmp_path):
    (candidate,) = candidates(("desk/five",), loaded(tmp_path, GOOD))
    assert candidate.strategy.k == 5


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("endpoints: {}\n", "endpoints.yaml:1:1: endpoints: at least one endpoint"),
        ("endpoint:\n  a: 1\n", "endpoints.yaml:1:1: endpoint: unknown key; did you mean 'endpoints'?"),
        (GOOD.replace("openai", "opnai"), "no adapter is called 'opnai'; did you mean 'openai'?"),
        (GOOD.replace("base_url:", "base_ulr:"), "endpoints.yaml:5:5: endpoints.desk.base_ulr: unknown key; did you mean 'base_url'?"),
        (GOOD.replace("model: qwen3-8b", "api_key: sk-1"), "endpoints.desk.api_key: a key is never written here"),
        (GOOD.replace("model: qwen3-8b", "model: q\n    api_key_env: sk-12345"), "must be the name of an environment variable"),
        (GOOD.replace("http://", "ftp://"), "no http/https address"),
        (GOOD.replace("http://", "http://u:p@"), "use api_key_env"),
        (GOOD.replace("concurrency: 64", "concurrency: 0"), "greater than or equal to 1"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_that_says_where_and_what(tmp_path, text, what):
    with pytest.raises(EndpointFileError) as caught:
        loaded(tmp_path, text)
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("dsk", "did you mean 'desk'?"),
        ("desk/few_shots", "did you mean 'few_shot'?"),
        ("desk,desk", ""),
    ],
)
def test_an_unknown_candidate_gets_a_suggestion(tmp_path, name, what):
    with pytest.raises(EndpointFileError, match="candidate") as caught:
        candidates(tuple(name.split(",")), loaded(tmp_path, GOOD))
    assert what in str(caught.value)


def test_a_model_file_that_is_absent_is_one_line(tmp_path):
    file = loaded(tmp_path, "endpoints:\n  own: {adapter: llamacpp, model_file: none.gguf}\n")
    with pytest.raises(
        EndpointFileError, match=r"none\.gguf: no such model file; name a GGUF file"
    ):
        file.endpoints["own"].weights()


def test_a_file_that_is_no_model_is_one_line(tmp_path):
    (tmp_path / "a.gguf").write_bytes(b"not a model")
    file = loaded(tmp_path, "endpoints:\n  own: {adapter: llamacpp, model_file: a.gguf}\n")
    with pytest.raises(EndpointFileError, match="not a GGUF file"):
        file.endpoints["own"].weights()


def test_a_recording_with_a_bad_line_names_it(tmp_path):
    (tmp_path / "r.jsonl").write_text(
        '{"item": "a", "output": "x"}\n{"item": "b", "outptu": "x"}\n'
    )
    file = loaded(tmp_path, "endpoints:\n  old: {adapter: replay, file: r.jsonl}\n")
    with pytest.raises(EndpointFileError, match=r"r\.jsonl:2:1: 1\.?.*"):
        file.endpoints["old"].check()


DAY = date(2026, 11, 22)


def from_catalogue(folder, entry, more=""):
    path = folder / "endpoints.yaml"
    path.write_text(f"{more}\nendpoints:\n  it: {entry}\n", encoding="utf-8")
    return load_endpoints(path, DAY)


def test_an_entry_from_the_catalogue_is_filled_in(tmp_path):
    """Source of the price: https://api-docs.deepseek.com/zh-cn/quick_start/pricing, off-peak, doubled in peak hours."""
    file = from_catalogue(tmp_path, "{from: deepseek, model: deepseek-v4-pro}")
    made = file.endpoints["it"]
    assert file.adapters["it"] == "openai"
    assert (made.base_url, made.api_key_env) == ("https://api.deepseek.com", "DEEPSEEK_API_KEY")
    assert (made.price.input, made.price.output, made.price.cached_input) == (4.5, 13.5, 0.15)
    assert made.price.hours[0].factor == 2
    assert (made.data.residency, made.data.filed) == ("CN", "yes")


def test_without_a_model_the_first_one_of_the_first_api_is_asked(tmp_path):
    made = from_catalogue(tmp_path, "{from: deepseek}").endpoints["it"]
    assert made.model == "deepseek-flash"
    assert made.price.input == 1


def test_what_an_entry_says_itself_wins_field_by_field(tmp_path):
    entry = (
        "{from: tencent-hunyuan, base_url: 'http://127.0.0.1:9/v1', limits: {rpm: 60}, data: {deployment: private},"
        " quirks: {max_messages: 6}, price: {currency: CNY, machine_hour: 3}}"
    )
    made = from_catalogue(tmp_path, entry).endpoints["it"]
    assert made.base_url == "http://127.0.0.1:9/v1"
    assert (made.limits.rpm, made.limits.concurrency) == (60, 5)
    assert (made.data.deployment, made.data.residency) == ("private", "unknown")
    assert (made.quirks.max_messages, made.quirks.alternate) == (6, True)
    assert (made.price.machine_hour, made.price.input, made.price.tiers) == (3, None, [])


def test_at_an_address_of_the_users_own_the_vendors_place_says_nothing(tmp_path):
    own = from_catalogue(tmp_path, "{from: tencent-hunyuan, base_url: 'http://gpu.internal/v1'}")
    assert own.endpoints["it"].data.residency == "unknown"
    assert "residency" not in own.endpoints["it"].data.model_fields_set
    theirs = from_catalogue(tmp_path, "{from: tencent-hunyuan}").endpoints["it"]
    assert (theirs.data.residency, theirs.data.deployment) == ("CN", "public")


def test_a_model_that_the_catalogue_does_not_know_is_asked_at_an_unknown_price(tmp_path):
    made = from_catalogue(tmp_path, "{from: alibaba-qwen, model: qwen9-max}").endpoints["it"]
    assert made.model == "qwen9-max"
    assert made.price is None
    assert made.quirks.params["temperature"].below == 2


def test_another_api_of_a_system_is_chosen_by_name(tmp_path):
    made = from_catalogue(tmp_path, "{from: deepseek, api: compatible_usd}").endpoints["it"]
    assert made.price.currency == "USD"


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("{from: depseek}", "endpoints.yaml:3:8: endpoints.it.from: the catalogue has no system 'depseek'; did you mean 'deepseek'?"),
        ("{from: deepseek, api: compatibel}", "endpoints.it.from: deepseek has no api 'compatibel'; did you mean 'compatible'?"),
        ("{from: deepseek, base_ulr: x}", "endpoints.it.base_ulr: unknown key; did you mean 'base_url'?"),
        ("{from: deepseek, api_key: sk-1}", "endpoints.it.api_key: a key is never written here"),
        ("{from: nio-nomi, base_ulr: x}", "endpoints.it.base_ulr: unknown key"),
        ("{model: x}", "endpoints.it: adapter: (or from:, a system of the catalogue) is missing"),
        ("{from: [deepseek]}", "endpoints.it.from: a name is expected"),
    ],
)  # fmt: skip
def test_a_mistake_in_an_entry_from_the_catalogue_says_where(tmp_path, entry, what):
    with pytest.raises(EndpointFileError) as caught:
        from_catalogue(tmp_path, entry)
    assert what in str(caught.value)


@pytest.mark.parametrize(
    ("system", "what"),
    [
        ("nio-nomi", "no public interface"),
        ("harvey", "adapter: replay or `bench score`"),
        ("deepmind-alphafold", "predicts protein structures"),
        ("midu-wenxiu", "export MIDU_WENXIU_BASE_URL or write base_url:"),
        ("jd-yanxi", "export JD_BASE_URL or write base_url:"),
    ],
)
def test_a_system_that_cannot_be_asked_says_so_when_it_is_checked(
    tmp_path, system, what, monkeypatch
):
    for name in ("MIDU_WENXIU_BASE_URL", "JD_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    made = from_catalogue(tmp_path, f"{{from: {system}}}").endpoints["it"]
    assert isinstance(made, NonePublic)
    with pytest.raises(EndpointFileError) as caught:
        made.check()
    assert what in str(caught.value)
    with pytest.raises(EndpointFileError):
        made.connect()


def test_a_product_is_asked_at_the_address_of_ones_own_deployment(tmp_path, monkeypatch):
    monkeypatch.setenv("MIDU_WENXIU_BASE_URL", "http://127.0.0.1:9/v1")
    made = from_catalogue(tmp_path, "{from: midu-wenxiu, model: checker}").endpoints["it"]
    assert made.base_url == "http://127.0.0.1:9/v1"
    made.check()


def test_a_system_without_an_api_may_be_asked_where_the_entry_says_how(tmp_path):
    entry = "{from: nio-nomi, adapter: openai, base_url: 'http://127.0.0.1:9/v1', model: m}"
    made = from_catalogue(tmp_path, entry).endpoints["it"]
    assert made.data.weights == "closed"
    made.check()


def test_a_catalogue_file_is_found_beside_the_endpoint_file(tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "systems: {deepseek: {apis: {compatible: {models: [mine]}}}}", encoding="utf-8"
    )
    file = from_catalogue(tmp_path, "{from: deepseek}", "catalogue: [mine.yaml]")
    assert file.endpoints["it"].model == "mine"
    with pytest.raises(EndpointFileError, match=r"none\.yaml: no such file"):
        from_catalogue(tmp_path, "{from: deepseek}", "catalogue: [none.yaml]")


def test_a_candidate_may_name_a_system_without_an_entry(tmp_path):
    (candidate,) = candidates(("deepseek/few_shot",), loaded(tmp_path, GOOD))
    assert candidate.adapter == "openai"
    assert candidate.endpoint.model == "deepseek-flash"
    with pytest.raises(EndpointFileError, match="did you mean 'deepseek'"):
        candidates(("depseek",), loaded(tmp_path, GOOD))
