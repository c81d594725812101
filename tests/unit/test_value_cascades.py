"""A cheap candidate in front of the best one, from answers at hand."""

import pytest

from tests.small_run import assessed, suite_of, trial

USED, AGAIN = 57.0, -9.0
"""See test_value_worth: 44 minutes at 90 an hour, 6 of review."""


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """Forty items, each its own cluster."""
    return suite_of(tmp_path_factory.mktemp("suite"), items=40)


def cascade(suite, small, big, **told):
    """What the engine says of `small` in front of `big`; outcomes in the order of items."""
    rows = [trial(n, each, "small", cost=1.0, **told) for n, each in enumerate(small)]
    rows += [trial(n, each, "big", cost=10.0, **told) for n, each in enumerate(big)]
    return assessed(suite, rows, names=("small", "big")).cascades


def test_what_the_small_one_leaves_open_goes_up(suite):
    """30 used, 10 passed on, of which 8 are used: (38 * 57 - 2 * 9 - 40 * 1 - 10 * 10) / 40 each."""
    small = ["accept"] * 30 + ["redo"] * 10
    big = ["accept"] * 36 + ["redo"] * 2 + ["accept"] * 2
    (found,) = cascade(suite, small, big)
    assert (found.small, found.big, found.items, found.routed_up) == ("small", "big", 40, 0.25)
    assert found.cost_per_case == pytest.approx(1 + 0.25 * 10)
    assert found.saving == pytest.approx(1 - 3.5 / 10)
    assert found.value_per_case.value == pytest.approx((38 * USED + 2 * AGAIN) / 40 - 3.5)
    assert found.gain_over_big.value == pytest.approx(6.5)
    assert found.gain_over_big.low <= 6.5 <= found.gain_over_big.high


def test_harm_of_the_small_one_is_not_passed_on(suite):
    small = ["accept"] * 20 + ["harm"] * 10 + ["redo"] * 10
    (found,) = cascade(suite, small, ["accept"] * 40)
    assert found.gain_over_big.value == pytest.approx(6.5 - 800 * 10 / 40)


@pytest.mark.parametrize("small", [["accept"] * 40, ["redo"] * 40])
def test_there_is_no_cascade_where_nothing_or_everything_goes_up(suite, small):
    big = ["accept"] * 39 + ["redo"]
    assert [each for each in cascade(suite, small, big) if each.big == "big"] == []


def test_only_trials_that_both_answered_count(suite):
    small = ["accept"] * 20 + ["redo"] * 10 + ["failed"] * 10
    (found,) = cascade(suite, small, ["accept"] * 40)
    assert (found.items, found.routed_up) == (30, pytest.approx(1 / 3))


def test_there_is_no_cascade_without_prices(suite):
    rows = [
        trial(n, "accept" if n % 2 else "redo", name, cost=None) for name in "ab" for n in range(40)
    ]
    assert assessed(suite, rows, names=("a", "b")).cascades == []
