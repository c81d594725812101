"""Which trials a threshold of confidence acts on, and the sums that every figure about it is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bench.errors import UserError
from bench.stats import few_clusters_factor, resampled_sums
from bench.types import Estimate
from bench.value.assumed import Array
from bench.value.estimates import estimate, share_without_spread

Codes = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
Sums = Mapping[str, Array]

FOLDS = 5
_THRESHOLDS = 20
_RESAMPLES = 1000
_POOLS = 4096
"""More clusters than these are pooled at random before resampling; widths stay true to about 1 %."""
_NEGLIGIBLE = 1e-9
"""Money that rounding alone may set between equal thresholds, relative to all money at stake."""
BOOTSTRAP = "cluster bootstrap of trials"


@dataclass(frozen=True, slots=True)
class Trials:
    """Trials with an outcome, in an order that the rows' own does not change; arrays of one number a trial.

    `base` is the money of a trial that is not acted on, `worth` what acting on it adds.
    """

    item: Codes
    cluster: Codes
    answers: Mask  # does not abstain
    may_act: Mask  # does not abstain, and says how sure it is
    confidence: Array
    harm: Mask
    usable: Mask
    base: Array
    worth: Array

    @property
    def clusters(self) -> int:
        """How many clusters have an outcome."""
        return int(self.cluster.max()) + 1

    @property
    def items(self) -> int:
        """How many items have an outcome."""
        return int(self.item.max()) + 1


def trials_of(rows: pd.DataFrame, values: Array, column: str | None) -> Trials:
    """The rows that have an outcome; `column` holds their confidence (None: all are equally sure)."""
    if values.shape != (len(rows),):
        raise ValueError(f"values: shape {values.shape} does not give one to {len(rows)} trials")
    kept = np.flatnonzero(rows["outcome"].notna())
    item = _codes(rows["item"].iloc[kept])
    order = np.lexsort((rows["repeat"].to_numpy(dtype=int)[kept], item))
    item, kept = item[order], kept[order]
    if np.isnan(values[kept]).any():
        raise ValueError("values: a trial with an outcome has none")
    outcomes = rows["outcome"].iloc[kept]
    base = -np.nan_to_num(rows["cost"].to_numpy(dtype=float)[kept])
    confidence = _confidence(rows, column)[kept]
    answers = (outcomes != "redo").to_numpy(dtype=bool)
    return Trials(
        item=item,
        cluster=_codes(rows["cluster"].iloc[kept]),
        answers=answers,
        may_act=answers & ~np.isnan(confidence),
        confidence=confidence,
        harm=(outcomes == "harm").to_numpy(dtype=bool),
        usable=outcomes.isin(["accept", "edit"]).to_numpy(dtype=bool),
        base=base,
        worth=values[kept] - base,
    )


def _codes(names: "pd.Series[str]") -> Codes:
    """Numbers for names, whatever the order of rows: by rank of their hashes, cheaper than of themselves."""
    codes, distinct = pd.factorize(names)
    hashes = pd.util.hash_array(np.asarray(distinct, dtype=object), categorize=False)
    return hashes.argsort().argsort()[codes]


def _confidence(rows: pd.DataFrame, column: str | None) -> Array:
    if column is None:
        return np.zeros(len(rows))
    if column not in rows:
        return np.full(len(rows), np.nan)
    told: Array = rows[column].to_numpy(dtype=float)
    outside = told[(told < 0) | (told > 1)]
    if len(outside):
        raise UserError(
            f"confidence: {column} is {outside[0]:g} in an answer; name a metric between 0 and 1"
        )
    return told


@dataclass(frozen=True, slots=True)
class Bands:
    """Trials between one threshold (ascending) and the next: `at` is the last that each reaches, -1 for none.

    Policy p acts on the trials of bands p and above, those at least as sure as threshold p; the policy
    behind the last threshold acts on none.
    """

    thresholds: Array
    at: Codes

    @property
    def count(self) -> int:
        """The number of thresholds, and the policy that acts on none."""
        return len(self.thresholds)

    def threshold(self, policy: int) -> float | None:
        """The threshold of a policy; None: it acts on none."""
        return float(self.thresholds[policy]) if policy < self.count else None

    def sums(self, weights: Array, group: Codes, groups: int) -> Array:
        """Sums of `weights` by group and band, (groups, count)."""
        cells = group * (self.count + 1) + self.at + 1
        flat = np.bincount(cells, weights=weights, minlength=groups * (self.count + 1))
        return np.asarray(flat.reshape(groups, self.count + 1)[:, 1:])

    def reached(self, group: Codes) -> list[int]:
        """For every policy the number of groups of which it acts on some trial."""
        highest = np.full(int(group.max()) + 1, -1)
        np.maximum.at(highest, group, self.at)
        counts = np.bincount(highest + 1, minlength=self.count + 1).astype(float)
        return [int(told) for told in policies(counts[np.newaxis, 1:])[0]]


def bands_of(trials: Trials) -> Bands:
    """Bands between at most `_THRESHOLDS` of the distinct confidences, evenly spread over their ranks.

    The first threshold is the least confidence of all, so its policy acts on every trial that it may.
    """
    thresholds = np.unique(trials.confidence[trials.may_act])
    if len(thresholds) > _THRESHOLDS:
        ranks = np.linspace(0, len(thresholds) - 1, _THRESHOLDS).round().astype(int)
        thresholds = thresholds[ranks]
    reached = np.searchsorted(thresholds, trials.confidence, side="right") - 1
    return Bands(thresholds, np.where(trials.may_act, reached, -1))


def policies(by_band: Array) -> Array:
    """Sums over the trials that each policy acts on: (n, bands) in, (n, bands + 1) out."""
    acted = by_band[:, ::-1].cumsum(axis=1)[:, ::-1]
    return np.hstack([acted, np.zeros((len(by_band), 1))])


def best_policies(money: Array, stake: Array) -> Codes:
    """The policy with the most money, (..., policies) in, (...) out; of equals, which acts on the fewest.

    `stake` is all money that acting may win or lose, so that rounding does not decide between equals.
    """
    is_best = money >= money.max(axis=-1, keepdims=True) - _NEGLIGIBLE * stake[..., np.newaxis]
    return np.asarray(money.shape[-1] - 1 - is_best[..., ::-1].argmax(axis=-1))


def held_out(sums: Sums) -> Array:
    """Money that acting adds when every fold acts as is best on the other folds, (n,)."""
    own = sums["by_fold"].reshape(len(sums["by_fold"]), -1, sums["worth"].shape[1])
    others = own.sum(axis=1, keepdims=True) - own
    chosen = best_policies(others, sums["stake"])
    return np.asarray(np.take_along_axis(own, chosen[..., np.newaxis], axis=2)[..., 0].sum(axis=1))


@dataclass(frozen=True, slots=True)
class Sample:
    """Sums over all trials, each (1, k), and over resampled clusters, each (resamples, k)."""

    total: Sums
    drawn: Sums

    def figure(
        self,
        formula: Callable[[Sums], Array],
        *,
        n: int,
        clusters: int,
        point: float | None = None,
        is_share: bool = False,
        method: str = BOOTSTRAP,
    ) -> Estimate:
        """`formula` of the sums, with its interval; `point` where it is known better than from sums."""
        centre = float(formula(self.total)[0])
        value = centre if point is None else point
        if clusters < 2:
            return estimate(value, None, n, f"{method}: no interval from one cluster")
        draws = value + few_clusters_factor(clusters) * (formula(self.drawn) - centre)
        if not is_share:
            return estimate(value, draws, n, method)
        return share_without_spread(estimate(value, np.clip(draws, 0, 1), n, method), clusters)


def sample_of(bands: Bands, trials: Trials, seed: int) -> Sample:
    """What figures are made of: by policy `acted`, `harm`, `worth` and, fold by fold of clusters, `by_fold`.

    And in one column each: `trials`, their `base`, the `answered` worth of acting on every answer, the
    `stake`, all worth without its sign, and `brier`, the squared distance of confidence from usable.
    """
    order = np.random.default_rng(seed).permutation(trials.clusters)[trials.cluster]
    pool, pools = order % _POOLS, min(_POOLS, trials.clusters)
    folds = min(FOLDS, trials.clusters)
    ones = np.ones(len(pool))
    by_trial: Sums = {
        "trials": ones,
        "base": trials.base,
        "answered": np.where(trials.answers, trials.worth, 0.0),
        "stake": np.abs(trials.worth),
        "brier": np.where(trials.may_act, trials.confidence - trials.usable, 0.0) ** 2,
    }
    by_policy: Sums = {"acted": ones, "harm": trials.harm.astype(float), "worth": trials.worth}
    by_fold = policies(bands.sums(trials.worth, pool * folds + order % folds, pools * folds))
    parts: dict[str, Array] = {
        name: np.bincount(pool, weights, pools).astype(float)[:, np.newaxis]
        for name, weights in by_trial.items()
    } | {name: policies(bands.sums(weights, pool, pools)) for name, weights in by_policy.items()}
    return _resampled(parts | {"by_fold": by_fold.reshape(pools, -1)}, seed)


def _resampled(parts: Sums, seed: int) -> Sample:
    columns = np.hstack(list(parts.values()))
    ends = np.cumsum([part.shape[1] for part in parts.values()])[:-1]

    def named(sums: Array) -> Sums:
        return dict(zip(parts, np.split(sums, ends, axis=1), strict=True))

    drawn = resampled_sums(columns, _RESAMPLES, seed)
    return Sample(named(columns.sum(axis=0, keepdims=True)), named(drawn))
