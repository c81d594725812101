import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.errors import UserError
from bench.stats import clustered_se
from bench.value.risk_coverage import area, excess_area
from bench.value.selective import selective

SURE = "sure.confidence"
WORTH = {"accept": 10.0, "edit": 5.0, "redo": -3.0, "harm": -50.0, None: math.nan}
"""What acting on an answer adds to the money of its case."""


def table(*trials, cost=1.0):
    """Rows of the ledger and the money of each when acted on; a trial is (confidence, outcome[, cluster])."""
    rows = pd.DataFrame.from_records(
        {
            "item": f"item-{at}",
            "cluster": trial[2] if len(trial) > 2 else f"cluster-{at}",
            "repeat": 0,
            "outcome": trial[1],
            "cost": cost,
            SURE: trial[0],
        }
        for at, trial in enumerate(trials)
    )
    return rows, np.array([WORTH[trial[1]] - cost for trial in trials])


WORKED = (
    (0.9, "accept"),
    (0.9, "accept"),
    (0.8, "edit"),
    (0.8, "harm"),
    (0.6, "accept"),
    (0.6, "harm"),
    (0.3, "harm"),
    (math.nan, "accept"),
    (0.95, "redo"),
    (0.9, None),
)
"""Nine trials with an outcome; one of them states no confidence, one abstains."""


def test_every_threshold_is_as_counted_by_hand():
    """Money: 9 · -1, and for acting +10 for an accepted answer, +5 for an edited one, -50 for a harmful one."""
    found = selective(*table(*WORKED), SURE, seed=0)
    told = [
        (point.threshold, point.coverage, point.risk.value, point.value.value)
        for point in found.points
    ]
    assert told == [
        (None, 0, None, pytest.approx(-1)),
        (0.9, pytest.approx(2 / 9), 0, pytest.approx((-9 + 20) / 9)),
        (0.8, pytest.approx(4 / 9), pytest.approx(1 / 4), pytest.approx((-9 - 25) / 9)),
        (0.6, pytest.approx(6 / 9), pytest.approx(2 / 6), pytest.approx((-9 - 65) / 9)),
        (0.3, pytest.approx(7 / 9), pytest.approx(3 / 7), pytest.approx((-9 - 115) / 9)),
    ]
    assert found.best_threshold == 0.9
    assert [point.risk.n for point in found.points] == [0, 2, 4, 6, 7]
    assert {point.value.n for point in found.points} == {9}


def test_areas_are_as_counted_by_hand():
    """Of two equally sure answers with one harmful, half a harmful one is expected first."""
    found = selective(*table(*WORKED), SURE, seed=0)
    risks = [0, 0, 0.5 / 3, 1 / 4, 1.5 / 5, 2 / 6, 3 / 7]
    ideal = [0, 0, 0, 0, 1 / 5, 2 / 6, 3 / 7]
    assert found.aurc.value == pytest.approx(sum(risks) / 7)
    assert found.excess_aurc.value == pytest.approx((sum(risks) - sum(ideal)) / 7)
    assert found.aurc.low < found.aurc.value < found.aurc.high


def test_calibration_is_as_counted_by_hand():
    told = selective(*table(*WORKED), SURE, seed=0).calibration
    assert told.answers == 7
    assert told.brier.value == pytest.approx((2 * 0.01 + 0.04 + 0.64 + 0.16 + 0.36 + 0.09) / 7)
    assert told.expected_error.value == pytest.approx((2 * 0.1 + 2 * 0.3 + 2 * 0.1 + 0.3) / 7)
    assert [(each.low, each.answers, each.usable) for each in told.bins] == [
        (0.3, 1, 0.0),
        (0.6, 2, 0.5),
        (0.8, 2, 0.5),
        (0.9, 2, 1.0),
    ]
    assert told.brier.low < told.brier.value < told.brier.high


def test_a_fold_is_valued_at_the_threshold_that_is_best_elsewhere():
    """Of two clusters, a would act on 0.9 alone and b on nothing; each must do as the other would.

    So a acts on nothing and b on its harmful 0.9: -50 over four trials, where acting on all loses 80.
    """
    trials = [(0.9, "accept", "a"), (0.5, "harm", "a"), (0.9, "harm", "b"), (0.5, "accept", "b")]
    found = selective(*table(*trials, cost=0.0), SURE, seed=0)
    assert found.best_threshold is None
    assert found.value_chosen.value == pytest.approx(-50 / 4)
    assert found.gain.value == pytest.approx((-50 + 80) / 4)
    assert found.gain.low < found.gain.value < found.gain.high


def test_the_gain_is_over_acting_on_every_answer_that_does_not_abstain():
    """Certain of 80 good answers, silent about 20 harmful ones: the silent ones are acted on without a threshold."""
    trials = [(1.0, "accept")] * 80 + [(math.nan, "harm")] * 20 + [(0.5, "redo")] * 10
    found = selective(*table(*trials), SURE, seed=0)
    assert found.value_chosen.value == pytest.approx(-1 + 80 * 10 / 110)
    assert found.gain.value == pytest.approx(20 * 50 / 110)


