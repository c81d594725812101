"""Who is the best, how often, and which ranks anybody may hold: from draws that the test writes down."""

import dataclasses
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.value.candidate import Standing, standings
from bench.value.context import Measured
from bench.value.sample import RESAMPLES

HALF = RESAMPLES // 2


def drawn(**nets):
    """Candidates by name, of which only the draws of the net value matter; None: it has none."""
    unknown = dict.fromkeys(field.name for field in dataclasses.fields(Measured))
    return {name: Measured(**unknown | {"name": name, "net": net}) for name, net in nets.items()}


def halves(first, second):
    """A net value that is one number in half of the draws and another in the others."""
    return np.repeat([float(first), float(second)], HALF)


def test_the_best_of_a_draw_is_the_highest_above_todays_way():
    """A is best in one half; in the other nobody is better than today, whose value is 0."""
    found = standings(drawn(a=halves(2, -1), b=halves(1, -2)))
    assert (found["a"].p_best, found["b"].p_best) == (0.5, 0)
    assert (found["a"].rank, found["b"].rank) == ((1, 1), (2, 2))


def test_those_that_tie_for_the_best_share_the_draw():
    found = standings(drawn(a=halves(3, 1), b=halves(3, 2), c=halves(3, -1)))
    assert {name: each.p_best for name, each in found.items()} == pytest.approx(
        {"a": 1 / 6, "b": 1 / 6 + 1 / 2, "c": 1 / 6}
    )


def test_who_ties_with_todays_way_shares_with_it():
    assert standings(drawn(a=halves(0, 0)))["a"].p_best == 0.5
    assert standings(drawn(a=halves(0, 0), b=halves(0, 0)))["a"].p_best == pytest.approx(1 / 3)


def test_twins_may_hold_either_rank():
    found = standings(drawn(a=halves(3, 1), b=halves(3, 1), c=halves(0, 0)))
    assert [found[name].rank for name in "abc"] == [(1, 2), (1, 2), (3, 3)]


def test_a_rank_that_one_draw_in_ten_gives_is_within_reach_and_one_in_a_hundred_is_not():
    """Intervals are of 90 %: 5 % of the draws lie beyond either end."""

    def below(share):
        return np.where(np.arange(RESAMPLES) < share * RESAMPLES, -1.0, 1.0)

    often = standings(drawn(a=below(0.1), b=halves(0.5, 0.5)))
    seldom = standings(drawn(a=below(0.01), b=halves(0.5, 0.5)))
    assert (often["a"].rank, seldom["a"].rank) == ((1, 2), (1, 1))
    assert often["a"].p_best == pytest.approx(0.9)


def test_a_draw_without_a_value_is_nobodys_best():
    found = standings(drawn(a=halves(np.nan, 1), b=halves(-1, 2)))
    assert (found["a"].p_best, found["b"].p_best) == (0, 0.5)
    assert found["a"].rank == (2, 2)


def test_a_candidate_without_draws_has_no_standing_among_those_compared():
    found = standings(drawn(a=halves(1, 1), b=None))
    assert found["b"] == Standing(None, None, 1)
    assert found["a"] == Standing(1.0, (1, 1), 1)
    assert standings(drawn(a=None, b=None)) == dict.fromkeys("ab", Standing(None, None, 0))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), candidates=st.integers(1, 4))
def test_the_shares_of_the_best_and_todays_add_up_to_one(seed, candidates):
    """Small whole numbers, so that ties abound; today's share is counted apart."""
    draw = np.random.default_rng(seed)
    table = draw.integers(-2, 3, size=(RESAMPLES, candidates)).astype(float)
    found = standings(drawn(**{f"c{at}": column for at, column in enumerate(table.T)}))
    top = table.max(axis=1)
    ties = 1 + (table == 0).sum(axis=1)
    today = np.where(top < 0, 1.0, np.where(top == 0, 1 / ties, 0.0)).mean()
    assert sum(each.p_best for each in found.values()) + today == pytest.approx(1)
    for each in found.values():
        assert 1 <= each.rank[0] <= each.rank[1] <= candidates
        assert each.compared == candidates


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_order_of_candidates_changes_no_standing(seed):
    draw = np.random.default_rng(seed)
    told = {name: draw.integers(-2, 3, RESAMPLES).astype(float) for name in "abc"}
    names = random.Random(seed).sample("abc", 3)
    one, other = standings(drawn(**told)), standings(drawn(**{name: told[name] for name in names}))
    for name in "abc":
        assert one[name].rank == other[name].rank
        assert one[name].p_best == pytest.approx(other[name].p_best)
