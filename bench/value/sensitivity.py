"""Where the value would be another: at other assumptions, and in slices of the cases."""

from collections.abc import Callable

import numpy as np

from bench.suites.model import Assumption
from bench.types import Text
from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.context import JOINT, Context
from bench.value.estimates import estimate, share_positive
from bench.value.sample import Items
from bench.value.summary import Sensitivity, SliceValue

_SLICE_RESAMPLES = 2000


def sensitivity(context: Context, items: Items | None) -> list[Sensitivity]:
    """Each assumption at its low and high end, the others at base, widest swing first.

    The value is that of a case less its share of the monthly fixed cost, so that a break-even is where
    the month turns. It is linear in each assumption alone, but for the number of cases, whose break-even
    follows from the line through base.
    """
    if items is None:
        return []
    business = context.suite.file.business
    at = items.means()

    def of(assumed: Assumed) -> Array:
        fixed = assumed["monthly_cost"] / assumed["cases_per_month"]
        return worth.value(at, assumed, business) - fixed

    start = float(of(context.base)[0])
    rows = [
        _row(name, each, start, context, of)
        for name, each in business.assumptions()
        if name not in ("setup.cost", "next_round_cost")
    ]
    return sorted(rows, key=lambda row: -abs(row.value_high - row.value_low))


def _row(
    name: str, each: Assumption, start: float, context: Context, of: Callable[[Assumed], Array]
) -> Sensitivity:
    step = max(abs(each.base), 1.0) * 0.01  # any step does, and a small one drowns in rounding
    change = float(of(context.base.replaced(name, each.base + step))[0]) - start
    matters = abs(change) > 1e-9 * max(1.0, abs(start))
    return Sensitivity(
        assumption=name,
        low=each.lower,
        base=each.base,
        high=each.upper,
        value_low=float(of(context.base.replaced(name, each.lower))[0]),
        value_high=float(of(context.base.replaced(name, each.upper))[0]),
        break_even=each.base - start * step / change if matters else None,
        placeholder=each.placeholder,
    )


def slices(context: Context, items: Items | None) -> list[SliceValue]:
    """The value within every slice that the suite names, each leaning on the whole by one cluster."""
    if items is None:
        return []
    business = context.suite.file.business
    found = []
    for tag, about in context.suite.file.slices.items():
        told = [context.tags[item].get(tag) for item in context.clusters]
        for value in sorted({each for each in told if each is not None}):
            keep = np.array([each == value for each in told])
            here = items.present & keep
            n = int(here.sum())
            if n == 0:
                continue
            point = float(worth.value(items.borrowing_means(keep), context.mean(), business)[0])
            draws = None
            if len(np.unique(items.clusters[here])) >= 2:
                drawn = Assumed({k: v[:_SLICE_RESAMPLES] for k, v in context.drawn.draws.items()})
                resampled = items.resampled(_SLICE_RESAMPLES, context.seed, keep)
                draws = worth.value(resampled, drawn, business)
            named = about.names.get(value, Text(zh=value, en=value))
            found.append(
                SliceValue(
                    slice=f"{tag}={value}",
                    title=Text(
                        zh=f"{about.title.zh}：{named.zh}", en=f"{about.title.en}: {named.en}"
                    ),
                    known_before=about.known_before,
                    items=n,
                    value_per_case=estimate(point, draws, n, JOINT),
                    p_positive=share_positive(draws) if draws is not None else None,
                    clusters=len(np.unique(items.clusters[here])),
                )
            )
    return found
