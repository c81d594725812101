"""The plugin as another project has it: from the wheel, in an environment and a folder of its own."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from tests.e2e.command import asked, until
from tests.small_suite import item, written
from tests.stub_server import StubServer, completion

ROOT = Path(__file__).resolve().parents[2]
ITEMS = 40
AGAINST = ("--bench-suite", "tasks/small", "--bench-against", "main")
CRITERIA = ["value", "harm", "rate:wrong_rate", "limit:wrong_rate", "coverage", "cost", "latency"]
IDS = [f"bench::small::desk::{name}" for name in CRITERIA]


def surroundings(**more):
    """The environment of a shell: nothing of ours, of the pytest that runs this test, or of its workers."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PYTEST_", "COV_", "BENCH_", "GITHUB_"))
    }
    return kept | {"NO_COLOR": "1", "COLUMNS": "200"} | more


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """An environment that has the wheel, and the libraries of ours beside it: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("environment")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [
        "wheel",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        "-w",
        folder / "dist",
        ROOT,
    ]
    subprocess.run([*pip, *build], check=True, env=surroundings(), capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    (packages,) = (folder / "venv").glob("lib/*/site-packages")
    (wheel,) = (folder / "dist").glob("*.whl")
    install = ["install", "--no-deps", "--no-index", "--target", packages, wheel]
    subprocess.run([*pip, *install], check=True, env=surroundings(), capture_output=True)
    (packages / "ours.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "venv" / "bin" / "python"


def recording(folder, name, wrong=(), missing=()):
    """An endpoint file whose `desk` gave recorded answers, some of them wrong."""
    lines = [
        json.dumps({"item": f"i{n}", "output": "41" if n in wrong else "42"})
        for n in range(ITEMS)
        if n not in missing
    ]
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    entry = {"adapter": "replay", "file": f"{name}.jsonl"}
    (folder / f"{name}.yaml").write_text(yaml.safe_dump({"endpoints": {"desk": entry}}))


@pytest.fixture(scope="module")
def blessed(python, tmp_path_factory):
    """A project with a suite, recordings, a blessed run and policies."""
    folder = tmp_path_factory.mktemp("project")
    written(folder / "tasks" / "small", [item(n) for n in range(ITEMS)])
    recording(folder, "good")
    recording(folder, "bad", wrong=range(12))
    recording(folder, "unsure", wrong=[3])
    recording(folder, "sparse", missing=range(30))
    for then in ("warn", "fail"):
        policy = {"policy": then, "inconclusive": {"then": then}}
        (folder / f"{then}.yaml").write_text(yaml.safe_dump(policy))
    for command in (
        ["run", "tasks/small", "--endpoints", "good.yaml", "--out", "blessed", "--quiet"],
        ["baseline", "set", "blessed", "--by", "the tests"],
    ):
        subprocess.run(
            [python, "-m", "bench", *command],
            cwd=folder,
            env=surroundings(),
            check=True,
            capture_output=True,
        )
    return folder


@pytest.fixture
def project(blessed, python, tmp_path):
    """A copy of the project, and pytest in it."""
    folder = tmp_path / "elsewhere"
    shutil.copytree(blessed, folder)

    def run_pytest(*arguments, **environment):
        done = subprocess.run(
            [python, "-m", "pytest", *map(str, arguments)],
            cwd=folder,
            env=surroundings(**environment),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=240,
            check=False,
        )
        assert done.stderr == "", done.stderr
        return done

    return SimpleNamespace(folder=folder, pytest=run_pytest, python=python)


def results(done):
    """Test id -> passed, failed, skipped or error, by the lines of `-v`."""
    alone = re.findall(r"^(\S+::\S+) (PASSED|FAILED|SKIPPED|ERROR)", done.stdout, re.MULTILINE)
    by_worker = re.findall(r"^\[gw\d\] \[ *\d+%\] ([A-Z]+) (\S+)", done.stdout, re.MULTILINE)
    return {name: told.lower() for name, told in [*alone, *((b, a) for a, b in by_worker)]}


def runs(folder):
    return sorted(path.parent.name for path in (folder / "results").glob("*/run.json"))


def shortly(done):
    """The last line: how many tests came out how."""
    return re.sub(r" in [\d.]+s.*", "", done.stdout.strip().splitlines()[-1]).strip("= ")


def test_each_criterion_is_a_test_and_one_that_costs_nothing_to_list(project):
    done = project.pytest(*AGAINST, "--bench-endpoints", "good.yaml", "--collect-only", "-q")
    assert [line for line in done.stdout.splitlines() if "::" in line] == IDS
    assert runs(project.folder) == []


def test_what_has_not_got_worse_passes_and_what_nobody_knows_is_skipped(project):
    done = project.pytest(
        *AGAINST, "--bench-endpoints", "good.yaml", "-v", "-rs", "-W", "error", "--strict-markers"
    )
    assert done.returncode == 0, done.stdout
    told = results(done)
    assert list(told) == IDS
    assert [told[each] for each in IDS] == ["passed"] * 5 + ["skipped"] * 2
    assert "SKIPPED [1] tasks/small/suite.yaml:1: " in done.stdout
    (name,) = runs(project.folder)
    assert f"run results/{name}" in done.stdout


def test_what_got_worse_fails_with_a_plain_sentence_and_no_traceback(project):
    done = project.pytest(*AGAINST, "--bench-endpoints", "bad.yaml", "-v", "--junit-xml", "j.xml")
    assert done.returncode == 1
    told = results(done)
    assert (told[IDS[0]], told[IDS[1]], told[IDS[4]]) == ("failed", "failed", "skipped")
    assert "harmful answers" in done.stdout
    assert "30%" in done.stdout
    assert "Traceback" not in done.stdout
    assert ".py" not in done.stdout.partition("= FAILURES =")[2]
    cases = ET.parse(project.folder / "j.xml").getroot().iter("testcase")
    assert [case.get("classname") for case in cases] == ["bench.small.desk"] * len(IDS)


WARN = ("--bench-policy", "warn.yaml")
"""Another endpoint is another candidate, and 40 items cannot tell whether it is as good."""


def test_two_workers_say_the_same_and_make_the_run_once(project):
    with StubServer() as server:
        served = {"adapter": "openai", "base_url": server.url, "model": "stub"}
        told = yaml.safe_dump({"endpoints": {"desk": served}})
        (project.folder / "served.yaml").write_text(told)
        done = project.pytest(*AGAINST, "--bench-endpoints", "served.yaml", "-v", "-n", "2", *WARN)
        assert sorted(asked(server)) == list(range(ITEMS))
    assert len(runs(project.folder)) == 1
    assert done.returncode == 0, done.stdout
    assert sorted(results(done)) == sorted(IDS)


@pytest.mark.parametrize(
    ("policy", "code", "word"),
    [((), 1, "failed"), (("fail",), 1, "failed"), (("warn",), 0, "skipped")],
    ids=["stop", "fail", "warn"],
)
def test_what_cannot_be_told_ends_as_the_policy_has_it(project, policy, code, word):
    named = [each for name in policy for each in ("--bench-policy", f"{name}.yaml")]
    done = project.pytest(*AGAINST, "--bench-endpoints", "unsure.yaml", "-v", "-rs", *named)
    told = results(done)
    assert (done.returncode, told[IDS[0]], told[IDS[1]]) == (code, word, word)
    assert "more items needed" in done.stdout


def test_the_tests_that_failed_can_be_run_again_alone(project):
    first = project.pytest(*AGAINST, "--bench-endpoints", "unsure.yaml")
    assert shortly(first) == "2 failed, 2 passed, 3 skipped"
    again = project.pytest(*AGAINST, "--bench-endpoints", "good.yaml", "--lf", "-v")
    assert results(again) == {IDS[0]: "passed", IDS[1]: "passed"}


def test_without_a_baseline_the_suite_s_own_limits_are_held(project):
    def change(suite):
        suite["business"]["gates"] = [{"metric": "wrong_rate", "upper_bound_95": 0.05}]

    written(project.folder / "tasks" / "small", [item(n) for n in range(ITEMS)], change)
    done = project.pytest("--bench-suite", "small", "--bench-endpoints", "bad.yaml", "-v")
    assert done.returncode == 1
    assert results(done) == {
        "bench::small::desk::limit:wrong_rate": "failed",
        "bench::small::desk::coverage": "passed",
    }
    assert "30%" in done.stdout
    assert "5%" in done.stdout


def test_a_run_in_which_most_trials_fail_does_not_look_as_if_it_held(project):
    held = project.pytest("--bench-suite", "small", "--bench-endpoints", "sparse.yaml", "-v")
    assert results(held)["bench::small::desk::coverage"] == "failed"
    assert "10 of 40 planned trials have an outcome; the suite asks for 80%" in held.stdout
    assert "  30 of 40 trials failed, " in held.stdout
    compared = project.pytest(*AGAINST, "--bench-endpoints", "sparse.yaml")
    assert compared.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--bench-against", "mian"], r"no baseline and no run is called 'mian'; did you mean 'main'\?"),
        (["--bench-suite", "tasks/smal"], "no suite is called 'tasks/smal'; known: .*small.*"),
        (["--bench-endpoints", "godo.yaml"], "godo.yaml: .*"),
        (["--bench-candidates", "dsek"], r"the candidate 'dsek': no endpoint is called 'dsek'; did you mean 'desk'\?"),
        (["--bench-policy", "nothing.yaml"], "nothing.yaml: .*"),
        (["--bench-candidates", "desk/few_shot"], "suite 'small': candidate 'desk' is to be compared and is not asked; .*"),
    ],
    ids=["baseline", "suite", "endpoints", "candidate", "policy", "not asked"],
)  # fmt: skip
def test_a_mistake_is_one_line_and_nothing_is_asked(project, arguments, line):
    given = ["--bench-suite", "small", "--bench-endpoints", "good.yaml", "--bench-against", "main"]
    done = project.pytest(*[each for each in given if arguments[0] != "--bench-suite" or each not in given[:2]], *arguments)  # fmt: skip
    assert done.returncode == 2, done.stdout
    (told,) = re.findall(r"_ ERROR collecting bench _+\n(.*)\n=", done.stdout)
    assert re.search(line + "$", told), told
    assert "Traceback" not in done.stdout
    assert runs(project.folder) == []


def test_a_misspelt_option_is_refused_by_pytest(project):
    arguments = ["-m", "pytest", "--bench-suit", "small"]
    done = subprocess.run(
        [project.python, *arguments],
        cwd=project.folder,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert "--bench-suit" in done.stderr


MARKED = """
import pytest
from bench.pytest_plugin import BenchRun

