"""Is a model that did not change left in peace, and one that did found: answers of runs a week apart."""

import itertools

import numpy as np

from bench.gate.window.answers import Answers, changed, varied
from bench.gate.window.drift import drift
from bench.stats import holm
from tests.calibration.findings import Finding, show
from tests.calibration.populations import events, labels

DESIGNS = {"150 × 1": [1] * 150, "50 × 3": [3] * 50, "30 × 5": [5] * 30, "15 × 10": [10] * 15}
WAVERING = (0.01, 0.03)
"""The share of answers that differ between two runs of the same model; any run has its own."""
CORRELATION = 0.2
CHANGED = 0.15
LEVEL = 0.95
AT_MOST, AT_LEAST = (0.0, 0.05), (0.95, 1.0)


def said(rng, sizes, runs, *, change=0.0, repeats=1, wavering=WAVERING, correlation=CORRELATION):
    """What a model says in each run, (runs, repeats, items): 0 mostly, and any other number now and then.

    In the last run it says something else to the share `change` of the items.
    """
    told = np.zeros((runs, repeats, sum(sizes)), dtype=int)
    for run in range(runs):
        rate = rng.uniform(*wavering) / 2  # either of two runs may waver
        for repeat in range(repeats):
            wavers = events(rng, sizes, rate, correlation) > 0
            told[run, repeat, wavers] = 1 + run * repeats + repeat
    if change:
        moved = events(rng, sizes, change, correlation) > 0
        told[-1, :, moved] -= 1_000_000
    return told


def answers(texts, clusters):
    """One run's, as a window reads them."""
    asked = [(f"i{item}", "") for item in range(texts.shape[1])]
    return Answers(
        texts={each: tuple(map(str, told)) for each, told in zip(asked, texts.T.tolist(), strict=True)},
        clusters=dict(zip(asked, clusters.tolist(), strict=True)),
        models={},
        cached=0,
    )  # fmt: skip


def p_value(texts, clusters):
    """Of the last step, all earlier ones being noise."""
    runs = [answers(each, clusters) for each in texts]
    steps = [changed(*pair) for pair in itertools.pairwise(runs)]
    repeats = varied(*runs[-2:])
    found = drift(steps[-1], runs[-1].clusters, steps[:-1], repeats, has_floor=True, level=LEVEL)
    return found.p_value


def alarms(sizes, steps, candidates=1, change=0.0, series=2000, seed=11, **how):
    """The share of series with an alarm for any candidate; with a `change`, which is the first one's, for that one."""
    rng = np.random.default_rng(seed)
    clusters = labels(sizes)
    raised = 0
    for _ in range(series):
        p_values = [
            p_value(said(rng, sizes, steps + 1, change=0.0 if at else change, **how), clusters)
            for at in range(candidates)
        ]
        adjusted = holm(p_values)
        raised += (adjusted[0] if change else min(adjusted)) <= 1 - LEVEL
    return raised / series


def false_alarms(series=2000, designs=tuple(DESIGNS), candidates=(1, 3)):
    """Nothing changed, and answers waver."""
    return [
        Finding(
            f"{name}, {steps} steps, {count} candidates, 1 to 3 % waver",
            alarms(DESIGNS[name], steps, count, series=series),
            series,
            AT_MOST,
        )
        for name in designs
        for steps in (1, 2, 4)
        for count in candidates
    ]


def hard_false_alarms(series=2000):
    """Servers that waver more, or on some days much more than on others; and repeats in place of earlier steps."""
    told = {
        "50 × 3, 3 steps, 0.5 to 6 % waver": {"steps": 3, "wavering": (0.005, 0.06)},
        "50 × 3, 2 steps, 0.5 to 6 % waver": {"steps": 2, "wavering": (0.005, 0.06)},
        "50 × 3, 2 steps, 30 % waver": {"steps": 2, "wavering": (0.3, 0.3)},
        "50 × 3, 1 step, 2 repeats, 1 to 3 % waver": {"steps": 1, "repeats": 2},
        "50 × 3, 1 step, 2 repeats, 30 % waver": {"steps": 1, "repeats": 2, "wavering": (0.3, 0.3)},
    }
    return [
        Finding(what, alarms(DESIGNS["50 × 3"], series=series, **how), series, AT_MOST)
        for what, how in told.items()
    ]


def found(series=2000, designs=("150 × 1", "50 × 3"), *, asserted=True, **how):
    """Another model that says something else to 15 % of 150 items."""
    return [
        Finding(
            f"{name}, {steps} steps, another model changes {CHANGED:.0%}",
            alarms(DESIGNS[name], steps, change=CHANGED, series=series, **how),
            series,
            AT_LEAST if asserted else None,
        )
        for name in designs
        for steps in (1, 2, 4)
    ]


if __name__ == "__main__":
    show("False alarms of drift, items in clusters, correlation 0.2", false_alarms())
    show("The same where servers waver more", hard_false_alarms())
    show("A model that changed is found", found())
    show(
        "The same, changes of a cluster independent", found(designs=tuple(DESIGNS), correlation=0.0)
    )
    show("The same in large clusters", found(designs=("30 × 5", "15 × 10"), asserted=False))
    show("The same beside two candidates that did not change", found(candidates=3, asserted=False))
