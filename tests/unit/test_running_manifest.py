import os

import pytest

from bench.endpoints.openai_chat import OpenAIChat
from bench.endpoints.price import Price
from bench.endpoints.seam import Limits
from bench.errors import RunFolderError
from bench.running.manifest import NAME, manifest, read_manifest, write_manifest
from bench.running.plan import plan
from bench.running.run import prepare
from bench.strategies.candidate import Candidate
from bench.strategies.direct import Direct
from bench.strategies.few_shot import FewShot
from bench.suites.load import load
from tests.small_suite import written


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return load(str(written(tmp_path_factory.mktemp("suite"))))


def made(suite, name="a", strategy=None, seed=0, **told):
    endpoint = OpenAIChat.model_validate({"base_url": "http://127.0.0.1:9/v1", "model": "m"} | told)
    each = Candidate(name, name, "openai", endpoint, "direct", strategy or Direct())
    return manifest(plan([suite], [each], seed=seed), "run", None, None)


def test_a_manifest_survives_its_file(suite, tmp_path):
    told = made(suite, price=Price(currency="CNY", input=1, output=2))
    write_manifest(tmp_path, told)
    assert read_manifest(tmp_path) == told


def test_prices_limits_and_places_do_not_make_another_run(suite):
    dearer = made(
        suite,
        price=Price(currency="CNY", input=9, output=9),
        limits=Limits(concurrency=1),
        data={"residency": "here"},
    )
    assert made(suite).differences(dearer) == []


def test_what_is_continued_is_recorded_at_the_new_price(suite, tmp_path):
    then = made(suite, price=Price(currency="CNY", input=1, output=2))
    now = made(suite, price=Price(currency="CNY", input=9, output=9), limits=Limits(concurrency=1))
    write_manifest(tmp_path, then)
    current = prepare(tmp_path, now, resume=True, retry_failed=False)
    assert current == read_manifest(tmp_path)
    assert current.candidates["a"].price == now.candidates["a"].price
    assert current.candidates["a"].limits == now.candidates["a"].limits
    assert current.started == then.started


def test_costs_of_two_currencies_are_not_one_run(suite):
    yuan = made(suite, price=Price(currency="CNY", input=1, output=2))
    entry = yuan.candidates["a"]
    dollars = yuan.model_copy(
        update={
            "candidates": {
                "a": entry.model_copy(update={"price": entry.price | {"currency": "USD"}})
            }
        }
    )
    assert yuan.differences(dollars) == ["candidate 'a': priced in CNY then, USD now"]
    assert yuan.differences(made(suite)) == ["candidate 'a': priced in CNY then, None now"]


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"model": "n"}, "candidate 'a': endpoint.model changed"),
        ({"params": {"temperature": 1}}, "candidate 'a': endpoint.params.temperature changed"),
        ({"strategy": FewShot(k=2)}, "candidate 'a': options.k changed"),
        ({"seed": 1}, "seed: 0 then, 1 now"),
        ({"name": "b"}, "candidate 'a' is gone"),
    ],
)
def test_what_makes_another_run_is_named(suite, other, what):
    assert what in made(suite).differences(made(suite, **other))


def test_a_changed_suite_is_named_with_its_part(suite, tmp_path):
    other = load(str(written(tmp_path, change=lambda told: told["prompt"].update(system="Other."))))
    assert made(suite).differences(made(other)) == ["suite 'small': its prompt changed"]


def test_a_key_is_not_written(suite, tmp_path, monkeypatch):
    monkeypatch.setenv("STUB_KEY", "sk-very-secret")
    write_manifest(tmp_path, made(suite, api_key_env="STUB_KEY"))
    assert "sk-very-secret" not in (tmp_path / NAME).read_text(encoding="utf-8")


def test_a_folder_without_a_manifest_or_with_a_broken_one_is_one_line(tmp_path):
    with pytest.raises(RunFolderError, match=r"holds no run \(run\.json is missing\)"):
        read_manifest(tmp_path)
    (tmp_path / NAME).write_text('{"id": 3')
    with pytest.raises(RunFolderError, match=r"run\.json: cannot be read"):
        read_manifest(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_one_line(suite, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(RunFolderError, match="Permission denied"):
        write_manifest(tmp_path, made(suite))


def test_what_is_not_sent_as_asked_is_kept_with_the_candidate(suite):
    quirks = {"params": {"temperature": {"above": 0}}, "search": {"off": {"enable_search": False}}}
    (entry,) = made(suite, quirks=quirks).candidates.values()
    assert entry.adjusted == ("temperature: asked 0, sent 0.01", "search: off")


@pytest.mark.parametrize(
    ("asked", "answered", "told"),
    [
        ("m", ["m"], {}),
        ("gpt-4o", ["gpt-4o-2024-08-06"], {}),
        ("Qwen-Max", ["qwen-max"], {}),
        ("m", [], {}),
        ("Baichuan2-Turbo", ["Baichuan3-Turbo-128k"], {"a": ("Baichuan2-Turbo", ["Baichuan3-Turbo-128k"])}),
        ("m-1", ["m-1", "other"], {"a": ("m-1", ["other"])}),
    ],
)  # fmt: skip
def test_another_model_than_the_one_that_was_asked_for_is_told(suite, asked, answered, told):
    """Baichuan's silent rerouting is the fifth (https://platform.baichuan-ai.com/docs/api)."""
    run = made(suite, model=asked).model_copy(update={"models_that_answered": {"a": answered}})
    assert run.rerouted() == told
