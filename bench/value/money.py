"""The money of one candidate beyond its value per case."""

from typing import Literal

import numpy as np

from bench.stats import clustered_count, rate_upper
from bench.types import Estimate
from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.candidate_summary import HorizonValue, LossShare
from bench.value.context import JOINT, Context, Measured
from bench.value.estimates import estimate, share_positive, unknown
from bench.value.measure import fixed_share

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
    return estimate(value.value - fixed_share(context), found.net, value.n, value.method)


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
        ("pilot", horizon.pilot_months), ("year", 12), ("horizon", context.business.months)
    ]  # fmt: skip
    return [_horizon(context, found, name, months) for name, months in told]


def _horizon(
    context: Context, found: Measured, name: Literal["pilot", "year", "horizon"], months: int
) -> HorizonValue:
    value = per_case(context, found)
    if value.value is None:
        return HorizonValue(name=name, months=months, value=value, p_positive=None)
    point = float(over(context, found, np.array([value.value]), context.mean, months)[0])
    draws = None
    if found.value is not None:
        draws = over(context, found, found.value, context.drawn, months)
    return HorizonValue(
        name=name,
        months=months,
        value=estimate(point, draws, value.n, value.method),
        p_positive=None if draws is None else share_positive(draws),
    )


def over(context: Context, found: Measured, value: Array, assumed: Assumed, months: int) -> Array:
    """Money from the start to the end of so many months, given the value of a case.

    At the assumptions' means the discounted months are at their means too, which is not discounting at
    the mean rate.
    """
    of_cases, of_months = context.discounted[months]
    if assumed is not context.drawn:
        of_cases, of_months = of_cases.mean(keepdims=True), of_months.mean(keepdims=True)
    gains = value * assumed["cases_per_month"] * of_cases
    return np.asarray(
        gains - assumed["monthly_cost"] * of_months - start_cost(context, found, assumed)
    )


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
    was, the share of the fixed cost taken off both; None when no share does it. Source of the form: a* = (R + c) / (S*w - e*L + R).
    """
    if found.items is None:
        return None
    at = found.items.means()
    used = 1 - float(at[worth.REDO][0])
    if used <= 0:
        return None
    value = float(worth.value(at, context.mean, context.business)[0]) - fixed_share(context)
    told = worth.weights(context.mean, context.business)
    again = float((told[worth.ONE] + told[worth.REDO] - at[worth.COST])[0])
    unusable = again - fixed_share(context)
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
