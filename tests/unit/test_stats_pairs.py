import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import assume, given
from hypothesis import strategies as st

from bench.stats import clustered_se, mcnemar_exact, paired_difference

# FinanceBench, 150 questions: both right 22, only single store 53, only shared 7, neither 68.
SHARED = [1] * 22 + [0] * 53 + [1] * 7 + [0] * 68
SINGLE = [1] * 22 + [1] * 53 + [0] * 7 + [0] * 68

pairs = st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=2, max_size=40)
verdicts = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=2, max_size=60)


def test_mcnemar_gives_the_published_p_value():
    assert mcnemar_exact(53, 7) == pytest.approx(7.671918274276823e-10, rel=1e-9)


@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemar_is_the_two_sided_binomial_test_of_a_fair_coin(b, c):
    expected = scipy.stats.binomtest(b, b + c).pvalue if b + c else 1.0
    assert mcnemar_exact(b, c) == pytest.approx(expected)
    assert mcnemar_exact(c, b) == mcnemar_exact(b, c)


def test_mcnemar_refuses_negative_counts():
    with pytest.raises(ValueError, match="-1 and 3"):
        mcnemar_exact(-1, 3)


def test_financebench_pairs_give_the_published_difference_and_error():
    found = paired_difference(SHARED, SINGLE)
    assert found.value == pytest.approx(0.30666666666666664)
    half = scipy.stats.t.ppf(0.975, 149) * 0.04531437950922138
    assert (found.low, found.high) == pytest.approx((found.value - half, found.value + half))
    assert found.p_value == pytest.approx(7.671918274276823e-10)
    assert found.n == 150


@given(pairs)
def test_unclustered_numbers_give_the_paired_t_interval(scores):
    a, b = np.transpose(scores)
    assume(np.ptp(b - a) > 1e-6)
    assume(not np.isin([a, b], (0, 1)).all())  # few verdicts are widened
    found = paired_difference(a, b, level=0.9)
    expected = scipy.stats.ttest_rel(b, a).confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-6)


def test_from_thirty_units_on_the_p_value_is_that_of_the_t_test():
    rng = np.random.default_rng(5)
    a, b = rng.normal(loc=[[0], [0.4]], size=(2, 30))
    found = paired_difference(a, b)
    assert found.p_value == pytest.approx(scipy.stats.ttest_rel(b, a).pvalue)
    assert found.method == "paired t interval on 29 df; t p"


def test_clusters_use_the_clustered_error_corrected_for_their_number():
    rng = np.random.default_rng(6)
    clusters = rng.integers(0, 12, size=90)
    a, b = rng.normal(size=(2, 90)) + rng.normal(size=12)[clusters]
    found = paired_difference(a, b, clusters)
    groups = len(np.unique(clusters))
    se = clustered_se(b - a, clusters) * math.sqrt(groups / (groups - 1))
    half = scipy.stats.t.ppf(0.975, groups - 1) * se
    assert (found.low, found.high) == pytest.approx((found.value - half, found.value + half))
    power = scipy.stats.t.ppf([0.975, 0.8], groups - 1).sum()
    assert found.mde == pytest.approx(power * se)
    assert found.method.startswith("cluster-robust t interval on 11 df")


def test_copies_of_an_item_in_its_cluster_do_not_narrow_the_interval():
    once = paired_difference(SHARED, SINGLE, range(150))
    twice = paired_difference(SHARED * 2, SINGLE * 2, [*range(150), *range(150)])
    assert (twice.low, twice.high, twice.n) == (
        pytest.approx(once.low),
        pytest.approx(once.high),
        300,
    )


def test_few_clusters_are_tested_by_every_flip_of_their_signs():
    # Five clusters all in favour: 2 of the 32 sign patterns are as extreme.
    found = paired_difference([0.0] * 5, [1.0, 2.0, 3.0, 4.0, 5.0], list("abcde"))
    assert found.p_value == pytest.approx(2 / 32)
    assert found.method.endswith("p by flipping signs of 5 units")


def test_flipped_signs_of_single_items_agree_with_mcnemar():
    a, b = [0] * 8 + [1] * 2 + [1] * 2, [1] * 8 + [0] * 2 + [1] * 2
    flipped = paired_difference(a, b, range(12)).p_value
    assert flipped == pytest.approx(mcnemar_exact(8, 2))


