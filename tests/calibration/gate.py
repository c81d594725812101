"""Pairs of runs whose true difference is known, and how often a gate at one look tells it as it is."""

import itertools
from collections import Counter
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.special import betaincinv

from bench.stats import margin_test, paired_difference
from bench.stats.sequential import rejected
from tests.calibration.findings import Finding, show
from tests.calibration.populations import labels, scores

DESIGNS = {
    "300 × 1": [1] * 300,
    "30 × 10": [10] * 30,
    "10 × 2, 10 × 5, 10 × 23": [2] * 10 + [5] * 10 + [23] * 10,
    "60 × 1 to 9": [1, 2, 3, 5, 5, 9] * 10,
}
KINDS = ("normal", "right", "money")
ACCEPTED, REDONE, HARMFUL = 57.0, -9.0, -743.0
RIGHT = 0.7  # of the answers, where not harmful
USEFUL = RIGHT * ACCEPTED + (1 - RIGHT) * REDONE
REACH = {"normal": None, "right": 1.0, "money": ACCEPTED - HARMFUL}
"""The differences to be reckoned with though unseen, as a gate knows them."""
AT_MOST = (0.0, 0.065)
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Pair:
    """Two runs: values (items, repeats), higher better, and the cluster of each item (items,)."""

    old: np.ndarray
    new: np.ndarray
    clusters: np.ndarray

    def test(self, margin, reach, items=slice(None)):
        """As a gate tests it: repeats averaged; of some of the items alone if told."""
        means = (each[items].mean(axis=1) for each in (self.old, self.new))
        return margin_test(*means, margin, self.clusters[items], reach)


def pair_of_runs(rng, sizes, kind="normal", loss=0.0, repeats=2, harm=0.01, correlation=0.1):
    """Two runs over the same items in clusters of these `sizes`, the new one worse by `loss` on average.

    `kind`: "normal", scores of variance 2 an item and 1 a repeat; "right", 0 or 1 a repeat, an item's
    chance the same for both; "money", 57 for an accepted answer, -9 for a redone one, -743 for a harmful
    one, of which the old one gives a share of `harm` and the new one as many more as make up the loss.
    `correlation` is that of items of a cluster (money: of their harm). `loss` is in the unit of the
    values; without one both are the same system, asked twice.
    """
    old, new = runs_over(rng, sizes, kind, (0.0, loss), repeats, harm, correlation)
    return Pair(old, new, labels(sizes))


def runs_over(rng, sizes, kind, losses, repeats=2, harm=0.01, correlation=0.1):
    """The values (items, repeats) of one candidate for each loss, over the same items."""
    draw = {"normal": _normal, "right": _right, "money": partial(_money, harm=harm)}[kind]
    return draw(rng, sizes, losses, (sum(sizes), repeats), correlation)


def _normal(rng, sizes, losses, shape, correlation):
    common = scores(rng, sizes, correlation)
    each = [common + scores(rng, sizes, correlation) - loss for loss in losses]
    return [mean[:, np.newaxis] + rng.normal(size=shape) for mean in each]


def _right(rng, sizes, losses, shape, correlation):
    chance = _chances(rng, sizes, correlation)[:, np.newaxis]
    return [(rng.random(shape) < chance * (1 - loss / RIGHT)).astype(float) for loss in losses]


def _money(rng, sizes, losses, shape, correlation, harm):
    chance = _chances(rng, sizes, correlation)[:, np.newaxis]
    tendency = rng.random(len(sizes))
    told = []
    for loss in losses:
        rates = _of_rate(tendency, harm + loss / (USEFUL - HARMFUL), correlation)
        useful = np.where(rng.random(shape) < chance, ACCEPTED, REDONE)
        hurts = rng.random(shape) < rates[labels(sizes), np.newaxis]
        told.append(np.where(hurts, HARMFUL, useful))
    return told


def _chances(rng, sizes, correlation):
    """Of each item to be answered right, 0.7 on average: half its own, half its cluster's."""
    strength = 1 / max(correlation, 0.01) - 1
    of_cluster = rng.beta(RIGHT * strength, (1 - RIGHT) * strength, size=len(sizes))
    own = rng.beta(1.4, 0.6, size=sum(sizes))
    return (of_cluster[labels(sizes)] + own) / 2


def _of_rate(tendency, rate, correlation):
    """The rates of clusters whose mean is `rate`: quantiles of a beta distribution, by tendency (0..1)."""
    if rate <= 0 or correlation == 0:
        return np.full(len(tendency), max(rate, 0.0))
    strength = 1 / correlation - 1
    return betaincinv(rate * strength, (1 - rate) * strength, tendency)


def shares(sizes, kind, loss, margin, runs=2000, seed=1):
    """Shares of the decisions when the new one is worse by `loss`: "pass", "fail", and neither."""
    rng = np.random.default_rng(seed)
    told = Counter()
    for _ in range(runs):
        test = pair_of_runs(rng, sizes, kind, loss).test(margin, REACH[kind])
        told["pass"] += test.p_safe <= 1 - LEVEL
        told["fail"] += test.p_worse <= 1 - LEVEL
    told["neither"] = runs - told["pass"] - told["fail"]
    return {name: told[name] / runs for name in ("pass", "fail", "neither")}


