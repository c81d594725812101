"""Which runs are in a window: those beside a run that asked the same, in order of time."""

import json

import pytest

from bench.errors import RunFolderError, UserError
from bench.gate.window.beside import runs_beside
from bench.gate.window.series import window
from bench.value.observed.file import NAME
from tests.window_runs import POLICY, SAME, candidate, laid, others, run, series, suite, window_of

SIXTY = SAME[:60]


def kept(folder, most=9):
    runs, left_out = runs_beside(folder, most)
    return [each.name for each in runs], [(each.why, each.path) for each in left_out]


def test_runs_are_in_order_of_time_and_the_last_is_the_one_asked_for(tmp_path):
    runs = series(SAME[:3], SAME[:3], SAME[:3])
    laid(tmp_path, [runs[1], runs[2], runs[0]])
    assert kept(tmp_path / "run-15") == (["run-01", "run-08", "run-15"], [])
    assert kept(tmp_path / "run-15", 2) == (["run-08", "run-15"], [])
    assert kept(tmp_path / "run-08") == (["run-01", "run-08"], [])


def test_runs_of_other_suites_or_candidates_are_no_part_and_need_no_word(tmp_path):
    told = suite({"desk": candidate(SAME[:3])})
    runs = [
        run(1, {"bills": told}),
        run(2, suite({"hall": candidate(SAME[:3])})),
        run(3, told),
    ]
    assert kept(laid(tmp_path, runs)) == (["run-03"], [])


def test_runs_that_did_not_finish_or_asked_another_number_are_left_out_with_a_word(tmp_path):
    told = suite({"desk": candidate(SAME[:3])})
    runs = [run(1, told, complete=False), run(2, told, limit=5), run(3, told)]
    assert kept(laid(tmp_path, runs)) == (
        ["run-03"],
        [("unfinished", str(tmp_path / "run-01")), ("other_limit", str(tmp_path / "run-02"))],
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\x00", b'{"format": 2}', b'{"started": 3, "id": 1}'],
    ids=repr,
)
def test_a_broken_file_is_told_and_left_out(tmp_path, content):
    last = laid(tmp_path, series(SAME[:3], SAME[:3], SAME[:3]))
    (tmp_path / "run-08" / NAME).write_bytes(content)
    runs, left_out = runs_beside(last, 9)
    assert [each.name for each in runs] == ["run-01", "run-15"]
    assert [each.why for each in left_out] == ["broken"]
    assert left_out[0].detail.isprintable()


def test_a_file_that_only_a_close_look_finds_broken_makes_room_for_an_older_run(tmp_path):
    last = laid(tmp_path, series(SAME[:3], SAME[:3], SAME[:3]))
    path = tmp_path / "run-08" / NAME
    told = json.loads(path.read_bytes())
    told["suites"]["claims"]["candidates"]["desk"]["temperature"] = 1
    path.write_text(json.dumps(told))
    runs, left_out = runs_beside(last, 2)
    assert [each.name for each in runs] == ["run-01", "run-15"]
    assert "changed since it was written" in left_out[0].detail


def test_links_and_copies_are_no_runs(tmp_path):
    last = laid(tmp_path / "runs", series(SAME[:3], SAME[:3]))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "runs" / "link").symlink_to(tmp_path / "runs" / "run-01")
    (tmp_path / "runs" / "held").mkdir()
    (tmp_path / "runs" / "held" / NAME).symlink_to(tmp_path / "runs" / "run-01" / NAME)
    (tmp_path / "runs" / "copy").mkdir()
    (tmp_path / "runs" / "copy" / NAME).write_bytes(
        (tmp_path / "runs" / "run-01" / NAME).read_bytes()
    )
    names, left_out = kept(last)
    assert (len(names), names[-1], left_out) == (2, "run-08", [])


def test_a_window_needs_a_run_and_two_places(tmp_path):
    with pytest.raises(UserError, match="--window 1: a window needs at least 2 runs"):
        window(tmp_path, 1, POLICY)
    with pytest.raises(UserError, match="no such file; name a run's folder"):
        window(tmp_path / "none", 5, POLICY)
    last = laid(tmp_path, [run(1, suite({"desk": candidate(SAME[:3])}))])
    (last / NAME).unlink()
    with pytest.raises(RunFolderError, match=r"outcomes\.json is missing; write it with: bench"):
        window(last, 5, POLICY)


def test_a_run_that_does_not_say_when_it_began_is_refused(tmp_path):
    told = run(1, suite({"desk": candidate(SAME[:3])})).model_copy(update={"started": "yesterday"})
    with pytest.raises(RunFolderError, match=r"started: .*restore the file"):
        window(laid(tmp_path, [told]), 5, POLICY)


def test_the_window_of_a_folder_is_that_of_its_runs(tmp_path):
    runs = series(SIXTY, SIXTY, others(SIXTY, 20))
    told = window(laid(tmp_path, runs), 5, POLICY)
    assert told == window_of(runs)
    assert [each.id for each in told.runs] == ["run-01", "run-08", "run-15"]
