import pandas as pd
import pytest

from bench.stats import clopper_pearson_upper
from bench.suites.model import Business, Gate
from bench.value.gates import gate_results, more_without_event
from tests.small_suite import SUITE


def judged(found, n, repeats=None, **gate):
    business = Business.model_validate(SUITE["business"])
    business = business.model_copy(update={"gates": [Gate(metric="wrong_rate", **gate)]})
    events = repeats or [[1.0]] * found + [[0.0]] * (n - found)
    rows = [
        {"item": at, "rate:wrong_rate": event} for at, each in enumerate(events) for event in each
    ]
    return gate_results(pd.DataFrame(rows, columns=["item", "rate:wrong_rate"]), business)[0]


@pytest.mark.parametrize(
    ("found", "n", "held", "bound"),
    [(0, 59, True, 0.0495), (0, 58, None, 0.0503), (5, 70, None, 0.1443), (1, 93, True, 0.0500), (1, 92, None, None), (30, 70, False, None)],
)  # fmt: skip
def test_a_limit_of_5_percent_is_held_broken_or_open_by_the_exact_bound(found, n, held, bound):
    """Clopper-Pearson, one-sided 95 %: 59 without an event are just enough."""
    result = judged(found, n, upper_bound_95=0.05)
    assert (result.held, result.events, result.n) == (held, found, n)
    if bound is not None:
        assert result.bound == pytest.approx(bound, abs=1e-4)


def test_a_limit_is_broken_only_when_the_opposite_bound_exceeds_it():
    fewest = next(
        found for found in range(70) if judged(found, 70, upper_bound_95=0.05).held is False
    )
    assert 1 - clopper_pearson_upper(70 - fewest, 70) > 0.05
    assert 1 - clopper_pearson_upper(70 - fewest + 1, 70) <= 0.05
    assert fewest == 8


def test_a_lower_limit_is_the_upper_limit_of_the_opposite():
    for found in range(0, 61, 5):
        lower = judged(60 - found, 60, lower_bound_95=0.9)
        upper = judged(found, 60, upper_bound_95=0.1)
        assert (lower.held, lower.more_items) == (upper.held, upper.more_items)
        assert lower.bound == pytest.approx(1 - upper.bound)


def test_no_item_proves_nothing_and_asks_for_59():
    result = judged(0, 0, upper_bound_95=0.05)
    assert (result.held, result.bound, result.more_items) == (None, 1.0, 59)


@pytest.mark.parametrize(("found", "total"), [(0, 59), (1, 93), (2, 124), (3, 153)])
def test_so_many_items_prove_a_rate_of_at_most_5_percent(found, total):
    """The least n whose exact upper bound is at most 0.05."""
    assert found + more_without_event(found, found, 0.05) == total


@pytest.mark.parametrize(
    ("found", "n", "limit"),
    [
        (0, 0, 0.01),
        (0, 0, 0.9),
        (0, 10, 0.05),
        (2, 100, 0.05),
        (5, 70, 0.05),
        (7, 9, 0.9),
        (7, 9, 0.3),
    ],
)
def test_the_items_still_needed_are_the_fewest_that_suffice(found, n, limit):
    more = more_without_event(found, n, limit)
    assert (
        clopper_pearson_upper(found, n + more) <= limit < clopper_pearson_upper(found, n + more - 1)
    )


def test_no_number_of_items_proves_that_nothing_ever_happens():
    assert more_without_event(0, 0, 0.0) is None
    assert judged(0, 1000, upper_bound_95=0.0).held is None


def test_an_item_counts_once_and_by_its_worst_repeat():
    repeats = [[0.0, 1.0, 0.0]] + [[0.0, 0.0, 0.0]] * 58
    upper = judged(0, 0, repeats=repeats, upper_bound_95=0.05)
    assert (upper.events, upper.n, upper.held) == (1, 59, None)
    lower = judged(0, 0, repeats=repeats, lower_bound_95=0.05)
    assert (lower.events, lower.n) == (0, 59)


def test_items_outside_the_rate_do_not_count():
    result = judged(0, 0, repeats=[[float("nan")]] * 100 + [[0.0]] * 58, upper_bound_95=0.05)
    assert (result.n, result.held, result.more_items) == (58, None, 1)
