"""Two candidates by the items that both answered and that are still what they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.errors import GateError
from bench.gate.record import Common
from bench.value import worth
from bench.value.observed.record import Kind, ObservedCandidate, ObservedSuite, ObservedTrial

Array = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Matched:
    """The common items of two versions of a suite: their positions in either, and their clusters' numbers, each (n,)."""

    ids: tuple[str, ...]
    in_old: Ints
    in_new: Ints
    clusters: Ints
    changed: int
    only_old: int
    only_new: int


def matched(old: ObservedSuite, new: ObservedSuite) -> Matched:
    """Items that both have and that did not change; clusters are the new one's."""
    at_old = {item.id: (position, item.digest) for position, item in enumerate(old.items)}
    ids, in_old, in_new, clusters = [], [], [], []
    changed = shared = 0
    for position, item in enumerate(new.items):
        place, digest = at_old.get(item.id, (None, None))
        if place is None:
            continue
        shared += 1
        if digest != item.digest:
            changed += 1
            continue
        ids.append(item.id)
        in_old.append(place)
        in_new.append(position)
        clusters.append(item.cluster)
    return Matched(
        tuple(ids),
        np.array(in_old, dtype=np.intp),
        np.array(in_new, dtype=np.intp),
        np.array(clusters, dtype=np.intp),
        changed,
        len(old.items) - shared,
        len(new.items) - shared,
    )


@dataclass(frozen=True, slots=True)
class Trials:
    """One candidate's trials on the common items, as arrays (trials,); `item` is a position among these."""

    kinds: Sequence[Kind]
    item: Ints
    repeat: Ints
    kind: Ints
    text: Sequence[str]
    cost: Array
    latency_s: Array
    edit_minutes: Array
    items: int

    def by_item(self, values: Array) -> Array:
        """Means over an item's trials, (items,); values that are NaN are left out, an item without any is NaN."""
        known = ~np.isnan(values)
        at = self.item[known]
        counts = np.bincount(at, minlength=self.items)
        sums = np.bincount(at, weights=values[known], minlength=self.items)
        means: Array = np.full(self.items, np.nan)
        np.divide(sums, counts, out=means, where=counts > 0)
        return means

    def per_kind(self, values: Sequence[float]) -> Array:
        """A number a kind, spread over the trials."""
        return np.asarray(values, dtype=np.float64)[self.kind]

    @property
    def has_outcome(self) -> NDArray[np.bool_]:
        """Whether a trial has an outcome, (trials,)."""
        told: NDArray[np.bool_] = np.array(
            [kind.outcome is not None for kind in self.kinds], dtype=bool
        )[self.kind]
        return told

    def coverage(self) -> Array:
        """The share of each item's trials that have an outcome, (items,); NaN where none was asked, which no failure is."""
        return self.by_item(self.has_outcome.astype(float))


def trials(candidate: ObservedCandidate, positions: Ints, all_items: int) -> Trials:
    """A candidate's trials on the items at `positions` of its suite's list of `all_items`."""
    place = np.full(all_items, -1, dtype=np.intp)
    place[positions] = np.arange(len(positions))
    rows: list[ObservedTrial] = candidate.trials
    items = place[np.fromiter((row.item for row in rows), dtype=np.intp, count=len(rows))]
    kept = items >= 0

    def column(name: str) -> Array:
        told = [getattr(row, name) for row in rows]
        return np.array([np.nan if each is None else each for each in told], dtype=np.float64)[kept]

    texts = [row.text for row, keep in zip(rows, kept, strict=True) if keep]
    return Trials(
        candidate.kinds,
        items[kept],
        column("repeat").astype(np.intp),
        column("kind").astype(np.intp),
        texts,
        column("cost"),
        column("latency_s"),
        column("edit_minutes"),
        len(positions),
    )


