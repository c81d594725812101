"""What each rung of the ladder adds, and where to stop."""

import pytest

from tests.across_run import outcomes, run, way
from tests.small_run import SCORES

ORDERED = {"e/rag": way(strategy="rag"), "e": way(), "e/few_shot": way(strategy="few_shot")}
MONTHS = 1000 * 36
"""Cases a month times undiscounted months of the horizon."""


def effort(**told):
    def change(mapping):
        mapping["business"]["effort"] = told

    return {"one": change}


def ladder(folder, ways, told, changes=None):
    """Over 36 months, with errors that cost next to nothing, so that none seen hardly widens a range."""

    def change(mapping):
        business = mapping["business"]
        business["horizon"] = {"months": 36}
        business["loss"] = {name: each | {"base": 1} for name, each in business["loss"].items()}
        (changes or {}).get("one", lambda _: None)(mapping)

    found, across = run(folder, ways, {"one": told}, {"one": change})
    [made] = across.ladders["one"]
    return found["one"].summary, made


def rising(direct, few_shot, rag=None):
    told = {"e": outcomes(direct, 40), "e/few_shot": outcomes(few_shot, 40)}
    return told if rag is None else told | {"e/rag": outcomes(rag, 40)}


def test_rungs_stand_in_the_order_of_effort_and_unknown_ones_above_by_name(tmp_path):
    names = ("tuned", "guarded", "vote", "cascade", "cot", "adapter", "rag", "direct", "few_shot")
    ways = {f"e/{name}": way(strategy=name) for name in names}
    _, made = ladder(tmp_path, ways, {name: outcomes(6) for name in ways})
    assert [each.strategy for each in made.rungs] == [
        "direct", "few_shot", "cot", "rag", "vote", "cascade", "guarded", "adapter", "tuned"
    ]  # fmt: skip
    assert [(each.below, each.above) for each in made.steps][-1] == ("e/adapter", "e/tuned")


def test_only_endpoints_asked_in_two_ways_have_a_ladder(tmp_path):
    ways = {"e": way(), "e/direct": way(), "f": way("f"), "f/rag": way("f", "rag")}
    _, made = ladder(tmp_path, ways, {name: outcomes(6) for name in ways})
    assert made.endpoint == "f"


def test_the_same_way_named_twice_is_one_rung(tmp_path):
    ways = {"e/direct": way(), "e": way(), "e/rag": way(strategy="rag")}
    _, made = ladder(tmp_path, ways, {name: outcomes(6) for name in ways})
    assert [each.candidate for each in made.rungs] == ["e/direct", "e/rag"]


def test_a_step_is_worth_what_it_gains_over_the_horizon_less_its_effort(tmp_path):
    """20 then 30 of 40 used, at 0.012 and 0.112 a call: 66 / 4 - 0.1 a case, 36 months, 5000 once."""
    told = {
        "e": outcomes(20, 40),
        "e/few_shot": [(each, {"cost": 0.112}) for each in outcomes(30, 40)],
    }
    _, made = ladder(tmp_path, ORDERED, told, effort(few_shot=5000))
    [step] = made.steps
    assert (step.below, step.above, step.months) == ("e", "e/few_shot", 36)
    assert step.value.value == pytest.approx(16.4)
    assert step.running_cost.value == pytest.approx(0.1)
    assert (step.running_cost.low, step.running_cost.high) == pytest.approx((0.1, 0.1))
    assert (step.effort.value, step.effort.n, step.unknown) == (5000, 0, [])
    assert step.gain.value == pytest.approx(16.4 * MONTHS)
    assert step.net.value == pytest.approx(16.4 * MONTHS - 5000)
    assert step.net.high == pytest.approx(step.gain.high - 5000)
    assert step.p_pays > 0.99
    assert step.verdict == "climb"
    assert (made.top, made.best) == ("e/few_shot", "e/few_shot")


def test_a_step_that_gains_less_than_its_effort_is_not_climbed(tmp_path):
    """10 / 40 * 66 * 36000 = 594000."""
    _, made = ladder(tmp_path, ORDERED, rising(20, 30), effort(few_shot=2_000_000))
    [step] = made.steps
    assert step.net.value == pytest.approx(594_000 - 2_000_000)
    assert (step.verdict, made.top, made.best) == ("stay", "e", "e")
    assert step.p_gains > 0.99


def test_the_top_lies_below_the_first_step_that_does_not_pay_and_the_best_may_lie_above(tmp_path):
    _, made = ladder(tmp_path, ORDERED, rising(20, 10, 35), effort(few_shot=10, rag=10))
    assert [each.verdict for each in made.steps] == ["stay", "climb"]
    assert (made.top, made.best) == ("e", "e/rag")


def test_an_effort_nobody_stated_leaves_open_whether_a_gain_pays(tmp_path):
    """The gain is then the most that preparing may cost."""
    _, made = ladder(tmp_path, ORDERED, rising(20, 30))
    [step] = made.steps
    assert (step.effort.value, step.net.value, step.p_pays) == (None, None, None)
    assert step.gain.value == pytest.approx(594_000)
    assert (step.unknown, step.verdict, made.top) == (["effort"], "open", "e")


