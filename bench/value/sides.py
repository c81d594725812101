"""Two candidates on the trials that both answered, and the draws of what parts them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.context import Context, Measured
from bench.value.rare import ordinary_class, redrawn
from bench.value.sample import Items, jointly_resampled


@dataclass(frozen=True, slots=True)
class Sides:
    """Two candidates on their common trials; `whole` when these are all that either answered."""

    a: Measured
    b: Measured
    of_a: Items
    of_b: Items
    whole: bool

    @property
    def gap(self) -> Items:
        """B's features less a's."""
        return self.of_b.minus(self.of_a)

    @property
    def needs_resampling(self) -> bool:
        """Whether the candidates' own resamples are not those of the pair."""
        return not self.whole and self.gap.spread_over() >= 2


@dataclass(frozen=True, slots=True)
class Gap:
    """Draws of b less a per case: of the value, and of what the calls cost. None below two common clusters."""

    value: Array | None
    cost: Array | None


def sides(
    context: Context, found: Mapping[str, Measured], wanted: Iterable[tuple[str, str]]
) -> list[Sides]:
    """The wanted pairs (a, b), by item and repeat: on the trials that have an outcome in both."""
    pairs = list(wanted)
    names = dict.fromkeys(name for pair in pairs for name in pair)
    trials = {name: _trials(context, found[name].rows) for name in names}
    return [_sides(context, found[a], found[b], trials) for a, b in pairs]


def gaps(context: Context, pairs: Sequence[Sides], resamples: int) -> list[Gap]:
    """The draws of every pair.

    Where both have an outcome on the same trials their own draws are subtracted; otherwise the common
    trials are resampled `resamples` times, all pairs together.
    """
    apart = {at: each for at, each in enumerate(pairs) if each.needs_resampling}
    items = {f"{at}a": each.of_a for at, each in apart.items()}
    items |= {f"{at}b": each.of_b for at, each in apart.items()}
    features = jointly_resampled(items, resamples, context.seed)
    assumed = Assumed({name: each[:resamples] for name, each in context.drawn.draws.items()})
    ordinary = ordinary_class(context.business)

    def value(key: str) -> Array:
        risked = redrawn(features[key], items[key], ordinary, context.seed)
        return worth.value(risked, assumed, context.business)

    return [
        Gap(
            value(f"{at}b") - value(f"{at}a"),
            features[f"{at}b"][worth.COST] - features[f"{at}a"][worth.COST],
        )
        if at in apart
        else _own(each)
        for at, each in enumerate(pairs)
    ]


def _own(pair: Sides) -> Gap:
    a, b = pair.a, pair.b
    if not pair.whole or a.value is None or b.value is None or not a.features or not b.features:
        return Gap(None, None)
    return Gap(b.value - a.value, b.features[worth.COST] - a.features[worth.COST])


def _sides(
    context: Context, a: Measured, b: Measured, trials: Mapping[str, NDArray[np.int64]]
) -> Sides:
    """Both sides, from the trials (item and repeat) that have an outcome in both."""
    assert a.items is not None
    assert b.items is not None
    if np.array_equal(np.sort(trials[a.name]), np.sort(trials[b.name])):
        return Sides(a, b, a.items, b.items, whole=True)
    first, second = (
        _only(context, mine, trials[mine.name], trials[other.name])
        for mine, other in ((a, b), (b, a))
    )
    return Sides(a, b, first, second, whole=False)


def _only(
    context: Context, found: Measured, own: NDArray[np.int64], others: NDArray[np.int64]
) -> Items:
    """A candidate's value features on the trials that the other one answered too."""
    assert found.items is not None
    gone = ~np.isin(own, others)
    items = (own[gone] // context.planned.repeats).astype(np.intp)
    return found.items.without(_with_outcome(found.rows)[gone], items, context.business)


def _with_outcome(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["outcome"].notna()]


def _trials(context: Context, rows: pd.DataFrame) -> NDArray[np.int64]:
    """One number for every item and repeat that has an outcome."""
    order = {item: at for at, item in enumerate(context.clusters)}
    good = _with_outcome(rows)
    items = good["item"].map(order).to_numpy(dtype=np.int64)
    repeats = good["repeat"].to_numpy(dtype=np.int64)
    return np.asarray(items * context.planned.repeats + repeats)
