"""Baselines: blessed or refused, listed, compared and told."""

import datetime as dt
import json
import re

import pytest

from bench.errors import UserError
from bench.gate.baseline_diff import diff
from bench.gate.baseline_file import (
    baseline_path,
    blessed,
    broken_limits,
    doubts,
    listed,
    only,
    read_baseline,
    write_baseline,
)
from bench.gate.baseline_words import diff_line, diff_page, show, table
from bench.gate.shown import shown
from bench.suites.model import Gate
from bench.value.judge_run import judge_run
from bench.value.ledger import ledger
from bench.value.observed.file import fingerprint, write_observed, written
from bench.value.observed.observe import observed_suite
from bench.value.observed.record import ObservedItem
from bench.wording.columns import width
from tests.judged_run import answers_of, candidate_names, manifest_of, suites_of
from tests.observed_runs import candidate, hash_of, of, run, suite
from tests.small_run import assessed, manifest, suite_of, trial

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
LANGUAGES = ("zh", "en")
HOSTILE = "x\x1b[31m\n::error::gone\u202e"
COMMANDS = "\n::error::gone ##[error]gone section_start:1:gone"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working directory of the test's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_blessing_says_who_why_when_and_in_whose_place():
    before = blessed(of([["accept"]]), "Li", at=NOON)
    told = blessed(of([["redo"]]), "Wang", "the prompt of May", fingerprint(before), NOON).blessed
    assert told is not None
    assert (told.by, told.because, told.at) == ("Wang", "the prompt of May", "2026-11-20T12:00:00+00:00")  # fmt: skip
    assert told.replaces == fingerprint(before) != fingerprint(blessed(of([["accept"]]), "Lo"))


def test_who_and_why_are_one_plain_line_whatever_was_typed(here):
    told = blessed(of([["accept"]]), HOSTILE, "a\ud800b" + HOSTILE * 500)
    assert told.blessed is not None
    assert told.blessed.by == "x ::error::gone"
    assert told.blessed.because.isprintable()
    assert len(told.blessed.because) <= 500
    write_baseline(told, "main", here / "b")
    assert read_baseline("main", here / "b") == told


@pytest.mark.parametrize(
    "name", ["", "..", "../main", "a/b", "a b", ".hidden", "x" * 81, "主", "a\n"]
)
def test_a_name_that_is_no_file_name_is_refused(name):
    with pytest.raises(UserError, match="a baseline's name is letters, digits"):
        baseline_path(name)


def two_suites():
    """Two suites; the second has one candidate of the first's two."""
    both = {"a": candidate([["accept"]]), "b": candidate([["redo"]])}
    return run({"one": suite(both, 1), "two": suite({"b": candidate([["harm"]])}, 1)})


def test_suites_and_candidates_may_be_kept_alone():
    told = two_suites()
    assert only(told) == told
    assert list(only(told, ["two"]).suites) == ["two"]
    assert {name: list(each.candidates) for name, each in only(told, (), ["a"]).suites.items()} == {"one": ["a"]}  # fmt: skip
    assert {name: list(each.candidates) for name, each in only(told, ["one"], ["b"]).suites.items()} == {"one": ["b"]}  # fmt: skip


def test_a_suite_or_a_candidate_that_the_run_lacks_is_named_with_what_there_is():
    with pytest.raises(UserError, match="the run has no suite 'tow'; did you mean 'two'"):
        only(two_suites(), ["tow"])
    with pytest.raises(UserError, match="the run has no candidate 'c'; known: a, b"):
        only(two_suites(), (), ["c"])


@pytest.mark.parametrize(
    ("observed", "said"),
    [
        (of([["accept"]] * 4), []),
        (of([["accept"]], complete=False), ["the run is not complete"]),
        (run({}), ["nothing was answered"]),
        (run({"small": suite({}, 3)}), ["nothing was answered"]),
        (of([["failed"], ["scorer"]]), ["suite 'small': candidate 'desk' has no outcome at all"]),
        (
            of([["accept"]] * 7 + [["failed"], [None], ["redo"]]),
            [],
        ),
        (
            of([["accept"]] * 7 + [["failed"], [None], ["scorer"]]),
            ["suite 'small': candidate 'desk' has an outcome for 70.0% of its trials, the suite asks for 80.0%"],
        ),
    ],
    ids=["good", "incomplete", "no suite", "no candidate", "no outcome", "enough", "too few"],
)  # fmt: skip
def test_a_run_that_had_better_not_be_blessed_is_doubted(observed, said):
    lines = list(doubts(observed))
    assert len(lines) == len(said)
    assert all(line.startswith(each) and ";" in line for line, each in zip(lines, said, strict=True))  # fmt: skip


