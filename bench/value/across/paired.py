"""Two candidates on the trials that both answered: the difference of money and of running cost, as draws."""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.types import Estimate
from bench.value.assess import Assessed
from bench.value.assumed import Array
from bench.value.context import JOINT
from bench.value.estimates import estimate, unknown
from bench.value.sample import RESAMPLES, Items
from bench.value.sides import gaps, sides
from bench.value.summary import SuiteSummary
from bench.value.worth import COST


@dataclass(frozen=True, slots=True)
class Paired:
    """B less a per case: `value` as among the suite's pairs, `cost` of running; `draws` (resamples,) of the value.

    None where fewer than two clusters are common. `cost` has no value while a price is unknown.
    """

    value: Estimate
    cost: Estimate
    draws: Array | None


def paired(each: Assessed, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Paired]:
    """The wanted pairs (a, b) of measured candidates, b less a."""
    pairs = list(dict.fromkeys(wanted))
    both = sides(each.context, each.measured, pairs)
    drawn = gaps(each.context, both, RESAMPLES)
    return {
        (a, b): Paired(_difference(each.summary, a, b), _cost(one.gap, gap.cost), gap.value)
        for (a, b), one, gap in zip(pairs, both, drawn, strict=True)
    }


def _difference(summary: SuiteSummary, a: str, b: str) -> Estimate:
    """The suite's pair, b less a whichever way round it was taken."""
    pair = next(pair for pair in summary.pairs if {pair.a, pair.b} == {a, b})
    told = pair.difference
    if pair.a == a or told.value is None:
        return told
    return told.model_copy(
        update={
            "value": -told.value,
            "low": None if told.high is None else -told.high,
            "high": None if told.low is None else -told.low,
        }
    )


def _cost(gap: Items, draws: Array | None) -> Estimate:
    n = int(gap.present.sum())
    if n == 0 or not gap.cost_known:
        return unknown(n, "a price is not known" if n else "too few items in common")
    return estimate(float(gap.means()[COST][0]), draws, n, JOINT)
