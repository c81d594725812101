import json

import pytest

from bench.errors import UserError
from bench.value.history.past import found, past_run
from tests.past_runs import told


def put(folder, name, content):
    path = folder / name / "summary.json"
    path.parent.mkdir(parents=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_runs_are_found_one_and_two_levels_down_and_nothing_else_is_looked_at(tmp_path):
    put(tmp_path, "a", told("2026-01-01"))
    put(tmp_path, "team/b", told("2026-02-01"))
    put(tmp_path, "team/b/c", told("2026-03-01"))
    (tmp_path / "a" / "report.md").write_text("x")
    runs = found(tmp_path, "s")
    assert sorted(each.run.id for each in runs.runs) == ["run-2026-01-01", "run-2026-02-01"]
    assert runs.warnings == ()


def test_fields_of_other_versions_of_the_program_are_passed_over_or_not_known():
    later = told("2026-01-01", horizons=[{"new": 1}], suite_headline={"deep": []})
    assert past_run(json.dumps(later), "s").suite.candidates["desk"].items == 300
    older = told("2026-01-01")
    older["run"] = {"id": "r", "started": "2026-01-01T00:00:00"}
    suite = older["suites"]["s"]
    suite["candidates"]["desk"] = {"items": 3}
    del suite["assumptions"], suite["coverage_floor"]
    run = past_run(json.dumps(older), "s")
    assert run.suite.candidates["desk"].outcomes is None
    assert run.suite.candidates["desk"].value_per_case.value is None
    assert run.began.isoformat() == "2026-01-01T00:00:00+00:00"


def test_a_number_that_is_none_is_not_known():
    text = json.dumps(told("2026-01-01", p_positive=float("nan"), coverage=float("inf")))
    one = past_run(text, "s").suite.candidates["desk"]
    assert (one.p_positive, one.coverage) == (None, None)


def test_a_broken_file_is_one_line_and_the_others_are_read(tmp_path):
    put(tmp_path, "a", told("2026-01-01"))
    put(tmp_path, "b", "{")
    put(tmp_path, "c", "[]")
    put(tmp_path, "d", {"run": {"id": "x", "started": "yesterday"}, "suites": {}})
    wrong = told("2026-02-01")
    wrong["suites"]["s"]["candidates"]["desk"]["outcomes"]["accept"] = 7
    put(tmp_path, "e", wrong)
    put(tmp_path, "f", "x").write_bytes(b"\xff\xfe")
    (tmp_path / "g" / "summary.json").mkdir(parents=True)
    runs = found(tmp_path, "s")
    assert [each.run.id for each in runs.runs] == ["run-2026-01-01"]
    assert [line.removeprefix(f"{tmp_path}/")[0] for line in runs.warnings] == list("bcdefg")
    assert all(line.endswith("; skipped") and "\n" not in line for line in runs.warnings)
    assert "candidates.desk.outcomes.accept: input should be less than or equal to 1" in runs.warnings[3]  # fmt: skip


def test_what_is_wrong_in_another_suite_does_no_harm(tmp_path):
    both = told("2026-01-01")
    both["suites"]["other"] = {"version": "none"}
    put(tmp_path, "a", both)
    assert len(found(tmp_path, "s").runs) == 1


def test_a_copy_of_a_run_is_not_counted_twice(tmp_path):
    first = put(tmp_path, "a", told("2026-01-01"))
    second = put(tmp_path, "b", told("2026-01-01"))
    runs = found(tmp_path, "s")
    assert len(runs.runs) == 1
    assert runs.warnings == (f"{second}: the same run as {first}; skipped",)


def test_suites_that_were_run_are_known_for_a_suggestion(tmp_path):
    put(tmp_path, "a", told("2026-01-01"))
    assert found(tmp_path, "t").other_suites == ("s",)
    assert found(tmp_path, "t").runs == ()


def test_no_folder_is_the_users_mistake(tmp_path):
    with pytest.raises(UserError, match="no such folder; name the folder of your runs with --in"):
        found(tmp_path / "none", "s")
