"""A suite as its author writes it: the business first, then what is asked and how it is judged."""

from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import Field, JsonValue, StrictBool, model_validator

from bench.suites.data_model import DataItems, Files
from bench.types import Flag, Name, Number, OutcomeName, Pillar, Record, Text, Whole

Shape = Literal["pert", "triangular", "uniform", "lognormal"]


class Assumption(Record):
    """A number that nobody measured in this run, with the range in which it plausibly lies.

    Low and high are the bounds of a distribution around base, PERT unless `shape` says otherwise. Of a
    lognormal one, for losses with a long tail, base is the median and low and high are its 5 % and 95 %
    quantiles. It names a `source`, or says that it is a `placeholder`, which the verdict then holds
    against the result. A bare number in YAML is short for a placeholder without a range.
    """

    base: Number
    low: Number | None = None
    high: Number | None = None
    shape: Shape = "pert"
    source: str | None = None
    as_of: str | None = None
    placeholder: Flag = False

    @model_validator(mode="before")
    @classmethod
    def _bare_number(cls, data: Any) -> Any:
        if isinstance(data, int | float) and not isinstance(data, bool):
            return {"base": data, "placeholder": True}
        if not isinstance(data, dict | Assumption):
            raise ValueError(  # noqa: TRY004  # pydantic reports ValueErrors
                f"a number expected, got {data!r}, or {{low, base, high, source}}"
            )
        return data

    @model_validator(mode="after")
    def _ordered_and_vouched_for(self) -> Self:
        if self.lower > self.base:
            raise ValueError(f"low {self.low:g} is above base {self.base:g}")
        if self.upper < self.base:
            raise ValueError(f"high {self.high:g} is below base {self.base:g}")
        if self.shape == "lognormal" and self.lower <= 0:
            raise ValueError(f"a lognormal shape needs low above 0, not {self.lower:g}")
        if self.source is None and not self.placeholder:
            raise ValueError("needs a source, or placeholder: true")
        return self

    @property
    def lower(self) -> float:
        """The low end; the base where none is given."""
        return self.base if self.low is None else self.low

    @property
    def upper(self) -> float:
        """The high end; the base where none is given."""
        return self.base if self.high is None else self.high


class Loss(Assumption):
    """Money lost by one undetected error of a class."""

    title: Text


class Today(Record):
    """How the case is done today. `error_rate` is the share of cases with an error that escapes."""

    role: Text
    minutes: Assumption
    error_rate: Assumption | None = None
    error_class: str | None = None

    @model_validator(mode="after")
    def _an_error_has_a_class(self) -> Self:
        if (self.error_rate is None) != (self.error_class is None):
            raise ValueError("error_rate and error_class go together")
        return self


class Review(Record):
    """What a person spends on every answer, and the probability that a harmful one is noticed."""

    minutes: Assumption
    detects: Assumption


class Edit(Record):
    """The minutes of a small correction."""

    minutes: Assumption


class Setup(Record):
    """What it costs to start, and over how many months that is judged."""

    cost: Assumption
    months: Whole = Field(default=12, gt=0)


class Attestation(Record):
    """Whether something holds that no run measures, and who says so."""

    met: Flag
    source: str


class Horizon(Record):
    """Over which times the money is told: the pilot, the first year, and the whole horizon.

    Money of later months is discounted by `discount_rate` a year; over `ramp_up_months` the share of
    cases that go the new way grows evenly from nothing to all.
    """

    pilot_months: Whole = Field(default=3, gt=0)
    months: Whole | None = Field(default=None, gt=0, le=240)
    """How long the decision is judged; `setup.months` where it is not said."""
    discount_rate: Assumption = Assumption(base=0, source="none stated")
    ramp_up_months: Assumption = Assumption(base=0, source="none stated")


class Bounds(Record):
    """A condition on a number; every bound that is given must hold."""

    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Number | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("needs at_least, at_most, above or below")
        return self


Condition = StrictBool | str | list[str] | Bounds
"""A label, one of several labels, bounds on a number, or true/false for `truncated` and `refused`."""


class Rule(Record):
    """What happens in the business to an answer whose scores meet `when`; the first that holds decides.

    Keys of `when` are scorers (their label, or their value against bounds), `scorer.metric` against
    bounds, or the states `truncated` and `refused`. `loss` names a class of `business.loss` or
    `scorer.error_class`. `minutes` of an edit is an assumption, or `scorer.metric` holding minutes.
    """

    outcome: OutcomeName
    when: dict[str, Condition] | None = None
    otherwise: Flag = False
    loss: str | None = None
    minutes: Assumption | str | None = None
    because: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.when is None) != self.otherwise:
            raise ValueError("needs either when: or otherwise: true")
        if (self.loss is None) == (self.outcome == "harm"):
            raise ValueError("loss is for harm, and every harm needs one")
        if self.minutes is not None and self.outcome != "edit":
            raise ValueError("minutes are for edit")
        return self


