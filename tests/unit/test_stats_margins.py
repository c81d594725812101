import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.stats import clopper_pearson_upper, margin_test
from bench.stats.spread import degrees_of_freedom

OLD = [0] * 22 + [1] * 26 + [1] * 352  # 400 items, 22 gained, 26 lost
NEW = [1] * 22 + [0] * 26 + [1] * 352
scored = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=60)
reaches = st.one_of(st.none(), st.floats(0.5, 20))


@given(scored, st.floats(0, 2), reaches, st.floats(0.51, 0.999), st.integers(1, 6))
def test_a_p_value_says_what_its_bound_says(scores, margin, reach, level, size):
    old, new = np.transpose(scores)
    clusters = np.arange(len(old)) // size
    found = margin_test(old, new, margin, clusters, reach)
    if found.se is None:
        assert found.bounds(level) is None
        assert found.p_safe is found.p_worse is None
        return
    low, high = found.bounds(level)
    slack = 1e-9 * (1 + margin + found.se)
    if abs(low) < found.limit and abs(low + margin) > slack:
        assert (found.p_safe < 1 - level) == (low > -margin)
    if abs(high) < found.limit and abs(high + margin) > slack:
        assert (found.p_worse < 1 - level) == (high < -margin)


@given(scored, reaches)
def test_who_is_old_and_who_is_new_only_turns_the_sides(scores, reach):
    old, new = np.transpose(scores)
    there, back = margin_test(old, new, 0, reach=reach), margin_test(new, old, 0, reach=reach)
    assert there.p_safe == pytest.approx(back.p_worse, abs=1e-12)
    assert there.p_worse == pytest.approx(back.p_safe, abs=1e-12)


@given(scored, reaches, st.randoms(use_true_random=False))
def test_the_order_of_the_items_changes_nothing(scores, reach, random):
    moved = random.sample(scores, len(scores))
    here, there = (margin_test(*np.transpose(each), 0.5, reach=reach) for each in (scores, moved))
    assert here.p_safe == pytest.approx(there.p_safe, abs=1e-9)
    assert here.p_worse == pytest.approx(there.p_worse, abs=1e-9)


@given(scored, reaches)
def test_a_larger_margin_is_safer(scores, reach):
    old, new = np.transpose(scores)
    tight, wide = (margin_test(old, new, margin, reach=reach) for margin in (0.1, 1.0))
    if tight.se is not None:
        assert wide.p_safe <= tight.p_safe
        assert wide.p_worse >= tight.p_worse


@pytest.mark.parametrize("reach", [None, 1.0])
@pytest.mark.parametrize(("old", "new"), [([], []), ([1], [1]), ([1, math.nan], [1, 1])])
def test_nothing_known_has_no_p_values_and_no_numbers(old, new, reach):
    found = margin_test(old, new, 0.5, reach=reach)
    assert (found.p_worse, found.p_safe, found.se, found.df) == (None, None, None, None)
    assert found.bounds(0.95) is found.power(0.95) is found.catches(0.95) is None
    assert found.needed(0.5, 0.95) is None
    assert found.sparse


def test_unchanged_money_is_known_only_with_a_reach():
    assert margin_test([7.0] * 300, [7.0] * 300, 10).p_safe is None
    found = margin_test([7.0] * 300, [7.0] * 300, 10, reach=800)
    assert found.bounds(0.95)[0] == pytest.approx(-800 * 3.393 / 300, rel=1e-3)
    assert found.p_safe < 0.05 < margin_test([7.0] * 300, [7.0] * 300, 8, reach=800).p_safe


@pytest.mark.parametrize("lost", [0, 1, 2, 3, 5, 10, 20, 30])
def test_the_bound_of_losses_never_won_back_is_nearly_the_exact_one(lost):
    n = 2000
    low, _ = margin_test([1] * n, [0] * lost + [1] * (n - lost), 0.02, reach=1).bounds(0.95)
    exact = clopper_pearson_upper(lost, n) * n
    assert -low * n == pytest.approx(exact, abs=0.75)
    plain, _ = margin_test([1] * n, [0] * lost + [1] * (n - lost), 0.02).bounds(0.95)
    assert -plain * n < exact - 0.6


def test_losses_and_gains_in_balance_move_neither_bound():
    found = margin_test(OLD[:48] * 9, NEW[:48] * 9, 0.05, reach=1)  # 198 gained, 234 lost
    plain = margin_test(OLD[:48] * 9, NEW[:48] * 9, 0.05)
    assert found.bounds(0.95) == pytest.approx(plain.bounds(0.95), abs=5e-4)


