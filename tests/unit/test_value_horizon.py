"""Money from the start to the end of a pilot, a year and the whole horizon, by hand.

Every answer is accepted: 66 of work saved, 9 of review, 0.012 of calls, 56.988 a case and 56,988 a month.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.value.money import horizons, payback
from tests.small_parts import answers, harmless, parts, supposed
from tests.small_run import suite_of, with_business

MONTH = 56_988
STRATEGIES = {"a": "few_shot", "b": "direct", "c": "tuned"}
slowly = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Twelve items whose answers do no harm; set-up 1000, a pilot of 3 months, a horizon of 36, neither
    discounting nor ramp-up.
    """

    def change(told):
        harmless(told)
        told["business"]["horizon"] = {"months": 36}

    return suite_of(tmp_path_factory.mktemp("plain"), change=change)


@pytest.fixture(scope="module")
def prepared(plain):
    """The same with 700 of effort to prepare `few_shot`, and 5000 for `tuned`."""
    efforts = {"few_shot": 700.0, "tuned": 5000.0}
    told = plain.file.business.setup.cost
    return with_business(
        plain, effort={name: told.model_copy(update={"base": each}) for name, each in efforts.items()}
    )  # fmt: skip


def money(suite, kinds=("accept",) * 12, name="a", strategies=None):
    """Name of the horizon -> the estimate, of one candidate."""
    about, found = parts(suite, answers(kinds, name), (name,), strategies=strategies)
    return {each.name: each.value for each in horizons(about, found[name])}


def values(suite, *more, **told):
    return {name: each.value for name, each in money(suite, *more, **told).items()}


def test_without_discounting_and_ramp_up_it_is_months_times_a_month_less_the_set_up(plain):
    assert values(plain) == pytest.approx(
        {"pilot": 3 * MONTH - 1000, "year": 12 * MONTH - 1000, "horizon": 36 * MONTH - 1000}
    )


def test_a_fixed_cost_is_borne_every_month(plain):
    fixed = supposed(plain, {"monthly_cost": 5000})
    assert values(fixed)["horizon"] == pytest.approx(36 * (MONTH - 5000) - 1000)


def test_a_ramp_up_delays_what_comes_by_case_and_not_what_is_fixed(plain):
    """Growing evenly over 4 months: 3^2 / (2 * 4) months of full use in a pilot of 3, two months lost later."""
    slow = supposed(plain, {"monthly_cost": 5000, "horizon.ramp_up_months": 4})
    found = values(slow)
    assert found["pilot"] == pytest.approx(1.125 * MONTH - 3 * 5000 - 1000)
    assert found["year"] == pytest.approx(10 * MONTH - 12 * 5000 - 1000)
    assert found["horizon"] == pytest.approx(34 * MONTH - 36 * 5000 - 1000)


def test_later_months_are_discounted_and_the_start_is_not(plain):
    """A year at 10 %, half of it to ramp up: 8.4599 months of use and 11.4005 months (horizon_factors)."""
    told = {"monthly_cost": 5000, "horizon.ramp_up_months": 6, "horizon.discount_rate": 0.1}
    later = values(supposed(plain, told))
    assert later["year"] == pytest.approx(8.4599 * MONTH - 11.4005 * 5000 - 1000, abs=4)
    terms = [1.1 ** (-month / 12) for month in range(1, 37)]
    shares = [min(1, (month - 0.5) / 6) for month in range(1, 37)]  # in the middle of the month
    used = sum(share * term for share, term in zip(shares, terms, strict=True))
    assert later["horizon"] == pytest.approx(used * MONTH - sum(terms) * 5000 - 1000)


@pytest.mark.parametrize(("name", "start"), [("a", 1700), ("b", 1000), ("c", 6000)])
def test_only_the_effort_of_a_candidates_own_strategy_is_spent_on_it(prepared, name, start):
    told = values(prepared, name=name, strategies=STRATEGIES)
    assert told["pilot"] == pytest.approx(3 * MONTH - start)