class Rate(Record):
    """A named share of answers: those that meet `when`, among items with the tags of `among`.

    Or a share of pairs: items with the same value of the tag `within` are one case told of different people,
    and the share counts the pairs in which `differs` (a scorer's label, or `scorer.metric`) is not the same.
    """

    title: Text
    when: dict[str, Condition] = Field(default_factory=dict)
    differs: str | None = None
    within: str | None = None
    among: dict[str, str | list[str]] = Field(default_factory=dict)
    pillar: Pillar = "cost"
    better: Literal["lower", "higher"] = "lower"

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.differs is None) != (self.within is None):
            raise ValueError("differs and within go together")
        if bool(self.when) == (self.differs is not None):
            raise ValueError("needs either when, or differs and within")
        return self


class Gate(Record):
    """A limit that the one-sided 95 % bound of a rate must respect.

    Items of a cluster are taken to be alike by at least `item_correlation`: few events cannot show that
    they are not.
    """

    metric: str
    upper_bound_95: Number | None = None
    lower_bound_95: Number | None = None
    item_correlation: Number = Field(default=0.1, ge=0, le=1)
    hard: Flag = True
    source: str | None = None

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if (self.upper_bound_95 is None) == (self.lower_bound_95 is None):
            raise ValueError("needs either upper_bound_95 or lower_bound_95")
        return self


STAGES = ("exploration", "acceleration", "growth", "maturity")
"""Stages of adoption, in their order."""
ATTESTED = ("evidence_cited", "supplier", "data_policy")
"""What maturity asks that no run can measure: somebody vouches for it."""

_MOST = 1e15
SHARES = ("done_today_by.error_rate", "review.detects", "horizon.discount_rate")
"""Assumptions that are shares between 0 and 1; all others are at least 0."""


