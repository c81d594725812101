"""Pairs of whole runs through the gate's own code: its built-in policy, six criteria, Holm, repeats, clusters, looks."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from bench.gate.criteria import criteria
from bench.gate.decide import Planned, criterion, levels, status_of
from bench.gate.pairing import Matched, Sides, Trials
from bench.gate.policy_file import GatePolicy, Money, read_gate_policy
from bench.suites.model import Gate
from bench.types import Text
from bench.value.observed.record import Kind, ObservedRate
from tests import observed_runs
from tests.calibration.findings import Finding, show
from tests.calibration.populations import labels

NAMES = ("accept", "edit", "redo", "harm")
SHARES = np.array([0.62, 0.15, 0.2, 0.03])
TODAY = date(2026, 11, 1)
KINDS = [
    *(observed_runs.KINDS[name] for name in NAMES[:3]),
    Kind(state="answered", outcome="harm", rule=0, loss_class="wrong", rates="1"),
]
POLICY = read_gate_policy(None)


@dataclass(frozen=True, slots=True)
class Design:
    """Items in clusters, asked so often, and the money that a case may lose."""

    sizes: tuple[int, ...]
    repeats: int
    margin: float

    @property
    def items(self):
        return sum(self.sizes)

    @property
    def policy(self):
        value = Money(may_fall_by=self.margin)
        default = POLICY.default.model_copy(update={"value": value})
        return POLICY.model_copy(update={"default": default})


FULL = Design((1, 2, 3, 4, 5, 9) * 60, 2, 12.0)
"""1,440 items in 360 unequal clusters. An answer gains 50, 47 or -10, a wrong one loses 750; the margin is the built-in one."""
AMPLE = Design(FULL.sizes, 2, 18.0)
"""The same items and a margin of three tenths of what a case costs by hand."""
SMALL = Design((1, 2, 3, 4, 5, 9) * 9, 2, 45.0)
"""216 items in 54 clusters: about a built-in suite."""


def observed(design):
    """The suite that both runs are of, without its trials."""
    clusters = labels(design.sizes)
    return observed_runs.suite(
        {},
        design.items,
        clusters,
        design.repeats,
        gates=[Gate(metric="wrong_rate", upper_bound_95=0.1)],
        rates={"wrong_rate": ObservedRate(title=Text(zh="答错", en="wrong"), better="lower")},
    )


def propensities(rng, design):
    """How likely each outcome is, by item: a cluster's own mixture, and an item's about it."""
    of_cluster = rng.dirichlet(SHARES * 6, size=len(design.sizes))[labels(design.sizes)]
    strength = 4.0
    gamma = rng.gamma(np.maximum(of_cluster * strength, 1e-3))
    return gamma / gamma.sum(axis=1, keepdims=True)


def worse_by(chances, loss, to="redo"):
    """The same with so much money a case less: answers that were accepted go `to` another outcome.

    In proportion to what was accepted, so that the mean loss is exact.
    """
    lost_each = 60.0 if to == "redo" else 800.0
    moved = chances[:, :1] * (loss / lost_each / chances[:, 0].mean())
    moved = np.minimum(moved, chances[:, :1])
    told = chances.copy()
    told[:, :1] -= moved
    told[:, NAMES.index(to)] += moved[:, 0]
    return told


def asked(rng, design, chances):
    """The outcome of every trial, (items, repeats), by number."""
    drawn = rng.random((design.items, design.repeats, 1))
    return (drawn > chances.cumsum(axis=1)[:, np.newaxis, :]).sum(axis=2).clip(max=3)


def trials(outcomes, keep):
    """The trials of the items that were asked."""
    kept = outcomes[keep]
    items, repeats = kept.shape
    count = items * repeats
    return Trials(
        KINDS,
        np.repeat(np.arange(items), repeats),
        np.tile(np.arange(repeats), items),
        kept.ravel(),
        [""] * count,
        np.full(count, 0.01),
        np.full(count, 1.0),
        np.zeros(count),
        items,
    )


def verdict(suite, policy: GatePolicy, pair, keep, fractions=(1.0,)):
    """The gate's status and its criteria, by its own code, of the items in `keep`."""
    clusters = np.array([each.cluster for each in suite.items])[keep]
    ids = tuple(map(str, np.flatnonzero(keep)))
    positions = np.arange(len(ids))
    part = suite.model_copy(update={"items": [suite.items[at] for at in np.flatnonzero(keep)]})
    match = Matched(ids, positions, positions, clusters, 0, 0, 0)
    old, new = (trials(each, keep) for each in pair)
    both = Sides(part, match, old, replace(new, text=["new"] * len(new.text)), priced=True)
    found = criteria(both, policy.of("small"), new, TODAY, "changed")
    planned = [Planned("small", "desk", each, fractions) for each in found]
    decided = [
        criterion(each, at, policy)
        for each, at in zip(found, levels(planned, 1 - policy.confidence), strict=True)
    ]
    return status_of(decided), {each.name: each for each in decided}


