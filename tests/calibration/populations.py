"""Invented items in clusters whose truth is known, to be drawn as often as one likes."""

import numpy as np


def labels(sizes):
    """The cluster of each item, for clusters of these sizes."""
    return np.repeat(np.arange(len(sizes)), sizes)


def scores(rng, sizes, correlation):
    """Normal scores, mean 0 and variance 1, with this correlation between items of a cluster."""
    common = rng.normal(size=len(sizes))[labels(sizes)]
    own = rng.normal(size=sum(sizes))
    return np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own


def events(rng, sizes, rate, correlation):
    """Items with an event (1) or none (0): beta-binomial, each cluster has a rate of its own."""
    if correlation == 0:
        return (rng.random(sum(sizes)) < rate).astype(float)
    strength = 1 / correlation - 1
    rates = rng.beta(rate * strength, (1 - rate) * strength, size=len(sizes))
    return (rng.random(sum(sizes)) < rates[labels(sizes)]).astype(float)


def copied_events(rng, sizes, rate, correlation):
    """The same rate and correlation, lumped: in so many clusters all items have the event or none has it."""
    own = rng.random(sum(sizes)) < rate
    copied = (rng.random(len(sizes)) < correlation)[labels(sizes)]
    common = (rng.random(len(sizes)) < rate)[labels(sizes)]
    return np.where(copied, common, own).astype(float)


def outcomes(rng, sizes, shares, correlation):
    """One of several outcomes an item, by number: Dirichlet-multinomial, shares differ between clusters."""
    strength = 1 / correlation - 1
    of_cluster = rng.dirichlet(np.asarray(shares) * strength, size=len(sizes)).cumsum(axis=1)
    drawn = rng.random(sum(sizes))[:, np.newaxis]
    return (drawn > of_cluster[labels(sizes)]).sum(axis=1).clip(max=len(shares) - 1)
