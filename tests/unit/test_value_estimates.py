import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.stats import wilson
from bench.suites.metric_names import BUSINESS_METRICS, OVER_SLICES
from bench.value.estimates import estimate, mean_by_cluster, quantile_of_latency, share_positive
from bench.value.metrics import METRICS, QUANTILES, metric_title


def test_the_metrics_that_suites_may_name_are_the_ones_that_are_computed():
    computed = {name: metric.pillar for name, metric in METRICS.items()}
    computed |= dict.fromkeys(QUANTILES, "experience") | {OVER_SLICES: "innovation"}
    assert computed == BUSINESS_METRICS


@pytest.mark.parametrize("name", BUSINESS_METRICS)
def test_every_metric_has_a_title_in_both_languages(name):
    title = metric_title(name)
    assert title.zh
    assert title.en


@pytest.mark.parametrize("n", [1, 5, 12, 20, 45, 60, 200])
@pytest.mark.parametrize("share", [0.5, 0.95])
def test_an_interval_of_a_latency_quantile_has_the_ranks_that_counting_gives(n, share):
    """The k-th smallest of n is at most the quantile with the chance that at least k of n fall below it."""
    at_most = np.cumsum([math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)])
    ranks = [k for k in range(1, n + 1) if at_most[k - 1] <= 0.05]
    above = [k for k in range(1, n + 1) if at_most[k - 1] >= 0.95]
    found = quantile_of_latency(np.arange(1.0, n + 1), share)
    assert found.low == (max(ranks) if ranks else None)
    assert found.high == (min(above) if above else None)


@given(st.lists(st.floats(0.001, 1000), max_size=60), st.sampled_from([0.5, 0.95]))
def test_a_latency_quantile_lies_within_its_interval(seconds, share):
    found = quantile_of_latency(np.array([*seconds, math.nan]), share)
    assert (found.value is None) == (not seconds)
    if found.value is not None:
        assert found.low is None or found.low <= found.value
        assert found.high is None or found.value <= found.high


def test_draws_that_are_infinite_lie_beyond_every_number():
    draws = np.array([1.0, 2.0, 3.0] + [np.inf] * 97)
    found = estimate(5.0, draws, 10, "")
    assert (found.low, found.high) == (np.inf if found.low == np.inf else found.low, None)
    assert found.low is None


def test_a_figure_that_does_not_arise_has_no_interval_either():
    found = estimate(math.nan, np.arange(100.0), 10, "")
    assert (found.value, found.low, found.high) == (None, None, None)


def test_resamples_without_an_item_do_not_count_against_a_candidate():
    assert share_positive(np.array([1.0, -1.0, np.nan, np.nan])) == 0.5


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_that_never_varied_is_no_certainty(share):
    values = np.full((30, 1), share)
    (found,) = mean_by_cluster(values, np.repeat(np.arange(10), 3), 200, 0)
    assert (found.value, (found.low, found.high)) == (share, wilson(round(share * 10), 10, 0.9))


def test_one_cluster_gives_a_mean_and_no_interval():
    (found,) = mean_by_cluster(np.array([[0.0], [1.0]]), np.zeros(2), 200, 0)
    assert (found.value, found.low, found.high, found.n) == (0.5, None, None, 2)
