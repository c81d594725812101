"""Prices in words: rates, tiers, hours of the day, the machine, the day and who said so."""

from decimal import Decimal

from bench.types import Language
from bench.value.prices import CandidateInfo, ExchangeInfo, HoursInfo, PriceInfo, RateInfo
from bench.wording.catalogue import has, say
from bench.wording.numbers import Money
from bench.wording.plain import plain

_PER = {1_000_000: "million", 1_000: "thousand", 1: "one"}


def price_text(language: Language, price: PriceInfo) -> str:
    """A price with all its rates, its day and its source."""
    parts = [*_tokens(language, price), *(_hours(language, each) for each in price.hours)]
    if price.batch is not None and price.rates:
        parts.append(say(language, "price.batch", factor=exact(price.batch)))
    if price.machine_hour is not None:
        parts.append(
            say(language, "price.machine", money=_money(language, price, price.machine_hour))
        )
    told = say(
        language,
        "price.whole",
        what=say(language, "price.between").join(parts) or say(language, "price.unknown"),
        day=plain(price.as_of) if price.as_of else say(language, "price.undated"),
        source=plain(price.source) if price.source else say(language, "price.no_source"),
    )
    rates = [_exchange(language, price.currency, each) for each in price.exchange]
    return say(language, "price.between").join([told, *rates])


def candidate_text(language: Language, info: CandidateInfo) -> str:
    """What a candidate is: its adapter, its model where one is named, and how it is asked."""
    slots = {
        "adapter": _named(language, "adapter", info.adapter),
        "strategy": _named(language, "strategy", info.strategy),
    }
    if info.model is None:
        return say(language, "candidate.described", **slots)
    return say(language, "candidate.described_model", model=plain(info.model), **slots)


def _named(language: Language, group: str, code: str) -> str:
    key = f"{group}.{code}"
    return say(language, key) if has(key) else plain(code)


def _tokens(language: Language, price: PriceInfo) -> list[str]:
    per = _per(language, price.per)
    if not price.rates:
        return []
    if len(price.rates) == 1 and price.rates[0].up_to is None:
        return [say(language, "price.tokens", per=per, **_rates(language, price, price.rates[0]))]
    tiers = []
    for each in price.rates:
        rates = say(language, "price.tier", **_rates(language, price, each))
        key = "longer" if each.up_to is None else "up_to"
        tiers.append(say(language, f"price.{key}", rates=rates, bound=f"{each.up_to or 0:,}"))
    return [say(language, "price.each", rates=say(language, "price.between").join(tiers), per=per)]


def _rates(language: Language, price: PriceInfo, rate: RateInfo) -> dict[str, str]:
    """What is read and what is written, each with the rate of the part that has its own."""
    told = {}
    for name, part, key in (
        ("input", rate.cached_input, "cached"),
        ("output", rate.reasoning, "thought"),
    ):
        whole: float | None = getattr(rate, name)
        shown = say(language, "price.unknown") if whole is None else _money(language, price, whole)
        if part is not None:
            shown = say(
                language, f"price.{key}", rate=shown, **{key: _money(language, price, part)}
            )
        told[name] = shown
    return told


def _per(language: Language, tokens: int) -> str:
    key = _PER.get(tokens, "some")
    return say(language, f"price.{key}", n=f"{tokens:,}")


def _hours(language: Language, hours: HoursInfo) -> str:
    return say(
        language,
        "price.hours",
        from_time=plain(hours.from_),
        to_time=plain(hours.to),
        zone=plain(hours.zone),
        factor=exact(hours.factor),
    )


def _exchange(language: Language, currency: str, rate: ExchangeInfo) -> str:
    return say(
        language,
        "price.exchange",
        from_code=plain(currency),
        rate=exact(rate.rate),
        code=plain(rate.currency),
        told=plain(rate.told),
    )


def _money(language: Language, price: PriceInfo, amount: float) -> str:
    """An amount as it was written: a price is not rounded."""
    unit = Money(language, plain(price.currency)).unit
    return say(language, "money.text.one", number=exact(amount), code=unit)


def exact(value: float) -> str:
    """A number with the digits that it was written with.

    >>> exact(4.0), exact(0.005), exact(1234.5)
    ('4', '0.005', '1,234.5')
    """
    told = f"{Decimal(repr(value)):,f}"
    return told.rstrip("0").rstrip(".") if "." in told else told
