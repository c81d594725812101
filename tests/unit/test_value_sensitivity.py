"""What one assumption does while the others stay, and where it turns the result: by hand and put to the test.

The worked example: 70 of 100 accepted, 2 harmful, 28 redone, at 0.012 each. With H for the work by hand, r * w for
a review and no reviewer who notices anything: 0.72 * H - r * w - 0.02 * loss - 0.012 = 22.508 at 44 and 6 minutes,
1.5 a minute and 800.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.suites.model import SHARES
from bench.value.money import horizons, net_per_case
from bench.value.sensitivity import sensitivity
from bench.value.verdict import decisive_placeholders
from tests.small_parts import answers, parts, supposed
from tests.small_run import SCORES, suite_of, with_business

EXAMPLE = ["accept"] * 70 + ["harm"] * 2 + ["redo"] * 28
VALUE = 22.508
slowly = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A hundred items; a horizon of 36 months."""

    def change(told):
        told["business"]["horizon"] = {"months": 36}

    suite = suite_of(tmp_path_factory.mktemp("plain"), items=100, change=change)
    cost = suite.file.business.setup.cost
    return with_business(suite, effort={"tuned": cost.model_copy(update={"base": 400.0})})


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """Twelve items; a person errs in 1 of 100 cases."""

    def change(told):
        told["business"]["done_today_by"] |= {"error_rate": 0.01, "error_class": "wrong_answer"}

    return suite_of(tmp_path_factory.mktemp("few"), change=change)


def rows_of(suite, kinds=tuple(EXAMPLE), strategy="direct"):
    """Assumption -> its row."""
    about, found = parts(suite, answers(kinds), strategies={"a": strategy})
    return {each.assumption: each for each in sensitivity(about, found["a"])}


def test_the_others_stand_at_their_means_not_at_their_likeliest(plain):
    """31 to 51 minutes, likeliest 44, are 43 on average (PERT); a wage of 60 is 1 a minute, of 150 2.5."""
    told = {"done_today_by.minutes": (31, 44, 51), "wage_per_hour": (60, 90, 150)}
    row = rows_of(supposed(plain, told))["wage_per_hour"]
    assert row.value_low == pytest.approx(0.72 * 43 - 6 - 16 - 0.012)
    assert row.value_high == pytest.approx(2.5 * (0.72 * 43 - 6) - 16 - 0.012)
    assert (row.low, row.base, row.high, row.of) == (60, 90, 150, "case")


def test_the_value_of_a_case_bears_its_share_of_the_fixed_cost(plain):
    fixed = supposed(plain, {"monthly_cost": 10_000, "cases_per_month": (500, 1000, 2000)})
    row = rows_of(fixed)["cases_per_month"]
    assert (row.value_low, row.value_high) == pytest.approx((VALUE - 20, VALUE - 5))


def test_what_a_case_does_not_know_is_told_in_money_of_the_horizon(plain):
    """Between 1,000 and 9,000 of set-up; 36 months of 22,508."""
    row = rows_of(supposed(plain, {"setup.cost": (1000, 2000, 9000)}))["setup.cost"]
    assert (row.of, row.value_low, row.value_high) == (
        "horizon",
        pytest.approx(36 * 22_508 - 1000),
        pytest.approx(36 * 22_508 - 9000),
    )


def test_the_widest_swing_comes_first_among_those_of_a_case_and_then_of_the_horizon(plain):
    told = {
        "wage_per_hour": (89, 90, 91), "loss.wrong_answer": (200, 800, 2000), "setup.cost": (0, 1000, 5000),
        "horizon.ramp_up_months": (0, 0, 12), "effort.tuned": (0, 400, 500),
    }  # fmt: skip
    found = list(rows_of(supposed(plain, told), strategy="tuned").values())
    kinds = [each.of for each in found]
    assert kinds == sorted(kinds)
    assert [each.assumption for each in found][:2] == ["loss.wrong_answer", "wage_per_hour"]
    horizon = [each.assumption for each in found if each.of == "horizon"]
    assert horizon == ["horizon.ramp_up_months", "setup.cost", "effort.tuned", "horizon.discount_rate"]  # fmt: skip


def test_only_the_effort_of_a_candidates_own_strategy_matters_to_it(plain):
    assert "effort.tuned" in rows_of(plain, strategy="tuned")
    assert "effort.tuned" not in rows_of(plain, strategy="direct")


