"""Verdicts that must not be wrong: numbers by independent computation, and ways to pass, fail or stay open for no reason."""

import math

import numpy as np
import pytest
from scipy import stats

from bench.errors import GateError
from bench.gate.policy_file import SuitePolicy
from bench.suites.model import Gate
from bench.types import Text
from bench.value.observed.record import ObservedRate
from tests import observed_runs
from tests.gated_runs import BUILT_IN, GOOD, answers, fresh, held, only, the
from tests.observed_runs import of, run, suite

RARE = {"gates": [Gate(metric="wrong_rate", upper_bound_95=0.02)]}


def rerun(outcomes, *, settings=None, cost=0.01, latency_s=1.0, texts=None, **changes):
    """A run of one candidate, told as freely as `observed_runs.candidate` allows."""
    one = observed_runs.candidate(outcomes, texts, settings, cost, latency_s)
    return run({"small": suite({"desk": one}, len(outcomes), **changes)})


# Numbers by other hands


@pytest.mark.parametrize(
    ("margin", "status"), [(0.05, "pass"), (0.03, "inconclusive")], ids=["wide", "narrow"]
)
def test_22_gained_and_26_lost_of_400_keep_a_margin_of_5_points_but_cannot_show_3(margin, status):
    """SE = sqrt(b + c - (b - c)^2 / n) / n = 0.01731: normal bounds -0.03848 and 0.01848.

    The formula of a paired difference of shares: Newcombe (1998), Statistics in Medicine 17:2635-2650, method 1;
    the gate's own are a little wider, by a t and by how skewed few events are.
    """
    old = [["harm"]] * 22 + [GOOD] * 26 + [GOOD] * 352
    new = [GOOD] * 22 + [["harm"]] * 26 + [GOOD] * 352
    policy = only(rates={"wrong_rate": {"may_worsen_by": margin}})
    report = held(of(new, texts=fresh(400)), of(old), policy)
    rate = the(report, "rate:wrong_rate")
    assert report.status == rate.status == status
    assert rate.difference == pytest.approx(-0.01)
    assert rate.low == pytest.approx(-0.03848, abs=0.0005)
    assert rate.high == pytest.approx(0.01848, abs=0.0005)


def test_the_p_values_of_equal_clusters_are_those_of_a_t_test_on_their_means():
    """scipy's one-sample t over 60 clusters of two, gains and losses alike so that nothing is skewed."""
    gains, losses = [["redo"], GOOD], [GOOD, ["redo"]]
    first = [*([gains[0]] * 40), *([losses[0]] * 40), *([GOOD] * 40)]
    second = [*([gains[1]] * 40), *([losses[1]] * 40), *([GOOD] * 40)]
    clusters = np.arange(120) // 2
    report = held(
        of(second, clusters, texts=fresh(120), suite_changes={"ordinary_harm": None}),
        of(first, clusters, suite_changes={"ordinary_harm": None}),
        only(value={"may_fall_by": 12.0}),
    )
    means = np.repeat([60.0, -60.0, 0.0], 20)
    value = the(report, "value")
    for side, p in (("greater", value.p_safe), ("less", value.p_worse)):
        assert p == pytest.approx(stats.ttest_1samp(means, -12.0, alternative=side).pvalue)


@pytest.mark.parametrize(("events", "items"), [(0, 60), (1, 100), (7, 100), (15, 150)])
def test_the_p_values_of_a_limit_over_single_items_are_the_exact_binomial_ones(events, items):
    """Clopper & Pearson (1934), Biometrika 26:404-413: the bounds are where the binomial's tails are at the level."""
    told = of(answers(items, harm=events), suite_changes={"gates": [Gate(metric="wrong_rate", upper_bound_95=0.05)]})  # fmt: skip
    limit = the(held(told, told, only(limits="proven")), "limit:wrong_rate")
    safe = stats.binom.cdf(events, items, 0.05)
    worse = stats.binom.sf(events - 1, items, 0.05)
    # beyond one half both are told as 1
    assert limit.p_safe == pytest.approx(safe if safe < 0.499 else 1.0)
    assert limit.p_worse == pytest.approx(worse if worse < 0.499 else 1.0)


