"""A suite's stored draws, and what they say under other assumptions."""

import dataclasses
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bench.suites.model import Assumption
from bench.value.assess import assessed
from bench.value.context import Planned
from bench.value.ledger import ledger
from bench.value.what_if import FEWEST, WhatIf, what_if
from tests.full_run import full_suite, run
from tests.small_parts import answers, harmless, supposed
from tests.small_run import manifest, suite_of, with_business
from tests.what_if_reference import evaluated

ALL = 10**9
"""Bytes enough for every draw."""


def valued(suite, rows, names=("a",), repeats=1, strategies=None):
    """The suite assessed, candidates prepared as `strategies` say."""
    table = ledger(suite, rows, manifest(names, repeats))
    return assessed(suite, table, Planned(suite.items, repeats, strategies or {}), list(names), 0)


def full(suite):
    """Three candidates of the full suite, the first one prepared at a cost."""
    names = ("a", "b", "c")
    rows = [each for seed, name in enumerate(names) for each in run(seed + 3, name)]
    return valued(suite, rows, names, 2, {"a": "direct"})


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return full_suite(tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="module")
def told(suite):
    return full(suite)


@pytest.fixture(scope="module")
def whole(told):
    """All draws of the full suite."""
    return what_if(told, ALL)


@pytest.fixture(scope="module")
def few(told):
    """As few draws of it as there may be."""
    return what_if(told, 1)


def test_as_many_draws_are_stored_as_fit_and_never_fewer_than_a_thousand(told, whole, few):
    assert (whole.stored, whole.of) == (10_000, 10_000)
    assert few.stored == FEWEST
    budget = 120_000
    some = what_if(told, budget)
    assert FEWEST < some.stored < 10_000
    assert 0.8 * budget < len_of_draws(some) < 1.1 * budget


def len_of_draws(model):
    """Bytes of base64."""
    columns = [each.draws for each in model.assumptions]
    for candidate in model.candidates.values():
        columns += [*candidate.draws.values()]
        for each in candidate.slices:
            columns += [each.at, each.sizes, *each.draws.values()]
    return sum(len(each.packed or "") for each in columns)


def test_fewer_draws_keep_every_chance_within_half_a_point(whole, few):
    for name, all_told in evaluated(whole, {}).candidates.items():
        some = evaluated(few, {}).candidates[name]
        assert some.p_positive == pytest.approx(all_told.p_positive, abs=0.005)
        assert some.horizon.p_positive == pytest.approx(all_told.horizon.p_positive, abs=0.01)
        assert some.p_best == pytest.approx(all_told.p_best, abs=0.01)


def test_fewer_draws_keep_the_range_of_the_leading_candidate(whole, few):
    all_told, some = (evaluated(each, {}).candidates for each in (whole, few))
    leading = max(all_told, key=lambda name: all_told[name].net_per_case.value)
    width = all_told[leading].net_per_case.high - all_told[leading].net_per_case.low
    far = np.subtract(some[leading].quantiles, all_told[leading].quantiles)
    assert np.abs(far).max() < 0.05 * width


def test_a_model_comes_back_from_json(whole):
    assert WhatIf.model_validate_json(whole.model_dump_json()) == whole


def test_a_worked_example(tmp_path):
    """44 minutes at 90 an hour are 66, 6 of review 9; of twelve answers two are redone and one is harmful."""
    suite = suite_of(tmp_path / "suite", 12)
    kinds = ["accept"] * 9 + ["redo"] * 2 + ["harm"]
    model = what_if(valued(suite, answers(kinds)))
    now = evaluated(model, {}).candidates["a"]
    assert now.value_per_case.value == pytest.approx(66 - 9 - 2 / 12 * 66 - 800 / 12 - 0.012)
    then = evaluated(
        model, {"wage_per_hour": 60.0, "loss.wrong_answer": 120.0, "monthly_cost": 2000.0}
    )
    then = then.candidates["a"]
    assert then.value_per_case.value == pytest.approx(44 - 6 - 2 / 12 * 44 - 10 - 0.012)
    assert then.net_per_case.value == pytest.approx(then.value_per_case.value - 2)
    assert then.value_per_month.value == pytest.approx(then.net_per_case.value * 1000)
    assert then.horizon.value.value == pytest.approx(then.value_per_month.value * 12 - 1000)
    assert {each.error_class: each.expected_loss for each in then.losses} == {
        "wrong_answer": pytest.approx(10),
        "grave": 0,
    }
    (row,) = [each for each in then.sensitivity if each.assumption == "loss.wrong_answer"]
    assert (row.low, row.high) == (120, 120)
    assert row.break_even == pytest.approx(120 + 12 * then.net_per_case.value)


def test_without_changes_it_is_the_summary(told, whole):
    found = evaluated(whole, {})
    for name, summary in told.summary.candidates.items():
        same(found.candidates[name], summary, 1e-3)
        exact_points(found.candidates[name], summary)
    same_verdict(found.verdict, told.summary.verdict)


