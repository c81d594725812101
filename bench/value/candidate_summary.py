"""Everything that a report says of one candidate of one suite: a row of `summary.json`."""

from typing import Literal

from pydantic import Field

from bench.types import Decision, Estimate, Pillar, Record, Text
from bench.value.selective import Selective

Better = Literal["higher", "lower"]
Unit = Literal["money", "share", "minutes", "seconds", "times", "months", "count"]


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
    unit: Unit
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
    clusters: int
    hard: bool
    held: bool | None
    more_items: int | None = None
    source: str | None = None


class Usage(Record):
    """What the candidate consumed.

    `requests` were sent in this run, `retries` among them; `cached` replies were not asked for again.
    `cost` is None when a price is unknown. `lost_cost`, a part of it, is what replies of no use cost: those of failed
    trials, and those that were billed, could not be read and were asked for again; only what vendors counted is
    known. `estimated_share` is the share of trials whose tokens were counted here because the vendor did not tell.
    """

    input_tokens: int
    output_tokens: int
    reasoning_tokens: int = 0
    estimated: bool
    estimated_share: float | None = None
    cost: float | None
    lost_cost: float | None = None
    currency: str
    requests: int
    retries: int
    cached: int


class Latency(Record):
    """Seconds of the reply; time to first token needs streaming and is None without it.

    `tokens_per_s` is the median speed of writing once the first token has come, over streamed replies.
    """

    p50: float | None
    p95: float | None
    ttft_p50: float | None = None
    ttft_p95: float | None = None
    tokens_per_s: float | None = None


class CandidateVerdict(Record):
    """What to do with one candidate. `slices` are where a pilot may begin."""

    decision: Decision
    reasons: list[Reason]
    slices: list[str] = Field(default_factory=list)


class Sensitivity(Record):
    """What one assumption does to the value, the others at their means.

    The value is that of a case less its share of the monthly fixed cost, so that a break-even is where the
    month turns; of assumptions that a case does not know (set-up, discounting) it is that of the horizon.
    """

    assumption: str
    of: Literal["case", "horizon"] = "case"
    low: float
    base: float
    high: float
    value_low: float
    value_high: float
    break_even: float | None
    placeholder: bool


class SliceValue(Record):
    """The value per case within one slice, less the share of the fixed cost that any case bears."""

    slice: str
    title: Text
    known_before: bool
    items: int
    clusters: int
    value_per_case: Estimate
    p_positive: float | None


class LossShare(Record):
    """What one class of error costs per case, the reviewer's catches taken off.

    `rate_upper` is the one-sided 95 % bound over clusters and `expected_loss_upper` what it would cost: errors
    that no item showed are in no mean, and this is how much they may still be.
    """

    error_class: str
    title: Text
    rate: float
    expected_loss: float
    rate_upper: float
    expected_loss_upper: float


class Flow(Record):
    """One part of the value per case; the parts add up to it, less the share of the monthly fixed cost.

    `rests_on` are the assumptions that it is a product of, `placeholders` those among them nobody vouches for.
    """

    code: Literal[
        "today_work",
        "today_errors",
        "review",
        "edit",
        "redo",
        "noticed",
        "escaped",
        "calls",
        "fixed",
    ]
    error_class: str | None = None
    per_case: float
    rests_on: list[str]
    placeholders: list[str]


class HorizonValue(Record):
    """Money from the start to the end of so many months: discounted, less set-up, preparation and fixed cost."""

    name: Literal["pilot", "year", "horizon"]
    months: int
    value: Estimate
    p_positive: float | None


class Tail(Record):
    """The bad end: means of the worst 5 %.

    `draws` of what the value per case may turn out to be; `cases` of single cases, as likely as the answers
    and the reviewer make them. `hundredths` are the single cases in a hundred equal parts, worst first, each
    part by its mean: the mean of the first five is `cases`. Empty in summaries older than this field.
    """

    share: float = 0.05
    draws: float | None
    cases: float | None
    hundredths: list[float] = Field(default_factory=list)


class ReviewAware(Record):
    """Minutes and money of a case when a person reviews and, where needed, does it (GDPval's form).

    `usable` is the probability that an answer is; `tries` of asking again, 1, 3, and without end (None).
    """

    usable: float
    tries: list[int | None]
    minutes: list[float | None]
    speed_up: list[float | None]
    cost: list[float | None]
    cost_ratio: list[float | None]
    break_even_usable: float | None


class MoreItems(Record):
    """What seeing so many more items would be worth, in money over the decision's volume."""

    items: int
    worth: float


class BetterAssumption(Record):
    """What knowing one assumption exactly would be worth, in money over the decision's volume."""

    assumption: str
    worth: float


class Information(Record):
    """What it is worth to know more before deciding between candidates and today's way.

    Money of the horizon, in which `cases` (discounted) are decided about. `perfect` about everything (EVPI), `perfect_items` and
    `perfect_assumptions` about one kind (partial EVPI); `more_items` (EVSI); `by_assumption`, dearest first.
    `next_round_cost` is what the next round would cost, None where the suite does not say.
    """

    cases: float
    perfect: float
    perfect_items: float
    perfect_assumptions: float
    more_items: list[MoreItems]
    by_assumption: list[BetterAssumption]
    next_round_cost: float | None
    spend_next: Literal["items", "assumptions", "nothing"]


class NextStage(Record):
    """What the next adoption stage would ask that is not met yet."""

    stage: str
    unmet: list[Reason]


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
    """Twenty equally likely net values per case, for dot plots."""
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
    rank: tuple[int, int] | None
    """Ranks by value that it may hold among the candidates; "best" is said only of (1, 1)."""
    net_per_case: Estimate
    """Value per case less its share of the monthly fixed cost: `p_positive` is the chance that it is above 0."""
    horizons: list[HorizonValue]
    flows: list[Flow]
    placeholder_share: float | None
    """The share of the money in `flows` (absolute amounts) that rests on placeholders."""
    tail: Tail
    review: ReviewAware | None
    information: Information | None
    """Of the choice between this candidate and today's way."""
    selective: Selective | None
    next_stage: NextStage | None
    verdict: CandidateVerdict