pytestmark = pytest.mark.bench(suite="tasks/small", endpoints="good.yaml")


def test_good(bench_run: BenchRun):
    bench_run.assert_complete()
    bench_run.assert_limits_hold()
    bench_run.assert_no_regression(against="baselines/main.json")
    assert bench_run.candidate("desk")["trials"]["answered"] == 40
    assert (bench_run.folder / "summary.json").is_file()
    assert bench_run.summary["run"]["complete"]


@pytest.mark.bench(endpoints="bad.yaml")
class TestWorse:
    def test_all(self, bench_run):
        bench_run.assert_no_regression(against="main")

    def test_some(self, bench_run):
        bench_run.assert_no_regression(against="main", criteria=["coverage", "limit:wrong_rate"])


@pytest.mark.bench(endpoints="unsure.yaml")
def test_open(bench_run):
    bench_run.assert_no_regression(against="main")


@pytest.mark.bench(endpoints="unsure.yaml")
def test_open_warned(bench_run):
    bench_run.assert_no_regression(against="main", policy="warn.yaml")


@pytest.mark.bench(endpoints="sparse.yaml")
def test_gaps(bench_run):
    bench_run.assert_complete()


def test_no_baseline(bench_run):
    bench_run.assert_no_regression(against="mian")


def test_no_criterion(bench_run):
    bench_run.assert_no_regression(against="main", criteria=["valeu"])