@pytest.mark.parametrize(
    ("harmful", "hard", "warned"), [(0, True, 0), (2, True, 0), (9, True, 1), (9, False, 0)]
)
def test_only_a_hard_gate_that_is_surely_broken_is_warned_of(harmful, hard, warned):
    """Of 20 items two wrong ones may be bad luck at a limit of 5 %, nine are not."""
    gates = [Gate(metric="wrong_rate", upper_bound_95=0.05, hard=hard)]
    outcomes = [["harm"]] * harmful + [["accept"]] * (20 - harmful)
    lines = list(broken_limits(of(outcomes, suite_changes={"gates": gates})))
    assert len(lines) == warned
    assert all("surely breaks the hard gate 'Share wrong'" in line for line in lines)


OUTCOMES = ["accept", "edit", "light edit", "redo", "harm", "grave", "failed", "broken"]


@pytest.mark.parametrize("repeats", [1, 3])
def test_what_a_candidate_showed_is_what_the_summary_says(tmp_path, repeats):
    made = suite_of(tmp_path, 16)
    rows = [
        trial(n, OUTCOMES[(n + repeat) % len(OUTCOMES)], repeat=repeat, cost=0.01 * n)
        for n in range(16)
        for repeat in range(repeats)
    ]
    summary = assessed(made, rows, repeats=repeats).candidates["a"]
    given = manifest(repeats=repeats)
    told = shown(observed_suite(made, made.items, rows, ledger(made, rows, given), given), "a")
    assert told.value_per_case == pytest.approx(summary.value_per_case.value, rel=1e-3)
    assert told.coverage == pytest.approx(summary.coverage)
    assert told.items == summary.items
    assert summary.outcomes is not None
    shares = summary.outcomes.model_dump()
    assert told.outcomes == pytest.approx({name: each for name, each in shares.items() if each})
    assert told.priced


def test_a_folder_of_baselines_is_listed_by_name_broken_ones_too(here):
    folder = here / "baselines"
    for name in ("b", "a"):
        write_baseline(blessed(of([["accept"]]), "Wang", at=NOON), name, folder)
    (folder / "c.json").write_text("{")
    (folder / ".d.json.1.new").write_text("{")
    (folder / "README.md").write_text("hello")
    told = listed(folder)
    assert [each.name for each in told] == ["a", "b", "c"]
    assert [each.observed is None for each in told] == [False, False, True]
    assert listed(here / "nowhere") == []
    shown_lines = table(told, "en").splitlines()
    assert [line.split()[:3] for line in shown_lines] == [
        ["baseline", "day", "by"], ["a", "2026-11-20", "Wang"], ["b", "2026-11-20", "Wang"],
    ]  # fmt: skip


def test_a_folder_that_cannot_be_made_or_written_is_one_line(here):
    (here / "file").write_text("")
    with pytest.raises(UserError, match=r"cannot be made: .*; choose another --folder"):
        write_baseline(of([["accept"]]), "main", here / "file" / "below")


def test_equal_runs_give_equal_files(here):
    for name in ("a", "b"):
        write_baseline(blessed(two_suites(), "Wang", at=NOON), name, here)
    assert (here / "a.json").read_bytes() == (here / "b.json").read_bytes()


def of_suite(told):
    (one,) = told.suites
    return one


def test_nothing_differs_between_a_run_and_itself():
    told = diff(two_suites(), two_suites())
    assert told.is_same
    assert diff_line(told) == "nothing differs"
    assert "nothing differs" in diff_page(told, ("a", "b"), "en")


