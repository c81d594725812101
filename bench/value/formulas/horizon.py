"""Money of later times as money of today."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from bench.stats.arguments import check_not_negative, check_rate

Array = npt.NDArray[np.float64]

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Appraisal:
    """Present values of a plan in its currency; None is "there is none"."""

    benefit: float
    cost: float
    net: float
    roi: float | None  # net over cost; None without cost
    payback_months: float | None  # undiscounted; None where the plan never pays back


def present_value(amounts: Sequence[float], yearly_rate: float) -> float:
    """Worth today of one amount a year, the first due now: sum of x_t / (1 + i)^t, t = 0, 1, ...

    Source: Fisher (1930), The Theory of Interest. Example: 110 a year from now at 10 %.

    >>> print(f"{present_value([0, 110], 0.1):.2f}")
    100.00
    """
    _check_yearly_rate(yearly_rate)
    return float(sum(amount / (1 + yearly_rate) ** year for year, amount in enumerate(amounts)))


def payback_months(net_by_year: Sequence[float]) -> float | None:
    """Months until what came in first covers what went out; undiscounted, even inside a year.

    `net_by_year` starts with what is spent now; its next entry falls evenly on months 1 to 12. 0 where
    nothing is to be earned back, None where the years at hand do not do it.

    Source: Forrester, Total Economic Impact, payback period. Example: 60 spent, 40 a year earned.

    >>> payback_months([-60, 40, 40])
    18.0
    """
    totals = list(accumulate(net_by_year))
    if not totals or totals[0] >= 0:
        return 0.0
    for year, (before, after) in enumerate(pairwise(totals)):
        if after >= 0:
            return (year + before / (before - after)) * _MONTHS
    return None


def appraise(
    benefits: Sequence[float],
    costs: Sequence[float],
    yearly_rate: float,
    benefit_risk: float = 0,
    cost_risk: float = 0,
) -> Appraisal:
    """Present values, return on investment and payback of a plan by year, the first year being now.

    Risk shrinks every benefit by the share `benefit_risk` and raises every cost by `cost_risk`, before
    anything is discounted. Amounts in one currency, as many benefits as costs.

    Source: Forrester, Total Economic Impact (TEI) methodology. Example: four years, 20 % and 10 %
    of risk, discounted at 10 %.

    >>> plan = appraise([0, 120e3, 180e3, 200e3], [90e3, 40e3, 42e3, 44e3], 0.10, 0.20, 0.10)
    >>> print(f"{plan.net:.2f} {plan.roi:.4f} {plan.payback_months:.2f}")
    112945.91 0.5289 17.77
    """
    check_rate("benefit_risk", benefit_risk)
    check_not_negative("cost_risk", cost_risk)
    gained = [amount * (1 - benefit_risk) for amount in benefits]
    spent = [amount * (1 + cost_risk) for amount in costs]
    benefit, cost = present_value(gained, yearly_rate), present_value(spent, yearly_rate)
    return Appraisal(
        benefit=benefit,
        cost=cost,
        net=benefit - cost,
        roi=(benefit - cost) / cost if cost > 0 else None,
        payback_months=payback_months([a - b for a, b in zip(gained, spent, strict=True)]),
    )


def horizon_factors(
    months: int, yearly_rate: npt.ArrayLike, ramp_up_months: npt.ArrayLike
) -> tuple[Array, Array]:
    """How many months of today's worth a horizon holds: for what comes by case, and by month.

    The second factor is the sum over months t = 1..`months` of 1 / (1 + i)^(t / 12), for money due at
    the end of every month whatever the cases. The first weighs each month by the share of cases that go
    the new way, on average over the month, while they grow evenly from none to all over `ramp_up_months`
    R; 1 from the start with R = 0. So with V a case, N cases and F fixed a month the horizon is worth first*N*V - second*F.

    `yearly_rate` and `ramp_up_months` are numbers or draws (n,); the factors have their common shape.
    No month gives 0. Raises ValueError for negative months or ramp-ups, and rates of -1 or less.

    Source: annuity with monthly compounding at the effective yearly rate, Brealey, Myers & Allen,
    Principles of Corporate Finance, chapter 2. Example: a year at 10 %, half of it to ramp up.

    >>> cases, fixed = horizon_factors(12, 0.10, 6)
    >>> print(f"{cases:.4f} {fixed:.4f}")
    8.4599 11.4005
    """
    rate = np.asarray(yearly_rate, dtype=np.float64)
    ramp = np.asarray(ramp_up_months, dtype=np.float64)
    if months < 0:
        raise ValueError(f"months: {months} is below 0")
    if not (ramp >= 0).all():
        raise ValueError("ramp_up_months: one is not a number of at least 0")
    _check_yearly_rate(rate)
    shape = np.broadcast_shapes(rate.shape, ramp.shape)
    by_case, by_month = np.zeros(shape), np.zeros(shape)
    for month in range(1, months + 1):
        worth = (1 + rate) ** (-month / _MONTHS)
        by_case += (_months_of_full_use(month, ramp) - _months_of_full_use(month - 1, ramp)) * worth
        by_month += worth
    return by_case, by_month


def _months_of_full_use(at: int, ramp: Array) -> Array:
    """How many months of full use have gone by `at` a time: t^2 / 2R while it ramps up, then t - R / 2."""
    growing = np.divide(at**2, 2 * ramp, out=np.zeros_like(ramp), where=ramp > at)
    return np.where(at < ramp, growing, at - ramp / 2)


def _check_yearly_rate(rate: npt.ArrayLike) -> None:
    if not (np.asarray(rate) > -1).all():
        raise ValueError("yearly_rate: one is not above -1, which is -100 %")
