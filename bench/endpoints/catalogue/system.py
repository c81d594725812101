"""A row of the catalogue: what a system is, how it is reached, and what it costs on which day."""

from collections.abc import Mapping
from datetime import date
from itertools import combinations
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, JsonValue, model_validator

from bench.endpoints.price import Price
from bench.endpoints.quirks import Quirks
from bench.types import Flag, Name, Record, Text, Whole

Kind = Literal["general", "industry", "open", "edge", "product", "context"]
"""What a system is; `context` is named in the documents and nothing that could do a suite's work."""
Build = Literal[
    "own_pretraining",  # a general model of its own
    "own_and_industry_data",  # an own model trained on with industry data
    "tuned_open_weights",  # somebody's open weights, trained on with own data
    "application",  # somebody else's model with own data, prompts and tools
    "unknown",
]
Reach = Literal["openai_compatible", "native", "self_host", "import", "none_public", "out_of_scope"]
Verified = Literal["high", "medium", "low", "recalled"]
"""How far the facts of an API are known: read at the vendor, at second hand, hardly, from memory."""
Tested = Literal["simulation", "server"]
"""What its wire was run against here: a simulation of the documented wire, or a real server."""
Deployment = Literal["public", "private", "edge"]
KnownOrNot = Literal["yes", "no", "unknown"]


def _day(text: str) -> str:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise ValueError(f"{text!r} is no day; write YYYY-MM-DD")


Day = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"format": "date"})]


class Names(Record):
    """Every spelling, the usual one first."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class Weights(Record):
    """Whether a model can be run by others; `both` where only some of a family can."""

    state: Literal["open", "closed", "both", "unknown"]
    where: tuple[str, ...] = ()
    licence: str | None = None


class SeedReference(Record):
    """Where a seed document names the system: the document, our digest of it, the words printed there."""

    number: str = Field(pattern=r"^00[0-4]$")
    document: Name
    entry: Name
    wording: str


class ModelRule(Record):
    """What holds for some of an API's models. A pattern's `*` stands for any letters."""

    models: tuple[str, ...] = Field(min_length=1)
    quirks: Quirks = Quirks()
    params: dict[str, JsonValue] = Field(default_factory=dict)
    stream: Flag | None = None


class Api(Record):
    """One way to ask. `${NAME}` in `base_url` stands for an environment variable, and `why` says where to find it."""

    adapter: str
    base_url: str | None = None
    why: Text | None = None
    options: dict[str, JsonValue] = Field(default_factory=dict)
    """More of the adapter's options, such as the names of the variables that hold keys."""
    models: tuple[str, ...] = ()
    """The first one is asked where an endpoint names none."""
    model_option: str = "model"
    """What the adapter calls the model."""
    quirks: Quirks = Quirks()
    rules: tuple[ModelRule, ...] = ()
    params: dict[str, JsonValue] = Field(default_factory=dict)
    limits: dict[str, JsonValue] = Field(default_factory=dict)
    residency: str = "unknown"
    deployment: Deployment = "public"
    tested: Tested = "simulation"
    verified: Verified
    unverified: Text
    """What could not be verified without a live account."""
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if (self.base_url is None or "${" in self.base_url) and self.why is None:
            raise ValueError("an address that is not given here needs why:")
        return self


