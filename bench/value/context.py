"""What judging a suite shares, and what it holds of one candidate."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from bench.suites.load import Suite
from bench.value.assumed import Array, Assumed, expected
from bench.value.sample import Items
from bench.value.verdict import Evidence

JOINT = "cluster bootstrap of items, joint with assumptions"


@dataclass(frozen=True, slots=True)
class Context:
    """What all candidates of a suite share. `clusters` maps every planned item to its cluster's number."""

    suite: Suite
    clusters: Mapping[str, int]
    tags: Mapping[str, Mapping[str, str]]
    planned: int
    base: Assumed
    drawn: Assumed
    seed: int

    def mean(self) -> Assumed:
        """Assumptions at their means, which is what an expected value needs."""
        return expected(self.suite.file.business)


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate's figures before it is compared. `items` is None when nothing has an outcome."""

    context: Context
    rows: pd.DataFrame
    items: Items | None
    draws: Array | None
    features: dict[str, Array] | None
    """Resampled mean features; None when fewer than two clusters have an outcome."""
    evidence: Evidence
