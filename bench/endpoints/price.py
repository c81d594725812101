"""The price of a call: rates by the length of the request, by what was cached or thought, by the hour, on a day.

Unknown is None and never 0: a rate that is not given, a count that is not told, a request longer than the last tier.
"""

import math
import re
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Protocol, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, field_validator, model_validator

from bench.types import Number, Record, Whole

_DAY = r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


def _dated(text: str) -> str:
    try:
        if re.fullmatch(_DAY, text):
            date.fromisoformat(text if len(text) == 10 else f"{text}-01")
            return text
    except ValueError:  # the 31st of February
        pass
    raise ValueError(f"{text!r} is no date; write YYYY-MM-DD or YYYY-MM")


AsOf = Annotated[str, AfterValidator(_dated), Field(json_schema_extra={"pattern": _DAY})]
"""The day or the month on which a price or a rate held."""


def _timed(text: str) -> str:
    if re.fullmatch(_TIME, text):
        return text
    raise ValueError(f"{text!r} is no time of day; write HH:MM")


TimeOfDay = Annotated[str, AfterValidator(_timed), Field(json_schema_extra={"pattern": _TIME})]


class Usage(Protocol):
    """The tokens of one request; None where the endpoint does not tell them."""

    @property
    def input_tokens(self) -> int | None:
        """All of the prompt, cached or not."""

    @property
    def output_tokens(self) -> int | None:
        """All that was generated, thoughts included."""

    @property
    def cached_input_tokens(self) -> int | None:
        """Those of `input_tokens` that the vendor read from its prompt cache."""

    @property
    def reasoning_tokens(self) -> int | None:
        """Those of `output_tokens` that were thought and not shown."""


class Rates(Record):
    """Money per `per` tokens. `cached_input` and `reasoning` are for where these have a rate of their own."""

    input: Number | None = Field(default=None, ge=0)
    output: Number | None = Field(default=None, ge=0)
    cached_input: Number | None = Field(default=None, ge=0)
    reasoning: Number | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _parts_of_a_whole(self) -> Self:
        for part, whole in (("cached_input", "input"), ("reasoning", "output")):
            if getattr(self, part) is not None and getattr(self, whole) is None:
                raise ValueError(f"{part} is the rate of a part of the {whole}; add {whole}:")
        return self


class Tier(Rates):
    """The rates of requests of at most `up_to` input tokens; without `up_to`, of all that are longer."""

    up_to: Whole | None = Field(default=None, ge=1)
    input: Number = Field(ge=0)
    output: Number = Field(ge=0)

    @property
    def bound(self) -> float:
        """`up_to`, infinite where there is none."""
        return math.inf if self.up_to is None else self.up_to


class Hours(Record):
    """Hours of the day in which tokens cost `factor` times as much; `to` is no part, and may lie on the next day."""

    model_config = Record.model_config | {"serialize_by_alias": True}

    from_: TimeOfDay = Field(alias="from")
    to: TimeOfDay
    zone: str = "UTC"
    factor: Number = Field(ge=0)

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{zone!r} is no time zone; write one like Asia/Shanghai") from None
        return zone

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.from_ == self.to:
            raise ValueError(f"from and to are both {self.to}; leave hours out for a price all day")
        return self

    def holds(self, at_s: float) -> bool:
        """Whether a moment (Unix seconds) lies in these hours."""
        there = datetime.fromtimestamp(at_s, ZoneInfo(self.zone))
        now = f"{there.hour:02d}:{there.minute:02d}"
        if self.from_ < self.to:
            return self.from_ <= now < self.to
        return now >= self.from_ or now < self.to


class Price(Rates):
    """Money per `per` tokens, per hour of the machine that answers, or both.

    `tiers` stand in place of the price's own rates where these depend on how long a request is: all of its
    tokens cost what its tier says. Of `hours`, the first that hold count; they change the price of tokens alone.

    One machine answers several requests at once: of `machine_hour` a request is charged its seconds divided
    by how many were in flight, the mean of when it began and when it ended. Recorded seconds are not divided.

    `batch` is how many times as much tokens cost that were asked by the file: half is what OpenAI
    (https://platform.openai.com/docs/guides/batch), Alibaba
    (https://help.aliyun.com/zh/model-studio/batch-interfaces-compatible-with-openai) and Zhipu
    (https://docs.bigmodel.cn/cn/guide/tools/batch) ask.
    """

    currency: str
    tiers: list[Tier] = Field(default_factory=list)
    hours: list[Hours] = Field(default_factory=list)
    batch: Number = Field(default=0.5, ge=0)
    per: Whole = Field(default=1_000_000, ge=1)
    machine_hour: Number | None = Field(default=None, ge=0)
    as_of: AsOf | None = None
    source: str | None = None

    @field_validator("tiers")
    @classmethod
    def _ascending(cls, tiers: list[Tier]) -> list[Tier]:
        for before, tier in pairwise(tiers):
            if before.up_to is None:
                raise ValueError("only the last tier may leave up_to out")
            if before.bound >= tier.bound:
                raise ValueError(
                    f"up_to {tier.up_to} comes after {before.up_to}; sort them upwards"
                )
        return tiers

    @model_validator(mode="after")
    def _rates_in_one_place(self) -> Self:
        own = [name for name in Rates.model_fields if getattr(self, name) is not None]
        if self.tiers and own:
            raise ValueError(f"{own[0]} stands beside tiers; write it in each tier")
        if self.hours and not self.counts_tokens:
            raise ValueError(
                "hours change the price of tokens, and none is given; add input: and output:"
            )
        return self

    @property
    def counts_tokens(self) -> bool:
        """Whether tokens have a rate, or only the machine's time."""
        return bool(self.tiers) or self.input is not None or self.output is not None

    @property
    def steps(self) -> list[tuple[float, Rates]]:
        """The rates with the input tokens up to which they hold; a price without tiers is one step without end."""
        if not self.tiers:
            return [(math.inf, self)]
        return [(tier.bound, tier) for tier in self.tiers]

    @property
    def longest(self) -> float:
        """Input tokens of the longest request that has a price."""
        return self.steps[-1][0]

    def factor(self, at_s: float | None, *, batched: bool = False) -> float | None:
        """What the time of day and the way of asking make of a price; None where the time matters and is not known.

        It never is of what was asked by the file.
        """
        if not self.hours:
            return self.batch if batched else 1.0
        if at_s is None or batched:
            return None
        return next((each.factor for each in self.hours if each.holds(at_s)), 1.0)


