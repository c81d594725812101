"""The seam of scoring: a scorer is a frozen value whose fields are its YAML options, with one verb."""

from typing import ClassVar

from bench.scoring.reading import Reading
from bench.types import Item, Record, Score


class Scorer(Record):
    """Says one thing about one answer.

    `labels`, `metrics` and `error_classes` declare everything `score` may return, so that a suite's
    rules are checked before a cent is spent. `is_heavy` scorers (milliseconds an answer) run in a process
    pool. A scorer is pure: the same item and reading give the same score.
    """

    labels: ClassVar[tuple[str, ...]]
    metrics: ClassVar[tuple[str, ...]] = ()
    error_classes: ClassVar[tuple[str, ...]] = ()
    is_heavy: ClassVar[bool] = False

    def score(self, item: Item, reading: Reading) -> Score:
        """Judge `reading` against `item.reference`."""
        raise NotImplementedError

    def problem(self, item: Item) -> str | None:
        """What is wrong with an item's reference for this scorer, or None; asked when a suite loads."""
        del item
        return None

    def expected(self, item: Item) -> str | None:
        """The right answer in words, for the evidence beside a score; None when there is no single one."""
        del item
        return None
