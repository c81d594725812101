"""How often a gate passes a candidate that is exactly at its limit, and how often a good one."""

from collections import Counter
from functools import partial

import numpy as np

from bench.stats import clopper_pearson_upper, clustered_count, rate_lower, rate_upper
from tests.calibration.findings import Finding, show
from tests.calibration.populations import copied_events, events, labels

DESIGNS = {
    "30 × 10": [10] * 30,
    "15 × 2": [2] * 15,
    "80 × 3": [3] * 80,
    "12 × 25": [25] * 12,
    "10 × 2, 10 × 5, 10 × 23": [2] * 10 + [5] * 10 + [23] * 10,
}
AT_MOST = (0.0, 0.065)


def passes(sizes, limit, draw, runs, seed=4):
    """Shares of runs that pass: by the clustered bound, with no correlation assumed, by independent items.

    `draw(rng)` gives the events of one run.
    """
    rng = np.random.default_rng(seed)
    clusters = labels(sizes)
    passed = Counter()
    for _ in range(runs):
        count = clustered_count(draw(rng), clusters)
        if clopper_pearson_upper(count.events, count.n) > limit:
            continue  # the clustered bounds are never below it
        passed["independent"] += 1
        passed["unassumed"] += rate_upper(count, 0.95, 0.0) <= limit
        passed["clustered"] += rate_upper(count) <= limit
    return {name: passed[name] / runs for name in ("clustered", "unassumed", "independent")}


def _finding(what, told, runs, band=None):
    beside = (
        f"{told['unassumed']:.1%} no correlation assumed, {told['independent']:.1%} independent"
    )
    return Finding(what, told["clustered"], runs, band, beside)


def at_the_limit(draw=events, runs=2000, designs=tuple(DESIGNS)):
    """A candidate exactly at its limit, whatever the correlation."""
    found = []
    for name in designs:
        sizes = DESIGNS[name]
        for limit in (0.02, 0.05, 0.1):
            for correlation in (0.0, 0.1, 0.2):
                drawn = partial(draw, sizes=sizes, rate=limit, correlation=correlation)
                told = passes(sizes, limit, drawn, runs)
                found.append(_finding(f"{name}, {limit:.0%}, {correlation}", told, runs, AT_MOST))
    return found


def good_ones(runs=1000):
    """The price: a candidate well within its limit, its items in truth independent."""
    found = []
    for name in ("30 × 10", "80 × 3"):
        sizes = DESIGNS[name]
        for limit in (0.02, 0.05):
            for rate in (limit / 2, limit / 5):
                drawn = partial(events, sizes=sizes, rate=rate, correlation=0)
                told = passes(sizes, limit, drawn, runs)
                found.append(_finding(f"{name}, {limit:.0%}, in truth {rate:.1%}", told, runs))
    return found


def by_assumption(runs=1000):
    """What another assumed correlation would do: the worst cell at the limit, and a good candidate."""
    found = []
    good = partial(events, sizes=DESIGNS["30 × 10"], rate=0.01, correlation=0)
    for assumed in (0.0, 0.05, 0.1, 0.2):
        worst = max(
            _passing(sizes, limit, assumed, partial(events, sizes=sizes, rate=limit, correlation=0.2), runs)
            for sizes in DESIGNS.values()
            for limit in (0.02, 0.05, 0.1)
        )  # fmt: skip
        price = _passing(DESIGNS["30 × 10"], 0.05, assumed, good, runs)
        beside = f"{price:.1%} of candidates at a fifth of 5 %, 30 × 10, in truth independent"
        found.append(Finding(f"assumed {assumed}: worst", worst, runs, None, beside))
    return found


def _passing(sizes, limit, assumed, draw, runs, seed=6):
    rng = np.random.default_rng(seed)
    counts = (clustered_count(draw(rng), labels(sizes)) for _ in range(runs))
    return sum(rate_upper(count, 0.95, assumed) <= limit for count in counts) / runs


def wrongly_broken(runs=2000, seed=5):
    """A candidate exactly at its limit that is told to break it: the lower side."""
    found = []
    sizes = DESIGNS["30 × 10"]
    for limit in (0.05, 0.5):
        rng = np.random.default_rng(seed)
        drawn = (events(rng, sizes, limit, 0.2) for _ in range(runs))
        broken = sum(rate_lower(clustered_count(each, labels(sizes))) > limit for each in drawn)
        found.append(Finding(f"30 × 10, {limit:.0%}, 0.2", broken / runs, runs, AT_MOST))
    return found


if __name__ == "__main__":
    show(
        "Gates that pass a candidate exactly at the limit (clusters, limit, correlation)",
        at_the_limit(),
    )
    lumped = at_the_limit(copied_events, designs=("30 × 10", "80 × 3"))
    show("The same where a cluster's items are copies or independent", lumped)
    show("Gates that pass a better candidate, its items in truth independent", good_ones())
    show("Another assumed correlation, the true one being 0.2", by_assumption())
    show("Gates that call a candidate broken that is exactly at the limit", wrongly_broken())
