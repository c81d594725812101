import json

import pytest

from tests.e2e.command import command, complaint, summary, together
from tests.small_suite import written

RIGHT = (3, 6, 8, 9)


def dated(run, month):
    """Runs of a test all begin today; a history needs days."""
    told = summary(run)
    told["run"]["started"] = f"2026-0{month}-05T09:00:00+08:00"
    (run / "summary.json").write_text(json.dumps(told), encoding="utf-8")


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A folder with four real runs, each with more right answers than the one before."""
    folder = tmp_path_factory.mktemp("lived")
    written(folder / "s")
    calls = []
    for right in RIGHT:
        answers = [{"item": f"i{n}", "output": "42" if n < right else ""} for n in range(12)]
        (folder / f"{right}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in answers))
        told = {"endpoints": {"desk": {"adapter": "replay", "file": f"{right}.jsonl"}}}
        (folder / f"{right}.yaml").write_text(json.dumps(told))
        options = ("--endpoints", f"{right}.yaml", "--out", f"results/{right}")
        calls.append(lambda options=options: command(folder, "run", "s", *options))
    for done in together(*calls):
        assert done.returncode == 0, done.stderr
    for month, right in enumerate(RIGHT, start=1):
        dated(folder / "results" / str(right), month)
    (folder / "use.csv").write_text("\ufeffdate,users,labels\n2026-01-01,3,0\n2026-02-01,9,50\n2026-03-01,20,100\n2026-04-01,40,200\n")  # fmt: skip
    return folder


def test_four_runs_of_the_real_program_become_a_history(lived):
    zh, told = together(
        lambda: command(lived, "history", "small"),
        lambda: command(lived, "history", "small", "--adoption", "use.csv", "--format", "json"),
    )
    assert (zh.returncode, zh.stderr) == (0, "")
    assert "可用率从25%升到75%（相对+200%" in "".join(zh.stdout.split())
    assert (told.returncode, told.stderr) == (0, "")
    one = json.loads(told.stdout)["candidates"]["desk"]
    assert [each["usable"]["value"] for each in one["runs"]] == pytest.approx([n / 12 for n in RIGHT])  # fmt: skip
    assert one["curve"]["axis"] == "labels"
    assert one["curve"]["x"] == [0, 50, 100, 200]
    last = one["runs"][-1]["since_first"]
    assert last["usable"]["judgement"] == "better"
    assert last["business"]["net_value_per_case"]["improvement"] > 1


def test_a_candidate_is_chosen_and_markdown_is_printed(lived):
    done = command(lived, "history", "small", "--candidate", "desk", "--format", "md", "--lang", "en")  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("## Small items: runs over time\n")
    assert "### desk" in done.stdout


def test_a_broken_summary_is_a_line_and_no_end(lived, tmp_path):
    (tmp_path / "results" / "broken").mkdir(parents=True)
    (tmp_path / "results" / "broken" / "summary.json").write_text("{")
    whole = (lived / "results" / "3" / "summary.json").read_bytes()
    (tmp_path / "results" / "whole").mkdir()
    (tmp_path / "results" / "whole" / "summary.json").write_bytes(whole)
    done = command(tmp_path, "history", "small")
    assert done.returncode == 0
    (line,) = done.stderr.splitlines()
    assert line.startswith("bench: results/broken/summary.json: not a run's summary: ")
    assert "只有一次可比的运行" in done.stdout


def test_what_cannot_be_told_is_one_line(lived):
    (lived / "bad.csv").write_text('date,users\n2026-01-01,"1,234"\n')
    asked = {
        ("small", "--in", "nowhere"): "nowhere: no such folder; name the folder of your runs with --in",
        ("smal",): "results: no run of the suite 'smal'; did you mean 'small'?",
        ("small", "--in", "s"): "s: no run of the suite 'small'; make one with: bench run",
        ("small", "--candidate", "dask"): "no run of 'small' has the candidate 'dask'; did you mean 'desk'?",
        ("small", "--adoption", "none.csv"): "none.csv: no such file",
        ("small", "--adoption", "bad.csv"): "bad.csv:2: users: '1,234' has thousands separators; write 1234",
    }  # fmt: skip
    done = together(*[lambda told=told: command(lived, "history", *told) for told in asked])
    assert [complaint(each) for each in done] == list(asked.values())