def test_without_confidence_the_choice_is_between_none_and_all_that_do_not_abstain():
    trials = [(math.nan, "accept")] * 6 + [(math.nan, "harm")] + [(math.nan, "redo")]
    found = selective(*table(*trials), None, seed=0)
    assert [(point.threshold, point.coverage) for point in found.points] == [(None, 0), (0, 7 / 8)]
    assert found.points[1].risk.value == pytest.approx(1 / 7)
    assert (found.aurc, found.excess_aurc, found.calibration) == (None, None, None)


@pytest.mark.parametrize("outcomes", [["accept", "harm"], ["redo", "redo"], [None, None], []])
def test_without_confidence_and_without_some_that_abstain_there_is_nothing_to_choose(outcomes):
    assert selective(*table(*((math.nan, each) for each in outcomes)), None, seed=0) is None


def test_where_no_answer_states_its_confidence_there_is_nothing_to_choose():
    rows, values = table((math.nan, "accept"), (math.nan, "harm"), (0.9, "redo"))
    assert selective(rows, values, SURE, seed=0) is None
    assert selective(rows.drop(columns=SURE), values, SURE, seed=0) is None


def test_a_confidence_outside_its_scale_is_refused_by_name():
    with pytest.raises(UserError, match=r"sure\.confidence is 85 in an answer"):
        selective(*table((85.0, "accept"), (0.5, "harm")), SURE, seed=0)


def test_an_outcome_without_money_is_a_defect_of_the_caller():
    rows, values = table((0.9, "accept"), (0.5, "harm"))
    with pytest.raises(ValueError, match="values"):
        selective(rows, np.array([1.0, math.nan]), SURE, seed=0)
    with pytest.raises(ValueError, match="values"):
        selective(rows, values[:1], SURE, seed=0)


def test_one_cluster_gives_numbers_and_no_certainty():
    found = selective(*table((0.9, "accept", "a"), (0.5, "harm", "a")), SURE, seed=0)
    assert found.points[1].value.value is not None
    assert {(point.value.low, point.risk.low) for point in found.points} == {(None, None)}
    assert (found.value_chosen.value, found.gain.value, found.aurc.low) == (None, None, None)


def test_a_risk_of_none_in_few_clusters_may_still_be_some():
    risk = selective(*table(*[(0.9, "accept")] * 5), SURE, seed=0).points[1].risk
    assert (risk.value, risk.low) == (0, 0)
    assert 0.3 < risk.high < 0.5


def test_bounds_of_shares_are_shares():
    trials = [(0.9, "accept")] * 3 + [(0.8, "harm"), (0.4, "harm")]
    found = selective(*table(*trials), SURE, seed=0)
    told = [point.risk for point in found.points[1:]]
    for each in (*told, found.aurc, found.excess_aurc, found.calibration.brier):
        assert 0 <= each.low <= each.value <= each.high <= 1


def test_at_most_twenty_thresholds_span_all_confidences():
    trials = [(at / 500, "accept" if at % 3 else "harm") for at in range(500)]
    thresholds = [point.threshold for point in selective(*table(*trials), SURE, seed=0).points]
    assert thresholds[0] is None
    assert thresholds[1:] == sorted(thresholds[1:], reverse=True)
    assert (len(thresholds), thresholds[1], thresholds[-1]) == (21, 499 / 500, 0)


trial = st.tuples(
    st.sampled_from([0.0, 0.2, 0.5, 0.7, 0.85, 1.0, math.nan]),
    st.sampled_from(["accept", "edit", "redo", "harm", None]),
    st.sampled_from("abcde"),
)
trials_with_a_choice = st.lists(trial, max_size=30).map(
    lambda told: [(0.4, "harm", "a"), (0.6, "accept", "b"), *told]
)


