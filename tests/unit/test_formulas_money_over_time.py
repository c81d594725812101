import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.value.formulas.horizon import (
    appraise,
    horizon_factors,
    payback_months,
    present_value,
)
from bench.value.formulas.hosting import (
    break_even_million_tokens,
    cost_per_million_tokens,
    kv_cache_gb,
    weights_gb,
)
from bench.value.formulas.tail import tail_mean, tail_mean_of_outcomes

months = st.integers(0, 60)
rates = st.floats(0, 1)
ramps = st.floats(0, 80)
amounts = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8)
draws = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)
tails = st.floats(0.01, 0.99)


def factors(*told):
    by_case, by_month = horizon_factors(*told)
    return float(by_case), float(by_month)


@given(months)
def test_without_discount_or_ramp_a_horizon_holds_its_months(count):
    assert factors(count, 0, 0) == (count, count)


@given(months, st.floats(0.001, 1))
def test_money_by_month_is_an_annuity(count, rate):
    monthly = (1 + rate) ** (-1 / 12)
    annuity = monthly * (1 - monthly**count) / (1 - monthly)
    assert factors(count, rate, 0) == pytest.approx((annuity, annuity))


@given(st.integers(1, 60))
def test_growing_over_the_whole_horizon_halves_the_cases(count):
    by_case, by_month = factors(count, 0, count)
    assert by_case == pytest.approx(count / 2)
    assert by_month == count


@given(months, rates, ramps, st.floats(0, 20))
def test_a_longer_ramp_or_a_higher_rate_never_adds_worth(count, rate, ramp, more):
    by_case, by_month = factors(count, rate, ramp)
    assert by_case <= by_month + 1e-9
    assert factors(count, rate, ramp + more)[0] <= by_case + 1e-9
    assert factors(count, rate + more, ramp)[0] <= by_case + 1e-9


@given(st.integers(1, 40), st.lists(st.tuples(rates, ramps), min_size=1, max_size=5))
def test_draws_give_what_each_gives_alone(count, pairs):
    rate, ramp = np.transpose(pairs)
    by_case, by_month = horizon_factors(count, rate, ramp)
    alone = [factors(count, *pair) for pair in pairs]
    assert np.column_stack([by_case, by_month]) == pytest.approx(np.array(alone))


def test_one_rate_meets_draws_of_the_ramp():
    by_case, by_month = horizon_factors(3, 0, np.array([0, 1, 3]))
    assert by_case.tolist() == pytest.approx([3, 2.5, 1.5])
    assert by_month.tolist() == [3, 3, 3]


@given(amounts, st.floats(0, 2))
def test_present_values_add_up_and_are_the_plain_sum_at_rate_zero(told, rate):
    assert present_value(told, 0) == pytest.approx(sum(told), abs=1e-6)
    doubled = present_value([2 * each for each in told], rate)
    assert doubled == pytest.approx(2 * present_value(told, rate), abs=1e-6)


def test_a_plan_whose_risks_are_zero_is_worth_what_it_says():
    told = appraise([0, 110], [50, 0], 0.1)
    assert (told.benefit, told.cost, told.net) == pytest.approx((100, 50, 50))
    assert (told.roi, told.payback_months) == pytest.approx((1.0, 12 * 50 / 110))


def test_a_plan_without_cost_has_no_return_and_one_that_never_earns_no_payback():
    assert appraise([5, 5], [0, 0], 0.1).roi is None
    assert appraise([0, 5], [90, 5], 0.1).payback_months is None


@pytest.mark.parametrize(
    ("net", "expected"),
    [
        ([], 0.0),
        ([5, -9], 0.0),
        ([-60, 60], 12.0),
        ([-60, 0, 60], 24.0),
        ([-60, 120], 6.0),
        ([-60, -12, 144], 18.0),
        ([-60, 59], None),
    ],
)
def test_payback_comes_when_what_came_in_covers_what_went_out(net, expected):
    assert payback_months(net) == expected


@given(draws, tails)
def test_the_worst_are_no_better_than_the_mean_and_no_worse_than_the_worst(told, share):
    found = tail_mean(told, share)
    slack = 1e-9 * (1 + max(map(abs, told)))
    assert min(told) - slack <= found <= np.mean(told) + slack


@given(draws, tails, st.floats(0, 0.5))
def test_a_larger_share_takes_in_better_draws(told, share, more):
    slack = 1e-9 * (1 + max(map(abs, told)))
    assert tail_mean(told, share) <= tail_mean(told, min(0.999, share + more)) + slack


@given(draws, tails, st.floats(0.1, 10), st.floats(-100, 100))
def test_the_tail_moves_with_its_draws(told, share, factor, shift):
    moved = tail_mean([factor * each + shift for each in told], share)
    expected = factor * tail_mean(told, share) + shift
    assert moved == pytest.approx(expected, abs=1e-8 * (1 + max(map(abs, told))))


