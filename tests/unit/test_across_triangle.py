"""Speciality, generality and economy of the candidates of a run, by hand."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.stats import wilson
from bench.value.estimates import LEVEL
from tests.across_run import outcomes, run, way
from tests.small_run import SCORES

slowly = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
A = {"a": way()}
TWO = {"a": way("x"), "b": way("y")}


def odd_is_shifted(told):
    told["slices"]["kind"]["shifted"] = ["odd"]


def unpriced(told):
    return [(each, {"unpriced": True}) for each in told]


def corners(tmp_path, ways, suites, suite="one", changes=None):
    _, found = run(tmp_path, ways, suites, changes)
    return found.triangle[suite].candidates


def test_economy_is_what_usable_answers_save_over_what_they_cost(tmp_path):
    """0.72 * 66 saved, 9 + 0.012 spent."""
    told = corners(tmp_path, A, {"one": {"a": outcomes(72, of=100)}})["a"]
    assert told.speciality.value == pytest.approx(0.72)
    assert told.economy.value == pytest.approx(0.72 * 66 / 9.012)
    assert told.economy.low < told.economy.value < told.economy.high


def test_edited_answers_are_usable_and_their_minutes_are_money_spent(tmp_path):
    """A quarter each: accept, an edit of 3 minutes, one of 2, harm; harm saves nothing."""
    told = corners(tmp_path, A, {"one": {"a": ["accept", "edit", "light edit", "harm"] * 3}})["a"]
    assert told.speciality.value == pytest.approx(0.75)
    assert told.economy.value == pytest.approx(0.75 * 66 / (9.012 + (3 + 2) * 1.5 / 4))


@pytest.mark.parametrize(("used", "share"), [(0, 0), (12, 1)])
def test_answers_that_all_went_one_way_leave_doubt_about_the_economy(tmp_path, used, share):
    """Nothing but the share is in doubt: its Wilson bounds times 66 / 9.012."""
    told = corners(tmp_path, A, {"one": {"a": outcomes(used)}})["a"].economy
    ends = [each * 66 / 9.012 for each in wilson(used, 12, LEVEL)]
    assert told.value == pytest.approx(share * 66 / 9.012)
    assert (told.low, told.high) == pytest.approx(ends)


def test_nothing_is_spent_and_nothing_told_of_the_economy(tmp_path):
    def free(mapping):
        mapping["business"]["review"]["minutes"] = 0

    used = [("accept", {"cost": 0.0})] * 12
    told = corners(tmp_path, A, {"one": {"a": used}}, changes={"one": free})["a"]
    assert (told.economy.value, told.speciality.value) == (None, 1.0)


def test_generality_is_the_plain_mean_of_the_other_suites_however_large(tmp_path):
    suites = {
        "one": {"a": outcomes(12)},
        "two": {"a": outcomes(6)},
        "three": {"a": outcomes(10, of=40)},
    }
    told = corners(tmp_path, A, suites)["a"]
    assert told.generality.value == pytest.approx((0.5 + 0.25) / 2)
    assert (told.generality.n, told.other_suites) == (52, ["two", "three"])
    assert told.generality.low < told.generality.value < told.generality.high


def test_a_shifted_split_is_a_part_of_generality_and_has_a_gap(tmp_path):
    """Even items all used, every other odd one: 1 inside, 0.5 outside."""
    one = ["accept", "accept", "accept", "redo"] * 6
    suites = {"one": {"a": one}, "two": {"a": outcomes(3)}}
    told = corners(tmp_path, A, suites, changes={"one": odd_is_shifted})["a"]
    [shift] = told.shifts
    assert (shift.tag, shift.values) == ("kind", ["odd"])
    assert (shift.in_distribution.value, shift.shifted.value, shift.gap.value) == (1.0, 0.5, 0.5)
    assert shift.in_distribution.low < 1
    assert shift.gap.low < 0.5 < shift.gap.high
    assert told.generality.value == pytest.approx((0.5 + 0.25) / 2)


def test_a_run_of_one_suite_without_shifts_has_no_generality_and_compares_without_it(tmp_path):
    suites = {"one": {"a": outcomes(9), "b": outcomes(3)}}
    _, found = run(tmp_path, TWO, suites)
    triangle = found.triangle["one"]
    a, b = triangle.candidates["a"], triangle.candidates["b"]
    assert triangle.axes == ["speciality", "economy"]
    assert a.generality.value is None
    assert a.normalised == {"speciality": 1.0, "generality": None, "economy": 1.0}
    assert b.normalised["speciality"] == pytest.approx(1 / 3)
    assert (a.in_pareto, b.in_pareto, a.lacks) == (True, False, [])
    assert a.frequency > 0.9
    assert b.frequency < 0.1


def test_a_candidate_of_unknown_price_has_no_economy_and_no_place(tmp_path):
    told = corners(tmp_path, TWO, {"one": {"a": outcomes(3), "b": unpriced(outcomes(9))}})
    assert told["b"].economy.value is None
    assert (told["b"].in_pareto, told["b"].frequency, told["b"].lacks) == (None, None, ["economy"])
    assert told["a"].in_pareto is True


def test_a_candidate_that_ran_no_other_suite_lacks_generality(tmp_path):
    suites = {"one": {"a": outcomes(3), "b": outcomes(9)}, "two": {"a": outcomes(6)}}
    told = corners(tmp_path, TWO, suites)
    assert told["b"].lacks == ["generality"]
    assert told["a"].other_suites == ["two"]


def test_a_candidate_without_any_outcome_stands_nowhere(tmp_path):
    told = corners(tmp_path, TWO, {"one": {"a": outcomes(3), "b": ["failed"] * 12}})
    assert told["b"].speciality.value is None
    assert told["b"].in_pareto is None
    assert told["a"].in_pareto is True


def test_what_one_is_better_at_keeps_it_in_the_set(tmp_path):
    """B is better here, a elsewhere; c is behind both."""
    ways = TWO | {"c": way("z")}
    suites = {
        "one": {"a": outcomes(6), "b": outcomes(9), "c": outcomes(5)},
        "two": {"a": outcomes(9), "b": outcomes(6), "c": outcomes(5)},
    }
    told = corners(tmp_path, ways, suites)
    assert {name: each.in_pareto for name, each in told.items()} == {
        "a": True,
        "b": True,
        "c": False,
    }


@pytest.mark.parametrize("endpoint", ["x", "y"])
def test_a_strategy_that_buys_speciality_with_generality_is_told_of_its_own_endpoint_only(
    tmp_path, endpoint
):
    ways = {"plain": way("x"), "fitted": way(endpoint, "rag")}
    suites = {
        "one": {"plain": outcomes(20, of=40), "fitted": outcomes(30, of=40)},
        "two": {"plain": outcomes(30, of=40), "fitted": outcomes(10, of=40)},
    }
    _, found = run(tmp_path, ways, suites)
    told = found.triangle["one"].narrowings
    # plain gains on the second and loses on the first: the same fact, told once
    assert found.triangle["two"].narrowings == []
    if endpoint == "y":
        assert told == []
        return
    [narrow] = told
    assert (narrow.candidate, narrow.against) == ("fitted", "plain")
    assert narrow.gain.value == pytest.approx(0.25)
    assert narrow.loss.value == pytest.approx(-0.5)
    assert narrow.loss.high < 0


def test_a_loss_elsewhere_that_may_be_chance_is_no_narrowing(tmp_path):
    ways = {"plain": way("x"), "fitted": way("x", "rag")}
    suites = {
        "one": {"plain": outcomes(6), "fitted": outcomes(9)},
        "two": {"plain": outcomes(6), "fitted": outcomes(5)},
    }
    _, found = run(tmp_path, ways, suites)
    assert found.triangle["one"].narrowings == []


def test_a_strategy_that_loses_everywhere_has_narrowed_nothing(tmp_path):
    ways = {"plain": way("x"), "fitted": way("x", "rag")}
    told = {"plain": outcomes(30, of=40), "fitted": outcomes(10, of=40)}
    _, found = run(tmp_path, ways, {"one": told, "two": told})
    assert found.triangle["one"].narrowings == []


def mixed(seed, items=12):
    draw = random.Random(seed)
    return [draw.choice([*SCORES, "failed"]) for _ in range(items)]


@slowly
@given(st.integers(0, 999))
def test_other_names_change_no_number(tmp_path_factory, seed):
    ways = {"a": way("x"), "b": way("x", "rag"), "c": way("y", deployment="edge")}
    renamed = {"a": "zz", "b": "yy", "c": "0"}
    suites = {
        suite: {name: mixed(seed * 10 + 3 * s + at) for at, name in enumerate(ways)}
        for s, suite in enumerate(("one", "two"))
    }
    changes = {"one": odd_is_shifted}
    folder = tmp_path_factory.mktemp("names")
    _, found = run(folder / "then", ways, suites, changes)
    others = {
        suite: {renamed[n]: each for n, each in told.items()} for suite, told in suites.items()
    }
    _, again = run(
        folder / "now", {renamed[name]: each for name, each in ways.items()}, others, changes
    )
    text = found.model_dump_json()
    for old, new in renamed.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    assert again.model_dump_json() == text


@slowly
@given(st.integers(0, 999))
def test_a_copy_of_a_candidate_changes_nobodys_place_and_no_margin(tmp_path_factory, seed):
    ways = {"a": way("x"), "b": way("y"), "c": way("z")}
    suites = {
        suite: {name: mixed(seed * 10 + 3 * s + at) for at, name in enumerate(ways)}
        for s, suite in enumerate(("one", "two"))
    }
    folder = tmp_path_factory.mktemp("copies")
    _, found = run(folder / "then", ways, suites)
    twice = {suite: told | {"copy": told["a"]} for suite, told in suites.items()}
    _, again = run(folder / "now", ways | {"copy": way("w")}, twice)
    for suite in suites:
        told = again.triangle[suite].candidates
        assert {n: told[n] for n in ways} == found.triangle[suite].candidates
        assert told["copy"] == told["a"]
    [then], [now] = found.portfolio.currencies, again.portfolio.currencies
    assert now.total == then.total
    assert now.one_for_all.difference == then.one_for_all.difference


def test_failures_of_one_candidate_change_no_number_of_another(tmp_path):
    """Its own place apart: places and normalised axes are told against the others."""
    suites = {"one": {"a": mixed(1), "b": mixed(2)}, "two": {"a": mixed(3), "b": mixed(4)}}
    failing = {
        suite: told | {"b": ["failed"] * 7 + told["b"][7:]} for suite, told in suites.items()
    }
    raw = {"speciality", "generality", "economy", "shifts", "other_suites"}
    told = [
        corners(tmp_path / str(at), TWO, each, changes={"one": odd_is_shifted})
        for at, each in enumerate((suites, failing))
    ]
    assert told[0]["a"].model_dump(include=raw) == told[1]["a"].model_dump(include=raw)
    assert told[0]["b"].model_dump(include=raw) != told[1]["b"].model_dump(include=raw)
