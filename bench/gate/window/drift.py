"""Did more answers change than change by themselves?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.gate.window.answers import Asked
from bench.gate.window.record import Noise
from bench.stats import MarginTest, margin_test

TOLERATED = 0.01
"""So much more than the noise seen before may change from one day to another: servers do not round alike every day."""
FLOOR = 0.05
"""Where the noise is not known, so many of a hundred answers at temperature 0 may change without an alarm."""
_COVERED = 0.5
"""A source of noise counts when it knows at least this share of the items compared."""
_ALPHA = 0.05
_Array = NDArray[np.float64]
Changes = Mapping[Asked, float]
"""What was asked -> the share of pairs of its answers that differ."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The share of changed answers over `items`, its bounds, and the test against the noise.

    `p_value` is one-sided; None where nothing can be tested: fewer than two clusters, or no noise known and no floor.
    """

    changed: float
    low: float | None
    high: float | None
    items: int
    clusters: int
    noise: Noise
    margin: float | None
    test: MarginTest | None

    @property
    def p_value(self) -> float | None:
        """Small: surely more changed than the noise and the margin allow."""
        return None if self.test is None else self.test.p_worse

    def catches(self, level: float) -> float | None:
        """The change beyond the noise, a share, that is found with 80 % at this one-sided confidence level.

        None where not even a change of all would be.
        """
        told = None if self.test is None else self.test.catches(level)
        return told if told is not None and told <= 1 else None


def drift(
    seen: Changes,
    clusters: Mapping[Asked, int],
    earlier: Sequence[Changes],
    repeats: Changes,
    *,
    has_floor: bool,
    level: float,
) -> Drift | None:
    """Test the changes of a step, `seen` (not empty), against those of earlier steps and of repeats within its runs.

    Paired by item, since it is the same items that waver; errors by cluster. While nothing changes, an item's answers of
    any two runs differ as often as those of any other two, so that the mean over items of (seen - noise) is 0; the alarm
    needs it to exceed `TOLERATED`. Without noise it must exceed `FLOOR`, if there is one: only at temperature 0.
    One-sided bounds at `level`. None without items.

    Source: the pairs of answers are the two-sample and within-sample terms of Szekely & Rizzo (2013), Energy statistics,
    Journal of Statistical Planning and Inference 143:1249-1272, with the discrete distance; false alarms and power
    are simulated in tests/calibration/drift.py.
    """
    if not seen:
        return None
    items = list(seen)
    shares = np.array([seen[item] for item in items])
    groups = np.array([clusters[item] for item in items])
    noise, told = _noise(items, groups, earlier, repeats)
    margin = TOLERATED if noise is not None else (FLOOR if has_floor else None)
    test = None
    if margin is not None:
        usual = noise if noise is not None else np.zeros(len(items))
        test = _test(usual, shares, margin, groups)
    bounds = _test(np.zeros(len(items)), shares, 0.0, groups).bounds(level)
    return Drift(
        changed=float(shares.mean()),
        low=None if bounds is None else _share(-bounds[1]),
        high=None if bounds is None else _share(-bounds[0]),
        items=len(items),
        clusters=len(np.unique(groups)),
        noise=told,
        margin=margin,
        test=test,
    )


def _test(usual: _Array, shares: _Array, margin: float, groups: NDArray[np.intp]) -> MarginTest:
    """Unchanged answers are the good ones: `p_worse` is small where more than usual and the margin changed."""
    return margin_test(1 - usual, 1 - shares, margin, groups, reach=1.0)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))


def _noise(
    items: Sequence[Asked], groups: NDArray[np.intp], earlier: Sequence[Changes], repeats: Changes
) -> tuple[_Array | None, Noise]:
    """What each item (items,) changes by itself, NaN where nobody knows; None where no source knows enough.

    Repeats are asked where fewer than two earlier steps tell: between days more may change than within one. A step
    that surely changed more than the quietest source is no noise, whether or not somebody called it a change then.
    """
    steps = [told for each in earlier if (told := _spread(each, items)) is not None]
    within = _spread(repeats, items) if len(steps) < 2 else None
    sources = [*steps, *([within] if within is not None else [])]
    if not sources:
        return None, Noise()
    quietest = min(sources, key=lambda each: float(np.nanmean(each)))
    kept = [each for each in sources if not _stands_out(each, quietest, groups)]
    table = np.column_stack(kept)
    known = ~np.isnan(table)
    counts = known.sum(axis=1)
    means = np.full(len(items), np.nan)
    np.divide(np.where(known, table, 0.0).sum(axis=1), counts, out=means, where=counts > 0)
    among = sum(any(each is step for step in steps) for each in kept)
    return means, Noise(
        source="steps" if among else "repeats", share=float(np.nanmean(means)), steps=among
    )


def _spread(source: Changes, items: Sequence[Asked]) -> _Array | None:
    """A source over the items, NaN where it does not know one; None where it knows too few."""
    told = np.array([source.get(item, np.nan) for item in items])
    return told if (~np.isnan(told)).mean() >= _COVERED else None


def _stands_out(source: _Array, quietest: _Array, groups: NDArray[np.intp]) -> bool:
    if source is quietest:
        return False
    p_worse = _test(quietest, source, TOLERATED, groups).p_worse
    return p_worse is not None and p_worse <= _ALPHA
