"""What the command says of each system of the catalogue, and that those which can be asked are."""

import contextlib
import json
import re

import pytest
import yaml

from bench.cli.catalogue_view import paste
from bench.endpoints.catalogue.load import built_in_ids
from bench.endpoints.file import load_endpoints
from bench.endpoints.none_public import NonePublic
from bench.wording.columns import width
from tests.e2e.command import command, complaint, judged, lines, together
from tests.external.servers import LLAMA_KEY, llama_server, needs_llama
from tests.reached_system import APIS, CATALOGUE, FX, reached, simulation
from tests.small_suite import item, written

FIRST = {name: next(iter(CATALOGUE.system(name).apis.values()), None) for name in built_in_ids()}
UNREACHED = [
    name for name, api in FIRST.items() if api is None or api.base_url is None or "${" in api.base_url
]  # fmt: skip
ASKED = [
    ("alibaba-qwen", "compatible", "qwen3-8b"),
    ("tencent-hunyuan", "native", "hy3"),
    ("iflytek-spark", "websocket", "lite"),
    ("kunlun-tiangong", "skychat", None),
    ("bigscience-bloom", "self_hosted", "bigscience/bloomz-7b1"),
    ("meta-llama", "ollama", "llama3.1:8b"),
    ("huawei-pangu", "pangulm_v2", None),
]


def test_a_system_that_cannot_be_asked_ends_a_run_with_a_sentence_that_says_how_to_go_on(tmp_path):
    written(tmp_path / "s", [item(1)])

    def run(name):
        return lambda: command(tmp_path, "run", "s", "--candidates", name, "--out", f"r-{name}")

    ended = together(*map(run, UNREACHED))
    for name, done in zip(UNREACHED, ended, strict=True):
        said, system = complaint(done), CATALOGUE.system(name)
        assert f"'{name}': {name} ({system.usual_name('zh')}, {system.company.en}" in said
        assert not (tmp_path / f"r-{name}").exists()
        if system.reach in ("import", "none_public"):
            assert "bring its recorded answers in by adapter: replay or `bench score`" in said
        if system.apis:
            assert FIRST[name].why.en in said
            assert "_BASE_URL or write base_url:" in said
        else:
            assert system.reached.en in said


def test_every_system_is_reached_by_asking_importing_or_a_clear_no():
    for name in built_in_ids():
        system = CATALOGUE.system(name)
        if system.reach in ("none_public", "out_of_scope"):
            assert FIRST[name] is None
        elif system.reach != "import":
            assert FIRST[name] is not None
    assert {name for name, _ in APIS} | set(UNREACHED) == set(built_in_ids())


def test_systems_of_every_kind_of_wire_are_asked_by_one_command(tmp_path, monkeypatch):
    written(tmp_path / "s", [item(1), item(2)])
    with contextlib.ExitStack() as stack:
        entries = {}
        for name, api, model in ASKED:
            system = stack.enter_context(reached(name, api, tmp_path, monkeypatch))
            entries[name] = system.entry(model)
        told = {"endpoints": entries, "fx": FX}
        (tmp_path / "endpoints.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
        done = command(tmp_path, "run", "s", "--endpoints", "endpoints.yaml", "--out", "r")
    assert done.returncode == 0, done.stderr
    answers = lines(tmp_path / "r")
    assert len(answers) == 2 * len(ASKED)
    assert {answer["state"] for answer in answers} == {"answered"}
    for name, _, _ in ASKED:
        assert judged(tmp_path / "r", name)["usage"]


@needs_llama
@pytest.mark.local_model
def test_a_row_of_each_wire_of_open_weights_is_answered_by_a_server_that_nobody_here_wrote(
    tmp_path,
):
    written(tmp_path / "s", [item(1)])
    hosted = {CATALOGUE.system(name).apis[api].adapter: (name, api) for name, api in APIS if CATALOGUE.system(name).apis[api].tested == "server"}  # fmt: skip
    with llama_server() as address:
        entries = {
            f"{name}-{api}": {"from": name, "api": api, "base_url": f"{address}/v1", "api_key_env": "LLAMA_KEY"}
            for name, api in hosted.values()
        }  # fmt: skip
        told = yaml.safe_dump({"endpoints": entries})
        (tmp_path / "endpoints.yaml").write_text(told, encoding="utf-8")
        run = ("run", "s", "--endpoints", "endpoints.yaml", "--out", "r")
        done = command(tmp_path, *run, LLAMA_KEY=LLAMA_KEY)
    assert done.returncode == 0, done.stderr
    assert {each["state"] for each in lines(tmp_path / "r")} <= {"answered", "truncated"}
    assert len(entries) == len(lines(tmp_path / "r")) == 2


@pytest.mark.parametrize("name", [name for name in built_in_ids() if CATALOGUE.system(name).apis])
def test_the_entry_that_is_printed_can_be_pasted_into_an_endpoint_file(name, tmp_path):
    told = yaml.safe_dump(paste(name, CATALOGUE.system(name)), allow_unicode=True)
    path = tmp_path / "endpoints.yaml"
    path.write_text(told, encoding="utf-8")
    endpoint = load_endpoints(path).endpoints[name]
    assert not isinstance(endpoint, NonePublic)


def test_what_a_row_was_tried_on_is_what_these_tests_try_it_on(tmp_path):
    for name, api in APIS:
        row = CATALOGUE.system(name).apis[api]
        assert simulation(name, api, row)
        # llama.cpp speaks these two wires, above and in test_wires_of_a_real_server.py
        assert (row.tested == "server") == (row.adapter in ("vllm", "completions"))
    rows = json.loads(command(tmp_path, "models", "list", "--json").stdout)
    for row in rows:
        first = FIRST[row["id"]]
        assert row["tested"] == (first.tested if first else None)
        assert set(row["unverified"]) == set(CATALOGUE.system(row["id"]).apis)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_cell_of_the_list_overruns_its_column_and_every_system_is_in_a_group(tmp_path, lang):
    told = command(tmp_path, "models", "list", "--lang", lang).stdout
    table, groups, *_ = told.split("\n\n")
    head, *rows = table.splitlines()[1:]
    begins = [len(columns(head[: found.start()])) for found in re.finditer(r"(?<=  )\S", head)]
    assert len(begins) == 7
    assert max(map(width, [head, *rows])) <= 130
    for line in rows:
        assert all(columns(line)[at - 2 : at].strip(" ") == "" for at in begins), line
    assert all(name in table and name in " ".join(groups.split()) for name in built_in_ids())


def columns(text):
    """A text in which each character is one column wide."""
    return "".join(each + "\0" * (width(each) - 1) for each in text)
