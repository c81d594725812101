"""All suites of a run together, by hand, and the deployment profiles of each."""

import pytest

from tests.across_run import AGAIN, USED, outcomes, run, way

TWO = {"a": way("x"), "b": way("y")}
HALF = (USED + AGAIN) / 2


def business(**changes):
    """Edits of `suite.yaml`: keys of the suite, or of its business."""

    def change(told):
        for key, value in changes.items():
            (told if key in told else told["business"])[key] = value

    return change


def worth(estimate):
    """Of a case, where a month has 1000."""
    return pytest.approx(estimate * 1000)


def only(across):
    [told] = across.portfolio.currencies
    return told


def test_links_and_stages_add_up_what_is_best_for_each_of_their_suites(tmp_path):
    suites = {
        "one": {"a": outcomes(12), "b": outcomes(6)},
        "two": {"a": outcomes(0), "b": outcomes(6)},
        "three": {"a": outcomes(6), "b": outcomes(0)},
    }
    changes = {"three": business(chain_link="research", stage="growth")}
    _, across = run(tmp_path, TWO, suites, changes)
    told = only(across)
    assert [each.name for each in told.links] == [
        "research", "production", "marketing", "service", "management"
    ]  # fmt: skip
    links = {each.name: each for each in told.links}
    assert links["service"].value.value == worth(USED + HALF)
    assert (links["service"].suites, links["service"].adopting) == (["one", "two"], 2)
    assert links["research"].value.value == worth(HALF)
    assert (links["production"].value.value, links["production"].suites) == (None, [])
    assert [each.name for each in told.stages] == [
        "exploration", "acceleration", "growth", "maturity"
    ]  # fmt: skip
    assert [each.value.value for each in told.stages][1:3] == [worth(USED + HALF), worth(HALF)]
    assert told.total.value == worth(USED + 2 * HALF)
    assert told.total.low < told.total.value <= told.total.high
    chosen = [(each.suite, each.candidate) for each in across.portfolio.suites]
    assert chosen == [("one", "a"), ("two", "b"), ("three", "a")]


def test_today_stays_at_zero_where_no_candidate_beats_it(tmp_path):
    suites = {"one": {"a": outcomes(12)}, "two": {"a": outcomes(0)}}
    found, across = run(tmp_path, {"a": way()}, suites)
    one, two = across.portfolio.suites
    assert one.value_per_month == found["one"].summary.candidates["a"].value_per_month
    assert (two.candidate, two.candidate_decision, two.decision) == (None, None, "stop")
    stays = two.value_per_month
    assert (stays.value, stays.low, stays.high, stays.n) == (0.0, 0.0, 0.0, 12)
    assert only(across).total.value == worth(USED)
    assert only(across).links[3].adopting == 1


def test_a_suite_that_was_not_measured_is_in_no_sum(tmp_path):
    suites = {"one": {"a": outcomes(12)}, "two": {"a": ["failed"] * 12}}
    _, across = run(tmp_path, {"a": way()}, suites)
    assert across.portfolio.suites[1].value_per_month.value is None
    told = only(across)
    assert (told.links[3].suites, told.one_for_all) == (["one"], None)
    assert told.total.value == worth(USED)


def test_suites_in_two_currencies_are_never_added(tmp_path):
    suites = {name: {"a": outcomes(12), "b": outcomes(6)} for name in ("one", "two", "three")}
    _, across = run(tmp_path, TWO, suites, {"two": business(currency="EUR")})
    yuan, euro = across.portfolio.currencies
    assert (yuan.currency, euro.currency) == ("CNY", "EUR")
    assert (yuan.total.value, euro.total.value) == (worth(2 * USED), worth(USED))
    assert (yuan.links[3].suites, euro.links[3].suites) == (["one", "three"], ["two"])
    assert euro.one_for_all is None
    assert across.triangle["two"].candidates["a"].other_suites == ["one", "three"]


def cheap_errors(mapping):
    """So cheap that none seen hardly widens a range."""
    losses = mapping["business"]["loss"]
    mapping["business"]["loss"] = {name: each | {"base": 1} for name, each in losses.items()}


