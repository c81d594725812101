"""Trials that came out otherwise, worst first by the money that they lose."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bench.gate.pairing import Array, Ints, Sides, Trials
from bench.gate.record import Flip
from bench.types import Text
from bench.value.observed.record import Kind, ObservedSuite

KEPT = 20
Texts = Callable[[Literal["old", "new"], str, str, str, int], str | None]
"""The text of an answer: side, suite, candidate, item, repeat; None where it was not kept."""


@dataclass(frozen=True, slots=True)
class Flipped:
    """How many trials lost and gained money by another outcome, the items that newly failed, and the worst flips."""

    worse: int
    better: int
    new_failures: tuple[str, ...]
    flips: tuple[Flip, ...]


def flipped(
    both: Sides, old_suite: ObservedSuite, names: tuple[str, str], suite: str, texts: Texts | None
) -> Flipped:
    """What came out otherwise on the trials that both sides have."""
    old_at, new_at = _paired(both.old, both.new)
    old_kinds = [both.old.kinds[each] for each in both.old.kind[old_at]]
    new_kinds = [both.new.kinds[each] for each in both.new.kind[new_at]]
    gap = _without_outcome_as_today(both.money(both.new))[new_at]
    gap = gap - _without_outcome_as_today(both.money(both.old))[old_at]
    changed = [
        at
        for at, (old, new) in enumerate(zip(old_kinds, new_kinds, strict=True))
        if (old.outcome, old.loss_class) != (new.outcome, new.loss_class)
    ]
    items = both.new.item[new_at]
    order = sorted(changed, key=lambda at: (float(gap[at]), both.match.ids[items[at]], at))
    failed = [at for at in changed if new_kinds[at].outcome is None]
    kept = [
        _flip(both, at, (old_kinds[at], new_kinds[at]), float(gap[at]), (items, new_at))
        for at in order[:KEPT]
    ]
    if texts is not None:
        kept = [_with_texts(each, names, suite, texts) for each in kept]
    return Flipped(
        sum(gap[at] < 0 for at in changed),
        sum(gap[at] > 0 for at in changed),
        tuple(sorted({both.match.ids[items[at]] for at in failed})),
        tuple(
            each.model_copy(update={"old_because": _because(old_suite, each_old)})
            for each, each_old in zip(kept, [old_kinds[at] for at in order[:KEPT]], strict=True)
        ),
    )


def _paired(old: Trials, new: Trials) -> tuple[Ints, Ints]:
    """Positions of the trials of the same item and repeat in either side."""
    places = {
        (int(item), int(repeat)): at
        for at, (item, repeat) in enumerate(zip(old.item, old.repeat, strict=True))
    }
    told = [
        (places[key], at)
        for at, key in enumerate(zip(new.item.tolist(), new.repeat.tolist(), strict=True))
        if key in places
    ]
    pairs = np.array(told, dtype=np.intp).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _without_outcome_as_today(money: Array) -> Array:
    """A case without an answer goes today's way, which is worth nothing more and nothing less."""
    return np.nan_to_num(money, nan=0.0)


def _flip(
    both: Sides, at: int, kinds: tuple[Kind, Kind], money: float, places: tuple[Ints, Ints]
) -> Flip:
    items, new_at = places
    old, new = kinds
    return Flip(
        item=both.match.ids[items[at]],
        repeat=int(both.new.repeat[new_at[at]]),
        old=old.outcome,
        new=new.outcome,
        new_because=_because(both.suite, new),
        money=money,
    )


def _because(suite: ObservedSuite, kind: Kind) -> Text | None:
    if kind.rule is None or kind.rule >= len(suite.rules):
        return None
    return suite.rules[kind.rule]


def _with_texts(flip: Flip, names: tuple[str, str], suite: str, texts: Texts) -> Flip:
    old, new = names
    return flip.model_copy(
        update={
            "old_text": texts("old", suite, old, flip.item, flip.repeat),
            "new_text": texts("new", suite, new, flip.item, flip.repeat),
        }
    )
