import pytest

from bench.stats import wilson
from bench.value.history.build import break_even_usable, history
from bench.value.history.record import Adoption, AdoptionRow
from tests.past_runs import estimate, past

DAYS = ("2026-01-05", "2026-02-05", "2026-03-05", "2026-04-05", "2026-05-05")


def of(*runs, adoption=None, candidate="desk"):
    return history("s", runs, adoption).candidates[candidate]


def labelled(counts):
    rows = [AdoptionRow(date=day, figures={"labels": n}) for day, n in counts.items()]
    return Adoption(file="use.csv", rows=rows, changes=[])


def test_a_worked_example_by_hand():
    """41 % to 63 % usable, 2 to 5 a case, 2 % to 1 % harmful, 0.51 to 0.73 of a score, 4 to 3 seconds."""
    first = past(DAYS[0], 0.41, 2.0, 0.02)
    metrics = {"latency_p95": estimate(3.0, 1.0, unit="seconds", better="lower")}
    second = past(DAYS[1], 0.63, 5.0, 0.01, metrics=metrics)
    told = of(second, first).runs
    assert [each.run for each in told] == [f"run-{DAYS[0]}", f"run-{DAYS[1]}"]
    assert (told[0].since_first, told[0].since_previous) == (None, None)
    since = told[1].since_first
    assert since == told[1].since_previous
    assert since.usable.improvement == pytest.approx(0.22 / 0.41)
    assert since.usable.judgement == "better"
    assert since.value_per_case.difference.value == 3.0
    assert since.value_per_case.difference.low == pytest.approx(3 - 8**0.5)
    assert since.value_per_case.improvement == 1.5
    assert since.harm.improvement == pytest.approx(0.5)
    assert since.technical["number.value"].improvement == pytest.approx(0.22 / 0.51)
    assert since.business["latency_p95"].improvement == 0.25
    assert since.business["latency_p95"].judgement == "open"


def test_the_first_and_the_previous_run_are_told_apart():
    told = of(past(DAYS[0], 0.4), past(DAYS[1], 0.5), past(DAYS[2], 0.6)).runs[2]
    assert told.since_first.usable.improvement == pytest.approx(0.5)
    assert told.since_previous.usable.improvement == pytest.approx(0.2)


def test_runs_are_put_in_order_by_the_moment_not_by_the_clock_on_the_wall():
    east = past("2026-01-05", run_id="east", run_started="2026-01-05T09:00:00+08:00")
    west = past("2026-01-05", run_id="west", run_started="2026-01-05T02:00:00+00:00")
    assert [each.run for each in of(west, east).runs] == ["east", "west"]


def test_versions_of_a_suite_are_shown_and_not_compared():
    told = of(
        past(DAYS[0], 0.4), past(DAYS[1], 0.5, suite_version=2), past(DAYS[2], 0.6, suite_version=2)
    ).runs
    assert [("new_version" in each.marks, each.version) for each in told] == [(False, 1), (True, 2), (False, 2)]  # fmt: skip
    assert told[1].since_first is None
    assert told[2].since_first.run == f"run-{DAYS[1]}"


@pytest.mark.parametrize(
    ("changes", "mark"), [({"run_complete": False}, "incomplete"), ({"coverage": 0.8}, "thin")]
)
def test_a_run_without_all_its_answers_is_marked_and_no_measure_for_others(changes, mark):
    told = of(past(DAYS[0], 0.1, **changes), past(DAYS[1], 0.5), past(DAYS[2], 0.6), past(DAYS[3], 0.9, **changes)).runs  # fmt: skip
    assert told[0].marks == told[3].marks == [mark]
    assert told[3].since_first is None
    assert told[2].since_first.run == f"run-{DAYS[1]}"


def test_money_under_other_assumptions_is_marked_and_not_compared_but_shares_are():
    other = [{"name": "wage_per_hour", "low": 80, "base": 99, "high": 100}]
    told = of(past(DAYS[0], 0.4), past(DAYS[1], 0.5, suite_assumptions=other)).runs[1]
    assert told.marks == ["other_assumptions"]
    assert not told.since_first.same_assumptions
    assert (told.since_first.value_per_case, told.since_first.business) == (None, {})
    assert told.since_first.usable.improvement == pytest.approx(0.25)
    assert told.since_first.technical


def test_another_currency_is_no_comparison_of_money():
    told = of(past(DAYS[0]), past(DAYS[1], suite_currency="USD")).runs[1]
    assert told.since_first.value_per_case is None


