"""How items spread: over slices, over clusters, over what is right."""

from collections import Counter
from collections.abc import Iterator

from bench.checking.quality.finding import Finding
from bench.scoring.labels import Label, Ordinal
from bench.suites.load import Suite

THIN = 5
"""Items below which nothing can be said of a slice."""
FEW_CLUSTERS = 30
"""Clusters that intervals need (`bench.stats` widens them for fewer)."""
LARGEST_CLUSTER = 0.1
"""Share of a suite's items that one cluster may hold."""
MAJORITY = 0.7
"""Share of one right label above which always saying it looks good."""


def slices(suite: Suite) -> Iterator[Finding]:
    """Slices with too few items or with items outside, values without a name, and names without an item."""
    for name, slice_ in suite.file.slices.items():
        counted = Counter(item.tags[name] for item in suite.items if name in item.tags)
        thin = sorted(value for value, count in counted.items() if count < THIN)
        if thin:
            yield Finding(
                "note", "slice coverage", f"{name}: under {THIN} items: {', '.join(thin)}"
            )
        outside = len(suite.items) - counted.total()
        if outside:
            yield Finding("note", "slice coverage", f"{name}: {outside} items lack the tag")
        unnamed = sorted(value for value in counted if slice_.names and value not in slice_.names)
        if unnamed:
            text = f"{name}: no name for readers: {', '.join(unnamed)}"
            yield Finding("wrong", "slice coverage", text)
        idle = sorted(value for value in slice_.names if value not in counted)
        if idle:
            yield Finding("wrong", "slice coverage", f"{name}: no item has: {', '.join(idle)}")


def clusters(suite: Suite) -> Iterator[Finding]:
    """Too few clusters, or one that outweighs the others."""
    counted = Counter(item.cluster for item in suite.items)
    if len(counted) < FEW_CLUSTERS:
        text = f"only {len(counted)} clusters: intervals will be wide; {FEW_CLUSTERS} or more serve"
        yield Finding("note", "cluster sizes", text)
    name, largest = counted.most_common(1)[0]
    if largest > max(1, LARGEST_CLUSTER * len(suite.items)) and len(counted) > 1:
        text = f"'{name}' holds {largest} of {len(suite.items)} items"
        yield Finding("note", "cluster sizes", text)


def labels(suite: Suite) -> Iterator[Finding]:
    """One right label that prevails, or levels of a scale that are never right."""
    for name, scorer in suite.scorers.items():
        if not isinstance(scorer, Label | Ordinal):
            continue
        told = [item.reference[scorer.reference] for item in suite.items]
        right = [
            [str(one) for one in (each if isinstance(each, list) else [each])] for each in told
        ]
        label, count = Counter(first for first, *_ in right).most_common(1)[0]
        if count > MAJORITY * len(right):
            text = f"{name}: '{label}' is right for {count} of {len(right)}"
            yield Finding("note", "label balance", text)
        ever = {one for each in right for one in each}
        never = (
            [each for each in scorer.levels if each not in ever]
            if isinstance(scorer, Ordinal)
            else []
        )
        if never:
            yield Finding("note", "label balance", f"{name}: never right: {', '.join(never)}")
