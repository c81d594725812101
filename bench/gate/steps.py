"""Where the looks of a sequential run lie: whole clusters, in an order that the run's seed draws."""

from collections.abc import Iterable, Sequence

from bench.gate.policy_file import Sequential
from bench.running.looks import SuiteLooks, in_drawn_order
from bench.types import Item


def looks_of(
    suite: str, items: Sequence[Item], common: Iterable[str], seed: int, how: Sequential
) -> SuiteLooks:
    """The looks of one suite, whose planned `items` have the ids `common` in common with the baseline.

    What a comparison rests on are clusters that hold a common item: they alone are counted for the first look
    and for the shares of information. Clusters without one come along where the draw put them, because the
    suite's own limits are about all its items. The last look asks all that is left, so that a run that goes to its end
    is a whole one.
    """
    shared = set(common)
    telling = {item.cluster for item in items if item.id in shared}
    order = in_drawn_order((item.cluster for item in items), suite, seed)
    ends = [position for position, cluster in enumerate(order, start=1) if cluster in telling]
    counts = counted(len(ends), how)
    if not counts:
        return SuiteLooks(clusters=(len(order),), fractions=(1.0,))
    return SuiteLooks(
        clusters=(*(ends[count - 1] for count in counts[:-1]), len(order)),
        fractions=tuple(count / len(ends) for count in counts),
    )


def counted(clusters: int, how: Sequential) -> list[int]:
    """How many of so many clusters each look sees: no fewer than the first needs, then evenly up to all.

    A look that would see no more than the one before is left out.
    """
    first = min(clusters, max(how.first_clusters, -(-clusters // how.looks)))
    if how.looks == 1:
        first = clusters
    steps = max(1, how.looks - 1)
    spread = (first + -(-(clusters - first) * step // steps) for step in range(steps + 1))
    return sorted({each for each in spread if each > 0})