class DatedPrice(Record):
    """What a model cost from a day up to another, which is no part; without an end, as far as is known.

    `apis` are those where it holds, all where none is named. `when` are request parameters on which it depends.
    """

    model: str
    apis: tuple[Name, ...] = ()
    when: dict[str, JsonValue] = Field(default_factory=dict)
    valid_from: Day
    valid_to: Day | None = None
    price: Price
    free: Flag = False
    note: Text | None = None

    @model_validator(mode="after")
    def _told_whole(self) -> Self:
        if self.price.as_of is None or self.price.source is None:
            raise ValueError("a price of the catalogue needs as_of and source")
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} is not after valid_from {self.valid_from}")
        rates = [rate for _, step in self.price.steps for rate in (step.input, step.output)]
        if self.free != (0 in rates):
            raise ValueError("a rate of 0 is marked free: true, and nothing else is")
        return self

    def holds(self, api: str, day: date, params: Mapping[str, JsonValue]) -> bool:
        """Whether a request through `api` on `day` costs this."""
        today = day.isoformat()
        return (
            (not self.apis or api in self.apis)
            and self.valid_from <= today
            and (self.valid_to is None or today < self.valid_to)
            and all(params.get(name) == value for name, value in self.when.items())
        )

    def overlaps(self, other: "DatedPrice") -> bool:
        """Whether there is a request that would cost both."""
        places = not self.apis or not other.apis or bool(set(self.apis) & set(other.apis))
        days = (self.valid_to is None or other.valid_from < self.valid_to) and (
            other.valid_to is None or self.valid_from < other.valid_to
        )
        return self.model == other.model and self.when == other.when and places and days


class Listed(Record):
    """What a vendor says of a model's size: tokens it takes in, and gives out at most."""

    context: Whole | None = Field(default=None, ge=1)
    max_output: Whole | None = Field(default=None, ge=1)
    released: Day | None = None


class System(Record):
    """A row. Its `apis` stand in the order of preference: the first one is used where none is named."""

    model_config = Record.model_config | {"serialize_by_alias": True}

    names: Names
    company: Text
    kind: Kind = Field(alias="class")
    build: Build
    field: Text | None = None
    """The trade it is made for."""
    weights: Weights
    deployment: tuple[Deployment, ...] = ()
    residency: tuple[str, ...] = ()
    filed: KnownOrNot
    """Whether it is filed as a generative AI service in China; other than unknown needs `filed_source`."""
    filed_source: str | None = None
    reach: Reach
    reached: Text
    """How it is reached, or why it is not, in a sentence."""
    seeds: tuple[SeedReference, ...] = ()
    apis: dict[Name, Api] = Field(default_factory=dict)
    models: dict[str, Listed] = Field(default_factory=dict)
    prices: tuple[DatedPrice, ...] = ()
    notes: tuple[Text, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _reached_as_it_says(self) -> Self:
        absent = self.reach in ("none_public", "out_of_scope")
        if absent and self.apis:
            raise ValueError(f"reach: {self.reach} and apis: contradict each other")
        if not absent and self.reach != "import" and not self.apis:
            raise ValueError(f"reach: {self.reach} needs an entry under apis")
        if not self.names.zh and not self.names.en:
            raise ValueError("a system needs a name")
        if (self.filed == "unknown") != (self.filed_source is None):
            raise ValueError("filed: yes and no need filed_source:, and unknown has none")
        return self

    @model_validator(mode="after")
    def _one_price_at_a_time(self) -> Self:
        for line in self.prices:
            unknown = [name for name in line.apis if name not in self.apis]
            if unknown:
                raise ValueError(f"the price of {line.model} names no api of here: {unknown[0]}")
        for one, other in combinations(self.prices, 2):
            if one.overlaps(other):
                raise ValueError(
                    f"two prices of {one.model} hold at once, from {one.valid_from} and from {other.valid_from}"
                )
        return self

    def price(
        self, model: str, api: str, day: date, params: Mapping[str, JsonValue]
    ) -> DatedPrice | None:
        """What `model` costs through `api` on `day`; where several hold, the one that asks most of `params`."""
        found = [
            line for line in self.prices if line.model == model and line.holds(api, day, params)
        ]
        return max(found, key=lambda line: len(line.when), default=None)

    def usual_name(self, language: Literal["zh", "en"]) -> str:
        """The first name in a language, else in the other."""
        own, other = (
            (self.names.zh, self.names.en) if language == "zh" else (self.names.en, self.names.zh)
        )
        return (own or other)[0]