MARGINS = {"normal": 0.3, "right": 0.06, "money": 15.0}


def on_the_margin(designs=DESIGNS, runs=2000):
    """Candidates that are the same, and candidates worse by exactly the margin."""
    found = []
    for name in designs:
        for kind, margin in MARGINS.items():
            same = shares(DESIGNS[name], kind, 0.0, 0.0, runs)
            eased = shares(DESIGNS[name], kind, 0.0, margin, runs)
            worse = shares(DESIGNS[name], kind, margin, margin, runs)
            beside = f"neither {eased['neither']:.0%}, passes {eased['pass']:.0%}"
            found += [
                Finding(f"{name}, {kind}: same, margin 0: fails", same["fail"], runs, AT_MOST),
                Finding(f"{name}, {kind}: same, with the margin: fails", eased["fail"], runs, (0, 0.05), beside),
                Finding(f"{name}, {kind}: worse by the margin: passes", worse["pass"], runs, AT_MOST),
            ]  # fmt: skip
    return found


RARE = [(0.0, 0.003), (0.0, 0.01), (0.0, 0.03), (0.01, 0.02), (0.01, 0.03), (0.03, 0.03)]


def of_rare_harm(designs=("300 × 1", "60 × 1 to 9"), rates=RARE, runs=2000, repeats=(1, 3)):
    """Worse by exactly the margin, all of it by harm that costs 15 times a good answer's gain."""
    found = []
    for name in designs:
        for (old, new), times in itertools.product(rates, repeats):
            rng = np.random.default_rng(2)
            loss = (new - old) * (USEFUL - HARMFUL)
            passed = Counter()
            for _ in range(runs):
                pair = pair_of_runs(rng, DESIGNS[name], "money", loss, times, old)
                for reach in (REACH["money"], None):
                    passed[reach] += pair.test(loss, reach).p_safe <= 1 - LEVEL
            what = f"{name}, {times} a side: harm {old:.1%} to {new:.1%}: passes"
            beside = f"without reach {passed[None] / runs:.1%}"
            found.append(Finding(what, passed[REACH["money"]] / runs, runs, AT_MOST, beside))
    return found


def as_promised(name="300 × 1", kinds=KINDS, runs=2000):
    """A loss of the size that the test says it catches with 80 %."""
    found = []
    for kind in kinds:
        rng = np.random.default_rng(3)
        margin = MARGINS[kind]
        tests = (
            pair_of_runs(rng, DESIGNS[name], kind).test(margin, REACH[kind]) for _ in range(200)
        )
        loss = float(np.mean([each.catches(LEVEL) for each in tests]))
        told = shares(DESIGNS[name], kind, loss, margin, runs)
        what = f"{name}, {kind}: worse by what is caught, {loss:.3g} of margin {margin:.3g}: fails"
        found.append(Finding(what, told["fail"], runs, (0.78, 1.0), f"passes {told['pass']:.1%}"))
    return found  # fmt: skip


UNEQUAL = {"50 × 1, 1 × 50": [1] * 50 + [50], "300 × 1, 5 × 60": [1] * 300 + [60] * 5}


def of_unequal_clusters(runs=2000, correlation=0.1):
    """The same system, margin 0, where few clusters hold much; beside it t on clusters less one."""
    found = []
    for name, sizes in UNEQUAL.items():
        rng = np.random.default_rng(6)
        failed = Counter()
        for _ in range(runs):
            pair = pair_of_runs(rng, sizes, "normal", correlation=correlation)
            failed["now"] += pair.test(0.0, None).p_worse <= 1 - LEVEL
            means = (each.mean(axis=1) for each in (pair.old, pair.new))
            failed["plain"] += paired_difference(*means, pair.clusters, 2 * LEVEL - 1).high < 0
        what = f"{name}, normal, correlation {correlation}: same, margin 0: fails"
        beside = f"on clusters less one {failed['plain'] / runs:.1%}"
        found.append(Finding(what, failed["now"] / runs, runs, AT_MOST, beside))
    return found


def several(name="60 × 1 to 9", candidates=4, runs=2000):
    """Candidates that are all the same as the old one: any fails, after Holm."""
    rng = np.random.default_rng(4)
    sizes = DESIGNS[name]
    told = Counter()
    for _ in range(runs):
        old, *new = runs_over(rng, sizes, "normal", (0.0,) * (candidates + 1))
        tests = (Pair(old, each, labels(sizes)).test(0.0, None) for each in new)
        p_values = [each.p_worse for each in tests]
        told["holm"] += any(rejected(p_values, 1 - LEVEL, [1.0]))
        told["each"] += min(p_values) <= 1 - LEVEL
    what = f"{name}, normal: any of {candidates} that are the same fails, margin 0"
    beside = f"without Holm {told['each'] / runs:.1%}"
    return [Finding(what, told["holm"] / runs, runs, AT_MOST, beside)]


if __name__ == "__main__":
    show("A gate at one look, repeats 2 a side", on_the_margin())
    show("Worse by exactly the margin, by rare harm", of_rare_harm())
    show("What is said to be caught with 80 %", as_promised() + as_promised("60 × 1 to 9"))
    show(
        "Clusters of very unequal size",
        of_unequal_clusters() + of_unequal_clusters(correlation=0.3),
    )
    show("Several candidates", several())
