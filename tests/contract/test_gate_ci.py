"""The action and the job to include: read as their servers read them, and their shell run on a real small run."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from junitparser import JUnitXml

from tests.e2e.command import command
from tests.github_runner import commands, environment, values
from tests.hostile_fields import ANYWHERE
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer, completion

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / ".github/actions/gate/action.yml").read_text(encoding="utf-8"))
JOB = yaml.safe_load((ROOT / ".gitlab/gate.yml").read_text(encoding="utf-8"))[".bench-gate"]
STEPS = ACTION["runs"]["steps"]
SHELL = [each for each in STEPS if "run" in each]
GIVEN = {"GITHUB_ACTION_PATH", "GITHUB_OUTPUT", "RUNNER_TEMP"}
"""Variables that the runner gives to every step of an action."""
POLICY = 'policy: untimed\ndefault: {latency: "off"}\n'
"""A loaded machine answers later."""
HOSTILE = "41 ::error::x\n::set-output name=status::pass\n##[error]y\n##vso[task.complete]z\n" + " ".join(ANYWHERE).replace("\ud800 \udfff", "")  # fmt: skip


def expressions(node):
    """The texts within `${{ }}` of everything below a node."""
    return re.findall(r"\$\{\{(.*?)\}\}", json.dumps(node), re.DOTALL)


def variables(script):
    """What a script reads from its environment: names in capitals."""
    return set(re.findall(r"\$\{?([A-Z][A-Z_]+)", script))


def test_every_input_is_declared_described_and_used():
    used = {name for each in expressions(ACTION) for name in re.findall(r"inputs\.([\w-]+)", each)}
    assert used == ACTION["inputs"].keys()
    for each in ACTION["inputs"].values():
        assert each["description"]
        assert isinstance(each["default"], str)


def test_every_output_comes_from_a_step_that_writes_it():
    (gate,) = [each for each in STEPS if each.get("id") == "gate"]
    of_bench = {"status", "exit-code", "needed-items"}
    own = set(re.findall(r'echo "([a-z-]+)=', gate["run"]))
    for name, each in ACTION["outputs"].items():
        assert each["description"]
        assert expressions(each) == [f" steps.gate.outputs.{name} "]
        assert name in of_bench | own


def test_no_script_holds_an_expression_and_every_variable_is_passed_by_name():
    for each in SHELL:
        assert each["shell"] == "bash"
        assert "${{" not in each["run"]
        assert variables(each["run"]) <= each["env"].keys() | GIVEN
        assert each["env"].keys() <= variables(each["run"])


def test_expressions_name_nothing_that_a_stranger_may_write_and_no_secret():
    names = {name for each in expressions(ACTION) for name in re.findall(r"[a-z]+\.[\w.-]+", each)}
    allowed = {"github.job", "github.run_id", "github.run_attempt", "strategy.job-index"}
    assert all(each.startswith(("inputs.", "steps.gate.outputs.")) for each in names - allowed)


def test_other_actions_are_those_of_github_at_a_version():
    used = [each["uses"] for each in STEPS if "uses" in each]
    assert used
    assert all(re.fullmatch(r"actions/[a-z-]+(/[a-z]+)?@v\d+", each) for each in used)


def test_paths_that_are_kept_climb_nowhere():
    for each in STEPS:
        assert ".." not in str(each.get("with", {}).get("path", ""))


def test_nothing_is_uploaded_unless_asked_for():
    (upload,) = [each for each in STEPS if "upload-artifact" in each.get("uses", "")]
    assert ACTION["inputs"]["upload"]["default"] == "false"
    assert "inputs.upload == 'true'" in upload["if"]


def test_every_script_is_sound_shell():
    for script in (*(each["run"] for each in SHELL), *JOB["before_script"], *JOB["script"]):
        for shell in ("bash", "sh"):
            if shell == "bash" or script in (*JOB["before_script"], *JOB["script"]):
                done = subprocess.run(
                    [shell, "-n"], input=script, text=True, capture_output=True, check=False
                )
                assert (done.returncode, done.stderr) == (0, "")


def test_every_variable_of_the_gitlab_job_has_a_default():
    used = {name for each in (*JOB["before_script"], *JOB["script"]) for name in variables(each)}
    assert used == JOB["variables"].keys()
    assert all(isinstance(each, str) for each in JOB["variables"].values())


def test_reports_of_the_gitlab_job_are_files_that_it_writes_and_keeps_when_the_gate_fails():
    reports = JOB["artifacts"]["reports"]
    assert reports.keys() == {"junit", "codequality"}
    assert all(f" {path} " in JOB["script"][-1] for path in reports.values())
    assert JOB["artifacts"]["when"] == "always"
    assert JOB["cache"][0]["when"] == "always"


class Job:
    """A job on GitHub; `programs` is where it finds what it calls."""

    def __init__(self, folder):
        self.environ = environment(folder)
        self.workspace = Path(self.environ["GITHUB_WORKSPACE"])
        self.programs = Path(sys.executable).parent

    def run(self, script, environ, cwd=None):
        """A script as the runner starts bash."""
        kept = {
            name: value for name, value in os.environ.items() if name in {"HOME", "LANG", "TMPDIR"}
        }
        path = f"{self.programs}:{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=cwd or self.workspace,
            env=kept | self.environ | {"PATH": path} | environ,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def action(self, **inputs):
        """The shell steps of the action in order until one fails: the last of them, and what all printed."""
        given = {name: each["default"] for name, each in ACTION["inputs"].items()}
        given |= {"install": "true"} | {
            name.replace("_", "-"): text for name, text in inputs.items()
        }
        log = ""
        for step in SHELL:
            if not _holds(step.get("if", "true"), given):
                continue
            environ = {name: _filled(text, given) for name, text in step["env"].items()}
            done = self.run(step["run"], environ, self.workspace / _filled(step.get("working-directory", "."), given))  # fmt: skip
            log += done.stdout + done.stderr
            if done.returncode:
                break
        return done, log

    def written(self, name):
        return Path(self.environ[name]).read_text(encoding="utf-8")


def _filled(text, inputs):
    return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], text)


def _holds(condition, inputs):
    """A condition of the few forms that the action has."""
    told = re.fullmatch(r"(?:\$\{\{)?(.*?)(?:\}\})?", condition)[1].strip()
    return all(_compared(each.strip(), inputs) for each in told.split("&&"))


def _compared(term, inputs):
    if term in ("always()", "true"):
        return True
    name, sign, text = re.fullmatch(r"inputs\.([\w-]+) (==|!=) '(\w*)'", term).groups()
    return (inputs[name] == text) == (sign == "==")


@pytest.fixture(scope="module")
def answers():
    """What the served model answers; a test changes it."""
    return {"text": "42"}


@pytest.fixture(scope="module")
def server(answers):
    with StubServer(lambda _, body: (200, {}, completion(answers["text"]))) as made:
        yield made


@pytest.fixture(scope="module")
def blessed(tmp_path_factory, server):
    """A checkout in which a run was made that later ones are held against."""
    folder = tmp_path_factory.mktemp("blessed")
    written(folder / "s", [item(at) for at in range(40)])
    endpoints(folder, server.url)
    (folder / "gate.yaml").write_text(POLICY, encoding="utf-8")
    done = command(
        folder, "run", "s", "--endpoints", "endpoints.yaml", "--out", "results/old", "--quiet"
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def job(tmp_path, blessed, answers):
    answers["text"] = "42"
    made = Job(tmp_path)
    shutil.copytree(blessed, made.workspace, dirs_exist_ok=True)
    return made


@pytest.fixture
def dry(tmp_path):
    """A job whose `bench` and `python` only print what they were asked, an argument a line."""
    made = Job(tmp_path)
    for name in ("bench", "python"):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text('#!/bin/sh\nprintf "%s\\n" "${0##*/}" "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    made.programs = tmp_path / "bin"
    return made


ASKED = {
    "suites": "s",
    "run_options": "--endpoints endpoints.yaml --no-cache",
    "against": "results/old",
    "policy": "gate.yaml",
}


def test_an_unchanged_candidate_passes_and_the_outputs_say_so(job):
    done, log = job.action(**ASKED)
    assert done.returncode == 0, log
    told = values(job.written("GITHUB_OUTPUT"))
    assert told["status"] == "pass"
    assert told["exit-code"] == "0"
    assert {each.name for each in commands(log)} == {"notice"}
    assert all(case.is_passed for suite in JUnitXml.fromfile(told["junit"]) for case in suite)
    assert Path(told["markdown"]).read_text(encoding="utf-8").startswith("<!-- bench-gate -->")
    assert job.written("GITHUB_STEP_SUMMARY").startswith("<!-- bench-gate -->")


def test_a_broken_candidate_fails_the_job_and_its_answers_command_nothing(job, answers):
    answers["text"] = HOSTILE
    done, log = job.action(**ASKED, lang="en")
    assert done.returncode == 1, log
    assert {each.name for each in commands(log)} <= {"notice", "error", "warning"}
    assert {each.properties.get("file") for each in commands(log) if each.name == "error"} == {
        "s/suite.yaml"
    }
    told = values(job.written("GITHUB_OUTPUT"))
    assert told["status"] == "fail"
    assert told["exit-code"] == "1"
    assert told.keys() == {"status", "exit-code", "needed-items", "files", "junit", "markdown"}
    assert JUnitXml.fromfile(told["junit"]).failures > 0
    assert (
        job.written("GITHUB_ENV") == job.written("GITHUB_PATH") == job.written("GITHUB_STATE") == ""
    )


def test_a_run_that_lacks_answers_is_told_by_the_gate(job, server):
    gone = endpoints(
        job.workspace, server.url.replace("127.0.0.1", "127.0.0.2"), limits={"max_attempts": 1}
    )
    done, log = job.action(**(ASKED | {"run_options": f"--endpoints {gone.name} --no-cache"}))
    assert done.returncode in (1, 3), log
    assert values(job.written("GITHUB_OUTPUT"))["status"] != "pass"


def test_what_a_server_says_when_it_refuses_commands_nothing(job):
    """It stands in the lines of the run, before the gate has said a word."""
    with StubServer(lambda *_: (400, {}, {"error": {"message": HOSTILE}})) as refusing:
        endpoints(job.workspace, refusing.url)
        done, log = job.action(**ASKED, lang="en")
    assert done.returncode in (1, 3), log
    assert "task.complete" in log
    assert not re.search(r"##[a-z]*\[", log, re.IGNORECASE)
    assert {each.name for each in commands(log)} <= {"notice", "error", "warning"}


@pytest.mark.parametrize(
    "inputs",
    [
        {"suites": "nowhere"},
        {"run_options": "--no-such-option"},
        {"against": "nowhere"},
        {"policy": "nowhere.yaml"},
        {"suites": "", "run": "nowhere"},
        {"working_directory": "s"},
    ],
)
def test_a_mistake_ends_the_job_with_two_and_no_verdict(job, inputs):
    done, log = job.action(**(ASKED | inputs))
    assert done.returncode == 2, log
    assert "status" not in values(job.written("GITHUB_OUTPUT"))


@pytest.mark.parametrize(
    "text", ["$(touch pwned)", "`touch pwned`", '"; touch pwned; "', "*", "-x"]
)
def test_no_input_but_the_command_to_install_is_run_as_one(dry, text):
    given = dict.fromkeys(("suites", "run_options", "against", "policy", "run", "lang"), text)
    done, log = dry.action(**given)
    assert done.returncode == 0, log
    assert not list(dry.workspace.rglob("pwned"))
    words = text.split()
    assert log.splitlines()[: 2 + 2 * len(words)] == ["bench", "run", *words, *words]
    asked = log.splitlines()[2 + 2 * len(words) :]
    assert asked[:5] == ["--out", text, "--lang", text, "--quiet"]
    assert asked[5:14] == [
        "bench",
        "gate",
        text,
        "--against",
        text,
        "--lang",
        text,
        "--policy",
        text,
    ]
    assert values(dry.written("GITHUB_OUTPUT")).keys() == {"files", "junit", "markdown"}


def test_no_variable_of_the_gitlab_job_is_run_as_a_command(dry):
    text = '$(touch pwned) `touch pwned` "; touch pwned; *'
    names = JOB["variables"].keys()
    done = gitlab(dry, **dict.fromkeys(names, text))
    assert done.returncode == 0, done.stderr
    assert not list(dry.workspace.rglob("pwned"))
    lines = done.stdout.splitlines()
    assert lines[:6] == ["python", "-P", "-m", "pip", "install", "--quiet"]
    assert lines[lines.index("bench") : lines.index("--out")] == [
        "bench",
        "run",
        *text.split(),
        *text.split(),
    ]
    assert lines.count(text) == 7


def test_without_suites_and_policy_only_the_gate_is_asked(dry):
    _, log = dry.action()
    told = ["bench", "gate", "results/ci", "--against", "main", "--lang", "zh", "--junit"]
    assert log.splitlines()[:8] == told
    done = gitlab(dry)
    assert done.stdout.splitlines()[:8] == told


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 130])
def test_whatever_a_run_ended_with_the_gate_decides_but_for_mistakes_and_interrupts(dry, code):
    (dry.programs / "bench").write_text(
        f'#!/bin/sh\necho "$1"\n[ "$1" = gate ] || exit {code}\n', encoding="utf-8"
    )
    done, log = dry.action(suites="s")
    also = gitlab(dry, BENCH_SUITES="s")
    goes_on = code in (0, 1, 3, 4)
    assert done.returncode == also.returncode == (0 if goes_on else code)
    assert log.split() == also.stdout.split() == (["run", "gate"] if goes_on else ["run"])


def test_it_installs_what_it_comes_with_or_the_version_that_is_asked_for(dry):
    (install,) = [each for each in SHELL if each["name"] == "Install"]

    def asked(**environ):
        return dry.run(install["run"], {"INSTALL": "", "VERSION": ""} | environ).stdout.splitlines()

    assert asked()[-1] == f"{dry.environ['GITHUB_ACTION_PATH']}/../../.."
    assert asked(VERSION="0.2.0; rm x")[-1] == "industry-bench==0.2.0; rm x"
    assert asked(INSTALL="python it") == ["python", "it"]


def gitlab(job, **given):
    """The scripts of the job one after another in one shell, as a runner with a plain `sh` runs them."""
    script = "\n".join(("set -e", *JOB["before_script"], *JOB["script"]))
    environ = JOB["variables"] | {"BENCH_INSTALL": ""} | given
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
    path = f"{job.programs}:{os.environ['PATH']}"
    return subprocess.run(
        ["sh"],
        input=script,
        cwd=job.workspace,
        env=kept | {"PATH": path, "CI": "true", "GITLAB_CI": "true"} | environ,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


GITLAB = {
    "BENCH_SUITES": "s",
    "BENCH_RUN_OPTIONS": "--endpoints endpoints.yaml --no-cache",
    "BENCH_AGAINST": "results/old",
    "BENCH_POLICY": "gate.yaml",
}


@pytest.mark.parametrize(("text", "code"), [("42", 0), (HOSTILE, 1)])
def test_the_gitlab_job_ends_as_the_gate_does_and_leaves_its_reports(job, answers, text, code):
    answers["text"] = text
    done = gitlab(job, **GITLAB)
    assert done.returncode == code, done.stderr
    reports = {name: job.workspace / path for name, path in JOB["artifacts"]["reports"].items()}
    read = JUnitXml.fromfile(str(reports["junit"]))
    assert (read.failures > 0) == (code == 1)
    assert bool(json.loads(reports["codequality"].read_bytes())) == (code == 1)
    assert commands(done.stdout + done.stderr) == []


def test_a_mistake_ends_the_gitlab_job_with_two(job):
    assert gitlab(job, **(GITLAB | {"BENCH_SUITES": "nowhere"})).returncode == 2
    assert gitlab(job, **(GITLAB | {"BENCH_AGAINST": "nowhere"})).returncode == 2
