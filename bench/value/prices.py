"""What a candidate is and what its calls cost, as a report tells it: numbers and names, in no language."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field, JsonValue

from bench.running.manifest import CandidateEntry
from bench.types import Record


class CandidateInfo(Record):
    """What answered, and where what is sent to it goes. None: nobody stated it."""

    adapter: str
    model: str | None
    strategy: str
    residency: str | None = None
    deployment: Literal["public", "private", "edge"] | None = None
    licence: str | None = None
    filed: Literal["yes", "no"] | None = None
    proxy: str | None = None
    redacted: bool = False
    """Whether personal data were replaced before anything was sent."""
    adjusted: tuple[str, ...] = ()
    """What was not sent as it was asked, a line each, in English."""
    rerouted: list[str] = Field(default_factory=list)
    """Models that answered in place of the one that was asked for."""


class RateInfo(Record):
    """Money per `PriceInfo.per` tokens of requests of at most `up_to` input tokens; None: of any length.

    `cached_input` and `reasoning` are rates of parts of the input and the output, None where they have none.
    """

    input: float | None
    output: float | None
    cached_input: float | None = None
    reasoning: float | None = None
    up_to: int | None = None


class HoursInfo(Record):
    """Hours of the day, in a time zone, in which tokens cost `factor` times as much."""

    model_config = Record.model_config | {"validate_by_name": True, "serialize_by_alias": True}

    from_: str = Field(alias="from")
    to: str
    zone: str
    factor: float


class ExchangeInfo(Record):
    """What one unit of the price's currency is worth in a suite's currency; `told` is its day and source."""

    currency: str
    rate: float
    told: str


class PriceInfo(Record):
    """The price of a candidate's calls, the day on which it held and who says so."""

    currency: str
    per: int
    rates: list[RateInfo]
    hours: list[HoursInfo] = Field(default_factory=list)
    machine_hour: float | None = None
    batch: float | None = None
    """How many times as much the tokens of requests cost that went by the file; None where none did."""
    as_of: str | None
    source: str | None
    exchange: list[ExchangeInfo] = Field(default_factory=list)


def candidate_info(entry: CandidateEntry, rerouted: Sequence[str] = ()) -> CandidateInfo:
    """A candidate of a manifest in a report's terms; a residency that is not known is not stated."""
    residency, deployment = entry.data.get("residency"), entry.data.get("deployment")
    return CandidateInfo(
        adapter=entry.adapter,
        model=entry.model,
        strategy=entry.strategy,
        residency=None if residency in (None, "unknown") else str(residency),
        deployment=deployment if deployment in ("public", "private", "edge") else None,
        licence=str(entry.data["licence"]) if entry.data.get("licence") else None,
        filed=filed if (filed := entry.data.get("filed")) in ("yes", "no") else None,
        proxy=entry.proxy,
        redacted="redact" in entry.identity,
        adjusted=entry.adjusted,
        rerouted=list(rerouted),
    )


def price_info(entry: CandidateEntry, *, is_batched: bool = False) -> PriceInfo | None:
    """The price that a run counted with; None where it knew none. `is_batched`: requests went by the file."""
    price = entry.price
    if price is None:
        return None
    flat = price.get("input") is not None or price.get("output") is not None
    told = {
        "currency": price.get("currency"),
        "per": price.get("per"),
        "rates": [_rates(each) for each in ([price] if flat else _mappings(price.get("tiers")))],
        "hours": _mappings(price.get("hours")),
        "machine_hour": price.get("machine_hour"),
        "batch": price.get("batch") if is_batched else None,
        "as_of": price.get("as_of"),
        "source": price.get("source"),
        "exchange": [
            {"currency": currency, "rate": entry.fx[currency], "told": told}
            for currency, told in entry.fx_source.items()
        ],
    }
    return PriceInfo.model_validate(told)


def _rates(told: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The rates of a price or of one of its tiers."""
    return {name: told.get(name) for name in RateInfo.model_fields}


def _mappings(told: JsonValue) -> list[dict[str, JsonValue]]:
    return [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