def test_a_file_of_assumptions_is_named_and_equal_numbers_compare():
    own = {"run_assumptions_file": "own.yaml"}
    told = of(past(DAYS[0], **own), past(DAYS[1], **own)).runs[1]
    assert (told.marks, told.assumptions_file) == (["other_assumptions"], "own.yaml")
    assert told.since_first.same_assumptions


def test_a_draw_of_items_is_marked():
    assert of(past(DAYS[0], run_limit=20)).runs[0].marks == ["drawn"]


def test_the_usable_share_has_the_range_over_clusters_where_the_suite_measured_it():
    told = of(past(DAYS[0], 0.5)).runs[0]
    assert (told.usable.low, told.usable.high) == (0.44, 0.56)
    told = of(past(DAYS[0], 0.5, metrics={})).runs[0]
    assert (told.usable.low, told.usable.high) == wilson(150, 300, 0.9)
    assert told.harm.value == 0.02


def test_a_candidate_without_an_outcome_has_no_share_and_no_change():
    told = of(past(DAYS[0]), past(DAYS[1], outcomes=None, metrics={})).runs[1]
    assert told.usable.value is None
    assert told.since_first.usable is None


def test_candidates_have_their_own_histories_the_latest_first():
    told = history("s", [past(DAYS[1], candidate="new"), past(DAYS[0], candidate="old")], None)
    assert list(told.candidates) == ["new", "old"]
    assert len(told.candidates["old"].runs) == 1


def rising(**changes):
    return [past(day, share, **changes) for day, share in zip(DAYS, (0.4, 0.5, 0.56, 0.6, 0.62), strict=True)]  # fmt: skip


def test_a_curve_over_months_looks_one_step_ahead():
    curve = of(*rising()).curve
    assert curve.axis == "months"
    assert curve.x[1] == pytest.approx(31 / 30.4375)
    assert curve.ahead.x == pytest.approx(curve.x[-1] * 5 / 4)
    assert 0.62 < curve.ahead.usable.value < curve.ceiling.value
    assert curve.ahead.usable.low < curve.ahead.usable.value < curve.ahead.usable.high


def test_a_curve_needs_four_runs_of_the_latest_version_that_may_be_compared():
    runs = rising()
    assert (of(*runs[:3]).no_curve, of(*runs[:3]).fitted_runs) == ("few", 3)
    cut = past(DAYS[3], 0.6, run_complete=False)
    assert of(*runs[:3], cut).no_curve == "few"
    told = of(*runs[:4], past(DAYS[4], 0.6, suite_version=2))
    assert (told.curve, told.no_curve, told.fitted_runs) == (None, "few", 1)
    assert of(*runs[:4]).curve is not None


def test_labels_are_the_effort_where_the_adoption_file_counts_them():
    counts = dict(zip(("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"), (0, 100, 200, 400, 800), strict=True))  # fmt: skip
    told = of(*rising(), adoption=labelled(counts))
    assert (told.curve.axis, told.curve.x) == ("labels", [0, 100, 200, 400, 800])
    assert [str(each.adoption) for each in told.runs] == list(counts)
    late = of(*rising(), adoption=labelled({"2026-02-01": 100, "2026-03-01": 200, "2026-04-01": 400, "2026-05-01": 800}))  # fmt: skip
    assert late.curve.runs == [f"run-{day}" for day in DAYS[1:]]
    assert late.runs[0].adoption is None


@pytest.mark.parametrize(
    "counts", [{"2026-03-01": 5, "2026-04-01": 9}, {"2026-01-01": 5}, {"2026-01-01": None}]
)
def test_too_few_counts_of_labels_leave_the_months(counts):
    assert of(*rising(), adoption=labelled(counts)).curve.axis == "months"


def test_a_range_that_is_wider_than_counting_weighs_a_run_less():
    """As when 300 items come from few sources."""
    narrow = of(*rising()).curve.ceiling
    wide = [
        past(day, share, metrics={"right_first_time": estimate(share, 0.15)})
        for day, share in zip(DAYS, (0.4, 0.5, 0.56, 0.6, 0.62), strict=True)
    ]
    told = of(*wide).curve.ceiling
    assert told.high - told.low > narrow.high - narrow.low


def test_the_break_even_counts_usable_answers_alone():
    """70 % not redone, of which 2 in 52 are harmful."""
    told = past(DAYS[0], 0.5, harm=0.02, break_even_acceptance=0.7).suite.candidates["desk"]
    assert break_even_usable(told) == pytest.approx(0.7 * 50 / 52)
    curve = of(*rising(break_even_acceptance=0.5)).curve
    assert curve.break_even == pytest.approx(0.5 * 0.62 / 0.64)
    assert curve.to_break_even < curve.x[1]
    assert break_even_usable(past(DAYS[0], outcomes=None).suite.candidates["desk"]) is None
