"""Earlier runs beside a run, and what its report says of them."""

import json
import os

import pytest

from bench.reports.history_section import history_section
from bench.reports.phrases import Words
from bench.reports.view import view
from bench.value.history.beside import RUNS_TOLD, with_history
from bench.value.judged import Judged

SUITE = "finance_qa"
DAYS = ("2026-08-20", "2026-09-20", "2026-10-20")


@pytest.fixture(scope="module")
def summary(invented):
    return invented.summary()


@pytest.fixture
def folder(tmp_path):
    """The folder of the run itself, among others."""
    here = tmp_path / "runs" / "this"
    here.mkdir(parents=True)
    return here


def put(folder, summary, name, change=lambda told: None, **run):
    """An earlier run beside this one."""
    told = json.loads(summary.model_dump_json(by_alias=True))
    told["run"] |= {"id": name, "started": "2026-10-20T08:00:00+00:00"} | run
    change(told)
    path = folder.parent / name / "summary.json"
    path.parent.mkdir()
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def gaining(money, suite=SUITE, **others):
    """Every candidate of a suite earns so much more a case."""

    def change(told):
        told["suites"][suite] |= others
        for candidate in told["suites"][suite]["candidates"].values():
            estimate = candidate["value_per_case"]
            for end in ("low", "value", "high"):
                if estimate[end] is not None:
                    estimate[end] += money

    return change


def told(judged, language="zh"):
    words = [Words(language, suite, key) for key, suite in judged.summary.suites.items()]
    return history_section(judged, words)


def part_of(judged, title="财务问答"):
    return next(each for each in told(judged).parts if each.title == title)


def test_a_run_on_its_own_has_no_history(summary, folder):
    judged, warnings = with_history(Judged(summary), folder)
    assert not judged.history
    assert warnings == ()
    assert told(judged) is None
    assert "history" not in {each.key for each in view(judged, "zh").sections}


def test_runs_are_told_from_the_oldest_to_this_one_with_the_verdict_of_each(summary, folder):
    for at, day in enumerate(DAYS):
        put(folder, summary, f"r{at}", gaining(10.0 * (at - 3)), started=f"{day}T08:00:00+00:00")
    judged, warnings = with_history(Judged(summary), folder)
    assert warnings == ()
    rows = part_of(judged).tables[0].rows
    assert [row[0].text for row in rows] == [*DAYS, "2026-11-20"]
    assert [row[2].text for row in rows] == ["−1,400", "−400", "+600", "+1,600"]
    assert rows[-1][2].note.startswith("500 至 2,300")
    assert [row[4].text for row in rows] == ["上线"] * 4
    assert rows[1][3].text == "+1,000"
    assert "每百题比现状多赚（元）" in part_of(judged).tables[0].heads[2].text


def test_the_section_stands_before_the_reasons_and_its_heading_counts_what_changed(summary, folder):
    put(folder, summary, "r", gaining(-90.0))
    judged, _ = with_history(Judged(summary), folder)
    keys = [each.key for each in view(judged, "en").sections]
    assert keys.index("history") == keys.index("why") - 1
    assert "收益确有提高 1 项，确有下降 0 项" in told(judged).heading
    assert part_of(judged).tables[0].rows[-1][3].note == "确有提高"
    put(folder, summary, "s", gaining(90.0), started="2026-10-21T08:00:00+00:00")
    judged, _ = with_history(Judged(summary), folder)
    assert "收益确有提高 0 项，确有下降 1 项" in told(judged).heading


def test_money_under_other_assumptions_is_told_and_not_compared(summary, folder):
    other = [{"name": "wage_per_hour", "low": 1, "base": 2, "high": 3}]
    put(folder, summary, "r", gaining(-90.0, assumptions=other))
    judged, _ = with_history(Judged(summary), folder)
    last = part_of(judged).tables[0].rows[-1]
    assert last[3].text == "—"
    assert "所用假设与上次或任务自带的不同" in last[5].text


def test_another_version_of_the_task_is_told_and_the_line_breaks_there(summary, folder):
    put(folder, summary, "r", gaining(-90.0, version=7))
    judged, _ = with_history(Judged(summary), folder)
    part = part_of(judged)
    assert part.tables[0].rows[0][1].text.startswith("第 7 版")
    assert part.tables[0].rows[-1][3].text == "—"
    assert not lines(part.figures[0])


