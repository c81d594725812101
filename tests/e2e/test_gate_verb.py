"""`bench gate` as CI runs it: exit codes, files, one line for every mistake, and no model asked."""

import json
import xml.etree.ElementTree as ET

import pytest
import yaml

from tests.e2e.command import RUN, answering, command, complaint, last_line
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer

ITEMS = [item(at) for at in range(40)]
STRICT = {"policy": "strict", "default": {"value": {"may_fall_by": 5}, "harm": {"may_worsen_by": 0.1}}}  # fmt: skip


def made(folder, run, text):
    """A run whose every answer is `text`."""
    with StubServer(answering(text)) as server:
        endpoints(folder, server.url)
        done = command(folder, *RUN[:-1], run, "--no-cache", "--quiet")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A folder with the runs `good`, `same` and `bad`, and the baseline `main` of `good`."""
    folder = tmp_path_factory.mktemp("gate")
    written(folder / "s", ITEMS)
    for run, text in (("good", "42"), ("same", "42"), ("bad", "41")):
        made(folder, run, text)
    done = command(folder, "baseline", "set", "good", "--by", "a tester")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_same_answers_pass_with_exit_code_0(runs):
    done = command(runs, "gate", "same", "--against", "main", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "pass" in done.stdout.splitlines()[0].lower()


def test_a_regression_fails_with_exit_code_1_and_a_reason_in_money(runs):
    done = command(runs, "gate", "bad", "--against", "main", "--lang", "en")
    assert done.returncode == 1, done.stderr
    assert "value per 100 items fell by ¥80,000" in done.stdout
    assert "41" in done.stdout  # what was answered instead


def test_the_gate_speaks_chinese_too(runs):
    done = command(runs, "gate", "bad", "--against", "main")
    assert done.returncode == 1
    assert "不通过" in done.stdout


def test_a_run_may_be_held_against_a_runs_folder_and_a_file(runs):
    for against in ("good", "baselines/main.json", "good/outcomes.json"):
        assert command(runs, "gate", "same", "--against", against).returncode == 0


def test_every_file_that_was_asked_for_is_written_and_agrees(runs, tmp_path):
    told = {name: tmp_path / name for name in ("junit", "markdown", "gitlab", "json")}
    options = [part for name, path in told.items() for part in (f"--{name}", path)]
    done = command(runs, "gate", "bad", "--against", "main", *options)
    assert done.returncode == 1, done.stderr
    report = json.loads(told["json"].read_text())
    assert report["status"] == "fail"
    (suite,) = ET.parse(told["junit"]).getroot().iter("testsuite")
    counted = [each for each in report["contrasts"][0]["criteria"] if each["status"] == "fail" and each["enforced"]]  # fmt: skip
    assert int(suite.get("failures")) == len(counted) > 0
    assert len(json.loads(told["gitlab"].read_text())) > 0
    assert "<!-- bench-gate -->" in told["markdown"].read_text()


def test_it_asks_no_model_and_needs_neither_suite_nor_endpoint(runs, tmp_path):
    """Two files are enough: another machine may hold the line."""
    (tmp_path / "run").mkdir()
    for name in ("outcomes.json",):
        (tmp_path / "run" / name).write_bytes((runs / "bad" / name).read_bytes())
    (tmp_path / "main.json").write_bytes((runs / "baselines" / "main.json").read_bytes())
    done = command(tmp_path, "gate", "run", "--against", "main.json")
    assert done.returncode == 1, done.stderr


def test_a_policy_of_ones_own_decides(runs, tmp_path):
    mild = {"policy": "mild", "default": {"value": "off", "harm": "off", "limits": "off"}}
    mild["default"] |= {"gated_rates": "off", "coverage": {"may_worsen_by": 0.2}}
    path = tmp_path / "mild.yaml"
    path.write_text(yaml.safe_dump(mild))
    assert command(runs, "gate", "bad", "--against", "main", "--policy", path).returncode == 0
    path.write_text(yaml.safe_dump(STRICT))
    assert command(runs, "gate", "bad", "--against", "main", "--policy", path).returncode == 1


def test_few_items_are_inconclusive_with_exit_code_4_and_the_items_needed(runs, tmp_path):
    """One answer of forty differs: nobody can tell that from none in a hundred."""

    def behaviour(_, body):
        text = "43" if "question 7?" in body["messages"][-1]["content"] else "42"
        return answering(text)(_, body)

    written(tmp_path / "s", ITEMS)
    made(tmp_path, "good", "42")
    with StubServer(behaviour) as server:
        endpoints(tmp_path, server.url)
        command(tmp_path, *RUN[:-1], "one", "--no-cache", "--quiet")
    done = command(tmp_path, "gate", "one", "--against", "good", "--lang", "en")
    assert done.returncode == 4, done.stdout
    assert "more items" in done.stdout


def test_an_incomplete_run_exits_3_and_says_how_to_go_on(runs, tmp_path):
    (tmp_path / "half").mkdir()
    told = (runs / "same" / "run.json").read_text()
    (tmp_path / "s").symlink_to(runs / "s")
    (tmp_path / "half" / "run.json").write_text(told)
    lines = (runs / "same" / "answers.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "half" / "answers.jsonl").write_text("".join(lines[:30]))
    manifest = json.loads(told) | {"complete": False}
    (tmp_path / "half" / "run.json").write_text(json.dumps(manifest))
    command(tmp_path, "rescore", "half")
    done = command(tmp_path, "gate", "half", "--against", runs / "baselines" / "main.json")
    assert done.returncode == 3, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["gate", "same"], "--against is missing"),
        (["gate", "nowhere", "--against", "main"], "nowhere"),
        (["gate", "same", "--against", "mian"], "did you mean 'main'"),
        (["gate", "same", "--against", "none.json"], "none.json: no such file"),
        (["gate", "same", "--against", "main", "--policy", "absent.yaml"], "absent.yaml"),
    ],
    ids=["no baseline", "no run", "misspelt", "no file", "no policy"],
)
def test_a_mistake_is_one_line_and_exit_code_2(runs, arguments, told):
    assert told in complaint(command(runs, *arguments))


def test_a_baseline_that_holds_nothing_in_common_is_exit_code_2(runs, tmp_path):
    def renamed(suite):
        suite["suite"] = "other"

    written(tmp_path / "s", ITEMS, renamed)
    made(tmp_path, "other", "42")
    done = command(tmp_path, "gate", "other", "--against", runs / "baselines" / "main.json")
    assert "no suite in common" in complaint(done)


def test_a_journal_that_changed_after_it_was_judged_is_refused(runs, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    for name in ("run.json", "outcomes.json"):
        (folder / name).write_bytes((runs / "same" / name).read_bytes())
    (folder / "answers.jsonl").write_bytes((runs / "bad" / "answers.jsonl").read_bytes() + b"\n")
    done = command(tmp_path, "gate", "run", "--against", runs / "baselines" / "main.json")
    assert "bench rescore" in complaint(done)


def test_a_file_that_cannot_be_written_is_one_line(runs, tmp_path):
    (tmp_path / "file").write_text("")
    done = command(
        runs, "gate", "same", "--against", "main", "--junit", tmp_path / "file" / "junit.xml"
    )
    assert "its folder cannot be made" in last_line(done, 2)


def test_the_folder_of_a_file_is_made(runs, tmp_path):
    path = tmp_path / "reports" / "ci" / "junit.xml"
    command(runs, "gate", "same", "--against", "main", "--junit", path)
    assert path.is_file()
