"""Speed and cost once a person reviews every answer and does again what is not usable."""

import math

import numpy as np

from bench.value.candidate_summary import ReviewAware
from bench.value.context import Context, Measured
from bench.value.flows import edit_minutes
from bench.value.formulas.review import (
    Effort,
    break_even_success,
    times_better,
    tries_then_by_hand,
    tries_until_good,
)
from bench.value.worth import COST, HARM, REDO

_TRIES = (1, 3, None)
_NOTHING = 1e-9
"""A share below this is what sums of floats leave over."""


def review_aware(context: Context, found: Measured) -> ReviewAware | None:
    """GDPval's form of the candidate's figures; None where nothing has an outcome or no answer was timed.

    An answer is as good as a person's when it is used as it is or edited, and what edits take stands with
    the review; errors that escape cost nothing here, which is why the value per case and not this is what decides.
    """
    if found.items is None:
        return None
    seconds = found.rows["latency_s"].dropna().to_numpy(dtype=float)
    if not len(seconds):
        return None
    at, mean = found.items.means(), context.mean
    harm = sum(float(at[name][0]) for name in at if name.startswith(HARM))
    usable = 1 - float(at[REDO][0]) - harm
    usable = usable if usable > _NOTHING else 0.0
    by_hand = float(mean["done_today_by.minutes"][0])
    wage = float(mean["wage_per_hour"][0]) / 60
    review = float(mean["review.minutes"][0]) + edit_minutes(at, mean)[0]
    minutes = Effort(by_hand=by_hand, model=float(np.mean(seconds)) / 60, review=review)
    money = Effort(by_hand=by_hand * wage, model=float(at[COST][0]), review=review * wage)
    spent_minutes = [_spent(minutes, usable, tries) for tries in _TRIES]
    known = found.items.cost_known
    spent_money = [_spent(money, usable, tries) for tries in _TRIES]
    return ReviewAware(
        usable=usable,
        tries=list(_TRIES),
        minutes=[_finite(each) for each in spent_minutes],
        speed_up=[_finite(times_better(minutes, each)) for each in spent_minutes],
        cost=[_finite(each) if known else None for each in spent_money],
        cost_ratio=[_finite(times_better(money, each)) if known else None for each in spent_money],
        break_even_usable=break_even_success(minutes),
    )


def _spent(effort: Effort, usable: float, tries: int | None) -> float:
    if tries is None:
        return tries_until_good(effort, usable)
    return tries_then_by_hand(effort, usable, tries)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
