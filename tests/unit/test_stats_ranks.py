import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from bench.stats import rank_intervals, spearman_within

rows = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from("abc")), min_size=3, max_size=40
)


def test_a_candidate_that_always_leads_is_first_and_rivals_share_the_rest():
    draws = [[3, 2, 1], [3, 1, 2], [3, 2, 1], [3, 1, 2]]
    assert rank_intervals(draws) == [(1, 1), (2, 3), (2, 3)]


def test_twins_both_may_be_first_or_second():
    assert rank_intervals([[5, 5, 1]] * 3) == [(1, 2), (1, 2), (3, 3)]


def test_rare_draws_fall_outside_the_level():
    draws = [[2, 1]] * 98 + [[1, 2]] * 2
    assert rank_intervals(draws, level=0.95) == [(1, 1), (2, 2)]
    assert rank_intervals(draws, level=0.99) == [(1, 2), (1, 2)]


def test_a_candidate_without_a_value_ranks_last():
    assert rank_intervals([[math.nan, -5.0, -9.0]] * 2) == [(3, 3), (1, 1), (2, 2)]


@given(st.integers(0, 500), st.floats(0.5, 0.98))
def test_ranks_are_places_and_a_wider_level_holds_the_narrower(seed, level):
    draws = np.random.default_rng(seed).normal(loc=[0, 0.5, 1, 2], size=(60, 4))
    for narrow, wide in zip(rank_intervals(draws, level), rank_intervals(draws, 0.99), strict=True):
        assert 1 <= wide[0] <= narrow[0] <= narrow[1] <= wide[1] <= 4


@pytest.mark.parametrize("draws", [[], [1.0, 2.0], [[]], np.empty((0, 3))])
def test_ranks_without_draws_are_refused(draws):
    with pytest.raises(ValueError, match="resamples x candidates"):
        rank_intervals(draws)


def test_one_group_gives_spearmans_rho():
    # Wikipedia, Spearman's rank correlation coefficient: rho = -29 / 165.
    iq = [86, 97, 99, 100, 101, 103, 106, 110, 112, 113]
    hours = [2, 20, 28, 27, 50, 29, 7, 17, 6, 12]
    assert spearman_within(iq, hours, ["m"] * 10) == pytest.approx(-29 / 165)


@given(rows)
def test_one_group_with_ties_agrees_with_scipy(table):
    x, y, _ = zip(*table, strict=True)
    if len(set(x)) > 1 and len(set(y)) > 1:
        expected = scipy.stats.spearmanr(x, y).statistic
        assert spearman_within(x, y, [0] * len(x)) == pytest.approx(expected, abs=1e-9)
    else:
        assert spearman_within(x, y, [0] * len(x)) is None


def test_a_better_candidate_being_better_in_both_adds_nothing():
    x, y = [1, 2, 3, 11, 12, 13], [3, 2, 1, 13, 12, 11]
    assert scipy.stats.spearmanr(x, y).statistic > 0.5
    assert spearman_within(x, y, list("aaabbb")) == pytest.approx(-1)


@given(rows, st.floats(0.1, 5))
def test_shifting_or_stretching_a_group_changes_nothing(table, factor):
    x, y, groups = zip(*table, strict=True)
    moved = [factor * v + 100 * ord(g) for v, g in zip(x, groups, strict=True)]
    found = spearman_within(x, y, groups)
    assert found is None or -1 <= found <= 1
    assert spearman_within(moved, y, groups) == (found and pytest.approx(found))
    assert spearman_within(y, x, groups) == (found and pytest.approx(found))


def test_rows_with_a_missing_number_are_left_out():
    x, y, groups = [1, 2, 3, math.nan, 9], [2, 1, 3, 0, None], list("aaaab")
    assert spearman_within(x, y, groups) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("x", "y", "groups"),
    [([], [], []), ([1, 2], [1, 2], ["a", "b"]), ([1, 1], [1, 2], ["a", "a"])],
)
def test_no_variation_inside_any_group_leaves_the_association_unknown(x, y, groups):
    assert spearman_within(x, y, groups) is None


def test_numbers_that_are_no_rows_are_refused():
    with pytest.raises(ValueError, match="one number a row"):
        spearman_within([[1, 2]], [[1, 2]], ["a"])