def cost(
    price: Price | None,
    usage: Usage,
    machine_s: float | None,
    at_s: float | None = None,
    *,
    batched: bool = False,
) -> float | None:
    """Money for one reply in the price's currency; None as soon as a part of it is unknown.

    `machine_s` is the machine's own time for it, `at_s` the moment (Unix seconds) at which it came, `batched`
    says that it was asked by the file. A reply that was cut or filtered is a reply. An attempt that brought none adds nothing: vendors do not bill HTTP errors, and of what
    was lost or could not be read nobody is told the tokens. Only a budget counts it, at its dearest.
    """
    if price is None:
        return None
    if price.machine_hour is None:
        return token_cost(price, usage, at_s, batched=batched)
    if machine_s is None:
        return None
    machine = price.machine_hour * machine_s / 3600
    if not price.counts_tokens:
        return machine
    tokens = token_cost(price, usage, at_s, batched=batched)
    return None if tokens is None else machine + tokens


def token_cost(
    price: Price, usage: Usage, at_s: float | None = None, *, batched: bool = False
) -> float | None:
    """Money for the tokens of one request; None when the price or the usage does not say.

    Σ tokens / `per` x rate x factor of the hour or of a batch. Cached tokens are a part of the input and reasoning tokens of the
    output, so each is counted once; where their number is not told they cost what the rest does. Parts greater
    than their whole contradict it: what has a rate of its own then costs nobody knows what.

    >>> from bench.endpoints.seam import Reply
    >>> small = Tier(up_to=128_000, input=0.8, output=4.8)
    >>> large = Tier(up_to=256_000, input=2, output=12)
    >>> yuan = Price(currency="CNY", tiers=[small, large])
    >>> round(token_cost(yuan, Reply("", input_tokens=150_000, output_tokens=2_000)), 5)
    0.324
    >>> round(token_cost(yuan, Reply("", input_tokens=6_000, output_tokens=800)), 5)
    0.00864
    >>> token_cost(yuan, Reply("", input_tokens=256_001, output_tokens=1)) is None
    True
    """
    if usage.input_tokens is None:
        return None
    length = usage.input_tokens
    rates = next((rates for bound, rates in price.steps if length <= bound), None)
    factor = price.factor(at_s, batched=batched)
    if rates is None or factor is None:
        return None
    read = _money(usage.input_tokens, rates.input, usage.cached_input_tokens, rates.cached_input)
    written = _money(usage.output_tokens, rates.output, usage.reasoning_tokens, rates.reasoning)
    if read is None or written is None:
        return None
    return (read + written) * factor / price.per


def _money(
    tokens: int | None, rate: float | None, part: int | None, part_rate: float | None
) -> float | None:
    """Tokens of which a part may have a rate of its own."""
    if tokens is None or rate is None:
        return None
    if part is None or part_rate is None:
        return tokens * rate
    return None if part > tokens else (tokens - part) * rate + part * part_rate


def dearest_token_cost(
    price: Price | None, input_tokens: float, output_tokens: float
) -> float | None:
    """The most that a request of at most so many tokens may cost; None when the price does not say.

    Nothing is taken to be cached, everything to be thought where that is dearer, at the dearest hour, in
    whichever tier costs most.

    >>> night = Hours.model_validate({"from": "00:30", "to": "08:30", "factor": 0.5})
    >>> yuan = Price(currency="CNY", input=0.8, output=4.8, cached_input=0.1, hours=[night])
    >>> round(dearest_token_cost(yuan, 6_000, 800), 5)
    0.00864
    """
    if price is None or input_tokens > price.longest:
        return None
    dearest = 0.0
    for bound, rates in price.steps:
        if rates.input is None or rates.output is None:
            return None
        read = min(input_tokens, bound) * max(rates.input, rates.cached_input or 0.0)
        written = output_tokens * max(rates.output, rates.reasoning or 0.0)
        dearest = max(dearest, read + written)
        if input_tokens <= bound:
            break
    return dearest * max([1.0, *(each.factor for each in price.hours)]) / price.per
