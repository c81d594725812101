"""A machine of one's own against an API: what a month costs either way, and from how many cases on it pays."""

import math

from bench.running.manifest import CandidateEntry, Manifest
from bench.value.across.records import Hosting
from bench.value.assess import Assessed
from bench.value.formulas.hosting import break_even_million_tokens, cost_per_million_tokens
from bench.value.worth import COST

HOURS_PER_MONTH = 730
"""A machine of one's own is paid for day and night, busy or not."""


def hosting(each: Assessed, manifest: Manifest) -> list[Hosting]:
    """Every candidate priced by the hour of its machine beside every one priced by tokens."""
    entries = manifest.candidates
    own = [name for name in each.measured if _machine_hour(entries[name]) is not None]
    apis = [name for name in each.measured if _is_api(entries[name])]
    told = (_against(each, manifest, machine, api) for machine in own for api in apis)
    return [found for found in told if found is not None]


def _machine_hour(entry: CandidateEntry) -> float | None:
    hour = (entry.price or {}).get("machine_hour")
    return float(hour) if isinstance(hour, int | float) and hour > 0 else None


def _is_api(entry: CandidateEntry) -> bool:
    return entry.price is not None and _machine_hour(entry) is None


def _against(each: Assessed, manifest: Manifest, own: str, api: str) -> Hosting | None:
    """None where a price, the tokens or the seconds of either are not known."""
    currency = each.context.business.currency
    fx = manifest.candidates[own].fx.get(currency)
    hour = _machine_hour(manifest.candidates[own])
    own_cost, api_cost = _cost(each, own), _cost(each, api)
    own_tokens, api_tokens = _tokens(each, own), _tokens(each, api)
    if not (fx and hour and own_cost and api_cost and own_tokens and api_tokens):
        return None
    cases = float(each.context.mean["cases_per_month"][0])
    hours_per_case = own_cost / (hour * fx)
    busy = cases * hours_per_case / HOURS_PER_MONTH
    machines = max(1, math.ceil(busy))
    month = hour * fx * HOURS_PER_MONTH
    tokens_per_second = own_tokens / (hours_per_case * 3600)
    at = break_even_million_tokens(month, api_cost / api_tokens * 1e6)
    even = None if at is None else at * 1e6 / api_tokens
    return Hosting(
        own=own,
        api=api,
        cases_per_month=cases,
        machines=machines,
        utilisation=busy / machines,
        own_cost_per_month=machines * month,
        api_cost_per_month=cases * api_cost,
        own_cost_per_million_tokens=cost_per_million_tokens(
            hour * fx, tokens_per_second, busy / machines
        ),
        break_even_cases_per_month=even
        if even and even * hours_per_case <= HOURS_PER_MONTH
        else None,
    )


def _cost(each: Assessed, name: str) -> float | None:
    items = each.measured[name].items
    return float(items.means()[COST][0]) if items is not None and items.cost_known else None


def _tokens(each: Assessed, name: str) -> float | None:
    """Tokens of a case, in and out; None where nothing was counted."""
    rows = each.measured[name].rows
    rows = rows[rows["outcome"].notna()]
    total = float((rows["input_tokens"] + rows["output_tokens"]).sum())
    return total / len(rows) if total > 0 else None
