"""The ledger as numbers: what each item showed of each candidate, and the same after resampling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.stats import few_clusters_factor, pass_hat_k, resampled_sums
from bench.suites.model import Business
from bench.value.assumed import Array
from bench.value.worth import ACCEPT, COST, EDIT, HARM, MEASURED_EDIT, ONE, REDO, feature_names

Mask = NDArray[np.bool_]
RESAMPLES = 5000
UNSERVED, UNSERVED_USABLE = "unserved", "unserved_usable"
TIMED, IN_TIME = "timed", "in_time"
FIRST, USABLE_FIRST, RELIABLE, REPEATED = "first", "usable_first", "reliable", "repeated"


@dataclass(frozen=True, slots=True)
class Items:
    """One candidate's items: a row an item of the suite, NaN where the item has no outcome.

    Columns are the value features averaged over repeats, then the parts of ratios that metrics use.
    """

    names: Sequence[str]
    table: Array
    clusters: Array
    cost_known: bool

    def column(self, name: str) -> Array:
        """One column."""
        return self.table[:, list(self.names).index(name)]

    @property
    def present(self) -> Mask:
        """Which items have an outcome."""
        return ~np.isnan(self.table[:, 0])

    def means(self, keep: Mask | None = None) -> dict[str, Array]:
        """Means over items that have an outcome, each an array of one."""
        rows = self.table[self.present if keep is None else self.present & keep]
        return {name: np.array([rows[:, at].mean()]) for at, name in enumerate(self.names)}

    def borrowing_means(self, keep: Mask) -> dict[str, Array]:
        """Means of a slice with one more cluster that is like the whole: the centre of its resamples."""
        here = self.present & keep
        weight = here.sum() / len(np.unique(self.clusters[here]))
        own, whole = self.table[here].sum(axis=0), self.table[self.present].mean(axis=0)
        means = (own + weight * whole) / (here.sum() + weight)
        return {name: means[at : at + 1] for at, name in enumerate(self.names)}

    def resampled(self, resamples: int, seed: int, keep: Mask | None = None) -> dict[str, Array]:
        """Means of resampled clusters, each (resamples,); the same clusters for every candidate.

        NaN in a resample that drew no item of this candidate. The few clusters of a slice (`keep`) are
        resampled with one more that is like the whole of the candidate's items: an error that seven cases
        did not show is not thereby impossible.
        """
        present = self.present if keep is None else self.present & keep
        filled = np.where(present[:, None], self.table, 0.0)
        columns = np.column_stack([filled, present.astype(float)])
        sums = np.zeros((int(self.clusters.max()) + 1, columns.shape[1]))
        np.add.at(sums, self.clusters.astype(int), columns)
        if keep is not None:
            sums = sums[sums[:, -1] > 0]
            whole = np.array([float(mean[0]) for mean in self.means().values()] + [1.0])
            sums = np.vstack([sums, whole * sums[:, -1].mean()])
        drawn = resampled_sums(sums, resamples, seed)
        counts = drawn[:, -1]
        with np.errstate(invalid="ignore", divide="ignore"):
            means = drawn[:, :-1] / counts[:, None]
        centre = sums[:, :-1].sum(axis=0) / sums[:, -1].sum()
        means = centre + few_clusters_factor(int((sums[:, -1] > 0).sum())) * (means - centre)
        return {name: means[:, at] for at, name in enumerate(self.names)}

    def minus(self, other: "Items") -> "Items":
        """This candidate's features less the other's, on the items that both answered."""
        return Items(
            self.names,
            self.table - other.table,
            self.clusters,
            self.cost_known and other.cost_known,
        )


def items_of(table: pd.DataFrame, business: Business, clusters: Mapping[str, int]) -> Items:
    """One candidate's rows of the ledger as `Items`; `clusters` maps every item to its cluster's number.

    The money of failed trials is spread over the trials that have an outcome: it was paid for them.
    """
    order = {item: at for at, item in enumerate(clusters)}
    numbers = np.array(list(clusters.values()), dtype=float)
    good = table[table["outcome"].notna()]
    names = [
        *feature_names(business),
        UNSERVED,
        UNSERVED_USABLE,
        TIMED,
        IN_TIME,
        FIRST,
        USABLE_FIRST,
        RELIABLE,
        REPEATED,
    ]
    cost_known = bool(len(good)) and bool(good["cost"].notna().all())
    wasted = table.loc[table["outcome"].isna(), "cost"].sum() / max(1, len(good))
    trial = _trial_columns(good, business, wasted if cost_known else 0.0)
    at = good["item"].map(order).to_numpy(dtype=int)
    counts = np.bincount(at, minlength=len(order)).astype(float)
    columns = []
    for name in names:
        part = trial.get(name, np.zeros(len(good)))
        sums = np.bincount(at, weights=part, minlength=len(order))
        columns.append(np.divide(sums, counts, out=np.full(len(order), np.nan), where=counts > 0))
    stacked = np.column_stack(columns)
    _fill_reliability(stacked, names, good, order)
    return Items(names, stacked, numbers, cost_known)


def _trial_columns(good: pd.DataFrame, business: Business, wasted: float) -> dict[str, Array]:
    outcomes = good["outcome"].to_numpy()
    usable = np.isin(outcomes, ["accept", "edit"]).astype(float)
    latency = good["latency_s"].to_numpy(dtype=float)
    unserved = ~good["served_today"].to_numpy(dtype=bool)
    repeats = good.groupby("item")["repeat"].transform("size").to_numpy(dtype=float)
    first = (good["repeat"].to_numpy() == 0) * repeats  # its mean over an item's repeats is 1
    told: dict[str, Array] = {
        ONE: np.ones(len(good)),
        ACCEPT: (outcomes == "accept").astype(float),
        REDO: (outcomes == "redo").astype(float),
        MEASURED_EDIT: good["edit_minutes"].to_numpy(dtype=float),
        COST: np.nan_to_num(good["cost"].to_numpy(dtype=float)) + wasted,
        UNSERVED: unserved.astype(float),
        UNSERVED_USABLE: unserved * usable,
        TIMED: (~np.isnan(latency)).astype(float),
        IN_TIME: (np.nan_to_num(latency, nan=np.inf) <= business.sla_seconds).astype(float),
        FIRST: first,
        USABLE_FIRST: first * usable,
    }
    edits = good["edit_assumption"].to_numpy()
    losses = good["loss_class"].to_numpy()
    for name in feature_names(business):
        if name.startswith(EDIT):
            told[name] = (edits == name.removeprefix(EDIT)).astype(float)
        elif name.startswith(HARM):
            told[name] = (losses == name.removeprefix(HARM)).astype(float)
    return told


def _fill_reliability(
    stacked: Array, names: Sequence[str], good: pd.DataFrame, order: Mapping[str, int]
) -> None:
    """pass^k per item over all its repeats; NaN-free zero columns where nothing was repeated."""
    reliable, repeated = list(names).index(RELIABLE), list(names).index(REPEATED)
    repeats = int(good["repeat"].nunique()) if len(good) else 0
    if repeats < 2:
        return
    usable = good["outcome"].isin(["accept", "edit"])
    for item, group in usable.groupby(good["item"]):
        n = len(group)
        if n == repeats:
            stacked[order[str(item)], reliable] = pass_hat_k(int(group.sum()), n, n)
            stacked[order[str(item)], repeated] = 1.0