# Passing although something got worse


def test_the_same_answers_at_a_higher_price_fail_on_value():
    """Word for word as before, each 100 dearer: a case is worth 100 less, and 12 are tolerable."""
    outcomes = answers(60, redo=3)
    report = held(rerun(outcomes, cost=100.0), rerun(outcomes, cost=0.01))
    value = the(report, "value")
    assert value.difference == pytest.approx(-99.99)
    assert (report.status, value.status) == ("fail", "fail")


def test_the_same_answers_at_a_price_within_the_margin_pass():
    outcomes = answers(60, redo=3)
    report = held(rerun(outcomes, cost=5.0), rerun(outcomes, cost=0.01))
    assert (report.status, the(report, "value").identical) == ("pass", True)


def test_a_changed_candidate_that_answered_alike_must_show_it_like_any_other():
    """A prompt that spoils 3 of 100 cases leaves 29 of them alone in 41 % of runs: that is not yet a pass."""
    outcomes = answers(29)
    for changed in ({"settings": {"endpoint.model": "bb"}}, {"digests": {"prompt": "p2"}}):
        report = held(rerun(outcomes, **changed), rerun(outcomes))
        assert report.status == "inconclusive"
    moved = {"endpoint.model": "aa", "endpoint.base_url": "cc"}
    assert held(rerun(outcomes), rerun(outcomes)).status == "pass"
    assert held(rerun(outcomes, settings=moved), rerun(outcomes)).status == "pass"
    many = answers(300)
    assert held(rerun(many, settings={"endpoint.model": "bb"}), rerun(many)).status == "pass"


def test_nothing_missing_of_a_few_items_does_not_show_coverage_to_hold():
    """Where 5 of 100 answers are lost now, 20 items lose none in 36 % of runs."""
    policy = only(coverage={"may_worsen_by": 0.05})
    few, many = (
        held(of(answers(n), texts=fresh(n)), of(answers(n)), policy).status for n in (20, 100)
    )
    assert (few, many) == ("inconclusive", "pass")


def test_answers_that_meet_other_rates_are_not_the_same():
    outcomes = answers(40)
    new = rerun(outcomes)
    part = new.suites["small"]
    one = part.candidates["desk"]
    kinds = [each.model_copy(update={"rates": "1"}) for each in one.kinds]
    told = part.model_copy(update={"candidates": {"desk": one.model_copy(update={"kinds": kinds})}})
    policy = only(rates={"wrong_rate": {"may_worsen_by": 0.1}})
    assert held(run({"small": told}), new, policy).status == "fail"


def test_a_suite_whose_harm_is_cheap_reckons_with_work_done_again():
    """A harmful answer costs 1 here, one that is done again 60: two items without a change prove no margin of 12."""
    cheap = {"ordinary_harm": 1.0, "weights": observed_runs.WEIGHTS | {"harm:wrong": -1.0}}
    report = held(
        of(answers(8), suite_changes=cheap, texts=fresh(8)),
        of(answers(8), suite_changes=cheap),
        only(value={"may_fall_by_share": 0.2}),
    )
    assert report.status == "inconclusive"


# Open for ever


def test_a_suite_without_harm_where_all_is_well_passes():
    """No score differs from any other: what a case done again costs is then the scale."""
    harmless = {"ordinary_harm": None}
    report = held(
        of(answers(200), suite_changes=harmless, texts=fresh(200)),
        of(answers(200), suite_changes=harmless),
        only(value={"may_fall_by_share": 0.2}),
    )
    assert report.status == "pass"
    few = held(
        of(answers(10), suite_changes=harmless, texts=fresh(10)),
        of(answers(10), suite_changes=harmless),
        only(value={"may_fall_by_share": 0.2}),
    )
    assert few.status == "inconclusive"
    assert few.contrasts[0].needed > 10


def test_a_candidate_that_is_surely_better_passes_whatever_the_margin_and_the_power():
    old, new = answers(300, harm=60), answers(300, harm=10)
    policy = only(value={"may_fall_by": 0.0}, harm={"may_worsen_by": 0.0})
    report = held(of(new, texts=fresh(300)), of(old), policy)
    assert report.status == "pass"
    assert not the(report, "value").low_power
    assert held(of(old, texts=fresh(300)), of(new), policy).status == "fail"
    assert held(of(old, texts=fresh(300)), of(old), policy).status == "inconclusive"