def lines(figure):
    """Lines of the picture that join at least two runs."""
    return [
        each
        for each in figure.spec["layer"]
        if each.get("mark", {}).get("type") == "line" and len(each["data"]["values"]) > 1
    ]


def test_the_picture_has_a_point_a_run_with_a_shape_for_its_verdict_and_a_table(summary, folder):
    put(folder, summary, "r", gaining(-20.0))
    judged, _ = with_history(Judged(summary), folder)
    part = part_of(judged)
    (figure,) = part.figures
    assert len(lines(figure)) == 1
    points = next(
        each for each in figure.spec["layer"] if each.get("mark", {}).get("type") == "point"
    )
    shown = points["data"]["values"]
    assert [(each["day"], each["shape"], each["verdict"]) for each in shown] == [
        ("2026-10-20", "circle", "上线"),
        ("2026-11-20", "circle", "上线"),
    ]
    assert shown[1]["value"] == pytest.approx(1602.0)
    assert figure.table is part.tables[0]
    assert "industry-tuned+few_shot" in figure.alt


def test_at_most_twelve_runs_are_told_the_latest(summary, folder):
    for at in range(1, 15):
        put(folder, summary, f"r{at}", started=f"2026-10-{at:02d}T08:00:00+00:00")
    judged, _ = with_history(Judged(summary), folder)
    rows = part_of(judged).tables[0].rows
    assert len(rows) == RUNS_TOLD == 12
    assert rows[0][0].note == "r4"


@pytest.mark.parametrize(
    "run",
    [{"complete": False}, {"started": "2027-01-01T00:00:00+00:00"}, {"id": "20261120-080000-a1b2"}],
)
def test_unfinished_runs_later_runs_and_copies_of_this_one_are_no_history(summary, folder, run):
    put(folder, summary, "r", **run)
    judged, warnings = with_history(Judged(summary), folder)
    assert not judged.history
    assert warnings == ()


def test_a_broken_file_beside_the_run_is_a_warning_and_no_more(summary, folder):
    put(folder, summary, "good")
    for name, text in (
        ("empty", ""),
        ("list", "[]"),
        ("late", '{"run": {"id": "x", "started": "noon"}, "suites": {}}'),
    ):
        path = folder.parent / name / "summary.json"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    raw = folder.parent / "raw" / "summary.json"
    raw.parent.mkdir()
    raw.write_bytes(b"\xff\xfe\x00")
    judged, warnings = with_history(Judged(summary), folder)
    assert len(warnings) == 4
    assert all("left out of the history" in each for each in warnings)
    assert SUITE in judged.history


def test_nothing_outside_the_folder_of_the_run_is_read(summary, folder, tmp_path):
    outside = tmp_path / "elsewhere" / "r"
    put(folder, summary, "r")
    outside.parent.mkdir()
    (folder.parent / "r").rename(outside)
    (folder.parent / "linked").symlink_to(outside)
    inner = folder.parent / "inner"
    inner.mkdir()
    (inner / "summary.json").symlink_to(outside / "summary.json")
    os.mkfifo(folder.parent / "pipe")
    (folder.parent / "piped").mkdir()
    os.mkfifo(folder.parent / "piped" / "summary.json")
    judged, warnings = with_history(Judged(summary), folder)
    assert not judged.history
    assert warnings == ()


def test_another_candidate_is_told_where_the_leading_one_is_new(summary, folder):
    def without(change):
        del change["suites"][SUITE]["candidates"]["industry-tuned+few_shot"]

    put(folder, summary, "r", without)
    judged, _ = with_history(Judged(summary), folder)
    part = part_of(judged)
    assert part.sentences[0].startswith("图中是 flagship+direct")
    assert len(part.folded) == 1


def test_a_run_without_any_value_is_a_row_and_no_point(summary, folder):
    def nothing(change):
        for candidate in change["suites"][SUITE]["candidates"].values():
            candidate["value_per_case"] |= {"low": None, "value": None, "high": None}

    put(folder, summary, "r", nothing)
    judged, _ = with_history(Judged(summary), folder)
    part = part_of(judged)
    assert part.tables[0].rows[0][2].text == "—"
    assert part.figures == ()


def test_names_from_earlier_runs_are_made_plain(summary, folder):
    put(folder, summary, "r", id="r\u202e\x1b[31m|x")
    judged, _ = with_history(Judged(summary), folder)
    assert part_of(judged).tables[0].rows[0][0].note == "r|x"
