"""What a run showed: taken from judged trials, written, read back, and refused when a byte of it is not what was written."""

import json
import random
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.errors import RunFolderError
from bench.scoring.score import Scored
from bench.suites.load import load
from bench.types import Exchange
from bench.value.ledger import ledger
from bench.value.observed.file import (
    fingerprint,
    journal_mark,
    read_observed,
    write_observed,
    written,
)
from bench.value.observed.observe import observed_suite
from bench.value.observed.record import Kind, ObservedTrial
from tests.judged_run import answers_of, candidate_names, judged, suites_of
from tests.observed_runs import of, read_or_refused
from tests.small_run import failed, manifest, suite_of, trial
from tests.small_suite import item
from tests.small_suite import written as suite_file

MOST_BYTES = 200_000


def seen(suite, rows, **more):
    """What these trials showed."""
    made = manifest(**more)
    return observed_suite(suite, suite.items, rows, ledger(suite, rows, made), made)


def the_trial(suite, row):
    """One trial and its kind."""
    (one,) = seen(suite, [row]).candidates.values()
    (told,) = one.trials
    return told, one.kinds[told.kind]


def with_exchange(row, **changes):
    (exchange,) = row.answer.exchanges
    changed = exchange.model_copy(update=changes)
    return Scored(row.answer.model_copy(update={"exchanges": (changed,)}), row.scores, row.trouble)


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return suite_of(tmp_path_factory.mktemp("suite") / "s")


