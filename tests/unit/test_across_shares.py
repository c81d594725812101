"""Shares with intervals, Pareto sets and medians: what the views across suites are made of."""

import doctest
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bench.stats import wilson
from bench.value.across import pareto, seconds, shares
from bench.value.across.pareto import pareto_set, pareto_shares
from bench.value.across.seconds import medians
from bench.value.across.shares import Share, weighted
from bench.value.estimates import LEVEL

POINTS = arrays(float, st.tuples(st.integers(1, 7), st.integers(1, 3)), elements=st.integers(0, 3))


def share(value, seed=0, spread=0.05, clusters=12):
    drawn = np.clip(np.random.default_rng(seed).normal(value, spread, 5000), 0, 1)
    draws = np.full(5000, value) if value in (0, 1) else drawn
    return Share(value, draws, clusters, clusters)


@pytest.mark.parametrize("module", [pareto, seconds, shares], ids=lambda module: module.__name__)
def test_the_worked_examples_hold(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


def test_the_records_know_nothing_of_the_summary_that_holds_them():
    code = "import sys, bench.value.across.records; sys.exit('bench.value.summary' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_share_that_never_varied_is_not_certain():
    told = share(1.0).estimate()
    assert (told.low, told.high) == pytest.approx(wilson(12, 12, LEVEL))
    assert weighted([(1.0, share(1.0))], 12).low == pytest.approx(told.low)


def test_the_difference_of_two_shares_that_never_varied_is_not_certain():
    """Both 12 of 12: no difference, and Wilson's lower bound away on either side."""
    told = weighted([(1.0, share(1.0)), (-1.0, share(1.0))], 24)
    reach = 1 - wilson(12, 12, LEVEL)[0]
    assert (told.value, told.low, told.high) == pytest.approx((0.0, -reach, reach))


def test_shares_that_vary_are_added_draw_by_draw():
    """The same draws on both sides: a paired difference without any doubt."""
    told = weighted([(1.0, share(0.5)), (-1.0, share(0.5))], 12)
    assert (told.value, told.low, told.high) == (0.0, 0.0, 0.0)
    apart = weighted([(1.0, share(0.5)), (-1.0, share(0.5, seed=1))], 12)
    assert apart.high == pytest.approx(1.645 * 0.05 * 2**0.5, abs=0.005)


def test_a_sum_with_a_share_of_one_cluster_has_no_interval():
    told = weighted([(0.5, share(0.5)), (0.5, Share(1.0, None, 3, 1))], 15)
    assert (told.value, told.low, told.high) == (0.75, None, None)


@given(POINTS)
def test_a_point_is_in_the_set_exactly_when_no_other_dominates_it(points):
    expected = [
        not any((other >= own).all() and (other > own).any() for other in points) for own in points
    ]
    assert pareto_set(points).tolist() == expected


@given(POINTS, st.data())
def test_a_copy_of_a_point_changes_nobodys_place(points, data):
    at = data.draw(st.integers(0, len(points) - 1))
    places = pareto_set(points)
    with_copy = pareto_set(np.vstack([points, points[at]]))
    assert with_copy[:-1].tolist() == places.tolist()
    assert with_copy[-1] == places[at]


def test_resamples_that_drew_no_item_are_left_out_of_the_shares():
    draws = np.array([[[1.0], [2.0]], [[2.0], [1.0]], [[3.0], [1.0]], [[np.nan], [9.0]]])
    assert pareto_shares(draws).tolist() == pytest.approx([2 / 3, 1 / 3])
    assert pareto_shares(draws[3:]) is None


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8), st.data())
def test_a_weighted_median_is_the_median_of_the_repeated_values(values, data):
    counts = data.draw(
        st.lists(st.integers(0, 3), min_size=len(values), max_size=len(values)).filter(any)
    )
    told = medians(np.array(values, dtype=float), np.array([counts], dtype=float))
    assert told.tolist() == [np.median(np.repeat(values, counts))]
