"""What `bench value` says of published counts: every number that it prints."""

from typing import Literal

from bench.types import Estimate, Record, Text
from bench.value.published_file import Published
from bench.value.summary import AssumptionEntry, TodaySummary

Worth = Literal["worth", "not_worth", "open"]


class Wrong(Record):
    """Wrong answers of one class; `upper` is the exact one-sided 95 % bound of their share."""

    error_class: str
    title: Text
    events: int
    upper: float


class BreakEven(Record):
    """Where one assumption alone, the others at their means, makes the value zero.

    The value is positive on the side that `gains` names. `within` says whether the point lies in the
    assumption's own range.
    """

    assumption: str
    low: float
    base: float
    high: float
    at: float
    gains: Literal["above", "below"]
    within: bool
    placeholder: bool


class SystemValue(Record):
    """What one system's counts are worth; the value of a case is less its share of the monthly fixed cost.

    `accuracy` counts what was right without an edit. `declined` and `wrong` are shares.
    """

    items: int
    correct: int
    accuracy: Estimate
    declined: float
    wrong: float
    wrong_upper: float
    by_class: list[Wrong]
    value_per_case: Estimate
    value_per_month: Estimate
    p_positive: float
    p_best: float
    cost_per_accepted: Estimate
    cost_known: bool
    verdict: Worth
    break_evens: list[BreakEven]
    """Nearest first, measured in widths of the assumption's range."""


class LikeAccuracy(Record):
    """Two systems whose accuracies the counts cannot tell apart and whose values have opposite signs.

    `accuracy_difference` is that of the gaining system minus the other. `sure`: the chance of a gain is at
    least 0.9 for the one and at most 0.1 for the other.
    """

    gains: str
    loses: str
    accuracy_difference: Estimate
    sure: bool


class PublishedValue(Record):
    """Everything that `bench value` prints. Systems stand by value, dearest first."""

    title: Text
    source: Published
    cases: Text
    currency: str
    today: TodaySummary
    systems: dict[str, SystemValue]
    p_best_today: float
    pairs: list[LikeAccuracy]
    assumptions: list[AssumptionEntry]
