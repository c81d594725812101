"""Selective answering: what it is worth to act only on the answers that are sure enough.

A case that is not acted on goes straight to a person: nobody reviews its answer, and only the answer's
own cost is lost.

Source: El-Yaniv & Wiener (2010), JMLR 11:1605-1641, on risk and coverage; Geifman, Uziel & El-Yaniv
(2019), "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers", ICLR, arXiv 1805.08206, on the
area under their curve and its excess over the ideal order.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from bench.stats import few_clusters_factor
from bench.types import Estimate, Record
from bench.value.acting import (
    BOOTSTRAP,
    FOLDS,
    Bands,
    Sample,
    Sums,
    Trials,
    bands_of,
    best_policies,
    held_out,
    sample_of,
    trials_of,
)
from bench.value.assumed import Array
from bench.value.estimates import estimate, unknown
from bench.value.risk_coverage import area, excess_area, ratio

_BINS = 10


class SelectivePoint(Record):
    """Acting on the answers at least as sure as `threshold`; None: on none.

    `coverage` is the share of trials with an outcome that are acted on, `risk` the share of harmful ones
    among those (no value where there are none), `value` money per case, acted on or not.
    """

    threshold: float | None
    coverage: float
    risk: Estimate
    value: Estimate


class CalibrationBin(Record):
    """Answers whose confidence is at least `low` and below `high` (1 belongs to the last bin).

    `confidence` is what they say on average, `usable` the share of them that is.
    """

    low: float
    high: float
    answers: int
    confidence: float
    usable: float


class ConfidenceCalibration(Record):
    """Whether answers are as often usable (accepted or edited) as they say.

    `expected_error` is the distance between the two in `bins` of equal width, weighted by answers (Guo et
    al. 2017, arXiv 1706.04599); `brier` the mean squared distance by answer (Brier 1950, Monthly Weather
    Review 78:1-3). About the `answers` that state a confidence and do not abstain.
    """

    answers: int
    expected_error: Estimate
    brier: Estimate
    bins: tuple[CalibrationBin, ...]


class Selective(Record):
    """The risk-coverage curve, from acting on none to acting on all that may be, and what choosing gains.

    `best_threshold` has the most value on all trials (None: act on none), and that value flatters it.
    `value_chosen` does not: every fold of clusters is valued at the threshold that is best on the other
    folds. `gain` is that less the value of acting on every answer that does not abstain, on the same
    trials. Both need two clusters.

    `aurc` is the mean risk over all coverages of the answers that may be acted on, `excess_aurc` what the
    ideal order of the same answers would save of it; None without stated confidence, as `calibration`.
    """

    points: tuple[SelectivePoint, ...]
    best_threshold: float | None
    value_chosen: Estimate
    gain: Estimate
    aurc: Estimate | None
    excess_aurc: Estimate | None
    calibration: ConfidenceCalibration | None


def selective(
    rows: pd.DataFrame, values: Array, confidence_column: str | None, seed: int
) -> Selective | None:
    """One candidate's risk-coverage curve; None where there is nothing to choose.

    `rows` are its rows of the ledger, one a trial; `values[i]` is the money of trial i when it is acted
    on, its own cost included. Not acted on it is worth minus `rows["cost"]` (unknown: 0, as in values).
    Trials without an outcome are left out. An answer that abstains (`redo`) is never acted on, nor is one
    without a number in `confidence_column`. Without such a column all others are equally sure (0), which
    leaves a choice only if some abstained and some did not. The order of rows changes nothing. Raises
    UserError for a confidence outside 0 to 1.
    """
    if not len(rows):
        return None
    trials = trials_of(rows, values, confidence_column)
    if not trials.may_act.any() or (confidence_column is None and trials.may_act.all()):
        return None
    bands = bands_of(trials)
    sample = sample_of(bands, trials, seed)
    best = best_policies(sample.total["worth"], sample.total["stake"][:, 0])
    has_confidence = confidence_column is not None
    aurc, excess = _areas(sample, bands, trials) if has_confidence else (None, None)
    return Selective(
        points=_points(sample, bands, trials),
        best_threshold=bands.threshold(int(best[0])),
        value_chosen=_chosen(sample, trials, "base"),
        gain=_chosen(sample, trials, "answered", sign=-1),
        aurc=aurc,
        excess_aurc=excess,
        calibration=_calibration(sample, bands, trials) if has_confidence else None,
    )


def _points(sample: Sample, bands: Bands, trials: Trials) -> tuple[SelectivePoint, ...]:
    """One point a policy, from acting on none."""
    acted_items = bands.reached(trials.item)
    acted_clusters = bands.reached(trials.cluster)

    def point(policy: int) -> SelectivePoint:
        return SelectivePoint(
            threshold=bands.threshold(policy),
            coverage=float(sample.total["acted"][0, policy]) / len(trials.item),
            risk=sample.figure(
                lambda sums: ratio(sums["harm"][:, policy], sums["acted"][:, policy]),
                n=acted_items[policy],
                clusters=acted_clusters[policy],
                is_share=True,
            )
            if acted_items[policy]
            else unknown(0, "acts on none"),
            value=sample.figure(
                lambda sums: (sums["base"][:, 0] + sums["worth"][:, policy]) / sums["trials"][:, 0],
                n=trials.items,
                clusters=trials.clusters,
            ),
        )

    return tuple(point(policy) for policy in range(bands.count, -1, -1))


def _chosen(sample: Sample, trials: Trials, beside: str, *, sign: int = 1) -> Estimate:
    """Money per case by honest choice, plus (`sign` -1: less) the money called `beside`.

    Every resample chooses anew, and the draws are centred on the estimate: with the choices held fixed
    the interval would be too narrow (Bates, Hastie & Tibshirani 2024, JASA 119:1434-1445).
    """
    if trials.clusters < 2:
        return unknown(trials.items, "choosing a threshold honestly needs two clusters")

    def per_case(sums: Sums) -> Array:
        return (held_out(sums) + sign * sums[beside][:, 0]) / sums["trials"][:, 0]

    point, draws = float(per_case(sample.total)[0]), per_case(sample.drawn)
    return estimate(
        point,
        point + few_clusters_factor(trials.clusters) * (draws - draws.mean()),
        trials.items,
        f"threshold from the other of {min(FOLDS, trials.clusters)} folds; {BOOTSTRAP}",
    )


def _areas(sample: Sample, bands: Bands, trials: Trials) -> tuple[Estimate, Estimate]:
    """Both areas over every distinct confidence; their spread is that of the areas over bands."""
    groups = np.unique(-trials.confidence[trials.may_act], return_inverse=True)[1]
    size = np.bincount(groups)
    harm = np.bincount(groups, weights=trials.harm[trials.may_act].astype(float))

    def by_band(acted: Array) -> Array:
        return np.diff(acted[:, ::-1])

    def figure(formula: Callable[[Array, Array], Array]) -> Estimate:
        return sample.figure(
            lambda sums: formula(by_band(sums["acted"]), by_band(sums["harm"])),
            n=bands.reached(trials.item)[0],
            clusters=bands.reached(trials.cluster)[0],
            point=float(formula(size.astype(float), harm.astype(float))),
            is_share=True,
        )

    return figure(area), figure(excess_area)


def _calibration(sample: Sample, bands: Bands, trials: Trials) -> ConfidenceCalibration:
    told, usable = trials.confidence[trials.may_act], trials.usable[trials.may_act]
    n = bands.reached(trials.item)[0]
    bins = np.minimum((told * _BINS).astype(int), _BINS - 1)
    sizes = np.bincount(bins, minlength=_BINS)
    confidence = np.bincount(bins, weights=told, minlength=_BINS)
    good = np.bincount(bins, weights=usable.astype(float), minlength=_BINS)
    error = float(np.abs(confidence - good).sum()) / len(told)
    return ConfidenceCalibration(
        answers=len(told),
        expected_error=estimate(
            error, None, n, f"{_BINS} bins of equal width; no interval: resampling inflates it"
        ),
        brier=sample.figure(
            lambda sums: ratio(sums["brier"][:, 0], sums["acted"][:, 0]),
            n=n,
            clusters=bands.reached(trials.cluster)[0],
            is_share=True,
        ),
        bins=tuple(
            CalibrationBin(
                low=at / _BINS,
                high=(at + 1) / _BINS,
                answers=int(size),
                confidence=float(confidence[at] / size),
                usable=float(good[at] / size),
            )
            for at, size in enumerate(sizes)
            if size
        ),
    )
