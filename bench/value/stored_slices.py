"""The slices that a pilot may begin in, as a page holds them: few draws, closest where chances are near 1."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from bench.suites.model import Business
from bench.types import Record
from bench.value import worth
from bench.value.assess import Assessed
from bench.value.assumed import Array, Assumed
from bench.value.context import Context, Measured
from bench.value.measure import net_of_fixed_cost
from bench.value.rare import ordinary_class, redrawn
from bench.value.sample import Items, Mask, jointly_resampled
from bench.value.stored_draws import Draws, finer_below, packed, varies
from bench.value.verdict import FEWEST_CLUSTERS_OF_A_SLICE

BYTES = 2 * 4 / 3
"""Of one draw in base64."""
_RESAMPLES, _FEWEST, _MOST = 2_000, 40, 120


class SliceDraws(Record):
    """One slice of a candidate where a pilot may begin: known before, enough clusters.

    Draw k goes with the suite's assumptions of draw `at[k]` and stands for `sizes[k]` resamples; the first
    `losing` of them did not gain at the suite's own assumptions, where the chance of a gain was `chance`.
    Features that are missing in `means` are 0.
    """

    slice: str
    items: int
    clusters: int
    chance: float
    losing: int
    stored: int
    unseen: float
    means: dict[str, float]
    draws: dict[str, Draws]
    at: Draws
    sizes: Draws


def varying(found: Measured, context: Context) -> list[str]:
    """The features that carry money and are not one number."""
    if found.risked is None:
        return []
    names = worth.feature_names(context.business)
    return [name for name in names if name != worth.ACCEPT and varies(found.risked[name])]


def means_of(means: Mapping[str, Array], business: Business) -> dict[str, float]:
    """The means of the features that carry money."""
    return {name: float(means[name][0]) for name in worth.feature_names(business)}


def unseen(context: Context, items: Items, keep: Mask | None = None) -> float:
    """The part of the drawn harm that `rare.redrawn` gives the ordinary class for what no item showed.

    Found by calling the class that was seen least the ordinary one: its part of the harm goes from `seen`
    to seen * (1 - unseen) + unseen.
    """
    classes = [worth.HARM + name for name in context.business.loss]
    if len(classes) < 2:
        return 0.0
    means = items.means() if keep is None else items.borrowing_means(keep)
    least = min(classes, key=lambda name: float(means[name][0]))
    told = redrawn(means, items, least.removeprefix(worth.HARM), context.seed, keep)
    before, after = (sum(float(each[name][0]) for name in classes) for each in (means, told))
    seen = float(means[least][0]) / before if before else 0.0
    return (float(told[least][0]) / after - seen) / (1 - seen) if after else 0.0


def _eligible(assessed: Assessed) -> list[tuple[str, str]]:
    """Candidates and their slices that a pilot may begin in."""
    return [
        (name, each.slice)
        for name, candidate in assessed.summary.candidates.items()
        for each in candidate.slices
        if each.known_before and each.clusters >= FEWEST_CLUSTERS_OF_A_SLICE
    ]


def draws_of_a_slice(assessed: Assessed, budget: float) -> int:
    """About how many draws of every slice fit into so many bytes."""
    wanted = budget / max(1.0, bytes_of_slices(assessed, 1))
    return int(np.clip(wanted, _FEWEST, _MOST))


def bytes_of_slices(assessed: Assessed, draws: int) -> float:
    """About: of the features that vary, which assumptions go with them, and sizes."""
    columns = {
        name: 2 + len(varying(each, assessed.context)) for name, each in assessed.measured.items()
    }
    return BYTES * draws * sum(columns[name] for name, _ in _eligible(assessed))


def stored_slices(assessed: Assessed, drawn: Assumed, wanted: int) -> dict[str, list[SliceDraws]]:
    """By candidate, the slices that a pilot may begin in, resampled as the summary's are."""
    context, eligible = assessed.context, set(_eligible(assessed))
    told: dict[str, list[SliceDraws]] = {name: [] for name in assessed.measured}
    for label, keep in _masks(context):
        if not any((name, label) in eligible for name in told):
            continue
        spread = {
            name: each.items
            for name, each in assessed.measured.items()
            if each.items is not None and each.items.spread_over(keep) >= 2
        }
        features = jointly_resampled(spread, _RESAMPLES, context.seed, keep)
        for name, items in spread.items():
            if (name, label) in eligible:
                ordinary = ordinary_class(context.business)
                risked = redrawn(features[name], items, ordinary, context.seed, keep)
                told[name].append(
                    _slice(assessed, (name, label), keep, _thinned(context, risked, drawn, wanted))
                )
    return told


def _masks(context: Context) -> Iterator[tuple[str, Mask]]:
    """Every slice that is known before a case is answered, and which items it has."""
    for tag, about in context.suite.file.slices.items():
        if not about.known_before:
            continue
        values = [context.tags[item].get(tag) for item in context.clusters]
        for value in sorted({each for each in values if each is not None}):
            yield f"{tag}={value}", np.array([each == value for each in values])


_Thinned = tuple[dict[str, Array], NDArray[np.intp], Array, int]


def _thinned(
    context: Context, risked: Mapping[str, Array], drawn: Assumed, wanted: int
) -> _Thinned:
    """Some draws of a slice, the stored assumptions that go with them, their sizes, and how many lose.

    Answers and assumptions are independent, so that any of the stored draws may go with any resample.
    """
    stored = len(drawn["wage_per_hour"])
    at = np.arange(_RESAMPLES) % stored
    here = Assumed({name: draws[at] for name, draws in drawn.draws.items()})
    value = worth.value(risked, here, context.business)
    net = np.nan_to_num(net_of_fixed_cost(value, here, context), nan=-np.inf)
    picked, sizes, losing = finer_below(net, wanted)
    names = worth.feature_names(context.business)
    return {name: risked[name][picked] for name in names}, at[picked], sizes, losing


def _slice(assessed: Assessed, of: tuple[str, str], keep: Mask, thin: _Thinned) -> SliceDraws:
    context, (name, label) = assessed.context, of
    told = next(e for e in assessed.summary.candidates[name].slices if e.slice == label)
    items = assessed.measured[name].items
    assert items is not None
    draws, at, sizes, losing = thin
    means = means_of(items.borrowing_means(keep), context.business)
    return SliceDraws(
        slice=label,
        items=told.items,
        clusters=told.clusters,
        chance=told.p_positive or 0.0,
        losing=losing,
        stored=len(at),
        unseen=unseen(context, items, keep),
        means={each: mean for each, mean in means.items() if mean},
        draws={
            each: packed(draws[each])
            for each in draws
            if each != worth.ACCEPT and (varies(draws[each]) or draws[each][0])
        },
        at=packed(at.astype(np.float64)),
        sizes=packed(sizes),
    )
