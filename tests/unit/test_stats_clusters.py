import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.stats import clustered_se, design_effect

TOY = [1, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0]
THREES = np.repeat(np.arange(4), 3)
scores = st.lists(st.floats(-100, 100), min_size=2, max_size=30)


def test_clustered_error_of_the_toy_follows_the_formula():
    # Residual sums by cluster 1.5, -1.5, .5, -.5: sqrt(5) / 12.
    assert clustered_se(TOY, THREES) == pytest.approx(math.sqrt(5) / 12, rel=1e-12)


@given(scores)
def test_clusters_of_one_give_the_error_of_independent_rows(values):
    expected = np.std(values) / math.sqrt(len(values))
    assert clustered_se(values, range(len(values))) == pytest.approx(expected, abs=1e-9)


@given(scores, st.integers(2, 4))
def test_copying_every_row_inside_its_cluster_adds_no_precision(values, copies):
    once = clustered_se(values, range(len(values)))
    again = clustered_se(np.repeat(values, copies), np.repeat(np.arange(len(values)), copies))
    assert again == pytest.approx(once, abs=1e-9)


@given(st.permutations(range(12)))
def test_neither_order_nor_names_of_clusters_matter(order):
    names = np.array(["d", "b", "c", "a"])[THREES]
    shuffled = clustered_se(np.array(TOY)[order], names[order])
    assert shuffled == pytest.approx(math.sqrt(5) / 12)


def test_rows_without_a_value_are_left_out():
    se = clustered_se([*TOY, math.nan, None], [*THREES, 0, 9])
    assert se == pytest.approx(math.sqrt(5) / 12)


@pytest.mark.parametrize(
    ("values", "clusters", "message"),
    [
        ([], [], "0 with a value"),
        ([1, 0], ["a", "a"], "1 with a value"),
        ([1, math.nan], ["a", "b"], "1 with a value"),
        ([1, 0], ["a"], "one label"),
        ([1, 0], ["a", None], "row 1 has no label"),
        ([1, 0], [1.0, math.nan], "row 1 has no label"),
        ([[1, 0]], ["a"], "one number a row"),
    ],
)
def test_an_error_bar_that_cannot_be_known_is_refused(values, clusters, message):
    with pytest.raises(ValueError, match=message):
        clustered_se(values, clusters)


def test_design_effect_of_tens_with_correlation_a_fifth_is_2_8():
    assert design_effect(10, 0.2) == pytest.approx(2.8)
    assert 500 / design_effect(10, 0.2) == pytest.approx(178.57142857142858)


@given(st.floats(1, 1000))
def test_design_effect_runs_from_one_to_the_size_of_the_cluster(size):
    assert design_effect(size, 0) == 1
    assert design_effect(size, 1) == pytest.approx(size)


@pytest.mark.parametrize(("size", "correlation"), [(0.5, 0.1), (10, 1.1), (10, -0.5), (0, 0)])
def test_impossible_clusters_are_refused(size, correlation):
    with pytest.raises(ValueError, match=r"cluster_size|correlation"):
        design_effect(size, correlation)


def test_clustered_error_covers_where_the_independent_one_does_not():
    rng = np.random.default_rng(7)
    clusters = np.repeat(np.arange(60), 5)
    covered = {"clustered": 0, "independent": 0}
    runs = 300
    for _ in range(runs):
        values = rng.normal(size=60)[clusters] + rng.normal(size=300)  # correlation one half
        errors = {
            "clustered": clustered_se(values, clusters),
            "independent": clustered_se(values, range(300)),
        }
        for name, se in errors.items():
            covered[name] += abs(values.mean()) <= 1.96 * se
    assert 0.91 <= covered["clustered"] / runs <= 0.98
    assert covered["independent"] / runs < 0.85
