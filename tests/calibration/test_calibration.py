"""The statistics, proved by simulation: every rule is a band that thousands of invented runs must keep."""

import numpy as np
import pytest

from tests.calibration import (
    best,
    comparisons,
    coverage,
    gate,
    gate_runs,
    limits,
    sequential_gate,
)
from tests.calibration.findings import outside
from tests.calibration.populations import copied_events, events

pytestmark = pytest.mark.simulation


def test_a_nominal_interval_of_a_mean_covers_as_often_as_it_says_and_not_without_its_clusters():
    assert outside(coverage.of_a_mean()) == []


def test_a_nominal_interval_of_a_paired_difference_covers_as_often_as_it_says():
    assert outside(coverage.of_a_paired_difference()) == []


@pytest.mark.parametrize("harm", [0.0, 0.08, 0.2])
def test_a_nominal_interval_of_the_value_per_case_covers_as_often_as_it_says(harm):
    assert outside(coverage.of_value_per_case(harm)) == []


def test_rare_harm_does_not_break_the_interval_of_the_value_per_case():
    assert outside(coverage.of_value_per_case(0.02, bands=coverage.RARE)) == []
    unseen = coverage.of_value_per_case(0.02, sizes=coverage.SEVENTEEN_PAIRS, bands=coverage.UNSEEN)
    assert outside(unseen) == []


def test_candidates_that_are_equal_seldom_differ_and_losses_are_caught():
    assert outside(comparisons.all_findings()) == []


@pytest.mark.parametrize("design", limits.DESIGNS)
def test_a_gate_seldom_passes_a_candidate_exactly_at_its_limit(design):
    assert outside(limits.at_the_limit(designs=(design,))) == []


def test_a_gate_seldom_passes_one_whose_errors_are_copied_within_clusters():
    assert outside(limits.at_the_limit(copied_events, designs=("30 × 10", "80 × 3"))) == []


def test_a_gate_is_seldom_called_broken_at_its_limit():
    assert outside(limits.wrongly_broken()) == []


def test_counting_items_of_a_cluster_as_independent_passes_twice_as_many_as_it_may():
    sizes = limits.DESIGNS["30 × 10"]
    told = limits.passes(sizes, 0.05, lambda rng: events(rng, sizes, 0.05, 0.2), 1000)
    assert told["independent"] > 0.1 > told["unassumed"] > told["clustered"]


def test_a_good_candidate_still_passes_its_gate_where_items_are_in_truth_independent():
    """At a fifth of a limit of 5 %, 300 items in tens suffice in nine runs of ten."""
    sizes = limits.DESIGNS["30 × 10"]
    told = limits.passes(sizes, 0.05, lambda rng: events(rng, sizes, 0.01, 0), 1000)
    assert told["clustered"] > 0.88


def test_a_candidate_said_to_be_best_is_so_as_often_as_it_was_said():
    found = best.all_findings()
    assert len(found) == 10
    assert outside(found) == []


def test_a_gate_at_one_look_is_as_seldom_wrong_as_it_says():
    found = gate.on_the_margin(designs=("60 × 1 to 9",)) + gate.several()
    assert outside(found) == []


def test_one_large_cluster_makes_a_gate_no_more_often_wrong():
    assert outside(gate.of_unequal_clusters()) == []


def test_a_loss_by_rare_harm_passes_no_more_often_than_any_other():
    found = gate.of_rare_harm(("300 × 1",), rates=[(0.0, 0.03), (0.03, 0.03)], repeats=(1,))
    assert outside(found) == []


def test_without_a_reach_a_loss_by_rare_harm_passes_too_often():
    rng = np.random.default_rng(2)
    loss = 0.01 * (gate.USEFUL - gate.HARMFUL)
    drawn = (
        gate.pair_of_runs(rng, gate.DESIGNS["60 × 1 to 9"], "money", loss, harm=0.0)
        for _ in range(1000)
    )
    assert sum(each.test(loss, None).p_safe <= 0.05 for each in drawn) / 1000 > 0.1


def test_a_gate_catches_the_loss_that_it_says_it_catches():
    assert outside(gate.as_promised(kinds=("normal", "right"))) == []


def test_looking_ten_times_while_items_come_in_is_no_more_often_wrong():
    found = sequential_gate.errors(("10 × 2, 10 × 5, 10 × 23",), ("normal",), looks=(10,))
    found += sequential_gate.errors(("300 × 1",), ("right",), looks=(5,))
    assert outside(found) == []


def test_several_candidates_looked_at_ten_times_are_no_more_often_wrong():
    assert outside(sequential_gate.several(name="30 × 10", runs=1000)) == []


def test_looking_early_takes_half_of_the_items_where_all_of_them_are_ample():
    """Ample: they settle an effect of zero or of twice the margin with a power of 99 %; with 95 % it is 51 %."""
    bands = {0.95: (0.0, 0.55), 0.99: (0.0, 0.45)}
    found = sequential_gate.items_taken(("300 × 1",), ("normal",), (0.95, 0.99), bands=bands)
    assert len(found) == 4
    assert outside(found) == []


def test_whole_runs_pass_and_fail_as_often_as_the_gate_says():
    """`python -m tests.calibration.gate_runs` does the same with 2,000 pairs of runs in each cell."""
    assert outside(gate_runs.all_findings(runs=400)) == []


def test_whole_runs_that_are_held_while_they_go_on_take_half_of_the_items_where_these_are_ample():
    assert outside(gate_runs.looked(runs=120)) == []
