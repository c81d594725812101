"""What holds of a suite's whole summary, whatever the candidates answered."""

import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bench.suites.model import Assumption
from bench.value.verdict import ORDER
from tests.full_run import ITEMS, full_suite, leaves, run
from tests.small_parts import answers, supposed
from tests.small_run import assessed

slowly = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a seed has nothing that could shrink
)
seeds = st.integers(0, 10**6)


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """Every part of a summary has something to say."""
    return full_suite(tmp_path_factory.mktemp("suite"))


def summary(suite, rows, names, **told):
    return assessed(suite, rows, tuple(names), repeats=2, **told)


def assert_alike(one, other):
    """Equal, numbers but for rounding."""
    ours, yours = dict(leaves(one)), dict(leaves(other))
    assert ours.keys() == yours.keys()
    for path, each in ours.items():
        if isinstance(each, float):
            assert yours[path] == pytest.approx(each, rel=1e-9, abs=1e-9), path
        else:
            assert yours[path] == each, path


@slowly
@given(seed=seeds)
def test_other_names_change_no_number(suite, seed):
    """Names that sort the other way round, and not a character beside them changes."""
    told = [
        summary(suite, run(seed, first) + run(seed + 1, second), (first, second)).model_dump_json()
        for first, second in (("Aurora", "Borealis"), ("Zenith", "Azimuth"))
    ]
    assert told[0].replace("Aurora", "Zenith").replace("Borealis", "Azimuth") == told[1]


@slowly
@given(seed=seeds)
def test_the_order_of_rows_changes_nothing(suite, seed):
    rows = run(seed) + run(seed + 1, "b")
    shuffled = random.Random(seed).sample(rows, len(rows))
    one, other = (summary(suite, each, "ab").model_dump() for each in (rows, shuffled))
    assert_alike(one, other)


OF_RIVALS = {"p_best", "rank", "verdict", "next_stage"}
"""What is said of a candidate that its rivals have a part in."""


@slowly
@given(seed=seeds)
def test_a_copy_of_a_candidate_changes_no_estimate_and_flatters_nobody(suite, seed):
    rows = run(seed) + run(seed + 1, "b")
    before = summary(suite, rows, "ab")
    best = max("ab", key=lambda name: before.candidates[name].p_best or 0)
    copied = run(seed if best == "a" else seed + 1, "copy")
    after = summary(suite, rows + copied, ("a", "b", "copy"))
    for name in "ab":
        one, other = before.candidates[name], after.candidates[name]
        assert_alike(one.model_dump(exclude=OF_RIVALS), other.model_dump(exclude=OF_RIVALS))
        assert other.p_best <= one.p_best + 1e-12
        assert other.rank[1] >= one.rank[1]
        assert ORDER.index(other.verdict.decision) <= ORDER.index(one.verdict.decision)
    gaps = {(pair.a, pair.b): pair for pair in after.pairs}
    (alone,) = before.pairs
    assert gaps["a", "b"].difference.model_dump() == pytest.approx(alone.difference.model_dump())
    assert (gaps["a", "b"].p_value or 0) >= (alone.p_value or 0)
    assert gaps[best, "copy"].difference.value == pytest.approx(0, abs=1e-9)
    assert after.candidates[best].rank[1] >= 2


@slowly
@given(seed=seeds, failing=st.floats(0, 1))
def test_what_fails_for_one_candidate_changes_no_estimate_of_another(suite, seed, failing):
    mine = run(seed)
    told = [
        summary(suite, mine + run(seed + 1, "b", share), "ab").candidates["a"]
        for share in (0, failing)
    ]
    assert_alike(*(each.model_dump(exclude=OF_RIVALS) for each in told))


@slowly
@given(seed=seeds, dearer=st.floats(1, 1000))
def test_a_higher_price_raises_no_value(suite, seed, dearer):
    cheap, dear = (
        summary(suite, run(seed, cost=cost), "a").candidates["a"] for cost in (0.01, 0.01 * dearer)
    )
    assert_no_better(dear, cheap)


@slowly
@given(seed=seeds, wasted=st.integers(1, ITEMS), cost=st.floats(0, 100))
def test_money_of_answers_that_came_to_nothing_raises_no_value(suite, seed, wasted, cost):
    """Beside the first answers of a run, second ones that no scorer could read."""
    first = [row for row in run(seed) if row.answer.repeat == 0]
    broken = answers(["broken"] * wasted, repeat=1, cost=cost)
    lean, wasteful = (
        summary(suite, rows, "a").candidates["a"] for rows in (first, [*first, *broken])
    )
    assert_no_better(wasteful, lean)


