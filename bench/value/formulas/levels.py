"""Levels of urgency given against levels that were right: misses, and what they cost.

A table of counts has the right levels as rows and the levels given as columns, most urgent first.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LevelRates:
    """Shares of a table of levels; None where a share has no case to be of."""

    n: int
    right: float
    under: float  # given a less urgent level than right
    over: float  # given a more urgent level than right
    acute: int  # cases of an acute level
    missed: int  # acute cases that were not given an acute level
    missed_share: float | None  # of the acute
    over_share_of_flagged: (
        float | None
    )  # not acute, among those given an acute level: 1 - precision
    most_urgent_found: float | None  # of the most urgent level, those given it


def level_rates(counts: npt.ArrayLike, acute_levels: int) -> LevelRates:
    """Under- and over-rating, and misses of the first `acute_levels` levels, from a table of counts.

    Raises ValueError for a table that is not square or holds no case, and unless 1 <= acute_levels <
    levels.

    Source: Sax et al. (2023), JAMA Network Open 6:e233404, on under- and over-triage. Example: four
    levels, two of them acute, 200 cases.

    >>> table = [[18, 2, 0, 0], [3, 42, 5, 0], [0, 8, 70, 12], [0, 1, 9, 30]]
    >>> rates = level_rates(table, acute_levels=2)
    >>> rates.right, rates.under, rates.over, rates.missed, rates.acute
    (0.8, 0.095, 0.105, 5, 70)
    """
    table = _square("counts", counts)
    if not 1 <= acute_levels < len(table):
        raise ValueError(f"acute_levels: {acute_levels} is not in 1..{len(table) - 1}")
    n = table.sum()
    if n == 0:
        raise ValueError("counts: there is no case in the table")
    acute, flagged = table[:acute_levels].sum(), table[:, :acute_levels].sum()
    missed = table[:acute_levels, acute_levels:].sum()
    needless = table[acute_levels:, :acute_levels].sum()
    return LevelRates(
        n=int(n),
        right=float(np.trace(table) / n),
        under=float(np.triu(table, 1).sum() / n),
        over=float(np.tril(table, -1).sum() / n),
        acute=int(acute),
        missed=int(missed),
        missed_share=_ratio(missed, acute),
        over_share_of_flagged=_ratio(needless, flagged),
        most_urgent_found=_ratio(table[0, 0], table[0].sum()),
    )


def loss_per_case(counts: npt.ArrayLike, losses: npt.ArrayLike) -> float:
    """Mean loss of a case, `losses` holding what each pair of right and given level costs.

    In the unit of `losses`, of the table's shape. Misses that threaten a life belong to a hard gate, not
    to a price.

    Source: Elkan (2001), The foundations of cost-sensitive learning, IJCAI 17:973-978. Example: as
    `level_rates`, a missed emergency costing up to 400 and a needless alarm 2 to 10.

    >>> table = [[18, 2, 0, 0], [3, 42, 5, 0], [0, 8, 70, 12], [0, 1, 9, 30]]
    >>> losses = [[0, 60, 200, 400], [5, 0, 30, 120], [8, 3, 0, 10], [10, 5, 2, 0]]
    >>> loss_per_case(table, losses)
    2.26
    """
    table, prices = _square("counts", counts), np.asarray(losses, dtype=np.float64)
    if table.shape != prices.shape:
        raise ValueError(f"losses: shape {prices.shape} is not the table's {table.shape}")
    if table.sum() == 0:
        raise ValueError("counts: there is no case in the table")
    return float((table * prices).sum() / table.sum())


def _square(name: str, numbers: npt.ArrayLike) -> Table:
    table = np.asarray(numbers, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise ValueError(f"{name}: shape {table.shape} is not levels x levels")
    if not (table >= 0).all():
        raise ValueError(f"{name}: one is not a count")
    return table


def _ratio(part: float, whole: float) -> float | None:
    return float(part / whole) if whole > 0 else None