class Business(Record):
    """The work, what it costs today, what an answer does to it, and what must never happen."""

    case: Text
    cases: Text
    """The noun for several cases, for sentences such as "per 100 {cases}"."""
    currency: str = "CNY"
    done_today_by: Today
    wage_per_hour: Assumption
    cases_per_month: Assumption
    review: Review
    edit: Edit
    loss: dict[Name, Loss] = Field(default_factory=dict)
    setup: Setup
    effort: dict[Name, Assumption] = Field(default_factory=dict)
    """What it costs once to prepare a strategy for this work, by the strategy's name, beyond `setup`."""
    horizon: Horizon = Horizon()
    monthly_cost: Assumption = Assumption(base=0, source="none stated")
    next_round_cost: Assumption | None = None
    """What the next round of improving would cost; the verdict weighs it against what could be learnt."""
    outcomes: list[Rule] = Field(min_length=1)
    rates: dict[Name, Rate] = Field(default_factory=dict)
    metrics: dict[Pillar, list[str]]
    headline: str = "net_value_per_case"
    """The business metric that heads the report."""
    not_applicable: dict[Pillar, Text] = Field(default_factory=dict)
    gates: list[Gate] = Field(default_factory=list)
    attested: dict[Literal["evidence_cited", "supplier", "data_policy"], Attestation] = Field(
        default_factory=dict
    )
    """What maturity asks beyond what is measured: answers cite evidence, supplier and data policy are met."""
    sla_seconds: Number = Field(gt=0)
    coverage_floor: Number = Field(default=0.8, ge=0, le=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.outcomes[-1].otherwise or any(rule.otherwise for rule in self.outcomes[:-1]):
            raise ValueError("outcomes: the last rule, and no other, must be otherwise: true")
        for pillar in ("cost", "innovation", "experience"):
            if not self.metrics.get(pillar) and pillar not in self.not_applicable:
                raise ValueError(
                    f"metrics: name one for '{pillar}', or say why under not_applicable"
                )
        for name, each in self.assumptions():
            if each.lower < 0:
                raise ValueError(f"{name}: {each.lower:g} is below zero")
            if each.upper > _MOST:
                raise ValueError(f"{name}: {each.upper:g} is beyond every business")
            if name == "cases_per_month" and each.lower == 0:
                raise ValueError(f"{name}: low 0 leaves no case to judge; write at least 1")
            if name in SHARES and each.upper > 1:
                raise ValueError(f"{name}: {each.upper:g} is no share; write 0.05 for 5 %")
            if name in SHARES and each.shape == "lognormal":
                raise ValueError(
                    f"{name}: a share has an end, a lognormal shape has none; use pert"
                )
        today = self.done_today_by.error_class
        if today is not None and today not in self.loss:
            raise ValueError(f"done_today_by.error_class: '{today}' has no entry under loss")
        return self

    @property
    def months(self) -> int:
        """How many months a decision is judged over."""
        return self.horizon.months or self.setup.months

    def assumptions(self) -> Iterator[tuple[str, Assumption]]:
        """Every assumption under its path, in the order of the file."""
        today = self.done_today_by
        yield "done_today_by.minutes", today.minutes
        if today.error_rate is not None:
            yield "done_today_by.error_rate", today.error_rate
        yield "wage_per_hour", self.wage_per_hour
        yield "cases_per_month", self.cases_per_month
        yield "review.minutes", self.review.minutes
        yield "review.detects", self.review.detects
        yield "edit.minutes", self.edit.minutes
        for position, rule in enumerate(self.outcomes):
            if isinstance(rule.minutes, Assumption):
                yield f"outcomes.{position}.minutes", rule.minutes
        for name, loss in self.loss.items():
            yield f"loss.{name}", loss
        yield "setup.cost", self.setup.cost
        for name, effort in self.effort.items():
            yield f"effort.{name}", effort
        yield "horizon.discount_rate", self.horizon.discount_rate
        yield "horizon.ramp_up_months", self.horizon.ramp_up_months
        yield "monthly_cost", self.monthly_cost
        if self.next_round_cost is not None:
            yield "next_round_cost", self.next_round_cost


class Slice(Record):
    """A tag by which the report is broken down. `names` says what readers call the tag's values.

    A pilot may begin in a slice only where the tag is `known_before` a case is answered: a channel is, the
    difficulty of a question is not. `shifted` values lie outside what a candidate may have been fitted
    to (another province, another year): how much worse it does there is its gap in generality.
    """

    title: Text
    known_before: Flag = False
    shifted: list[str] = Field(default_factory=list)
    names: dict[str, Text] = Field(default_factory=dict)


class Prompt(Record):
    """Jinja2 templates over the item's input; `system` may be left out.

    `images` names fields of the input whose values are shown as images: a file name beside the suite, a data URL,
    or a list of them. JPEG, PNG or WebP, 5 MiB each.
    """

    system: str = ""
    user: str
    images: list[str] = Field(default_factory=list)


class AnswerForm(Record):
    """What a reply should look like, and where it must end.

    `fields` maps the names that scorers use to the labels that the reply carries, one `label：value` a
    line or a JSON object. `max_tokens` bounds a reply; `stop` ends one.
    """

    format: Literal["text", "fields"] = "text"
    fields: dict[Name, str] = Field(default_factory=dict)
    max_tokens: Whole = Field(gt=0)
    stop: list[str] = Field(default_factory=list)

    @property
    def opening(self) -> str:
        """How every answer begins, for models that can only continue a text."""
        return f"{next(iter(self.fields.values()))}：" if self.fields else ""

    @model_validator(mode="after")
    def _fields_are_named(self) -> Self:
        if (self.format == "fields") != bool(self.fields):
            raise ValueError("fields are named exactly when format is fields")
        return self


class SuiteFile(Record):
    """`suite.yaml`."""

    suite: Name
    version: Whole = Field(ge=1)
    title: Text
    about: Text
    industry: str
    chain_link: Literal["research", "production", "marketing", "service", "management"]
    stage: Literal["exploration", "acceleration", "growth", "maturity"]
    data_class: Literal["public", "internal", "confidential"]
    grows_from: list[str] = Field(default_factory=list)
    business: Business
    items: Files | DataItems
    """Files beside the suite, or a mapping from the fields of existing data."""
    materials: Files | None = None
    """Files that map a name to a text; items take it in with {material: NAME}."""
    examples: Files | None = None
    calibration: Files | None = None
    planted: Files | None = None
    """Defects that the self-test puts into good answers."""
    prompt: Prompt
    answer: AnswerForm
    baseline: JsonValue = None
    """The classical method that a candidate must beat: a name of `BASELINES`, or {name: options}."""
    scorers: dict[Name, JsonValue] = Field(min_length=1)
    confidence: str | None = None
    """`scorer.metric` holding how sure an answer says it is, 0 to 1, for answering selectively."""
    slices: dict[str, Slice] = Field(default_factory=dict)
    drives: dict[str, str] = Field(default_factory=dict)
