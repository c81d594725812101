"""What judging a suite shares, and what it holds of one candidate."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from bench.suites.load import Suite
from bench.suites.model import Business
from bench.types import Item
from bench.value import assumed
from bench.value.assumed import Array, Assumed
from bench.value.formulas.horizon import horizon_factors
from bench.value.sample import RESAMPLES, Items

JOINT = "cluster bootstrap of items, joint with assumptions"


@dataclass(frozen=True, slots=True)
class Planned:
    """What was to be asked of every candidate of a suite; `strategies` says how, by candidate."""

    items: tuple[Item, ...]
    repeats: int
    strategies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """What all candidates of a suite share. `clusters` maps every planned item to its cluster's number."""

    suite: Suite
    clusters: Mapping[str, int]
    tags: Mapping[str, Mapping[str, str]]
    planned: Planned
    mean: Assumed
    """Assumptions at their means, which is what an expected value needs."""
    drawn: Assumed
    discounted: Mapping[int, tuple[Array, Array]]
    """Months of a horizon -> discounted months of full use, and discounted months, as draws."""
    seed: int
    """Of the resamples: another one for each suite, so that suites of as many clusters stay independent."""

    @property
    def business(self) -> Business:
        """The suite's business section."""
        return self.suite.file.business

    @property
    def trials(self) -> int:
        """Trials planned for each candidate."""
        return len(self.planned.items) * self.planned.repeats


def context(suite: Suite, planned: Planned, seed: int) -> Context:
    """What judging a suite's candidates shares."""
    business = suite.file.business
    drawn = assumed.drawn(business, RESAMPLES, seed)
    names = sorted({item.cluster for item in planned.items})
    numbers = {name: at for at, name in enumerate(names)}
    return Context(
        suite=suite,
        clusters={item.id: numbers[item.cluster] for item in planned.items},
        tags={item.id: item.tags for item in planned.items},
        planned=planned,
        mean=assumed.expected(business),
        drawn=drawn,
        discounted={
            months: discounted_months(months, drawn)
            for months in (business.horizon.pilot_months, 12, business.months)
        },
        seed=zlib.crc32(f"{seed}|{suite.name}".encode()),
    )


def discounted_months(months: int, told: Assumed) -> tuple[Array, Array]:
    """Discounted months of full use, and discounted months, in so many months."""
    return horizon_factors(months, told["horizon.discount_rate"], told["horizon.ramp_up_months"])


@dataclass(frozen=True, slots=True)
class Measured:
    """What a candidate's answers showed, as numbers, and the same after resampling.

    `items` is None when nothing has an outcome; the draws (resamples,) are None when fewer than two
    clusters have one. `value` is money per case, `net` the same less its share of the monthly fixed
    cost, which decides whether a month gains.
    """

    name: str
    rows: pd.DataFrame
    items: Items | None
    clusters: int
    features: dict[str, Array] | None
    risked: dict[str, Array] | None
    """The features with the shares of harm drawn anew (see `rare`): what money is counted from."""
    value: Array | None
    net: Array | None
