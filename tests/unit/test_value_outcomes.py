import dataclasses

import pytest

from bench.suites.model import Bounds, Rule
from bench.types import Score
from bench.value.outcomes import holds, outcome
from tests.small_run import SCORES, suite_of


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return suite_of(tmp_path_factory.mktemp("suite"))


def scores(kind):
    right, style = SCORES[kind]
    return {"right": right, "style": style}


def with_rules(suite, *rules):
    business = suite.file.business.model_copy(
        update={"outcomes": [Rule.model_validate(each) for each in rules]}
    )
    return dataclasses.replace(suite, file=suite.file.model_copy(update={"business": business}))


@pytest.mark.parametrize(
    ("kind", "name", "rule"),
    [
        ("redo", "redo", 0),
        ("harm", "harm", 2),
        ("edit", "edit", 3),
        ("light edit", "edit", 4),
        ("accept", "accept", 5),
    ],
)
def test_the_first_rule_that_holds_decides(suite, kind, name, rule):
    found = outcome(suite, "answered", scores(kind))
    assert (found.name, found.rule) == (name, rule)


def test_an_edit_carries_the_assumption_of_its_own_minutes_or_the_general_one(suite):
    assert outcome(suite, "answered", scores("edit")).edit_assumption == "outcomes.3.minutes"
    assert outcome(suite, "answered", scores("light edit")).edit_assumption == "edit.minutes"


def test_an_edit_may_be_measured_by_a_scorer(suite):
    measured = with_rules(
        suite,
        {"outcome": "edit", "when": {"right": "right"}, "minutes": "right.minutes"},
        {"outcome": "redo", "otherwise": True},
    )
    told = {"right": Score(label="right", metrics={"minutes": 7.5}), "style": Score(label="right")}
    found = outcome(measured, "answered", told)
    assert (found.edit_minutes, found.edit_assumption) == (7.5, None)


def test_a_failed_answer_and_one_that_could_not_be_scored_have_no_outcome(suite):
    assert outcome(suite, "failed", None) is None
    assert outcome(suite, "answered", None) is None


def test_a_state_has_an_outcome_only_where_a_rule_speaks_of_it(suite):
    assert outcome(suite, "truncated", scores("accept")) is None
    assert outcome(suite, "refused", scores("accept")).rule == 1


def test_a_rule_may_ask_that_an_answer_is_not_cut(suite):
    rules = with_rules(
        suite,
        {"outcome": "accept", "when": {"truncated": False}},
        {"outcome": "redo", "otherwise": True},
    )
    assert outcome(rules, "answered", scores("accept")).name == "accept"
    assert outcome(rules, "truncated", scores("accept")).name == "redo"


@pytest.mark.parametrize(
    ("bounds", "below_half", "half", "above_half"),
    [({"at_least": 0.5}, False, True, True), ({"above": 0.5}, False, False, True), ({"at_most": 0.5}, True, True, False),
     ({"below": 0.5}, True, False, False), ({"above": 0.2, "below": 0.5}, True, False, False)],
)  # fmt: skip
def test_bounds_are_met_with_or_without_their_end(bounds, below_half, half, above_half):
    told = [
        holds("s", Bounds(**bounds), "answered", {"s": Score(label="x", value=value)})
        for value in (0.4, 0.5, 0.6)
    ]
    assert told == [below_half, half, above_half]


def test_a_number_that_is_absent_meets_no_bound():
    told = {"s": Score(label="x", metrics={"known": 3})}
    assert not holds("s", Bounds(at_most=9), "answered", told)
    assert not holds("s.other", Bounds(at_most=9), "answered", told)
    assert holds("s.known", Bounds(at_most=9), "answered", told)


def test_a_list_holds_for_any_of_its_labels():
    told = {"s": Score(label="wrong")}
    assert holds("s", ["wrong", "hedged"], "answered", told)
    assert not holds("s", ["right", "hedged"], "answered", told)


def test_all_conditions_of_a_rule_must_hold(suite):
    rules = with_rules(
        suite,
        {"outcome": "accept", "when": {"right": "right", "style": "right"}},
        {"outcome": "redo", "otherwise": True},
    )
    assert outcome(rules, "answered", scores("edit")).name == "redo"


def test_a_harm_falls_into_the_class_that_its_scorer_names(suite):
    assert outcome(suite, "answered", scores("harm")).loss_class == "wrong_answer"
    assert outcome(suite, "answered", scores("grave")).loss_class == "grave"


@pytest.mark.parametrize("named", [None, "a class of no price"])
def test_a_harm_without_a_priced_class_is_charged_with_the_dearest(suite, named):
    told = {"right": Score(label="wrong", error_class=named), "style": Score(label="right")}
    assert outcome(suite, "answered", told).loss_class == "grave"


def test_a_harm_may_have_a_class_of_its_rule(suite):
    rules = with_rules(
        suite,
        {"outcome": "harm", "when": {"right": "wrong"}, "loss": "wrong_answer"},
        {"outcome": "redo", "otherwise": True},
    )
    assert outcome(rules, "answered", scores("grave")).loss_class == "wrong_answer"
