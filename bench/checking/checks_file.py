"""What `bench check --json` writes: everything that was counted and found, for dataset cards and for CI."""

from collections import Counter
from typing import Literal

from bench.checking.check import Check
from bench.checking.gaming import Game
from bench.checking.known import Agreement, Known
from bench.checking.planted import Catch
from bench.checking.quality.difficulty import spread
from bench.types import Flag, Name, Number, OutcomeName, Record, Text, Whole

NO_TAG = "(none)"
"""The slice value of items that lack the tag."""


class Agreed(Record):
    """Of `tested` known answers, how many were judged as they should be."""

    tested: Whole
    agreed: Whole


class KnownAnswers(Record):
    """Known answers through scorers and rules.

    `good` must be accepted; `false_alarms` of them are not. `outcomes` is the agreement of the rules, `labels`
    that of each scorer on the answers that say what its label must be.
    """

    good: Whole
    false_alarms: Whole
    outcomes: Agreed
    labels: dict[Name, Agreed]


class Defect(Record):
    """A defect that was planted into good answers, and how often it was caught; some that were not."""

    title: Text
    planted: Whole
    caught: Whole
    at_least: Number
    because: Text | None
    missed: list[str]


class Gamed(Record):
    """A way of gaming: what its answers come to, and money a case in the suite's currency."""

    outcomes: dict[OutcomeName, Whole]
    value_per_case: Number


class Items(Record):
    """What is asked. `slices` counts the values of every slice; `(none)` are items without the tag.

    `reading` holds the 10th, 50th and 90th percentile of what makes an item hard to read.
    """

    items: Whole
    clusters: Whole
    examples: Whole
    not_served_today: Whole
    with_twins: Whole
    slices: dict[str, dict[str, Whole]]
    reading: dict[str, tuple[Number, Number, Number]]


class SuiteCheck(Record):
    """One suite: it is `trusted` where nothing is `wrong`; `notes` are advice."""

    version: Whole
    digest: str
    """Of the items."""
    currency: str
    trusted: Flag
    items: Items
    known: KnownAnswers
    planted: dict[Name, Defect]
    games: dict[str, Gamed]
    wrong: list[str]
    notes: list[str]


class ChecksFile(Record):
    """The findings by the suites' names."""

    format: Literal[1] = 1
    suites: dict[str, SuiteCheck]


def suite_check(found: Check) -> SuiteCheck:
    """What was found, as a record."""
    suite = found.suite
    return SuiteCheck(
        version=suite.file.version,
        digest=suite.digests["items"],
        currency=suite.file.business.currency,
        trusted=not found.wrong,
        items=_items(found),
        known=_known(found.known),
        planted={each.defect.defect: _defect(each) for each in found.caught},
        games={each.name: _gamed(each) for each in found.games},
        wrong=found.wrong,
        notes=found.notes,
    )


def _items(found: Check) -> Items:
    suite = found.suite
    counted = {
        name: Counter(item.tags.get(name, NO_TAG) for item in suite.items)
        for name in suite.file.slices
    }
    return Items(
        items=len(suite.items),
        clusters=len({item.cluster for item in suite.items}),
        examples=len(suite.examples),
        not_served_today=sum(not item.served_today for item in suite.items),
        with_twins=sum(item.variation is not None for item in suite.items),
        slices={name: dict(each.most_common()) for name, each in counted.items()},
        reading=spread(suite),
    )


def _known(found: Known) -> KnownAnswers:
    return KnownAnswers(
        good=found.good_wanted,
        false_alarms=found.false_alarms,
        outcomes=_agreed(found.outcomes),
        labels={name: _agreed(each) for name, each in sorted(found.labels.items())},
    )


def _agreed(found: Agreement) -> Agreed:
    return Agreed(tested=found.tested, agreed=found.agreed)


def _defect(found: Catch) -> Defect:
    told = found.defect
    return Defect(
        title=told.title,
        planted=found.planted,
        caught=found.caught,
        at_least=told.at_least,
        because=told.because,
        missed=found.missed,
    )


def _gamed(found: Game) -> Gamed:
    return Gamed(outcomes=dict(sorted(found.outcomes.items())), value_per_case=found.value)
