"""Every number of a report, as it is written to `summary.json`: all reports are told from this alone."""

from typing import Literal

from pydantic import Field

from bench.types import Decision, Estimate, Pillar, Record, Text

Better = Literal["higher", "lower"]


class Reason(Record):
    """One ground of a verdict: a code for programs, a sentence for people."""

    code: str
    text: Text


class Trials(Record):
    """What became of the planned trials; the parts add up to `planned`."""

    planned: int
    answered: int
    refused: int
    truncated: int
    failed: int
    not_run: int


class Outcomes(Record):
    """Shares of the trials that have an outcome."""

    accept: float
    edit: float
    redo: float
    harm: float


class BusinessMetric(Estimate):
    """A metric of one of the three values. `today` is the human way's figure, where it has one."""

    pillar: Pillar
    unit: Literal["money", "share", "minutes", "seconds", "times", "months"]
    better: Better
    title: Text
    today: float | None = None


class TechnicalMetric(Estimate):
    """A scorer's figure and the business metric that the suite says it drives."""

    drives: str | None = None


class GateResult(Record):
    """A limit against the one-sided 95 % bound.

    `held` is true when the bound respects the limit, false when the opposite bound proves it broken, and
    None when `n` is too small to say (the rate then lies between `opposite_bound` and `bound`); `more_items` without an event would then settle it.
    """

    metric: str
    title: Text
    limit: float
    bound: float
    opposite_bound: float
    side: Literal["upper", "lower"]
    events: int
    n: int
    hard: bool
    held: bool | None
    more_items: int | None = None
    source: str | None = None


class Usage(Record):
    """What the candidate consumed.

    `requests` were sent in this run, `retries` among them; `cached` replies were not asked for again.
    `cost` is None when a price is unknown.
    """

    input_tokens: int
    output_tokens: int
    estimated: bool
    cost: float | None
    currency: str
    requests: int
    retries: int
    cached: int


class Latency(Record):
    """Seconds of the reply; time to first token needs streaming and is None without it."""

    p50: float | None
    p95: float | None
    ttft_p95: float | None = None


class CandidateVerdict(Record):
    """What to do with one candidate. `slices` are where a pilot may begin."""

    decision: Decision
    reasons: list[Reason]
    slices: list[str] = Field(default_factory=list)


class Sensitivity(Record):
    """What one assumption does to the value per case, the others at their base."""

    assumption: str
    low: float
    base: float
    high: float
    value_low: float
    value_high: float
    break_even: float | None
    placeholder: bool


class SliceValue(Record):
    """The value per case within one slice."""

    slice: str
    title: Text
    known_before: bool
    items: int
    clusters: int
    value_per_case: Estimate
    p_positive: float | None


class LossShare(Record):
    """What one class of error costs per case, the reviewer's catches taken off."""

    error_class: str
    title: Text
    rate: float
    expected_loss: float


class CandidateSummary(Record):
    """One row of every report."""

    trials: Trials
    coverage: float
    items: int
    outcomes: Outcomes | None
    value_per_case: Estimate
    value_per_month: Estimate
    spread: dict[Literal["items", "assumptions"], float | None]
    """Standard deviations of the value per case: from few items alone, from assumptions alone."""
    quantiles: list[float]
    """Twenty equally likely values per case, for dot plots."""
    p_positive: float | None
    p_best: float | None
    payback_months: Estimate
    break_even_acceptance: float | None
    evpi_per_case: float | None
    metrics: dict[str, BusinessMetric]
    technical: dict[str, TechnicalMetric]
    gates: list[GateResult]
    losses: list[LossShare]
    slices: list[SliceValue]
    sensitivity: list[Sensitivity]
    usage: Usage
    latency_s: Latency
    failures: dict[str, int]
    verdict: CandidateVerdict


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
    """What would change a verdict: an assumption, a gate, or more items."""

    model_config = Record.model_config | {"validate_by_name": True, "serialize_by_alias": True}

    kind: Literal["assumption", "gate", "items"]
    name: str
    from_: float | None = Field(default=None, alias="from")
    to: float | None = None
    text: Text


class SuiteVerdict(Record):
    """The decision on the suite's work. `candidate` is None when today's way stays."""

    decision: Decision
    candidate: str | None
    confidence: float | None
    reasons: list[Reason]
    would_change: list[Change]


class AssumptionEntry(Record):
    """An assumption as it was used."""

    name: str
    low: float
    base: float
    high: float
    source: str | None
    as_of: str | None
    placeholder: bool


class Origin(Record):
    """An entry of `seeds/` that a suite grows from, in its own words, and the documents that say it."""

    id: str
    text: Text
    documents: list[str]


class SuiteSummary(Record):
    """One suite's part of a run."""

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
    pairs: list[PairResult]
    assumptions: list[AssumptionEntry]
    verdict: SuiteVerdict


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
    candidates: dict[str, str]
    """Candidate -> adapter and model in words."""
    models_that_answered: dict[str, list[str]]
    prices: dict[str, str]
    assumptions_file: str | None = None


class Summary(Record):
    """`summary.json`."""

    model_config = Record.model_config | {"validate_by_name": True, "serialize_by_alias": True}

    schema_: Literal[1] = Field(default=1, alias="schema")
    run: RunInfo
    suites: dict[str, SuiteSummary]
