"""What a user names is found, or refused in a line; and texts are fetched from a run's journal."""

import datetime as dt
import shutil
import time

import pytest

from bench.errors import UserError
from bench.gate.against import found
from bench.gate.baseline_file import (
    blessed,
    listed,
    write_baseline,
)
from bench.gate.texts import texts_of
from bench.running.journal import sealed
from bench.running.manifest import write_manifest
from bench.types import Answer, Failure
from bench.value.observed.file import journal_mark, write_observed
from tests.observed_runs import of
from tests.small_run import manifest

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working directory of the test's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_folder(folder, observed=None, answers=b"one\n"):
    """A run's folder with a journal, outcomes that were judged from it, and a manifest of the same id."""
    folder.mkdir(parents=True)
    (folder / "answers.jsonl").write_bytes(answers)
    told = (observed or of([["accept"]])).model_copy(
        update={"id": folder.name, "journal": journal_mark(folder / "answers.jsonl")}
    )
    write_observed(folder / "outcomes.json", told)
    write_manifest(folder, manifest().model_copy(update={"id": folder.name}))
    return told


def test_a_baseline_of_a_directory_above_is_named(here, monkeypatch):
    run_folder(here / "results" / "r")
    write_baseline(found("results/r").observed, "main")
    (here / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(here / "deep" / "er")
    assert complaint("main") == (
        "baselines: no baseline is called 'main' in this directory; name it by its file "
        "../../baselines/main.json, or go there"
    )
    assert "above" not in complaint("other")
    assert "bench baseline set" in complaint("other")


def complaint(named, **more):
    with pytest.raises(UserError) as error:
        found(named, **more)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_run_is_found_by_its_folder_and_by_its_outcomes(here):
    told = run_folder(here / "results" / "r")
    for named in ("results/r", here / "results" / "r", "results/r/outcomes.json"):
        it = found(named)
        assert it.observed == told
        assert it.run_folder is not None
        assert it.run_folder.resolve() == here / "results" / "r"


def test_a_run_that_was_judged_by_an_older_program_says_what_to_type(here):
    run_folder(here / "a run")
    (here / "a run" / "outcomes.json").unlink()
    assert (
        complaint("a run")
        == "a run: outcomes.json is missing; write it with: bench rescore 'a run'"
    )


def test_answers_that_came_after_the_run_was_judged_are_seen(here):
    run_folder(here / "r")
    with (here / "r" / "answers.jsonl").open("ab") as file:
        file.write(b"two\n")
    assert (
        complaint("r")
        == "r: answers.jsonl changed after it was judged; judge it with: bench rescore r"
    )


def test_a_run_of_which_only_the_outcomes_were_kept_is_a_run(here):
    told = run_folder(here / "r")
    (here / "r" / "answers.jsonl").unlink()
    (here / "r" / "run.json").unlink()
    assert found("r").observed == told


def test_a_baseline_is_found_by_its_name_and_by_its_path(here):
    told = blessed(of([["accept"]]), "Wang", at=NOON)
    write_baseline(told, "main", here / "baselines")
    assert (found("main").observed, found("main").name) == (told, "main")
    assert found("baselines/main.json").observed == told
    assert found("main").run_folder is None
    write_baseline(told, "main", here / "elsewhere")
    assert found("main", here / "elsewhere").observed == told


@pytest.mark.parametrize("place", ["results", "baselines", "ci"])
def test_a_baselines_own_run_is_found_where_it_still_lies(here, place):
    told = run_folder(here / place / "r")
    write_baseline(blessed(told, "Wang"), "main", here / "baselines")
    it = found("main", beside=here / "ci" / "new")
    assert it.run_folder is not None
    assert it.run_folder.resolve() == here / place / "r"
    assert (found("main").run_folder is not None) == (place != "ci")


def test_a_run_that_was_asked_further_or_is_another_one_has_not_the_baselines_texts(here):
    told = run_folder(here / "results" / "r")
    write_baseline(blessed(told, "Wang"), "main", here / "baselines")
    (here / "results" / "r" / "answers.jsonl").write_bytes(b"two\n")
    assert found("main").run_folder is None
    (here / "results" / "r" / "answers.jsonl").write_bytes(b"one\n")
    write_manifest(here / "results" / "r", manifest())
    assert found("main").run_folder is None


def test_a_name_that_is_a_run_and_a_baseline_is_not_guessed(here):
    told = run_folder(here / "main")
    write_baseline(blessed(told, "Wang"), "main", here / "baselines")
    assert (
        complaint("main")
        == "'main' is a run's folder and a baseline; write main/outcomes.json or baselines/main.json"
    )
    assert found("main/outcomes.json").observed == told
    (here / "other").mkdir()
    write_baseline(blessed(told, "Wang"), "other", here / "baselines")
    assert found("other").observed.blessed is not None


def test_what_is_not_there_is_named_with_what_to_do(here):
    assert (
        complaint("main")
        == "baselines: no baseline is called 'main'; bless a run with: bench baseline set RUN --name main"
    )
    write_baseline(blessed(of([["accept"]]), "Wang"), "main", here / "baselines")
    assert (
        complaint("mian")
        == "baselines: no baseline and no run is called 'mian'; did you mean 'main'?"
    )
    assert complaint("results/r") == "results/r: no such file; name a run's folder or a baseline"
    assert complaint("main.json") == "main.json: no such file; name a run's folder or a baseline"
    (here / "empty").mkdir()
    assert complaint("empty") == "empty: no run's folder (run.json is missing)"


BROKEN = {
    "edited": lambda content: content.replace(b'"complete": true', b'"complete": false'),
    "cut": lambda content: content[: len(content) // 2],
    "of another format": lambda content: content.replace(b'"format": 1', b'"format": 2'),
    "binary": lambda content: b"\x89PNG\x00\xff",
    "empty": lambda content: b"",
    "a summary": lambda content: b'{"schema": 1, "suites": {}}',
}


@pytest.mark.parametrize("damage", BROKEN)
def test_a_broken_baseline_is_one_line_and_never_a_comparison(here, damage):
    path = write_baseline(blessed(of([["accept"]]), "Wang"), "main", here / "baselines")
    path.write_bytes(BROKEN[damage](path.read_bytes()))
    assert complaint("main").startswith("baselines/main.json:")
    assert listed(here / "baselines")[0].trouble.startswith(str(path))


def test_a_name_that_no_file_can_have_is_one_line(here):
    for name in ("m" * 300, "baselines/" + "m" * 300, "m" * 5000):
        assert complaint(name).startswith(f"{name}: ")


def test_a_folder_in_a_baselines_place_is_one_line(here):
    (here / "baselines" / "main.json").mkdir(parents=True)
    assert complaint("main").startswith("baselines/main.json: cannot be read: ")


def journal(folder, answers):
    folder.mkdir(exist_ok=True)
    (folder / "answers.jsonl").write_bytes(b"".join(answers))


def answer(item="i0", repeat=0, text="42", **more):
    told = {"suite": "s", "candidate": "c", "item": item, "repeat": repeat, "text": text}
    return Answer(**(told | {"state": "answered"} | more))


def test_texts_are_those_of_the_trial_and_of_no_other(tmp_path):
    journal(tmp_path, [sealed(answer(f"i{n}", r, f"{n}/{r}")) for n in range(3) for r in range(2)])
    text = texts_of(tmp_path)
    assert text("s", "c", "i2", 1) == "2/1"
    assert text("s", "c", "i0", 0) == "0/0"
    assert [text(*key) for key in (("t", "c", "i0", 0), ("s", "d", "i0", 0), ("s", "c", "i0", 2))] == [None] * 3  # fmt: skip


def test_a_trial_that_failed_has_no_text_and_an_empty_answer_an_empty_one(tmp_path):
    failure = Failure(kind="server", message="HTTP 500")
    lost = answer("i1", text="", state="failed", failure=failure)
    journal(tmp_path, [sealed(answer(text="")), sealed(lost)])
    text = texts_of(tmp_path)
    assert (text("s", "c", "i0", 0), text("s", "c", "i1", 0)) == ("", None)


def test_damaged_lines_answer_nothing_and_the_first_of_two_counts(tmp_path):
    journal(
        tmp_path,
        [b"{", b"\n", b"[1]\n", b'{"suite": []}\n', sealed(answer(text="first")),
         sealed(answer(text="second")), b"\xff\xfe\n", sealed(answer("i1"))[:40]],
    )  # fmt: skip
    text = texts_of(tmp_path)
    assert text("s", "c", "i0", 0) == "first"
    assert text("s", "c", "i1", 0) is None


def test_a_folder_without_a_journal_has_no_text(tmp_path):
    assert texts_of(tmp_path / "gone")("s", "c", "i0", 0) is None
    journal(tmp_path / "r", [sealed(answer())])
    text = texts_of(tmp_path / "r")
    assert text("s", "c", "i0", 0) == "42"
    shutil.rmtree(tmp_path / "r")
    assert text("s", "c", "i0", 0) is None


def test_ten_thousand_answers_are_searched_well_below_a_second(tmp_path):
    journal(tmp_path, [sealed(answer(f"i{n}", text="长答复" * 300)) for n in range(10_000)])
    began = time.process_time()
    text = texts_of(tmp_path)
    assert text("s", "c", "i9999", 0) == "长答复" * 300
    assert all(text("s", "c", f"i{n}", 0) for n in range(20))
    assert time.process_time() - began < 0.6
