"""The value per case taken apart: ten cases by hand, and the parts of any mixture.

A case takes a person 44 minutes at 90 an hour, which is 66; a review of 6 minutes is 9. Of ten answers five
are accepted, two edited (3 minutes, 4.5), one redone (66) and two harmful, half of which the reviewer
notices (66 each); the others lose 800. Calls are 0.012 a case, and 1000 fixed a month over 1000 cases is 1:

    66 - 9 - 0.2 * 4.5 - 0.1 * 66 - 0.2 * 0.5 * 66 - 0.2 * 0.5 * 800 - 0.012 - 1 = -38.112
"""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.suites.model import Assumption
from bench.value.flows import flows, placeholder_share
from bench.value.money import net_per_case
from tests.small_parts import answers, parts, supposed
from tests.small_run import SCORES, suite_of

TEN = ["accept"] * 5 + ["edit"] * 2 + ["redo"] + ["harm"] * 2
ABSOLUTE = 66 + 9 + 0.9 + 6.6 + 6.6 + 80 + 0.012 + 1
SOURCED = {
    "done_today_by.minutes": 44, "wage_per_hour": 90, "cases_per_month": 1000, "review.minutes": 6,
    "review.detects": 0.5, "edit.minutes": 2, "outcomes.3.minutes": 3, "loss.wrong_answer": 800,
    "loss.grave": 5000, "setup.cost": 1000, "monthly_cost": 1000,
}  # fmt: skip
slowly = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
rarely = settings(slowly, max_examples=4)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Ten items, whose numbers are all bare: placeholders."""
    return suite_of(tmp_path_factory.mktemp("small"), items=10)


@pytest.fixture(scope="module")
def ten(small):
    """The same with every number sourced."""
    return supposed(small, SOURCED)


@pytest.fixture(scope="module")
def erring(tmp_path_factory):
    """Twenty-four items in eight clusters; a person errs in 1 of 100 cases, as a wrong answer does."""

    def change(told):
        told["business"]["done_today_by"] |= {"error_rate": 0.01, "error_class": "wrong_answer"}

    return suite_of(tmp_path_factory.mktemp("erring"), items=24, per_cluster=3, change=change)


def flows_of(suite, kinds, **told):
    about, found = parts(suite, answers(kinds, **told))
    return flows(about, found["a"])


def by_code(found):
    return {
        each.code if each.error_class is None else each.error_class: each.per_case for each in found
    }


def unvouched(value):
    return Assumption(base=value, placeholder=True)


def test_ten_cases_fall_apart_into_the_parts_that_one_can_work_out(ten):
    found = flows_of(ten, TEN)
    assert by_code(found) == pytest.approx(
        {"today_work": 66, "review": -9, "edit": -0.9, "redo": -6.6, "noticed": -6.6, "wrong_answer": -80,
         "calls": -0.012, "fixed": -1}
    )  # fmt: skip
    assert sum(each.per_case for each in found) == pytest.approx(-38.112)


def test_a_part_names_the_assumptions_it_is_a_product_of(ten):
    time = ["done_today_by.minutes", "wage_per_hour"]
    assert {each.code: each.rests_on for each in flows_of(ten, TEN)} == {
        "today_work": time,
        "review": ["review.minutes", "wage_per_hour"],
        "edit": ["outcomes.3.minutes", "wage_per_hour"],
        "redo": time,
        "noticed": ["review.detects", *time],
        "escaped": ["review.detects", "loss.wrong_answer"],
        "calls": [],
        "fixed": ["monthly_cost", "cases_per_month"],
    }


@pytest.mark.parametrize(
    ("names", "doubtful"),
    [
        ((), 0),
        (("setup.cost", "loss.grave"), 0),
        (("loss.wrong_answer",), 80),
        (("review.detects",), 80 + 6.6),
        (("cases_per_month",), 1),
        (("done_today_by.minutes", "loss.wrong_answer"), 66 + 6.6 + 6.6 + 80),
        (("wage_per_hour",), 66 + 9 + 0.9 + 6.6 + 6.6),
    ],
)
def test_the_placeholder_share_is_the_money_of_which_a_placeholder_is_a_factor(
    ten, names, doubtful
):
    suite = supposed(ten, {name: unvouched(SOURCED[name]) for name in names})
    assert placeholder_share(flows_of(suite, TEN)) == pytest.approx(doubtful / ABSOLUTE)


def test_only_what_nobody_vouches_for_is_named_a_placeholder(ten):
    suite = supposed(ten, {"review.detects": unvouched(0.5), "setup.cost": unvouched(1000)})
    named = {each.code: each.placeholders for each in flows_of(suite, TEN) if each.placeholders}
    assert named == {"noticed": ["review.detects"], "escaped": ["review.detects"]}


def test_of_a_suite_of_bare_numbers_only_the_price_of_calls_is_vouched_for(small):
    """Nothing fixed a month and nothing noticed: 66 + 9 + 0.9 + 6.6 + 160 rest on placeholders, 0.012 does not."""
    found = flows_of(small, TEN)
    doubtful = 66 + 9 + 0.9 + 6.6 + 160
    assert placeholder_share(found) == pytest.approx(doubtful / (doubtful + 0.012))


@rarely
@given(order=st.permutations(sorted(SOURCED)))
def test_every_number_that_gets_a_source_lowers_the_placeholder_share_or_leaves_it(small, order):
    shares = [placeholder_share(flows_of(supposed(small, {"review.detects": unvouched(0.5)}), TEN))]
    for at in range(1, len(order) + 1):
        told = {name: SOURCED[name] for name in order[:at]}
        detects = {} if "review.detects" in told else {"review.detects": unvouched(0.5)}
        shares.append(placeholder_share(flows_of(supposed(small, told | detects), TEN)))
    assert shares[-1] == 0
    # The monthly cost, once told, is one more part that the cases per month may put in doubt.
    fixed = order.index("monthly_cost") + 1
    for stretch in (shares[:fixed], shares[fixed:]):
        assert stretch == sorted(stretch, reverse=True)


def test_errors_of_todays_way_are_saved_and_come_back_where_a_person_does_the_case(erring):
    """1 % of 800 is 8 a case: saved on all, lost again on the quarter that is done by hand (66 + 8)."""
    found = by_code(flows_of(erring, ["redo"] * 6 + ["accept"] * 18))
    assert found["today_errors"] == pytest.approx(8)
    assert found["redo"] == pytest.approx(-0.25 * 74)


def test_an_error_class_that_did_not_occur_is_no_part_and_one_that_did_is_its_own(ten):
    found = flows_of(ten, ["grave"] + ["harm"] * 2 + ["accept"] * 7)
    escaped = {each.error_class: each.per_case for each in found if each.code == "escaped"}
    assert escaped == pytest.approx({"grave": -0.1 * 0.5 * 5000, "wrong_answer": -0.2 * 0.5 * 800})
    assert [each.code for each in flows_of(ten, ["accept"] * 10)] == ["today_work", "review", "calls", "fixed"]  # fmt: skip


def test_edits_of_both_kinds_are_one_part_that_rests_on_both_their_minutes(ten):
    """Half at 3 minutes and half at 2, at 1.5 a minute."""
    (edit,) = (each for each in flows_of(ten, ["edit", "light edit"] * 5) if each.code == "edit")
    assert edit.per_case == pytest.approx(-(0.5 * 3 + 0.5 * 2) * 1.5)
    assert edit.rests_on == ["edit.minutes", "outcomes.3.minutes", "wage_per_hour"]


def test_without_an_outcome_there_are_no_parts_and_no_share(ten):
    found = flows_of(ten, ["failed"] * 10)
    assert found == []
    assert placeholder_share(found) is None


RANGES = {
    "done_today_by.minutes": (20, 44, 80), "wage_per_hour": (60, 90, 200), "cases_per_month": (100, 1000, 4000),
    "review.detects": (0.1, 0.5, 1), "done_today_by.error_rate": (0, 0.01, 0.2), "monthly_cost": (0, 900, 9000),
    "edit.minutes": (1, 2, 9), "outcomes.3.minutes": (0, 3, 4),
    "loss.grave": Assumption(low=50, base=5000, high=90_000, shape="lognormal", source="the test"),
    "loss.wrong_answer": Assumption(low=0, base=800, high=900, shape="triangular", source="the test"),
}  # fmt: skip


@slowly
@given(
    kinds=st.lists(st.sampled_from([*SCORES, "failed", None]), min_size=24, max_size=24),
    ranged=st.sets(st.sampled_from(sorted(RANGES))),
    cost=st.floats(0, 50),
)
def test_the_parts_of_any_mixture_add_up_to_its_net_value(erring, kinds, ranged, cost):
    suite = supposed(erring, {name: RANGES[name] for name in ranged})
    about, found = parts(suite, answers(kinds, cost=cost))
    told, net = flows(about, found["a"]), net_per_case(about, found["a"]).value
    if net is None:
        assert told == []
        return
    assert sum(each.per_case for each in told) == pytest.approx(net, rel=1e-9, abs=1e-9)
    assert all(each.per_case != 0 for each in told)
    assert all(set(each.placeholders) <= set(each.rests_on) for each in told)


@rarely
@given(seed=st.integers(0, 10**6))
def test_what_a_part_rests_on_moves_it_and_nothing_else_does(erring, seed):
    """Every assumption raised by a tenth: exactly the parts that name it change."""
    draw = random.Random(seed)
    suite = supposed(erring, {"review.detects": 0.5, "monthly_cost": 900})
    kinds = [draw.choice(list(SCORES)) for _ in range(24)]
    before = {_key(each): each for each in flows_of(suite, kinds)}
    stated = {name: each.base for name, each in suite.file.business.assumptions() if each.base > 0}
    for name, base in stated.items():
        raised = flows_of(supposed(suite, {name: base * 1.1}), kinds)
        moved = {
            key
            for key, part in ((_key(each), each) for each in raised)
            if part.per_case != pytest.approx(before[key].per_case, rel=1e-9)
        }
        assert moved == {key for key, part in before.items() if name in part.rests_on}, name


def _key(part):
    return part.code, part.error_class
