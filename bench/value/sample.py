"""The ledger as numbers: what each item showed of each candidate, and the same after resampling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from bench.stats import few_clusters_factor, resampled_sums
from bench.suites.model import Business
from bench.value.assumed import Array
from bench.value.worth import ACCEPT, COST, EDIT, HARM, MEASURED_EDIT, ONE, REDO, feature_names

Mask = NDArray[np.bool_]
RESAMPLES = 10_000
UNSERVED, UNSERVED_USABLE = "unserved", "unserved_usable"
TIMED, IN_TIME = "timed", "in_time"
FIRST, USABLE_FIRST, RELIABLE, REPEATED = "first", "usable_first", "reliable", "repeated"
WORTH, EARNED, VARIANTS = "worth", "earned", "variants"
_PARTS = (
    UNSERVED, UNSERVED_USABLE, TIMED, IN_TIME, FIRST, USABLE_FIRST, WORTH, EARNED, RELIABLE, REPEATED, VARIANTS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Items:
    """One candidate's items: a row an item of the suite, NaN where the item has no outcome.

    Columns are the value features averaged over repeats, then the parts of ratios that metrics use.
    `counts` is how many trials of an item have an outcome, `wasted` what each of them bears of the money
    of failed ones.
    """

    names: Sequence[str]
    table: Array
    clusters: NDArray[np.intp]
    counts: Array
    cost_known: bool
    wasted: float

    def column(self, name: str) -> Array:
        """One column."""
        return self.table[:, list(self.names).index(name)]

    @property
    def present(self) -> Mask:
        """Which items have an outcome."""
        return ~np.isnan(self.table[:, 0])

    def spread_over(self, keep: Mask | None = None) -> int:
        """How many clusters the items with an outcome lie in."""
        here = self.present if keep is None else self.present & keep
        return int(np.count_nonzero(np.bincount(self.clusters[here])))

    def means(self, keep: Mask | None = None) -> dict[str, Array]:
        """Means over items that have an outcome, each an array of one."""
        rows = self.table[self.present if keep is None else self.present & keep]
        return {name: np.array([rows[:, at].mean()]) for at, name in enumerate(self.names)}

    def borrowing_means(self, keep: Mask) -> dict[str, Array]:
        """Means of a slice with one more cluster that is like the whole: the centre of its resamples."""
        here = self.present & keep
        weight = here.sum() / self.spread_over(keep)
        own, whole = self.table[here].sum(axis=0), self.table[self.present].mean(axis=0)
        means = (own + weight * whole) / (here.sum() + weight)
        return {name: means[at : at + 1] for at, name in enumerate(self.names)}

    def sums(self, keep: Mask | None = None) -> Array:
        """Sums of the columns within each cluster, and last the number of items: (clusters, k + 1).

        The few clusters of a slice (`keep`) get a further row that is like the whole of the candidate's
        items: an error that seven cases did not show is not thereby impossible.
        """
        present = self.present if keep is None else self.present & keep
        filled = np.where(present[:, None], self.table, 0.0)
        columns = np.column_stack([filled, present.astype(float)])
        told = np.zeros((int(self.clusters.max()) + 1, columns.shape[1]))
        np.add.at(told, self.clusters, columns)
        if keep is None:
            return told
        here = told[:, -1] > 0
        whole = np.append(self.table[self.present].mean(axis=0), 1.0)
        return np.vstack([told, whole * (told[here, -1].mean() if here.any() else 0.0)])

    def minus(self, other: "Items") -> "Items":
        """This candidate's features less the other's, on the items that both answered."""
        return Items(
            self.names,
            self.table - other.table,
            self.clusters,
            np.minimum(self.counts, other.counts),
            self.cost_known and other.cost_known,
            self.wasted - other.wasted,
        )

    def without(self, dropped: pd.DataFrame, at: NDArray[np.intp], business: Business) -> "Items":
        """The value features without some trials; `at` says which item each of them belongs to."""
        names = feature_names(business)
        trial = _value_columns(dropped, business, self.wasted)
        counts = self.counts - np.bincount(at, minlength=len(self.counts))
        columns = []
        for name in names:
            gone = np.bincount(at, weights=trial[name], minlength=len(counts))
            columns.append(_quotient(self.column(name) * self.counts - gone, counts))
        table = np.column_stack(columns)
        return Items(names, table, self.clusters, counts, self.cost_known, self.wasted)


def _quotient(sums: ArrayLike, counts: Array) -> Array:
    means: Array = np.full(len(counts), np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means


def jointly_resampled(
    found: Mapping[str, Items], resamples: int, seed: int, keep: Mask | None = None
) -> dict[str, dict[str, Array]]:
    """Mean features of resampled clusters, each (resamples,); the same clusters for every candidate.

    NaN in a resample that drew no item of a candidate. The means are widened about their centre where
    clusters are few (`few_clusters_factor`).
    """
    sums = {name: items.sums(keep) for name, items in found.items()}
    if not sums:
        return {}
    blocks = np.hstack(list(sums.values()))
    if keep is not None:  # the slice's clusters, whoever answered them, and the borrowed one
        clusters = next(iter(found.values())).clusters
        blocks = blocks[np.append(np.unique(clusters[keep]), len(blocks) - 1)]
    distinct, at = _distinct_columns(blocks)
    drawn = resampled_sums(distinct, resamples, seed)
    told, start = {}, 0
    for name, items in found.items():
        here = at[start : start + len(items.names) + 1]
        start += len(here)
        told[name] = _widened_means(items.names, sums[name], drawn, here)
    return told


def _distinct_columns(blocks: Array) -> tuple[Array, list[int]]:
    """The columns that differ, and where each column stands among them: candidates share many."""
    first: dict[bytes, int] = {}
    kept: list[Array] = []
    at = []
    for column in np.ascontiguousarray(blocks.T):
        place = first.setdefault(column.tobytes(), len(kept))
        if place == len(kept):
            kept.append(column)
        at.append(place)
    return np.column_stack(kept), at


def _widened_means(
    names: Sequence[str], sums: Array, drawn: Array, at: Sequence[int]
) -> dict[str, Array]:
    total = sums.sum(axis=0)
    factor = few_clusters_factor(int((sums[:, -1] > 0).sum()))
    counts = drawn[:, at[-1]]
    told = {}
    for name, place, centre in zip(names, at[:-1], total[:-1] / total[-1], strict=True):
        means = _quotient(drawn[:, place], counts)
        told[name] = centre + factor * (means - centre)
    return told


def items_of(table: pd.DataFrame, business: Business, clusters: Mapping[str, int]) -> Items:
    """One candidate's rows of the ledger as `Items`; `clusters` maps every item to its cluster's number.

    The money of failed trials is spread over the trials that have an outcome: it was paid for them.
    """
    order = {item: at for at, item in enumerate(clusters)}
    good = table[table["outcome"].notna()]
    names = [*feature_names(business), *_PARTS]
    cost_known = bool(len(good)) and bool(good["cost"].notna().all())
    failed = float(table["cost"].sum() - good["cost"].sum()) if cost_known else 0.0
    wasted = failed / max(1, len(good))
    at = np.asarray(good["item"].map(order), dtype=np.intp)
    counts: Array = np.bincount(at, minlength=len(order)).astype(float)
    trial = _value_columns(good, business, wasted) | _part_columns(good, at, counts[at], business)
    columns = [
        _quotient(np.bincount(at, weights=trial[name], minlength=len(order)), counts)
        for name in names
    ]
    numbers = np.array(list(clusters.values()), dtype=np.intp)
    return Items(names, np.column_stack(columns), numbers, counts, cost_known, wasted)


def _part_columns(
    good: pd.DataFrame, at: NDArray[np.intp], repeats: Array, business: Business
) -> dict[str, Array]:
    """Parts of ratios by trial; `at` is a trial's item, `repeats` how many trials that item has."""
    outcomes = good["outcome"].to_numpy()
    accepted = (outcomes == "accept").astype(float)
    usable = accepted + (outcomes == "edit")
    latency = good["latency_s"].to_numpy(dtype=float)
    unserved = ~good["served_today"].to_numpy(dtype=bool)
    worth = good["worth"].to_numpy(dtype=float)
    first = (good["repeat"].to_numpy() == 0) * repeats  # its mean over an item's repeats is 1
    asked = int(good["repeat"].nunique())
    whole = (repeats == asked) & (asked > 1)  # pass^k over all k repeats: every one of them usable
    all_usable = np.bincount(at, weights=usable)[at] == asked
    fresh = ~pd.DataFrame(
        {"item": at, "text": good["variant"].to_numpy(), "usable": usable}
    ).duplicated()
    return {
        UNSERVED: unserved.astype(float),
        UNSERVED_USABLE: unserved * usable,
        TIMED: (~np.isnan(latency)).astype(float),
        IN_TIME: (np.nan_to_num(latency, nan=np.inf) <= business.sla_seconds).astype(float),
        FIRST: first,
        USABLE_FIRST: first * usable,
        WORTH: worth,
        EARNED: worth * accepted,
        REPEATED: whole.astype(float),
        RELIABLE: (whole & all_usable).astype(float),
        VARIANTS: fresh.to_numpy() * usable * whole * repeats,
    }


def _value_columns(good: pd.DataFrame, business: Business, wasted: float) -> dict[str, Array]:
    """The value features by trial."""
    outcomes = good["outcome"].to_numpy()
    told: dict[str, Array] = {
        ONE: np.ones(len(good)),
        ACCEPT: (outcomes == "accept").astype(float),
        REDO: (outcomes == "redo").astype(float),
        MEASURED_EDIT: good["edit_minutes"].to_numpy(dtype=float),
        COST: np.nan_to_num(good["cost"].to_numpy(dtype=float)) + wasted,
    }
    edits = good["edit_assumption"].to_numpy()
    losses = good["loss_class"].to_numpy()
    for name in feature_names(business):
        if name.startswith(EDIT):
            told[name] = (edits == name.removeprefix(EDIT)).astype(float)
        elif name.startswith(HARM):
            told[name] = (losses == name.removeprefix(HARM)).astype(float)
    return told