def test_one_for_all_takes_the_harm_of_a_suite_as_it_is(tmp_path):
    """B is best alone (12 + 6 of 24 used, against 0 + 12), but a is better on the second suite."""
    suites = {
        "one": {"a": outcomes(0), "b": outcomes(12)},
        "two": {"a": outcomes(12), "b": outcomes(6)},
    }
    _, across = run(tmp_path, TWO, suites, dict.fromkeys(suites, cheap_errors))
    told = only(across).one_for_all
    assert [(each.candidate, each.value.value) for each in told.singles] == [
        ("b", worth(USED + HALF)),
        ("a", worth(USED + AGAIN)),
    ]
    assert told.single == "b"
    assert told.difference.value == worth(USED - HALF)
    assert told.difference.low > 0
    assert told.p_near < 0.1


def test_one_that_is_best_everywhere_is_as_good_as_the_best_per_suite(tmp_path):
    suites = {name: {"a": outcomes(9), "b": outcomes(6)} for name in ("one", "two")}
    _, across = run(tmp_path, TWO, suites)
    told = only(across).one_for_all
    assert (told.single, told.p_near) == ("a", 1.0)
    gap = told.difference
    assert (gap.value, gap.low, gap.high) == (0.0, 0.0, 0.0)


def test_a_candidate_that_missed_a_suite_is_not_one_for_all(tmp_path):
    suites = {"one": {"a": outcomes(9), "b": outcomes(6)}, "two": {"a": outcomes(9)}}
    _, across = run(tmp_path, TWO, suites)
    assert [each.candidate for each in only(across).one_for_all.singles] == ["a"]
    suites = {"one": {"b": outcomes(6)}, "two": {"a": outcomes(9)}}
    _, across = run(tmp_path / "none", TWO, suites)
    told = only(across).one_for_all
    assert (told.singles, told.single, told.difference.value, told.p_near) == ([], None, None, None)


def harmless(told):
    """Harm costs nothing, so that only the gate on it speaks against it."""
    told["business"]["loss"]["wrong_answer"]["base"] = 0


def test_a_broken_hard_gate_bars_a_candidate_whatever_it_is_worth(tmp_path):
    suites = {
        "one": {"a": outcomes(6), "b": ["harm"] * 12},
        "two": {"a": outcomes(6), "b": outcomes(9)},
    }
    found, across = run(tmp_path, TWO, suites, {"one": harmless})
    money = {n: each.value_per_month.value for n, each in found["one"].summary.candidates.items()}
    assert money["b"] > money["a"]
    assert [each.candidate for each in across.portfolio.suites] == ["a", "b"]
    told = only(across).one_for_all
    assert [(each.candidate, each.barred_in) for each in told.singles] == [
        ("b", ["one"]),
        ("a", []),
    ]
    assert told.single == "a"


def test_today_stays_where_every_candidate_is_barred(tmp_path):
    _, across = run(tmp_path, {"a": way()}, {"one": {"a": ["harm"] * 12}}, {"one": harmless})
    [told] = across.portfolio.suites
    assert (told.candidate, told.value_per_month.value) == (None, 0.0)


def test_an_assumption_that_suites_share_moves_them_together(tmp_path):
    """Hardly anything but the wage varies, so the widths of the intervals add up and not their squares."""
    wage = {"low": 60, "base": 90, "high": 150, "placeholder": True}
    suites = {name: {"a": outcomes(12)} for name in ("one", "two")}
    review = {"minutes": 6, "detects": 1}
    changes = {name: business(wage_per_hour=wage, review=review) for name in suites}
    _, across = run(tmp_path, {"a": way()}, suites, changes)
    widths = [e.value_per_month.high - e.value_per_month.low for e in across.portfolio.suites]
    whole = only(across).total
    assert widths[0] > 1000
    assert whole.high - whole.low == pytest.approx(sum(widths), rel=0.1)


