"""A machine of one's own against an API, worked by hand."""

import pytest

from tests.across_run import outcomes, run, way


def priced(**price):
    told = {"currency": "CNY", "machine_hour": None, "input": None, "output": None} | price
    return way().model_copy(update={"price": told})


OWN, API = priced(machine_hour=20.0), priced(input=8.0, output=8.0)


def test_the_months_cost_and_the_volume_that_pays(tmp_path):
    """20 an hour is 14,600 a month. A case takes 0.006 h (0.12), of 15 tokens; the API asks 2.92 a case.

    1,000 cases keep the machine busy 6 of 730 hours, so a million tokens cost 14,600 / 0.015 = 973,333;
    14,600 / 2.92 = 5,000 cases pay, for which the machine has the time (30 hours).
    """
    ways = {"own": OWN, "api": API}
    told = {
        "own": [(each, {"cost": 0.12}) for each in outcomes(12)],
        "api": [(each, {"cost": 2.92}) for each in outcomes(12)],
    }
    _, across = run(tmp_path, ways, {"one": told})
    (found,) = across.hosting["one"]
    assert (found.own, found.api, found.machines) == ("own", "api", 1)
    assert found.utilisation == pytest.approx(6 / 730)
    assert (found.own_cost_per_month, found.api_cost_per_month) == pytest.approx((14_600, 2920))
    assert found.own_cost_per_million_tokens == pytest.approx(14_600 / 0.015)
    assert found.break_even_cases_per_month == pytest.approx(5000)


def test_no_volume_pays_where_a_full_machine_costs_more_a_case_than_the_api(tmp_path):
    told = {
        "own": [(each, {"cost": 0.12}) for each in outcomes(12)],
        "api": [(each, {"cost": 0.1}) for each in outcomes(12)],
    }
    _, across = run(tmp_path, {"own": OWN, "api": API}, {"one": told})
    assert across.hosting["one"][0].break_even_cases_per_month is None


def test_many_cases_need_more_machines(tmp_path):
    """20 a case is an hour; 1,000 of them need 1.37 machines, so two, busy 68 %."""
    told = {
        "own": [(each, {"cost": 20.0}) for each in outcomes(12)],
        "api": [(each, {"cost": 30.0}) for each in outcomes(12)],
    }
    _, across = run(tmp_path, {"own": OWN, "api": API}, {"one": told})
    (found,) = across.hosting["one"]
    assert (found.machines, found.own_cost_per_month) == (2, 29_200)
    assert found.utilisation == pytest.approx(1000 / 1460)


def test_nothing_is_said_where_a_price_is_unknown_or_both_are_of_one_kind(tmp_path):
    told = {name: outcomes(12) for name in ("own", "api")}
    _, across = run(tmp_path, {"own": OWN, "api": OWN}, {"one": told})
    assert across.hosting["one"] == []
    _, across = run(tmp_path / "b", {"own": OWN, "api": way()}, {"one": told})
    assert across.hosting["one"] == []
