"""The value within slices: each leans on the whole by one cluster, and rivals change nothing.

An accepted answer is worth 56.988, a redone one -9.012. Items with an odd number have the tag `odd`.
"""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.value.slices import slices
from tests.small_parts import answers, harmless, parts, supposed
from tests.small_run import SCORES, suite_of

slowly = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ACCEPTED, REDONE = 56.988, -9.012


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Twenty-four items in eight clusters of three: of every cluster one or two items are odd."""
    return suite_of(tmp_path_factory.mktemp("small"), items=24, per_cluster=3)


@pytest.fixture(scope="module")
def sure(tmp_path_factory):
    """The same, and no answer can do harm."""
    return suite_of(tmp_path_factory.mktemp("sure"), items=24, per_cluster=3, change=harmless)


@pytest.fixture(scope="module")
def apart(tmp_path_factory):
    """Twenty-four items, each its own cluster, under numbers that vary."""
    suite = suite_of(tmp_path_factory.mktemp("apart"), items=24)
    return supposed(suite, {"wage_per_hour": (50, 90, 150), "loss.grave": (100, 5000, 9000)})


def sliced(suite, candidates):
    """Candidate -> slice -> what is told of it; candidates are given as outcomes."""
    rows = [each for name, kinds in candidates.items() for each in answers(kinds, name)]
    about, found = parts(suite, rows, tuple(candidates))
    return {
        name: {each.slice: each for each in told} for name, told in slices(about, found).items()
    }


def mixed(seed, failing=0.0):
    draw = random.Random(seed)
    return [
        "failed" if draw.random() < failing else draw.choice([*SCORES, "accept"]) for _ in range(24)
    ]


def test_a_slice_leans_on_the_whole_by_as_many_items_as_its_clusters_hold_on_average(sure):
    """Odd answers accepted, even ones redone. The 12 odd items lie in 8 clusters, so 1.5 items like the whole
    (of which half are accepted) are added to them: (12 * 56.988 + 1.5 * 23.988) / 13.5.
    """
    told = sliced(sure, {"a": ["redo", "accept"] * 12})["a"]
    whole = (ACCEPTED + REDONE) / 2
    odd, even = told["kind=odd"], told["kind=even"]
    assert (odd.items, odd.clusters) == (12, 8)
    assert odd.value_per_case.value == pytest.approx((12 * ACCEPTED + 1.5 * whole) / 13.5)
    assert even.value_per_case.value == pytest.approx((12 * REDONE + 1.5 * whole) / 13.5)
    assert odd.p_positive > 0.99
    assert even.p_positive < 0.5


def test_the_fewer_clusters_a_slice_has_the_more_it_leans(apart):
    """Odd answers accepted and even ones redone, where odd ones were given: 12, 4 or 1 of them."""
    values = []
    for given_ in (12, 4, 1):
        kinds = ["failed" if n % 2 and n > 2 * given_ else ("accept" if n % 2 else "redo") for n in range(24)]  # fmt: skip
        odd = sliced(apart, {"a": kinds})["a"]["kind=odd"]
        assert (odd.items, odd.clusters) == (given_, given_)
        values.append(odd.value_per_case.value)
    assert values == sorted(values, reverse=True)


def test_a_slice_of_one_cluster_has_a_value_and_neither_an_interval_nor_a_chance(apart):
    kinds = ["failed" if n % 2 and n > 1 else "accept" for n in range(24)]
    odd = sliced(apart, {"a": kinds})["a"]["kind=odd"]
    assert odd.value_per_case.value is not None
    assert (odd.value_per_case.low, odd.value_per_case.high, odd.p_positive) == (None, None, None)


def test_a_slice_in_which_nothing_has_an_outcome_is_not_told(apart):
    kinds = ["failed" if n % 2 else "accept" for n in range(24)]
    assert list(sliced(apart, {"a": kinds})["a"]) == ["kind=even"]
    assert sliced(apart, {"a": ["failed"] * 24}) == {"a": {}}


def test_a_slice_is_titled_in_both_languages_and_says_whether_it_is_known_before(apart):
    odd = sliced(apart, {"a": ["accept"] * 24})["a"]["kind=odd"]
    assert (odd.title.zh, odd.title.en, odd.known_before) == ("种类：odd", "kind: odd", True)


@slowly
@given(seed=st.integers(0, 10**6))
def test_beside_rivals_a_candidates_slices_are_what_they_are_alone(apart, seed):
    alone = sliced(apart, {"b": mixed(seed)})["b"]
    rivals = {"a": mixed(seed + 1, 0.4), "b": mixed(seed), "c": ["failed"] * 24}
    beside = sliced(apart, rivals)["b"]
    assert_alike(beside, alone)


def test_where_a_candidate_failed_its_slices_do_not_depend_on_what_its_rivals_answered(apart):
    gaps = ["failed" if n in (1, 3, 4) else kind for n, kind in enumerate(mixed(1))]
    alone = sliced(apart, {"a": gaps})["a"]
    assert_alike(sliced(apart, {"a": gaps, "b": ["accept"] * 24})["a"], alone)


def assert_alike(one, other):
    assert one.keys() == other.keys()
    for name, each in one.items():
        assert figures(each) == pytest.approx(figures(other[name]))


def figures(told):
    found = told.value_per_case
    return (found.value, found.low, found.high, found.n, told.p_positive, told.clusters)


@slowly
@given(seed=st.integers(0, 10**6))
def test_every_slice_lies_within_its_interval_and_between_its_own_mean_and_the_whole(small, seed):
    kinds = mixed(seed)
    told = sliced(small, {"a": kinds})["a"]
    whole = value(kinds)
    for name, own in (("odd", value(kinds[1::2])), ("even", value(kinds[::2]))):
        found = told[f"kind={name}"].value_per_case
        assert found.low <= found.value <= found.high
        assert min(own, whole) - 1e-9 <= found.value <= max(own, whole) + 1e-9


def value(kinds):
    """Mean value of a case at the small suite's numbers."""
    worths = {"accept": 0, "edit": -4.5, "light edit": -3, "redo": -66, "harm": -800, "grave": -5000}  # fmt: skip
    return ACCEPTED + sum(worths[kind] for kind in kinds) / len(kinds)
