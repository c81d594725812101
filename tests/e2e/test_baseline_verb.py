"""`bench baseline` as a user types it: bless, look, compare, and be told what is wrong."""

import json
import os
from shutil import copytree

import pytest

from bench.value.observed.file import read_observed, write_observed
from tests.e2e.command import command, complaint, together
from tests.small_suite import written

RUNS = {
    "good": ["42"] * 11 + [""],
    "worse": ["42"] * 8 + ["7"] * 3 + [""],
    "wrong": ["7"] * 12,
    "half": ["42"] * 6,
}
GIT = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "Wang Li"}  # fmt: skip


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A folder with four real runs of one candidate; tests copy it."""
    folder = tmp_path_factory.mktemp("lived")
    written(folder / "s")
    calls = []
    for name, outputs in RUNS.items():
        answers = [{"item": f"i{n}", "output": each} for n, each in enumerate(outputs)]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in answers))
        told = {"endpoints": {"desk": {"adapter": "replay", "file": f"{name}.jsonl"}}}
        (folder / f"{name}.yaml").write_text(json.dumps(told))
        options = ("--endpoints", f"{name}.yaml", "--out", f"results/{name}")
        calls.append(lambda options=options: command(folder, "run", "s", *options))
    done = dict(zip(RUNS, together(*calls), strict=True))
    assert {name: each.returncode for name, each in done.items()} == {
        **dict.fromkeys(RUNS, 0),
        "half": 3,
    }
    return folder


@pytest.fixture
def bench(lived, tmp_path):
    """`bench(*arguments)` in a copy of that folder."""
    copytree(lived, tmp_path, dirs_exist_ok=True)

    def run(*arguments, **environment):
        return command(tmp_path, *arguments, **(GIT | environment))

    run.folder = tmp_path
    return run


def test_a_run_is_blessed_shown_listed_and_replaced(bench):
    path = bench.folder / "baselines" / "main.json"
    done = bench("baseline", "set", "results/good", "--because", "the May prompt")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr == "bench: wrote baselines/main.json: run good, by Wang Li\n"
    blessing = read_observed(path).blessed
    assert (blessing.by, blessing.because, blessing.replaces) == ("Wang Li", "the May prompt", None)

    shown = bench("baseline", "show", "--lang", "en")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "  because: the May prompt\n" in shown.stdout
    assert "accepted 92%, redone 8.3%; 100% of 12 trials have an outcome" in shown.stdout

    again = bench("baseline", "set", "results/worse", "--by", "Zhao")
    (line,) = again.stderr.splitlines()
    assert line.startswith(
        "bench: wrote baselines/main.json: run worse, by Zhao; in place of run good, by Wang Li: small: desk: "
    )
    assert "accepted → harmful (looks usable): 3" in line
    assert read_observed(path).blessed.replaces is not None

    (bench.folder / "baselines" / "broken.json").write_text("{")
    listed = bench("baseline", "list", "--lang", "en")
    assert listed.returncode == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["baseline", "main"]
    assert listed.stderr.startswith("bench: baselines/broken.json:1:2: not JSON")


def test_two_runs_are_compared_and_nothing_is_decided(bench):
    bench("baseline", "set", "results/good", "--name", "may")
    zh, en = together(
        lambda: bench("baseline", "diff", "may", "results/worse"),
        lambda: bench("baseline", "diff", "may", "results/worse", "--lang", "en"),
    )
    assert (zh.returncode, en.returncode) == (0, 0), zh.stderr
    assert "共同应答 12 次，文字不同 3 次，结果不同 3 次" in zh.stdout
    assert en.stdout.startswith("may → results/worse\n")
    assert "whether anything got worse, bench gate decides" in en.stdout


def test_who_blesses_is_asked_of_git_and_else_of_the_system(bench):
    done = bench("baseline", "set", "results/good", PATH="", LOGNAME="someone")
    assert done.stderr == "bench: wrote baselines/main.json: run good, by someone\n"


def test_a_run_with_gaps_is_refused_unless_it_is_wanted_all_the_same(bench):
    what = (
        "suite 'small': candidate 'desk' has an outcome for 50.0% of its trials, the suite asks for"
    )
    told = complaint(bench("baseline", "set", "results/half"))
    assert told.startswith(f"results/half: {what}")
    assert told.endswith("; or take it all the same with --even-so")
    assert not (bench.folder / "baselines").exists()
    done = bench("baseline", "set", "results/half", "--even-so")
    assert done.returncode == 0
    assert done.stderr.splitlines()[0].startswith(f"bench: warning: results/half: {what}")
    assert (bench.folder / "baselines" / "main.json").is_file()


def test_a_run_that_is_not_complete_is_refused(bench):
    path = bench.folder / "results" / "good" / "outcomes.json"
    write_observed(path, read_observed(path).model_copy(update={"complete": False}))
    told = complaint(bench("baseline", "set", "results/good"))
    assert told.startswith(
        "results/good: the run is not complete; finish it with: bench run --resume"
    )


def test_a_gate_that_the_blessed_run_surely_breaks_is_warned_of(bench):
    done = bench("baseline", "set", "results/wrong")
    assert done.returncode == 0
    assert done.stderr.splitlines()[0] == (
        "bench: warning: suite 'small': candidate 'desk' surely breaks the hard gate 'Share wrong'"
    )


def test_what_the_outcomes_lack_is_mended_by_the_command_that_is_named(bench):
    (bench.folder / "results" / "good" / "outcomes.json").unlink()
    told = complaint(bench("baseline", "set", "results/good"))
    assert (
        told == "results/good: outcomes.json is missing; write it with: bench rescore results/good"
    )
    assert bench("rescore", "results/good").returncode == 0
    assert bench("baseline", "set", "results/good").returncode == 0


def test_a_mistake_is_one_line(bench):
    bench("baseline", "set", "results/good")
    asked = {
        ("set", "results/god"): "results/god: no such file; name a run's folder or a baseline",
        ("set", "results/good", "--name", "../x"): "--name '../x': a baseline's name is letters, digits, '.', '_' and '-', at most 80",
        ("set", "results/good", "--suite", "smal"): "the run has no suite 'smal'; did you mean 'small'?",
        ("set", "results/good", "--candidates", "dask"): "the run has no candidate 'dask'; did you mean 'desk'?",
        ("show", "mian"): "baselines: no baseline and no run is called 'mian'; did you mean 'main'?",
        ("diff", "main", "s"): "s: no run's folder (run.json is missing)",
        ("show", "main", "--folder", "none"): "none: no baseline is called 'main'; bless a run with: bench baseline set RUN --name main",
    }  # fmt: skip
    done = together(*[lambda told=told: bench("baseline", *told) for told in asked])
    assert [complaint(each) for each in done] == list(asked.values())


def test_an_edited_baseline_is_neither_shown_nor_compared(bench):
    bench("baseline", "set", "results/good")
    path = bench.folder / "baselines" / "main.json"
    path.write_text(path.read_text().replace('"complete": true', '"complete": false'))
    for asked in (("show",), ("diff", "main", "results/worse")):
        told = complaint(bench("baseline", *asked))
        assert told.startswith("baselines/main.json: changed since it was written")
    done = bench("baseline", "set", "results/worse")
    assert done.returncode == 0
    assert done.stderr.endswith("; in place of a file that could not be read\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_baseline_is_for_everybody_and_a_runs_outcomes_are_not(bench):
    bench("baseline", "set", "results/good")
    modes = [
        (bench.folder / name).stat().st_mode & 0o077
        for name in ("baselines/main.json", "results/good/outcomes.json")
    ]
    assert [bool(each) for each in modes] == [True, False]
