import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.stats import clustered_se, evpi, evsi, non_inferiority, pert_draws, unit_normal_loss


def _runs(gains, losses, same):
    return [0] * gains + [1] * losses + [1] * same, [1] * gains + [0] * losses + [1] * same


OLD, NEW = _runs(22, 26, 352)  # 400 items
verdicts = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), max_size=80)


def test_four_hundred_items_give_the_published_bounds():
    # d = (b - c) / n, SE = sqrt(b + c - (b - c)^2 / n) / n = .01731, 1.645 SE to either side.
    found = non_inferiority(OLD, NEW, margin=0.05)
    assert found.difference == pytest.approx(-0.01)
    assert found.low == pytest.approx(-0.038477827346289954, rel=1e-8)
    assert found.high == pytest.approx(0.018477827346289957, rel=1e-8)


@pytest.mark.parametrize(
    ("margin", "decision"), [(0.05, "pass"), (0.03, "inconclusive"), (0.0, "inconclusive")]
)
def test_the_margin_decides(margin, decision):
    assert non_inferiority(OLD, NEW, margin).decision == decision


def test_worse_than_allowed_for_sure_fails():
    found = non_inferiority(*_runs(10, 90, 300), margin=0.05)
    assert found.decision == "fail"
    assert found.high < -0.05
    assert found.n_needed is None


@given(verdicts, st.floats(0, 0.5))
def test_every_decision_follows_from_its_bounds(scores, margin):
    old, new = np.transpose(scores) if scores else ([], [])
    found = non_inferiority(old, new, margin)
    if found.low is None:
        assert found.decision == "inconclusive"
    elif found.low > -margin:
        assert found.decision == "pass"
    else:
        assert found.decision == ("fail" if found.high < -margin else "inconclusive")
    if found.n_needed is not None:
        assert found.decision == "inconclusive"
        assert found.n_needed > len(scores)


def test_as_many_items_as_needed_decide_when_difference_and_spread_stay():
    needed = non_inferiority(OLD, NEW, margin=0.03).n_needed
    times = math.ceil(needed / 400)
    assert needed == 1854  # (1.6449 + 0.8416)^2 * 400^2 * .01731^2 / 400 / .02^2
    assert non_inferiority(OLD * times, NEW * times, margin=0.03).decision == "pass"


def test_no_number_of_items_settles_a_difference_on_the_margin():
    old, new = _runs(0, 20, 80)
    found = non_inferiority(np.array(old) * 5.0, np.array(new) * 5.0, margin=1.0)
    assert (found.decision, found.n_needed) == ("inconclusive", None)


@pytest.mark.parametrize(
    ("items", "decision"), [(3, "inconclusive"), (30, "inconclusive"), (60, "pass")]
)
def test_unchanged_items_pass_only_when_they_are_many(items, decision):
    assert non_inferiority([1] * items, [1] * items, margin=0.05).decision == decision


@pytest.mark.parametrize(("old", "new"), [([], []), ([1], [1]), ([1, math.nan], [1, 1])])
def test_nothing_known_is_inconclusive(old, new):
    found = non_inferiority(old, new, margin=0.5)
    assert (found.decision, found.low, found.high) == ("inconclusive", None, None)


def test_clusters_widen_the_bounds():
    clusters = np.arange(400) // 10
    found = non_inferiority(OLD, NEW, 0.05, clusters)
    se = clustered_se(np.subtract(NEW, OLD), clusters) * math.sqrt(40 / 39)
    assert found.low == pytest.approx(-0.01 - 1.6848751194973992 * se)  # t of 95 % on 39 df
    assert found.decision == "inconclusive"


def test_money_is_judged_in_its_own_unit():
    rng = np.random.default_rng(0)
    old = rng.normal(20, 50, size=300)
    new = old + rng.normal(-1, 5, size=300)
    assert non_inferiority(old, new, margin=2).decision == "pass"
    assert non_inferiority(old, new, margin=0.3).decision == "fail"


def test_a_candidate_worse_by_the_margin_seldom_passes():
    rng = np.random.default_rng(9)
    passed = 0
    for _ in range(400):
        u = rng.uniform(size=100)
        old, new = (u < 0.8).astype(int), ((u < 0.7) | (u > 0.95)).astype(int)  # 10 lost, 5 gained
        passed += non_inferiority(old, new, margin=0.05).decision == "pass"
    assert 0.01 <= passed / 400 <= 0.09


@pytest.mark.parametrize("margin", [-0.1, math.nan, math.inf])
def test_a_margin_that_is_no_amount_is_refused(margin):
    with pytest.raises(ValueError, match="margin"):
        non_inferiority(OLD, NEW, margin)


def test_value_of_information_gives_the_published_numbers():
    assert evpi(20, 50) == pytest.approx(11.52194184737265, rel=1e-10)
    assert evsi(20, 50, 300, 100) == pytest.approx(8.93245443280561, rel=1e-10)


def test_unit_normal_loss_is_the_mean_of_the_excess():
    z = np.random.default_rng(0).normal(size=400_000)
    for k in (-1.0, 0.0, 0.7):
        assert unit_normal_loss(k) == pytest.approx(np.maximum(z - k, 0).mean(), abs=0.005)


@given(st.floats(-100, 100), st.floats(0.1, 100), st.floats(1, 500), st.integers(0, 10_000))
def test_items_are_worth_more_the_more_they_are_and_less_than_certainty(mean, sd, item_sd, n):
    worth = evsi(mean, sd, item_sd, n)
    assert 0 <= worth <= evsi(mean, sd, item_sd, 2 * n) + 1e-12
    assert worth <= evpi(mean, sd) + 1e-12
    assert evpi(mean, sd) == evpi(-mean, sd)


def test_a_certain_belief_leaves_nothing_to_buy():
    assert evpi(20, 0) == 0
    assert evsi(20, 0, 300, 100) == 0
    assert evsi(20, 50, 300, 0) == 0


@pytest.mark.parametrize(
    "call", [lambda: evpi(1, -1), lambda: evsi(1, 1, 0, 5), lambda: evsi(1, 1, 1, -5)]
)
def test_impossible_beliefs_are_refused(call):
    with pytest.raises(ValueError, match="is not a number"):
        call()


def test_pert_draws_have_the_published_mean():
    draws = pert_draws(0.5, 0.8, 0.9, 200_000, np.random.default_rng(1))
    assert draws.mean() == pytest.approx(0.7666666666666667, abs=0.001)


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3).map(sorted), st.integers(0, 99))
def test_pert_draws_stay_in_their_range_and_repeat_with_the_seed(ends, seed):
    low, base, high = ends
    draws = pert_draws(low, base, high, 50, np.random.default_rng(seed))
    assert draws.shape == (50,)
    slack = 1e-12 * (abs(low) + abs(high))  # low + (high - low) may round past high
    assert ((draws >= low) & (draws <= high + slack)).all()
    assert np.array_equal(draws, pert_draws(low, base, high, 50, np.random.default_rng(seed)))


def test_a_range_of_no_width_is_the_constant():
    assert pert_draws(3, 3, 3, 4, np.random.default_rng(0)).tolist() == [3.0] * 4


@pytest.mark.parametrize("ends", [(2, 1, 3), (1, 4, 3), (math.nan, 1, 2), (0, 1, math.inf)])
def test_a_range_out_of_order_is_refused(ends):
    with pytest.raises(ValueError, match="not in order"):
        pert_draws(*ends, 5, np.random.default_rng(0))


def test_a_negative_number_of_draws_is_refused():
    with pytest.raises(ValueError, match="size: -1"):
        pert_draws(1, 2, 3, -1, np.random.default_rng(0))
