"""What to do about all suites of a run together: by suite, by link of the chain, by stage.

Candidates are chosen by their means, and the interval is that of the chosen one's joint draws. The best of
several noisy means is on average too high (the winner's curse; Smith & Winkler 2006, Management Science
52:311-322), the more so the more candidates come close: no correction is made, `Choice.difference` leans
towards the best per suite, and the money of a choice should be measured again before it is promised.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from bench.suites.model import STAGES, SuiteFile
from bench.types import Estimate
from bench.value.across.choice import best_of, is_barred
from bench.value.across.records import (
    Choice,
    CurrencyPortfolio,
    GroupValue,
    OneForAll,
    Portfolio,
    SuiteChoice,
)
from bench.value.assess import Assessed
from bench.value.assumed import Array
from bench.value.context import JOINT
from bench.value.estimates import estimate, unknown
from bench.value.sample import RESAMPLES

LINKS: tuple[str, ...] = get_args(SuiteFile.model_fields["chain_link"].annotation)
"""Links of the chain from end to end, the smile curve's horizontal axis."""
_NEAR = 0.1
_TODAY = "today's way"


@dataclass(frozen=True, slots=True)
class Money:
    """Money a month; `draws` (resamples,) is None with fewer than two clusters."""

    value: float
    draws: Array | None
    items: int


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A suite with what is best for it; `money` is None where nothing was measured."""

    told: SuiteChoice
    money: Money | None


def portfolio(suites: Mapping[str, Assessed]) -> Portfolio:
    """The best for every suite, and the sums of suites whose money is in one currency."""
    chosen = {name: _chosen(name, each) for name, each in suites.items()}
    currencies = dict.fromkeys(each.told.currency for each in chosen.values())
    return Portfolio(
        suites=[each.told for each in chosen.values()],
        currencies=[
            _of_currency(
                currency,
                {name: each for name, each in chosen.items() if each.told.currency == currency},
                suites,
            )
            for currency in currencies
        ],
    )


def monthly(each: Assessed, name: str) -> Money | None:
    """A candidate's money a month on a suite; None where it was not measured."""
    told = each.summary.candidates[name].value_per_month
    if told.value is None:
        return None
    value, drawn = each.measured[name].value, each.context.drawn
    draws = None if value is None else value * drawn["cases_per_month"] - drawn["monthly_cost"]
    return Money(told.value, draws, told.n)


def total(parts: Iterable[Money]) -> Money:
    """All together. Suites share the draws of the assumptions that they share; their items are independent."""
    known = list(parts)
    draws = [each.draws for each in known if each.draws is not None]
    return Money(
        value=sum(each.value for each in known),
        draws=np.sum(draws, axis=0) if len(draws) == len(known) else None,
        items=sum(each.items for each in known),
    )


def _less(of: Money, other: Money) -> Money:
    draws = None
    if of.draws is not None and other.draws is not None:
        draws = of.draws - other.draws
    return Money(of.value - other.value, draws, of.items)


def _told(money: Money) -> Estimate:
    return estimate(money.value, money.draws, money.items, JOINT)


def _chosen(suite: str, each: Assessed) -> _Chosen:
    summary = each.summary
    best = best_of(summary, summary.candidates)
    measured = best is not None
    money = monthly(each, best) if best is not None else None
    if best is None or money is None or money.value <= 0 or is_barred(summary, best):
        best = None
        money = Money(0.0, np.zeros(RESAMPLES), _most_items(each)) if measured else None
    told = unknown(0, "no outcome")
    if money is not None:
        told = _told(money) if best else _told(money).model_copy(update={"method": _TODAY})
    return _Chosen(
        SuiteChoice(
            suite=suite,
            title=summary.title,
            chain_link=summary.chain_link,
            stage=summary.stage,
            currency=summary.currency,
            decision=summary.verdict.decision,
            candidate=best,
            candidate_decision=summary.candidates[best].verdict.decision if best else None,
            value_per_month=told,
            cost_known=best is None or summary.candidates[best].usage.cost is not None,
        ),
        money,
    )


def _most_items(each: Assessed) -> int:
    return max(found.items for found in each.summary.candidates.values())


def _of_currency(
    currency: str, chosen: Mapping[str, _Chosen], suites: Mapping[str, Assessed]
) -> CurrencyPortfolio:
    measured = {name: each.money for name, each in chosen.items() if each.money is not None}
    best = total(measured.values())
    return CurrencyPortfolio(
        currency=currency,
        total=_told(best) if measured else unknown(0, "no outcome"),
        links=_groups(LINKS, chosen, lambda told: told.chain_link),
        stages=_groups(STAGES, chosen, lambda told: told.stage),
        one_for_all=_one_for_all({name: suites[name] for name in measured}, best)
        if len(measured) >= 2
        else None,
    )


def _groups(
    names: Sequence[str], chosen: Mapping[str, _Chosen], group: Callable[[SuiteChoice], str]
) -> list[GroupValue]:
    told = []
    for name in names:
        members = {
            suite: each.money
            for suite, each in chosen.items()
            if group(each.told) == name and each.money is not None
        }
        told.append(
            GroupValue(
                name=name,
                suites=list(members),
                adopting=sum(chosen[suite].told.candidate is not None for suite in members),
                value=_told(total(members.values())) if members else unknown(0, "no suite"),
            )
        )
    return told


def _one_for_all(suites: Mapping[str, Assessed], best: Money) -> Choice:
    """Every candidate that was measured on all suites, as the only one; a suite that it harms counts as it is."""
    names = dict.fromkeys(name for each in suites.values() for name in each.measured)
    everywhere = {}
    for name in names:
        parts = [monthly(each, name) if name in each.measured else None for each in suites.values()]
        known = [part for part in parts if part is not None]
        if len(known) == len(parts):
            everywhere[name] = total(known)
    barred = {
        name: [suite for suite, each in suites.items() if is_barred(each.summary, name)]
        for name in everywhere
    }
    order = sorted(everywhere, key=lambda name: -everywhere[name].value)
    single = next((name for name in order if not barred[name]), None)
    gap = None if single is None else _less(best, everywhere[single])
    return Choice(
        singles=[
            OneForAll(candidate=name, value=_told(everywhere[name]), barred_in=barred[name])
            for name in order
        ],
        single=single,
        difference=unknown(0, "no candidate on every suite") if gap is None else _told(gap),
        p_near=_near(gap, best) if gap is not None else None,
    )


def _near(gap: Money, best: Money) -> float | None:
    """How likely the single candidate misses at most a tenth of the best per suite."""
    if gap.draws is None or best.draws is None:
        return None
    known = ~np.isnan(gap.draws)
    return float((gap.draws <= _NEAR * np.abs(best.draws))[known].mean())
