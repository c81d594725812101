"""The money of what the verdicts advise, together: all work where a candidate is deployed, and the share that is piloted.

A pilot counts for the slices that it may begin in, at their share of the suite's items, and bears the whole
monthly cost; one that names no slices is of a size nobody has settled, and is left out. Draws are summed suite
by suite, so that assumptions that suites share move them together; bounds are never added.
"""

from collections.abc import Mapping

import numpy as np

from bench.types import Estimate
from bench.value import worth
from bench.value.across.portfolio import Money, monthly, total
from bench.value.across.records import Advised, AdvisedSuite
from bench.value.assess import Assessed
from bench.value.assumed import Array, Assumed
from bench.value.context import JOINT
from bench.value.estimates import estimate
from bench.value.rare import ordinary_class, redrawn
from bench.value.sample import RESAMPLES, Items, Mask, jointly_resampled


def advised(suites: Mapping[str, Assessed]) -> list[Advised]:
    """One sum for each currency in which a verdict says deploy, or pilot in named slices."""
    counted: dict[str, dict[str, tuple[AdvisedSuite, Money]]] = {}
    for name, each in suites.items():
        found = _counted(name, each)
        if found is not None:
            counted.setdefault(each.summary.currency, {})[name] = found
    return [
        Advised(
            currency=currency,
            suites=[told for told, _ in parts.values()],
            value=_told(total(money for _, money in parts.values())),
        )
        for currency, parts in counted.items()
    ]


def _counted(name: str, each: Assessed) -> tuple[AdvisedSuite, Money] | None:
    verdict = each.summary.verdict
    if verdict.candidate is None:
        return None
    slices = each.summary.candidates[verdict.candidate].verdict.slices
    share = 1.0
    if verdict.decision == "deploy":
        money = monthly(each, verdict.candidate)
    elif slices:
        keep = _within(each, slices)
        share = float(keep.mean())
        money = _of_slices(each, verdict.candidate, keep)
    else:
        return None
    if money is None:
        return None
    told = AdvisedSuite(
        suite=name, candidate=verdict.candidate, share=share, slices=slices, value=_told(money)
    )
    return told, money


def _within(each: Assessed, slices: list[str]) -> Mask:
    """Which items of the suite lie in any of the slices, each written tag=value."""
    wanted = [tuple(named.split("=", 1)) for named in slices]
    tags = each.context.tags
    return np.array(
        [
            any(tags[item].get(tag) == value for tag, value in wanted)
            for item in each.context.clusters
        ]
    )


def _of_slices(each: Assessed, candidate: str, keep: Mask) -> Money | None:
    """Money a month of the cases within `keep`, the whole fixed cost taken off."""
    context, items = each.context, each.measured[candidate].items
    if items is None or not (items.present & keep).any():
        return None
    share = float(keep.mean())
    point = worth.value(items.borrowing_means(keep), context.mean, context.business)
    draws = None
    if items.spread_over(keep) >= 2:
        features = jointly_resampled({candidate: items}, RESAMPLES, context.seed, keep)[candidate]
        risked = redrawn(features, items, ordinary_class(context.business), context.seed, keep)
        draws = _month(worth.value(risked, context.drawn, context.business), context.drawn, share)
    return Money(float(_month(point, context.mean, share)[0]), draws, _count(items, keep))


def _month(per_case: Array, assumed: Assumed, share: float) -> Array:
    return per_case * assumed["cases_per_month"] * share - assumed["monthly_cost"]


def _count(items: Items, keep: Mask) -> int:
    return int((items.present & keep).sum())


def _told(money: Money) -> Estimate:
    return estimate(money.value, money.draws, money.items, JOINT)
