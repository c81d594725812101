"""How often harm comes, drawn anew: it may come more often than any resample shows.

Where harm is rare and dear its losses sit in a few clusters, and the bootstrap, which only deals out what
was seen, gives intervals of the value that are too short on the bad side. So the share of every class of
harm that was seen is drawn from the beta distribution that its count leaves (Jeffreys: half an event more,
half a clean item more), counted in as many independent items as the clusters are worth; the resamples keep
their order, so that candidates stay comparable draw by draw. Where no item showed any harm, one of the
ordinary class is drawn the same way: none of twelve is not never. That widens ranges and lowers chances;
the mean stays what was measured. Dear classes that were not seen are what gates are for.

Source: Brown, Cai & DasGupta (2001), Statistical Science 16:101-133, on the Jeffreys interval; Korn &
Graubard (1998), Survey Methodology 24:193-201, on clusters; simulated in tests/calibration.
"""

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
    at = items.means() if keep is None else items.borrowing_means(keep)
    shares = {name: float(at[name][0]) for name in at if name.startswith(HARM)}
    seen = [name for name, share in shares.items() if 0 < share < 1]
    if not any(shares.values()) and ordinary is not None:
        seen = [HARM + ordinary]
    if not seen:
        return told
    noise = np.random.default_rng(seed).random(
        len(features[seen[0]])
    )  # the same for all candidates
    for name in seen:
        told[name] = _drawn(_worth(items, name, keep), shares[name], features[name], noise)
    before, after = (_harm(each, items) for each in (features, told))
    over = np.maximum(after, 1.0)
    rest = np.divide(1 - after / over, 1 - before, out=np.zeros_like(before), where=before < 1)
    for name in items.names:
        if name.startswith(HARM):
            told[name] = told[name] / over
        elif name in (ACCEPT, REDO, MEASURED_EDIT) or name.startswith(EDIT):
            told[name] = told[name] * rest
    return told


def ordinary_class(business: Business) -> str | None:
    """The class of an ordinary error: the one that people make today, else that of the median loss."""
    if business.done_today_by.error_class is not None:
        return business.done_today_by.error_class
    by_loss = sorted(business.loss, key=lambda name: business.loss[name].base)
    return by_loss[(len(by_loss) - 1) // 2] if by_loss else None


def _harm(features: Mapping[str, Array], items: Items) -> Array:
    harm = [features[name] for name in items.names if name.startswith(HARM)]
    return np.asarray(np.sum(harm, axis=0))


def _worth(items: Items, name: str, keep: Mask | None) -> float:
    """As how many independent items they tell of a class of harm; the borrowed cluster counts as one."""
    here = items.present if keep is None else items.present & keep
    count = clustered_count(items.column(name)[here] > 0, items.clusters[here])
    return count.effective_n(_LEVEL, ASSUMED_CORRELATION) + (keep is not None)


def _drawn(n: float, share: float, draws: Array, noise: Array) -> Array:
    """Draws of a share in the order of its resamples; ties in the order of `noise`."""
    from scipy.special import betaincinv  # half a second, and suites without harm do without

    quantiles = betaincinv(share * n + 0.5, (1 - share) * n + 0.5, _GRID)
    ranks = np.empty(len(draws))
    ranks[np.lexsort((noise, draws))] = (np.arange(len(draws)) + 0.5) / len(draws)
    return np.where(np.isnan(draws), np.nan, np.interp(ranks, _GRID, quantiles))