@cache
def judged_run():
    """A judged run with every outcome, failures, three repeats and two candidates."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        suites = suites_of(Path(folder), 2, 20)
        names = candidate_names(2)
        answers = list(answers_of(suites, names, 3))
        random.Random(5).shuffle(answers)
        return judged(suites, answers, names, 3).observed, suites, names


def test_what_is_written_is_read_back_exactly(tmp_path):
    observed, _, _ = judged_run()
    path = tmp_path / "outcomes.json"
    write_observed(path, observed)
    assert read_observed(path) == observed
    assert written(read_observed(path)) == path.read_bytes() == written(observed)


def test_equal_runs_give_equal_bytes_whoever_answered_first():
    observed, suites, names = judged_run()
    in_order = judged(suites, answers_of(suites, names, 3), names, 3).observed
    assert written(in_order) == written(observed)
    assert fingerprint(in_order) == fingerprint(observed)


@given(
    outcomes=st.lists(
        st.lists(st.sampled_from(["accept", "edit", "redo", "harm", "failed", None]), max_size=3),
        max_size=6,
    ),
    cost=st.none() | st.just(0.0) | st.floats(1e-12, 1e6),
    title=st.text(max_size=9),
)
def test_any_run_survives_being_written(tmp_path_factory, outcomes, cost, title):
    run = of(outcomes)
    one = run.suites["small"].candidates["desk"]
    trials = [each._replace(cost=cost, latency_s=cost) for each in one.trials]
    changed = one.model_copy(update={"trials": trials, "asked_model": title})
    small = run.suites["small"].model_copy(update={"candidates": {"desk": changed}})
    run = run.model_copy(update={"suites": {"small": small}, "commit": title})
    path = tmp_path_factory.mktemp("any") / "outcomes.json"
    path.write_bytes(written(run))
    assert read_observed(path) == run
    assert written(run) == written(read_observed(path))


def test_a_thousand_items_asked_three_times_fit_into_200_kilobytes(tmp_path):
    """Ids as long as those of real suites, costs and seconds with all the digits that are kept."""
    draw = random.Random(1)
    rows = [
        trial(n, draw.choice(["accept", "edit", "redo", "harm"]), repeat=repeat,
              cost=draw.uniform(0.001, 0.1), latency=draw.uniform(0.5, 30))
        for n in range(1000)
        for repeat in range(3)
    ]  # fmt: skip
    told = seen(suite_of(tmp_path, 1000), rows, repeats=3)
    long = [each._replace(id=f"finance_2026_q3_{each.id}") for each in told.items]
    told = told.model_copy(update={"items": long})
    run = of([["accept"]]).model_copy(update={"suites": {"small": told}})
    assert 100_000 < len(written(run)) <= MOST_BYTES


def test_a_line_stands_for_an_item_and_for_a_trial():
    run = of([["accept", "harm"], ["redo", "redo"]])
    lines = written(run).decode().splitlines()
    assert sum(line.startswith('["i') for line in lines) == 2
    assert sum(line.startswith(("[0,", "[1,")) for line in lines) == 4


def test_no_text_of_a_question_or_an_answer_is_written():
    observed, suites, _ = judged_run()
    told = written(observed).decode()
    for each in suites[0].items:
        assert each.input["question"] not in told
        assert each.input["document"][:30] not in told
        assert f'"{each.reference["answer"]}"' not in told
    assert "依据" not in told


CONTENT = written(of([["accept", "harm"], ["redo", None], ["failed", "edit"]]))


@given(end=st.integers(0, len(CONTENT) - 1))
@example(end=0)
@example(end=len(CONTENT) - 1)
def test_a_file_that_was_cut_is_refused_unless_only_the_last_line_end_is_gone(
    tmp_path_factory, end
):
    read = read_or_refused(tmp_path_factory, CONTENT[:end])
    assert (read is not None) == (end == len(CONTENT) - 1)


@given(at=st.integers(0, len(CONTENT) - 1), bits=st.integers(1, 255))
def test_a_changed_byte_changes_no_value_unnoticed(tmp_path_factory, at, bits):
    content = bytearray(CONTENT)
    content[at] ^= bits
    read = read_or_refused(tmp_path_factory, bytes(content))
    assert read is None or written(read) == CONTENT


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"complete": true', b'"complete": false'),
        (b'"outcome":"harm"', b'"outcome":"redo"'),
        (b'"human_cost": 60.0', b'"human_cost": 600.0'),
        (b'"seal": "', b'"seel": "'),
    ],
)
def test_a_value_changed_by_hand_is_refused(tmp_path_factory, old, new):
    assert CONTENT.count(old) == 1
    assert read_or_refused(tmp_path_factory, CONTENT.replace(old, new)) is None


def test_another_layout_is_the_same_file(tmp_path_factory):
    """What git, an editor or a formatter does to line ends and spaces."""
    told = json.loads(CONTENT)
    for content in (
        CONTENT.replace(b"\n", b"\r\n"),
        json.dumps(told).encode(),
        json.dumps(told, indent=4).encode(),
    ):
        read = read_or_refused(tmp_path_factory, content)
        assert read is not None
        assert written(read) == CONTENT


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff\x89PNG", b"[]", b"null", b'{"format": 2}', b'{"format": 1}', b"[" * 5000, b"{}"],
    ids=["empty", "binary", "list", "null", "other", "bare", "deep", "nothing"],
)  # fmt: skip
def test_what_is_no_file_of_outcomes_is_refused_in_a_line(tmp_path_factory, content):
    assert read_or_refused(tmp_path_factory, content) is None


def test_a_folder_and_a_file_that_is_not_there_are_refused_in_a_line(tmp_path):
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(RunFolderError, match=f"{path.name}: "):
            read_observed(path)


@pytest.mark.parametrize(
    "wrong",
    [
        ObservedTrial(3, 0, 0, "aa", None, None),
        ObservedTrial(-1, 0, 0, "aa", None, None),
        ObservedTrial(0, 0, 6, "aa", None, None),
        ObservedTrial(0, -1, 0, "aa", None, None),
        ObservedTrial(0, 0, 0, "aa", None, None),
    ],
    ids=["item", "before the items", "kind", "repeat", "twice"],
)
def test_a_trial_that_points_nowhere_or_stands_twice_is_refused_though_the_seal_holds(
    tmp_path_factory, wrong
):
    run = of([["accept"], ["redo"], ["harm"]])
    one = run.suites["small"].candidates["desk"]
    more = one.model_copy(update={"trials": [*one.trials, wrong]})
    small = run.suites["small"].model_copy(update={"candidates": {"desk": more}})
    content = written(run.model_copy(update={"suites": {"small": small}}))
    assert read_or_refused(tmp_path_factory, content) is None


def changed(folder, change):
    """The digest of how the small suite is judged after a change, and its weights."""
    told = seen(suite_of(folder, change=change), [trial(0)])
    return told.judging, told.weights


def rule(told):
    told["business"]["outcomes"][0]["when"] = {"right": "wrong"}


def scorer(told):
    told["scorers"]["right"] = {"exact": {"reference": "style"}}


def rate(told):
    told["business"]["rates"]["wrong_rate"]["when"] = {"right": "empty"}


def reading(told):
    told["answer"] = {"format": "fields", "max_tokens": 16, "fields": {"answer": "答案"}}


def wage(told):
    told["business"]["wage_per_hour"] = 120


def loss(told):
    told["business"]["loss"]["grave"]["base"] = 9000


def prompt(told):
    told["prompt"]["system"] = "Answer with one number."


def limit(told):
    told["business"]["gates"][0]["upper_bound_95"] = 0.1


@pytest.mark.parametrize("change", [rule, scorer, rate, reading])
def test_what_makes_an_outcome_of_an_answer_changes_the_digest_of_judging(tmp_path, change):
    before, _ = changed(tmp_path / "a", lambda told: None)
    after, _ = changed(tmp_path / "b", change)
    assert before != after


@pytest.mark.parametrize("change", [wage, loss, prompt, limit])
def test_what_prices_an_outcome_or_asks_a_question_does_not(tmp_path, change):
    before, weights = changed(tmp_path / "a", lambda told: None)
    after, priced = changed(tmp_path / "b", change)
    assert before == after
    assert (weights != priced) == (change in (wage, loss))


PARTS = {
    "nothing": {},
    "input": {"input": {"question": "another question?"}},
    "reference": {"reference": {"answer": "43"}},
    "tags": {"tags": {"kind": "odd"}},
    "cluster": {"cluster": "elsewhere"},
    "served_today": {"served_today": False},
    "worth": {"worth": 3.5},
    "rationale": {"rationale": "Nobody is asked this."},
}


@pytest.mark.parametrize("part", PARTS)
def test_an_items_digest_changes_with_what_a_prompt_or_a_scorer_sees_of_it(tmp_path, part):
    def of_items(folder, first):
        return seen(load(str(suite_file(folder, [first, item(1)]))), [trial(0)]).items

    before = of_items(tmp_path / "a", item(0))
    after = of_items(tmp_path / "b", item(0) | PARTS[part])
    assert (before[0].digest != after[0].digest) == (part not in ("nothing", "rationale"))
    assert before[1].digest == after[1].digest


def test_items_of_a_cluster_share_its_number(tmp_path):
    told = seen(suite_of(tmp_path, 6, per_cluster=2), [trial(0)])
    assert [each.cluster for each in told.items] == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("accept", Kind(state="answered", outcome="accept", rule=5, rates="0")),
        ("redo", Kind(state="answered", outcome="redo", rule=0, rates="0")),
        ("harm", Kind(state="answered", outcome="harm", rule=2, loss_class="wrong_answer", rates="1")),
        ("grave", Kind(state="answered", outcome="harm", rule=2, loss_class="grave", rates="1")),
        ("edit", Kind(state="answered", outcome="edit", rule=3, edit_assumption="outcomes.3.minutes", rates="0")),
        ("light edit", Kind(state="answered", outcome="edit", rule=4, edit_assumption="edit.minutes", rates="0")),
        ("failed", Kind(state="failed", failure="server", rates="-")),
        ("broken", Kind(state="answered", scorer_failed=True, rates="-")),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_a_trials_kind_says_what_became_of_it(suite, outcome, kind):
    assert the_trial(suite, trial(0, outcome))[1] == kind


def test_a_truncated_answer_has_no_outcome_where_no_rule_speaks_of_it(suite):
    row = trial(0)
    cut = Scored(row.answer.model_copy(update={"state": "truncated"}), row.scores)
    kind = the_trial(suite, cut)[1]
    assert (kind.state, kind.outcome) == ("truncated", None)


def test_the_model_that_answered_and_the_cache_stand_in_the_kind(suite):
    _, kind = the_trial(suite, with_exchange(trial(0), model="m-2026", cached=True))
    assert (kind.model, kind.cached) == ("m-2026", True)
    assert not the_trial(suite, Scored(failed(trial(0).answer), None))[1].cached


def test_an_answer_half_from_the_cache_was_given_today(suite):
    row = trial(0)
    both = (Exchange(text="4", cached=True, model="old"), Exchange(text="42", model="new"))
    kind = the_trial(suite, Scored(row.answer.model_copy(update={"exchanges": both}), row.scores))[
        1
    ]
    assert (kind.cached, kind.model) == (False, "new")


def test_a_cost_or_a_latency_that_nobody_knows_is_none_and_never_zero(suite):
    told, _ = the_trial(suite, with_exchange(trial(0), cost=None, latency_s=None))
    assert (told.cost, told.latency_s) == (None, None)
    free, _ = the_trial(suite, with_exchange(trial(0), cost=0.0, latency_s=0.0))
    assert (free.cost, free.latency_s) == (0.0, 0.0)


def test_costs_keep_five_digits_and_seconds_four(suite):
    told, _ = the_trial(suite, trial(0, cost=0.0123456789, latency=12.3456789))
    assert (told.cost, told.latency_s) == (0.012346, 12.35)


def test_texts_are_told_apart_by_their_digest(suite):
    row = trial(0)
    other = Scored(row.answer.model_copy(update={"text": "42 "}), row.scores)
    assert the_trial(suite, row)[0].text == the_trial(suite, trial(1))[0].text
    assert the_trial(suite, row)[0].text != the_trial(suite, other)[0].text


def test_a_candidate_without_a_trial_is_not_there(suite):
    told = seen(suite, [trial(0, candidate="b")], names=("a", "b"))
    assert list(told.candidates) == ["b"]


def test_a_journals_mark_changes_with_any_byte_and_is_none_without_one(tmp_path):
    path = tmp_path / "answers.jsonl"
    assert journal_mark(path) is None
    path.write_bytes(b"one line\n")
    before = journal_mark(path)
    path.write_bytes(b"one lime\n")
    assert before is not None
    assert journal_mark(path) not in (None, before)
