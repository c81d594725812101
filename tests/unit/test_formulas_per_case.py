import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.value.formulas.cascade import cascade_accuracy, cascade_cost, saving_against_big
from bench.value.formulas.per_case import (
    Stakes,
    acceptance_margin,
    break_even_acceptance,
    conditional_break_even_acceptance,
    conditional_value_per_task,
    cost_per_accepted,
    escaped_error_rate,
    largest_tolerable_error_rate,
    value_per_task,
)
from bench.value.formulas.tornado import tornado

shares = st.floats(0, 1)
money = st.floats(0, 5000)
stakes = st.builds(
    Stakes,
    minutes_saved=st.floats(-60, 600),
    wage_per_minute=st.floats(0, 20),
    rejection_cost=money,
    loss_per_error=money,
    inference_cost=st.floats(0, 10),
)


def scaled(told, factor):
    """The same stakes in another currency; minutes are no money."""
    values = dataclasses.asdict(told)
    return Stakes(**{k: v if k == "minutes_saved" else v * factor for k, v in values.items()})


def size(told):
    """Money of the magnitude that rounding is measured by."""
    return 1 + abs(told.acceptance_gain) + told.loss_per_error + told.rejection_cost


@given(shares, shares, stakes, st.floats(0.01, 100))
def test_the_value_is_linear_in_money(acceptance, errors, told, factor):
    there = value_per_task(acceptance, errors, scaled(told, factor))
    back = factor * value_per_task(acceptance, errors, told)
    assert there == pytest.approx(back, abs=1e-9 * factor * size(told))


@given(shares, shares, shares, shares, stakes)
def test_the_value_is_linear_in_acceptance(errors, low, high, weight, told):
    between = weight * low + (1 - weight) * high
    mixed = weight * value_per_task(low, errors, told)
    mixed += (1 - weight) * value_per_task(high, errors, told)
    assert value_per_task(min(1, between), errors, told) == pytest.approx(
        mixed, abs=1e-9 * size(told)
    )


@given(shares, stakes)
def test_a_task_that_is_never_accepted_costs_its_review_its_errors_and_its_exchanges(errors, told):
    expected = -told.rejection_cost - errors * told.loss_per_error - told.inference_cost
    assert value_per_task(0, errors, told) == pytest.approx(expected)
    assert conditional_value_per_task(0, errors, told) == pytest.approx(
        -told.rejection_cost - told.inference_cost
    )


@given(shares, stakes)
def test_the_value_is_zero_where_acceptance_breaks_even_and_never_above_where_none_does(
    errors, told
):
    at = break_even_acceptance(errors, told)
    if at is None:
        assert max(value_per_task(a, errors, told) for a in (0, 1)) <= 1e-9 * size(told)
    else:
        assert value_per_task(at, errors, told) == pytest.approx(0, abs=1e-9 * size(told))


@given(shares, stakes, shares)
def test_the_conditional_value_is_zero_where_its_acceptance_breaks_even(errors, told, detection):
    at = conditional_break_even_acceptance(errors, told, detection)
    values = [conditional_value_per_task(a, errors, told, detection) for a in (0, 1)]
    if at is None:
        assert max(values) <= 1e-9 * size(told)
    else:
        found = conditional_value_per_task(at, errors, told, detection)
        assert found == pytest.approx(0, abs=1e-9 * size(told))


@given(shares, stakes)
def test_more_errors_than_tolerable_lose_money_and_fewer_do_not(acceptance, told):
    most = largest_tolerable_error_rate(acceptance, told)
    slack = 1e-9 * size(told)
    if most is None:
        assert value_per_task(acceptance, 0, told) < 0
    elif most == 1:
        assert value_per_task(acceptance, 1, told) >= -slack
    else:
        assert value_per_task(acceptance, most, told) == pytest.approx(0, abs=slack)


@given(shares, shares, shares)
def test_fewer_errors_escape_than_outputs_are_accepted(acceptance, errors, detection):
    assert 0 <= escaped_error_rate(acceptance, errors, detection) <= acceptance


@given(shares, shares, stakes)
def test_a_review_that_notices_everything_leaves_no_loss(acceptance, errors, told):
    found = conditional_value_per_task(acceptance, errors, told, detection=1)
    assert found == value_per_task(acceptance, 0, told)


