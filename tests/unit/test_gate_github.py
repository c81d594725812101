import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.gate.told.github import annotations, outputs, step_summary, told_to_github
from bench.gate.told.repository_path import repository_path
from tests.gate_parts import contrast, report, share, value
from tests.gate_reports import (
    EXAMPLES,
    failing,
    hostile,
    inconclusive,
    passing,
    unfinished,
    unknowable,
    warning,
)
from tests.github_runner import commands, environment, values
from tests.hostile_fields import ANYWHERE, STARTS

LANGUAGES = ("zh", "en")
SHOWN = {"error", "warning", "notice"}
MIB = 1024 * 1024
ANYBODY = st.text(st.characters(exclude_categories=()), max_size=60) | st.sampled_from(
    [*STARTS, *ANYWHERE]
)


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """A pull request's job: its variables, its files, and its workspace as the working directory."""
    told = environment(tmp_path)
    monkeypatch.chdir(told["GITHUB_WORKSPACE"])
    return told


def levels(log):
    return [each.name for each in commands(log)]


def test_the_reader_of_commands_knows_both_syntaxes_as_the_runner_does():
    log = "x ::error::no\n \u3000::ERROR file=a,line=1::b%250A%0Ac\nx ##[warning a=b;c=d]e ##[error]f\n::nothing::x\r::debug::y"
    found = commands(log)
    assert [(each.name, each.data) for each in found] == [
        ("error", "b%0A\nc"), ("warning", "e ##[error]f"), ("debug", "y")
    ]  # fmt: skip
    assert found[0].properties == {"file": "a", "line": "1"}
    assert found[1].properties == {"a": "b", "c": "d"}


def test_the_reader_of_values_knows_both_forms_as_the_runner_does():
    assert values("a=1=2\n\nb<<E\nx\n=y\nE\n") == {"a": "1=2", "b": "x\n=y"}
    for spoilt, why in (("a", "a"), ("<<E\nE\n", "<<E"), ("a<<E\nx\n", "no E"), ("=x", "=x")):
        with pytest.raises(ValueError, match=why):
            values(spoilt)


def test_outside_github_nothing_is_printed_and_nothing_written(recorded):
    for told in ({}, recorded | {"GITHUB_ACTIONS": "false"}):
        assert told_to_github(failing(), told, "en") == ""
    assert Path(recorded["GITHUB_OUTPUT"]).read_bytes() == b""
    assert Path(recorded["GITHUB_STEP_SUMMARY"]).read_bytes() == b""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["failing", "inconclusive", "passing"])
def test_a_pull_requests_job_is_told_as_the_golden_files_have_it(recorded, golden, name, language):
    log = told_to_github(EXAMPLES[name](), recorded, language)
    golden(f"gate_ci/github_{name}_{language}.log", log)
    golden(f"gate_ci/github_{name}_{language}.md", _written(recorded, "GITHUB_STEP_SUMMARY"))
    mark = re.sub(r"bench_[0-9a-f]{32}", "DELIMITER", _written(recorded, "GITHUB_OUTPUT"))
    golden(f"gate_ci/github_{name}.outputs", mark)
    assert _written(recorded, "GITHUB_ENV") == _written(recorded, "GITHUB_PATH") == ""


def _written(recorded, name):
    return Path(recorded[name]).read_text(encoding="utf-8")


def test_what_fails_is_an_error_at_the_suite_with_the_verdict_as_a_notice(recorded):
    found = commands(told_to_github(failing(), recorded, "en"))
    assert {each.name for each in found} <= SHOWN
    assert found[0].name == "notice"
    error = next(each for each in found if each.name == "error")
    assert error.properties["file"] == "tasks/finance_qa/suite.yaml"
    assert error.properties["line"] == "1"
    assert error.properties["title"] == "finance_qa · desk/few_shot: value"
    assert "1,640" in error.data


def test_money_comes_first_then_safety_and_what_is_open_last():
    told = [each.properties["title"].partition(": ")[2] for each in _of(failing(), "error")]
    assert told == ["value", "rate:emergency_missed", "limit:scale_sign_rate", "value", "harm"]


def _of(found, level):
    return [each for each in commands(annotations(found, "en")) if each.name == level]


@pytest.mark.parametrize("make", [*EXAMPLES.values(), hostile])
def test_there_is_an_error_exactly_where_the_job_ends_red(make):
    found = make()
    assert bool(_of(found, "error")) == (found.exit_code != 0)


@pytest.mark.parametrize(("then", "level"), [("stop", "error"), ("extend", "error"), ("fail", "error"), ("warn", "warning")])  # fmt: skip
def test_what_is_open_is_an_error_unless_the_policy_only_warns(then, level):
    told = inconclusive().model_copy(update={"then": then})
    assert len(_of(told, level)) == 2


def test_what_is_not_enforced_warns_only_where_it_is_worse_for_sure():
    (told,) = _of(warning(), "warning")
    assert told.properties["title"].endswith("latency")
    assert _of(warning(), "error") == []


def many(count, **more):
    """A gate at which so many candidates fail, and as many warn."""
    fails = [contrast("fail", value(-30.0, -25.0, -20.0), share("harm", 0.0, 0.2, 0.05, enforced=False), candidate=f"c{n:02}") for n in range(count)]  # fmt: skip
    return report("fail", *fails, **more)


