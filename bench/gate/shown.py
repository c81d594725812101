"""What each candidate of one run showed by itself, from its outcomes alone."""

from collections import Counter
from dataclasses import dataclass
from typing import get_args

import numpy as np

from bench.gate.limits import limit_test
from bench.gate.pairing import Trials, matched, sides
from bench.types import OutcomeName, Text
from bench.value.observed.record import ObservedSuite

_SURELY = 0.05
_OUTCOMES = get_args(OutcomeName)


@dataclass(frozen=True, slots=True)
class Shown:
    """One candidate of a suite.

    `value_per_case` is money in the suite's currency at the means of the assumptions, over items that have an outcome;
    `priced` says whether it counts what the calls cost. `outcomes` are shares of the trials that have one, `coverage`
    is the share of planned trials that do. `broken` are hard gates of the suite that are surely broken (95 %, one-sided).
    """

    items: int
    trials: int
    coverage: float
    value_per_case: float | None
    priced: bool
    outcomes: dict[str, float]
    models: tuple[str, ...]
    broken: tuple[Text, ...]


def shown(suite: ObservedSuite, name: str) -> Shown:
    """What the candidate `name` showed. Raises GateError where an outcome has no price."""
    both = sides(suite, suite, matched(suite, suite), (name, name))
    side = both.new
    money = both.money(side)
    known = ~np.isnan(money)
    planned = len(suite.items) * suite.repeats
    counts = Counter(side.kinds[at].outcome for at in side.kind.tolist())
    with_outcome = sum(count for outcome, count in counts.items() if outcome is not None)
    return Shown(
        items=len(np.unique(side.item[known])),
        trials=len(side.item),
        coverage=with_outcome / planned if planned else 0.0,
        value_per_case=float(np.nanmean(side.by_item(money))) if known.any() else None,
        priced=both.priced,
        outcomes={name: counts[name] / with_outcome for name in _OUTCOMES if counts[name]},
        models=tuple(sorted({each.model for each in side.kinds if each.model is not None})),
        broken=_surely_broken(suite, side),
    )


def _surely_broken(suite: ObservedSuite, side: Trials) -> tuple[Text, ...]:
    """The titles of rates that are surely beyond a hard gate."""
    names = list(suite.rates)
    found = []
    for gate in suite.gates:
        if gate.hard and gate.metric in suite.rates:
            p_worse = limit_test(side, names.index(gate.metric), gate, suite).p_worse
            if p_worse is not None and p_worse <= _SURELY:
                found.append(suite.rates[gate.metric].title)
    return tuple(found)
