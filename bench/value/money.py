"""The money of one candidate beyond its value per case."""

from typing import Literal

import numpy as np

from bench.stats import clustered_count, rate_upper
from bench.types import Estimate
from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.context import JOINT, Context, Measured
from bench.value.estimates import estimate, unknown
from bench.value.measure import fixed_share_mean
from bench.value.summary import HorizonValue, LossShare

_DOTS = 20


def per_case(context: Context, found: Measured) -> Estimate:
    """Value per case."""
    if found.items is None:
        return unknown(0, "no outcome")
    point = float(worth.value(found.items.means(), context.mean, context.business)[0])
    return estimate(point, found.value, _items(found), JOINT)


def net_per_case(context: Context, found: Measured) -> Estimate:
    """Value per case less its share of the monthly fixed cost."""
    value = per_case(context, found)
    if value.value is None:
        return value
    return estimate(value.value - fixed_share_mean(context), found.net, value.n, value.method)


def monthly(context: Context, found: Measured) -> Estimate:
    """Value per case times the month's cases, less the monthly fixed cost."""
    value = per_case(context, found)
    if value.value is None:
        return value
    point = float(_month(np.array([value.value]), context.mean)[0])
    draws = _month(found.value, context.drawn) if found.value is not None else None
    return estimate(point, draws, value.n, value.method)


def _month(per_case: Array, assumed: Assumed) -> Array:
    return per_case * assumed["cases_per_month"] - assumed["monthly_cost"]


def start_cost(context: Context, found: Measured, assumed: Assumed) -> Array:
    """Money before the first case: set-up, and preparing the candidate's strategy for this work."""
    cost = assumed["setup.cost"]
    effort = f"effort.{context.planned.strategies.get(found.name)}"
    return cost + assumed[effort] if effort in assumed.draws else cost


def payback(context: Context, found: Measured) -> Estimate:
    """Months until the set-up cost is earned back at full use; None where it never is."""
    method = "set-up cost over monthly value"
    gain = monthly(context, found)
    if gain.value is None or gain.value <= 0 or found.value is None:
        return unknown(gain.n, method)
    months = _month(found.value, context.drawn)
    with np.errstate(divide="ignore", invalid="ignore"):
        draws = np.where(months > 0, start_cost(context, found, context.drawn) / months, np.inf)
    point = float(start_cost(context, found, context.mean)[0]) / gain.value
    return estimate(point, draws, gain.n, method)


def horizons(context: Context, found: Measured) -> list[HorizonValue]:
    """Money of the pilot, of the first year and of the whole horizon."""
    horizon = context.business.horizon
    told: list[tuple[Literal["pilot", "year", "horizon"], int]] = [
        ("pilot", horizon.pilot_months), ("year", 12), ("horizon", horizon.months)
    ]  # fmt: skip
    return [
        HorizonValue(name=name, months=months, value=_horizon(context, found, months))
        for name, months in told
    ]


def _horizon(context: Context, found: Measured, months: int) -> Estimate:
    value = per_case(context, found)
    if value.value is None:
        return value
    of_cases, of_months = context.discounted[months]
    start = start_cost(context, found, context.mean)
    gain = value.value * context.mean["cases_per_month"] * of_cases.mean()
    point = float((gain - context.mean["monthly_cost"] * of_months.mean() - start)[0])
    draws = None
    if found.value is not None:
        drawn = context.drawn
        gains = found.value * drawn["cases_per_month"] * of_cases
        draws = gains - drawn["monthly_cost"] * of_months - start_cost(context, found, drawn)
    return estimate(point, draws, value.n, value.method)


def spread(
    context: Context, found: Measured
) -> dict[Literal["items", "assumptions"], float | None]:
    """The two uncertainties apart: items with assumptions at their mean, and the other way round."""
    if found.risked is None or found.items is None:
        return {"items": None, "assumptions": None}
    of_items = worth.value(found.risked, context.mean, context.business)
    of_assumptions = worth.value(found.items.means(), context.drawn, context.business)
    return {"items": float(np.nanstd(of_items)), "assumptions": float(np.std(of_assumptions))}


def dots(draws: Array | None) -> list[float]:
    """Twenty equally likely values: the middles of twenty equal parts of the distribution."""
    if draws is None:
        return []
    shares = (np.arange(_DOTS) + 0.5) / _DOTS
    return [float(each) for each in np.nanquantile(draws, shares)]


def break_even_acceptance(context: Context, found: Measured) -> float | None:
    """The share of answers that must not be redone for the value to be zero.

    V(s) = s * V1 + (1 - s) * V0 with V1 the mean value of answers that were not redone and V0 of one that
    was; None when no share does it. Source of the form: a* = (R + c) / (S*w - e*L + R).
    """
    if found.items is None:
        return None
    at = found.items.means()
    used = 1 - float(at[worth.REDO][0])
    if used <= 0:
        return None
    value = float(worth.value(at, context.mean, context.business)[0])
    told = worth.weights(context.mean, context.business)
    unusable = float((told[worth.ONE] + told[worth.REDO] - at[worth.COST])[0])
    usable = (value - (1 - used) * unusable) / used
    share = -unusable / (usable - unusable) if usable > unusable else None
    return share if share is not None and 0 <= share <= 1 else None


def losses(context: Context, found: Measured) -> list[LossShare]:
    """Every class of error with its rate, what it costs per case and may cost, dearest first."""
    if found.items is None:
        return []
    at = found.items.means()
    told = []
    for name, loss in context.business.loss.items():
        rate = found.items.column(worth.HARM + name)
        here = found.items.present
        upper = rate_upper(clustered_count(rate[here] > 0, found.items.clusters[here]))
        cost = worth.escaped_loss({worth.HARM + name: np.ones(1)}, context.mean, [name])
        share = float(at[worth.HARM + name][0])
        told.append(
            LossShare(
                error_class=name,
                title=loss.title,
                rate=share,
                expected_loss=share * float(cost[0]),
                rate_upper=upper,
                expected_loss_upper=upper * float(cost[0]),
            )
        )
    return sorted(told, key=lambda each: (-each.expected_loss, -each.expected_loss_upper))


def _items(found: Measured) -> int:
    return int(found.items.present.sum()) if found.items is not None else 0
