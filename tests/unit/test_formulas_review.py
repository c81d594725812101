import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.value.formulas.answering import (
    Fates,
    hallucination_rate,
    penalised_score,
    precision_when_answered,
)
from bench.value.formulas.earned import earned_value
from bench.value.formulas.editing import edit_distance, edit_share
from bench.value.formulas.levels import level_rates, loss_per_case
from bench.value.formulas.review import (
    Effort,
    break_even_success,
    times_better,
    tries_then_by_hand,
    tries_until_good,
)

shares = st.floats(0, 1)
efforts = st.builds(
    Effort,
    by_hand=st.just(0.0) | st.floats(1, 500),
    model=st.floats(0, 50),
    review=st.floats(0, 500),
)
counts = st.integers(0, 200)
fates = st.builds(Fates, right=counts, wrong=counts, declined=counts)
texts = st.text("公司利润增长", max_size=8)


@given(efforts, shares)
def test_without_a_try_the_task_is_done_by_hand(effort, success):
    assert tries_then_by_hand(effort, success, 0) == effort.by_hand
    assert times_better(effort, effort.by_hand) == 1


@given(efforts, st.integers(1, 9))
def test_a_model_that_never_fails_takes_one_reviewed_try(effort, tries):
    once = effort.model + effort.review
    assert tries_then_by_hand(effort, 1, tries) == pytest.approx(once)
    assert tries_until_good(effort, 1) == pytest.approx(once)


@given(efforts, st.integers(0, 9))
def test_a_model_that_always_fails_loses_every_try_and_never_ends_without_a_limit(effort, tries):
    lost = tries * (effort.model + effort.review)
    assert tries_then_by_hand(effort, 0, tries) == pytest.approx(lost + effort.by_hand)
    assert tries_until_good(effort, 0) == math.inf
    assert times_better(effort, math.inf) == 0


@given(efforts, st.floats(0.01, 1), st.integers(1, 9))
def test_the_sum_over_tries_has_the_published_closed_form(effort, success, tries):
    failure = (1 - success) ** tries
    closed = (effort.model + effort.review) * (1 - failure) / success + failure * effort.by_hand
    assert tries_then_by_hand(effort, success, tries) == pytest.approx(closed)


@given(efforts, st.floats(0.2, 1))
def test_trying_on_and_on_comes_to_trying_without_end(effort, success):
    assert tries_then_by_hand(effort, success, 200) == pytest.approx(
        tries_until_good(effort, success)
    )


@given(efforts, shares, st.integers(0, 6))
def test_another_try_pays_exactly_above_the_success_that_breaks_even(effort, success, tries):
    change = tries_then_by_hand(effort, success, tries + 1) - tries_then_by_hand(
        effort, success, tries
    )
    at = break_even_success(effort)
    if at is None or success < at - 1e-9:
        assert change >= -1e-9
    elif success > at + 1e-9:
        assert change <= 1e-9


@given(efforts)
def test_at_the_success_that_breaks_even_one_try_takes_as_long_as_by_hand(effort):
    at = break_even_success(effort)
    if at is None:
        assert effort.model + effort.review > effort.by_hand
    else:
        assert tries_then_by_hand(effort, at) == pytest.approx(effort.by_hand)


def test_what_takes_nothing_is_infinitely_better_than_what_takes_something():
    assert times_better(Effort(by_hand=9, model=0, review=0), 0) == math.inf
    assert times_better(Effort(by_hand=0, model=0, review=0), 0) == 1


def test_work_that_takes_a_person_nothing_is_never_worth_a_try():
    nothing = Effort(by_hand=0, model=1, review=1)
    assert break_even_success(nothing) is None
    assert times_better(nothing, tries_then_by_hand(nothing, 0.5)) == 0


@given(st.lists(st.booleans(), min_size=1), st.floats(0.1, 1e6))
def test_at_one_price_the_earned_share_is_the_share_passed(passed, price):
    told = earned_value([price] * len(passed), passed)
    assert told.earned_share == pytest.approx(told.pass_share)
    assert 0 <= told.earned <= told.offered


