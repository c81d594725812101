"""The money of one candidate beyond its value per case."""

from typing import Literal

import numpy as np

from bench.types import Estimate
from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.context import Judged
from bench.value.estimates import estimate, unknown
from bench.value.summary import LossShare

_DOTS = 20


def monthly(found: Judged) -> Estimate:
    """Value per case times the month's cases, less the monthly fixed cost."""
    value, mean = found.evidence.value, found.context.mean()

    def month(per_case: Array, assumed: Assumed) -> Array:
        return per_case * assumed["cases_per_month"] - assumed["monthly_cost"]

    if value.value is None:
        return unknown(value.n, value.method)
    point = float(month(np.array([value.value]), mean)[0])
    draws = month(found.draws, found.context.drawn) if found.draws is not None else None
    return estimate(point, draws, value.n, value.method)


def payback(found: Judged) -> Estimate:
    """Months until the set-up cost is earned back; None where it never is."""
    gain = monthly(found).value
    if gain is None or gain <= 0 or found.draws is None:
        return unknown(found.evidence.value.n, "set-up cost over monthly value")
    drawn = found.context.drawn
    months = found.draws * drawn["cases_per_month"] - drawn["monthly_cost"]
    with np.errstate(divide="ignore", invalid="ignore"):
        draws = np.where(months > 0, drawn["setup.cost"] / months, np.inf)
    point = float(found.context.mean()["setup.cost"][0]) / gain
    return estimate(point, draws, found.evidence.value.n, "set-up cost over monthly value")


def spread(found: Judged) -> dict[Literal["items", "assumptions"], float | None]:
    """The two uncertainties apart: items with assumptions at their mean, and the other way round."""
    if found.features is None or found.items is None:
        return {"items": None, "assumptions": None}
    business = found.context.suite.file.business
    of_items = worth.value(found.features, found.context.mean(), business)
    of_assumptions = worth.value(found.items.means(), found.context.drawn, business)
    return {"items": float(np.nanstd(of_items)), "assumptions": float(np.std(of_assumptions))}


def dots(draws: Array | None) -> list[float]:
    """Twenty equally likely values: the middles of twenty equal parts of the distribution."""
    if draws is None:
        return []
    shares = (np.arange(_DOTS) + 0.5) / _DOTS
    return [float(each) for each in np.nanquantile(draws, shares)]


def break_even_acceptance(found: Judged) -> float | None:
    """The share of answers that must not be redone for the value to be zero.

    V(s) = s * V1 + (1 - s) * V0 with V1 the mean value of answers that were not redone and V0 of one that
    was; None when no share does it. Source of the form: a* = (R + c) / (S*w - e*L + R).
    """
    if found.items is None:
        return None
    business, mean = found.context.suite.file.business, found.context.mean()
    at = found.items.means()
    used = 1 - float(at[worth.REDO][0])
    if used <= 0:
        return None
    value = float(worth.value(at, mean, business)[0])
    told = worth.weights(mean, business)
    unusable = float((told[worth.ONE] + told[worth.REDO] - at[worth.COST])[0])
    usable = (value - (1 - used) * unusable) / used
    share = -unusable / (usable - unusable) if usable > unusable else None
    return share if share is not None and 0 <= share <= 1 else None


def losses(found: Judged) -> list[LossShare]:
    """Every class of error with its rate and what it costs per case, dearest first."""
    if found.items is None:
        return []
    business, mean = found.context.suite.file.business, found.context.mean()
    at = found.items.means()
    shares = [
        LossShare(
            error_class=name,
            title=loss.title,
            rate=float(at[worth.HARM + name][0]),
            expected_loss=float(worth.escaped_loss(at, mean, [name])[0]),
        )
        for name, loss in business.loss.items()
    ]
    return sorted(shares, key=lambda each: -each.expected_loss)
