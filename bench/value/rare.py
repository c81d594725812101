"""How often harm comes, drawn anew: it may come more often than any resample shows.

Where harm is rare and dear its losses sit in a few clusters, and the bootstrap, which only deals out what
was seen, gives intervals of the value that are too short on the bad side. So the share of harmful answers
is drawn from the beta distribution that its count leaves (Jeffreys: half an event more, half a clean item
more), counted in as many independent items as the clusters are worth. The resamples keep their order and
their mix of classes; the half event is of the ordinary class, also where no item showed any harm: none of
twelve is not never. That widens ranges and lowers chances; the mean stays what was measured. Dear classes
that were not seen are what gates are for.

Source: Brown, Cai & DasGupta (2001), Statistical Science 16:101-133, on the Jeffreys interval; Korn &
Graubard (1998), Survey Methodology 24:193-201, on clusters; simulated in tests/calibration.
"""

import zlib
from collections.abc import Mapping

import numpy as np

from bench.stats import clustered_count
from bench.stats.rates import ASSUMED_CORRELATION
from bench.suites.model import Business
from bench.value.assumed import Array
from bench.value.sample import Items, Mask
from bench.value.worth import ACCEPT, EDIT, HARM, MEASURED_EDIT, REDO

_GRID = (np.arange(1000) + 0.5) / 1000
_LEVEL = 0.95


def redrawn(
    features: Mapping[str, Array],
    items: Items,
    ordinary: str | None,
    seed: int,
    keep: Mask | None = None,
) -> dict[str, Array]:
    """A candidate's resampled features with the shares of harm drawn anew, the other outcomes sharing the rest.

    `ordinary` is the class that unseen harm counts as; None where the suite knows no harm. `keep` says
    which items a slice has, which leans on the whole by one cluster.
    """
    told = dict(features)
    classes = [name for name in items.names if name.startswith(HARM)]
    at = items.means() if keep is None else items.borrowing_means(keep)
    seen = {name: float(at[name][0]) for name in classes}
    total = sum(seen.values())
    if ordinary is None or total >= 1:
        return told
    before = np.asarray(np.sum([features[name] for name in classes], axis=0))
    n = _worth(items, keep)
    after = _drawn(n, total, before, _noise(items, len(before), seed))
    half = 0.5 / (total * n + 0.5)
    for name in classes:
        known = seen[name] / total if total > 0 else 0.0
        mix = np.divide(features[name], before, out=np.full_like(before, known), where=before > 0)
        told[name] = after * ((1 - half) * mix + half * (name == HARM + ordinary))
    rest = np.divide(1 - after, 1 - before, out=np.zeros_like(before), where=before < 1)
    for name in items.names:
        if name in (ACCEPT, REDO, MEASURED_EDIT) or name.startswith(EDIT):
            told[name] = told[name] * rest
    return told


def _noise(items: Items, size: int, seed: int) -> Array:
    """What orders ties: the same for candidates that answered alike, whatever their names."""
    outcomes = [
        items.column(name)
        for name in items.names
        if name in (ACCEPT, REDO) or name.startswith(HARM)
    ]
    alike = np.nan_to_num(np.round(outcomes, 9), nan=-1.0) + 0.0  # no negative zeros
    return np.random.default_rng((seed, zlib.crc32(alike.tobytes()))).random(size)


def ordinary_class(business: Business) -> str | None:
    """The class of an ordinary error: the one that people make today, else that of the median loss."""
    if business.done_today_by.error_class is not None:
        return business.done_today_by.error_class
    by_loss = sorted(business.loss, key=lambda name: business.loss[name].base)
    return by_loss[(len(by_loss) - 1) // 2] if by_loss else None


def _worth(items: Items, keep: Mask | None) -> float:
    """As how many independent items they tell of harm; the borrowed cluster counts as one."""
    here = items.present if keep is None else items.present & keep
    harm = np.sum(
        [items.column(name)[here] for name in items.names if name.startswith(HARM)], axis=0
    )
    count = clustered_count(harm > 0, items.clusters[here])
    return count.effective_n(_LEVEL, ASSUMED_CORRELATION) + (keep is not None)


def _drawn(n: float, share: float, draws: Array, noise: Array) -> Array:
    """Draws of a share in the order of its resamples; ties in the order of `noise`, NaN kept."""
    from scipy.special import betaincinv  # half a second, and suites without harm do without

    quantiles = betaincinv(share * n + 0.5, (1 - share) * n + 0.5, _GRID)
    known = np.flatnonzero(~np.isnan(draws))
    ranks = (np.arange(len(known)) + 0.5) / len(known)
    told = np.full(len(draws), np.nan)
    order = known[np.lexsort((noise[known], draws[known]))]
    told[order] = np.interp(ranks, _GRID, quantiles)
    return told
