import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.stats import ppi_mean, rogan_gladen

# People and judge on 40 rows: both yes 22, people only 2, judge only 6, both no 10.
LABELLED_Y = [1] * 24 + [0] * 16
LABELLED_F = [1] * 22 + [0] * 2 + [1] * 6 + [0] * 10
UNLABELLED_F = [1] * 288 + [0] * 112


def test_rogan_gladen_gives_the_published_number():
    assert rogan_gladen(0.80, 0.95, 0.70) == pytest.approx(0.7692307692307694)


@given(st.floats(0, 1), st.floats(0.55, 1), st.floats(0.55, 1))
def test_rogan_gladen_undoes_a_judge_of_known_skill(truth, sensitivity, specificity):
    observed = truth * sensitivity + (1 - truth) * (1 - specificity)
    assert rogan_gladen(observed, sensitivity, specificity) == pytest.approx(truth, abs=1e-9)


def test_rogan_gladen_stays_a_rate_when_the_judge_does_worse_than_calibrated():
    assert rogan_gladen(0.1, 0.95, 0.7) == 0
    assert rogan_gladen(1.0, 0.9, 0.9) == 1


@pytest.mark.parametrize(
    "rates", [(0.5, 0.5, 0.5), (0.5, 0.2, 0.7), (1.2, 0.9, 0.9), (0.5, 0.9, -1)]
)
def test_a_judge_no_better_than_chance_is_refused(rates):
    with pytest.raises(ValueError, match=r"chance|0\.\.1"):
        rogan_gladen(*rates)


def test_prediction_powered_mean_gives_the_published_numbers():
    found = ppi_mean(LABELLED_Y, LABELLED_F, UNLABELLED_F)
    assert (found.value, found.weight) == (pytest.approx(0.62), 1)
    assert found.se == pytest.approx(0.07332842579579633)
    half = 1.959963984540054 * found.se
    assert (found.low, found.high) == pytest.approx((0.62 - half, 0.62 + half))


def test_tuned_prediction_powered_mean_gives_the_published_numbers():
    found = ppi_mean(LABELLED_Y, LABELLED_F, UNLABELLED_F, tuned=True)
    assert found.weight == pytest.approx(0.5975227984211247)
    assert found.value == pytest.approx(0.6119504559684225)
    assert found.se == pytest.approx(0.06537006004307351)


@pytest.mark.parametrize(
    ("labelled_f", "unlabelled_f"),
    [
        ([1] * 40, [1] * 400),  # a judge of one mind
        ([1 - y for y in LABELLED_Y], UNLABELLED_F),  # a judge who says the opposite
        (LABELLED_F, []),  # nothing more to judge
    ],
)
def test_a_judge_that_does_not_help_leaves_the_labels_alone(labelled_f, unlabelled_f):
    found = ppi_mean(LABELLED_Y, labelled_f, unlabelled_f, tuned=True)
    assert (found.weight, found.value) == (0, pytest.approx(0.6))
    assert found.se == pytest.approx(0.07844645405527362)


def test_without_unlabelled_rows_the_plain_mean_is_that_of_the_labels():
    found = ppi_mean(LABELLED_Y, LABELLED_F, [])
    assert (found.value, found.weight) == (pytest.approx(0.6), 0)


@given(st.floats(-5, 5))
def test_a_judge_off_by_a_constant_does_no_harm(shift):
    y, f, more = map(np.asarray, (LABELLED_Y, LABELLED_F, UNLABELLED_F))
    shifted = ppi_mean(y, f + shift, more + shift)
    assert shifted.value == pytest.approx(0.62)
    assert shifted.se == pytest.approx(0.07332842579579633)


@given(st.integers(0, 1000))
def test_tuning_never_does_worse_than_labels_alone_or_the_plain_judge(seed):
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=5000)
    judge = rng.uniform(0, 2) * truth + rng.normal(size=5000)
    args = truth[:200], judge[:200], judge[200:]
    tuned = ppi_mean(*args, tuned=True).se
    alone = ppi_mean(truth[:200], judge[:200], []).se
    # The variance of f is pooled, so the optimum is met up to sampling error.
    assert tuned <= 1.02 * min(alone, ppi_mean(*args).se)


def test_full_agreement_on_few_labels_is_not_taken_for_a_perfect_judge():
    same = [1] * 20 + [0] * 10
    found = ppi_mean(same, same, [1] * 2000 + [0] * 2000)
    assert found.value == pytest.approx(0.5)
    # Two imagined rows of opposite disagreement among 32: variance 2 / 31, over 30 labels.
    assert found.se == pytest.approx(math.sqrt(2 / 31 / 30 + 0.25 * 4000 / 3999 / 4000))


def test_rows_without_any_variation_have_no_bounds():
    found = ppi_mean([1] * 10, [1] * 10, [1] * 100)
    assert (found.value, found.low, found.high) == (1, None, None)


def test_the_prediction_powered_interval_covers_the_truth_where_the_judge_alone_is_biased():
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(300):
        truth = rng.uniform(size=600) < 0.6
        judge = np.where(truth, rng.uniform(size=600) < 0.9, rng.uniform(size=600) < 0.4)
        found = ppi_mean(truth[:100], judge[:100], judge[100:], tuned=True)
        covered += found.low <= 0.6 <= found.high
    assert 0.91 <= covered / 300 <= 0.985


@pytest.mark.parametrize(
    ("y", "f", "more", "message"),
    [
        ([1], [1], [1, 0], "at least 2"),
        ([1, 0], [1], [1, 0], "n, n, N"),
        ([1, 0], [1, 0], [1], "no spread"),
        ([1, math.nan], [1, 0], [1, 0], "NaN"),
    ],
)
def test_labels_that_carry_no_error_bar_are_refused(y, f, more, message):
    with pytest.raises(ValueError, match=message):
        ppi_mean(y, f, more)