def sets_of(model, count, seed=1):
    """Some assumptions at other values."""
    draw = random.Random(seed)
    return [
        {
            each.name: draw.uniform(each.low, each.high)
            for each in draw.sample(model.assumptions, draw.randint(1, 4))
        }
        for _ in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("at", range(8))
def test_under_other_assumptions_it_is_what_an_assumptions_file_gives(suite, whole, few, at):
    changes = sets_of(whole, 8)[at]
    summary = full(under(suite, changes)).summary
    found, some = evaluated(whole, changes), evaluated(few, changes)
    for name, each in summary.candidates.items():
        same(found.candidates[name], each, 2e-3)
        exact_points(found.candidates[name], each)
        exact_points(some.candidates[name], each)
    same_verdict(found.verdict, summary.verdict)


def under(suite, changes):
    """The suite under bare numbers that keep whether somebody vouches for them."""
    flags = {name: each.placeholder for name, each in suite.file.business.assumptions()}
    own = {
        name: Assumption(base=value, source="the test", placeholder=flags[name])
        for name, value in changes.items()
    }
    return supposed(suite, own)


def test_harm_that_no_item_showed_moves_to_the_class_that_becomes_the_ordinary_one(tmp_path):
    suite = suite_of(tmp_path / "suite", 24, per_cluster=2)
    rows = answers(["accept"] * 20 + ["redo"] * 2 + ["harm", "grave"])
    model = what_if(valued(suite, rows), ALL)
    changes = {"loss.wrong_answer": 9000.0}  # now `grave`, at 5000, is the lesser of the two
    found = evaluated(model, changes).candidates["a"]
    same(found, valued(under(suite, changes), rows).summary.candidates["a"], 1e-3)
    before = valued(suite, rows).summary.candidates["a"].net_per_case
    assert found.net_per_case.low < before.low


def exact_points(found, summary):
    """Values and break-evens do not depend on draws."""
    near = {"rel": 1e-9, "abs": 1e-9}
    for told, other in (
        (found.value_per_case, summary.value_per_case),
        (found.net_per_case, summary.net_per_case),
        (found.value_per_month, summary.value_per_month),
    ):
        assert told.value == pytest.approx(other.value, **near)
        assert told.n == other.n
    for row, other in zip(found.sensitivity, summary.sensitivity, strict=True):
        assert close(row, other, near)
    for loss, other in zip(found.losses, summary.losses, strict=True):
        assert loss.error_class == other.error_class
        assert loss.expected_loss_upper == pytest.approx(other.expected_loss_upper, **near)


def close(row, other, near):
    """Whether two rows of sensitivity are the same but for rounding."""
    return all(
        value == theirs
        if value is None or isinstance(value, str | bool)
        else value == pytest.approx(theirs, **near)
        for (_, value), (_, theirs) in zip(row, other, strict=True)
    )


def same(found, summary, near):
    """Ranges and chances to `near` of their scale; the verdict is the same."""
    horizon = summary.horizons[-1]
    for told, other in (
        (found.value_per_case, summary.value_per_case),
        (found.net_per_case, summary.net_per_case),
        (found.value_per_month, summary.value_per_month),
        (found.horizon.value, horizon.value),
    ):
        scale = abs(other.high - other.low)
        assert told.low == pytest.approx(other.low, abs=near * scale)
        assert told.high == pytest.approx(other.high, abs=near * scale)
        assert told.value == pytest.approx(other.value, abs=near * scale)
    assert found.p_positive == pytest.approx(summary.p_positive, abs=near)
    assert found.p_best == pytest.approx(summary.p_best, abs=near)
    assert found.horizon.p_positive == pytest.approx(horizon.p_positive, abs=near)
    assert found.placeholder_share == pytest.approx(summary.placeholder_share)
    same_verdict(found.verdict, summary.verdict)


def same_verdict(found, verdict):
    assert found.decision == verdict.decision
    assert [each.code for each in found.reasons] == [each.code for each in verdict.reasons]


@pytest.fixture(scope="module")
def grave(tmp_path_factory):
    """One answer in five does grave harm, so often that no resample is without."""
    suite = suite_of(tmp_path_factory.mktemp("grave"), 60)
    return what_if(valued(suite, answers((["accept"] * 3 + ["redo", "grave"]) * 12)))


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 1e5), st.floats(0, 1e5))
def test_a_greater_loss_never_makes_anything_better(grave, one, other):
    low, high = sorted((one, other))
    less, more = (evaluated(grave, {"loss.grave": each}).candidates["a"] for each in (low, high))
    assert more.value_per_case.value <= less.value_per_case.value
    assert more.p_positive <= less.p_positive
    assert (np.subtract(more.quantiles, less.quantiles) <= 1e-6).all()


def test_an_assumption_that_the_suite_does_not_have_is_refused(few):
    with pytest.raises(KeyError, match=r"loss\.none"):
        evaluated(few, {"loss.none": 1.0})


def test_a_share_beyond_one_is_refused(few):
    with pytest.raises(ValidationError, match="no share"):
        evaluated(few, {"review.detects": 1.5})


