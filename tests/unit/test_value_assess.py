"""A suite's summary from trials whose outcomes are given."""

import dataclasses
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.suites.model import Assumption
from bench.value.assumed import drawn
from bench.value.context import Planned, context
from bench.value.ledger import ledger
from bench.value.measure import measured
from bench.value.sample import RESAMPLES, items_of, jointly_resampled
from bench.value.worth import value
from tests.small_run import SCORES, assessed, manifest, suite_of, trial, with_business

OUTCOMES = list(SCORES)
slowly = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """Twenty-four items in twelve clusters."""
    return suite_of(tmp_path_factory.mktemp("suite"), items=24, per_cluster=2)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A hundred items, each its own cluster."""
    return suite_of(tmp_path_factory.mktemp("plain"), items=100)


def mixed(seed=0, candidate="a", items=24, outcomes=OUTCOMES, **told):
    draw = random.Random(seed)
    return [
        trial(n, draw.choice(outcomes), candidate, latency=draw.uniform(0.1, 9), **told)
        for n in range(items)
    ]


def worked_example(a_harmful):
    """72 of 100 used, `a_harmful` of them in error, at 0.012 each."""
    outcomes = ["harm"] * a_harmful + ["accept"] * (72 - a_harmful) + ["redo"] * 28
    return [trial(n, outcome) for n, outcome in enumerate(outcomes)]


def told(summary):
    return summary.candidates["a"]


def figures(candidate):
    """Everything that is said of a candidate but what became of its trials."""
    return candidate.model_dump(exclude={"trials", "coverage", "failures", "usage", "verdict"})


def test_a_hundred_answers_of_the_worked_example_are_worth_22_508_each(plain):
    """See test_value_worth: 44 minutes at 90 an hour, 6 of review, 800 an error, 0.72 used, 0.02 in error."""
    found = told(assessed(plain, worked_example(2)))
    assert found.value_per_case.value == pytest.approx(22.508)
    assert found.value_per_month.value == pytest.approx(22508)
    assert found.payback_months.value == pytest.approx(1000 / 22508)
    assert found.metrics["cost_per_accepted"].value == pytest.approx((9 + 0.012) / 0.70)
    assert found.usage.cost == pytest.approx(1.2)


def test_the_break_even_share_counts_errors_as_a_share_of_what_is_used(plain):
    """a* = (R + c) / (S*w - e*L + R) with e = 3 of 72."""
    found = told(assessed(plain, worked_example(3)))
    assert found.break_even_acceptance == pytest.approx(9.012 / (57 - 3 / 72 * 800 + 9))


def test_there_is_no_break_even_where_used_answers_are_worth_no_more_than_redone_ones(plain):
    rows = [trial(n, "grave" if n < 50 else "redo") for n in range(100)]
    assert told(assessed(plain, rows)).break_even_acceptance is None
    assert (
        told(assessed(plain, [trial(n, "redo") for n in range(100)])).break_even_acceptance is None
    )


@pytest.mark.parametrize(
    ("name", "ends", "swing"),
    [("loss.wrong_answer", (200, 2000), 36.0), ("done_today_by.minutes", (31, 51), 21.6), ("wage_per_hour", (60, 120), 25.68)],
)  # fmt: skip
def test_one_assumption_moves_the_worked_example_as_far_as_its_tornado_says(
    plain, name, ends, swing
):
    """A wage moves the price of a review too: (38 - 0.28 * 44) minutes at one more yuan each."""
    ranged = Assumption(
        low=ends[0], base=ends[0] * 0.5 + ends[1] * 0.5, high=ends[1], placeholder=True
    )
    business = plain.file.business
    match name.split("."):
        case ["wage_per_hour"]:
            suite = with_business(plain, wage_per_hour=ranged.model_copy(update={"base": 90}))
        case ["loss", _]:
            loss = business.loss["wrong_answer"].model_copy(
                update={"low": 200.0, "base": 800.0, "high": 2000.0}
            )
            suite = with_business(plain, loss=business.loss | {"wrong_answer": loss})
        case _:
            today = business.done_today_by.model_copy(
                update={"minutes": ranged.model_copy(update={"base": 44})}
            )
            suite = with_business(plain, done_today_by=today)
    rows = {row.assumption: row for row in told(assessed(suite, worked_example(2))).sensitivity}
    assert abs(rows[name].value_high - rows[name].value_low) == pytest.approx(swing)
    assert next(iter(rows)) == name


def test_at_the_break_even_of_an_assumption_the_value_is_zero(plain):
    rows = {row.assumption: row for row in told(assessed(plain, worked_example(2))).sensitivity}
    assert rows["loss.wrong_answer"].break_even == pytest.approx(800 + 22.508 / 0.02)
    assert rows["loss.grave"].break_even is None
    assert rows["edit.minutes"].break_even is None


def test_an_assumption_that_cancels_out_has_no_break_even(plain):
    """What is all redone costs its review, whatever the human minutes and the human errors."""
    today = plain.file.business.done_today_by.model_copy(
        update={
            "error_rate": Assumption(base=0, low=0, high=0.1, placeholder=True),
            "error_class": "wrong_answer",
        }
    )
    suite = with_business(plain, done_today_by=today)
    rows = {
        row.assumption: row
        for row in told(assessed(suite, [trial(n, "redo") for n in range(100)])).sensitivity
    }
    assert rows["done_today_by.minutes"].break_even is None
    assert rows["done_today_by.error_rate"].break_even is None


@slowly
@given(seed=st.integers(0, 10**6), extra=st.lists(st.integers(0, 23), max_size=30))
def test_failures_change_no_estimate(suite, seed, extra):
    rows = mixed(seed)[:18]
    failures = [trial(n, "failed", repeat=1) for n in extra]
    before, after = (
        told(assessed(suite, rows, repeats=2)),
        told(assessed(suite, rows + failures, repeats=2)),
    )
    assert figures(before) == figures(after)
    assert (after.trials.failed, after.trials.not_run) == (len(extra), 48 - 18 - len(extra))
    assert after.failures == ({"server": len(extra)} if extra else {})


def test_a_first_answer_that_failed_is_not_held_against_the_second(suite):
    rows = [trial(n, "failed" if n < 6 else "accept") for n in range(24)]
    rows += [trial(n, "accept", repeat=1) for n in range(24)]
    found = told(assessed(suite, rows, repeats=2)).metrics
    assert (found["right_first_time"].value, found["right_first_time"].n) == (1.0, 18)
    assert (found["pass_hat_k"].value, found["pass_hat_k"].n) == (1.0, 18)


def test_a_second_answer_that_failed_does_not_double_the_first(suite):
    rows = [trial(n, "accept" if n < 12 else "redo") for n in range(24)]
    rows += [trial(n, "failed" if n < 12 else "redo", repeat=1) for n in range(24)]
    assert told(assessed(suite, rows, repeats=2)).metrics["right_first_time"].value == 0.5


def test_an_answer_that_could_not_be_scored_counts_as_failed(suite):
    rows = [trial(n, "broken" if n < 4 else "accept") for n in range(24)]
    found = told(assessed(suite, rows))
    assert (found.trials.answered, found.trials.failed, found.coverage) == (20, 4, 20 / 24)
    assert found.failures == {"scorer": 4}
    assert found.outcomes.accept == 1.0


def test_money_of_failed_trials_is_borne_by_the_others(suite):
    rows = [trial(n, "broken" if n < 12 else "accept", cost=1.0) for n in range(24)]
    found = told(assessed(suite, rows))
    assert found.metrics["cost_per_accepted"].value == pytest.approx(9 + 2)
    assert found.usage.cost == pytest.approx(24)


@slowly
@given(seed=st.integers(0, 10**6))
def test_the_order_of_answers_changes_nothing(suite, seed):
    rows = mixed(seed) + mixed(seed + 1, repeat=1)
    shuffled = random.Random(seed).sample(rows, len(rows))
    one, other = told(assessed(suite, rows, repeats=2)), told(assessed(suite, shuffled, repeats=2))
    assert flat(one) == pytest.approx(flat(other), rel=1e-9, abs=1e-9)


def flat(candidate):
    """Every number, in order."""
    found = []

    def walk(each):
        if isinstance(each, dict):
            for part in each.values():
                walk(part)
        elif isinstance(each, list):
            for part in each:
                walk(part)
        elif isinstance(each, int | float):
            found.append(float(each))

    walk(candidate.model_dump())
    return found


def test_repeats_of_an_item_count_as_one_item(suite):
    rows = [trial(0, "harm", repeat=k) for k in range(9)] + [trial(1, "accept")]
    found = told(assessed(suite, rows, repeats=9))
    assert (found.items, found.metrics["straight_through_rate"].value) == (2, 0.5)
    gate = found.gates[0]
    assert (gate.events, gate.n) == (1, 2)


def test_repeating_every_answer_changes_no_value_and_no_interval(suite):
    once = mixed(3)
    thrice = [
        trial(n, kind, repeat=k, latency=1.0) for k in range(3) for n, kind in enumerate(kinds(3))
    ]
    one, three = told(assessed(suite, once)), told(assessed(suite, thrice, repeats=3))
    assert three.value_per_case.model_dump() == pytest.approx(one.value_per_case.model_dump())


def kinds(seed):
    draw, found = random.Random(seed), []
    for _ in range(24):
        found.append(draw.choice(OUTCOMES))
        draw.uniform(0.1, 9)
    return found


def test_identical_candidates_differ_by_nothing(suite):
    summary = assessed(suite, mixed(5) + mixed(5, candidate="b"), names=("a", "b"))
    (pair,) = summary.pairs
    assert (pair.difference.value, pair.difference.low, pair.difference.high) == (0, 0, 0)
    assert summary.candidates["a"].p_best == summary.candidates["b"].p_best


@slowly
@given(seed=st.integers(0, 10**6))
def test_all_candidates_see_the_same_draws(suite, seed):
    """Resampling the difference is the difference of the resampled when nothing failed."""
    about = context_of(suite)
    table = ledger(suite, mixed(seed) + mixed(seed + 1, "b"), manifest(("a", "b")))
    found = measured(about, {name: table[table["candidate"] == name] for name in ("a", "b")})
    gap = found["b"].items.minus(found["a"].items)
    features = jointly_resampled({"gap": gap}, RESAMPLES, about.seed)["gap"]
    for name in features:
        assert np.allclose(features[name], found["b"].features[name] - found["a"].features[name])


def test_a_difference_is_taken_on_the_items_that_both_answered(suite):
    rows = [trial(n, "accept") for n in range(24)]
    rows += [trial(n, "failed" if n % 2 else "accept", "b") for n in range(24)]
    (pair,) = assessed(suite, rows, names=("a", "b")).pairs
    assert (pair.difference.value, pair.difference.n) == (pytest.approx(0), 12)


def test_the_order_of_candidates_changes_neither_their_values_nor_who_is_best(suite):
    rows = mixed(1) + mixed(2, "b")
    one, other = assessed(suite, rows, names=("a", "b")), assessed(suite, rows, names=("b", "a"))
    for name in "ab":
        assert one.candidates[name] == other.candidates[name]


@slowly
@given(
    seed=st.integers(0, 10**6), kinds=st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=4)
)
def test_every_estimate_lies_within_its_interval_and_shares_within_one(suite, seed, kinds):
    found = told(assessed(suite, mixed(seed, outcomes=kinds)))
    named = (
        {"value": found.value_per_case, "month": found.value_per_month}
        | found.metrics
        | found.technical
    )
    for name, each in named.items():
        if each.value is None:
            assert (each.low, each.high) == (None, None), name
            continue
        assert each.low is None or each.low <= each.value + 1e-9, name
        assert each.high is None or each.value <= each.high + 1e-9, name
        if getattr(each, "unit", None) == "share":
            assert 0 <= each.low <= each.high <= 1 + 1e-9, name
    assert found.quantiles == sorted(found.quantiles)


@slowly
@given(seed=st.integers(0, 10**6), harmed=st.integers(1, 20))
def test_more_harm_is_never_worth_more(suite, seed, harmed):
    rows = mixed(seed, outcomes=["accept", "edit", "redo"])
    worse = [trial(n, "harm") if n < harmed else row for n, row in enumerate(rows)]
    assert (
        told(assessed(suite, worse)).value_per_case.value
        <= told(assessed(suite, rows)).value_per_case.value
    )


def test_a_share_that_never_varied_gets_wilsons_interval_over_the_clusters_it_is_about(suite):
    """12 of 12 clusters, of which 8 hold the items that nobody serves: n / (n + 1.645^2) is the lower end."""
    found = told(assessed(suite, [trial(n, "accept") for n in range(24)])).metrics
    everywhere, unserved = found["straight_through_rate"], found["served_share_of_unserved"]
    assert (everywhere.low, everywhere.high, everywhere.method) == (
        pytest.approx(0.8160, abs=1e-4),
        1.0,
        "Wilson over clusters",
    )
    assert unserved.n == 8
    assert unserved.low == pytest.approx(0.7473, abs=1e-4)


def test_items_that_no_tag_or_rate_speaks_of_leave_a_metric_without_value(suite):
    served = with_items(suite, lambda each: each.model_copy(update={"served_today": True}))
    found = told(assessed(served, mixed(1))).metrics["served_share_of_unserved"]
    assert (found.value, found.n) == (None, 0)


def with_items(suite, change):
    return dataclasses.replace(suite, items=tuple(change(each) for each in suite.items))


def test_one_answer_in_each_of_two_clusters_is_enough_for_an_interval_and_not_for_a_verdict(suite):
    found = told(assessed(suite, [trial(0, "accept"), trial(2, "harm")]))
    assert found.value_per_case.low < found.value_per_case.high
    assert 0 < found.p_positive < 1
    assert found.verdict.reasons[0].code == "too_few"


def test_slices_are_valued_apart_and_lean_on_the_whole_by_one_cluster(suite):
    rows = [trial(n, "accept" if n % 2 else "harm") for n in range(24)]
    found = told(assessed(suite, rows))
    good, bad = sorted(found.slices, key=lambda each: -each.value_per_case.value)
    pure, whole = 57 - 0.012, found.value_per_case.value
    leaning = (good.clusters * pure + whole) / (good.clusters + 1)
    assert (good.slice, good.items) == ("kind=odd", 12)
    assert good.value_per_case.value == pytest.approx(leaning)
    assert bad.value_per_case.value < whole < good.value_per_case.value
    assert good.p_positive > 0.5 > bad.p_positive


def test_a_slice_without_an_error_is_less_sure_where_the_rest_has_errors(suite):
    """Its clusters are resampled with one more that is like the whole."""
    spoiled = [trial(n, "accept" if n % 2 else "harm") for n in range(24)]
    sound = [trial(n, "accept") for n in range(24)]
    odd = [
        next(each for each in told(assessed(suite, rows)).slices if each.slice == "kind=odd")
        for rows in (spoiled, sound)
    ]
    assert odd[0].p_positive < odd[1].p_positive < 1


def test_retries_are_requests_beyond_the_first_of_an_exchange(suite):
    rows = [trial(n, "failed" if n == 0 else "accept") for n in range(24)]
    assert told(assessed(suite, rows)).usage.retries == 3


def test_the_two_uncertainties_are_kept_apart(suite):
    rows = mixed(7)
    fixed = told(assessed(suite, rows)).spread
    assert fixed["items"] > 0
    assert fixed["assumptions"] == pytest.approx(0, abs=1e-9)
    ranged = with_business(
        suite, wage_per_hour=Assumption(low=10, base=90, high=300, placeholder=True)
    )
    alike = told(assessed(ranged, [trial(n, "accept") for n in range(24)])).spread
    assert 0 < alike["items"] < fixed["items"]  # none of 24 harmful is not never
    assert alike["assumptions"] > 0


def test_an_assumption_of_the_same_name_and_range_is_drawn_alike_in_every_suite(suite):
    wage = Assumption(low=10, base=90, high=300, placeholder=True)
    one = with_business(suite, wage_per_hour=wage)
    other = with_business(
        suite,
        wage_per_hour=wage,
        cases_per_month=Assumption(low=1, base=2, high=9, placeholder=True),
    )
    a, b = (drawn(each.file.business, 500, 3)["wage_per_hour"] for each in (one, other))
    assert np.array_equal(a, b)


def test_the_suites_verdict_is_the_best_that_a_candidate_earns_and_among_equals_the_most_valuable(
    plain,
):
    kinds = {"a": "redo", "b": "edit", "c": "accept"}
    summary = assessed(
        plain,
        [trial(n, kind, name) for name, kind in kinds.items() for n in range(100)],
        names=tuple(kinds),
    )
    assert {name: each.verdict.decision for name, each in summary.candidates.items()} == {
        "a": "stop",
        "b": "deploy",
        "c": "deploy",
    }
    assert (summary.verdict.decision, summary.verdict.candidate, summary.verdict.confidence) == (
        "deploy",
        "c",
        1.0,
    )
    assert summary.verdict.reasons[0].code == "best"


def test_where_no_candidate_is_worth_it_todays_way_stays(suite):
    verdict = assessed(suite, [trial(n, "redo") for n in range(24)]).verdict
    assert (verdict.decision, verdict.candidate, verdict.reasons[0].code) == (
        "stop",
        None,
        "no_candidate",
    )


def test_growth_finds_the_figures_it_asks_for_though_the_suite_lists_none_of_them(plain):
    bare = with_business(
        plain,
        metrics={
            "cost": ["net_value_per_case"],
            "innovation": ["supply_multiplier"],
            "experience": ["latency_p50"],
        },
    )
    grown = dataclasses.replace(bare, file=bare.file.model_copy(update={"stage": "growth"}))
    assert (
        told(assessed(grown, [trial(n, "accept") for n in range(100)])).verdict.decision == "deploy"
    )


def context_of(suite, seed=0):
    return context(suite, Planned(suite.items, 1), seed)


def test_the_90_percent_interval_covers_the_truth_in_about_90_of_100_runs(tmp_path):
    """Thirty clusters of two items with outcomes that lean one way within a cluster."""
    suite = suite_of(tmp_path, items=60, per_cluster=2)
    about = context_of(suite)
    worths = {"accept": 57, "light edit": 57 - 3, "redo": -9, "harm": 57 - 800}
    shares = {"accept": 0.45, "light edit": 0.15, "redo": 0.2, "harm": 0.2}
    truth = sum(shares[kind] * worths[kind] for kind in shares) - 0.012
    draw, covered = random.Random(11), 0
    template = {kind: ledger(suite, [trial(0, kind)], manifest()) for kind in shares}
    columns = {kind: table.iloc[0] for kind, table in template.items()}
    for seed in range(200):
        rows = []
        for cluster in range(30):
            kind = draw.choices(list(shares), list(shares.values()))[0]
            for n in range(2):
                other = draw.choices(list(shares), list(shares.values()))[0]
                rows.append(
                    columns[kind if draw.random() < 0.5 else other].to_dict()
                    | {"item": f"i{2 * cluster + n}"}
                )
        items = items_of(type(template["accept"])(rows), about.business, about.clusters)
        features = jointly_resampled({"a": items}, 1000, seed)["a"]
        means = value(features, about.mean, about.business)
        low, high = np.quantile(means, [0.05, 0.95])
        covered += low <= truth <= high
    assert 0.83 <= covered / 200 <= 0.96
