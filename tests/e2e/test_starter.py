import json
import shlex

import jsonschema
import pytest

from bench.files.yaml_source import read_yaml
from bench.suites.locate import suite_names, suite_path
from tests.small_suite import endpoints, written
from tests.stub_server import StubServer


def test_what_init_prints_works_as_printed_and_needs_no_network(bench, tmp_path):
    made = bench("init", "mine")
    assert made.returncode == 0, made.stderr
    typed = [shlex.split(line) for line in made.stdout.splitlines() if line.startswith("  bench ")]
    assert [line[:2] for line in typed] == [["bench", "check"], ["bench", "run"]]
    checked = bench(*typed[0][1:])
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.splitlines()[0].endswith(": ok")
    ran = bench(*typed[1][1:])
    assert ran.returncode == 0, ran.stderr
    (run,) = (tmp_path / "results").glob("*/run.json")
    asked = json.loads(run.read_text())["candidates"]
    assert {each["adapter"] for each in asked.values()} == {"replay"}


def test_init_leaves_a_folder_that_is_not_empty_alone(bench, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("dear")
    done = bench("init", "mine")
    assert (done.returncode, done.stderr) == (2, "bench: mine: is not empty; name another folder\n")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_a_plan_counts_everything_and_sends_nothing(bench, tmp_path):
    written(tmp_path / "s")
    with StubServer() as server:
        price = {"currency": "CNY", "input": 1.0, "output": 2.0, "per": 1000}
        endpoints(tmp_path, server.url, price=price)
        told = bench("plan", "s", "--endpoints", "endpoints.yaml", "--repeats", "2")
        assert server.requests == []
    assert told.returncode == 0
    head, row, _, last = told.stdout.splitlines()
    assert head.split()[:4] == ["suite", "candidate", "trials", "requests"]
    assert row.split()[:4] == ["small", "stub", "24", "24"]
    assert "CNY" in row
    assert last.startswith("24 trials.")
    assert last.endswith("Nothing was sent.")
    assert {path.name for path in tmp_path.iterdir()} == {"s", "endpoints.yaml"}


@pytest.fixture(scope="module")
def schemas(tmp_path_factory):
    from tests.e2e.command import command

    folder = tmp_path_factory.mktemp("schemas")
    done = command(folder, "schema", "--out", "schemas")
    assert done.returncode == 0, done.stderr
    return {path.name.split(".")[0]: json.loads(path.read_text()) for path in (folder / "schemas").iterdir()}  # fmt: skip


def test_every_schema_is_a_schema(schemas):
    assert schemas.keys() == {"suite", "items", "examples", "calibration", "planted", "endpoints", "assumptions", "summary", "check", "counts", "catalogue", "policy", "gate", "outcomes", "gate_report"}  # fmt: skip
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", suite_names())
def test_the_schemas_accept_the_built_in_suites(schemas, name):
    suite = read_yaml(suite_path(name))
    files = [("suite", suite.data)]
    for part in ("items", "examples", "calibration", "planted"):
        named = suite.data.get(part, [])
        paths = [
            suite.path.parent / each for each in ([named] if isinstance(named, str) else named)
        ]
        files += [(part, read_yaml(path).data) for path in paths if path.suffix == ".yaml"]
    assert len(dict(files)) >= 3
    for part, data in files:
        jsonschema.Draft202012Validator(schemas[part]).validate(data)


@pytest.mark.parametrize(
    ("schema", "wrong"),
    [
        ("suite", {"suite": "x"}),
        ("endpoints", {"endpoints": {"x": {"adapter": "openai"}}}),
        ("items", [{"id": "a"}]),
        ("planted", [{"defect": "a", "title": {"zh": "甲", "en": "a"}, "mutation": "replac"}]),
    ],
)
def test_the_schemas_refuse_what_is_none(schemas, schema, wrong):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schemas[schema]).validate(wrong)
