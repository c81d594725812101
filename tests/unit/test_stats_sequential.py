import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from bench.stats import holm, nominal_levels, rejected
from bench.stats.sequential import crossing_probabilities, hwang_shih_decani

shares = st.lists(st.integers(1, 200), min_size=1, max_size=8, unique=True).map(sorted)
alphas = st.sampled_from([0.001, 0.01, 0.05])


def _equal(looks):
    return [(k + 1) / looks for k in range(looks)]


def _obrien_fleming(alpha, fraction):
    return 2 * float(ndtr(ndtri(alpha / 2) / math.sqrt(fraction)))


def _z(levels):
    return [-float(ndtri(level)) for level in levels]


@pytest.mark.parametrize(
    ("looks", "errs"), [(2, 0.083), (3, 0.107), (4, 0.126), (5, 0.142), (10, 0.193), (20, 0.248)]
)
def test_looking_again_and_again_at_five_percent_errs_as_often_as_published(looks, errs):
    # Armitage, McPherson & Rowe (1969), table 2; both sides, here counted twice where both are reached
    both = 2 * sum(crossing_probabilities([0.025] * looks, _equal(looks)))
    assert both == pytest.approx(errs, abs=0.0012)


@pytest.mark.parametrize(
    ("looks", "constant"), [(2, 2.178), (3, 2.289), (5, 2.413), (10, 2.555), (20, 2.672)]
)
def test_pococks_constants_keep_five_percent(looks, constant):
    # Jennison & Turnbull (2000), table 2.1, two-sided 5 %
    levels = [float(ndtr(-constant))] * looks
    assert 2 * sum(crossing_probabilities(levels, _equal(looks))) == pytest.approx(0.05, abs=1e-4)


@pytest.mark.parametrize(
    ("looks", "constant"), [(2, 1.977), (3, 2.004), (5, 2.040), (10, 2.087), (20, 2.126)]
)
def test_obrien_and_flemings_constants_keep_five_percent(looks, constant):
    # Jennison & Turnbull (2000), table 2.3, two-sided 5 %
    levels = [float(ndtr(-constant / math.sqrt(each))) for each in _equal(looks)]
    assert 2 * sum(crossing_probabilities(levels, _equal(looks))) == pytest.approx(0.05, abs=1e-4)


def test_spending_as_obrien_and_fleming_gives_the_published_bounds():
    # Lan & DeMets (1983), five looks at a one-sided 2.5 %, to the precision of their integral
    levels = nominal_levels(0.025, _equal(5), _obrien_fleming)
    assert _z(levels) == pytest.approx([4.8769, 3.3569, 2.6803, 2.2898, 2.0310], abs=2e-4)


def test_the_bounds_keep_their_promise_in_drawn_walks():
    fractions = [0.1, 0.35, 0.4, 0.9, 1.0]
    steps = np.sqrt(np.diff([0, *fractions]))
    walks = np.random.default_rng(0).normal(size=(200_000, 5)) * steps
    p_values = ndtr(-walks.cumsum(axis=1) / np.sqrt(fractions))
    wrong = (p_values <= nominal_levels(0.05, fractions)).any(axis=1).mean()
    assert wrong == pytest.approx(0.05, abs=0.002)


@given(shares, alphas)
def test_whatever_the_looks_alpha_is_spent_and_no_more(counts, alpha):
    fractions = [each / counts[-1] for each in counts]
    levels = nominal_levels(alpha, fractions)
    assert sum(crossing_probabilities(levels, fractions)) == pytest.approx(alpha, rel=1e-6)
    assert all(0 < level <= alpha for level in levels)


@given(shares, alphas, st.integers(1, 8))
def test_a_level_hangs_on_the_looks_up_to_its_own_alone(counts, alpha, first):
    fractions = [each / 201 for each in counts]
    levels = nominal_levels(alpha, fractions)
    assert nominal_levels(alpha, fractions[:first]) == levels[:first]


@given(shares, alphas)
def test_a_smaller_alpha_has_smaller_levels(counts, alpha):
    fractions = [each / counts[-1] for each in counts]
    smaller, larger = (nominal_levels(each, fractions) for each in (alpha / 2, alpha))
    assert all(a < b for a, b in zip(smaller, larger, strict=True))


def test_one_look_at_everything_has_all_of_alpha():
    assert nominal_levels(0.05, [1.0]) == pytest.approx((0.05,))


def test_the_last_look_spends_the_rest_though_less_came_than_planned():
    fractions = [0.3, 0.7]
    levels = nominal_levels(0.05, fractions, final=True)
    assert sum(crossing_probabilities(levels, fractions)) == pytest.approx(0.05)
    assert levels[0] == nominal_levels(0.05, fractions)[0]
    assert levels[1] > nominal_levels(0.05, fractions)[1]


