"""The value within slices of the cases."""

from collections.abc import Mapping

import numpy as np

from bench.types import Estimate, Text
from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.candidate_summary import SliceValue
from bench.value.context import JOINT, Context, Measured
from bench.value.estimates import estimate, share_positive
from bench.value.measure import fixed_share, net_of_fixed_cost
from bench.value.rare import ordinary_class, redrawn
from bench.value.sample import Items, Mask, jointly_resampled

_RESAMPLES = 2000


def slices(context: Context, found: Mapping[str, Measured]) -> dict[str, list[SliceValue]]:
    """The net value within every slice that the suite names, each leaning on the whole by one cluster."""
    told: dict[str, list[SliceValue]] = {name: [] for name in found}
    items = {name: each.items for name, each in found.items() if each.items is not None}
    drawn = Assumed({name: each[:_RESAMPLES] for name, each in context.drawn.draws.items()})
    for tag in context.suite.file.slices:
        values = [context.tags[item].get(tag) for item in context.clusters]
        for value in sorted({each for each in values if each is not None}):
            keep = np.array([each == value for each in values])
            for name, one in _of_one(context, items, keep, drawn).items():
                told[name].append(_named(context, tag, value, one))
    return told


def _of_one(
    context: Context, found: Mapping[str, Items], keep: Mask, drawn: Assumed
) -> dict[str, tuple[Estimate, float | None, int]]:
    """By candidate: value per case, chance of a gain, clusters."""
    here = {name: items for name, items in found.items() if (items.present & keep).any()}
    clusters = {name: items.spread_over(keep) for name, items in here.items()}
    spread = {name: items for name, items in here.items() if clusters[name] >= 2}
    features = jointly_resampled(spread, _RESAMPLES, context.seed, keep)
    told = {}
    for name, items in here.items():
        at = items.borrowing_means(keep)
        point = float(worth.value(at, context.mean, context.business)[0]) - fixed_share(context)
        draws: Array | None = None
        if name in features:
            ordinary = ordinary_class(context.business)
            risked = redrawn(features[name], items, ordinary, context.seed, keep)
            draws = net_of_fixed_cost(worth.value(risked, drawn, context.business), drawn, context)
        value = estimate(point, draws, int((items.present & keep).sum()), JOINT)
        chance = share_positive(draws) if draws is not None else None
        told[name] = (value, chance, clusters[name])
    return told


def _named(
    context: Context, tag: str, value: str, found: tuple[Estimate, float | None, int]
) -> SliceValue:
    about = context.suite.file.slices[tag]
    named = about.names.get(value, Text(zh=value, en=value))
    money, chance, clusters = found
    return SliceValue(
        slice=f"{tag}={value}",
        title=Text(zh=f"{about.title.zh}：{named.zh}", en=f"{about.title.en}: {named.en}"),
        known_before=about.known_before,
        items=money.n,
        value_per_case=money,
        p_positive=chance,
        clusters=clusters,
    )
