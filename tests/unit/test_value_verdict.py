"""One test a row of the stages' table: what each adoption stage asks, and what keeps a verdict down."""

import dataclasses

import pytest

from bench.suites.model import SuiteFile
from bench.types import Estimate, Text
from bench.value.candidate_summary import (
    BusinessMetric,
    GateResult,
    Information,
    MoreItems,
    Sensitivity,
    SliceValue,
)
from bench.value.metrics import METRICS
from bench.value.verdict import Evidence, changes, items_to_be_sure, next_stage, resting, verdict
from tests.small_suite import SUITE

NAME = Text(zh="名", en="name")


def estimate(value):
    """A figure without spread, so that its bounds are itself."""
    return Estimate(value=value, low=value, high=value, level=0.9, n=40, method="")


def metric(name, value):
    of = METRICS[name]
    return BusinessMetric(
        **estimate(value).model_dump(), pillar=of.pillar, unit=of.unit, better=of.better, title=NAME
    )


def gate(*, held, hard=True, events=1):
    return GateResult(
        metric="wrong_rate", title=NAME, limit=0.05, bound=0.1, opposite_bound=0.01, side="upper", events=events, n=40, clusters=40,
        hard=hard, held=held, more_items=None if held is not None else 53,
    )  # fmt: skip


def a_slice(p, clusters=8, *, known_before=True, name="kind=odd"):
    return SliceValue(
        slice=name,
        title=NAME,
        known_before=known_before,
        items=20,
        clusters=clusters,
        value_per_case=estimate(9.0),
        p_positive=p,
    )


def assumption(*, placeholder=True, break_even=50.0):
    return Sensitivity(
        assumption="wage_per_hour",
        low=40,
        base=90,
        high=120,
        value_low=-5,
        value_high=20,
        break_even=break_even,
        placeholder=placeholder,
    )


SOUND = Evidence(
    coverage=1.0,
    clusters=40,
    value=estimate(20.0),
    p_positive=0.97,
    p_best=0.9,
    net=18.0,
    compared=1,
    information=None,
    gates=(gate(held=True),),
    slices=(),
    metrics={
        name: metric(name, value)
        for name, value in (("within_sla", 0.95), ("cost_per_accepted", 12.0), ("pass_hat_k", 0.95))
    },
    sensitivity=(assumption(break_even=-3.0),),
    human_cost=66.0,
    months=36,
    p_horizon=0.97,
)


VOUCHED = {
    name: {"met": True, "source": "audit"} for name in ("evidence_cited", "supplier", "data_policy")
}


def file_at(stage, attested=VOUCHED):
    business = SUITE["business"] | {"attested": attested}
    return SuiteFile.model_validate(SUITE | {"stage": stage, "business": business})


def worth_knowing(*, items, assumptions, price):
    """What knowing more is worth, in money over the volume of the decision."""
    return Information(
        cases=12_000, perfect=9000, perfect_items=8000, perfect_assumptions=assumptions,
        more_items=[MoreItems(items=40, worth=items)], by_assumption=[], next_round_cost=price, spend_next="items",
    )  # fmt: skip


def decided(stage="acceleration", attested=VOUCHED, **changed):
    file = file_at(stage, attested)
    found = verdict(file, dataclasses.replace(SOUND, **changed))
    return found.decision, [each.code for each in found.reasons]


@pytest.mark.parametrize(
    ("stage", "decision"),
    [
        ("exploration", "pilot"),
        ("acceleration", "deploy"),
        ("growth", "deploy"),
        ("maturity", "deploy"),
    ],
)
def test_a_candidate_with_everything_in_its_favour_gets_the_most_its_stage_gives(stage, decision):
    assert decided(stage)[0] == decision


def test_exploration_is_content_with_four_in_five_and_later_stages_are_not():
    assert decided("exploration", p_positive=0.81) == ("pilot", ["sure", "exploring"])
    assert decided("acceleration", p_positive=0.81)[0] == "iterate"


def test_exploration_pilots_where_a_slice_is_feasible_though_the_whole_is_not():
    assert decided("exploration", p_positive=0.4, slices=(a_slice(0.85),)) == (
        "pilot",
        ["slices", "exploring"],
    )


def test_exploration_goes_on_with_a_limit_not_proven_and_not_with_one_proven_broken():
    assert decided("exploration", gates=(gate(held=None),)) == (
        "pilot",
        ["sure", "gate_unproven_exploring", "exploring"],
    )
    assert decided("exploration", gates=(gate(held=False),)) == (
        "iterate",
        ["sure", "gate_broken", "exploring"],
    )