def test_a_rate_whose_limit_few_items_could_prove_blocks_only_where_the_policy_says_so():
    """At most 2 in 100: 120 items cannot prove that, not even without a case, and 300 that are all the suite has may not either."""
    new, old = of(answers(120), suite_changes=RARE, texts=fresh(120)), of(answers(120), suite_changes=RARE)  # fmt: skip
    wide = {"value": {"may_fall_by": 50.0}, "harm": {"may_worsen_by": 0.05}}
    report = held(new, old, only(**wide, limits="broken"))
    rate = the(report, "rate:wrong_rate")
    assert (report.status, rate.status, rate.enforced) == ("pass", "inconclusive", False)
    assert held(new, old, only(**wide, limits="proven")).status == "inconclusive"
    said = only(**wide, gated_rates={"may_worsen_by": 0.02})
    assert held(new, old, said).status == "inconclusive"


def test_a_rate_about_none_of_the_items_blocks_only_where_the_policy_names_it():
    def silent():
        made = of(answers(300), suite_changes=RARE, texts=fresh(300))
        one = made.suites["small"].candidates["desk"]
        kinds = [each.model_copy(update={"rates": "-"}) for each in one.kinds]
        parts = {"candidates": {"desk": one.model_copy(update={"kinds": kinds})}}
        return run({"small": made.suites["small"].model_copy(update=parts)})

    old = of(answers(300), suite_changes=RARE)
    report = held(silent(), old)
    assert the(report, "rate:wrong_rate").status == "not_known"
    assert report.status == "pass"
    named = only(value={"may_fall_by": 50.0}, rates={"wrong_rate": {"may_worsen_by": 0.1}})
    assert held(silent(), old, named).status == "inconclusive"


def test_a_rate_fails_when_it_surely_rose_by_more_than_its_limit_allows():
    new, old = of(answers(300, harm=30), suite_changes=RARE, texts=fresh(300)), of(answers(300), suite_changes=RARE)  # fmt: skip
    report = held(new, old, only(value={"may_fall_by": 500.0}))
    assert the(report, "rate:wrong_rate").status == report.status == "fail"


@pytest.mark.parametrize("limit", [0.0, 1.5])
def test_a_limit_of_nothing_or_of_more_than_all_is_borne(limit):
    """No event allowed: none is no failure, one is."""
    changes = {"gates": [Gate(metric="wrong_rate", upper_bound_95=limit)]}
    old = of(answers(300), suite_changes=changes)
    assert held(of(answers(300), suite_changes=changes, texts=fresh(300)), old).status == "pass"
    once = of(answers(300, harm=1), suite_changes=changes, texts=fresh(300))
    assert (held(once, old).status == "fail") is (limit == 0)


def test_a_share_of_a_case_that_costs_nothing_by_hand_is_no_margin():
    free = of(answers(40), suite_changes={"human_cost": 0.0})
    with pytest.raises(GateError, match="may_fall_by"):
        held(free, free)
    assert held(free, free, only(value={"may_fall_by": 1.0})).status == "pass"


def test_what_is_free_now_is_no_dearer_and_what_was_free_and_is_not_any_more_is():
    policy = only(cost={"may_grow_by_share": 0.25})
    texts = fresh(60)
    free, paid = rerun(answers(60), cost=0.0, texts=texts), rerun(answers(60), cost=0.5)
    assert held(free, paid, policy).status == "pass"
    assert held(paid, free, policy).status == "fail"
    assert held(free, free, policy).status == "pass"


def test_limits_alone_name_the_items_that_would_show_them_to_hold():
    told = of(answers(30), suite_changes={"gates": [Gate(metric="wrong_rate", upper_bound_95=0.05)]})  # fmt: skip
    report = held(told, told, only(limits="broken", gated_rates="off"))
    assert (report.status, report.contrasts[0].needed) == ("inconclusive", 59)


