"""What it is worth to know more before deciding: value of information under a normal belief."""

import math

from scipy.special import ndtr

from bench.stats.arguments import check_not_negative, check_positive


def unit_normal_loss(k: float) -> float:
    """By how much a standard normal exceeds `k`, on average: phi(k) - k * (1 - Phi(k)).

    Source: Raiffa & Schlaifer (1961), Applied Statistical Decision Theory.

    >>> print(f"{unit_normal_loss(0.4):.4f}")
    0.2304
    """
    density = math.exp(-k * k / 2) / math.sqrt(2 * math.pi)
    return density - k * float(ndtr(-k))


def evpi(mean: float, sd: float) -> float:
    """Worth of perfect information about a gain believed to be normal(mean, sd).

    The expected value (EVPI): what one would pay, in the unit of the gain and per decision, to know
    the gain before choosing between it and keeping today's way (gain 0). Nothing to learn (`sd`
    = 0) is worth 0.

    Source: Raiffa & Schlaifer (1961). Example: a gain of 20 +- 50 a task.

    >>> print(f"{evpi(20, 50):.4f}")
    11.5219
    """
    check_not_negative("sd", sd)
    return sd * unit_normal_loss(abs(mean) / sd) if sd > 0 else 0.0


def evsi(mean: float, sd: float, item_sd: float, n: int) -> float:
    """Worth of seeing `n` more items, each a draw of the gain with spread `item_sd`.

    The expected value of sample information (EVSI), in the unit of the gain and per decision, as
    `evpi`, which it approaches as `n` grows. Worth 0 for no item. Multiply by the volume decided
    about; test on while that exceeds the test's cost.

    Source: Raiffa & Schlaifer (1961): the loss at the spread of the mean one will
    believe in afterwards. Example: belief 20 +- 50, items spread by 300, 100 more of them.

    >>> print(f"{evsi(20, 50, 300, 100):.4f}")
    8.9325
    """
    check_not_negative("sd", sd)
    check_positive("item_sd", item_sd)
    check_not_negative("n", n)
    if sd == 0 or n == 0:
        return 0.0
    return evpi(mean, sd * math.sqrt(sd**2 / (sd**2 + item_sd**2 / n)))