def test_exploration_pilots_nothing_that_was_seen_beyond_a_limit():
    seen = gate(held=None, events=3)
    assert decided("exploration", gates=(seen,)) == (
        "iterate",
        ["sure", "gate_pointing", "exploring"],
    )
    assert decided("exploration", gates=(gate(held=None, events=3, hard=False),))[0] == "pilot"


@pytest.mark.parametrize("stage", ["acceleration", "growth", "maturity"])
@pytest.mark.parametrize(("held", "code"), [(None, "gate_unproven"), (False, "gate_broken")])
def test_past_exploration_every_hard_limit_must_be_proven(stage, held, code):
    decision, codes = decided(stage, gates=(gate(held=True), gate(held=held)))
    assert (decision, codes) == ("iterate", ["sure", code])


def test_a_soft_limit_holds_nothing_back():
    assert decided(gates=(gate(held=False, hard=False),)) == ("deploy", ["sure"])


def test_acceleration_pilots_in_the_slices_that_pass():
    file = SuiteFile.model_validate(SUITE)
    found = verdict(
        file,
        dataclasses.replace(
            SOUND, p_positive=0.5, slices=(a_slice(0.99), a_slice(0.2, name="kind=even"))
        ),
    )
    assert (found.decision, found.slices) == ("pilot", ["kind=odd"])


@pytest.mark.parametrize(
    "slices",
    [
        (a_slice(0.99, known_before=False),),
        (a_slice(0.99, clusters=4),),
        (a_slice(0.93), a_slice(0.93), a_slice(0.1)),
        (a_slice(None),),
    ],
)
def test_no_pilot_in_a_slice_that_is_unknown_beforehand_thin_or_good_by_chance(slices):
    """Of three slices each has to reach 1 - 0.1 / 3."""
    assert decided(p_positive=0.5, slices=slices)[1] == ["gains_unsure"]


@pytest.mark.parametrize("stage", ["growth", "maturity"])
@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("within_sla", 0.89, "too_slow"), ("within_sla", None, "too_slow"), ("cost_per_accepted", 70.0, "accepted_too_dear"),
     ("cost_per_accepted", None, "accepted_too_dear")],
)  # fmt: skip
def test_growth_asks_for_speed_and_for_the_price_of_an_accepted_output(stage, name, value, code):
    metrics = SOUND.metrics | {name: metric(name, value)}
    assert decided(stage, metrics=metrics) == ("pilot", ["sure", code])
    assert decided("acceleration", metrics=metrics)[0] == "deploy"


def test_growth_asks_to_be_probably_the_best():
    assert decided("growth", p_best=0.79) == ("pilot", ["sure", "not_surely_best"])
    assert decided("growth", p_best=None)[0] == "pilot"


@pytest.mark.parametrize("reliable", [0.89, None])
def test_maturity_asks_for_reliability_over_repeats(reliable):
    metrics = SOUND.metrics | {"pass_hat_k": metric("pass_hat_k", reliable)}
    assert decided("maturity", metrics=metrics) == ("pilot", ["sure", "not_reliable"])
    assert decided("growth", metrics=metrics)[0] == "deploy"


@pytest.mark.parametrize("stage", ["exploration", "acceleration", "growth", "maturity"])
def test_coverage_below_the_floor_allows_no_conclusion(stage):
    assert decided(stage, coverage=0.79) == ("iterate", ["coverage"])


@pytest.mark.parametrize("stage", ["exploration", "acceleration", "growth", "maturity"])
@pytest.mark.parametrize("few", [{"clusters": 9}, {"p_positive": None}])
def test_too_few_clusters_allow_no_conclusion(stage, few):
    assert decided(stage, **few) == ("iterate", ["too_few"])


def test_a_placeholder_that_may_turn_the_value_negative_allows_a_pilot_at_most():
    assert decided(sensitivity=(assumption(),)) == ("pilot", ["sure", "placeholder"])
    assert decided(sensitivity=(assumption(placeholder=False),)) == ("deploy", ["sure"])
    assert decided(sensitivity=(assumption(break_even=39.0),)) == ("deploy", ["sure"])
    assert decided(sensitivity=(assumption(break_even=None),)) == ("deploy", ["sure"])


@pytest.mark.parametrize(
    ("items", "assumptions", "decision", "code"),
    [(6001, 0, "iterate", "open"), (0, 6001, "iterate", "open"), (5999, 5999, "stop", "not_worth")],
)
def test_a_candidate_that_is_no_gain_goes_on_while_learning_is_worth_more_than_it_costs(
    items, assumptions, decision, code
):
    told = worth_knowing(items=items, assumptions=assumptions, price=6000)
    found = decided(value=estimate(-5.0), net=-6.0, p_positive=0.3, information=told)
    assert found == (decision, [code])