@given(shares, stakes, st.floats(0, 100))
def test_falling_by_the_margin_loses_what_is_tolerated(errors, told, loss):
    margin = acceptance_margin(loss, told)
    if margin is not None and margin <= 1:
        fall = value_per_task(1, errors, told) - value_per_task(1 - margin, errors, told)
        assert fall == pytest.approx(loss, abs=1e-9 * size(told))


SLOW_REVIEW = Stakes(
    minutes_saved=-10,
    wage_per_minute=1,
    rejection_cost=4,
    loss_per_error=100,
    inference_cost=0.01,
)


def test_review_that_takes_longer_than_the_task_has_no_break_even():
    assert SLOW_REVIEW.acceptance_gain == -6
    assert break_even_acceptance(0, SLOW_REVIEW) is None
    assert conditional_break_even_acceptance(0, SLOW_REVIEW) is None
    assert largest_tolerable_error_rate(1, SLOW_REVIEW) is None
    assert acceptance_margin(1, SLOW_REVIEW) is None


def test_errors_that_cost_what_acceptance_gains_leave_no_break_even():
    told = dataclasses.replace(SLOW_REVIEW, minutes_saved=6)
    assert conditional_break_even_acceptance(0.1, told) is None
    assert conditional_break_even_acceptance(0.1, told, detection=0.5) == pytest.approx(4.01 / 5)


def test_nothing_accepted_has_no_cost_per_accepted():
    assert cost_per_accepted(1, 9, 0) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: value_per_task(1.2, 0, SLOW_REVIEW), "acceptance"),
        (lambda: value_per_task(0.5, -0.1, SLOW_REVIEW), "error_rate"),
        (lambda: break_even_acceptance(2, SLOW_REVIEW), "error_rate"),
        (lambda: escaped_error_rate(0.5, 0.5, 1.5), "detection"),
        (lambda: acceptance_margin(-1, SLOW_REVIEW), "tolerable_loss"),
        (lambda: cost_per_accepted(-1, 9, 0.5), "inference_cost"),
        (lambda: dataclasses.replace(SLOW_REVIEW, minutes_saved=math.nan), "minutes_saved"),
        (lambda: dataclasses.replace(SLOW_REVIEW, loss_per_error=-5), "loss_per_error"),
        (lambda: tornado(lambda a: a, {"a": 1.0}, {"b": (0, 1)}), "'b' has no base"),
        (lambda: tornado(lambda a: a, {"a": 1.0}, {"a": (2, 1)}), "not in order"),
        (lambda: cascade_accuracy(0.9, 0.8, 1.1), "routed_up"),
        (lambda: saving_against_big(1, 0, 0.5), "big_cost"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 0), st.floats(0, 9)), min_size=1))
def test_the_bars_of_a_sum_are_as_wide_as_the_ranges_and_come_widest_first(terms):
    base = {f"x{i}": told[0] for i, told in enumerate(terms)}
    ranges = {f"x{i}": told[1:] for i, told in enumerate(terms)}
    bars = tornado(lambda **values: sum(values.values()), base, ranges)
    swings = [bar.swing for bar in bars]
    assert swings == sorted(swings, reverse=True)
    for bar in bars:
        low, high = ranges[bar.name]
        assert bar.swing == pytest.approx(high - low, abs=1e-9)


def test_equal_swings_keep_the_order_in_which_they_were_asked_for():
    bars = tornado(lambda a, b: a + b, {"a": 0.0, "b": 0.0}, {"b": (0, 1), "a": (1, 2)})
    assert [bar.name for bar in bars] == ["b", "a"]


@given(shares, shares, shares)
def test_a_cascade_is_as_right_as_something_between_its_two_models(kept, hard, routed):
    found = cascade_accuracy(kept, hard, routed)
    assert min(kept, hard) - 1e-12 <= found <= max(kept, hard) + 1e-12


@given(st.floats(0, 1), st.floats(0.01, 10), shares)
def test_a_cascade_saves_where_what_it_keeps_exceeds_what_the_small_model_costs(small, big, routed):
    saving = saving_against_big(small, big, routed)
    assert saving == pytest.approx((1 - routed) - small / big, abs=1e-9)
    assert big * (1 - saving) == pytest.approx(cascade_cost(small, big, routed))