@pytest.mark.parametrize(("name", "start"), [("a", 1700), ("b", 1000), ("c", 6000)])
def test_the_start_is_paid_back_with_the_effort_in_it(prepared, name, start):
    about, found = parts(prepared, answers(["accept"] * 12, name), (name,), strategies=STRATEGIES)
    assert payback(about, found[name]).value == pytest.approx(start / MONTH)


def test_a_candidate_of_unknown_strategy_bears_the_set_up_alone(prepared):
    assert values(prepared)["pilot"] == pytest.approx(3 * MONTH - 1000)


def test_uncertain_beginnings_do_not_touch_the_value_of_a_case_and_widen_the_horizon(plain):
    told = {"setup.cost": (0, 1000, 50_000), "horizon.ramp_up_months": (0, 6, 18)}
    wide = money(supposed(plain, told))["horizon"]
    assert wide.low < wide.value < wide.high
    sure = money(plain)["horizon"]
    assert (sure.low, sure.high) == pytest.approx((sure.value, sure.value))
    # 9,000 of set-up on average (PERT), and half of the 7 months of ramp-up on average are lost
    assert wide.value == pytest.approx(36 * MONTH - 9000 - 3.5 * MONTH, rel=0.01)


def chances(suite, kinds=("accept",) * 12):
    about, found = parts(suite, answers(kinds))
    return [each.p_positive for each in horizons(about, found["a"])]


def test_the_chance_of_a_gain_by_the_end_of_a_horizon_knows_the_start_that_it_has_to_earn(plain):
    """Three months earn 170,964, a year 683,856: a start of 200,000 is earned within the year, not within the pilot."""
    assert chances(plain) == [1, 1, 1]
    assert chances(supposed(plain, {"setup.cost": 200_000})) == [0, 1, 1]
    assert chances(supposed(plain, {"setup.cost": 10**7})) == [0, 0, 0]
    assert chances(plain, ["failed"] * 12) == [None, None, None]
    even = chances(supposed(plain, {"setup.cost": (0, 12 * MONTH, 24 * MONTH)}))
    assert even[0] < 0.1
    assert even[1] == pytest.approx(0.5, abs=0.02)
    assert even[2] == 1


@slowly
@given(
    rate=st.floats(0, 1), ramp=st.floats(0.01, 60), setup=st.floats(0, 10**6), fixed=st.floats(0, 56_000)
)  # fmt: skip
def test_waiting_discounting_and_costs_never_add_to_a_gain(plain, rate, ramp, setup, fixed):
    told = {
        "horizon.discount_rate": rate, "horizon.ramp_up_months": ramp, "setup.cost": setup, "monthly_cost": fixed
    }  # fmt: skip
    worse, best = values(supposed(plain, told)), values(supposed(plain, {"setup.cost": 0}))
    assert all(worse[name] <= best[name] + 1e-6 for name in best)
    undelayed = values(supposed(plain, told | {"horizon.ramp_up_months": 0}))
    assert all(worse[name] <= undelayed[name] + 1e-6 for name in best)


@slowly
@given(accepted=st.integers(0, 12), fixed=st.floats(0, 60_000))
def test_a_gain_grows_with_the_months_and_so_does_a_loss(plain, accepted, fixed):
    kinds = ["accept"] * accepted + ["redo"] * (12 - accepted)
    suite = supposed(plain, {"monthly_cost": fixed, "horizon.discount_rate": 0.1})
    found = list(values(suite, kinds).values())
    month = accepted / 12 * 66_000 - 9012 - fixed
    assert found == sorted(found, reverse=month < 0)


def test_without_an_outcome_no_horizon_has_a_value_and_without_two_clusters_none_has_an_interval(
    plain,
):
    assert set(values(plain, ["failed"] * 12).values()) == {None}
    alone = money(plain, ["accept"] + ["failed"] * 11)["year"]
    assert (alone.value, alone.low, alone.high) == (pytest.approx(12 * MONTH - 1000), None, None)