def test_the_chance_of_a_slice_is_the_summarys_until_something_changes(tmp_path):
    suite = supposed(
        suite_of(tmp_path / "suite", 48, per_cluster=2), {"loss.grave": (90, 150, 900)}
    )
    rows = answers((["accept"] * 5 + ["redo", "harm", "grave"]) * 6)
    told = valued(suite, rows)
    model = what_if(told)
    (candidate,) = model.candidates.values()
    assert {each.slice for each in candidate.slices} == {"kind=even", "kind=odd"}
    told_of = {each.slice: each.p_positive for each in told.summary.candidates["a"].slices}
    assert {each.slice: each.chance for each in candidate.slices} == told_of


def test_a_pilot_may_begin_in_the_slice_that_alone_gains(tmp_path):
    """Odd items are accepted, even ones are redone: all in all a loss once review takes longer."""
    suite = harmless_suite(tmp_path, 48)
    told = valued(suite, answers(["redo", "accept"] * 24))
    found = evaluated(what_if(told), {"review.minutes": 30.0}).candidates["a"]
    assert found.net_per_case.value < 0
    assert found.verdict.decision == "pilot"
    assert found.verdict.slices == ["kind=odd"]
    nowhere = evaluated(what_if(told), {"review.minutes": 60.0}).candidates["a"]
    assert (nowhere.verdict.decision, nowhere.verdict.slices) == ("stop", [])


def harmless_suite(folder, items):
    return suite_of(folder / "suite", items, change=harmless)


@pytest.mark.parametrize("stage", ["exploration", "growth", "maturity"])
def test_the_grounds_of_a_stage_are_recomputed(tmp_path, stage):
    """At a low wage an accepted answer costs more than a person."""
    suite = harmless_suite(tmp_path, 24)
    suite = dataclasses.replace(suite, file=suite.file.model_copy(update={"stage": stage}))
    rows = answers(["accept"] * 22 + ["redo"] * 2, cost=4.0)
    model = what_if(valued(suite, rows), ALL)
    for wage in (90.0, 8.0, 6.5):
        summary = valued(under(suite, {"wage_per_hour": wage}), rows).summary
        found = evaluated(model, {"wage_per_hour": wage})
        same_verdict(found.candidates["a"].verdict, summary.candidates["a"].verdict)
        same_verdict(found.verdict, summary.verdict)


ODD = {
    "one item": ["accept"] + [None] * 23,
    "one group": ["accept", "redo"] + [None] * 22,
    "two groups": ["accept", None, "harm"] + [None] * 21,
    "most answers missing": ["accept", "harm", "redo"] * 3 + ["failed"] * 15,
    "all to be redone": ["redo"] * 24,
    "all harmful": ["harm"] * 24,
}


@pytest.mark.parametrize("kinds", ODD.values(), ids=ODD)
def test_an_odd_run_is_told_as_its_summary_tells_it(tmp_path, kinds):
    suite = suite_of(tmp_path / "suite", 24, per_cluster=2)
    told = valued(suite, [*answers(kinds), *answers(["failed"] * 24, "b")], ("a", "b"))
    model = what_if(told, ALL)
    found = evaluated(model, {})
    for name, summary in told.summary.candidates.items():
        same_verdict(found.candidates[name].verdict, summary.verdict)
        assert found.candidates[name].value_per_case.value == pytest.approx(
            summary.value_per_case.value
        )
        assert found.candidates[name].p_positive == pytest.approx(summary.p_positive, abs=1e-3)
    same_verdict(found.verdict, told.summary.verdict)
    assert evaluated(model, {"wage_per_hour": 120.0}).candidates["b"].quantiles == []


@pytest.mark.parametrize("kinds", [["failed"] * 24, []])
def test_nothing_can_be_recomputed_where_nothing_has_an_outcome(tmp_path, kinds):
    suite = suite_of(tmp_path / "suite", 24)
    assert what_if(valued(suite, answers(kinds))) is None


def test_an_unknown_price_still_holds_the_verdict_down(tmp_path):
    model = what_if(valued(harmless_suite(tmp_path, 24), answers(["accept"] * 24, cost=None)))
    found = evaluated(model, {"wage_per_hour": 200.0}).candidates["a"]
    assert found.verdict.decision == "pilot"
    assert "price_unknown" in [each.code for each in found.verdict.reasons]


def test_what_another_round_costs_decides_whether_it_is_worth_it(tmp_path):
    suite = with_business(
        suite_of(tmp_path / "suite", 24),
        next_round_cost=Assumption(base=1.0, source="the test"),
        gates=[],
    )
    kinds = ["accept"] * 21 + ["harm"] * 3
    model = what_if(valued(suite, answers(kinds)), ALL)
    cheap, dear = (evaluated(model, {"next_round_cost": each, "loss.wrong_answer": 600.0}) for each in (1.0, 1e9))  # fmt: skip
    assert [each.verdict.decision for each in (cheap, dear)] == ["iterate", "stop"]