def test_without_tasks_or_prices_no_share_is_known():
    assert earned_value([], []).pass_share is None
    free = earned_value([0, 0], [True, False])
    assert (free.earned_share, free.pass_share) == (None, 0.5)


@given(fates, st.floats(0, 10))
def test_a_penalty_takes_away_what_wrong_answers_are_times_it(told, penalty):
    if told.n == 0:
        assert penalised_score(told, penalty) is None
        assert hallucination_rate(told) is None
    else:
        accuracy = penalised_score(told, penalty=0)
        assert accuracy == told.right / told.n
        lost = penalty * hallucination_rate(told)
        assert penalised_score(told, penalty) == pytest.approx(accuracy - lost)


def test_who_declines_everything_has_no_precision():
    assert precision_when_answered(Fates(right=0, wrong=0, declined=9)) is None
    assert precision_when_answered(Fates(right=0, wrong=1, declined=9)) == 0


@given(
    st.integers(2, 6).flatmap(
        lambda k: st.lists(st.lists(counts, min_size=k, max_size=k), min_size=k, max_size=k)
    )
)
def test_right_under_and_over_make_up_all_cases(table):
    if sum(map(sum, table)) == 0:
        with pytest.raises(ValueError, match="no case"):
            level_rates(table, 1)
        return
    rates = level_rates(table, 1)
    assert rates.right + rates.under + rates.over == pytest.approx(1)
    assert (rates.missed_share is None) == (rates.acute == 0)
    assert rates.missed <= rates.acute


def test_with_one_acute_level_what_is_found_and_what_is_missed_make_up_all():
    rates = level_rates([[7, 2, 1], [0, 5, 0], [1, 1, 9]], acute_levels=1)
    assert rates.missed_share == pytest.approx(0.3)
    assert rates.most_urgent_found == pytest.approx(0.7)
    assert rates.over_share_of_flagged == pytest.approx(1 / 8)


def test_levels_that_nobody_had_or_was_given_have_no_shares():
    rates = level_rates([[0, 0], [0, 4]], acute_levels=1)
    assert (rates.missed_share, rates.over_share_of_flagged, rates.most_urgent_found) == (
        None,
        None,
        None,
    )


def test_a_loss_of_one_for_every_mistake_is_the_share_of_mistakes():
    assert loss_per_case([[3, 1], [2, 4]], [[0, 1], [1, 0]]) == pytest.approx(0.3)


@given(texts, texts, texts)
def test_the_edit_distance_is_a_distance(one, other, third):
    assert edit_distance(one, other) == edit_distance(other, one)
    assert (edit_distance(one, other) == 0) == (one == other)
    assert edit_distance(one, third) <= edit_distance(one, other) + edit_distance(other, third)
    assert 0 <= edit_share(one, other) <= 1


def test_a_text_written_anew_is_edited_as_a_whole_and_no_text_not_at_all():
    assert edit_share("甲乙", "丙丁戊") == 1
    assert edit_share("", "") == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Effort(by_hand=-9, model=1, review=1), "by_hand"),
        (lambda: Effort(by_hand=9, model=-1, review=1), "model"),
        (lambda: tries_then_by_hand(Effort(by_hand=9, model=1, review=1), 1.1), "success"),
        (lambda: tries_then_by_hand(Effort(by_hand=9, model=1, review=1), 0.5, -1), "tries"),
        (lambda: times_better(Effort(by_hand=9, model=1, review=1), -1), "spent"),
        (lambda: earned_value([-1], [True]), "prices"),
        (lambda: earned_value([1, 2], [True]), "shorter"),
        (lambda: Fates(right=1, wrong=-1, declined=0), "wrong"),
        (lambda: penalised_score(Fates(right=1, wrong=1, declined=0), -1), "penalty"),
        (lambda: level_rates([[1, 2]], 1), "levels x levels"),
        (lambda: level_rates([[1, 0], [0, 1]], 2), "acute_levels"),
        (lambda: level_rates([[1, -1], [0, 1]], 1), "no count|not a count"),
        (lambda: loss_per_case([[1, 0], [0, 1]], [[0]]), "losses"),
        (lambda: loss_per_case([[0, 0], [0, 0]], [[0, 1], [1, 0]]), "no case"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
