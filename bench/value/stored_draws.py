"""Draws as a page holds them: two bytes each, and only as many as it takes."""

import base64
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from bench.types import Record
from bench.value.assumed import Array

_LEVELS, _UNKNOWN = 65_534, 65_535
_TINY = 1e-12
"""Draws that differ by less than this part of their size are one number with noise of arithmetic."""


class Draws(Record):
    """Numbers between `low` and `high`: 16-bit integers, the least byte first, in base64.

    0 is `low`, 65534 is `high`, 65535 a draw that is not known (NaN). `packed` None: they all are `low`.
    """

    low: float
    high: float
    packed: str | None = Field(default=None, repr=False)


def varies(draws: Array) -> bool:
    """Whether draws (n,) are more than one number."""
    if np.isnan(draws).any():
        return True
    return bool(np.ptp(draws) > _TINY * max(1.0, float(np.abs(draws).max())))


def packed(draws: Array) -> Draws:
    """Draws (n,) rounded to the 65535 levels of their own range.

    >>> packed(np.array([0.0, 0.5, 1.0])).packed
    'AAD/f/7/'
    """
    if not varies(draws):
        return Draws(low=float(draws[0]), high=float(draws[0]))
    known = ~np.isnan(draws)
    low, high = float(draws[known].min()), float(draws[known].max())
    width = (high - low) or 1.0
    levels = np.full(len(draws), _UNKNOWN, dtype="<u2")
    levels[known] = np.rint((draws[known] - low) / width * _LEVELS)
    return Draws(low=low, high=high, packed=base64.b64encode(levels.tobytes()).decode())


def unpacked(draws: Draws, size: int) -> Array:
    """The `size` numbers again.

    >>> unpacked(packed(np.array([0.0, np.nan, 1.0])), 3).tolist()
    [0.0, nan, 1.0]
    """
    if draws.packed is None:
        return np.full(size, draws.low)
    levels = np.frombuffer(base64.b64decode(draws.packed), dtype="<u2")
    numbers = draws.low + levels * ((draws.high - draws.low) / _LEVELS)
    return np.where(levels == _UNKNOWN, np.nan, numbers)


def thinned(keys: Sequence[Array], wanted: int) -> NDArray[np.intp]:
    """Which `wanted` of the joint draws (n,) stand for all of them: the middles of as many equal groups.

    They are ordered by the first of `keys`, where that is equal by the second, and so on. So the share of
    draws with any value of the first keys hardly moves, and the quantiles of the last one little.
    """
    order = np.lexsort([np.nan_to_num(each, nan=-np.inf) for each in reversed(keys)])
    middles = (np.arange(wanted) + 0.5) * (len(order) / wanted)
    return np.sort(order[middles.astype(np.intp)])


def finer_below(net: Array, wanted: int) -> tuple[NDArray[np.intp], Array, int]:
    """About `wanted` draws that stand for all of (n,), closer together the less they gain.

    For chances near 1, which only the worst draws decide. Returns which draws, for how many each of them
    stands, and how many of them do not gain; none stands for draws on both sides of zero.
    """
    order = np.argsort(net)
    losing = int((net <= 0).sum())
    steps = np.ceil(len(net) * (np.arange(wanted + 1) / wanted) ** 3)
    edges = np.unique(np.append(steps, losing)).astype(np.intp)
    middles = (edges[:-1] + edges[1:] - 1) // 2
    return order[middles], np.diff(edges).astype(np.float64), int((middles < losing).sum())
