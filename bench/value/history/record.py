"""The history of a suite as it is printed and written: every number, in no language."""

import datetime as dt
from typing import Literal

from pydantic import Field

from bench.types import Estimate, Record, Text
from bench.value.candidate_summary import Better

Mark = Literal["incomplete", "thin", "drawn", "other_assumptions", "new_version"]
"""What sets a run apart.

`incomplete`: trials were never run. `thin`: coverage is below the suite's floor. `drawn`: only some items
were asked. `other_assumptions`: the money rests on a file of one's own, or on other assumptions than the
run before. `new_version`: the suite has
changed since the run before. The first two are never compared with.
"""
Judgement = Literal["better", "worse", "open"]


class Change(Record):
    """One figure against an earlier run. `difference` is after minus before.

    `improvement` is relative to the size of `before` and positive when the figure got better; None when
    `before` is zero or the sign has turned. `judgement` is `open` while the difference's interval holds zero.
    """

    before: float
    after: float
    difference: Estimate
    improvement: float | None
    better: Better
    judgement: Judgement


class Measure(Estimate):
    """A metric of a run, and which way is better."""

    better: Better
    unit: str | None = None
    title: Text | None = None


class Comparison(Record):
    """What changed since run `run`. Under other assumptions money and business metrics are not compared."""

    run: str
    started: str
    same_assumptions: bool
    usable: Change | None
    harm: Change | None
    value_per_case: Change | None
    business: dict[str, Change]
    technical: dict[str, Change]


class RunRow(Record):
    """One run of one candidate. `usable` is the share accepted or edited, `harm` the harmful share.

    `adoption` is the date of the row of the adoption file that stood on the day of the run.
    """

    run: str
    started: str
    date: dt.date
    version: int
    marks: list[Mark]
    assumptions_file: str | None
    items: int
    coverage: float | None
    value_per_case: Estimate
    p_positive: float | None
    usable: Estimate
    harm: Estimate
    decision: str | None
    business: dict[str, Measure]
    technical: dict[str, Measure]
    since_first: Comparison | None
    since_previous: Comparison | None
    adoption: dt.date | None = None


class Ahead(Record):
    """The expected usable share after an effort of `x`."""

    x: float
    usable: Estimate


class Curve(Record):
    """The learning curve of the usable share over the runs of the latest suite version.

    `x` counts `axis`: labels up to the run's date, or months since the first run. `ahead` is one more
    step of the usual length. `break_even` is the usable share at which the latest run's value would be zero,
    `to_break_even` the effort from zero at which the curve gets there; None when there is none, or it never does.
    """

    axis: Literal["labels", "months"]
    runs: list[str]
    x: list[float]
    start: float
    ceiling: Estimate
    scale: float
    ahead: Ahead
    break_even: float | None
    to_break_even: float | None


class CandidateHistory(Record):
    """The runs of one candidate, oldest first; either a curve or the code and the words for why there is none."""

    runs: list[RunRow]
    curve: Curve | None
    no_curve: Literal["few", "one_place", "flat", "not_converged"] | None
    fitted_runs: int


class AdoptionRow(Record):
    """What was known of use on one day. A figure is None where its cell is empty; `others` as they were written."""

    date: dt.date
    figures: dict[str, float | None]
    others: dict[str, str] = Field(default_factory=dict)


class AdoptionChange(Record):
    """A figure's first and last known value; `relative` is None when the first is not above zero."""

    name: str
    first_date: dt.date
    first: float
    last_date: dt.date
    last: float
    relative: float | None


class Adoption(Record):
    """An adoption file, oldest row first."""

    file: str
    rows: list[AdoptionRow]
    changes: list[AdoptionChange]


class History(Record):
    """`bench history`: the runs of a suite by candidate. Title, cases and currency are the latest run's."""

    suite: str
    title: Text
    cases: Text
    currency: str
    candidates: dict[str, CandidateHistory]
    adoption: Adoption | None = None
