"""The worth of knowing more: by hand, against the formulas for a normal belief, and in its order.

An accepted answer is worth 66 - 9 - 0.012 = 56.988, a redone one -9.012, a harmful one 57.012 less its loss;
a month holds 1000 cases, the decision is about twelve of them, and it takes 1000 to start: 1/12 a case.
"""

import math
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from bench.stats import evpi, evsi
from bench.suites.model import Assumption
from bench.value.information import information, learning
from tests.small_parts import answers, harmless, parts, supposed
from tests.small_run import SCORES, suite_of, with_business

CASES = 12_000
START = 1000 / CASES
RANGES = {
    "done_today_by.minutes": (20, 44, 60), "wage_per_hour": (50, 90, 150), "cases_per_month": (500, 1000, 3000),
    "review.detects": (0, 0.4, 0.9), "loss.wrong_answer": (100, 800, 1500), "monthly_cost": (0, 5000, 20_000),
}  # fmt: skip
BESIDE = {
    "setup.cost": (0, 1000, 9000), "horizon.discount_rate": (0, 0.05, 0.3), "horizon.ramp_up_months": (0, 3, 9),
    "next_round_cost": (0, 1, 2),
}  # fmt: skip
STARTING = BESIDE.keys() - {"next_round_cost"}
"""What has a part in the money decided about; the next round's cost is weighed against what it teaches."""
slowly = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Twenty-four items in twelve clusters."""
    return suite_of(tmp_path_factory.mktemp("small"), items=24, per_cluster=2)


@pytest.fixture(scope="module")
def sure(tmp_path_factory):
    """The same, and no answer can do harm: what every item showed is all there is."""
    return suite_of(tmp_path_factory.mktemp("sure"), items=24, per_cluster=2, change=harmless)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Four hundred items, each its own cluster; no answer can do harm."""
    return suite_of(tmp_path_factory.mktemp("many"), items=400, change=harmless)


def known(suite, *candidates):
    """What there is to learn before choosing among candidates, given as the outcomes of their answers."""
    names = "abc"[: len(candidates)]
    rows = [
        each for name, kinds in zip(names, candidates, strict=True) for each in answers(kinds, name)
    ]
    about, found = parts(suite, rows, tuple(names))
    return information(about, list(found.values()))


def worths(told):
    """Every worth by name."""
    return (
        {"perfect": told.perfect, "items": told.perfect_items, "assumptions": told.perfect_assumptions}
        | {each.items: each.worth for each in told.more_items}
        | {each.assumption: each.worth for each in told.by_assumption}
    )  # fmt: skip


def mixed(seed, kinds=tuple(SCORES)):
    draw = random.Random(seed)
    weights = [draw.random() ** 3 for _ in kinds]
    return draw.choices(kinds, weights, k=24)


def test_one_certain_gain_leaves_nothing_to_learn(sure):
    told = known(sure, ["accept"] * 24)
    assert set(worths(told).values()) == {0.0}
    assert (told.cases, told.spend_next, told.by_assumption) == (CASES, "nothing", [])


def test_what_can_change_no_decision_is_worth_nothing_however_uncertain(sure):
    """All accepted at a wage between 80 and 120: a gain at either end."""
    told = known(supposed(sure, {"wage_per_hour": (80, 90, 120)}), ["accept"] * 24)
    assert worths(told)["wage_per_hour"] == 0.0
    assert told.spend_next == "nothing"


def test_one_uncertain_loss_is_worth_what_the_integral_says(small):
    """Every answer is wrong and loses 0 to 100, uniformly: a value between -43.012 and 56.988, 6.988 on average.

    Known, one would keep today's way whenever the value does not earn the start: (43.012 + 1/12)^2 / (2 * 100)
    = 9.286 a case.
    """
    loss = Assumption(low=0, base=50, high=100, shape="uniform", source="the test")
    told = known(supposed(small, {"loss.wrong_answer": loss}), ["harm"] * 24)
    by_hand = (100 - 56.988 + START) ** 2 / 200 * CASES
    for name in ("perfect", "assumptions", "loss.wrong_answer"):
        assert worths(told)[name] == pytest.approx(by_hand, rel=0.03)
    assert told.perfect_items == 0.0
    assert told.spend_next == "assumptions"


def test_learning_about_items_alone_is_worth_what_a_normal_belief_says(many):
    """58 of 400 accepted: the mean and its spread are those of a binomial, near enough to a normal."""
    share = 58 / 400
    mean, sd = 66 * share - 9.012 - START, 66 * math.sqrt(share * (1 - share) / 400)
    told = known(many, ["accept"] * 58 + ["redo"] * 342)
    assert told.perfect_items / CASES == pytest.approx(evpi(mean, sd), rel=0.05)
    assert told.perfect == told.perfect_items
    for each, n in zip(told.more_items, (400, 1200, 3600), strict=True):
        assert each.items == n
        assert each.worth / CASES == pytest.approx(evsi(mean, sd, sd * 20, n), rel=0.07)
    assert told.spend_next == "items"


