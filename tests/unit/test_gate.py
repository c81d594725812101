"""The gate itself: what passes, what fails, what stays open, and what is no comparison at all."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.errors import GateError
from bench.gate.policy_file import Pair, SuitePolicy
from bench.suites.model import Gate
from bench.types import Text
from bench.value.observed.record import Kind, ObservedItem, ObservedRate
from tests import observed_runs
from tests.gated_runs import BUILT_IN, GOOD, answers, fresh, held, only, the
from tests.observed_runs import of, run, suite

BAD = ["harm"]
LIMITED = {"gates": [Gate(metric="wrong_rate", upper_bound_95=0.05)]}


def test_the_same_answers_pass_where_clusters_leave_little_room_for_others():
    """29 clusters without a change leave at most 9.8 % of cases that are answered otherwise, 28 leave 10.1 %."""
    for clusters, status in ((29, "pass"), (28, "inconclusive")):
        outcomes = answers(60, redo=3, harm=1)
        spread = [at % clusters for at in range(60)]
        report = held(of(outcomes, spread), of(outcomes, spread))
        assert report.status == status
        assert the(report, "value").identical is (status == "pass")


def test_few_answers_pass_where_an_unchanged_question_went_to_the_cache_or_a_recording():
    old = of(answers(5, redo=1))
    part = old.suites["small"]
    one = part.candidates["desk"]
    cached = [each.model_copy(update={"cached": True}) for each in one.kinds]

    def now(**update):
        told = part.model_copy(update={"candidates": {"desk": one.model_copy(update=update)}})
        return held(run({"small": told}), old).status

    assert now(kinds=cached) == now(adapter="replay") == "pass"
    assert now() == now(kinds=cached, settings={"x": "bb"}) == "inconclusive"


def test_a_loss_beyond_the_margin_fails_on_money_and_says_how_much():
    """Of 300 items 60 that were right are wrong now: each loses 800, so a case loses 160."""
    report = held(
        of(answers(300, harm=60), texts=fresh(300, "new")),
        of(answers(300), texts=fresh(300, "old")),
    )
    value = the(report, "value")
    assert (report.status, value.status) == ("fail", "fail")
    assert report.exit_code == 1
    assert value.old == pytest.approx(50 - 0.01)
    assert value.difference == pytest.approx(-160)
    assert value.margin == pytest.approx(0.2 * 60)
    assert value.high < -value.margin


def test_a_small_loss_that_few_items_cannot_tell_from_none_is_inconclusive_and_names_the_items():
    report = held(
        of(answers(60, redo=4), texts=fresh(60, "new")), of(answers(60), texts=fresh(60, "old"))
    )
    assert report.status == "inconclusive"
    assert report.exit_code == 4
    assert report.contrasts[0].needed > 60


def test_enough_items_that_gained_and_lost_alike_pass():
    old = answers(2000, redo=100)
    new = [*old[50:], *old[:50]]
    report = held(of(new, texts=fresh(2000, "new")), of(old, texts=fresh(2000, "old")))
    assert report.status == "pass"


def test_what_is_done_again_loses_what_the_weights_say_and_failed_calls_bear_their_cost():
    one = observed_runs.candidate([["redo"], ["failed"], GOOD], cost=6.0)
    told = of([GOOD, GOOD, GOOD])
    new = run({"small": suite({"desk": one}, 3)})
    value = the(held(new, told, only(value={"may_fall_by": 1.0})), "value")
    assert value.old == pytest.approx(50 - 0.01)
    assert value.new == pytest.approx((-10 + 50) / 2 - 6 - 3)
    assert value.n == 2


def test_unknown_costs_are_left_out_of_both_sides():
    dear = run({"small": suite({"desk": observed_runs.candidate([GOOD] * 9, cost=20.0)}, 9)})
    unknown = run({"small": suite({"desk": observed_runs.candidate([GOOD] * 9, cost=None)}, 9)})
    value = the(held(unknown, dear), "value")
    assert (value.old, value.new) == (50, 50)
    assert the(held(unknown, dear), "cost").status == "not_known"


def test_an_enforced_quantity_that_nobody_knows_is_no_pass():
    unknown = run({"small": suite({"desk": observed_runs.candidate([GOOD] * 40, cost=None)}, 40)})
    report = held(unknown, unknown, only(cost={"may_grow_by_share": 0.1}))
    assert report.status == "inconclusive"


@pytest.mark.parametrize("outcome", ["failed", "scorer", None])
def test_a_run_without_any_outcome_fails(outcome):
    broken = of([[outcome]] * 20)
    assert held(broken, of([GOOD] * 20)).status == "fail"
    assert held(broken, broken).status != "pass"


def test_new_failures_fail_by_lost_coverage_and_are_named():
    report = held(of(answers(100, failed=30)), of(answers(100)))
    assert the(report, "coverage").status == "fail"
    assert len(report.contrasts[0].new_failures) == 30


def test_a_run_below_its_suites_coverage_floor_never_passes():
    thin = of(answers(100, failed=30))
    assert held(thin, thin).status == "inconclusive"


def test_a_run_that_is_not_complete_never_passes_and_exits_3():
    whole = of(answers(50))
    report = held(whole.model_copy(update={"complete": False}), whole)
    assert (report.status, report.exit_code) == ("inconclusive", 3)


def test_a_limit_that_is_surely_broken_fails_even_where_nothing_changed():
    broken = of(answers(100, harm=30), suite_changes=LIMITED)
    report = held(broken, broken)
    assert the(report, "limit:wrong_rate").status == "fail"
    assert report.status == "fail"


def test_a_waived_limit_warns_until_its_day_and_the_rate_may_still_not_rise():
    broken = of(answers(100, harm=30), suite_changes=LIMITED)
    policy = BUILT_IN.model_copy(
        update={
            "suites": {
                "small": SuitePolicy.model_validate(
                    {"waived": {"wrong_rate": {"because": "a new model is under way", "until": "2026-12-31"}}}
                )
            }
        }
    )  # fmt: skip
    import datetime as dt

    assert held(broken, broken, policy, today=dt.date(2026, 12, 31)).status == "pass"
    assert held(broken, broken, policy, today=dt.date(2027, 1, 1)).status == "fail"
    worse = of(answers(100, harm=70), suite_changes=LIMITED, texts=fresh(100, "new"))
    report = held(worse, broken, policy, today=dt.date(2026, 12, 31))
    assert the(report, "rate:wrong_rate").status == "fail"
    assert the(report, "limit:wrong_rate").waived == "a new model is under way"


def test_a_limit_that_is_not_proven_is_open_only_where_the_policy_asks_for_proof():
    few = of(answers(30), suite_changes=LIMITED)
    assert held(few, few).status == "pass"
    asked = BUILT_IN.model_copy(
        update={"default": SuitePolicy(limits="proven").over(BUILT_IN.default)}
    )
    report = held(few, few, asked)
    assert report.status == "inconclusive"
    assert report.contrasts[0].needed == 59


def test_a_soft_gate_of_the_suite_only_warns():
    soft = {"gates": [Gate(metric="wrong_rate", upper_bound_95=0.05, hard=False)]}
    broken = of(answers(100, harm=50), suite_changes=soft)
    report = held(broken, broken)
    assert the(report, "limit:wrong_rate").status == "fail"
    assert report.status == "pass"


def test_a_rate_that_should_be_high_fails_when_it_falls():
    told = {
        "rates": {"served": ObservedRate(title=Text(zh="办结率", en="Served"), better="higher")},
        "gates": [Gate(metric="served", lower_bound_95=0.5)],
    }
    # the kind `harm` meets the rate, `accept` does not
    old = of(answers(200, harm=180), suite_changes=told)
    new = of(answers(200, harm=40), suite_changes=told, texts=fresh(200, "new"))
    policy = only(rates={"served": {"may_worsen_by": 0.1}}, limits="broken")
    report = held(new, old, policy)
    assert the(report, "rate:served").status == "fail"
    assert the(report, "rate:served").difference == pytest.approx(-0.7)
    assert the(report, "limit:served").status == "fail"
    assert held(old, new, policy).status == "pass"


def test_slower_and_dearer_answers_warn_or_fail_as_the_policy_has_it():
    def made(cost, latency_s):
        one = observed_runs.candidate([GOOD] * 60, cost=cost, latency_s=latency_s)
        return run({"small": suite({"desk": one}, 60)})

    grown = held(made(0.02, 2.0), made(0.01, 1.0))
    assert grown.status == "pass"
    assert the(grown, "cost").status == the(grown, "latency").status == "fail"
    assert not the(grown, "cost").enforced
    counted = only(cost={"may_grow_by_share": 0.5}, latency={"may_grow_by_share": 0.5})
    assert held(made(0.02, 1.0), made(0.01, 1.0), counted).status == "fail"
    assert held(made(0.014, 1.4), made(0.01, 1.0), counted).status == "pass"


def test_a_changed_item_is_left_out_and_told():
    old = of(answers(40))
    part = old.suites["small"]
    items = [ObservedItem("i0", "ffffffff", 0), *part.items[1:39], ObservedItem("new", "00", 39)]
    new = old.model_copy(update={"suites": {"small": part.model_copy(update={"items": items})}})
    common = held(new, old).contrasts[0].common
    assert (common.items, common.changed, common.only_new, common.only_old) == (38, 1, 1, 1)


def test_no_item_in_common_is_an_error():
    old = of(answers(5))
    part = old.suites["small"]
    items = [ObservedItem(f"j{at}", "00", at) for at in range(5)]
    new = old.model_copy(update={"suites": {"small": part.model_copy(update={"items": items})}})
    with pytest.raises(GateError, match="no item in common"):
        held(new, old)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"judging": "cd"}, "scorers or rules changed"),
        ({"currency": "USD"}, "CNY then, USD now"),
        ({"candidates": {}}, "blessed candidate 'desk' has no answer"),
    ],
    ids=["judging", "currency", "candidates"],
)
def test_what_cannot_be_compared_is_an_error_that_says_why(change, told):
    old = of(answers(5))
    new = run({"small": old.suites["small"].model_copy(update=change)})
    with pytest.raises(GateError, match=told):
        held(new, old)


def test_no_suite_in_common_and_a_baseline_of_nothing_are_errors():
    old = of(answers(5))
    with pytest.raises(GateError, match="no suite in common"):
        held(run({"other": old.suites["small"]}), old)
    with pytest.raises(GateError, match="no suite in common"):
        held(old, run({}))
    empty = run({"small": suite({}, 5)})
    with pytest.raises(GateError, match="holds no candidate"):
        held(old, empty)


def test_a_policy_that_names_what_is_not_there_or_holds_nothing_is_an_error():
    one = of(answers(5))
    named = BUILT_IN.model_copy(update={"candidates": ["nobody"]})
    with pytest.raises(GateError, match="'nobody'"):
        held(one, one, named)
    elsewhere = BUILT_IN.model_copy(update={"suites": {"absent": SuitePolicy()}})
    with pytest.raises(GateError, match="'absent'"):
        held(one, one, elsewhere)
    with pytest.raises(GateError, match="nothing that could fail"):
        held(one, one, only())


def test_a_candidate_may_be_held_against_one_of_another_name():
    policy = BUILT_IN.model_copy(update={"candidates": [Pair(candidate="new", against="desk")]})
    report = held(of(answers(30), name="new"), of(answers(30)), policy)
    assert (report.contrasts[0].candidate, report.contrasts[0].against) == ("new", "desk")


def test_candidates_without_a_counterpart_are_told():
    part = of(answers(30)).suites["small"]
    more = part.model_copy(
        update={"candidates": {**part.candidates, "extra": part.candidates["desk"]}}
    )
    assert held(run({"small": more}), run({"small": part})).not_compared == ("small/extra",)


def test_flips_come_worst_first_with_both_texts():
    old = of([GOOD, GOOD, ["redo"], BAD, GOOD])
    new = of([BAD, ["redo"], GOOD, ["failed"], GOOD])
    report = held(new, old, texts=lambda side, _suite, _name, item, _repeat: f"{side} {item}")
    (contrast,) = report.contrasts
    told = [(each.item, each.old, each.new, round(each.money)) for each in contrast.flips]
    assert told == [
        ("i0", "accept", "harm", -800),
        ("i1", "accept", "redo", -60),
        ("i2", "redo", "accept", 60),
        ("i3", "harm", None, 750),
    ]
    assert (contrast.worse, contrast.better, contrast.new_failures) == (2, 2, ("i3",))
    assert contrast.flips[0].new_text == "new i0"
    assert contrast.flips[0].old_because.en == "right"
    assert contrast.flips[0].new_because.en == "wrong"


def test_repeats_are_averaged_by_item_before_anything_is_tested():
    """Ten repeats of five items are five items: they cannot pass as fifty would."""
    old = of([["accept"] * 10] * 5)
    new = of([["accept"] * 9 + ["redo"]] * 5, texts=[[f"n{r}" for r in range(10)]] * 5)
    assert the(held(new, old), "value").n == 5


def test_clusters_make_the_same_items_say_less():
    old, new = answers(100), answers(100, redo=8)
    texts = fresh(100, "new")
    alone = the(held(of(new, texts=texts), of(old)), "value")
    together = [at // 10 for at in range(100)]
    lumped = the(held(of(new, together, texts=texts), of(old, together)), "value")
    assert lumped.low < alone.low
    assert lumped.clusters == 10


def test_holm_counts_every_contrast_that_could_fail_and_no_other():
    one = of(answers(30), suite_changes=LIMITED)
    report = held(one, one)
    assert (
        report.contrasts_planned == 5
    )  # value, harm, rate, limit, coverage; cost and latency warn


def test_more_contrasts_make_a_failure_harder():
    """The same loss, held beside nothing and beside thirty rates."""
    names = [f"r{at}" for at in range(30)]
    rates = {each: ObservedRate(title=Text(zh=each, en=each), better="lower") for each in names}
    old, new = answers(200), answers(200, harm=6)
    points = {"may_worsen_by": 0.0}

    def failing(held_rates, changes):
        report = held(
            of(new, texts=fresh(200, "new"), suite_changes=changes),
            of(old, suite_changes=changes),
            only(harm=points, rates=held_rates),
        )
        return the(report, "harm")

    alone, beside = failing({}, {}), failing(dict.fromkeys(names, points), {"rates": rates})
    assert beside.level_worse < alone.level_worse
    assert beside.p_worse == alone.p_worse


def test_an_early_look_needs_stronger_evidence_than_the_last():
    new, old = of(answers(200, harm=12), texts=fresh(200, "new")), of(answers(200))
    policy = only(harm={"may_worsen_by": 0.02})
    early = the(held(new, old, policy, looks={"small": (0.1,)}), "harm")
    late = the(held(new, old, policy), "harm")
    assert early.level_worse < late.level_worse == pytest.approx(0.05)
    assert early.p_worse == late.p_worse
    assert early.low < late.low


def test_a_pass_that_only_luck_could_bring_is_inconclusive():
    """Ten gained and six lost of 100: within 5 points, where an unchanged candidate would be in one run of three."""
    old = [*[BAD] * 10, *[GOOD] * 6, *[GOOD] * 84]
    new = [*[GOOD] * 10, *[BAD] * 6, *[GOOD] * 84]
    policy = only(harm={"may_worsen_by": 0.05})

    def found(min_power):
        told = of(new, texts=fresh(100, "new")), of(old, texts=fresh(100, "old"))
        return the(held(*told, policy.model_copy(update={"min_power": min_power})), "harm")

    harm = found(0.5)
    assert harm.p_safe < 0.05
    assert harm.low < 0
    assert (harm.status, harm.low_power) == ("inconclusive", True)
    assert harm.needed > 100
    assert (found(0.2).status, found(0.2).low_power) == ("pass", False)


@pytest.mark.parametrize(("then", "code"), [("stop", 4), ("fail", 1), ("warn", 0), ("extend", 4)])
def test_what_an_inconclusive_gate_does_is_the_policys(then, code):
    policy = BUILT_IN.model_copy(
        update={"inconclusive": BUILT_IN.inconclusive.model_copy(update={"then": then})}
    )
    report = held(of(answers(20, redo=1), texts=fresh(20, "n")), of(answers(20)), policy)
    assert report.status == "inconclusive"
    assert report.exit_code == code


def test_an_outcome_without_a_price_is_an_error():
    odd = Kind(state="answered", outcome="harm", loss_class="unheard_of", rates="1")
    one = observed_runs.candidate([GOOD] * 3)
    changed = one.model_copy(update={"kinds": [odd, *one.kinds[1:]]})
    told = run({"small": suite({"desk": changed}, 3)})
    with pytest.raises(GateError, match="unheard_of"):
        held(told, told)


OUTCOMES = st.lists(
    st.lists(st.sampled_from(["accept", "edit", "redo", "harm", "failed", "scorer", None]), min_size=2, max_size=2),
    min_size=1,
    max_size=25,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(OUTCOMES, st.randoms(use_true_random=False))
def test_the_order_of_items_and_trials_changes_nothing(outcomes, random):
    order = list(range(len(outcomes)))
    random.shuffle(order)
    old = of([["accept", "redo"]] * len(outcomes))
    new = of(outcomes)
    part = new.suites["small"]
    one = part.candidates["desk"]
    trials = [each._replace(item=order.index(each.item)) for each in one.trials]
    random.shuffle(trials)
    shuffled = part.model_copy(
        update={
            "items": [part.items[at] for at in order],
            "candidates": {"desk": one.model_copy(update={"trials": trials})},
        }
    )
    first, second = held(new, old), held(run({"small": shuffled}), old)
    assert first.status == second.status
    for a, b in zip(first.contrasts[0].criteria, second.contrasts[0].criteria, strict=True):
        assert a.status == b.status
        for name in ("old", "new", "difference", "low", "high", "p_worse", "p_safe"):
            one_side, other = getattr(a, name), getattr(b, name)
            assert (one_side is None) == (other is None)
            assert one_side is None or math.isclose(one_side, other, rel_tol=1e-9, abs_tol=1e-9)


@settings(max_examples=60, deadline=None)
@given(OUTCOMES)
def test_nothing_passes_without_an_outcome_and_nothing_is_both_worse_and_safe(outcomes):
    new, old = of(outcomes), of([["accept", "accept"]] * len(outcomes))
    report = held(new, old)
    if not any(each in ("accept", "edit", "redo", "harm") for one in outcomes for each in one):
        assert report.status == "fail"
    for each in report.contrasts[0].criteria:
        assert each.p_worse is None or each.p_safe is None or max(each.p_worse, each.p_safe) >= 0.3
        for name in ("old", "new", "difference", "low", "high"):
            told = getattr(each, name)
            assert told is None or math.isfinite(told)