def test_more_than_planned_ends_the_spending():
    levels = nominal_levels(0.05, [0.5, 1.2, 1.4])
    assert sum(crossing_probabilities(levels, [0.5, 1.2, 1.4])) == pytest.approx(0.05)
    assert levels[2] == 0


def test_a_look_at_almost_nothing_new_is_none():
    levels = nominal_levels(0.05, [0.5, 0.5001, 1.0])
    assert levels[1] == 0
    assert (levels[0], levels[2]) == nominal_levels(0.05, [0.5, 1.0])


def test_very_early_and_very_close_looks_are_reckoned_right():
    fractions = [0.0001, 0.3, 0.301, 0.999]
    levels = nominal_levels(0.05, fractions, final=True)
    assert sum(crossing_probabilities(levels, fractions)) == pytest.approx(0.05, rel=1e-6)


def test_an_effect_of_known_power_is_found_with_it_at_one_look_and_mostly_earlier_at_ten():
    drift = float(ndtri(0.95) + ndtri(0.95))
    assert sum(crossing_probabilities([0.05], [1.0], drift)) == pytest.approx(0.95)
    crossed = crossing_probabilities(nominal_levels(0.05, _equal(10)), _equal(10), drift)
    items = float(np.dot(crossed, _equal(10))) + 1 - sum(crossed)
    assert items == pytest.approx(0.512, abs=0.001)
    assert sum(crossed) == pytest.approx(0.906, abs=0.001)


@pytest.mark.parametrize("gamma", [-4.0, 0.0, 1.0, 3.0])
def test_spending_begins_with_nothing_and_ends_with_alpha(gamma):
    spent = [hwang_shih_decani(0.05, each / 10, gamma) for each in range(11)]
    assert spent == sorted(spent)
    assert (spent[0], spent[-1]) == pytest.approx((0, 0.05))


@given(st.lists(st.floats(0, 1), max_size=8), alphas)
def test_one_look_at_everything_is_holm(p_values, alpha):
    told = rejected(p_values, alpha, [1.0])
    safe = [abs(p - alpha) > 1e-9 for p in holm(p_values)]  # a tie may round either way
    assert all(
        a == (p <= alpha) for a, p, sure in zip(told, holm(p_values), safe, strict=True) if sure
    )


def test_holms_steps_have_levels_of_their_own_at_every_look():
    looks = [0.4, 0.7]
    first, second = (nominal_levels(0.05 / m, looks)[-1] for m in (2, 1))
    assert rejected([first, second], 0.05, looks) == [True, True]
    assert rejected([first * 1.01, second], 0.05, looks) == [False, False]
    assert rejected([first, second * 1.01], 0.05, looks) == [True, False]


def test_a_rejected_contrast_stays_so_and_leaves_its_alpha_to_the_others():
    looks = [0.4, 0.7]
    alone = nominal_levels(0.05, looks)[-1]
    assert rejected([0.9, alone], 0.05, looks) == [False, False]
    assert rejected([0.9, alone], 0.05, looks, already=[True, False]) == [True, True]


def test_what_is_not_known_is_not_rejected_and_counts_among_the_planned():
    assert rejected([None, 0.03], 0.05, [1.0]) == [False, False]
    assert rejected([None, 0.02], 0.05, [1.0]) == [False, True]
    assert rejected([], 0.05, [1.0]) == []


def test_answers_for_other_contrasts_are_refused():
    with pytest.raises(ValueError, match="already: 1 answers for 2"):
        rejected([0.1, 0.2], 0.05, [1.0], already=[True])


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
def test_what_is_no_p_value_is_refused(p):
    with pytest.raises(ValueError, match="p_values"):
        rejected([p], 0.05, [1.0])


@pytest.mark.parametrize("fractions", [[0.0], [0.5, 0.5], [0.5, 0.4], [math.nan], [math.inf]])
def test_looks_without_more_information_are_refused(fractions):
    with pytest.raises(ValueError, match="fractions"):
        nominal_levels(0.05, fractions)


def test_bounds_at_looks_that_cannot_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="too close"):
        crossing_probabilities([0.01, 0.01], [0.5, 0.5001])


@pytest.mark.parametrize("alpha", [0, 1, -0.1, math.nan])
def test_an_error_rate_that_is_none_is_refused(alpha):
    with pytest.raises(ValueError, match="alpha"):
        nominal_levels(alpha, [1.0])