def test_a_step_that_gains_nothing_needs_no_effort_to_be_refused(tmp_path):
    _, made = ladder(tmp_path, ORDERED, rising(30, 20))
    assert made.steps[0].verdict == "stay"


def test_a_step_of_unknown_price_is_left_open(tmp_path):
    told = {"e": outcomes(30), "e/few_shot": [(each, {"unpriced": True}) for each in outcomes(2)]}
    _, made = ladder(tmp_path, ORDERED, told, effort(few_shot=10))
    [step] = made.steps
    assert (step.running_cost.value, step.net.value, step.unknown) == (None, None, ["calls"])
    assert step.verdict == "open"


def test_a_step_that_chance_may_explain_is_open(tmp_path):
    told = {"e": outcomes(6), "e/few_shot": ["redo"] * 5 + ["accept"] * 7}
    _, made = ladder(tmp_path, ORDERED, told, effort(few_shot=0))
    assert 0.1 < made.steps[0].p_pays < 0.9
    assert made.steps[0].verdict == "open"


def test_a_rung_that_was_not_measured_is_passed_over(tmp_path):
    told = {"e": outcomes(20, 40), "e/few_shot": ["failed"] * 40, "e/rag": outcomes(30, 40)}
    _, made = ladder(tmp_path, ORDERED, told)
    assert [each.candidate for each in made.rungs] == ["e", "e/few_shot", "e/rag"]
    assert made.rungs[1].net_per_case.value is None
    assert [(each.below, each.above) for each in made.steps] == [("e", "e/rag")]


def test_a_ladder_of_which_nothing_was_measured_has_no_top(tmp_path):
    ways = ORDERED | {"f": way("f")}
    told = {"f": outcomes(6), "e": ["failed"] * 12, "e/rag": ["failed"] * 12}
    _, made = ladder(tmp_path, ways, told)
    assert (made.steps, made.top, made.best) == ([], None, None)


def test_rungs_with_no_item_in_common_have_a_step_without_numbers(tmp_path):
    told = {"e": ["accept"] * 6 + ["failed"] * 6, "e/rag": ["failed"] * 6 + ["accept"] * 6}
    _, made = ladder(tmp_path, ORDERED, told, effort(rag=5))
    [step] = made.steps
    assert (step.value.value, step.gain.value, step.net.value, step.p_gains) == (None,) * 4
    assert (step.verdict, step.unknown, made.top) == ("open", [], "e")


@pytest.mark.parametrize("fails", [(), (0, 7), (3,)])
@pytest.mark.parametrize("names", [("e", "e/rag"), ("e/rag", "e")])
def test_a_step_is_the_pair_of_the_suite_also_when_failures_differ(tmp_path, fails, names):
    every = [*SCORES, "accept", "accept"] * 4
    told = {
        "e": list(every),
        "e/rag": ["failed" if n in fails else each for n, each in enumerate(every[::-1])],
    }
    summary, made = ladder(tmp_path, {name: ORDERED[name] for name in names}, told)
    [step], [pair] = made.steps, summary.pairs
    sign = 1 if names == ("e", "e/rag") else -1
    low, high = sorted((sign * pair.difference.low, sign * pair.difference.high))
    assert step.value.value == pytest.approx(sign * pair.difference.value)
    assert (step.value.low, step.value.high) == pytest.approx((low, high))
    gained = (step.gain.low / MONTHS, step.gain.high / MONTHS)  # from draws of their own
    assert gained == pytest.approx((low, high), abs=0.05 * (high - low))
    assert (step.value.n, step.value.method) == (pair.difference.n, pair.difference.method)


def test_what_only_one_rung_answered_is_no_gain(tmp_path):
    """The upper one failed on the six that the lower one got wrong; on the others both are right."""
    told = {"e": outcomes(6), "e/rag": ["accept"] * 6 + ["failed"] * 6}
    _, made = ladder(tmp_path, ORDERED, told)
    [step] = made.steps
    told = (step.gain.value, step.gain.low, step.gain.high)
    assert told == pytest.approx((0.0, 0.0, 0.0), abs=1e-9)
    assert step.gain.n == 6
    assert (step.p_gains, step.verdict) == (0.0, "stay")


def test_extra_seconds_are_the_difference_of_the_medians(tmp_path):
    told = {
        "e": [("accept", {"latency": 1 + n / 100}) for n in range(12)],
        "e/rag": [("accept", {"latency": 3 + n / 10}) for n in range(12)],
    }
    _, made = ladder(tmp_path, ORDERED, told)
    seconds = made.steps[0].latency_p50_s
    assert seconds.value == pytest.approx(3.55 - 1.055)
    assert 2 < seconds.low < seconds.value < seconds.high < 3
    assert seconds.n == 12


def test_answers_that_were_not_timed_have_no_extra_seconds(tmp_path):
    told = {"e": outcomes(6), "e/rag": [("accept", {"latency": None})] * 12}
    _, made = ladder(tmp_path, ORDERED, told)
    assert made.steps[0].latency_p50_s.value is None
