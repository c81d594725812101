import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.stats import holm, minimum_detectable_effect, pass_hat_k, sample_size

VARIANCES = (1 / 9, 1 / 6, 1 / 6)  # Miller (2024): of the items, and of one trial of either model
p_values = st.lists(st.floats(0, 1), max_size=20)


@pytest.mark.parametrize(("repeats", "items"), [(1, 3875.9899922711543), (10, 1259.6967474881253)])
def test_sample_size_gives_the_published_number(repeats, items):
    assert sample_size(0.03, *VARIANCES, repeats) == pytest.approx(items, rel=1e-8)


@pytest.mark.parametrize(("repeats", "mde"), [(1, 0.1327333278739942), (10, 0.0756696392667773)])
def test_minimum_detectable_effect_gives_the_published_number(repeats, mde):
    assert minimum_detectable_effect(198, *VARIANCES, repeats) == pytest.approx(mde, rel=1e-8)


@given(st.floats(0.001, 1), st.floats(0.01, 2), st.floats(0, 1), st.integers(1, 20))
def test_the_effect_detectable_with_the_needed_items_is_the_one_asked_for(delta, items, noise, k):
    needed = sample_size(delta, items, noise, noise, k, alpha=0.01, power=0.9)
    found = minimum_detectable_effect(needed, items, noise, noise, k, alpha=0.01, power=0.9)
    assert found == pytest.approx(delta)


@given(st.integers(1, 50))
def test_repeats_help_only_against_noise(repeats):
    assert sample_size(0.1, 0.2, repeats=repeats) == sample_size(0.1, 0.2)
    assert sample_size(0.1, 0.2, 0.3, repeats=repeats + 1) < sample_size(0.1, 0.2, 0.3, 0, repeats)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sample_size(0, 0.1), "delta"),
        (lambda: sample_size(0.1, -0.1), "item_variance"),
        (lambda: sample_size(0.1, 0.1, -1), "noise_variance_a"),
        (lambda: sample_size(0.1, 0.1, 0, math.nan), "noise_variance_b"),
        (lambda: sample_size(0.1, 0.1, repeats=0), "repeats"),
        (lambda: sample_size(0.1, 0.1, alpha=0), "alpha"),
        (lambda: sample_size(0.1, 0.1, power=1), "power"),
        (lambda: sample_size(0.1, 0.1, power=0.01), "power"),
        (lambda: minimum_detectable_effect(0, 0.1), "n: 0"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_holm_adjusts_a_worked_example():
    # Smallest times 4, next times 3, then .03 * 2 carried on to .04 * 1.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(p_values)
def test_holm_keeps_the_order_and_never_lowers_a_p_value_nor_exceeds_bonferroni(raw):
    adjusted = holm(raw)
    assert len(adjusted) == len(raw)
    for p, q in zip(raw, adjusted, strict=True):
        assert p <= q <= min(1, p * len(raw))
    by_size = [q for _, q in sorted(zip(raw, adjusted, strict=True))]
    assert by_size == sorted(by_size)


@given(st.permutations([0.001, 0.01, 0.02, 0.2, 0.7]))
def test_holm_answers_in_the_order_given(order):
    by_p = dict(zip(order, holm(order), strict=True))
    assert [by_p[p] for p in sorted(order)] == holm(sorted(order))


@given(p_values, st.floats(0.01, 0.2))
def test_holm_rejects_what_stepping_down_by_hand_rejects(raw, alpha):
    rejected = set()
    for step, i in enumerate(sorted(range(len(raw)), key=raw.__getitem__)):
        if (len(raw) - step) * raw[i] > alpha:
            break
        rejected.add(i)
    assert {i for i, q in enumerate(holm(raw)) if q <= alpha} == rejected


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
def test_holm_refuses_what_is_no_p_value(p):
    with pytest.raises(ValueError, match="p_values"):
        holm([0.5, p])


def test_pass_hat_k_gives_the_published_number():
    assert pass_hat_k(6, 8, 4) == pytest.approx(0.21428571428571427)


@given(
    st.integers(1, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(1, n)))
)
def test_pass_hat_k_is_the_share_of_subsets_that_all_succeed(case):
    successes, n, k = case
    subsets = list(itertools.combinations([1] * successes + [0] * (n - successes), k))
    assert pass_hat_k(successes, n, k) == pytest.approx(np.mean([all(s) for s in subsets]))


def test_pass_hat_k_is_unbiased_for_independent_trials():
    n, k, p = 10, 8, 0.9
    chance = [math.comb(n, c) * p**c * (1 - p) ** (n - c) for c in range(n + 1)]
    expected = sum(w * pass_hat_k(c, n, k) for c, w in enumerate(chance))
    assert expected == pytest.approx(0.4304672100000001)


@pytest.mark.parametrize(("successes", "n", "k"), [(3, 2, 1), (0, 0, 1), (1, 2, 3), (1, 2, 0)])
def test_reliability_over_more_trials_than_there_are_is_refused(successes, n, k):
    with pytest.raises(ValueError, match=r"\A(successes|k): "):
        pass_hat_k(successes, n, k)
