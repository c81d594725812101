"""What it is worth to know more before deciding: more items, or better-known assumptions.

The decision is which of some candidates, or today's way, to take for the months that it is judged over; what
is at stake is the money of that horizon, start cost and discounting included. The value is
linear in the features given the assumptions and the two are independent, so the value that one will expect
after learning all about the items is that of the resampled features at the assumptions' means, and after
learning an assumption that of the mean features at its draws. Source: Raiffa & Schlaifer (1961); partial
perfect information: Felli & Hazen (1998), Medical Decision Making 18:95-109; samples by shrinking towards the
mean: Heath, Manolopoulou & Baio (2018), Medical Decision Making 38:163-173.
"""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.candidate_summary import BetterAssumption, Information, MoreItems
from bench.value.context import Context, Measured, discounted_months
from bench.value.money import over, start_cost

_MORE = (1, 3, 9)
"""More items looked at: as many again, three times and nine times as many."""


def information(context: Context, candidates: Sequence[Measured]) -> Information | None:
    """The worth of knowing more about the choice between `candidates` and today's way."""
    known = [each for each in candidates if each.risked is not None]
    if not known:
        return None
    months = context.business.months
    cases = float(context.mean["cases_per_month"][0]) * float(context.discounted[months][0].mean())
    centre = np.array([float(_expected(each, context, context.mean)[0]) for each in known])

    def worth_of(columns: Sequence[Array], share: float = 1.0) -> float:
        return _gain(np.column_stack(columns), centre, share)

    of_items = [_by_items(each, context) for each in known]
    n = max(int(each.items.present.sum()) for each in known if each.items is not None)
    by_assumption = [
        BetterAssumption(assumption=name, worth=worth_of(_alone(name, known, context)))
        for name, each in context.business.assumptions()
        if each.upper > each.lower and name != "next_round_cost"
    ]
    more = [MoreItems(items=k * n, worth=worth_of(of_items, math.sqrt(k / (k + 1)))) for k in _MORE]
    items = worth_of(of_items)
    together = worth_of([_expected(each, context, context.drawn) for each in known])
    # A part is never worth more than the whole; where draws are few in the tail they may say so.
    assumptions = max([together, *(each.worth for each in by_assumption)])
    perfect = worth_of(
        [
            over(context, each, each.value, context.drawn, months)
            for each in known
            if each.value is not None
        ]
    )
    price = context.mean["next_round_cost"][0] if context.business.next_round_cost else None
    return Information(
        cases=cases,
        perfect=max(perfect, items, assumptions),
        perfect_items=items,
        perfect_assumptions=assumptions,
        more_items=more,
        by_assumption=sorted(by_assumption, key=lambda each: -each.worth),
        next_round_cost=None if price is None else float(price),
        spend_next=_spend_next(more[0].worth, assumptions, price),
    )


def learning(found: Information) -> float:
    """The best that one more round may bring: as many items again, or the assumptions measured."""
    return max(found.more_items[0].worth, found.perfect_assumptions)


def _spend_next(
    items: float, assumptions: float, price: float | None
) -> Literal["items", "assumptions", "nothing"]:
    if max(items, assumptions) <= (price or 0.0):
        return "nothing"
    return "items" if items > assumptions else "assumptions"


def _gain(columns: Array, centre: Array, share: float) -> float:
    """E[best after learning - best now], today's way worth 0; `share` shrinks what will be learnt.

    Draw by draw, so that it is exactly 0 where no draw changes the decision.
    """
    learnt = columns[~np.isnan(columns).any(axis=1)]
    learnt = centre + share * (learnt - learnt.mean(axis=0))
    now = learnt[:, centre.argmax()] if centre.max() > 0 else np.zeros(len(learnt))
    return float((np.maximum(learnt.max(axis=1), 0.0) - now).mean())


def _expected(found: Measured, context: Context, assumed: Assumed) -> Array:
    """Money of the horizon at the features that are believed in, harm that no item showed included."""
    value = _believed_value(found, context, assumed)
    money = over(context, found, value, assumed, context.business.months)
    return money if assumed is context.mean else np.broadcast_to(money, _draws(found))


def _draws(found: Measured) -> int:
    assert found.value is not None
    return len(found.value)


def _believed_value(found: Measured, context: Context, assumed: Assumed) -> Array:
    assert found.risked is not None
    believed = {name: np.nanmean(draws, keepdims=True) for name, draws in found.risked.items()}
    return worth.value(believed, assumed, context.business)


def _by_items(found: Measured, context: Context) -> Array:
    assert found.risked is not None
    value = worth.value(found.risked, context.mean, context.business)
    return over(context, found, value, context.mean, context.business.months)


def _alone(name: str, known: Sequence[Measured], context: Context) -> list[Array]:
    """Money of the horizon with one assumption drawn and the others at their means."""
    if name.startswith("horizon."):
        return [_discounted_alone(name, each, context) for each in known]
    only = Assumed({**context.mean.draws, name: context.drawn[name]})
    return [_expected(each, context, only) for each in known]


def _discounted_alone(name: str, found: Measured, context: Context) -> Array:
    only = Assumed({**context.mean.draws, name: context.drawn[name]})
    of_cases, of_months = discounted_months(context.business.months, only)
    value = _believed_value(found, context, context.mean) * context.mean["cases_per_month"]
    start = start_cost(context, found, context.mean)
    return np.asarray(value * of_cases - context.mean["monthly_cost"] * of_months - start)