@slowly
@given(
    seeds=st.lists(st.integers(0, 10**6), min_size=1, max_size=3),
    ranged=st.sets(st.sampled_from(sorted(RANGES))),
)
@example(seeds=[7], ranged={"wage_per_hour"})  # ten thousand draws alone say otherwise
def test_the_whole_is_worth_at_least_its_parts_and_nothing_is_worth_less_than_nothing(
    small, seeds, ranged
):
    suite = supposed(small, {name: RANGES[name] for name in ranged} | BESIDE)
    told = known(suite, *[mixed(seed) for seed in seeds])
    assert min(worths(told).values()) >= 0
    more = [each.worth for each in told.more_items]
    singles = [each.worth for each in told.by_assumption]
    assert [*more, told.perfect_items] == sorted([*more, told.perfect_items])
    assert told.perfect >= max(told.perfect_items, told.perfect_assumptions)
    assert told.perfect_assumptions >= max(singles, default=0)
    assert singles == sorted(singles, reverse=True)
    assert {each.assumption for each in told.by_assumption} == ranged | STARTING
    assert learning(told) == max(more[0], told.perfect_assumptions)


@slowly
@given(seed=st.integers(0, 10**6))
def test_a_rival_makes_knowing_more_worth_no_less_than_it_was_for_the_best_alone(small, seed):
    """What is expected without learning stays the best's value; what is expected after it can only grow."""
    rivals = [mixed(seed), mixed(seed + 1)]
    suite = supposed(small, RANGES)
    alone = [known(suite, kinds) for kinds in rivals]
    about, found = parts(suite, [*answers(rivals[0]), *answers(rivals[1], "b")], ("a", "b"))
    nets = [float(np.nanmean(each.net)) for each in found.values()]
    assume(abs(nets[0] - nets[1]) > 1)  # so that there is no doubt who is the best
    best = alone[nets.index(max(nets))]
    both = information(about, list(found.values()))
    assert both.perfect_items >= best.perfect_items * (1 - 1e-9)
    assert both.perfect_assumptions >= best.perfect_assumptions * (1 - 1e-9)


def test_a_rival_that_is_the_same_or_always_worse_teaches_nothing(sure):
    kinds = ["accept"] * 4 + ["redo"] * 20
    worse = ["redo"] * 24
    alone, twice, beside = known(sure, kinds), known(sure, kinds, kinds), known(sure, kinds, worse)
    assert alone.perfect_items > 0
    assert worths(twice) == pytest.approx(worths(alone))
    assert worths(beside) == pytest.approx(worths(alone))


def test_two_rivals_of_equal_worth_on_other_items_are_worth_telling_apart(sure):
    """Both are sure to gain, so either alone leaves nothing to learn; which is better is open."""
    first, second = ["accept"] * 22 + ["redo"] * 2, ["redo"] * 2 + ["accept"] * 22
    assert known(sure, first).perfect_items == known(sure, second).perfect_items == 0
    assert known(sure, first, second).perfect_items > 0.01 * CASES


def over_six_months(suite):
    setup = suite.file.business.setup.model_copy(update={"months": 6})
    return with_business(suite, setup=setup)


@pytest.mark.parametrize(
    ("other", "times"),
    [(lambda suite: supposed(suite, {"cases_per_month": 3000}), 3), (over_six_months, 0.5)],
)
def test_worths_grow_with_the_volume_decided_about(small, other, times):
    suite = supposed(small, {"loss.wrong_answer": (100, 800, 1500), "setup.cost": 0})
    kinds = ["accept"] * 22 + ["harm"] * 2
    one, more = known(suite, kinds), known(other(suite), kinds)
    assert more.cases == times * one.cases
    assert one.perfect > 0
    expected = {name: worth * times for name, worth in worths(one).items()}
    assert worths(more) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("kinds", "ranged", "price", "told"),
    [
        (["accept"] * 4 + ["redo"] * 20, {}, None, "items"),
        (["accept"] * 4 + ["redo"] * 20, {}, 10, "items"),
        (["accept"] * 4 + ["redo"] * 20, {}, 1e9, "nothing"),
        (["harm"] * 24, {"loss.wrong_answer": (0, 50, 200)}, 10, "assumptions"),
        (["harm"] * 24, {"loss.wrong_answer": (0, 50, 200)}, 1e9, "nothing"),
        (["accept"] * 12 + ["failed"] * 12, {"loss.wrong_answer": (0, 50, 200)}, 1e9, "nothing"),
    ],
)
def test_the_next_money_goes_where_it_teaches_most_unless_it_costs_more_than_that(
    small, kinds, ranged, price, told
):
    more = {} if price is None else {"next_round_cost": price}
    found = known(supposed(small, ranged | more), kinds)
    assert (found.spend_next, found.next_round_cost) == (told, price)


def test_candidates_without_draws_take_no_part(small):
    """Fewer than two clusters have an outcome: nothing is known of how they would differ."""
    one_cluster = ["accept"] * 2 + ["failed"] * 22
    kinds = ["accept"] * 4 + ["redo"] * 20
    assert known(small, one_cluster) is None
    assert known(small, one_cluster, kinds) == known(small, kinds)