def test_outcomes_that_turned_are_counted_with_their_money_the_dearest_first():
    """A right answer is worth 50, one to do again −10, a harmful one −750; calls cost the same; none at all is today's way."""
    old = of([["accept"], ["accept"], ["redo"], ["accept"], ["accept"]])
    new = of([["harm"], ["redo"], ["accept"], ["accept"], ["failed"]])
    (one,) = of_suite(diff(old, new)).candidates
    told = [(each.old, each.new, each.trials, each.money) for each in one.turned]
    assert [each[:3] for each in told] == [
        ("accept", "harm", 1), ("accept", "redo", 1), ("accept", None, 1), ("redo", "accept", 1),
    ]  # fmt: skip
    waste = 0.01 / 4
    assert [each[3] for each in told] == pytest.approx(
        [-800 - waste, -60 - waste, -50 + 0.01, 60 - waste]
    )
    assert one.turned_trials == 4
    assert one.trials == 5
    assert one.money_per_case == pytest.approx(sum(each[3] for each in told) / 5 - waste / 5)


def test_items_are_counted_by_what_became_of_them_and_only_the_same_ones_are_compared():
    old, new = of([["accept"]] * 4), of([["harm"]] * 4)
    items = [ObservedItem("i0", hash_of(0), 0), ObservedItem("i1", "ff", 1),
             ObservedItem("x", "aa", 2), ObservedItem("y", "bb", 3)]  # fmt: skip
    small = new.suites["small"].model_copy(update={"items": items})
    told = of_suite(diff(old, new.model_copy(update={"suites": {"small": small}})))
    assert (told.same, told.changed, told.added, told.removed) == (1, 1, 2, 2)
    assert told.candidates[0].trials == 1
    assert told.candidates[0].turned_trials == 1


def test_versions_parts_rules_settings_models_and_names_are_told():
    old = two_suites()
    kinds = [each.model_copy(update={"model": "m-2"}) for each in candidate([["accept"]]).kinds]
    changed = candidate([["accept"]], settings={"endpoint.model": "bb", "strategy.shots": "cc"})
    told = suite(
        {"a": changed.model_copy(update={"kinds": kinds}), "c": candidate([["redo"]])}, 1,
        version=2, judging="cd", digests={"prompt": "p2", "items": "i1", "examples": "e1"},
    )  # fmt: skip
    found_ = diff(old, run({"one": told, "three": suite({}, 1)}))
    assert (found_.new_suites, found_.gone_suites) == (("three",), ("two",))
    (one,) = found_.suites
    assert (one.old_version, one.new_version, one.judging) == (1, 2, True)
    assert one.parts == ("examples", "prompt")
    assert (one.new_candidates, one.gone_candidates) == (("c",), ("b",))
    assert one.candidates[0].settings == ("endpoint.model", "strategy.shots")
    assert (one.candidates[0].old_models, one.candidates[0].new_models) == ((), ("m-2",))
    line = diff_line(found_)
    for part in ("new tasks: three", "tasks gone: two", "version 1 → 2", "changed: examples, prompt",
                 "judged by other rules", "new candidates: c", "candidates gone: b",
                 "other settings: model, strategy.shots", "answered by — → m-2"):  # fmt: skip
        assert part in line, part


@pytest.mark.parametrize(
    "change",
    [{"currency": "USD"}, {"weights": {"one": 50.0, "edit_minutes": -1.5, "cost": -1.0}}],
    ids=["another currency", "a class of loss that has no price"],
)
def test_what_is_not_priced_alike_is_counted_without_money(change):
    old, new = of([["harm"], ["accept"]]), of([["accept"], ["accept"]], suite_changes=change)
    (one,) = of_suite(diff(old, new)).candidates
    assert (one.turned[0].money, one.money_per_case) == (None, None)
    assert "CNY" not in diff_page(diff(old, new), ("a", "b"), "en")
    assert "harmful (looks usable) → accepted: 1\n" in diff_page(diff(old, new), ("a", "b"), "en")


