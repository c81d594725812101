"""Every number of a report, as it is written to `summary.json`: all reports are told from this alone."""

from typing import Literal

from pydantic import Field

from bench.types import Decision, Estimate, Record, Text
from bench.value.across.records import Across
from bench.value.candidate_summary import (
    CandidateSummary,
    Information,
    Reason,
)
from bench.value.data_card import DataCard
from bench.value.prices import CandidateInfo, PriceInfo


class PairResult(Record):
    """Two candidates on the items that both answered; `difference` is b minus a, money per case."""

    a: str
    b: str
    difference: Estimate
    p_value: float | None
    p_b_better: float | None
    method: str
    mde: float | None


class TodaySummary(Record):
    """The human way: the row that every comparison has, and the zero of every value."""

    role: Text
    minutes: float
    cost_per_case: float
    error_rate: float | None
    expected_loss: float


class Change(Record):
    """What would change a verdict: an assumption, a gate, or more items.

    `from` and `to` are values of the assumption, or numbers of items; `bound` and `limit` are a gate's.
    """

    model_config = Record.model_config | {"validate_by_name": True, "serialize_by_alias": True}

    kind: Literal["assumption", "gate", "items"]
    name: str
    from_: float | None = Field(default=None, alias="from")
    to: float | None = None
    bound: float | None = None
    limit: float | None = None
    text: Text


class SuiteVerdict(Record):
    """The decision on the suite's work. `candidate` is None when today's way stays."""

    decision: Decision
    candidate: str | None
    confidence: float | None
    reasons: list[Reason]
    would_change: list[Change]
    placeholder_share: float | None = None
    decisive_placeholders: list[str] = Field(default_factory=list)


class AssumptionEntry(Record):
    """An assumption as it was used. `title` is that of the outcome rule whose minutes it is."""

    name: str
    title: Text | None = None
    low: float
    base: float
    high: float
    source: str | None
    as_of: str | None
    placeholder: bool
    shape: str = "pert"


class DriveTest(Record):
    """A technical metric against the business metric that the suite says it drives, on the run's data.

    `association` is the rank correlation over items with the candidate held fixed, signed so that more means
    better for the business; `with_value` the same with the money of the case; `rank_agreement` that of the
    candidates' means (None below three). `finding`: `moves` (up or down, as the sign says), `nothing` (the
    interval holds no association worth naming), `unclear`, `constant` (nothing varied).
    """

    technical: str
    drives: str
    association: Estimate
    with_value: Estimate
    rank_agreement: float | None
    candidates: int
    finding: Literal["moves", "nothing", "unclear", "constant"]


class CascadeResult(Record):
    """A cheaper candidate in front of the one of most value, told from the answers at hand.

    `routed_up` is the share of cases that the small one leaves to the big one, `saving` what the two spend
    less on calls than the big one alone (a share of it), `gain_over_big` money per case.
    """

    small: str
    big: str
    routed_up: float
    items: int
    cost_per_case: float
    saving: float
    value_per_case: Estimate
    gain_over_big: Estimate


class Origin(Record):
    """An entry of `seeds/` that a suite grows from, in its own words, and the documents that say it."""

    id: str
    text: Text
    documents: list[str]


class RefusedCandidate(Record):
    """Who was not asked because the data policy forbids it, the rule in words, and what the rule rests on."""

    candidate: str
    rule: str
    text: Text
    source: str


class SuiteSummary(Record):
    """One suite's part of a run.

    `refused` candidates were never asked and are not among `candidates`: nothing was planned for them, so that the
    trials of those that are there still add up.
    """

    version: int
    title: Text
    about: Text
    case: Text
    cases: Text
    currency: str
    industry: str
    chain_link: str
    stage: str
    grows_from: list[Origin]
    items: int
    clusters: int
    cases_per_month: float
    coverage_floor: float
    today: TodaySummary
    candidates: dict[str, CandidateSummary]
    refused: list[RefusedCandidate] = Field(default_factory=list)
    pairs: list[PairResult]
    cascades: list[CascadeResult]
    drives: list[DriveTest]
    information: Information | None
    """Of the choice among all candidates and today's way."""
    headline: str
    assumptions: list[AssumptionEntry]
    verdict: SuiteVerdict
    card: DataCard | None = None
    """What its items are; None in summaries that were written before it was told."""


class PolicyInfo(Record):
    """The data policy of a run. `file` is None for the packaged default."""

    name: str
    file: str | None
    digest: str


class StoppedEarly(Record):
    """A run that asked only some of its items: the comparison with `against` was settled, or the money was spent."""

    against: str
    why: Literal["decided", "budget"]
    items_asked: int
    items_planned: int


class RunInfo(Record):
    """Where the numbers come from."""

    id: str
    started: str
    finished: str | None
    seed: int
    repeats: int
    limit: int | None
    commit: str | None
    version: str
    complete: bool
    host: str
    candidates: dict[str, CandidateInfo]
    models_that_answered: dict[str, list[str]]
    prices: dict[str, PriceInfo | None]
    """None: no price was known."""
    assumptions_file: str | None = None
    policy: PolicyInfo | None = None
    """None: the run was made by no data policy."""
    stopped_early: StoppedEarly | None = None
    """None: it went to its end, or has not ended."""


class Summary(Record):
    """`summary.json`."""

    model_config = Record.model_config | {"validate_by_name": True, "serialize_by_alias": True}

    schema_: Literal[1] = Field(default=1, alias="schema")
    run: RunInfo
    suites: dict[str, SuiteSummary]
    across: Across
