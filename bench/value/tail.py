"""The bad end of the money: of what the value may turn out to be, and of single cases."""

import numpy as np

from bench.value import worth
from bench.value.candidate_summary import Tail
from bench.value.context import Context, Measured
from bench.value.formulas.tail import tail_mean, tail_mean_of_outcomes
from bench.value.measure import fixed_share

_SHARE = 0.05


def tail(context: Context, found: Measured) -> Tail:
    """Conditional tail means (CVaR) at 5 %."""
    draws = None if found.net is None else tail_mean(found.net, _SHARE)
    return Tail(share=_SHARE, draws=draws, cases=_worst_cases(context, found))


def _worst_cases(context: Context, found: Measured) -> float | None:
    """The mean of the worst cases, a harmful answer either noticed or not."""
    if found.items is None:
        return None
    at, mean, business = found.items.means(), context.mean, context.business
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
    return tail_mean_of_outcomes(values, shares, _SHARE)
