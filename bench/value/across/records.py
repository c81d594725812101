"""The views across suites as they stand in `summary.json`. None is "not known"; money is never added across currencies."""

from typing import Literal

from pydantic import Field

from bench.types import Decision, Estimate, Record, Text

Axis = Literal["speciality", "generality", "economy"]
StepVerdict = Literal["climb", "stay", "open"]
Profile = Literal["public", "private", "edge"]


class Shift(Record):
    """Usable answers outside what a candidate may have been fitted to (`values` of `tag`), and on the rest.

    `gap` is the rest less the shifted cases: what is lost outside.
    """

    tag: str
    title: Text
    values: list[str]
    in_distribution: Estimate
    shifted: Estimate
    gap: Estimate


class Corner(Record):
    """Where one candidate stands in a suite's triangle.

    `speciality`, `generality` and `economy` are raw (see `across.triangle`), `normalised` the same over the
    best candidate of the suite. Generality is the mean over `other_suites` and `shifts`. `in_pareto` is None
    where the candidate is not comparable: it lacks the axes of `lacks`, which others have. `frequency` is the
    share of joint resamples in which it is in the Pareto set.
    """

    speciality: Estimate
    generality: Estimate
    economy: Estimate
    normalised: dict[Axis, float | None]
    other_suites: list[str]
    shifts: list[Shift]
    in_pareto: bool | None
    frequency: float | None
    lacks: list[Axis]


class Narrowing(Record):
    """A way of asking an endpoint that gains on the suite and loses elsewhere, for sure, against another way.

    `gain` of speciality and `loss` of generality (below zero) are those of `candidate` less `against`, the
    loss over the suites and shifted splits that both have.
    """

    candidate: str
    against: str
    gain: Estimate
    loss: Estimate


class Triangle(Record):
    """Speciality, generality and economy of a suite's candidates; `axes` are those that some candidate has."""

    axes: list[Axis]
    candidates: dict[str, Corner]
    narrowings: list[Narrowing]


class Rung(Record):
    """A way of asking the endpoint. `net_per_case` as in the candidate's summary; no value: not measured."""

    strategy: str
    candidate: str
    net_per_case: Estimate


class Step(Record):
    """From candidate `below` to `above`, the next rung that was measured; money is of the suite.

    `value`, `running_cost` (already taken off `value`) and `latency_p50_s` are above less below, per case.
    `effort` is spent once to prepare the upper rung. `gain` is the discounted value over the horizon before
    that effort, so the most that preparing may cost; `net` is after it. `unknown` names what a judgement
    lacks: the `effort`, or the price of `calls`; `net` and `p_pays` are then not known.
    """

    below: str
    above: str
    value: Estimate
    running_cost: Estimate
    latency_p50_s: Estimate
    effort: Estimate
    months: int
    gain: Estimate
    net: Estimate
    p_gains: float | None
    p_pays: float | None
    unknown: list[Literal["effort", "calls"]]
    verdict: StepVerdict


class Ladder(Record):
    """The ways of asking one endpoint, from the easiest to prepare to the hardest.

    `top` is the candidate to stop at when climbing while the expected `net` of the next step is above zero
    (a step whose `net` is not known is not taken). `best` has the highest expected money over the horizon,
    the stated efforts taken off; it may lie above `top`, behind a step that does not pay.
    """

    endpoint: str
    rungs: list[Rung]
    steps: list[Step]
    top: str | None
    best: str | None


class SuiteChoice(Record):
    """The candidate of most value for a suite's work, or today's way (None), which is worth zero.

    `decision` is the suite's verdict, `candidate_decision` that on this candidate. `value_per_month` has no
    value where nothing was measured. `cost_known` is False where the price of calls is not taken off.
    """

    suite: str
    title: Text
    chain_link: str
    stage: str
    currency: str
    decision: Decision
    candidate: str | None
    candidate_decision: Decision | None
    value_per_month: Estimate
    cost_known: bool


