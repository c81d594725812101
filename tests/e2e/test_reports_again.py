from functools import partial

import pytest

from tests.e2e.command import complaint, judged, summary, together
from tests.small_suite import written


def test_a_report_is_told_again_in_another_language_and_format_from_the_folder_alone(bench, mine):
    for name in ("report.md", "report.html", "summary.json", "scores.jsonl", "outcomes.json"):
        (mine / "r" / name).unlink()
    zh = bench("report", "r", "--format", "md")
    assert zh.returncode == 0, zh.stderr
    assert zh.stderr == "bench: wrote r/report.md\n"
    assert "小题" in (mine / "r" / "report.md").read_text(encoding="utf-8")
    assert {path.name for path in (mine / "r").iterdir()} == {"run.json", "answers.jsonl", "report.md"}  # fmt: skip


def test_the_report_of_a_run_is_the_one_that_report_tells(bench, mine, finished):
    _, done = finished
    before = {name: (mine / "r" / name).read_bytes() for name in ("report.md", "report.html", "summary.json")}  # fmt: skip
    again = bench("report", "r", "--lang", "en")
    assert again.returncode == 0
    assert again.stdout == done.stdout
    assert {name: (mine / "r" / name).read_bytes() for name in before} == before


def stricter(told):
    """Every answer is wrong from now on, by another rule."""
    told["business"]["outcomes"].insert(0, {"outcome": "redo", "when": {"right": "right"}})


def test_after_another_rule_a_report_refuses_and_a_rescore_judges_anew(bench, mine):
    written(mine / "s", change=stricter)
    told = complaint(bench("report", "r"))
    assert told == "suite 'small': its business changed since the run; use: bench rescore r"
    assert judged(mine / "r")["outcomes"]["accept"] == 1.0
    answers = (mine / "r" / "answers.jsonl").read_bytes()
    assert bench("rescore", "r").returncode == 0
    assert (mine / "r" / "answers.jsonl").read_bytes() == answers
    assert judged(mine / "r")["outcomes"]["redo"] == 1.0
    assert bench("report", "r", "--format", "json").returncode == 0


def test_other_items_are_another_run_for_a_rescore_too(bench, mine):
    path = mine / "s" / "items.jsonl"
    path.write_text(path.read_text().replace("question 3?", "question 33?"))
    before = (mine / "r" / "scores.jsonl").read_bytes()
    told = complaint(bench("rescore", "r"))
    assert told.startswith("suite 'small' is no longer what was run: its items changed; ")
    assert told.endswith("restore version 1 or run again")
    assert (mine / "r" / "scores.jsonl").read_bytes() == before


def test_ones_own_numbers_change_the_values_and_are_named(bench, mine):
    (mine / "own.yaml").write_text("small:\n  wage_per_hour: 180\n")
    before = judged(mine / "r")["value_per_case"]["value"]
    assert bench("report", "r", "--assumptions", "own.yaml", "--format", "json").returncode == 0
    assert judged(mine / "r")["value_per_case"]["value"] == pytest.approx(2 * before)
    assert summary(mine / "r")["run"]["assumptions_file"] == "own.yaml"


def test_what_cannot_be_told_is_one_line_with_its_place(bench, mine):
    wrong = {
        "small:\n  wage_per_hours: 180\n": "own.yaml:2:3: small.wage_per_hours: unknown assumption; did you mean 'wage_per_hour'?",
        "small:\n  wage_per_hour: cheap\n": "own.yaml:2:3: small.wage_per_hour: a number expected, got 'cheap'",
        "smal:\n  wage_per_hour: 180\n": "own.yaml:1:1: names none of the suites",
        "small: [\n": "own.yaml:2:1: not YAML",
    }  # fmt: skip
    calls = []
    for at, text in enumerate(wrong):
        (mine / str(at)).mkdir()
        (mine / str(at) / "own.yaml").write_text(text)
        calls.append(partial(bench, "report", "r", "--assumptions", f"{at}/own.yaml"))
    calls.append(partial(bench, "report", "r", "--format", "pdf"))
    calls.append(partial(bench, "report", "s"))
    *assumed, unknown, none = [complaint(done) for done in together(*calls)]
    for at, (told, what) in enumerate(zip(assumed, wrong.values(), strict=True)):
        assert told.startswith(f"{at}/{what}")
    assert unknown.startswith("no report format is called 'pdf'")
    assert "html" in unknown
    assert none == "s: holds no run (run.json is missing)"
