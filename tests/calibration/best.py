"""Is a candidate said to be best with probability 0.7 the best in 70 % of such cases?"""

import numpy as np

from bench.stats import cluster_bootstrap, few_clusters_factor
from tests.calibration.findings import Finding, show
from tests.calibration.populations import labels, scores

SIZES = [10] * 30
CORRELATION = 0.2
SHARED = 0.5
"""Of the variance of a score, what the item does to every candidate alike."""
ERROR = np.sqrt(2.8 / 300)
"""Standard error of a mean of variance 1 here."""
RESAMPLES = 1000
FEWEST = 200
CLOSE = 0.05


def stated_and_true(candidates, prior, runs, seed=10):
    """P(best) of every candidate of every run, and whether it was: true values spread `prior` errors wide.

    P(best) as the engine has it: the share of joint draws in which a candidate is above all others and
    above today's way, which is 0.
    """
    rng = np.random.default_rng((seed, candidates))
    clusters = labels(SIZES)
    factor = few_clusters_factor(len(SIZES))
    stated, true = [], []
    for run in range(runs):
        values = rng.normal(size=candidates) * prior * ERROR
        common = np.sqrt(SHARED) * scores(rng, SIZES, CORRELATION)
        own = [np.sqrt(1 - SHARED) * scores(rng, SIZES, CORRELATION) for _ in range(candidates)]
        table = values + common[:, np.newaxis] + np.column_stack(own)
        means = table.mean(axis=0)
        draws = means + factor * (cluster_bootstrap(table, clusters, RESAMPLES, run) - means)
        highest = np.maximum(draws.max(axis=1), 0)[:, np.newaxis]
        stated.append((draws == highest).mean(axis=0))
        true.append(values == max(values.max(), 0.0))
    return np.concatenate(stated), np.concatenate(true)


def by_decile(prior, runs, candidates=(3, 4, 5)):
    """(decile, cases, mean of P(best), share that was best) over all numbers of candidates."""
    parts = [stated_and_true(each, prior, runs) for each in candidates]
    stated, true = (np.concatenate(each) for each in zip(*parts, strict=True))
    decile = np.minimum((stated * 10).astype(int), 9)
    return [
        (at, int(here.sum()), float(stated[here].mean()), float(true[here].mean()))
        for at in range(10)
        if (here := decile == at).any()
    ]


def all_findings(prior=5, runs=8000, *, asserted=True):
    """The share that was best against the mean of P(best), a decile of it with 200 cases a row."""
    return [
        Finding(
            f"P(best) {at / 10:.1f} to {(at + 1) / 10:.1f}, on average {mean:.1%}: was best",
            share,
            cases,
            (max(0.0, mean - CLOSE), min(1.0, mean + CLOSE)) if asserted else None,
        )
        for at, cases, mean, share in by_decile(prior, runs)
        if cases >= FEWEST
    ]


if __name__ == "__main__":
    show("P(best): true values 5 standard errors apart", all_findings())
    show("P(best): true values 1 standard error apart", all_findings(1, 2000, asserted=False))