def test_a_page_of_differences_says_that_it_is_no_test():
    told = diff(of([["accept"]] * 5), of([["harm"]] + [["accept"]] * 4))
    page = diff_page(told, ("main", "results/r"), "en")
    assert page == (
        "main → results/r\n\nSmall items (small)\n"
        "  desk: trials in common 5, with another text 1, with another outcome 1; −¥16,000 per 100 items\n"
        "    accepted → harmful (looks usable): 1, together −¥800\n\n"
        "These are differences and no test; whether anything got worse, bench gate decides.\n"
    )
    zh = diff_page(told, ("main", "results/r"), "zh")
    assert "每百题 −16,000 元" in zh
    assert zh.endswith("以上只是差别，不是检验；是否变差由 bench gate 判定。\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_a_page_is_wider_than_a_terminal(language):
    reason = "because the desk asked for it and nobody objected in the meeting " * 4
    told = of([["accept"], ["harm"]])
    pages = (
        show(blessed(told, "Wang", reason), "main", language),
        diff_page(diff(told, of([["harm"], ["accept"]])), ("old/" * 30, "new/" * 30), language),
    )
    for page in pages:
        assert max(map(width, page.splitlines())) <= 100
        assert max(map(width, page.splitlines())) > 80


def test_a_page_about_a_baseline_tells_its_origin_and_what_each_candidate_showed():
    told = of([["accept", "accept"], ["harm", "redo"], ["accept", "failed"]], [0, 0, 1], limit=3)
    page = show(blessed(told, "Wang", "the May prompt", "ab12", NOON), "main", "en")
    assert page == (
        "main: run r of 1 November 2026, bench 0.1.0, commit abc\n"
        "  taken as a baseline by Wang on 20 November 2026\n"
        "  because: the May prompt\n"
        "  in place of baseline ab12\n"
        "  only 3 items of each task, drawn by seed 0\n\n"
        "Small items (small, version 1): 3 items in 2 clusters, each × 2\n"
        "  desk\n"
        "    openai, direct; asks m; temperature 0; settings efa56746\n"
        "    −¥9,300 per 100 items\n"
        "    accepted 60%, redone 20%, harmful (looks usable) 20%; 83% of 6 trials have an outcome\n"
    )
    zh = show(blessed(told, "Wang", "", None, NOON), "main", "zh")
    assert "由 Wang 于 2026 年 11 月 20 日定为基线" in zh
    assert "温度 0" in zh


def test_a_run_that_nobody_blessed_is_shown_as_one_and_gaps_are_told():
    page = show(of([["failed"]], complete=False), "results/r", "en")
    assert "  a run that nobody took as a baseline\n  the run is not complete\n" in page
    assert "no outcome at all; 0% of 1 trials have an outcome" in page
    assert "no candidate answered" in show(run({"s": suite({}, 2)}), "r", "en")


@pytest.mark.parametrize("name", [HOSTILE, COMMANDS], ids=["terminal", "build"])
def test_names_from_anywhere_cannot_steer_a_terminal_or_a_build(here, name):
    kinds = [each.model_copy(update={"model": name}) for each in candidate([["accept"]]).kinds]
    one = candidate([["accept"]]).model_copy(
        update={"kinds": kinds, "asked_model": name, "adapter": name}
    )
    other = candidate([["harm"]], settings={name: "aa"})
    observed = run({name: suite({name: one}, 1)}, commit=name, id=name, version=name)
    changed = run({name: suite({name: other}, 1)})
    write_observed(here / "some.json", observed)
    pages = [
        show(observed, name, "en"),
        diff_page(diff(observed, changed), (name, name), "zh"),
        diff_line(diff(observed, changed)),
        table(listed(here), "en"),
    ]
    for page in pages:
        assert "error::gone" in page
        for line in page.splitlines():
            assert line.isprintable()
            assert not re.match(r"\s*::", line)
            assert "##[" not in line
            assert "section_start:" not in line


def test_no_text_of_a_model_is_in_any_page(tmp_path):
    suites, names = suites_of(tmp_path, 1, 12), candidate_names(2)
    asked = {each.name: each.items for each in suites}
    observed = judge_run(suites, asked, manifest_of(names), answers_of(suites, names)).observed
    assert observed is not None
    told = blessed(observed, "Wang")
    pages = [show(told, "main", "zh"), diff_page(diff(of([["accept"]]), told), ("a", "b"), "zh")]
    for text in [*pages, written(told).decode()]:
        assert "依据：" not in text
        assert "万元\n" not in text
    assert json.loads(written(told))["blessed"]["by"] == "Wang"
