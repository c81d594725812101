"""Do nominal intervals hold the truth as often as they say, when items share clusters?"""

from collections import Counter

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from bench.stats import (
    cluster_bootstrap,
    clustered_se,
    few_clusters_factor,
    paired_difference,
    percentile_interval,
)
from bench.suites.model import Business
from bench.value import assumed, worth
from bench.value.estimates import LEVEL, estimate, mean_by_cluster
from bench.value.rare import ordinary_class, redrawn
from bench.value.sample import items_of, jointly_resampled
from tests.calibration.findings import Finding, show
from tests.calibration.populations import labels, outcomes, scores
from tests.small_suite import SUITE

THIRTY_TENS = [10] * 30
CORRELATION = 0.2
RESAMPLES = 1000
BAND_95, BAND_90 = (0.93, 0.97), (0.88, 0.92)
RARE = (BAND_95, None)
"""Six events in a run on average, and one run in a hundred without any."""
SEVENTEEN_PAIRS, UNSEEN = [2] * 17, ((0.93, 0.99), None)
"""Half of all runs without an event: the interval may be too wide, but not too short."""
IGNORED = (0.65, 0.78)
"""What is left of 95 % when clusters are ignored: a normal interval too short by sqrt(2.8) covers 76 %."""


def of_a_mean(runs=2000, seed=1):
    """Intervals of a mean of normal scores whose true mean is 0."""
    rng = np.random.default_rng(seed)
    clusters = labels(THIRTY_TENS)
    held = Counter()
    for run in range(runs):
        y = scores(rng, THIRTY_TENS, CORRELATION)
        told = mean_by_cluster(y[:, np.newaxis], clusters, RESAMPLES, run)[0]
        held["engine 90"] += told.low <= 0 <= told.high
        held["bootstrap"] += _holds(0, *_bootstrapped(y, clusters, run))
        held["items"] += _holds(0, *_bootstrapped(y, np.arange(len(y)), run))
        held["t"] += _holds(0, *_t_interval(y, clusters))
    return [
        Finding("mean, cluster bootstrap, 95 %", held["bootstrap"] / runs, runs, BAND_95),
        Finding("mean, cluster bootstrap as reported, 90 %", held["engine 90"] / runs, runs, BAND_90),
        Finding("mean, clustered t, 95 %", held["t"] / runs, runs, BAND_95),
        Finding("mean, clusters ignored, 95 %", held["items"] / runs, runs, IGNORED),
    ]  # fmt: skip


def of_a_paired_difference(runs=2000, seed=2):
    """Two candidates on the same items, 0.1 apart, the difference alike within clusters."""
    rng = np.random.default_rng(seed)
    clusters = labels(THIRTY_TENS)
    held = Counter()
    for run in range(runs):
        a = scores(rng, THIRTY_TENS, CORRELATION)
        b = a + 0.1 + scores(rng, THIRTY_TENS, CORRELATION)
        for name, groups in (("clusters", clusters), ("items", None)):
            told = paired_difference(a, b, groups, seed=run)
            held[name] += _holds(0.1, told.low, told.high)
    return [
        Finding("paired difference, clusters, 95 %", held["clusters"] / runs, runs, BAND_95),
        Finding("paired difference, clusters ignored, 95 %", held["items"] / runs, runs, IGNORED),
    ]


def of_value_per_case(harm, runs=2000, seed=3, sizes=THIRTY_TENS, bands=(BAND_95, BAND_90)):
    """Money per case where the share `harm` of answers costs 800 and the others gain 57 or lose 9."""
    business = Business.model_validate(SUITE["business"])
    shares = ((1 - harm) * 0.7, (1 - harm) * 0.3, harm)
    rng = np.random.default_rng(seed)
    drawn, mean = assumed.drawn(business, RESAMPLES, seed), assumed.expected(business)
    true = _true_value(shares, mean, business)
    clusters = dict(enumerate(labels(sizes).tolist()))
    held = Counter()
    for run in range(runs):
        kinds = outcomes(rng, sizes, shares, CORRELATION)
        items = items_of(_ledger(kinds), business, clusters)
        resampled = jointly_resampled({"it": items}, RESAMPLES, run)["it"]
        features = redrawn(resampled, items, ordinary_class(business), run)
        draws = worth.value(features, drawn, business)
        reported = estimate(
            float(worth.value(items.means(), mean, business)[0]), draws, len(kinds), ""
        )
        held["90"] += _holds(true, reported.low, reported.high)
        held["95"] += _holds(true, *percentile_interval(draws, 0.95))
        held["too high"] += true < reported.low
    name = f"value per case, {len(sizes)} x {sizes[0]}, {harm:.0%} of answers harmful"
    return [
        Finding(f"{name}, 95 %", held["95"] / runs, runs, bands[0]),
        Finding(f"{name}, as reported, {LEVEL:.0%}", held["90"] / runs, runs, bands[1]),
        Finding(f"{name}, truth below the reported interval", held["too high"] / runs, runs),
    ]


def _true_value(shares, mean, business):
    told = {name: np.zeros(1) for name in worth.feature_names(business)} | {worth.ONE: np.ones(1)}
    features = (worth.ACCEPT, worth.REDO, f"{worth.HARM}wrong_answer")
    told |= {name: np.array([share]) for name, share in zip(features, shares, strict=True)}
    return float(worth.value(told, mean, business)[0])


def _ledger(kinds):
    """A row an item, once asked, free, at once: accepted (0), redone (1) or harmful (2)."""
    names = np.array(["accept", "redo", "harm"])[kinds]
    return pd.DataFrame(
        {
            "item": np.arange(len(kinds)),
            "repeat": 0,
            "outcome": names,
            "loss_class": np.where(names == "harm", "wrong_answer", None),
            "edit_minutes": 0.0,
            "edit_assumption": None,
            "cost": 0.0,
            "latency_s": 0.0,
            "served_today": True,
            "worth": 1.0,
            "variant": 0,
        }
    )


def _bootstrapped(y, clusters, seed):
    """The 95 % interval of a mean as the engine makes its 90 % one."""
    draws = cluster_bootstrap(y, clusters, RESAMPLES, seed)[:, 0]
    factor = few_clusters_factor(len(np.unique(clusters)))
    return percentile_interval(y.mean() + factor * (draws - y.mean()), 0.95)


def _t_interval(y, clusters):
    count = len(np.unique(clusters))
    half = stdtrit(count - 1, 0.975) * clustered_se(y, clusters) * np.sqrt(count / (count - 1))
    return y.mean() - half, y.mean() + half


def _holds(true, low, high):
    return low <= true <= high


def all_findings():
    return [
        *of_a_mean(),
        *of_a_paired_difference(),
        *of_value_per_case(0.0),
        *of_value_per_case(0.2),
        *of_value_per_case(0.08),
        *of_value_per_case(0.02, bands=RARE),
        *of_value_per_case(0.02, sizes=SEVENTEEN_PAIRS, bands=UNSEEN),
    ]


if __name__ == "__main__":
    show("Intervals: 30 clusters of 10, correlation 0.2", all_findings())