def test_what_gains_on_average_is_not_thrown_away_for_want_of_certainty():
    """Knowing more is worth little where one would decide for it anyway."""
    told = worth_knowing(items=0, assumptions=0, price=6000)
    assert decided(p_positive=0.89, information=told) == ("iterate", ["gains_unsure"])


def test_nothing_is_deployed_that_may_not_earn_back_its_start():
    assert decided(p_horizon=0.89) == ("pilot", ["sure", "start_not_earned"])
    assert decided(p_horizon=None)[0] == "pilot"


def test_the_best_of_several_needs_a_better_chance():
    """Of four each has to reach 1 - 0.1 / 4."""
    assert decided(compared=4, p_positive=0.98, p_horizon=0.98)[0] == "deploy"
    assert decided(compared=4, p_positive=0.97)[0] == "iterate"


@pytest.mark.parametrize("missing", list(VOUCHED))
def test_maturity_asks_that_somebody_vouches_for_what_no_run_measures(missing):
    rest = {name: each for name, each in VOUCHED.items() if name != missing}
    assert decided("maturity", rest) == ("pilot", ["sure", f"not_attested_{missing}"])
    unmet = rest | {missing: {"met": False, "source": "audit"}}
    assert decided("maturity", unmet)[0] == "pilot"
    assert decided("growth", rest)[0] == "deploy"


def test_growth_is_judged_by_bounds_and_not_by_points():
    wide = metric("within_sla", 0.95).model_copy(update={"low": 0.85})
    metrics = SOUND.metrics | {"within_sla": wide}
    assert decided("growth", metrics=metrics) == ("pilot", ["sure", "too_slow"])


def test_the_next_stage_names_what_it_would_ask():
    asked = dataclasses.replace(SOUND, p_best=0.5, gates=(gate(held=None), gate(held=True)))
    found = next_stage(file_at("acceleration"), asked)
    assert found.stage == "growth"
    assert [each.code for each in found.unmet] == ["not_surely_best", "asks_gate"]
    assert next_stage(file_at("exploration"), dataclasses.replace(SOUND, p_positive=0.85)).unmet
    assert next_stage(file_at("maturity"), SOUND) is None
    assert next_stage(file_at("growth", {}), dataclasses.replace(SOUND, p_positive=None)) is None


@pytest.mark.parametrize(("p", "decision"), [(0.11, "iterate"), (0.09, "stop")])
def test_where_nobody_says_what_a_round_costs_a_chance_of_one_in_ten_is_worth_it(p, decision):
    assert decided(value=estimate(-5.0), net=-6.0, p_positive=p)[0] == decision


def test_a_stop_says_nothing_of_gates():
    assert decided(p_positive=0.01, net=-6.0, gates=(gate(held=False),)) == ("stop", ["not_worth"])


def test_every_ground_has_words_in_both_languages():
    file = file_at("maturity", {})
    nothing = dataclasses.replace(
        SOUND,
        metrics={},
        p_best=0.0,
        gates=(gate(held=None), gate(held=False)),
        sensitivity=(assumption(),),
    )
    for each in verdict(file, nothing).reasons:
        assert each.text.zh
        assert each.text.en
        assert "{" not in each.text.zh + each.text.en


def test_what_would_change_a_verdict_is_an_assumption_in_its_range_a_gate_or_more_items():
    rows = (assumption(), assumption(break_even=10.0))
    found = changes(rows, (gate(held=None), gate(held=True)), 40, 63, "iterate")
    told = [(each.kind, each.from_, each.to) for each in found]
    assert told == [("assumption", 90.0, 50.0), ("gate", 40.0, 93.0), ("items", 40.0, 103.0)]
    assert changes((), (), 40, None, "iterate") == []
    assert changes((), (gate(held=None),), 40, None, "stop") == []


def test_so_many_items_make_sure_if_the_mean_stays():
    """A mean of 20 is 1.2816 spreads above zero when the spread is 15.6; 40 items at 25 become 103."""
    assert 40 + items_to_be_sure(40, 20.0, 25.0, 0.0) == 103
    assert items_to_be_sure(40, 20.0, 25.0, 16.0) is None
    assert items_to_be_sure(40, 20.0, 15.0, 0.0) is None
    assert items_to_be_sure(40, -1.0, 25.0, 0.0) is None


def test_the_share_that_rests_on_placeholders_is_said_in_both_languages():
    assert resting(0.42).text.en.startswith("42%")
    assert "42%" in resting(0.42).text.zh