def test_imagined_events_fade_until_twenty_were_seen():
    def se(differing):
        old = [0, 1] * 200
        new = [1, 0] * (differing // 2) + old[differing:]
        return margin_test(old, new, 0.1, reach=1).se * 400

    assert se(0) == pytest.approx(math.sqrt(2))
    assert se(10) == pytest.approx(math.sqrt(10 + 1))
    assert se(20) == pytest.approx(math.sqrt(20))


def test_few_events_are_called_sparse():
    old, few, many = [1] * 100, [0] * 9 + [1] * 91, [0] * 10 + [1] * 90
    assert margin_test(old, few, 0.1, reach=1).sparse
    assert not margin_test(old, many, 0.1, reach=1).sparse
    money = np.random.default_rng(0).normal(size=100)
    assert not margin_test(old, money, 0.1).sparse
    assert margin_test(old, money, 0.1, reach=1000).sparse


def test_clusters_that_happen_to_agree_make_nothing_certain():
    old, new, clusters = [0, 1] * 8, [1, 0] * 8, np.arange(16) // 8
    for reach in (None, 1.0):
        found = margin_test(old, new, 0.1, clusters, reach)
        assert found.p_safe > 0.05
    halves = margin_test(np.array(old) / 2, np.array(new) / 2, 0.1, clusters)
    assert halves.p_safe > 0.05


def _matrix_df(sizes, correlation=0.1):
    """The definition, with the matrices that the code does without."""
    shares = sizes / sizes.sum()
    away = np.eye(len(sizes)) - np.outer(shares, np.ones(len(sizes)))
    grown = np.diag(1 / np.sqrt(1 - shares))
    within = np.diag(sizes * (1 + (sizes - 1) * correlation))
    covariance = grown @ away @ within @ away.T @ grown
    return np.trace(covariance) ** 2 / np.trace(covariance @ covariance)


@given(st.lists(st.integers(1, 50), min_size=2, max_size=12))
def test_degrees_of_freedom_are_those_of_the_definition(sizes):
    counts = np.array(sizes, dtype=float)
    found = degrees_of_freedom(counts)
    assert found == pytest.approx(_matrix_df(counts), rel=1e-9)
    assert 1 - 1e-9 <= found <= len(sizes) - 1 + 1e-9


def test_one_large_cluster_leaves_few_degrees_of_freedom():
    rng = np.random.default_rng(1)
    old, new = rng.normal(size=(2, 100))
    equal = margin_test(old, new, 0.1, np.arange(100) // 2)
    large = margin_test(old, new, 0.1, [0] * 50 + list(range(1, 51)))
    assert equal.df == pytest.approx(49)
    assert large.df < 3


def test_what_is_caught_is_beyond_the_margin_by_both_quantiles():
    # 400 items, se .01731: .05 + (1.6449 + .8416) * .01731
    assert margin_test(OLD, NEW, 0.05).catches(0.95) == pytest.approx(0.093041, abs=1e-5)
    assert margin_test(OLD, NEW, 0.05, reach=1).catches(0.95) > 0.0931


def test_the_loss_made_of_rare_events_that_is_caught_is_the_one_that_fails_with_its_power():
    # none of 1,000 was lost before; Poisson losses, each of them certain to scatter
    loss = margin_test([1] * 1000, [1] * 1000, 0.01, reach=1).catches(0.95)
    rng = np.random.default_rng(3)
    failed = 0
    for lost in rng.binomial(1000, loss, size=400):
        new = [0] * lost + [1] * (1000 - lost)
        failed += margin_test([1] * 1000, new, 0.01, reach=1).p_worse <= 0.05
    assert 0.76 <= failed / 400 <= 0.95


def test_power_is_that_of_the_same_system_passing():
    found = margin_test(OLD, NEW, 0.05)
    # .05 / .01731 - 1.6449 = 1.2431, of which the normal distribution function is .8931
    assert found.power(0.95) == pytest.approx(0.8931, abs=1e-4)
    needed = margin_test([0, 1] * 50, [1, 0] * 50, 0.2)
    assert needed.difference == 0
    at_needed = needed.needed(0.2, 0.95, power=0.9) / 100
    again = margin_test([0, 1] * 50, [1, 0] * 50, 0.2 * math.sqrt(at_needed))
    assert again.power(0.95) == pytest.approx(0.9, abs=0.02)


def test_more_items_are_needed_where_events_may_be_unseen():
    plain = margin_test(OLD, NEW, 0.03)
    reached = margin_test(OLD, NEW, 0.03, reach=1)
    assert plain.needed(0.03, 0.95) == 1854
    assert reached.needed(0.03, 0.95) > 1854


@pytest.mark.parametrize("level", [0.05, 0.5, 1.0, math.nan])
def test_a_level_that_is_an_error_rate_is_refused(level):
    found = margin_test(OLD, NEW, 0.05)
    for asked in (found.bounds, found.power, found.catches):
        with pytest.raises(ValueError, match="level"):
            asked(level)
    with pytest.raises(ValueError, match="level"):
        found.needed(0.05, level)


@pytest.mark.parametrize("reach", [0, -1, math.nan, math.inf])
def test_a_reach_that_is_no_size_is_refused(reach):
    with pytest.raises(ValueError, match="reach"):
        margin_test(OLD, NEW, 0.05, reach=reach)
