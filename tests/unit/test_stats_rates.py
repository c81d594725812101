import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bench.stats import (
    clopper_pearson_upper,
    clustered_count,
    clustered_se,
    design_effect,
    rate_lower,
    rate_upper,
)

TOY = [1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0]
THREES = np.repeat(np.arange(4), 3)
items = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 8)), min_size=1, max_size=60)


def count_of(pairs):
    return clustered_count([event for event, _ in pairs], [cluster for _, cluster in pairs])


@pytest.mark.parametrize(("events", "n"), [(0, 59), (1, 93), (2, 124), (3, 153)])
def test_items_on_their_own_prove_a_rate_under_five_percent_by_the_published_numbers(events, n):
    def upper(total):
        return rate_upper(clustered_count([1] * events + [0] * (total - events), range(total)))

    assert upper(n) <= 0.05 < upper(n - 1)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_items_on_their_own_get_exactly_the_clopper_pearson_bound(counted):
    events, n = counted
    count = clustered_count([1] * events + [0] * (n - events), range(n))
    assert rate_upper(count) == clopper_pearson_upper(events, n)
    assert rate_lower(count) == 1 - clopper_pearson_upper(n - events, n)


def test_the_effect_seen_of_clusters_is_the_squared_ratio_of_the_errors():
    """0.1863 clustered, 0.1443 = sqrt(0.25 / 12) plain: the toy of `clustered_se`."""
    seen = clustered_count(TOY, THREES).seen_effect()
    assert seen == pytest.approx((clustered_se(TOY, THREES) / math.sqrt(0.25 / 12)) ** 2)
    assert seen == pytest.approx(5 / 3)


def test_without_an_event_the_assumed_correlation_says_what_the_items_are_worth():
    """30 tens at correlation 0.1 are worth 300 / 1.9 items, times (1.6500 / 1.6991)^2 for 29 df."""
    count = clustered_count([0] * 300, [at // 10 for at in range(300)])
    worth = count.effective_n(0.95, 0.1)
    assert worth == pytest.approx(
        300 / design_effect(10, 0.1) * (1.649966 / 1.699127) ** 2, rel=1e-5
    )
    assert rate_upper(count) == pytest.approx(1 - 0.05 ** (1 / worth))


def test_a_single_cluster_is_worth_a_single_item():
    assert rate_upper(clustered_count([0] * 40, ["one"] * 40)) == pytest.approx(0.95)


def test_items_of_a_cluster_that_are_one_and_the_same_count_once():
    """Twenty clusters of five, each all or nothing: the effect seen is 5, and there is no doubt left of it."""
    once = [1, 0, 0, 0] * 5
    copied = clustered_count(np.repeat(once, 5), np.repeat(np.arange(20), 5))
    assert rate_upper(copied) == pytest.approx(clopper_pearson_upper(5, 20))


@given(items)
def test_clusters_never_tighten_a_bound_and_the_share_lies_between_the_two(pairs):
    count = count_of(pairs)
    assert rate_lower(count) <= count.events / count.n <= rate_upper(count)
    assert rate_upper(count) >= clopper_pearson_upper(count.events, count.n) - 1e-12


@given(items)
def test_the_lower_bound_mirrors_the_upper_one(pairs):
    opposite = count_of([(1 - event, cluster) for event, cluster in pairs])
    assert rate_lower(count_of(pairs)) == pytest.approx(1 - rate_upper(opposite), abs=1e-9)
    assert count_of(pairs).complement().complement() == count_of(pairs)


@given(items, st.randoms())
def test_neither_order_nor_names_of_clusters_matter_to_the_bound(pairs, random):
    named = [(event, f"document {9 - cluster}") for event, cluster in pairs]
    random.shuffle(named)
    assert rate_upper(count_of(named)) == pytest.approx(rate_upper(count_of(pairs)))


@given(items, st.floats(0, 1), st.floats(0, 1))
def test_assuming_more_correlation_never_lowers_the_bound(pairs, one, other):
    count = count_of(pairs)
    less, more = sorted([one, other])
    assert rate_upper(count, 0.95, less) <= rate_upper(count, 0.95, more) + 1e-12


@given(items, st.integers(1, 400))
def test_further_items_without_an_event_lower_the_bound(pairs, more):
    count = count_of(pairs)
    assume(count.events < count.n)
    assert rate_upper(count.with_clean(more)) < rate_upper(count.with_clean(more - 1)) + 1e-12


def test_clean_items_are_added_in_clusters_of_the_present_mean_size():
    count = clustered_count(TOY, THREES)
    added = clustered_count(TOY + [0] * 6, [*THREES, 4, 4, 4, 5, 5, 5])
    assert count.with_clean(6) == added


def test_without_items_nothing_is_ruled_out():
    nothing = clustered_count([], [])
    assert (rate_lower(nothing), rate_upper(nothing)) == (0.0, 1.0)
    assert rate_upper(nothing.with_clean(59)) == clopper_pearson_upper(0, 59)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: clustered_count([0.5], ["a"]), "one 0 or 1 an item"),
        (lambda: clustered_count([math.nan], ["a"]), "one 0 or 1 an item"),
        (lambda: clustered_count([[1]], ["a"]), "one 0 or 1 an item"),
        (lambda: clustered_count([1, 0], ["a", None]), "row 1 has no label"),
        (lambda: rate_upper(clustered_count([0], ["a"]), 0.5), "level: 0.5"),
        (lambda: rate_upper(clustered_count([0], ["a"]), 1.0), "level: 1.0"),
        (lambda: rate_upper(clustered_count([0], ["a"]), 0.95, 1.1), "assumed_correlation: 1.1"),
    ],
)
def test_what_is_no_count_no_level_or_no_correlation_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
