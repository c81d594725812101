"""The shapes of an assumption: their means and quantiles, and what is refused when a suite is read."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.errors import SuiteError
from bench.stats import Range
from bench.suites.load import load
from bench.suites.model import Assumption
from bench.value.assumed import drawn, expected
from tests.small_parts import parts, supposed
from tests.small_run import suite_of, trial
from tests.small_suite import written

DRAWS = 100_000


def draws(*told):
    return Range(*told).draws(DRAWS, np.random.default_rng(7))


@pytest.mark.parametrize(
    ("shape", "mean"),
    [("pert", (10 + 4 * 20 + 60) / 6), ("triangular", 90 / 3), ("uniform", 70 / 2)],
)
def test_the_mean_of_a_bounded_shape_is_that_of_the_textbook_and_of_its_draws(shape, mean):
    assert Range(10, 20, 60, shape).mean() == pytest.approx(mean)
    found = draws(10, 20, 60, shape)
    assert found.mean() == pytest.approx(mean, rel=0.005)
    assert 10 <= found.min() < found.max() <= 60


def test_a_uniform_shape_knows_no_likeliest_number():
    """A quarter, a half and three quarters of the way from 10 to 60, wherever its base is."""
    assert np.quantile(draws(10, 20, 60, "uniform"), [0.25, 0.5, 0.75]) == pytest.approx(
        [22.5, 35, 47.5], rel=0.02
    )


def test_half_of_a_triangular_shape_lies_below_its_median():
    """Right of the mode, F(x) = 1 - (60 - x)^2 / (50 * 40): one half at 60 - sqrt(1000)."""
    assert np.median(draws(10, 20, 60, "triangular")) == pytest.approx(60 - math.sqrt(1000), rel=0.01)  # fmt: skip


def test_of_a_lognormal_shape_low_and_high_are_the_ends_of_the_middle_nine_tenths():
    """From 100 over 300 to 900: log-evenly, so the median is 300; the mean lies above it."""
    found = draws(100, 300, 900, "lognormal")
    assert np.quantile(found, [0.05, 0.5, 0.95]) == pytest.approx([100, 300, 900], rel=0.02)
    sd = math.log(9) / (2 * 1.644854)
    assert Range(100, 300, 900, "lognormal").mean() == pytest.approx(300 * math.exp(sd**2 / 2))
    assert found.mean() == pytest.approx(300 * math.exp(sd**2 / 2), rel=0.01)
    assert found.max() > 900


@pytest.mark.parametrize("shape", ["pert", "triangular", "uniform", "lognormal"])
def test_a_range_of_no_width_is_a_number(shape):
    assert Range(5, 5, 5, shape).mean() == pytest.approx(5)
    assert set(draws(5, 5, 5, shape).tolist()) == {5.0}


@settings(deadline=None)
@given(
    low=st.floats(0.1, 1e5),
    factors=st.tuples(st.floats(1, 4), st.floats(1, 4)),
    shape=st.sampled_from(["pert", "triangular", "uniform", "lognormal"]),
)
def test_the_mean_of_any_range_is_that_of_its_draws(low, factors, shape):
    """Within five standard errors."""
    told = Range(low, low * factors[0], low * factors[0] * factors[1], shape)
    found = told.draws(20_000, np.random.default_rng(3))
    error = found.std() / math.sqrt(len(found))
    assert abs(found.mean() - told.mean()) <= 5 * error + 1e-9 * told.high


def test_a_value_is_expected_at_the_mean_of_an_assumptions_shape(tmp_path):
    """Every answer wrong, at a loss of 100 to 900 (lognormal): 57 - 0.012 less the mean loss."""
    suite = suite_of(tmp_path)
    shaped = Assumption(low=100, base=300, high=900, shape="lognormal", source="the test")
    suite = supposed(suite, {"loss.wrong_answer": shaped})
    about, found = parts(suite, [trial(n, "harm") for n in range(12)])
    mean = Range(100, 300, 900, "lognormal").mean()
    assert expected(suite.file.business)["loss.wrong_answer"][0] == pytest.approx(mean)
    assert found["a"].value.mean() == pytest.approx(56.988 - mean, rel=0.02)
    assert np.array_equal(
        about.drawn["loss.wrong_answer"],
        drawn(suite.file.business, len(found["a"].value), 0)["loss.wrong_answer"],
    )


@pytest.mark.parametrize(
    ("place", "told", "line"),
    [
        (("loss", "wrong_answer"), {"low": 0, "base": 800, "shape": "lognormal"},
         "business.loss.wrong_answer: a lognormal shape needs low above 0, not 0"),
        (("review", "detects"), {"low": 0.2, "base": 0.5, "high": 0.9, "shape": "lognormal"},
         "business: review.detects: a share has an end, a lognormal shape has none; use pert"),
        (("review", "detects"), {"base": 0.5, "high": 1.5},
         "business: review.detects: 1.5 is no share; write 0.05 for 5 %"),
        (("review", "minutes"), {"low": 9, "base": 6}, "business.review.minutes: low 9 is above base 6"),
        (("review", "minutes"), {"base": 6, "high": 5}, "business.review.minutes: high 5 is below base 6"),
        (("review", "minutes"), {"low": -1, "base": 6}, "business: review.minutes: -1 is below zero"),
        (("review", "minutes"), {"base": 6, "shape": "bell"},
         "business.review.minutes.shape: input should be 'pert', 'triangular', 'uniform' or 'lognormal', got 'bell'"),
    ],
)  # fmt: skip
def test_a_range_that_cannot_be_is_refused_in_one_line_with_its_place(tmp_path, place, told, line):
    def change(suite):
        section, name = place
        before = suite["business"][section][name]
        titled = {"title": before["title"]} if section == "loss" else {}
        suite["business"][section][name] = told | titled | {"placeholder": True}

    path = written(tmp_path, change=change)
    with pytest.raises(SuiteError) as refused:
        load(str(path))
    message = str(refused.value)
    assert message.startswith(f"{path}:")
    where, _, what = message.removeprefix(f"{path}:").partition(": ")
    assert len(where.split(":")) == 2
    assert what == line
