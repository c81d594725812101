"""Candidate against candidate on the trials that both answered, by hand.

An accepted answer is worth 56.988, a redone one -9.012: 66 lie between them.
"""

import itertools
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.stats import holm
from bench.value.comparisons import pairs
from tests.small_parts import answers, parts, supposed
from tests.small_run import SCORES, suite_of

slowly = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
A, R, F = "accept", "redo", "failed"


@pytest.fixture(scope="module")
def four(tmp_path_factory):
    """Four items."""
    return suite_of(tmp_path_factory.mktemp("four"), items=4)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Twenty-four items in twelve clusters; what is assumed varies."""
    suite = suite_of(tmp_path_factory.mktemp("small"), items=24, per_cluster=2)
    return supposed(suite, {"wage_per_hour": (50, 90, 150), "loss.wrong_answer": (100, 800, 2000)})


def compared(suite, candidates, repeats=1):
    """The pairs, and the candidates: name -> the outcomes of every repeat in turn."""
    rows = [
        each
        for name, told in candidates.items()
        for repeat, kinds in enumerate(told)
        for each in answers(kinds, name, repeat)
    ]
    about, found = parts(suite, rows, tuple(candidates), repeats)
    return pairs(about, found), found


def mixed(seed, failing=0.0):
    draw = random.Random(seed)
    return [
        F if draw.random() < failing else draw.choice([*SCORES, A, A]) for _ in range(24)
    ]  # fmt: skip


def test_only_the_trials_that_both_answered_are_compared_item_by_item_and_repeat_by_repeat(four):
    """Common: item 0 at first (-66), item 1 at second (0), both of item 2 (-66, 0) and of item 3 (66, 0).

    By item -66, 0, -33, 33, so -16.5 on average. Whole items would say -33, 33, -33, 33 and so 0.
    """
    a = [[A, R, A, R], [F, A, A, A]]
    b = [[R, F, R, A], [A, A, A, A]]
    ((told,), _) = compared(four, {"a": a, "b": b}, repeats=2)
    assert (told.a, told.b) == ("a", "b")
    assert (told.difference.value, told.difference.n) == (pytest.approx(-16.5), 4)


def test_a_trial_that_only_one_of_them_answered_changes_no_difference(four):
    """Whatever else b says where a failed."""
    a = [[A, R, A, R], [F, F, F, F]]
    found = [
        compared(four, {"a": a, "b": [[R, R, A, A], second]}, repeats=2)[0][0]
        for second in ([F, F, F, F], [A, A, A, A], [R, "grave", F, None])
    ]
    values = [each.difference.value for each in found]
    assert values == pytest.approx([(-66 + 66) / 4] * 3, abs=1e-9)
    assert [each.p_value for each in found] == [found[0].p_value] * 3


def test_where_both_answered_the_same_trials_the_difference_has_the_candidates_own_draws(small):
    (told,), found = compared(small, {"a": [mixed(1)], "b": [mixed(2)]})
    draws = found["b"].value - found["a"].value
    assert (told.difference.low, told.difference.high) == pytest.approx(
        tuple(np.quantile(draws, [0.05, 0.95]))
    )
    assert told.p_b_better == (draws > 0).mean()


def test_trials_that_failed_for_both_alike_leave_the_candidates_own_draws(small):
    gone = set(range(0, 24, 5))
    told = {
        name: [[F if n in gone else kind for n, kind in enumerate(mixed(seed))]]
        for name, seed in (("a", 1), ("b", 2))
    }
    (pair,), found = compared(small, told)
    draws = found["b"].value - found["a"].value
    assert pair.difference.n == 24 - len(gone)
    assert pair.difference.low == pytest.approx(np.quantile(draws, 0.05))


def test_what_is_assumed_moves_both_alike_and_so_the_difference_less_than_either(small):
    """Nearly the same answers under a wage and a loss that nobody knows: sure of the gap, not of the values."""
    one = [A] * 20 + ["harm"] * 4
    other = [A] * 19 + ["harm"] * 4 + [R]
    (pair,), found = compared(small, {"a": [one], "b": [other]})
    apart = np.std(found["a"].value), np.std(found["b"].value)
    assert (pair.difference.high - pair.difference.low) < 0.7 * 3.29 * min(apart)


@slowly
@given(seeds=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), failing=st.sampled_from([0.0, 0.3]))  # fmt: skip
def test_the_other_way_round_every_difference_changes_its_sign_and_nothing_else(
    small, seeds, failing
):
    one, other = [mixed(seeds[0], failing)], [mixed(seeds[1], failing)]
    ((there,), _), ((back,), _) = (
        compared(small, {"a": one, "b": other}), compared(small, {"b": other, "a": one})
    )  # fmt: skip
    assert (there.a, there.b) == (back.b, back.a)
    for mine, yours in (("value", "value"), ("low", "high"), ("high", "low")):
        assert getattr(there.difference, mine) == pytest.approx(-getattr(back.difference, yours))
    assert (there.p_value, there.mde, there.method) == (back.p_value, back.mde, back.method)
    assert there.p_b_better + back.p_b_better <= 1 + 1e-9


def test_identical_candidates_are_neither_better(small):
    (pair,), _ = compared(small, {"a": [mixed(3)], "b": [mixed(3)]})
    assert (pair.difference.value, pair.difference.low, pair.difference.high) == (0, 0, 0)
    assert (pair.p_b_better, pair.p_value) == (0, 1)


def test_p_values_are_adjusted_for_all_pairs_of_the_run(small):
    told = {"a": [[A] * 24], "b": [[A, R] * 12], "c": [[A, R, R] * 8], "d": [mixed(4, failing=0.2)]}
    together, _ = compared(small, told)
    alone = [
        compared(small, {a: told[a], b: told[b]})[0][0].p_value
        for a, b in itertools.combinations(told, 2)
    ]
    assert [(each.a, each.b) for each in together] == list(itertools.combinations(told, 2))
    assert [each.p_value for each in together] == pytest.approx(holm(alone))
    assert [each.p_value for each in together] != pytest.approx(alone)
    assert all(each.method.endswith(", Holm") for each in together)


def test_twelve_pairs_that_all_go_one_way_are_as_unlikely_as_twelve_heads(tmp_path):
    """Of 4,096 patterns of signs two are as far out: p = 2 / 4096."""
    suite = suite_of(tmp_path)
    ((pair,), _) = compared(suite, {"a": [[R] * 12], "b": [[A] * 12]})
    assert pair.p_value == pytest.approx(2 / 4096)
    assert pair.difference.value == pytest.approx(66)


def test_without_a_trial_in_common_there_is_no_difference(four):
    ((told,), _) = compared(four, {"a": [[A, A, F, F]], "b": [[F, F, A, A]]})
    assert (told.difference.value, told.difference.n, told.p_value, told.p_b_better) == (None, 0, None, None)  # fmt: skip
    assert told.difference.method == "too few items in common"


def test_one_cluster_in_common_is_too_few_for_a_difference(small):
    gone = [F] * 22
    ((told,), _) = compared(small, {"a": [[A] * 24], "b": [[R, R, *gone]]})
    assert (told.difference.value, told.difference.n, told.p_value) == (None, 2, None)


def test_a_candidate_without_any_outcome_is_in_no_pair(four):
    found, _ = compared(four, {"a": [[A] * 4], "b": [[F] * 4], "c": [[A, R, A, A]]})
    assert [(each.a, each.b) for each in found] == [("a", "c")]


@slowly
@given(seed=st.integers(0, 10**6))
def test_a_third_candidate_changes_no_difference_of_the_others(small, seed):
    told = {"a": [mixed(seed, 0.2)], "b": [mixed(seed + 1, 0.2)]}
    (alone,), _ = compared(small, told)
    (beside, *_), _ = compared(small, told | {"c": [mixed(seed + 2, 0.4)]})
    assert beside.difference.model_dump() == pytest.approx(alone.difference.model_dump())
    assert beside.p_b_better == alone.p_b_better