def test_drawn_flips_come_near_the_exact_p_value_repeat_with_the_seed_and_are_never_zero():
    a, b = [0] * 16 + [1] * 4, [1] * 16 + [0] * 4
    drawn = paired_difference(a, b, range(20), seed=1).p_value
    assert drawn == paired_difference(a, b, range(20), seed=1).p_value
    assert drawn == pytest.approx(mcnemar_exact(16, 4), abs=0.004)
    assert paired_difference([0.0] * 29, range(1, 30)).p_value == pytest.approx(1e-4)


@given(verdicts, st.floats(0.5, 0.99))
def test_the_interval_contains_the_difference_and_mirrors_when_the_candidates_swap(scores, level):
    a, b = np.transpose(scores)
    found, swapped = (paired_difference(x, y, level=level) for x, y in ((a, b), (b, a)))
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert (swapped.low, swapped.high) == pytest.approx((-found.high, -found.low))
    assert swapped.p_value == found.p_value
    assert swapped.mde == pytest.approx(found.mde)


def test_pairs_with_a_missing_score_are_dropped_and_not_counted():
    holed = paired_difference([*SHARED, None, 1, math.nan], [*SINGLE, 1, math.nan, None])
    assert holed == paired_difference(SHARED, SINGLE)


@pytest.mark.parametrize(
    ("a", "b", "clusters", "value"),
    [
        ([], [], None, None),
        ([math.nan], [1], None, None),
        ([0], [1], None, 1.0),
        ([0, 0, 1], [1, 1, 1], ["x", "x", "x"], pytest.approx(2 / 3)),
    ],
)
def test_fewer_than_two_independent_units_have_no_interval(a, b, clusters, value):
    found = paired_difference(a, b, clusters)
    assert found.value == value
    assert (found.low, found.high, found.p_value, found.mde) == (None, None, None, None)
    assert found.method == "no interval: fewer than two independent units"


@pytest.mark.parametrize("clusters", [None, [0, 0, 1, 1, 2, 2]])
def test_six_items_on_which_both_agree_are_no_proof_of_equality(clusters):
    found = paired_difference([1, 1, 0, 1, 0, 1], [1, 1, 0, 1, 0, 1], clusters)
    assert found.value == 0
    assert found.low < -0.3
    assert found.high > 0.3
    assert found.p_value == 1
    assert "widened" in found.method


def test_few_discordant_items_get_the_variance_of_bonett_and_price():
    # 50 items, 3 gained, 1 lost: (4 + 2) / 52 - (2 / 52)^2, over 52.
    found = paired_difference([0] * 3 + [1] * 47, [1] * 3 + [0] + [1] * 46)
    se = math.sqrt((6 / 52 - (2 / 52) ** 2) / 52) * math.sqrt(50 / 49)
    assert (found.high - found.low) / 2 == pytest.approx(scipy.stats.t.ppf(0.975, 49) * se)


def test_numbers_that_differ_by_a_constant_are_widened_by_the_range_of_the_scores():
    found = paired_difference([10, 20, 30], [11, 21, 31])
    assert found.low < 1 < found.high
    assert "widened" in found.method


def test_scores_that_are_all_one_number_have_no_scale_and_no_interval():
    found = paired_difference([7.5] * 40, [7.5] * 40)
    assert (found.value, found.low, found.p_value) == (0, None, None)
    assert found.method == "no interval: every score is the same"


def test_the_minimum_detectable_effect_shrinks_with_the_root_of_the_items():
    few, many = paired_difference(SHARED, SINGLE), paired_difference(SHARED * 4, SINGLE * 4)
    assert many.mde == pytest.approx(few.mde / 2, rel=0.01)


def test_different_lengths_are_refused():
    with pytest.raises(ValueError, match="not the same items"):
        paired_difference([1, 0], [1])


def test_the_clustered_interval_covers_with_a_dozen_clusters_of_unequal_size():
    rng = np.random.default_rng(8)
    clusters = np.repeat(np.arange(12), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6])
    covered = 0
    for _ in range(400):
        gaps = rng.normal(size=12)[clusters] + rng.normal(size=42)
        found = paired_difference(np.zeros(42), gaps, clusters)
        covered += found.low <= 0 <= found.high
    assert 0.91 <= covered / 400 <= 0.98
