"""What one task is worth when a model does it and a person accepts or rejects the output.

Money is in one currency throughout. Two forms, by where undetected errors arise; a suite picks one:

- general: a share u of all tasks ends in an undetected error;
- conditional: a share e of the accepted outputs is wrong, and review notices a share d of those, so
  that u = a * e * (1 - d).
"""

import math
from dataclasses import dataclass

from bench.stats.arguments import check_not_negative, check_rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakes:
    """What a task's outcomes bring and cost, whatever their shares.

    `minutes_saved` on an accepted output is net of its review and edits, and below 0 where these take
    longer than the task; `rejection_cost` is the money to review and discard an output;
    `loss_per_error` that of one undetected error; `inference_cost` that of all exchanges of a task.
    """

    minutes_saved: float
    wage_per_minute: float
    rejection_cost: float
    loss_per_error: float
    inference_cost: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.minutes_saved):
            raise ValueError(f"minutes_saved: {self.minutes_saved} is not a finite number")
        check_not_negative("wage_per_minute", self.wage_per_minute)
        check_not_negative("rejection_cost", self.rejection_cost)
        check_not_negative("loss_per_error", self.loss_per_error)
        check_not_negative("inference_cost", self.inference_cost)

    @property
    def acceptance_gain(self) -> float:
        """Money between an accepted and a rejected output, S * w + R; below 0 if review costs more."""
        return self.minutes_saved * self.wage_per_minute + self.rejection_cost


def value_per_task(acceptance: float, error_rate: float, stakes: Stakes) -> float:
    """Money a task gains against today's way, general form: a*S*w - (1 - a)*R - u*L - c.

    `acceptance` is the share a of outputs accepted, `error_rate` the share u of all tasks that ends in
    an undetected error. Nothing accepted is worth -R - u*L - c.

    Source: expected value over the outcomes of a decision, as in Elkan (2001), The foundations of
    cost-sensitive learning, IJCAI 17:973-978. Example: 38 minutes at 1.5 a minute.

    >>> stakes = Stakes(minutes_saved=38, wage_per_minute=1.5, rejection_cost=9,
    ...                 loss_per_error=800, inference_cost=0.012)
    >>> print(f"{value_per_task(0.72, 0.02, stakes):.3f}")
    22.508
    """
    check_rate("acceptance", acceptance)
    check_rate("error_rate", error_rate)
    gained = acceptance * stakes.minutes_saved * stakes.wage_per_minute
    rejected = (1 - acceptance) * stakes.rejection_cost
    return gained - rejected - error_rate * stakes.loss_per_error - stakes.inference_cost


def break_even_acceptance(error_rate: float, stakes: Stakes) -> float | None:
    """Share of outputs accepted at which the general form is worth 0: (R + u*L + c) / (S*w + R).

    None where no share is: accepting gains nothing (S*w + R <= 0), or not even accepting all pays.

    Source: as `value_per_task`, solved for a; same example.

    >>> stakes = Stakes(minutes_saved=38, wage_per_minute=1.5, rejection_cost=9,
    ...                 loss_per_error=800, inference_cost=0.012)
    >>> print(f"{break_even_acceptance(0.02, stakes):.5f}")
    0.37897
    """
    check_rate("error_rate", error_rate)
    burden = stakes.rejection_cost + error_rate * stakes.loss_per_error + stakes.inference_cost
    return _share(burden, stakes.acceptance_gain)


def largest_tolerable_error_rate(acceptance: float, stakes: Stakes) -> float | None:
    """Share of tasks with an undetected error at which the general form is worth 0.

    (a*S*w - (1 - a)*R - c) / L, at most 1. None where the task loses money without any error.

    Source: as `value_per_task`, solved for u; same example.

    >>> stakes = Stakes(minutes_saved=38, wage_per_minute=1.5, rejection_cost=9,
    ...                 loss_per_error=800, inference_cost=0.012)
    >>> print(f"{largest_tolerable_error_rate(0.72, stakes):.5f}")
    0.04813
    """
    without_errors = value_per_task(acceptance, 0, stakes)
    if without_errors < 0:
        return None
    if without_errors >= stakes.loss_per_error:
        return 1.0
    return without_errors / stakes.loss_per_error


