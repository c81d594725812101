"""What following the verdicts is worth a month, by hand (see `tests/across_run.py`)."""

import numpy as np
import pytest

from bench.value.across.portfolio import monthly
from bench.value.estimates import LEVEL
from tests.across_run import AGAIN, USED, outcomes, run, way

ONE = {"a": way()}
MONTH = 1000


def exploring(told):
    told["stage"] = "exploration"


def in_euros(told):
    told["business"]["currency"] = "EUR"


def test_only_what_is_deployed_or_piloted_counts(tmp_path):
    suites = {"good": {"a": outcomes(40, 40)}, "poor": {"a": outcomes(0, 40)}}
    found, across = run(tmp_path, ONE, suites)
    assert [each.summary.verdict.decision for each in found.values()] == ["deploy", "stop"]
    (told,) = across.advised
    assert [(each.suite, each.candidate, each.share) for each in told.suites] == [("good", "a", 1)]
    assert told.value.value == pytest.approx(MONTH * USED)
    assert told.value == found["good"].summary.candidates["a"].value_per_month


def test_a_pilot_counts_with_the_share_of_its_slices_which_lean_on_the_whole_by_one_cluster(
    tmp_path,
):
    mixed = ["accept", "redo"] * 20
    found, across = run(tmp_path, ONE, {"half": {"a": mixed}}, {"half": exploring})
    assert found["half"].summary.verdict.decision == "pilot"
    (told,) = across.advised[0].suites
    assert (told.slices, told.share) == (["kind=even"], 0.5)
    per_case = (20 * USED + (USED + AGAIN) / 2) / 21
    assert told.value.value == pytest.approx(MONTH * 0.5 * per_case)
    assert told.value.low < told.value.value <= told.value.high


def test_the_range_of_a_sum_is_that_of_the_joint_draws(tmp_path):
    suites = {
        "one": {"a": (["accept"] * 3 + ["redo"]) * 10},
        "two": {"a": (["accept"] * 4 + ["redo"]) * 8},
    }
    found, across = run(tmp_path, ONE, suites)
    (told,) = across.advised
    draws = sum(monthly(each, "a").draws for each in found.values())
    tail = (1 - LEVEL) / 2
    assert (told.value.low, told.value.high) == pytest.approx(np.quantile(draws, (tail, 1 - tail)))
    assert told.value.low > sum(each.value.low for each in told.suites)
    assert told.value.value == pytest.approx(sum(each.value.value for each in told.suites))


def test_currencies_are_never_added(tmp_path):
    suites = {"one": {"a": outcomes(40, 40)}, "two": {"a": outcomes(40, 40)}}
    _, across = run(tmp_path, ONE, suites, {"two": in_euros})
    assert [each.currency for each in across.advised] == ["CNY", "EUR"]


def test_where_no_verdict_advises_anything_there_is_no_sum(tmp_path):
    _, across = run(tmp_path, ONE, {"poor": {"a": outcomes(0, 40)}})
    assert across.advised == []
