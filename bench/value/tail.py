"""The bad end of the money: of what the value may turn out to be, and of single cases."""

import numpy as np

from bench.value import worth
from bench.value.assumed import Array
from bench.value.candidate_summary import Tail
from bench.value.context import Context, Measured
from bench.value.formulas.tail import tail_mean, tail_mean_of_outcomes
from bench.value.measure import fixed_share
from bench.value.sample import Items

_SHARE, _PARTS = 0.05, 100


def tail(context: Context, found: Measured) -> Tail:
    """Conditional tail means (CVaR) at 5 %."""
    draws = None if found.net is None else tail_mean(found.net, _SHARE)
    if found.items is None:
        return Tail(share=_SHARE, draws=draws, cases=None)
    values, shares = _single_cases(context, found.items)
    worst = tail_mean_of_outcomes(values, shares, _SHARE)
    return Tail(share=_SHARE, draws=draws, cases=worst, hundredths=_hundredths(values, shares))


def _hundredths(values: Array, shares: Array) -> list[float]:
    """Means of the hundred equal parts of a distribution: `values` (k,) with their `shares` (k,), worst first."""
    order = np.argsort(values, kind="stable")
    upto = np.concatenate([[0.0], shares[order].cumsum()])
    summed = np.concatenate([[0.0], (values[order] * shares[order]).cumsum()])
    ends = np.linspace(0.0, upto[-1], _PARTS + 1)
    told = np.diff(np.interp(ends, upto, summed)) * _PARTS / upto[-1]
    return [float(each) for each in np.maximum.accumulate(told)]  # differences of sums leave dust


def _single_cases(context: Context, items: Items) -> tuple[Array, Array]:
    """Values of a case and how likely each is, a harmful answer either noticed or not."""
    at, mean, business = items.means(), context.mean, context.business
    told = worth.weights(mean, business)
    start = float(told[worth.ONE][0]) - float(at[worth.COST][0]) - fixed_share(context)
    detects, by_hand = float(mean["review.detects"][0]), float(worth.human_cost(mean, business)[0])
    cases = [(start, float(at[worth.ACCEPT][0])), (start - by_hand, float(at[worth.REDO][0]))]
    edited = 1 - sum(share for _, share in cases)
    for name in business.loss:
        harm = float(at[worth.HARM + name][0])
        loss = float(mean[f"loss.{name}"][0])
        cases += [(start - by_hand, harm * detects), (start - loss, harm * (1 - detects))]
        edited -= harm
    minutes = sum(
        float((at[name] * told[name])[0])
        for name in at
        if name.startswith(worth.EDIT) or name == worth.MEASURED_EDIT
    )
    if edited > 1e-12:
        cases.append((start + minutes / edited, edited))
    values, shares = np.array(cases).T
    return values, shares