@settings(deadline=None, max_examples=40)
@given(trials_with_a_choice, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(trials, random):
    rows, values = table(*trials)
    values = values * np.pi  # sums that rounding makes depend on their order
    order = list(range(len(trials)))
    random.shuffle(order)
    again = selective(rows.iloc[order], values[order], SURE, seed=3)
    assert again == selective(rows, values, SURE, seed=3)


@settings(deadline=None, max_examples=40)
@given(trials_with_a_choice, st.integers(1, 5))
def test_failed_trials_never_enter(trials, failures):
    answered = [each for each in trials if each[1] is not None]
    failed = [(0.1, None, "z")] * failures
    assert selective(*table(*answered, *failed), SURE, 0) == selective(*table(*answered), SURE, 0)


@settings(deadline=None, max_examples=40)
@given(trials_with_a_choice, st.sampled_from([0.01, 7.0, 1000.0]))
def test_money_in_another_currency_changes_money_alone(trials, rate):
    rows, values = table(*trials)
    one = selective(rows, values, SURE, seed=0)
    other = selective(rows.assign(cost=rows["cost"] * rate), values * rate, SURE, seed=0)
    assert other.best_threshold == one.best_threshold
    assert [point.risk for point in other.points] == [point.risk for point in one.points]
    pairs = [(one.value_chosen, other.value_chosen), (one.gain, other.gain)]
    pairs += [(a.value, b.value) for a, b in zip(one.points, other.points, strict=True)]
    for a, b in pairs:
        for end in ("value", "low", "high"):
            assert getattr(b, end) == pytest.approx(getattr(a, end) * rate, abs=1e-9 * rate)


@settings(deadline=None, max_examples=40)
@given(trials_with_a_choice)
def test_more_coverage_comes_with_a_lower_threshold_and_never_includes_who_abstains(trials):
    found = selective(*table(*trials), SURE, seed=0)
    coverage = [point.coverage for point in found.points]
    assert coverage == sorted(coverage)
    known = [each for each in trials if each[1] is not None]
    acted = [each for each in known if each[1] != "redo" and not math.isnan(each[0])]
    assert coverage[-1] == pytest.approx(len(acted) / len(known))


@given(st.integers(1, 20), st.integers(1, 20))
@settings(deadline=None, max_examples=20)
def test_perfect_confidence_has_no_risk_until_every_good_answer_is_acted_on(good, bad):
    trials = [(0.5 + at / 50, "accept") for at in range(good)]
    trials += [(at / 50, "harm") for at in range(bad)]
    found = selective(*table(*trials), SURE, seed=0)
    share = good / (good + bad)
    for point in found.points[1:]:
        assert point.risk.value == pytest.approx(max(0, 1 - share / point.coverage))
    assert found.excess_aurc.value == 0


@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 5))
@settings(deadline=None, max_examples=20)
def test_constant_confidence_gives_a_flat_curve(good, bad, abstained):
    outcomes = ["accept"] * good + ["harm"] * bad + ["redo"] * abstained
    found = selective(*table(*((0.7, each) for each in outcomes)), SURE, seed=0)
    assert [point.threshold for point in found.points] == [None, 0.7]
    assert found.points[1].risk.value == pytest.approx(bad / (good + bad))
    assert found.aurc.value == pytest.approx(bad / (good + bad))


def test_on_pure_noise_an_honest_choice_gains_nothing_where_the_best_point_seems_to():
    """Forty runs with as much to win as to lose by acting, whatever the confidence says."""
    rng = np.random.default_rng(5)
    honest, flattered = [], []
    for _ in range(40):
        rows, _ = table(*((each, "accept") for each in rng.random(50)), cost=0.0)
        found = selective(rows, rng.normal(size=50), SURE, seed=0)
        honest.append(found.gain.value)
        values = [point.value.value for point in found.points]
        flattered.append(max(values) - values[-1])
    error = np.std(honest) / math.sqrt(40)
    assert abs(np.mean(honest)) < 3 * error
    assert np.mean(flattered) > 4 * error


def test_pooling_many_clusters_leaves_intervals_as_wide_as_they_are():
    rng = np.random.default_rng(0)
    rows, _ = table(*((0.5, "accept") for _ in range(10_000)), cost=0.0)
    rows["cluster"] = [f"c{at // 2}" for at in range(10_000)]
    values = np.repeat(rng.normal(size=5_000), 2)
    told = selective(rows, values, SURE, seed=0).points[1].value
    width = 2 * 1.645 * clustered_se(values, rows["cluster"])
    assert told.high - told.low == pytest.approx(width, rel=0.1)


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=6))
@settings(deadline=None)
def test_the_area_is_the_mean_over_every_order_of_the_equally_sure(answers):
    surest_first = sorted(answers, key=lambda told: -told[0])
    risks = []
    for order in itertools.permutations(surest_first):
        if [each[0] for each in order] == [each[0] for each in surest_first]:
            harms = np.cumsum([each[1] for each in order])
            risks.append(np.mean(harms / np.arange(1, len(order) + 1)))
    levels = sorted({each[0] for each in answers}, reverse=True)
    groups = [[each[1] for each in answers if each[0] == level] for level in levels]
    sizes, harms = [len(each) for each in groups], [sum(each) for each in groups]
    assert float(area(sizes, harms)) == pytest.approx(np.mean(risks))
    ideal = np.cumsum(sorted(told for _, told in answers)) / np.arange(1, len(answers) + 1)
    assert float(excess_area(sizes, harms)) == pytest.approx(np.mean(risks) - np.mean(ideal))


def test_without_answers_there_is_no_area():
    assert math.isnan(float(area([0, 0], [0, 0])))
