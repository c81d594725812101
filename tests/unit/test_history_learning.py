import doctest
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.value.formulas import learning
from bench.value.formulas.learning import (
    LearningCurve,
    NoCurve,
    Point,
    ceiling,
    fit,
    labels_to_reach,
    marginal_value_per_label,
    predicted,
)

FLYWHEEL = LearningCurve(start=0.60, ceiling=0.85, scale=400)


def on(curve, xs, n=300):
    return [Point(x, curve.at(x), n) for x in xs]


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(learning).failed == 0


def test_the_flywheel_of_the_value_model():
    assert FLYWHEEL.at(400) == pytest.approx(0.7580301397071394, abs=1e-9)
    assert labels_to_reach(FLYWHEEL, 0.80) == pytest.approx(643.7751649736407, abs=1e-9)
    assert FLYWHEEL.at(643.7751649736407) == pytest.approx(0.80, abs=1e-12)


def test_a_target_is_reached_at_once_later_or_never():
    assert labels_to_reach(FLYWHEEL, 0.60) == 0
    assert labels_to_reach(FLYWHEEL, 0.5) == 0
    assert labels_to_reach(FLYWHEEL, 0.85) is None
    assert labels_to_reach(LearningCurve(0.6, 0.5, 400), 0.7) is None


def test_labelling_stops_paying_where_the_next_label_costs_what_it_brings():
    """V'(a) = 66 a case (38 minutes at 1.5, plus 9 of review), 1000 cases, 5 a label."""
    stop = 400 * math.log(66 * 1000 * 0.25 / 400 / 5)
    assert marginal_value_per_label(FLYWHEEL, stop, 66, 1000, 5) == pytest.approx(0, abs=1e-9)
    assert marginal_value_per_label(FLYWHEEL, stop - 1, 66, 1000, 5) > 0
    assert marginal_value_per_label(FLYWHEEL, stop + 1, 66, 1000, 5) < 0


def test_the_slope_is_the_derivative_of_the_curve():
    step = 1e-4
    assert FLYWHEEL.slope(250) == pytest.approx((FLYWHEEL.at(250 + step) - FLYWHEEL.at(250 - step)) / (2 * step), rel=1e-6)  # fmt: skip


def test_points_on_a_curve_give_that_curve_back():
    found = fit(on(FLYWHEEL, [0, 100, 400, 900, 1600]))
    assert (found.start, found.ceiling) == pytest.approx((0.60, 0.85), abs=1e-6)
    assert found.scale == pytest.approx(400, rel=1e-5)


def test_exact_points_still_leave_the_doubt_of_counting():
    """Shares of 300 items are known to some 3 points, however smoothly they lie."""
    told = predicted(fit(on(FLYWHEEL, [0, 100, 400, 900, 1600], n=300)), 2000)
    assert 0.03 < told.high - told.low < 0.2


@pytest.mark.parametrize(
    ("points", "why"),
    [
        ([Point(0, 0.4, 9), Point(1, 0.5, 9), Point(2, 0.6, 9)], "few"),
        ([Point(0, 0.4, 9), Point(0, 0.5, 9), Point(2, 0.6, 9), Point(2, 0.7, 9)], "one_place"),
        ([Point(x, 0.6, 9) for x in range(4)], "flat"),
    ],
)
def test_there_is_no_curve_where_none_can_be_told(points, why):
    assert fit(points) == NoCurve(why)


def test_the_order_of_the_points_changes_nothing():
    points = [Point(0, 0.41, 300), Point(1, 0.5, 300), Point(3, 0.61, 100), Point(4, 0.6, 300)]
    assert fit(points[::-1]) == fit(points)


def test_a_run_of_more_items_weighs_more():
    few = [Point(0, 0.4, 100), Point(1, 0.55, 100), Point(2, 0.6, 100), Point(3, 0.50, 100)]
    more = [*few[:3], Point(3, 0.50, 100_000)]
    assert abs(fit(more).at(3) - 0.50) < abs(fit(few).at(3) - 0.50) / 5


def test_four_noisy_points_leave_the_ceiling_wide_open():
    told = ceiling(fit([Point(0, 0.41, 60), Point(1, 0.52, 60), Point(2, 0.55, 60), Point(3, 0.6, 60)]))  # fmt: skip
    assert told.n == 4
    assert told.high - told.low > 0.3
    assert told.high == 1


def test_a_series_that_only_wavers_is_expected_to_stay_where_it_is():
    shares = [0.60, 0.62, 0.59, 0.61, 0.60, 0.61]
    found = fit([Point(x, y, 200) for x, y in enumerate(shares)])
    told = predicted(found, 6)
    assert told.value == pytest.approx(0.605, abs=0.03)
    assert told.low < 0.605 < told.high
    assert told.high - told.low < 0.25


def test_a_straight_rise_does_not_promise_more_than_everything():
    found = fit([Point(x, 0.4 + 0.1 * x, 300) for x in range(5)])
    assert found.ceiling <= 1
    assert predicted(found, 50).high <= 1


def test_a_falling_share_is_told_as_it_is():
    found = fit([Point(0, 0.8, 300), Point(1, 0.7, 300), Point(2, 0.66, 300), Point(3, 0.65, 300)])
    assert found.ceiling < 0.66 < found.start


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.floats(0, 1), st.integers(1, 500)), min_size=4, max_size=9
    ),
    st.floats(0, 100),
)
def test_whatever_the_points_shares_stay_shares_and_intervals_hold_their_value(points, m):
    found = fit([Point(x, y, n) for x, y, n in points])
    if isinstance(found, NoCurve):
        return
    for told in (ceiling(found), predicted(found, m)):
        assert 0 <= told.low <= told.value <= told.high <= 1


@pytest.mark.parametrize(("wander", "seed"), [(0.0, 1), (0.04, 2)])
def test_nine_in_ten_intervals_hold_the_truth(wander, seed):
    """300 histories of eight runs of 150 items; `wander` is scatter that counting does not explain."""
    random_of = random.Random(seed)
    truth = LearningCurve(0.45, 0.80, 2.5)
    held = {"ceiling": 0, "next": 0}
    for _ in range(300):
        points = [
            Point(x, sum(random_of.random() < share for _ in range(150)) / 150, 150)
            for x in range(8)
            for share in [truth.at(x) + random_of.gauss(0, wander)]
        ]
        found = fit(points)
        told = ceiling(found)
        held["ceiling"] += told.low <= truth.ceiling <= told.high
        told = predicted(found, 8)
        held["next"] += told.low <= truth.at(8) <= told.high
    assert 0.85 <= held["ceiling"] / 300 <= 0.96
    assert 0.85 <= held["next"] / 300 <= 0.96
