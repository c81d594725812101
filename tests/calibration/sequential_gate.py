"""How often a gate that looks while items come in is wrong, and how many of the items it takes."""

from collections import Counter
from functools import partial

import numpy as np
from scipy.special import ndtri

from bench.stats.sequential import (
    crossing_probabilities,
    hwang_shih_decani,
    nominal_levels,
    rejected,
)
from tests.calibration.findings import Finding, show
from tests.calibration.gate import (
    AT_MOST,
    DESIGNS,
    LEVEL,
    MARGINS,
    REACH,
    Pair,
    pair_of_runs,
    runs_over,
)
from tests.calibration.populations import labels

ALPHA = 1 - LEVEL
HALF = (0.0, 0.5)


def looks_at(rng, sizes, looks):
    """Whole clusters in random order: the items of each look, and the share of all that they are."""
    order = rng.permutation(len(sizes))
    ends = np.cumsum(sizes)
    items = np.concatenate([np.arange(ends[each] - sizes[each], ends[each]) for each in order])
    counts = np.cumsum(np.asarray(sizes)[order])
    upto = [counts[round(len(sizes) * (k + 1) / looks) - 1] for k in range(looks)]
    return [items[:count] for count in upto], [float(count / len(items)) for count in upto]


def decided(pair, margin, reach, items, fractions):
    """What the gate says, and after which share of the items."""
    for at, fraction, level in zip(items, fractions, nominal_levels(ALPHA, fractions), strict=True):
        test = pair.test(margin, reach, at)
        if test.p_safe is not None and test.p_safe <= level:
            return "pass", fraction
        if test.p_worse is not None and test.p_worse <= level:
            return "fail", fraction
    return "neither", fractions[-1]


def shares(sizes, kind, loss, margin, looks=10, runs=2000, seed=1):
    """Shares of the decisions, and "items": the share of the items it took on average."""
    rng = np.random.default_rng(seed)
    told = Counter()
    for _ in range(runs):
        pair = pair_of_runs(rng, sizes, kind, loss)
        decision, fraction = decided(pair, margin, REACH[kind], *looks_at(rng, sizes, looks))
        told[decision] += 1
        told["items"] += fraction
    return {name: told[name] / runs for name in ("pass", "fail", "neither", "items")}


def errors(designs=DESIGNS, kinds=MARGINS, looks=(5, 10), runs=2000):
    """Candidates that are the same, with margin 0; and worse by exactly the margin."""
    found = []
    for name in designs:
        for kind in kinds:
            for times in looks:
                asked = partial(shares, DESIGNS[name], kind, looks=times, runs=runs)
                what = f"{name}, {kind}, {times} looks"
                same, worse = asked(0.0, 0.0), asked(MARGINS[kind], MARGINS[kind])
                found += [
                    Finding(f"{what}: same, margin 0: fails", same["fail"], runs, AT_MOST),
                    Finding(f"{what}: worse by the margin: passes", worse["pass"], runs, AT_MOST),
                ]
    return found


def several(name="60 × 1 to 9", candidates=4, looks=10, runs=2000):
    """Candidates that are all the same as the old one: any fails at any look, Holm over all of them."""
    rng = np.random.default_rng(4)
    sizes = DESIGNS[name]
    failed = 0
    for _ in range(runs):
        old, *new = runs_over(rng, sizes, "normal", (0.0,) * (candidates + 1))
        pairs = [Pair(old, each, labels(sizes)) for each in new]
        items, fractions = looks_at(rng, sizes, looks)
        for k, at in enumerate(items):
            p_values = [each.test(0.0, None, at).p_worse for each in pairs]
            if any(rejected(p_values, ALPHA, fractions[: k + 1])):
                failed += 1
                break
    what = f"{name}, normal, {looks} looks: any of {candidates} that are the same fails, margin 0"
    return [Finding(what, failed / runs, runs, AT_MOST)]


def margin_of_power(sizes, kind, power, draws=300):
    """The margin at which all the items, looked at once, pass a candidate that is the same with this power."""
    rng = np.random.default_rng(5)
    tests = [pair_of_runs(rng, sizes, kind).test(1.0, REACH[kind]) for _ in range(draws)]
    needs = np.mean([each.spread.half_width(LEVEL, each.spread.low_tail) for each in tests])
    return float(needs + ndtri(power) * np.std([each.difference for each in tests]))


def items_taken(
    designs=DESIGNS, kinds=MARGINS, powers=(0.8, 0.9, 0.95, 0.99), looks=10, runs=500, bands=None
):
    """The average share of the items, for an effect of zero and of twice the margin."""
    found = []
    for name in designs:
        for kind in kinds:
            for power in powers:
                margin = margin_of_power(DESIGNS[name], kind, power)
                for loss, effect in ((0.0, "zero"), (2 * margin, "twice the margin")):
                    told = shares(DESIGNS[name], kind, loss, margin, looks, runs)
                    told["settled"] = told["fail" if loss else "pass"]
                    what = f"{name}, {kind}, power {power:.0%}, {effect}: items"
                    beside = f"settled {told['settled']:.1%}, wrongly {told['pass' if loss else 'fail']:.1%}"
                    found.append(
                        Finding(what, told["items"], runs, (bands or {}).get(power), beside)
                    )
    return found


def in_theory(gammas=(-4, 0, 1, 3), looks=(5, 10, 20), powers=(0.8, 0.9, 0.95, 0.99)):
    """The same by the recursion, normal and of known spread: rows of gamma, looks, items and settled by power."""
    rows = []
    for gamma in gammas:
        spent = partial(hwang_shih_decani, gamma=gamma)
        for times in looks:
            fractions = [(k + 1) / times for k in range(times)]
            levels = nominal_levels(ALPHA, fractions, spent)
            for power in powers:
                drift = float(ndtri(LEVEL) + ndtri(power))
                crossed = np.array(crossing_probabilities(levels, fractions, drift))
                taken = float(crossed @ fractions + 1 - crossed.sum())
                rows.append((gamma, times, power, taken, float(crossed.sum())))
    return rows


def _findings_in_theory():
    return [
        Finding(f"gamma {gamma}, {looks} looks, power {power:.0%}: items", taken, 0, None, f"settled {settled:.1%}")
        for gamma, looks, power, taken, settled in in_theory()
    ]  # fmt: skip


if __name__ == "__main__":
    show("Items in theory", _findings_in_theory())
    show("Errors over all looks", errors(looks=(10,)) + errors(("300 × 1",), looks=(5,)))
    show("Several candidates", several())
    show("Items taken, ten looks", items_taken(("300 × 1", "60 × 1 to 9")))
