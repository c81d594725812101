"""What a window of runs tells: whose doing a change was, and what it did to the business."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.gate.window.answers import another_model, answers_of, changed, varied
from bench.gate.window.drift import FLOOR, TOLERATED, drift
from bench.gate.window.explain import ours
from bench.gate.window.record import Ours, WindowReport
from bench.stats import clopper_pearson_upper
from tests.window_runs import (
    SAME,
    candidate,
    others,
    run,
    series,
    suite,
    window_of,
)

SIXTY = SAME[:60]


def latest(*answers, **same):
    return window_of(series(*answers, **same)).series[0].latest


def two(first, second, **how):
    """Two runs a week apart of one suite each; `how` is for the second run."""
    return [run(1, first), run(8, second, **how)]


# What may be put down to the model.


def test_answers_that_stay_the_same_are_a_steady_model():
    step = latest(SIXTY, SIXTY, SIXTY)
    assert (step.status, step.changed, step.noise.share) == ("steady", 0.0, 0.0)
    assert (step.items, step.clusters) == (60, 60)


def test_answers_that_change_while_nothing_of_ours_does_are_another_model():
    step = latest(SIXTY, SIXTY, others(SIXTY, 20))
    assert step.status == "answers_changed"
    assert step.changed == pytest.approx(1 / 3)
    assert step.low < 1 / 3 < step.high
    assert step.p_value < 0.001


def test_a_name_that_did_not_answer_before_is_another_model_though_every_answer_is_the_same():
    step = latest(SIXTY, {"answers": SIXTY, "model": "m-2"})
    assert step.status == "model_changed"
    assert (step.old_models, step.new_models, step.changed) == (("m-1",), ("m-2",), 0.0)


@pytest.mark.parametrize(
    ("old", "new", "is_another"),
    [
        ({"a": 9}, {"a": 9}, False),
        ({"a": 9}, {"b": 9}, True),
        ({"a": 9}, {"a": 8, "b": 1}, True),
        ({"a": 8, "b": 1}, {"a": 3, "b": 6}, False),
        ({"a": 8, "b": 1}, {"a": 9}, False),
        ({"a": 8, "b": 1}, {"b": 9}, True),
        ({}, {"b": 9}, False),
        ({"a": 9}, {}, False),
    ],
    ids=str,
)
def test_a_router_that_shifts_between_names_of_both_runs_is_no_change(old, new, is_another):
    assert another_model(Counter(old), Counter(new)) is is_another


def test_a_few_changed_answers_are_noise_where_as_many_changed_before():
    noisy = latest(SIXTY, others(SIXTY, 6), SIXTY, others(SIXTY, 8))
    quiet = latest(SIXTY, SIXTY, SIXTY, others(SIXTY, 8))
    assert (noisy.status, quiet.status) == ("steady", "answers_changed")
    assert noisy.noise.share == pytest.approx(0.1)
    assert (noisy.noise.source, noisy.noise.steps) == ("steps", 2)


def test_without_an_earlier_step_the_noise_is_unknown_and_a_floor_is_what_counts():
    below, above = latest(SIXTY, others(SIXTY, 6)), latest(SIXTY, others(SIXTY, 14))
    assert (below.status, above.status) == ("steady", "answers_changed")
    assert below.noise.source == "unknown"
    assert below.noise.share is None
    assert below.margin == FLOOR


def test_repeats_within_the_runs_tell_the_noise_of_a_first_step():
    """Every second answer to an item differs from the first, on either day: pairs differ half of the time."""
    wavering = [SIXTY, others(SIXTY, 60)]
    step = latest(wavering, wavering)
    assert (step.status, step.noise.source) == ("steady", "repeats")
    assert (step.changed, step.noise.share) == (0.5, 1.0)
    again = latest([SIXTY, SIXTY], [others(SIXTY, 20), others(SIXTY, 20)])
    assert (again.status, again.noise.share) == ("answers_changed", 0.0)


def test_a_change_of_model_within_the_window_is_no_noise_for_the_steps_after_it():
    another = others(SIXTY, 20)
    step = latest(SIXTY, another, another, others(another, 20, "e"))
    assert step.status == "answers_changed"
    assert (step.noise.steps, step.noise.share) == (1, 0.0)


def test_a_server_that_is_as_noisy_every_time_raises_one_alarm_and_then_none():
    noisy = [others(SIXTY, 20, mark) for mark in "edcb"]
    told = window_of(series(*noisy)).series[0].steps
    assert [each.status for each in told] == ["answers_changed", "steady", "steady"]


def test_above_temperature_0_answers_vary_and_without_noise_nothing_is_known():
    step = latest(SIXTY, others(SIXTY, 30), temperature=0.7)
    assert (step.status, step.why) == ("not_known", "noise_unknown")
    assert step.changed == 0.5
    again = latest(SIXTY, others(SIXTY, 30), others(SIXTY, 30, "e"), temperature=0.7)
    assert again.status == "steady"
    assert latest(SIXTY, others(SIXTY, 30), temperature=None).why == "noise_unknown"


def test_too_few_items_to_see_even_a_change_of_all_are_not_called_steady():
    step = latest(SAME[:4], SAME[:4])
    assert (step.status, step.why, step.catches) == ("not_known", "few_items", None)


def test_items_of_one_cluster_are_not_independent():
    runs = [
        run(1 + 7 * at, suite({"desk": candidate(each)}, size=20))
        for at, each in enumerate([SIXTY, SIXTY, others(SIXTY, 20)])
    ]
    step = window_of(runs).series[0].latest
    assert (step.clusters, step.items) == (3, 60)
    assert step.status != "answers_changed"


# What is our own doing.


@pytest.mark.parametrize("part", ["prompt", "examples", "answer", "images"])
def test_another_prompt_is_ours_and_tells_nothing_of_the_model(part):
    before = suite({"desk": candidate(SIXTY)})
    after = suite({"desk": candidate(others(SIXTY, 40))}, digests={part: "99"})
    step = window_of(two(before, after)).series[0].latest
    assert (step.status, step.ours.prompt) == ("ours_changed", (part,))
    assert step.changed is None


@pytest.mark.parametrize(
    "name",
    ["endpoint.model", "endpoint.params.temperature", "strategy", "endpoint.adapter_version"],
)
def test_another_setting_is_ours(name):
    step = latest(SIXTY, {"answers": others(SIXTY, 40), "settings": {name: "99"}})
    assert (step.status, step.ours.settings) == ("ours_changed", (name,))


def test_another_version_of_the_program_is_ours():
    asked = suite({"desk": candidate(SIXTY)})
    told = window_of(two(asked, suite({"desk": candidate(others(SIXTY, 40))}), version="2.0"))
    assert (told.status, told.series[0].latest.ours.version) == ("ours_changed", True)


def test_another_name_is_another_model_although_the_prompt_changed_too():
    after = suite({"desk": candidate(SIXTY, model="m-2")}, digests={"prompt": "99"})
    step = window_of(two(suite({"desk": candidate(SIXTY)}), after)).series[0].latest
    assert step.status == "model_changed"
    assert step.ours.prompt == ("prompt",)


@pytest.mark.parametrize("name", ["endpoint.model", "endpoint.base_url"])
def test_another_name_is_ours_where_another_model_or_place_was_asked(name):
    step = latest(SIXTY, {"answers": SIXTY, "model": "m-2", "settings": {name: "99"}})
    assert step.status == "ours_changed"


def test_rules_and_assumptions_change_no_answer_and_so_hide_no_other_model():
    before, new = suite({"desk": candidate(SIXTY)}), {"desk": candidate(others(SIXTY, 20))}
    rejudged = window_of(two(before, suite(new, judging="cd", digests={"business": "99"})))
    repriced = window_of(two(before, suite(new, harm=900.0, digests={"business": "99"})))
    assert rejudged.status == repriced.status == "answers_changed"
    assert rejudged.series[0].latest.ours == Ours(judging=True)
    assert repriced.series[0].latest.ours == Ours(assumptions=True)


def test_noise_is_forgotten_when_the_prompt_changes():
    plain, told = suite({"desk": candidate(SIXTY)}), {"prompt": "99"}
    runs = [
        run(1, plain),
        run(8, plain),
        *(run(15 + 7 * at, suite({"desk": candidate(SIXTY)}, digests=told)) for at in (0, 1)),
    ]
    steps = window_of(runs).series[0].steps
    assert [each.status for each in steps] == ["steady", "ours_changed", "steady"]
    assert steps[-1].noise.source == "unknown"


def test_items_that_changed_came_or_went_are_told_and_left_out():
    kept = [(f"i{number}", "abcdef") for number in range(60)]
    moved = [("i0", "fedcba"), *kept[1:59], ("new", "abcdef")]
    before = suite({"desk": candidate(SIXTY)}, items=kept)
    after = suite({"desk": candidate(others(SIXTY, 1))}, items=moved)
    step = window_of(two(before, after)).series[0].latest
    assert step.ours == Ours(items_added=1, items_removed=1, items_changed=1)
    assert (step.status, step.items, step.changed) == ("steady", 58, 0.0)


def test_pictures_belong_to_items_that_changed_and_else_to_examples():
    kept = [("i0", "abcdef")]
    before = run(1, suite({"desk": candidate(SAME[:1])}, items=kept, digests={"images": "01"}))
    for items, told in ((kept, ("images",)), ([("i0", "fedcba")], ())):
        after = run(8, suite({"desk": candidate(SAME[:1])}, items=items, digests={"images": "02"}))
        assert ours(before, after, "claims", "desk").prompt == told


def test_without_an_item_in_common_nothing_is_known():
    before = suite({"desk": candidate(SIXTY)}, items=[(f"a{n}", "abcdef") for n in range(60)])
    told = window_of(two(before, suite({"desk": candidate(SIXTY)})))
    assert told.series[0].latest.why == "nothing_common"
    assert told.exit_code("fail") == 4


# What is no evidence.


def test_answers_out_of_the_cache_are_no_evidence():
    told = window_of(series(SIXTY, {"answers": SIXTY, "cached": range(60)}))
    assert (told.status, told.series[0].latest.why) == ("not_known", "cached")
    some = latest(SIXTY, {"answers": others(SIXTY, 20), "cached": range(20)})
    assert (some.items, some.changed, some.status) == (40, 0.0, "steady")
    assert some.cached == pytest.approx(1 / 3)


def test_a_run_out_of_the_cache_is_passed_over_by_the_next_step():
    runs = series(SIXTY, SIXTY, {"answers": SIXTY, "cached": range(60)}, others(SIXTY, 20))
    told = window_of(runs).series[0]
    assert [each.why or each.status for each in told.steps] == [
        "steady",
        "cached",
        "answers_changed",
    ]
    assert told.latest.old == runs[1].id


def test_a_trial_that_failed_has_no_answer_to_compare():
    step = latest(SIXTY, {"answers": others(SIXTY, 20), "failed": range(20)})
    assert (step.items, step.status) == (40, "steady")


def test_a_candidate_without_an_earlier_run_leaves_the_others_result_as_it_is():
    before = suite({"desk": candidate(SIXTY)})
    after = suite({"desk": candidate(SIXTY), "new": candidate(SIXTY)})
    told = window_of(two(before, after))
    assert [each.latest.why for each in told.series] == [None, "first"]
    assert (told.status, told.exit_code("fail")) == ("steady", 0)
    assert window_of([run(1, after)]).exit_code("fail") == 4


# How sure, and what follows.


def test_p_values_are_held_against_all_candidates_of_the_run():
    def with_others(count, first):
        told = {"desk": candidate(first)}
        return suite(told | {f"other{n}": candidate(SIXTY) for n in range(count)})

    alone, among = (
        window_of(two(with_others(count, SIXTY), with_others(count, others(SIXTY, 9)))).series[0]
        for count in (0, 5)
    )
    assert among.latest.p_value == pytest.approx(6 * alone.latest.p_value)
    assert among.latest.catches > alone.latest.catches


def test_what_was_told_of_a_step_does_not_depend_on_steps_after_it():
    runs = series(SIXTY, SIXTY, others(SIXTY, 9), SIXTY, SIXTY)
    short, long = window_of(runs[:3]).series[0], window_of(runs).series[0]
    assert long.steps[: len(short.steps)] == short.steps


def test_the_share_of_changed_answers_has_the_bounds_of_the_gates_own_test():
    """Of 60 answers that stayed the same the exact bound says 4.87 %; imagined items make it a little wider."""
    step = latest(SIXTY, SIXTY)
    exact = clopper_pearson_upper(0, 60)
    assert step.low == 0
    assert exact < step.high < 1.3 * exact


def test_a_change_that_the_record_promises_to_catch_is_caught():
    """Half as many again as 60 items promise, all at once and in as many items."""
    promised = latest(SIXTY, SIXTY, SIXTY).catches
    count = round(1.5 * promised * 60)
    assert latest(SIXTY, SIXTY, others(SIXTY, count)).status == "answers_changed"


def test_what_a_step_did_to_the_business_is_the_gates_own_comparison():
    told = window_of(series(SIXTY, {"answers": others(SIXTY, 20), "harmful": range(6)})).series[0]
    assert told.worth.value.difference == pytest.approx(-800 * 6 / 60)
    assert told.worth.value.high < 0
    assert told.worth.old_outcomes["harm"] == 0
    assert told.worth.new_outcomes["harm"] == pytest.approx(0.1)


def test_outcomes_by_other_rules_are_not_compared():
    before, after = (suite({"desk": candidate(SIXTY)}, judging=each) for each in ("ab", "cd"))
    worth = window_of(two(before, after)).series[0].worth
    assert worth.value is None
    assert "rules changed" in worth.refused


@pytest.mark.parametrize(
    ("status", "complete", "drift", "code"),
    [
        ("steady", True, "fail", 0),
        ("ours_changed", True, "fail", 0),
        ("not_known", True, "fail", 4),
        ("not_known", True, "warn", 4),
        ("model_changed", True, "fail", 1),
        ("answers_changed", True, "fail", 1),
        ("model_changed", True, "warn", 0),
        ("steady", False, "fail", 3),
        ("model_changed", False, "fail", 1),
        ("model_changed", False, "warn", 3),
    ],
)
def test_the_exit_code_says_drift_incomplete_or_not_known(status, complete, drift, code):
    told = window_of(series(SIXTY, SIXTY))
    one = told.model_copy(update={"status": status, "complete": complete})
    assert one.exit_code(drift) == code


def test_an_alarm_of_one_candidate_counts_before_what_is_not_known_of_another():
    def pair(first, second):
        return suite({"desk": candidate(**first), "hall": candidate(**second)})

    before = pair({"answers": SIXTY}, {"answers": SIXTY})
    cached = {"answers": SIXTY, "cached": range(60)}
    moved = {"answers": others(SIXTY, 20)}
    assert window_of(two(before, pair(cached, moved))).status == "answers_changed"
    assert window_of(two(before, pair(cached, {"answers": SIXTY}))).status == "not_known"


def test_a_report_is_json_and_back():
    told = window_of(series(SIXTY, {"answers": others(SIXTY, 20), "harmful": range(6)}))
    assert WindowReport.model_validate_json(told.model_dump_json()) == told


TEXTS = st.lists(st.sampled_from(["aa", "bb", "cc"]), min_size=3, max_size=12)


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_whatever_is_answered_a_window_is_told_and_runs_alike_raise_no_alarm(data):
    count = data.draw(st.integers(1, 8))
    texts = st.lists(st.sampled_from(["aa", "bb"]), min_size=count, max_size=count)
    drawn = data.draw(st.lists(texts, min_size=1, max_size=4))
    told = window_of(series(*drawn))
    assert told.exit_code("fail") in (0, 1, 4)
    for step in told.series[0].steps:
        assert step.low is None or 0 <= step.low <= step.changed <= step.high <= 1
    again = window_of(series(*([drawn[0]] * len(drawn))))
    assert again.exit_code("fail") in (0, 4)


@given(TEXTS, TEXTS)
def test_pairs_of_answers_differ_both_ways_alike(first, second):
    count = min(len(first), len(second))
    before, after = (suite({"desk": candidate(each[:count])}) for each in (first, second))
    old, new = (answers_of(each, each.candidates["desk"]) for each in (before, after))
    assert changed(old, new) == changed(new, old)
    assert set(changed(old, old).values()) == {0.0}
    assert varied(old, new) == {}


def test_a_test_without_noise_or_floor_has_a_share_and_no_p_value():
    asked = [(f"i{n}", "") for n in range(20)]
    seen, groups = dict.fromkeys(asked, 0.5), {each: at for at, each in enumerate(asked)}
    told = drift(seen, groups, [], {}, has_floor=False, level=0.95)
    assert (told.changed, told.p_value, told.margin) == (0.5, None, None)
    known = drift(seen, groups, [seen], {}, has_floor=False, level=0.95)
    assert (known.margin, known.noise.share) == (TOLERATED, 0.5)
    half = dict(list(seen.items())[:9])
    assert drift(seen, groups, [half], {}, has_floor=False, level=0.95).noise.source == "unknown"
    assert drift({}, groups, [seen], {}, has_floor=True, level=0.95) is None
