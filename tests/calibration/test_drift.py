"""Drift, proved by simulation: bands that thousands of invented series must keep."""

import pytest

from tests.calibration import drift
from tests.calibration.findings import outside

pytestmark = pytest.mark.simulation


def test_a_model_that_did_not_change_is_left_in_peace():
    assert outside(drift.false_alarms(designs=("50 × 3",), candidates=(1,))) == []


def test_a_server_that_wavers_more_or_on_some_days_is_left_in_peace():
    assert outside(drift.hard_false_alarms()) == []


def test_another_model_that_changes_15_answers_in_100_is_found():
    assert outside(drift.found(series=1000)) == []
