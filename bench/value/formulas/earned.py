"""Tasks that pay a price when they are done right and nothing otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.stats.arguments import check_not_negative


@dataclass(frozen=True, slots=True)
class Earned:
    """Money earned and on offer, in the currency of the prices; shares are None without any on offer."""

    earned: float
    offered: float
    earned_share: float | None
    pass_share: float | None


def earned_value(prices: Sequence[float], passed: Sequence[bool]) -> Earned:
    """Money that all-or-nothing payment gives for `passed` tasks, beside the share that passed.

    One price and one verdict a task, in the same order; leave out tasks without a verdict. The two
    shares part where dear tasks are the hard ones.

    Source: SWE-Lancer (2025), arXiv 2502.12115. Example: three cheap tasks of five.

    >>> told = earned_value([500, 2000, 250, 1000, 8000], [True, False, True, True, False])
    >>> print(f"{told.earned:.0f} of {told.offered:.0f}: {told.earned_share:.4f}, {told.pass_share}")
    1750 of 11750: 0.1489, 0.6
    """
    for price in prices:
        check_not_negative("prices", price)
    paid = [price for price, right in zip(prices, passed, strict=True) if right]
    earned, offered = float(sum(paid)), float(sum(prices))
    return Earned(
        earned=earned,
        offered=offered,
        earned_share=earned / offered if offered > 0 else None,
        pass_share=len(paid) / len(prices) if prices else None,
    )