@dataclass(frozen=True, slots=True)
class Sides:
    """Old and new on the same items, and what prices both: the new suite's weights."""

    suite: ObservedSuite
    match: Matched
    old: Trials
    new: Trials
    priced: bool
    """Whether what the calls cost is known on both sides; otherwise it is left out of both."""

    @property
    def is_identical(self) -> bool:
        """Every answer the same, word for word, and judged alike, trial by trial; there must be one."""
        return len(self.new.item) > 0 and _told(self.old) == _told(self.new)

    @property
    def answered_clusters(self) -> int:
        """Clusters of which the new side has a trial."""
        return len(np.unique(self.match.clusters[self.new.item]))

    def money(self, side: Trials) -> Array:
        """What each trial is worth, (trials,); NaN where it has no outcome."""
        weights = self.suite.weights
        of_kind = side.per_kind([_money(kind, weights) for kind in side.kinds])
        money = of_kind + side.edit_minutes * weights[worth.MEASURED_EDIT]
        return money + (weights[worth.COST] * cost_of_case(side) if self.priced else 0.0)


def cost_of_case(side: Trials) -> Array:
    """The money of each trial's calls, (trials,), those with an outcome bearing what failed ones cost."""
    good = side.has_outcome
    if not good.any():
        return np.full(len(good), np.nan)
    wasted = float(np.nansum(side.cost[~good])) / int(good.sum())
    return np.where(good, side.cost + wasted, np.nan)


def sides(
    old_suite: ObservedSuite, new_suite: ObservedSuite, match: Matched, names: tuple[str, str]
) -> Sides:
    """The candidates `names` (old, new). Raises GateError where an outcome has no price."""
    old_one, new_one = old_suite.candidates[names[0]], new_suite.candidates[names[1]]
    old = trials(old_one, match.in_old, len(old_suite.items))
    new = trials(new_one, match.in_new, len(new_suite.items))
    priced = all(
        not np.isnan(side.cost[side.has_outcome]).any() and side.has_outcome.any()
        for side in (old, new)
    )
    return Sides(new_suite, match, old, new, priced)


def common(
    old_suite: ObservedSuite, new_suite: ObservedSuite, both: Sides, names: tuple[str, str]
) -> Common:
    """What was compared and what differs besides."""
    old, new = old_suite.candidates[names[0]], new_suite.candidates[names[1]]
    match = both.match
    return Common(
        items=len(match.ids),
        clusters=len(np.unique(match.clusters)),
        trials=min(len(both.old.item), len(both.new.item)),
        changed=match.changed,
        only_new=match.only_new,
        only_old=match.only_old,
        parts_changed=_differing(old_suite.digests, new_suite.digests),
        settings_changed=_differing(old.settings, new.settings),
        old_models=_models(old),
        new_models=_models(new),
    )


def _told(side: Trials) -> dict[tuple[int, int], tuple[object, ...]]:
    """Item and repeat -> the answer, and all that was made of it."""
    judged = [
        (kind.outcome, kind.loss_class, kind.edit_assumption, kind.rates) for kind in side.kinds
    ]
    columns = (side.item, side.repeat, side.kind, side.edit_minutes)
    rows = zip(*(column.tolist() for column in columns), side.text, strict=True)
    return {
        (item, repeat): (text, minutes, *judged[kind]) for item, repeat, kind, minutes, text in rows
    }


def _money(kind: Kind, weights: Mapping[str, float]) -> float:
    """Money of a trial of this kind, but for its calls and measured editing."""
    if kind.outcome is None:
        return float("nan")
    names = [worth.ONE]
    if kind.outcome == "redo":
        names.append(worth.REDO)
    if kind.edit_assumption is not None:
        names.append(worth.EDIT + kind.edit_assumption)
    if kind.loss_class is not None:
        names.append(worth.HARM + kind.loss_class)
    unknown = [name for name in names if name not in weights]
    if unknown:
        raise GateError(
            f"the baseline has an outcome that the suite no longer prices ('{unknown[0]}'); bless a newer run"
        )
    return sum(weights[name] for name in names)


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name))


def _models(candidate: ObservedCandidate) -> tuple[str, ...]:
    return tuple(sorted({kind.model for kind in candidate.kinds if kind.model is not None}))