@given(draws, tails)
def test_draws_are_outcomes_of_equal_probability(told, share):
    equal = np.full(len(told), 1 / len(told))
    assert tail_mean_of_outcomes(told, equal, share) == pytest.approx(
        tail_mean(told, share), abs=1e-6
    )


def test_the_draw_at_the_boundary_counts_by_its_fraction():
    # A quarter of six draws: the worst, and half of the next.
    assert tail_mean([3, 2, 1, 0, -4, -10], share=0.25) == pytest.approx((-10 - 4 / 2) / 1.5)
    # Fewer draws than the share can tell apart: the worst alone.
    assert tail_mean([1, 2, 3], share=0.05) == 1


def test_draws_without_a_number_are_left_out():
    assert tail_mean([math.nan, 4, math.nan, 2], share=0.5) == 2


def test_a_rare_loss_fills_the_tail_with_what_is_left_of_the_share():
    # 2 % lose 800, the other 3 % of the tail gain 57.
    found = tail_mean_of_outcomes([57, -800], [0.98, 0.02])
    assert found == pytest.approx((0.02 * -800 + 0.03 * 57) / 0.05)
    assert tail_mean_of_outcomes([57, -800, -9e9], [0.9, 0.1, 0]) == pytest.approx(-800)


@given(st.floats(0.1, 100), st.floats(1, 1e5), st.floats(0.01, 1))
def test_a_busy_hour_of_tokens_costs_the_hour(cost, speed, busy):
    tokens_per_hour = speed * 3600 * busy
    found = cost_per_million_tokens(cost, speed, busy)
    assert found * tokens_per_hour / 1e6 == pytest.approx(cost)


PRICES = st.just(0.0) | st.floats(1e-6, 100)
"""No price is so small that a volume overflows."""


@given(st.floats(0, 1e5), PRICES, PRICES)
def test_at_the_volume_that_breaks_even_both_ways_cost_the_same(fixed, price, variable):
    volume = break_even_million_tokens(fixed, price, variable)
    if volume is None:
        assert price <= variable
    else:
        assert volume * price == pytest.approx(fixed + volume * variable, rel=1e-6)


def test_memory_shrinks_with_the_bytes_of_a_number_and_grows_with_the_tokens_in_flight():
    assert weights_gb(7e9, "fp16") == weights_gb(7e9, "bf16") == 14
    assert weights_gb(7e9, "int8") == weights_gb(7e9) / 4
    assert weights_gb(7e9, "int4") == weights_gb(7e9) / 8
    assert kv_cache_gb(32, 8, 128, tokens=4000) == pytest.approx(
        kv_cache_gb(32, 32, 128, tokens=1000)
    )
    assert kv_cache_gb(32, 8, 128, tokens=0) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: horizon_factors(-1, 0, 0), "months"),
        (lambda: horizon_factors(3, -1, 0), "yearly_rate"),
        (lambda: horizon_factors(3, [0.1, math.nan], 0), "yearly_rate"),
        (lambda: horizon_factors(3, 0, [0, -1]), "ramp_up_months"),
        (lambda: present_value([1], -1.5), "yearly_rate"),
        (lambda: appraise([1], [1], 0.1, benefit_risk=1.2), "benefit_risk"),
        (lambda: appraise([1], [1], 0.1, cost_risk=-0.1), "cost_risk"),
        (lambda: appraise([1, 2], [1], 0.1), "shorter"),
        (lambda: tail_mean([]), "no number"),
        (lambda: tail_mean([math.nan]), "no number"),
        (lambda: tail_mean([[1.0]]), "one number a draw"),
        (lambda: tail_mean([1], share=0), "share"),
        (lambda: tail_mean_of_outcomes([1, 2], [1]), "chances"),
        (lambda: tail_mean_of_outcomes([1, 2], [0.5, 0.4]), "probabilities"),
        (lambda: tail_mean_of_outcomes([1, 2], [1.5, -0.5]), "probabilities"),
        (lambda: tail_mean_of_outcomes([1, math.nan], [0.5, 0.5]), "NaN"),
        (lambda: cost_per_million_tokens(20, 1000, 0), "utilisation"),
        (lambda: cost_per_million_tokens(20, 1000, 1.1), "utilisation"),
        (lambda: cost_per_million_tokens(20, 0, 0.5), "tokens_per_second"),
        (lambda: break_even_million_tokens(-1, 2, 1), "fixed_cost_per_month"),
        (lambda: weights_gb(-1), "parameters"),
        (lambda: kv_cache_gb(0, 8, 128, tokens=1), "layers"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
