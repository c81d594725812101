"""False alarms and missed losses when one candidate is held against another."""

from collections import Counter

import numpy as np

from bench.stats import (
    design_effect,
    holm,
    minimum_detectable_effect,
    non_inferiority,
    paired_difference,
)
from tests.calibration.findings import Finding, show
from tests.calibration.populations import events, labels, scores

SIZES = [10] * 30
CORRELATION = 0.2
MDE = minimum_detectable_effect(sum(SIZES) / design_effect(10, CORRELATION), 1.0)
"""Of a difference of variance 1 an item; 0.27."""
MARGIN = MDE / 2
AT_MOST = (0.0, 0.065)


def gates(loss, margin, runs=2000, seed=6):
    """Shares of the decisions when the new candidate is worse by `loss`."""
    rng = np.random.default_rng(seed)
    clusters = labels(SIZES)
    told = Counter()
    for _ in range(runs):
        old = scores(rng, SIZES, CORRELATION)
        new = old - loss + scores(rng, SIZES, CORRELATION)
        told[non_inferiority(old, new, margin, clusters).decision] += 1
    return {name: told[name] / runs for name in ("pass", "fail", "inconclusive")}


def right_or_wrong(agreement, runs=2000, seed=7):
    """Equal candidates with 0/1 scores: shares that fail the margin 2 / 66, and that fail margin 0."""
    rng = np.random.default_rng(seed)
    clusters = labels(SIZES)
    failed = Counter()
    for _ in range(runs):
        old, other = (events(rng, SIZES, 0.7, CORRELATION) for _ in range(2))
        new = np.where(rng.random(len(old)) < agreement, old, other)
        for margin in (0.0, 2 / 66):
            failed[margin] += non_inferiority(old, new, margin, clusters).decision == "fail"
    return {margin: count / runs for margin, count in failed.items()}


def found_different(loss, runs=2000, seed=8):
    """The share of paired comparisons with p < 0.05."""
    rng = np.random.default_rng(seed)
    clusters = labels(SIZES)
    found = 0
    for run in range(runs):
        a = scores(rng, SIZES, CORRELATION)
        b = a - loss + scores(rng, SIZES, CORRELATION)
        found += paired_difference(a, b, clusters, seed=run).p_value < 0.05
    return found / runs


def any_of_equals(candidates=4, runs=1000, seed=9):
    """The share of runs in which any pair among equal candidates differs after Holm's adjustment."""
    rng = np.random.default_rng(seed)
    clusters = labels(SIZES)
    found = 0
    for run in range(runs):
        each = [scores(rng, SIZES, CORRELATION) for _ in range(candidates)]
        p_values = [
            paired_difference(a, b, clusters, seed=run).p_value
            for at, a in enumerate(each)
            for b in each[at + 1 :]
        ]
        found += min(holm(p_values)) < 0.05
    return found / runs


def all_findings(runs=2000):
    at_margin, twice = gates(MARGIN, MARGIN, runs), gates(2 * MDE, 0.0, runs)
    binary = right_or_wrong(0.8, runs)
    return [
        Finding("equal, margin of half the MDE: fails", gates(0, MARGIN, runs)["fail"], runs, (0, 0.05)),
        Finding("equal, margin 0: fails", gates(0, 0.0, runs)["fail"], runs, AT_MOST),
        Finding("worse by exactly the margin: passes", at_margin["pass"], runs, AT_MOST),
        Finding("equal, 0/1 scores, margin 2 / 66: fails", binary.get(2 / 66, 0.0), runs, (0, 0.05)),
        Finding("equal, 0/1 scores, margin 0: fails", binary.get(0.0, 0.0), runs, AT_MOST),
        Finding("worse by twice the MDE, margin 0: fails", twice["fail"], runs, (0.95, 1)),
        Finding("worse by twice the MDE, margin of half the MDE: fails", gates(2 * MDE, MARGIN, runs)["fail"], runs, (0.95, 1)),
        Finding("worse by twice the MDE: p < 0.05", found_different(2 * MDE, runs), runs, (0.95, 1)),
        Finding("worse by the MDE: p < 0.05", found_different(MDE, runs), runs, (0.75, 0.85)),
        Finding("equal: p < 0.05", found_different(0, runs), runs, (0.035, 0.065)),
        Finding("four equal: any pair p < 0.05 after Holm", any_of_equals(runs=runs // 2), runs // 2, AT_MOST),
    ]  # fmt: skip


if __name__ == "__main__":
    show(f"Comparisons: 30 clusters of 10, correlation 0.2, MDE {MDE:.3f}", all_findings())
