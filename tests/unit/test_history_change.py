import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.stats import wilson
from bench.types import Estimate
from bench.value.history import change as module
from bench.value.history.change import change, difference, improvement


def share(successes, n, level=0.95):
    low, high = wilson(successes, n, level)
    return Estimate(value=successes / n, low=low, high=high, level=level, n=n, method="Wilson")


def bare(value):
    return Estimate(value=value, low=None, high=None, n=1, method="none")


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("before", "after", "low", "high"),
    [
        ((48, 80), (56, 70), 0.0524, 0.3339),
        ((3, 10), (9, 10), 0.1705, 0.8090),
        ((2, 7), (6, 7), 0.0582, 0.8062),
        ((0, 29), (5, 56), -0.0381, 0.1926),
        ((0, 20), (0, 10), -0.1611, 0.2775),
        ((0, 20), (10, 10), 0.6791, 1.0),
    ],
)
def test_the_difference_of_two_shares_has_newcombes_interval(before, after, low, high):
    """Newcombe (1998), table II, method 10."""
    told = difference(share(*before), share(*after))
    assert (told.low, told.high) == pytest.approx((low, high), abs=5e-5)


def test_a_difference_without_ranges_has_none_and_one_without_numbers_is_not_known():
    told = difference(bare(1.0), bare(3.0))
    assert (told.value, told.low, told.high) == (2.0, None, None)
    assert difference(bare(None), bare(3.0)) is None
    assert change(None, bare(3.0), "higher") is None


def test_ranges_of_different_certainty_are_not_put_together():
    assert difference(share(48, 80, 0.9), share(56, 70, 0.95)).low is None


def test_what_is_better_depends_on_the_metric():
    before, after = share(20, 300), share(60, 300)
    assert change(before, after, "higher").judgement == "better"
    assert change(before, after, "lower").judgement == "worse"
    assert change(before, after, "lower").improvement == pytest.approx(-2.0)
    assert change(before, share(22, 300), "higher").judgement == "open"
    assert change(bare(1.0), bare(9.0), "higher").judgement == "open"


def test_the_relative_improvement_by_hand():
    assert improvement(0.41, 0.63, "higher") == pytest.approx(0.5366, abs=1e-4)
    assert improvement(4.0, 3.0, "lower") == 0.25
    assert improvement(-10, -12, "higher") == -0.2
    assert improvement(0.0, 0.0, "higher") == 0


@given(
    st.integers(0, 50), st.integers(0, 50), st.integers(50, 400), st.sampled_from(["higher", "lower"])
)  # fmt: skip
def test_going_back_is_the_opposite_of_going_on(a, b, n, better):
    there, back = change(share(a, n), share(b, n), better), change(share(b, n), share(a, n), better)
    assert there.difference.low == pytest.approx(-back.difference.high)
    assert there.difference.low <= there.difference.value <= there.difference.high
    assert {there.judgement, back.judgement} in ({"open"}, {"better", "worse"})
