import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bench.stats import cohen_kappa, krippendorff_alpha

# Four triage levels, reference by row and answer by column, 200 cases.
TRIAGE = np.array([[18, 2, 0, 0], [3, 42, 5, 0], [0, 8, 70, 12], [0, 1, 9, 30]])
# Krippendorff (2011), observers A to D, units 1 to 12.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
labels = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=40)


def _sequences(table):
    cells = [(i, j) for i, j in np.ndindex(*table.shape) for _ in range(table[i, j])]
    return [i for i, _ in cells], [j for _, j in cells]


def test_kappa_of_the_judge_table_is_seven_tenths():
    assert cohen_kappa(*_sequences(np.array([[40, 10], [5, 45]]))) == pytest.approx(0.7)


def test_kappa_of_the_triage_table_gives_the_published_numbers():
    a, b = _sequences(TRIAGE)
    assert cohen_kappa(a, b) == pytest.approx(0.711087035030697)
    assert cohen_kappa(a, b, "quadratic") == pytest.approx(0.8666666666666667)


def test_linear_weights_count_a_disagreement_by_its_distance():
    # Distances 1, 2, 0, 0 of four: .75; by chance |i - j| over all 4 x 4 pairs adds up to 16.
    assert cohen_kappa([1, 1, 2, 3], [2, 3, 2, 3], "linear") == pytest.approx(1 - 0.75 / (16 / 16))


def test_weights_follow_the_values_of_the_labels_and_not_their_places():
    # A level between 1 and 4 that nobody used still lies between them.
    a, b = [1, 1, 4, 5], [1, 4, 4, 5]
    assert cohen_kappa(a, b, "linear") < cohen_kappa([1, 1, 2, 3], [1, 2, 2, 3], "linear")


@given(labels, st.sampled_from([None, "linear", "quadratic"]))
def test_kappa_is_symmetric_and_one_only_where_all_agree(pairs, weights):
    a, b = zip(*pairs, strict=True)
    assume(len({*a, *b}) > 1)
    kappa = cohen_kappa(a, b, weights)
    assert kappa == pytest.approx(cohen_kappa(b, a, weights))
    assert kappa <= 1
    assert (kappa == 1) == (a == b)


@given(labels)
def test_two_levels_have_the_same_kappa_with_and_without_weights(pairs):
    a, b = ([x > 2 for x in column] for column in zip(*pairs, strict=True))
    assume(len({*a, *b}) > 1)
    assert cohen_kappa(a, b, "quadratic") == pytest.approx(cohen_kappa(a, b))


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_gives_the_published_numbers(level, alpha):
    assert krippendorff_alpha(OBSERVERS, level) == pytest.approx(alpha, abs=0.0005)


def test_alpha_of_two_observers_gives_the_published_number():
    # Krippendorff (2011), section A: binary data, two observers, ten units.
    a = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    b = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert krippendorff_alpha([a, b]) == pytest.approx(0.095, abs=0.0005)


@given(st.permutations(range(4)), st.permutations(range(12)))
def test_alpha_knows_neither_the_order_of_raters_nor_of_units(raters, units):
    shuffled = [[OBSERVERS[r][u] for u in units] for r in raters]
    assert krippendorff_alpha(shuffled) == pytest.approx(krippendorff_alpha(OBSERVERS))


def test_alpha_of_words_is_that_of_their_numbers_and_nan_is_missing():
    words = [["abcde"[r - 1] if r else math.nan for r in row] for row in OBSERVERS]
    assert krippendorff_alpha(words) == pytest.approx(krippendorff_alpha(OBSERVERS))


def test_alpha_on_the_interval_scale_does_not_depend_on_unit_or_zero():
    scaled = [[None if r is None else 2.5 * r - 7 for r in row] for row in OBSERVERS]
    expected = krippendorff_alpha(OBSERVERS, "interval")
    assert krippendorff_alpha(scaled, "interval") == pytest.approx(expected)


def test_alpha_is_one_where_all_agree_and_below_zero_where_raters_contradict():
    assert krippendorff_alpha([[1, 2, 3], [1, 2, 3]]) == 1
    assert krippendorff_alpha([[1, 2, 1, 2], [2, 1, 2, 1]]) < 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cohen_kappa([], []), "at least one"),
        (lambda: cohen_kappa([1], [1, 2]), "not the same cases"),
        (lambda: cohen_kappa([1, None], [1, 2]), "missing"),
        (lambda: cohen_kappa([1, 1], [1, 1]), "undefined"),
        (lambda: cohen_kappa(["low", "high"], ["low", "low"], "linear"), "'low' has no order"),
        (lambda: cohen_kappa([1, 2], [2, 2], "cubic"), "'cubic'"),
        (lambda: krippendorff_alpha([]), "no unit"),
        (lambda: krippendorff_alpha([[1, 2, None], [None, None, 3]]), "no unit"),
        (lambda: krippendorff_alpha([[1, 2], [1]]), "differ in length"),
        (lambda: krippendorff_alpha([[1, 1], [1, 1]]), "undefined"),
        (lambda: krippendorff_alpha([["a", "b"], ["a", "a"]], "ordinal"), "no order"),
        (lambda: krippendorff_alpha([[1, 2], [1, 1]], "ratio"), "'ratio'"),
    ],
)
def test_agreement_that_cannot_be_known_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