def test_money_scales_with_the_currency(tmp_path):
    """Everything that is money seven times as much."""
    told = {"a": ["accept", "edit", "redo", "harm"] * 6, "b": ["accept", "accept", "redo"] * 8}
    dear = {
        "a": [(each, {"cost": 0.084}) for each in told["a"]],
        "b": [(each, {"cost": 0.084}) for each in told["b"]],
    }

    def times_seven(mapping):
        mapping["business"]["wage_per_hour"] *= 7
        mapping["business"]["loss"]["wrong_answer"]["base"] *= 7
        mapping["business"]["loss"]["grave"]["base"] *= 7

    _, one = run(tmp_path / "1", TWO, {"one": told, "two": told})
    changes = {"one": times_seven, "two": times_seven}
    _, seven = run(tmp_path / "7", TWO, {"one": dear, "two": dear}, changes)
    for before, after in (
        (only(one).total, only(seven).total),
        (only(one).links[3].value, only(seven).links[3].value),
        (only(one).one_for_all.difference, only(seven).one_for_all.difference),
    ):
        assert after.value == pytest.approx(7 * before.value)
        assert (after.low, after.high) == pytest.approx((7 * before.low, 7 * before.high))
    for name in TWO:
        before, after = (each.triangle["one"].candidates[name].economy for each in (one, seven))
        assert after.value == pytest.approx(before.value)


def test_profiles_stand_side_by_side_with_what_privacy_costs(tmp_path):
    """Public at best 9 of 12 used, at the edge 6, at ten times the seconds."""
    ways = {
        "far": way("x"),
        "farther": way("y", deployment=None),
        "here": way("z", deployment="edge"),
    }
    suites = {
        "one": {
            "far": outcomes(3),
            "farther": outcomes(9),
            "here": [(each, {"latency": 10.0, "cost": 0.5}) for each in outcomes(6)],
        }
    }
    found, across = run(tmp_path, ways, suites)
    told = across.profiles["one"]
    public, edge = told.rows
    assert (public.profile, public.candidates, public.best) == (
        "public",
        ["far", "farther"],
        "farther",
    )
    assert (edge.profile, edge.best) == ("edge", "here")
    here = found["one"].summary.candidates["here"]
    assert (edge.value_per_case, edge.p_positive) == (here.value_per_case, here.p_positive)
    assert edge.decision == here.verdict.decision
    assert (edge.latency_p50_s.value, edge.latency_p95_s.value) == (10.0, 10.0)
    assert (edge.cost_per_case.value, edge.cost_per_case.n) == (pytest.approx(0.5), 12)
    assert (edge.gates.held, edge.gates.open, edge.gates.broken) == (1, 0, 0)
    [cost] = told.privacy
    assert (cost.profile, cost.public, cost.closer) == ("edge", "farther", "here")
    assert cost.difference.value == pytest.approx(66 * 3 / 12 + 0.488)
    pair = next(e for e in found["one"].summary.pairs if (e.a, e.b) == ("farther", "here"))
    assert cost.difference.low == pytest.approx(-pair.difference.high)
    assert cost.difference.high == pytest.approx(-pair.difference.low)
    assert cost.p_public_better == pytest.approx(1 - pair.p_b_better)


def test_a_profile_of_which_nothing_was_measured_is_named_without_numbers(tmp_path):
    ways = {"far": way(), "near": way("y", deployment="private")}
    suites = {"one": {"far": outcomes(9), "near": ["failed"] * 12}}
    _, across = run(tmp_path, ways, suites)
    _, private = across.profiles["one"].rows
    assert (private.candidates, private.best, private.gates) == (["near"], None, None)
    assert private.value_per_case.value is None
    assert across.profiles["one"].privacy == []


def test_an_unknown_price_leaves_the_cost_per_case_unknown(tmp_path):
    suites = {"one": {"a": [(each, {"unpriced": True}) for each in outcomes(9)]}}
    _, across = run(tmp_path, {"a": way()}, suites)
    assert across.profiles["one"].rows[0].cost_per_case.value is None
    assert across.portfolio.suites[0].cost_known is False


def test_the_candidate_that_no_gate_bars_stands_for_its_profile(tmp_path):
    suites = {"one": {"a": outcomes(6), "b": ["harm"] * 12}}
    _, across = run(tmp_path, TWO, suites, {"one": harmless})
    assert across.profiles["one"].rows[0].best == "a"
    _, across = run(tmp_path / "b", {"b": way()}, {"one": {"b": ["harm"] * 12}}, {"one": harmless})
    row = across.profiles["one"].rows[0]
    assert (row.best, row.gates.broken) == ("b", 1)