class GroupValue(Record):
    """Money a month of the suites of one chain link or stage, each done by the best candidate or today's way.

    No value where the run measured no such suite. `adopting` of the `suites` leave today's way.
    """

    name: str
    suites: list[str]
    adopting: int
    value: Estimate


class OneForAll(Record):
    """Money a month of all suites together when one candidate does them all. `barred_in`: see `Portfolio`."""

    candidate: str
    value: Estimate
    barred_in: list[str]


class Choice(Record):
    """One model for all against the best for each suite.

    `singles` are the candidates that were measured on every suite, dearest first; `single` is the first that
    no hard gate bars anywhere (None: there is none, and today's way is no single model). `difference` is the best
    per suite less that single. `p_near`: the probability that the single one brings at least 90 % of the best
    per suite.
    """

    singles: list[OneForAll]
    single: str | None
    difference: Estimate
    p_near: float | None


class CurrencyPortfolio(Record):
    """The suites whose money is in one currency. `links` and `stages` are all there are, in their order.

    `one_for_all` is None with fewer than two measured suites.
    """

    currency: str
    total: Estimate
    links: list[GroupValue]
    stages: list[GroupValue]
    one_for_all: Choice | None


class Portfolio(Record):
    """What to do about all suites together: by suite, and by currency.

    The best candidate is the one of highest mean monthly value among those that no hard gate bars (proven
    broken); today's way where none is above zero.
    """

    suites: list[SuiteChoice]
    currencies: list[CurrencyPortfolio]


class GateCounts(Record):
    """How many of a candidate's gates hold, are proven broken, or are open for want of items."""

    held: int
    open: int
    broken: int


class ProfileRow(Record):
    """The best candidate of one deployment profile; None where none of `candidates` was measured.

    `p_positive` is the chance that a month gains, fixed cost taken off. `cost_per_case` is that of calls.
    """

    profile: Profile
    candidates: list[str]
    best: str | None
    value_per_case: Estimate
    p_positive: float | None
    latency_p50_s: Estimate
    latency_p95_s: Estimate
    cost_per_case: Estimate
    gates: GateCounts | None
    decision: Decision | None


class PrivacyCost(Record):
    """What keeping the data closer costs: value per case of the best public candidate less the profile's best."""

    profile: Profile
    public: str
    closer: str
    difference: Estimate
    p_public_better: float | None


class Profiles(Record):
    """The deployment profiles of a suite that have a candidate, side by side."""

    rows: list[ProfileRow]
    privacy: list[PrivacyCost]


class Hosting(Record):
    """A machine of one's own, paid for day and night, beside an API that is paid by tokens.

    `utilisation` is how busy the `machines` would be with the suite's cases. From
    `break_even_cases_per_month` on one machine costs less than the API; None where it would be full before.
    """

    own: str
    api: str
    cases_per_month: float
    machines: int
    utilisation: float
    own_cost_per_month: float
    api_cost_per_month: float
    own_cost_per_million_tokens: float
    break_even_cases_per_month: float | None


class AdvisedSuite(Record):
    """A suite whose verdict is to deploy, or to pilot in `slices`, which hold the `share` of its items.

    `value` is money a month of that share of the cases, the whole monthly cost taken off.
    """

    suite: str
    candidate: str
    share: float
    slices: list[str]
    value: Estimate


class Advised(Record):
    """The money a month of what the verdicts advise in one currency: the sum of the suites' joint draws."""

    currency: str
    suites: list[AdvisedSuite]
    value: Estimate


class Across(Record):
    """Views across the suites of a run; all but `portfolio` and `advised` by suite."""

    triangle: dict[str, Triangle]
    ladders: dict[str, list[Ladder]]
    portfolio: Portfolio
    profiles: dict[str, Profiles]
    hosting: dict[str, list[Hosting]]
    advised: list[Advised] = Field(default_factory=list)