def fixed(design, loss, runs, to="redo", seed=11):
    """Statuses at one look; how often the value criterion fails; and its `catches`, on average."""
    rng = np.random.default_rng(seed)
    suite, policy = observed(design), design.policy
    everything = np.ones(design.items, dtype=bool)
    told = Counter()
    catches = []
    for _ in range(runs):
        chances = propensities(rng, design)
        pair = asked(rng, design, chances), asked(rng, design, worse_by(chances, loss, to))
        status, by_name = verdict(suite, policy, pair, everything)
        told[status] += 1
        told["value fails"] += by_name["value"].status == "fail"
        catches.append(by_name["value"].catches)
    return {name: each / runs for name, each in told.items()}, float(np.mean(catches))


def sequential(design, loss, runs, looks=10, seed=12):
    """Statuses when clusters come in drawn order and the gate stops once it is sure; and the share of items asked."""
    rng = np.random.default_rng(seed)
    suite, policy = observed(design), design.policy
    clusters = labels(design.sizes)
    told = Counter()
    used = []
    for _ in range(runs):
        chances = propensities(rng, design)
        pair = asked(rng, design, chances), asked(rng, design, worse_by(chances, loss))
        rank = rng.permutation(len(design.sizes))[clusters]
        fractions = []
        status, share = "inconclusive", 1.0
        for look in range(1, looks + 1):
            fractions.append(look / looks)
            keep = rank < round(len(design.sizes) * look / looks)
            status, _ = verdict(suite, policy, pair, keep, tuple(fractions))
            share = float(keep.mean())
            if status != "inconclusive":
                break
        told[status] += 1
        used.append(share)
    return {name: each / runs for name, each in told.items()}, float(np.mean(used))


def enough(runs, seed=13):
    """How often an unchanged candidate passes when asked the items that an inconclusive gate said it needs."""
    rng = np.random.default_rng(seed)
    suite = observed(SMALL)
    everything = np.ones(SMALL.items, dtype=bool)
    needed = []
    while len(needed) < 40:
        chances = propensities(rng, SMALL)
        pair = asked(rng, SMALL, chances), asked(rng, SMALL, chances)
        status, by_name = verdict(suite, SMALL.policy, pair, everything)
        told = [each.needed for each in by_name.values() if each.enforced and each.needed]
        if status == "inconclusive" and told:
            needed.append(max(told))
    times = max(1, round(float(np.median(needed)) / SMALL.items))
    larger = Design(SMALL.sizes * times, SMALL.repeats, SMALL.margin)
    told, _ = fixed(larger, 0.0, runs, seed=seed)
    return told, larger.items


def all_findings(runs=2000):
    found = []
    for name, design in (("1,440 items", FULL), ("216 items", SMALL)):
        same, catches = fixed(design, 0.0, runs)
        found += [
            Finding(f"{name}, unchanged: fails", same.get("fail", 0), runs, (0, 0.05)),
            Finding(f"{name}, unchanged: passes", same.get("pass", 0), runs),
        ]
        for to in ("redo", "harm") if design is FULL else ("harm",):
            told, _ = fixed(design, design.margin, runs, to)
            what = f"{name}, worse by the margin ({to}): passes"
            found.append(Finding(what, told.get("pass", 0), runs, (0, 0.065)))
        told, _ = fixed(design, catches, runs, "harm")
        what = f"{name}, worse by the {catches:.0f} that the gate says it catches: fails"
        found.append(Finding(what, told.get("fail", 0), runs, (0.78, 1)))
        told, _ = fixed(design, 2 * design.margin, runs, "harm")
        what = f"{name}, worse by twice the margin: passes"
        found.append(Finding(what, told.get("pass", 0), runs, (0, 0.01)))
    told, items = enough(runs)
    what = f"unchanged, {items} items, as many as 216 were told to need: passes"
    found.append(Finding(what, told.get("pass", 0), runs, (0.75, 1)))
    return found


def looked(design=AMPLE, runs=2000):
    """Ten looks."""
    found = []
    for times, what, band in (
        (0, "fail", (0, 0.05)),
        (1, "pass", (0, 0.065)),
        (2, "fail", (0.8, 1)),
    ):
        told, used = sequential(design, times * design.margin, runs)
        name = f"margin {design.margin:.0f}, worse by {times} x that"
        beside = ", ".join(f"{key} {share:.1%}" for key, share in sorted(told.items()))
        found.append(Finding(f"{name}: {what}", told.get(what, 0), runs, band, beside))
        most = (0, 0.5) if times != 1 and design is AMPLE else None
        found.append(Finding(f"{name}: items asked on average", used, runs, most))
    return found


if __name__ == "__main__":
    show("Whole runs, built-in policy, one look", all_findings())
    show("The same in ten looks, 1,440 items, a full set that tells nearly always", looked())
    show("The same, a full set that passes an unchanged candidate in 99 of 100", looked(FULL))