@pytest.mark.parametrize("count", [9, 10, 11, 40])
def test_github_shows_ten_of_a_level_so_the_last_names_the_rest(count):
    for level in ("error", "warning"):
        found = _of(many(count), level)
        assert len(found) == min(count, 10)
        left = [] if count <= 10 else [f"c{n:02}" for n in range(9, count)]
        assert re.findall(r"c\d\d", found[-1].data)[: len(left)] == left[:20]
    assert (f"{count - 9} more" in _of(many(count), "error")[-1].data) == (count > 10)


def test_no_message_is_longer_than_github_shows():
    for each in commands(annotations(hostile(0, 20_000), "en")):
        assert len(each.data) <= 4096


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("turn", range(len(STARTS)))
def test_hostile_texts_bring_about_no_command_annotation_output_or_variable(
    recorded, turn, language
):
    log = told_to_github(hostile(turn), recorded, language)
    assert levels(log) == levels(annotations(failing(), language))
    assert len(log.splitlines()) == len(commands(log))
    assert {key for each in commands(log) for key in each.properties} <= {"file", "line", "title"}
    assert values(_written(recorded, "GITHUB_OUTPUT")).keys() == {
        "status",
        "exit-code",
        "needed-items",
    }
    assert _written(recorded, "GITHUB_ENV") == _written(recorded, "GITHUB_PATH") == ""
    assert _written(recorded, "GITHUB_STATE") == ""


@settings(deadline=None)
@given(candidate=ANYBODY, metric=ANYBODY, path=ANYBODY, title=ANYBODY)
def test_whatever_names_hold_each_finding_is_one_annotation_of_a_file_within(
    candidate, metric, path, title
):
    told = failing()
    one = told.contrasts[0]
    criteria = tuple(each.model_copy(update={"metric": metric}) for each in one.criteria)
    facts = told.suites[one.suite]
    spoilt = told.model_copy(
        update={
            "contrasts": (one.model_copy(update={"candidate": candidate, "criteria": criteria}), *told.contrasts[1:]),
            "suites": told.suites | {one.suite: facts.model_copy(update={"path": path, "currency": title})},
            "baseline": told.baseline.model_copy(update={"name": title}),
        }
    )  # fmt: skip
    log = annotations(spoilt, "en")
    assert levels(log) == levels(annotations(told, "en"))
    assert len(re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", log)) == len(commands(log)) + 1
    for each in commands(log):
        assert ".." not in Path(each.properties.get("file", "")).parts
        assert each.properties.keys() <= {"file", "line", "title"}


def test_outputs_say_status_exit_code_and_items_under_a_new_delimiter_each_time(tmp_path):
    path = tmp_path / "output"
    path.write_text("before=1", encoding="utf-8")
    outputs(path, inconclusive())
    told = path.read_text(encoding="utf-8")
    assert values(told) == {
        "before": "1",
        "status": "inconclusive",
        "exit-code": "4",
        "needed-items": "214",
    }
    marks = re.findall(r"<<(\w+)", told)
    outputs(path, inconclusive())
    assert len({*marks, *re.findall(r"<<(\w+)", path.read_text(encoding="utf-8"))}) == 6


def test_an_output_that_is_not_known_is_empty(tmp_path):
    outputs(tmp_path / "output", unknowable())
    told = values((tmp_path / "output").read_text(encoding="utf-8"))
    assert told == {"status": "inconclusive", "exit-code": "1", "needed-items": ""}


def test_the_summary_goes_behind_what_the_step_wrote_before(tmp_path):
    path = tmp_path / "summary"
    path.write_text("before", encoding="utf-8")
    step_summary(path, passing(), "en")
    told = path.read_text(encoding="utf-8")
    assert told.startswith("before\n<!-- bench-gate -->\n")
    assert told.endswith("\n")


@pytest.mark.parametrize("room", [0, 100, 1000])
def test_a_step_never_writes_more_than_github_takes(tmp_path, room):
    path = tmp_path / "summary"
    path.write_bytes(b"x" * (MIB - room))
    step_summary(path, failing(), "en")
    assert path.stat().st_size <= MIB
    assert (b"see the log" in path.read_bytes()) == (room == 1000)


@pytest.mark.parametrize("name", ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"])
def test_a_file_that_cannot_be_written_is_a_warning_and_the_verdict_stands(recorded, name):
    log = told_to_github(failing(), recorded | {name: str(recorded["RUNNER_TEMP"])}, "en")
    assert levels(log) == [*levels(annotations(failing(), "en")), "warning"]
    assert commands(log)[-1].data.startswith(f"{name} could not be written")
    other = {"GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"} - {name}
    assert all(_written(recorded, each) for each in other)


def test_without_files_of_the_runner_annotations_are_printed_all_the_same():
    log = told_to_github(unfinished(), {"GITHUB_ACTIONS": "true"}, "zh")
    assert levels(log) == levels(annotations(unfinished(), "zh"))


def test_paths_are_told_from_the_root_of_the_repository(tmp_path, monkeypatch):
    below = tmp_path / "project"
    below.mkdir()
    monkeypatch.chdir(below)
    assert repository_path("tasks/a/suite.yaml", tmp_path) == "project/tasks/a/suite.yaml"
    assert repository_path(str(below / "suite.yaml"), tmp_path) == "project/suite.yaml"
    assert repository_path("../a.yaml", tmp_path) == "a.yaml"
    assert repository_path("tasks/a/suite.yaml", None) == "tasks/a/suite.yaml"
    for outside in (
        "../../a.yaml",
        "/etc/passwd",
        "..",
        ".",
        "",
        None,
        "a\nb",
        "a\x00b",
        "a\u202eb",
        "x" * 600,
    ):
        assert repository_path(outside, below) is None