def test_no_candidate(bench_run):
    bench_run.candidate("dsek")


@pytest.mark.bench(endpoint="good.yaml")
def test_misspelt(bench_run):
    raise NotImplementedError


@pytest.mark.bench(suite="tasks/smal")
def test_no_suite(bench_run):
    raise NotImplementedError


@pytest.mark.bench(limit=0)
def test_no_items(bench_run):
    raise NotImplementedError
"""
OF_MARKED = {
    "test_good": "passed",
    "TestWorse::test_all": "failed",
    "TestWorse::test_some": "passed",
    "test_open": "failed",
    "test_open_warned": "skipped",
    "test_gaps": "failed",
    "test_no_baseline": "failed",
    "test_no_criterion": "failed",
    "test_no_candidate": "failed",
    "test_misspelt": "error",
    "test_no_suite": "error",
    "test_no_items": "error",
}


def test_a_marked_test_gets_the_run_that_its_marks_describe(project):
    (project.folder / "test_marked.py").write_text(MARKED)
    strict = ("-W", "error", "--strict-markers", "--strict-config", "-p", "no:xdist")
    done = project.pytest("-v", *strict)
    assert results(done) == {f"test_marked.py::{name}": told for name, told in OF_MARKED.items()}
    assert len(runs(project.folder)) == 4  # good, bad, unsure, sparse: each once
    for line in (
        "E       AssertionError: small::desk::value: ",
        "E       AssertionError: 30 of 40 trials failed, 30 of them by no_answer: ",
        "no criterion is called 'valeu'; did you mean 'value'?",
        "no candidate of the run is called 'dsek'; did you mean 'desk'?",
        "pytest.mark.bench: unknown argument 'endpoint'; did you mean 'endpoints'?",
        "no suite is called 'tasks/smal'; known: ",
        "bench: limit: a whole number above 0 is expected, not 0",
    ):
        assert line in done.stdout
    assert "site-packages" not in done.stdout  # none of our frames


def test_a_marker_takes_from_the_options_what_it_does_not_say(project):
    (project.folder / "test_marked.py").write_text(
        "def test_it(bench_run):\n    assert bench_run.candidate('desk')['trials']['planned'] == 5\n"
    )
    options = ("--bench-suite", "small", "--bench-endpoints", "good.yaml", "--bench-limit", "5")
    done = project.pytest(*options, "--bench-out", "kept", "-n", "2", "--dist", "loadgroup", "-v")
    assert results(done)["test_marked.py::test_it"] == "passed"
    (folder,) = (project.folder / "kept").glob("*/summary.json")  # one run for both ways of asking
    assert json.loads(folder.read_text())["run"]["limit"] == 5


def test_a_run_that_cannot_be_made_fails_each_of_its_tests_with_the_same_line(project):
    refused = {"error": {"message": "no such key"}}
    with StubServer(lambda number, body: (401, {}, refused)) as server:
        served = {"adapter": "openai", "base_url": server.url, "model": "stub"}
        (project.folder / "e.yaml").write_text(yaml.safe_dump({"endpoints": {"desk": served}}))
        done = project.pytest(
            *AGAINST, "--bench-endpoints", "e.yaml", "-n", "2", "--dist", "loadfile"
        )
        assert len(server.requests) < ITEMS
    assert done.returncode == 1
    assert shortly(done) == f"{len(IDS)} failed"
    lines = re.findall(r"^the run is not complete: .*", done.stdout, re.MULTILINE)
    assert len(lines) == len(IDS)
    assert len(set(lines)) == 1
    assert "bench run --resume --out " in lines[0]


def test_data_that_may_not_go_there_are_not_sent(project):
    def change(suite):
        suite["data_class"] = "confidential"

    written(project.folder / "tasks" / "small", [item(n) for n in range(ITEMS)], change)
    served = {"adapter": "openai", "base_url": "http://models.invalid/v1", "model": "stub"}
    (project.folder / "e.yaml").write_text(yaml.safe_dump({"endpoints": {"far": served}}))
    done = project.pytest("--bench-suite", "small", "--bench-endpoints", "e.yaml")
    assert done.returncode == 2
    assert "refused by data policy" in done.stdout
    assert runs(project.folder) == []


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_ctrl_c_ends_it_with_the_command_that_goes_on(project, workers):
    release = project.folder / "release"

    def slowly(number, body):
        until(release.exists)
        return 200, {}, completion()

    with StubServer(slowly) as server:
        served = {"adapter": "openai", "base_url": server.url, "model": "stub", "limits": {"concurrency": 2}}  # fmt: skip
        (project.folder / "e.yaml").write_text(yaml.safe_dump({"endpoints": {"desk": served}}))
        process = subprocess.Popen(
            [project.python, "-m", "pytest", *AGAINST, "--bench-endpoints", "e.yaml", *workers],
            cwd=project.folder,
            env=surroundings(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        until(lambda: len(server.requests) == 2, deadline_s=60)
        os.killpg(process.pid, signal.SIGINT)
        release.touch()
        told, _ = process.communicate(timeout=60)
        assert len(server.requests) <= 2 + 2
    assert process.returncode == 2, told
    assert "interrupted; go on with: bench run --resume --out " in told
    assert "Traceback" not in told
    assert "INTERNALERROR" not in told


def test_a_project_that_does_not_use_it_is_not_disturbed(project):
    (project.folder / "test_own.py").write_text(
        "import sys\n\n"
        "def test_nothing_of_the_package_but_the_plugin_is_loaded():\n"
        "    assert {name for name in sys.modules if name.split('.')[0] == 'bench'} == {'bench', 'bench.pytest_plugin'}\n"
    )
    before = {path.name for path in project.folder.iterdir()}
    options = ("-W", "error", "--strict-markers", "--strict-config", "-p", "no:cacheprovider")
    for more in ((), ("-n", "2")):
        done = project.pytest(*options, *more, PYTHONDONTWRITEBYTECODE="1")
        assert shortly(done) == "1 passed", done.stdout
    assert "industry bench" not in done.stdout
    assert {path.name for path in project.folder.iterdir()} == before