def escaped_error_rate(
    acceptance: float, error_rate_if_accepted: float, detection: float = 0.0
) -> float:
    """Share of tasks with an undetected error when errors hide in accepted outputs: a*e*(1 - d).

    `error_rate_if_accepted` is the share e of accepted outputs that is wrong, `detection` the
    probability d that review notices one. Never above `acceptance`.

    Source: the product rule of probability. Example: 3 % wrong of the 72 % accepted.

    >>> print(f"{escaped_error_rate(0.72, 0.03):.4f}")
    0.0216
    """
    check_rate("acceptance", acceptance)
    check_rate("error_rate_if_accepted", error_rate_if_accepted)
    check_rate("detection", detection)
    return acceptance * error_rate_if_accepted * (1 - detection)


def conditional_value_per_task(
    acceptance: float, error_rate_if_accepted: float, stakes: Stakes, detection: float = 0.0
) -> float:
    """Money a task gains against today's way, conditional form: a*(S*w - e*(1 - d)*L) - (1 - a)*R - c.

    Source: as `value_per_task`, with u = a*e*(1 - d); same example, 3 % of the accepted wrong.

    >>> stakes = Stakes(minutes_saved=38, wage_per_minute=1.5, rejection_cost=9,
    ...                 loss_per_error=800, inference_cost=0.012)
    >>> print(f"{conditional_value_per_task(0.72, 0.03, stakes):.3f}")
    21.228
    """
    escaped = escaped_error_rate(acceptance, error_rate_if_accepted, detection)
    return value_per_task(acceptance, escaped, stakes)


def conditional_break_even_acceptance(
    error_rate_if_accepted: float, stakes: Stakes, detection: float = 0.0
) -> float | None:
    """Share of outputs accepted at which the conditional form is worth 0.

    (R + c) / (S*w - e*(1 - d)*L + R). None where no share is: errors cost at least what accepting
    gains, or not even accepting all pays.

    Source: as `conditional_value_per_task`, solved for a; same example.

    >>> stakes = Stakes(minutes_saved=38, wage_per_minute=1.5, rejection_cost=9,
    ...                 loss_per_error=800, inference_cost=0.012)
    >>> print(f"{conditional_break_even_acceptance(0.03, stakes):.5f}")
    0.21457
    """
    lost = escaped_error_rate(1, error_rate_if_accepted, detection) * stakes.loss_per_error
    burden = stakes.rejection_cost + stakes.inference_cost
    return _share(burden, stakes.acceptance_gain - lost)


def acceptance_margin(tolerable_loss: float, stakes: Stakes) -> float | None:
    """How far acceptance may fall for `tolerable_loss` money a task: loss / (S*w + R).

    The margin of a non-inferiority test, derived from money. None where a lower acceptance loses
    nothing (S*w + R <= 0).

    Source: the slope of `value_per_task` in a; same example, 2 a task.

    >>> stakes = Stakes(minutes_saved=38, wage_per_minute=1.5, rejection_cost=9,
    ...                 loss_per_error=800, inference_cost=0.012)
    >>> print(f"{acceptance_margin(2, stakes):.4f}")
    0.0303
    """
    check_not_negative("tolerable_loss", tolerable_loss)
    gain = stakes.acceptance_gain
    return tolerable_loss / gain if gain > 0 else None


def cost_per_accepted(inference_cost: float, review_cost: float, acceptance: float) -> float | None:
    """Money spent for one output that is accepted: (c + review) / a. None where none is.

    Source: total cost over good units, as in Horngren, Cost Accounting, on spoilage. Example:
    0.03 for the exchanges and 9 for the review of every output, 72 % accepted.

    >>> print(f"{cost_per_accepted(0.03, 9, 0.72):.4f}")
    12.5417
    """
    check_not_negative("inference_cost", inference_cost)
    check_not_negative("review_cost", review_cost)
    check_rate("acceptance", acceptance)
    return (inference_cost + review_cost) / acceptance if acceptance > 0 else None


def _share(burden: float, gain: float) -> float | None:
    """`burden` / `gain` where that is a share of outputs."""
    return burden / gain if gain > 0 and burden <= gain else None