def assert_no_better(worse, better):
    for name in ("value_per_case", "net_per_case", "value_per_month"):
        for part in ("value", "low", "high"):
            assert (
                getattr(getattr(worse, name), part) <= getattr(getattr(better, name), part) + 1e-6
            )
    for one, other in zip(worse.horizons, better.horizons, strict=True):
        assert one.value.value <= other.value.value + 1e-6
    assert worse.p_positive <= better.p_positive
    assert worse.tail.draws <= better.tail.draws + 1e-6
    assert worse.tail.cases <= better.tail.cases + 1e-6


def estimates(told, path=()):
    """Every estimate of a dumped summary."""
    for name, each in told.items() if isinstance(told, dict) else enumerate(told):
        if isinstance(each, dict) and {"value", "low", "high", "level"} <= each.keys():
            yield (*path, name), each
        if isinstance(each, (dict, list, tuple)):
            yield from estimates(each, (*path, name))


@slowly
@given(seed=seeds, failing=st.sampled_from([0.0, 0.2, 0.9]))
def test_every_interval_holds_its_point_and_every_share_is_one(suite, seed, failing):
    rows = run(seed, failing=failing) + run(seed + 1, "b", failing)
    told = summary(suite, rows, "ab").model_dump()
    found = list(estimates(told))
    assert len(found) > 50
    for path, each in found:
        assert each["low"] is None or each["low"] <= each["value"], path
        assert each["high"] is None or each["value"] <= each["high"], path
        if each.get("unit") == "share" and each["low"] is not None:
            assert 0 <= each["low"] <= each["high"] <= 1, path
    for path, each in leaves(told):
        if path[-1] in ("p_positive", "p_best", "p_value", "p_b_better", "coverage") and each is not None:  # fmt: skip
            assert 0 <= each <= 1, path
        assert not isinstance(each, float) or each - each == 0, path  # neither infinite nor NaN


def test_no_figure_about_a_single_item_has_an_interval(suite):
    """Only item 0 of those answered is one that nobody serves today."""
    told = summary(suite, answers(["accept", "redo", "accept"]), "a").model_dump()
    alone = {path: each for path, each in estimates(told) if each["n"] == 1}
    assert ("candidates", "a", "metrics", "served_share_of_unserved") in alone
    assert {(each["low"], each["high"]) for each in alone.values()} == {(None, None)}


@slowly
@given(seed=seeds, wage=st.floats(5, 90), loss=st.floats(0, 5000))
def test_nothing_is_deployed_on_a_placeholder_that_may_turn_the_result(suite, seed, wage, loss):
    draw = random.Random(seed)
    kinds = draw.choices(["accept", "edit", "redo", "harm"], [8, 2, draw.random() * 3, draw.random()], k=ITEMS)  # fmt: skip
    business = supposed(suite, {"wage_per_hour": (wage, 90, 200), "loss.wrong_answer": (0, loss, 3 * loss)})  # fmt: skip
    told = assessed(unvouched(business), answers(kinds))
    one = told.candidates["a"]
    assert not (told.verdict.decisive_placeholders and told.verdict.decision == "deploy")
    if one.verdict.decision == "deploy":
        assert all(gate.held is True for gate in one.gates if gate.hard)
        assert one.p_positive >= 0.9
        assert one.coverage >= told.coverage_floor


def unvouched(suite):
    """The same numbers, and nobody vouches for any."""
    told = {
        name: each.model_copy(update={"placeholder": True, "source": None})
        for name, each in suite.file.business.assumptions()
    }
    return supposed(
        suite,
        {name: Assumption(**each.model_dump(exclude={"title"})) for name, each in told.items()},
    )


@pytest.mark.parametrize(
    ("wage", "vouched", "decision"),
    [((60, 90, 150), True, "deploy"), ((60, 90, 150), False, "deploy"), ((0.01, 90, 150), False, "pilot"), ((0.01, 90, 150), True, "deploy")],
)  # fmt: skip
def test_the_same_gain_is_deployed_once_somebody_vouches_for_what_may_turn_it(
    suite, wage, vouched, decision
):
    """At a cent an hour nothing pays a call of 0.012; from 60 on everything does."""
    told = supposed(
        suite, {"wage_per_hour": wage, "monthly_cost": 0, "done_today_by.error_rate": 0}
    )
    found = assessed(told if vouched else unvouched(told), answers(["accept"] * ITEMS))
    assert found.verdict.decision == decision
    assert found.verdict.decisive_placeholders == ([] if vouched or wage[0] > 1 else ["wage_per_hour"])  # fmt: skip