@pytest.mark.parametrize(
    ("name", "told", "zero"),
    [
        ("loss.wrong_answer", {}, (0.72 * 66 - 9 - 0.012) / 0.02),
        ("done_today_by.minutes", {}, (9 + 16 + 0.012) / (0.72 * 1.5)),
        ("wage_per_hour", {}, 60 * 16.012 / (0.72 * 44 - 6)),
        ("review.minutes", {}, (0.72 * 66 - 16.012) / 1.5),
        ("monthly_cost", {}, 22_508),
        ("monthly_cost", {"monthly_cost": (0, 10_000, 30_000)}, 22_508),
        ("cases_per_month", {"monthly_cost": 10_000}, 10_000 / VALUE),
        ("cases_per_month", {"monthly_cost": 10_000, "cases_per_month": (400, 1000, 2000)}, 10_000 / VALUE),
        ("cases_per_month", {"monthly_cost": 10_000, "cases_per_month": (900, 1000, 2000)}, 10_000 / VALUE),
        ("cases_per_month", {"monthly_cost": 30_000}, 30_000 / VALUE),
        ("setup.cost", {}, 36 * 22_508),
        ("setup.cost", {"monthly_cost": 10_000}, 36 * 12_508),
    ],
)  # fmt: skip
def test_the_break_even_is_where_the_value_worked_out_by_hand_is_zero(plain, name, told, zero):
    assert rows_of(supposed(plain, told))[name].break_even == pytest.approx(zero)


def test_the_break_even_of_an_effort_is_all_that_the_horizon_brings_beyond_the_set_up(plain):
    row = rows_of(plain, strategy="tuned")["effort.tuned"]
    assert row.break_even == pytest.approx(36 * 22_508 - 1000)


def test_the_break_even_of_a_discount_rate_is_the_internal_rate_of_return(plain):
    """A month brings 22,508 at its end; at 20 % a year 36 of them are worth just what was paid at the start."""
    worth = sum(22_508 * 1.2 ** (-month / 12) for month in range(1, 37))
    rate = rows_of(supposed(plain, {"setup.cost": worth}))["horizon.discount_rate"]
    assert rate.break_even == pytest.approx(0.2)


def test_a_share_has_no_break_even_beyond_one(plain):
    """Every answer harmful: whoever noticed all of them would still lose the reviews, 9 a case."""
    rows = rows_of(plain, ["harm"] * 100)
    assert rows["review.detects"].break_even is None
    rewarding = supposed(plain, {"setup.cost": 1000})
    assert rows_of(rewarding)["horizon.discount_rate"].break_even is None


def test_what_does_not_touch_the_value_has_no_break_even(plain):
    rows = rows_of(plain)
    for name in ("edit.minutes", "outcomes.3.minutes", "loss.grave", "review.detects"):
        assert rows[name].break_even is None
    assert rows["cases_per_month"].break_even is None  # without a fixed cost


def test_a_break_even_out_of_reach_of_the_range_is_not_decisive(plain):
    """At 444 cases a month the fixed cost is not earned; nobody says that it may be fewer than 900."""
    unvouched = {"low": 900.0, "high": 2000.0, "placeholder": True, "source": None}
    told = supposed(plain, {"monthly_cost": 10_000, "cases_per_month": 1000})
    cases = told.file.business.cases_per_month.model_copy(update=unvouched)
    rows = list(rows_of(with_business(told, cases_per_month=cases)).values())
    assert "cases_per_month" not in decisive_placeholders(rows)
    lower = cases.model_copy(update={"low": 400.0})
    rows = list(rows_of(with_business(told, cases_per_month=lower)).values())
    assert "cases_per_month" in decisive_placeholders(rows)


NAMES = {
    "done_today_by.minutes": (5, 90), "done_today_by.error_rate": (0, 0.2), "wage_per_hour": (20, 200),
    "cases_per_month": (50, 5000), "review.minutes": (0, 30), "review.detects": (0, 1), "edit.minutes": (0, 20),
    "loss.wrong_answer": (0, 3000), "loss.grave": (0, 9000), "monthly_cost": (0, 50_000),
    "setup.cost": (0, 200_000), "horizon.discount_rate": (0, 0.4), "horizon.ramp_up_months": (0, 24),
}  # fmt: skip


@slowly
@given(
    kinds=st.lists(st.sampled_from([*SCORES, "accept", "accept"]), min_size=12, max_size=12),
    shares=st.fixed_dictionaries({name: st.integers(0, 100) for name in NAMES}),
)
def test_at_every_break_even_the_value_is_zero(few, kinds, shares):
    """The engine at the other number, everything else as it was, finds nothing gained and nothing lost."""
    told = {name: low + shares[name] / 100 * (high - low) for name, (low, high) in NAMES.items()}
    suite = supposed(few, told)
    for name, row in rows_of(suite, kinds).items():
        if row.break_even is None:
            continue
        assert row.break_even <= (1 if name in SHARES else 1e10), name
        about, found = parts(supposed(suite, {name: row.break_even}), answers(kinds))
        horizon = horizons(about, found["a"])[-1].value.value
        zero = net_per_case(about, found["a"]).value if row.of == "case" else horizon
        reach = max(abs(row.value_low), abs(row.value_high), 1)
        assert zero == pytest.approx(0, abs=1e-5 * reach), name
