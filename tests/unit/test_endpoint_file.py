import pytest

from bench.endpoints.file import load_endpoints
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
        (GOOD.replace("http://", "ftp://"), "is no http(s) address"),
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
