import math
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bench
from bench.stats import cluster_bootstrap, clustered_se, percentile_interval, resampled_sums

TOY = [1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0]
THREES = np.repeat(np.arange(4), 3)


def test_the_spread_of_resampled_means_is_the_clustered_error():
    means = cluster_bootstrap(TOY, THREES)
    assert means.mean() == pytest.approx(0.5, abs=0.01)
    assert means.std() == pytest.approx(0.18633899812498247, rel=0.03)


def test_clusters_of_one_item_resample_like_independent_items():
    values = np.random.default_rng(1).exponential(size=200)
    means = cluster_bootstrap(values, range(200), resamples=4000)
    assert means.std() == pytest.approx(values.std() / math.sqrt(200), rel=0.05)
    assert means.mean() == pytest.approx(values.mean(), rel=0.02)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    first = cluster_bootstrap(TOY, THREES, resamples=50, seed=3)
    assert np.array_equal(first, cluster_bootstrap(TOY, THREES, resamples=50, seed=3))
    assert not np.array_equal(first, cluster_bootstrap(TOY, THREES, resamples=50, seed=4))


def test_all_columns_see_the_same_draws():
    values = np.random.default_rng(2).normal(size=(40, 1))
    columns = np.hstack([values, values + 1, -2 * values])
    means = cluster_bootstrap(columns, np.arange(40) // 2, resamples=100)
    assert means.shape == (100, 3)
    assert means[:, 1] == pytest.approx(means[:, 0] + 1)
    assert means[:, 2] == pytest.approx(-2 * means[:, 0])


def test_separate_calls_with_as_many_clusters_see_the_same_draws():
    table = np.random.default_rng(3).normal(size=(40, 2))
    together = cluster_bootstrap(table, range(40), resamples=100)
    apart = cluster_bootstrap(table[:, 1], range(40), resamples=100)
    assert apart[:, 0] == pytest.approx(together[:, 1])


def test_the_order_of_rows_does_not_change_the_draws():
    order = np.random.default_rng(4).permutation(12)
    shuffled = cluster_bootstrap(np.array(TOY)[order], THREES[order], resamples=100)
    assert shuffled == pytest.approx(cluster_bootstrap(TOY, THREES, resamples=100))


def test_the_first_resamples_do_not_depend_on_how_many_follow():
    sums = np.arange(3000.0)[:, np.newaxis]
    few = resampled_sums(sums, resamples=20)
    assert np.array_equal(few, resampled_sums(sums, resamples=150)[:20])


def test_whole_clusters_are_drawn_and_their_number_is_kept():
    onehot = resampled_sums(np.eye(5) * 7, resamples=500)
    assert set(np.unique(onehot)) <= {0.0, 7.0, 14.0, 21.0, 28.0, 35.0}
    assert (onehot.sum(axis=1) == 35).all()


def test_the_counts_of_a_cluster_are_binomial():
    counts = resampled_sums(np.eye(10), resamples=20_000)[:, 4]
    for times in range(4):
        expected = math.comb(10, times) * 0.1**times * 0.9 ** (10 - times)
        assert np.mean(counts == times) == pytest.approx(expected, abs=0.012)


def test_large_clusters_weigh_by_their_rows():
    means = cluster_bootstrap([1, 0, 0, 0], ["a", "b", "b", "b"], resamples=2000)
    values, times = np.unique(means, return_counts=True)
    assert values.tolist() == [0.0, 0.25, 1.0]  # both b, one of each, both a
    assert times / 2000 == pytest.approx([0.25, 0.5, 0.25], abs=0.04)


def test_a_row_without_a_value_is_left_out_of_its_column_alone():
    holed = np.column_stack([TOY, TOY]).astype(float)
    holed[:3, 1] = math.nan
    means = cluster_bootstrap(holed, THREES, resamples=3000)
    assert means[:, 0] == pytest.approx(cluster_bootstrap(TOY, THREES, resamples=3000)[:, 0])
    assert np.nanmean(means[:, 1]) == pytest.approx(1 / 3, abs=0.02)


def test_a_resample_without_any_value_is_nan_and_never_zero():
    means = cluster_bootstrap([5.0, math.nan, math.nan], ["a", "b", "c"], resamples=2000)
    assert set(means[~np.isnan(means)]) == {5.0}
    assert np.isnan(means).mean() == pytest.approx((2 / 3) ** 3, abs=0.04)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-50, 50), min_size=4, max_size=40))
def test_resampled_means_stay_within_the_values_and_average_to_theirs(values):
    means = cluster_bootstrap(values, range(len(values)), resamples=500)
    assert means.min() >= min(values) - 1e-9
    assert means.max() <= max(values) + 1e-9
    allowed = 5 * clustered_se(values, range(len(values))) / math.sqrt(500)
    assert abs(means.mean() - np.mean(values)) <= allowed + 1e-9


def test_clusters_beyond_one_block_of_memory_are_resampled_too():
    drawn = resampled_sums(np.ones((200_000, 1)), resamples=3)
    assert drawn.tolist() == [[200_000.0]] * 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cluster_bootstrap([], []), "at least 2"),
        (lambda: cluster_bootstrap([1, 0], ["a", "a"]), "at least 2"),
        (lambda: cluster_bootstrap(np.ones((2, 2, 2)), ["a", "b"]), "neither"),
        (lambda: cluster_bootstrap([1, 0], ["a", "b"], resamples=0), "below 1"),
        (lambda: resampled_sums([1.0, 2.0]), "clusters, columns"),
        (lambda: resampled_sums(np.empty((0, 2))), "clusters, columns"),
        (lambda: resampled_sums([[1.0], [math.nan]]), "NaN"),
        (lambda: percentile_interval([]), "no number"),
        (lambda: percentile_interval([math.nan]), "no number"),
        (lambda: percentile_interval([[1.0]]), "one number a resample"),
        (lambda: percentile_interval([1.0], level=0), "level"),
    ],
)
def test_what_cannot_be_resampled_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(0.01, 0.98))
def test_a_wider_level_gives_an_interval_around_the_narrower_one(draws, level):
    low, high = percentile_interval(draws, level)
    wider_low, wider_high = percentile_interval(draws, level + 0.01)
    assert min(draws) <= wider_low <= low <= high <= wider_high <= max(draws)


def test_draws_without_a_number_are_left_out_of_the_interval():
    assert percentile_interval([1.0, math.nan, 3.0], level=0.5) == (1.5, 2.5)


def test_two_thousand_clusters_resample_ten_thousand_times_within_a_second():
    sums = np.random.default_rng(0).normal(size=(2000, 4))
    start = time.process_time()
    resampled_sums(sums, resamples=10_000)
    assert time.process_time() - start < 1.0  # 0.2 s on one core of 2024


def test_the_package_and_its_bootstrap_load_without_scipy():
    code = (
        "import sys, bench.stats\n"
        "assert not {'numpy', 'scipy'} & set(sys.modules)\n"
        "bench.stats.cluster_bootstrap, bench.stats.pert_draws\n"
        "assert 'numpy' in sys.modules and 'scipy' not in sys.modules\n"
        "[getattr(bench.stats, name) for name in bench.stats.__all__]\n"
        "assert 'scipy.special' in sys.modules and 'scipy.stats' not in sys.modules\n"
    )
    root = Path(bench.__file__).parents[1]
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