def test_so_many_items_as_are_named_do_show_a_limit_at_the_policys_confidence():
    """(1 - 0.05)^90 = 0.0099: ninety clean items are 99 % sure, 59 are 95 % sure."""
    changes = {"gates": [Gate(metric="wrong_rate", upper_bound_95=0.05)]}
    policy = only(limits="proven").model_copy(update={"confidence": 0.99})

    def found(items):
        told = of(answers(items), suite_changes=changes)
        return held(told, told, policy)

    assert found(30).contrasts[0].needed == 90
    assert [found(n).status for n in (89, 90)] == ["inconclusive", "pass"]


# Any size, any shape


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1.0, 1e12])
def test_the_currency_in_which_money_is_told_changes_no_verdict(scale):
    weights = {name: each * scale for name, each in observed_runs.WEIGHTS.items()}
    changes = {"weights": weights, "human_cost": 60 * scale, "ordinary_harm": 800 * scale}
    policy = only(value={"may_fall_by_share": 0.2})
    for harm, status in ((0, "pass"), (3, "inconclusive"), (40, "fail")):
        new = rerun(answers(300, harm=harm), cost=0.01 * scale, texts=fresh(300), **changes)
        old = rerun(answers(300), cost=0.01 * scale, **changes)
        assert held(new, old, policy).status == status


def test_worse_in_one_suite_fails_although_another_got_better():
    good, bad = answers(200), answers(200, harm=60)

    def two(first, second, mark):
        parts = {}
        for name, outcomes in (("a", first), ("b", second)):
            one = observed_runs.candidate(outcomes, fresh(200, mark))
            parts[name] = suite({"desk": one}, 200)
        return run(parts)

    report = held(two(good, bad, "new"), two(bad, good, "old"))
    assert report.status == "fail"
    assert [each.status for each in report.contrasts] == ["pass", "fail"]


@pytest.mark.parametrize("items", [1, 2])
def test_one_item_or_one_cluster_decides_nothing(items):
    clusters = [0] * items
    for new in (answers(items), answers(items, harm=items)):
        report = held(of(new, clusters, texts=fresh(items)), of(answers(items), clusters))
        assert report.status == "inconclusive"


def test_more_repeats_on_one_side_compare_their_means():
    old, new = of([GOOD] * 300), of([["accept"] * 3] * 300, texts=[[f"{r}" for r in range(3)]] * 300)  # fmt: skip
    report = held(new, old)
    assert report.status == "pass"
    thrice = of([["accept", "redo", "harm"]] * 300, texts=[[f"{r}" for r in range(3)]] * 300)
    value = the(held(thrice, old), "value")
    assert value.new == pytest.approx((50 - 10 - 750) / 3 - 0.01)
    assert value.status == "fail"


def test_a_waiver_does_not_bear_a_rate_that_the_policy_names():
    changes = {
        "gates": [Gate(metric="high", lower_bound_95=1.0)],
        "rates": {"high": ObservedRate(title=Text(zh="高", en="High"), better="higher")},
    }
    policy = BUILT_IN.model_copy(
        update={
            "default": SuitePolicy.model_validate(
                {"waived": {"high": {"because": "known"}}, "rates": {"high": {"may_worsen_by": 0.1}}}
            ).over(BUILT_IN.default)
        }
    )  # fmt: skip
    old = of(answers(300, harm=200), suite_changes=changes)
    new = of(answers(300, harm=20), suite_changes=changes, texts=fresh(300))
    report = held(new, old, policy)
    assert the(report, "limit:high").waived == "known"
    assert (report.status, the(report, "rate:high").status) == ("fail", "fail")


def test_every_number_of_a_report_is_finite():
    policy = only(cost={"may_grow_by_share": 0.25}, latency={"may_grow_by_share": 0.0})
    for cost, latency_s in ((0.0, 0.0), (1e300, 1e-300), (None, None)):
        report = held(
            rerun(answers(40), cost=cost, latency_s=latency_s), rerun(answers(40)), policy
        )
        for each in report.contrasts[0].criteria:
            for name in ("old", "new", "difference", "low", "high", "catches", "power"):
                told = getattr(each, name)
                assert told is None or math.isfinite(told)
