"""One run under an organisation's own numbers: recorded with it, used ever after, replaced on demand."""

import json
from shutil import copytree

import pytest

from tests.e2e.command import (
    RUN,
    asked,
    command,
    complaint,
    failing_for,
    judged,
    summary,
)
from tests.small_suite import endpoints, written
from tests.stub_server import StubServer

NUMBERS = """\
small:
  wage_per_hour: {low: 120, base: 180, high: 240, source: payroll}
  horizon.ramp_up_months: 4
"""
OTHER = "small:\n  wage_per_hour: 360\n"


@pytest.fixture(scope="module")
def half_done(tmp_path_factory):
    """A run under NUMBERS of which four items failed; nobody listens to its endpoint any more, and its file is gone."""
    folder = tmp_path_factory.mktemp("run")
    written(folder / "s")
    (folder / "own.yaml").write_text(NUMBERS)
    with StubServer(failing_for(lambda item: item >= 8)) as server:
        endpoints(folder, server.url, limits={"max_attempts": 1})
        done = command(folder, *RUN, "--assumptions", "own.yaml", "--no-cache")
    assert done.returncode == 3, done.stderr
    (folder / "own.yaml").unlink()
    return folder


@pytest.fixture
def mine(half_done, tmp_path):
    """A copy of that run, to be changed."""
    copytree(half_done, tmp_path, dirs_exist_ok=True)
    return tmp_path


def recorded(folder):
    """The run's own numbers as `run.json` holds them: path of the assumption -> its base."""
    told = json.loads((folder / "r" / "run.json").read_text(encoding="utf-8"))["assumptions"]
    return told and {name: each["base"] for name, each in told["values"]["small"].items()}


def used(folder):
    """Assumption -> (base, source) that the last report was made with."""
    told = summary(folder / "r")["suites"]["small"]["assumptions"]
    return {each["name"]: (each["base"], each["source"]) for each in told}


def test_the_numbers_stand_in_the_run_and_its_first_report_uses_them(half_done):
    assert recorded(half_done) == {"wage_per_hour": 180, "horizon.ramp_up_months": 4}
    assert used(half_done)["wage_per_hour"] == (180, "payroll")
    assert used(half_done)["horizon.ramp_up_months"] == (4, None)
    assert summary(half_done / "r")["run"]["assumptions_file"] == "own.yaml"
    # 38 of 44 minutes saved at 3 a minute
    assert judged(half_done / "r")["value_per_case"]["value"] == pytest.approx(38 * 3)


def test_a_later_report_uses_them_without_their_file_and_without_asking_anybody(bench, mine):
    """Its endpoint is gone: whoever asked would fail."""
    before = {name: (mine / "r" / name).read_bytes() for name in ("summary.json", "answers.jsonl", "run.json")}  # fmt: skip
    done = bench("report", "r")
    assert done.returncode == 0, done.stderr
    assert {name: (mine / "r" / name).read_bytes() for name in before} == before


def test_a_report_under_another_file_uses_that_one_and_leaves_the_runs_numbers_alone(bench, mine):
    (mine / "other.yaml").write_text(OTHER)
    done = bench("report", "r", "--assumptions", "other.yaml", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert used(mine)["wage_per_hour"] == (360, None)
    assert used(mine)["horizon.ramp_up_months"] == (0, "none stated")
    assert judged(mine / "r")["value_per_case"]["value"] == pytest.approx(38 * 6)
    assert summary(mine / "r")["run"]["assumptions_file"] == "other.yaml"
    assert recorded(mine)["wage_per_hour"] == 180
    assert bench("report", "r", "--format", "json").returncode == 0
    assert used(mine)["wage_per_hour"] == (180, "payroll")


def test_a_run_that_goes_on_keeps_them_and_asks_only_what_is_owed(bench, tmp_path):
    """The server fails four items at first, and has recovered by the time they are asked again."""
    written(tmp_path / "s")
    (tmp_path / "own.yaml").write_text(NUMBERS)
    ill = {8, 9, 10, 11}
    with StubServer(failing_for(lambda item: item in ill)) as server:
        endpoints(tmp_path, server.url, limits={"max_attempts": 1})
        assert bench(*RUN, "--assumptions", "own.yaml", "--no-cache").returncode == 3
        (tmp_path / "own.yaml").unlink()
        ill.clear()
        server.requests.clear()
        again = ("--resume", "--retry-failed", "--no-cache", "--out", "r")
        done = bench("run", *again)
        assert done.returncode == 0, done.stderr
        assert sorted(asked(server)) == [8, 9, 10, 11]
    assert recorded(tmp_path) == {"wage_per_hour": 180, "horizon.ramp_up_months": 4}
    assert used(tmp_path)["wage_per_hour"] == (180, "payroll")
    assert judged(tmp_path / "r")["coverage"] == 1.0


def test_a_rescore_keeps_them_or_replaces_them_for_good(bench, mine):
    assert bench("rescore", "r").returncode == 0
    assert recorded(mine)["wage_per_hour"] == 180
    (mine / "other.yaml").write_text(OTHER)
    done = bench("rescore", "r", "--assumptions", "other.yaml")
    assert done.returncode == 0, done.stderr
    assert recorded(mine) == {"wage_per_hour": 360}
    (mine / "other.yaml").unlink()
    assert bench("report", "r", "--format", "json").returncode == 0
    assert used(mine)["wage_per_hour"] == (360, None)


def test_numbers_for_what_the_suite_does_not_assume_begin_no_run(bench, tmp_path):
    written(tmp_path / "s")
    endpoints(tmp_path, "http://127.0.0.1:9/v1")
    (tmp_path / "own.yaml").write_text("small:\n  wage_per_hour: 180\n  horizon.ramp_up: 4\n")
    told = complaint(bench(*RUN, "--assumptions", "own.yaml"))
    assert told == (
        "own.yaml:3:3: small.horizon.ramp_up: unknown assumption; "
        "did you mean 'horizon.ramp_up_months'?"
    )
    assert not (tmp_path / "r").exists()
