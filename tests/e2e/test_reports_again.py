
import pytest

from tests.e2e.command import complaint, judged, lines, summary
from tests.small_suite import written


def test_a_report_is_told_again_in_another_language_and_format_from_the_folder_alone(bench, mine):
    for name in ("report.md", "report.html", "summary.json", "scores.jsonl"):
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


def test_a_rescore_writes_the_scores_of_the_scorer_as_it_is_now(bench, mine):
    change = {"exact": {"reference": "other"}}
    items = (mine / "s" / "items.jsonl").read_text().replace('"answer": "42"', '"answer": "42", "other": "43"')  # fmt: skip
    (mine / "s" / "items.jsonl").write_text(items)
    path = mine / "s" / "suite.yaml"
    path.write_text(path.read_text().replace("right: exact", f"right: {change}"))
    assert "its items changed" in complaint(bench("rescore", "r"))
    original = items.replace(', "other": "43"', "")
    (mine / "s" / "items.jsonl").write_text(original)
    path.write_text(path.read_text().replace(str(change), "{exact: {wrong_class: wrong_answer}}"))
    assert bench("rescore", "r", "--lang", "en").returncode == 0
    assert {each["scores"]["right"]["label"] for each in lines(mine / "r", "scores.jsonl")} == {"right"}  # fmt: skip


def test_ones_own_numbers_change_the_values_and_are_named(bench, mine):
    (mine / "own.yaml").write_text("small:\n  wage_per_hour: 180\n")
    before = judged(mine / "r")["value_per_case"]["value"]
    assert bench("report", "r", "--assumptions", "own.yaml", "--format", "json").returncode == 0
    assert judged(mine / "r")["value_per_case"]["value"] == pytest.approx(2 * before)
    assert summary(mine / "r")["run"]["assumptions_file"] == "own.yaml"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("small:\n  wage_per_hours: 180\n", "own.yaml:2:3: small.wage_per_hours: unknown assumption; did you mean 'wage_per_hour'?"),
        ("small:\n  wage_per_hour: cheap\n", "own.yaml:2:3: small.wage_per_hour: a number expected, got 'cheap'"),
        ("smal:\n  wage_per_hour: 180\n", "own.yaml:1:1: names none of the suites"),
        ("small: [\n", "own.yaml:2:1: not YAML"),
    ],
)  # fmt: skip
def test_an_assumption_that_does_not_exist_is_named_with_its_line(bench, mine, text, what):
    (mine / "own.yaml").write_text(text)
    assert complaint(bench("report", "r", "--assumptions", "own.yaml")).startswith(what)


def test_a_folder_without_a_run_cannot_be_told(bench, tmp_path):
    (tmp_path / "r").mkdir()
    assert complaint(bench("report", "r")) == "r: holds no run (run.json is missing)"


def test_an_unknown_format_is_named_with_those_there_are(bench, mine):
    told = complaint(bench("report", "r", "--format", "pdf"))
    assert told.startswith("no report format is called 'pdf'")
    assert "html" in told
