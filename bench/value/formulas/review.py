"""How much a model saves once review and doing it again count: minutes or money, one unit throughout."""

import math
from dataclasses import dataclass

from bench.stats.arguments import check_not_negative, check_rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What a task takes, in minutes or in money: done by hand, one try of a model, one review of it."""

    by_hand: float
    model: float
    review: float

    def __post_init__(self) -> None:
        check_not_negative("by_hand", self.by_hand)
        check_not_negative("model", self.model)
        check_not_negative("review", self.review)

    @property
    def try_and_review(self) -> float:
        """What one reviewed try takes."""
        return self.model + self.review


def tries_then_by_hand(effort: Effort, success: float, tries: int = 1) -> float:
    """What a task takes when a model may try up to `tries` times before a person does it.

    (M + R) * (1 - (1 - p)^n) / p + (1 - p)^n * H: every try is reviewed, the first good one ends the
    task. `success` is the probability p that a try is as good as the person's own work; tries are
    taken as independent, which one prompt on one case is not. No try is the work by hand, and with
    p = 0 all tries are lost on top of it.

    Source: GDPval (2025), arXiv 2510.04374, on speed and cost under review. Example: 404 minutes by
    hand, 109 of review, a model 90 times as fast, 38.8 % as good.

    >>> effort = Effort(by_hand=404, model=404 / 90, review=109)
    >>> print(f"{tries_then_by_hand(effort, 0.388):.3f} {tries_then_by_hand(effort, 0.388, 3):.3f}")
    360.737 318.056
    """
    check_rate("success", success)
    if tries < 0:
        raise ValueError(f"tries: {tries} is below 0")
    failure = 1 - success
    expected_tries = sum(failure**before for before in range(tries))
    return effort.try_and_review * expected_tries + failure**tries * effort.by_hand


def tries_until_good(effort: Effort, success: float) -> float:
    """What a task takes when a model tries until one output is good: (M + R) / p, infinite at p = 0.

    Source and example: as `tries_then_by_hand`, its limit for ever more tries.

    >>> effort = Effort(by_hand=404, model=404 / 90, review=109)
    >>> print(f"{tries_until_good(effort, 0.388):.3f}")
    292.497
    """
    check_rate("success", success)
    return effort.try_and_review / success if success > 0 else math.inf


def times_better(effort: Effort, spent: float) -> float:
    """How many times faster, or cheaper, than by hand: H / spent.

    Infinite where nothing is spent on what takes a person something; 1 where neither takes anything.

    Source and example: as `tries_then_by_hand`; 90 times as fast becomes 1.38 times.

    >>> effort = Effort(by_hand=404, model=404 / 90, review=109)
    >>> print(f"{times_better(effort, tries_until_good(effort, 0.388)):.4f}")
    1.3812
    """
    if not spent >= 0:
        raise ValueError(f"spent: {spent} is not a number of at least 0")
    if spent == 0:
        return math.inf if effort.by_hand > 0 else 1.0
    return effort.by_hand / spent


def break_even_success(effort: Effort) -> float | None:
    """Probability of a good try above which trying pays, however many tries: (M + R) / H.

    None where not even a try that never fails pays.

    Source and example: as `tries_then_by_hand`, set equal to H.

    >>> print(f"{break_even_success(Effort(by_hand=404, model=404 / 90, review=109)):.4f}")
    0.2809
    """
    if effort.try_and_review > effort.by_hand:
        return None
    return effort.try_and_review / effort.by_hand if effort.by_hand > 0 else 0.0
