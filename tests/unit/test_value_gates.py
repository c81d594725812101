import pandas as pd
import pytest

from bench.stats import clopper_pearson_upper, clustered_count, rate_upper
from bench.suites.model import Business, Gate
from bench.value.gates import counted, gate_results, more_without_event
from tests.small_suite import SUITE

COLUMNS = ["item", "cluster", "rate:wrong_rate"]


def table_of(events, per_cluster=1):
    """A row a repeat of an item; `events` holds one list of repeats an item."""
    rows = [
        (at, at // per_cluster, event) for at, repeats in enumerate(events) for event in repeats
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def judged(found, n, events=None, per_cluster=1, **gate):
    business = Business.model_validate(SUITE["business"])
    business = business.model_copy(update={"gates": [Gate(metric="wrong_rate", **gate)]})
    told = events or [[1.0]] * found + [[0.0]] * (n - found)
    return gate_results(table_of(told, per_cluster), business)[0]


def alone(found, n):
    return clustered_count([1] * found + [0] * (n - found), range(n))


@pytest.mark.parametrize(
    ("found", "n", "held", "bound"),
    [(0, 59, True, 0.0495), (0, 58, None, 0.0503), (5, 70, None, 0.1443), (1, 93, True, 0.0500), (1, 92, None, None), (30, 70, False, None)],
)  # fmt: skip
def test_a_limit_of_5_percent_is_held_broken_or_open_by_the_exact_bound(found, n, held, bound):
    """Clopper-Pearson, one-sided 95 %, of items that share nothing: 59 without an event are just enough."""
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


def test_items_that_share_a_cluster_prove_less():
    """59 without an event in pairs are worth 52: 59 / 1.1, and a little off for 30 clusters."""
    single, pairs = (judged(0, 59, per_cluster=size, upper_bound_95=0.05) for size in (1, 2))
    assert (single.held, pairs.held) == (True, None)
    assert pairs.bound == pytest.approx(0.0559, abs=1e-4)
    assert judged(0, 59 + pairs.more_items, per_cluster=2, upper_bound_95=0.05).held is True


def test_events_crowded_into_few_clusters_break_a_limit_later_than_events_spread_out():
    """20 wrong of 100 in tens against a limit of 10 %: two clusters all wrong, or two items in each."""
    crowded = [[1.0]] * 20 + [[0.0]] * 80
    spread = ([[1.0]] * 2 + [[0.0]] * 8) * 10
    limits = {"per_cluster": 10, "upper_bound_95": 0.1}
    assert judged(0, 0, crowded, **limits).opposite_bound < 0.05
    assert judged(0, 0, spread, **limits).opposite_bound > 0.09


@pytest.mark.parametrize("per_cluster", [1, 3])
def test_a_lower_limit_is_the_upper_limit_of_the_opposite(per_cluster):
    for found in range(0, 61, 5):
        lower = judged(60 - found, 60, per_cluster=per_cluster, lower_bound_95=0.9)
        upper = judged(found, 60, per_cluster=per_cluster, upper_bound_95=0.1)
        assert (lower.held, lower.more_items) == (upper.held, upper.more_items)
        assert lower.bound == pytest.approx(1 - upper.bound)
        assert lower.opposite_bound == pytest.approx(1 - upper.opposite_bound)


def test_no_item_proves_nothing_and_asks_for_59():
    result = judged(0, 0, upper_bound_95=0.05)
    assert (result.held, result.bound, result.more_items) == (None, 1.0, 59)


def test_a_rate_that_no_row_tells_of_is_not_known():
    assert counted(pd.DataFrame({"item": []}), "wrong_rate", "upper").n == 0


@pytest.mark.parametrize(("found", "total"), [(0, 59), (1, 93), (2, 124), (3, 153)])
def test_so_many_items_prove_a_rate_of_at_most_5_percent(found, total):
    """The least n whose exact upper bound is at most 0.05."""
    assert found + more_without_event(alone(found, found), 0.05) == total


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
@pytest.mark.parametrize("per_cluster", [1, 4])
def test_the_items_still_needed_are_the_fewest_that_suffice(found, n, limit, per_cluster):
    labels = [at // per_cluster for at in range(n)]
    count = clustered_count([1] * found + [0] * (n - found), labels)
    more = more_without_event(count, limit)
    assert rate_upper(count.with_clean(more)) <= limit < rate_upper(count.with_clean(more - 1))


def test_what_holds_already_needs_no_further_item():
    assert more_without_event(alone(0, 59), 0.05) == 0


def test_no_number_of_items_proves_that_nothing_ever_happens():
    assert more_without_event(alone(0, 0), 0.0) is None
    assert judged(0, 1000, upper_bound_95=0.0).held is None


def test_an_item_counts_once_and_by_its_worst_repeat():
    repeats = [[0.0, 1.0, 0.0]] + [[0.0, 0.0, 0.0]] * 58
    upper = judged(0, 0, repeats, upper_bound_95=0.05)
    assert (upper.events, upper.n, upper.held) == (1, 59, None)
    lower = judged(0, 0, repeats, lower_bound_95=0.05)
    assert (lower.events, lower.n) == (0, 59)


def test_items_outside_the_rate_do_not_count():
    outside = [[float("nan")]] * 100 + [[0.0]] * 58
    result = judged(0, 0, outside, upper_bound_95=0.05)
    assert (result.n, result.held, result.more_items) == (58, None, 1)
