"""One suite of a run, from its ledger to its verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.stats import holm, paired_difference
from bench.suites.load import Suite
from bench.suites.model import Business
from bench.suites.seeds import cited
from bench.types import Item
from bench.value import assumed as assumptions
from bench.value import worth
from bench.value.assumed import Array
from bench.value.candidate import judged, net_of_fixed_cost, summary_of
from bench.value.context import Context, Judged
from bench.value.estimates import estimate, share_positive, unknown
from bench.value.sample import RESAMPLES
from bench.value.summary import (
    AssumptionEntry,
    CandidateSummary,
    Origin,
    PairResult,
    SuiteSummary,
    SuiteVerdict,
    TodaySummary,
)
from bench.value.verdict import ORDER, changes, reason


@dataclass(frozen=True, slots=True)
class Planned:
    """What was to be asked of every candidate of a suite."""

    items: tuple[Item, ...]
    repeats: int


def assess(
    suite: Suite, table: pd.DataFrame, planned: Planned, candidates: list[str], seed: int
) -> SuiteSummary:
    """Everything that a report says of one suite. `table` is its ledger, `candidates` in the run's order."""
    business = suite.file.business
    names = sorted({item.cluster for item in planned.items})
    numbers = {name: at for at, name in enumerate(names)}
    context = Context(
        suite=suite,
        clusters={item.id: numbers[item.cluster] for item in planned.items},
        tags={item.id: item.tags for item in planned.items},
        planned=len(planned.items) * planned.repeats,
        base=assumptions.base(business),
        drawn=assumptions.drawn(business, RESAMPLES, seed),
        seed=seed,
    )
    rows = {name: table[table["candidate"] == name] if len(table) else table for name in candidates}
    found = {name: judged(context, part) for name, part in rows.items()}
    net = {
        name: None if each.draws is None else net_of_fixed_cost(each.draws, context.drawn)
        for name, each in found.items()
    }
    best = _shares_best(net)
    summaries = {name: summary_of(each, best.get(name)) for name, each in found.items()}
    return SuiteSummary(
        version=suite.file.version,
        title=suite.file.title,
        about=suite.file.about,
        case=business.case,
        cases=business.cases,
        currency=business.currency,
        industry=suite.file.industry,
        chain_link=suite.file.chain_link,
        stage=suite.file.stage,
        grows_from=[
            Origin(id=name, text=text, documents=documents)
            for name, text, documents in cited(suite.file.grows_from)
        ],
        items=len(planned.items),
        clusters=len(names),
        cases_per_month=business.cases_per_month.base,
        coverage_floor=business.coverage_floor,
        today=_today(business, context),
        candidates=summaries,
        pairs=_pairs(found, context),
        assumptions=[
            AssumptionEntry(
                name=name,
                low=each.lower,
                base=each.base,
                high=each.upper,
                source=each.source,
                as_of=each.as_of,
                placeholder=each.placeholder,
            )
            for name, each in business.assumptions()
        ],
        verdict=suite_verdict(summaries, found),
    )


def _today(business: Business, context: Context) -> TodaySummary:
    mean = context.mean()
    today = business.done_today_by
    return TodaySummary(
        role=today.role,
        minutes=float(mean["done_today_by.minutes"][0]),
        cost_per_case=float(worth.human_cost(mean, business)[0]),
        error_rate=float(mean["done_today_by.error_rate"][0]) if today.error_rate else None,
        expected_loss=float(worth.human_loss(mean, business)[0]),
    )


def _shares_best(draws: Mapping[str, Array | None]) -> dict[str, float]:
    """How often each candidate is the best of all and better than today, over the joint draws.

    Those that tie for the best share the draw, so that the order of candidates changes nothing.
    """
    known = {name: each for name, each in draws.items() if each is not None}
    if not known:
        return {}
    table = np.column_stack([*known.values(), np.zeros(RESAMPLES)])
    table = np.nan_to_num(table, nan=-np.inf)
    wins = table == table.max(axis=1, keepdims=True)
    shares = (wins / wins.sum(axis=1, keepdims=True)).mean(axis=0)
    return {name: float(shares[at]) for at, name in enumerate(known)}


def _pairs(found: Mapping[str, Judged], context: Context) -> list[PairResult]:
    names = [name for name, each in found.items() if each.items is not None]
    pairs = [_pair(a, b, found, context) for at, a in enumerate(names) for b in names[at + 1 :]]
    tested = [each for each in pairs if each.p_value is not None]
    adjusted = iter(holm([each.p_value for each in tested if each.p_value is not None]))
    return [
        each
        if each.p_value is None
        else each.model_copy(update={"p_value": next(adjusted), "method": f"{each.method}, Holm"})
        for each in pairs
    ]


def _pair(a: str, b: str, found: Mapping[str, Judged], context: Context) -> PairResult:
    """B minus a in money per case, on the items that both answered."""
    business = context.suite.file.business
    first, second = found[a].items, found[b].items
    assert first is not None
    assert second is not None
    gap = second.minus(first)
    n = int(gap.present.sum())
    mean = context.mean()

    def by_item(each: Mapping[str, Array]) -> Array:
        return worth.value(each, mean, business)

    of_a = by_item({name: first.column(name) for name in first.names})
    of_b = by_item({name: second.column(name) for name in second.names})
    tested = paired_difference(of_a, of_b, clusters=first.clusters, seed=context.seed)
    if n == 0 or len(np.unique(gap.clusters[gap.present])) < 2:
        return PairResult(
            a=a, b=b, difference=unknown(n, "too few items in common"), p_value=tested.p_value,
            p_b_better=None, method=tested.method, mde=tested.mde,
        )  # fmt: skip
    draws = worth.value(gap.resampled(RESAMPLES, context.seed), context.drawn, business)
    point = float(worth.value(gap.means(), mean, business)[0])
    return PairResult(
        a=a,
        b=b,
        difference=estimate(point, draws, n, "paired cluster bootstrap, joint with assumptions"),
        p_value=tested.p_value,
        p_b_better=share_positive(draws),
        method=tested.method,
        mde=tested.mde,
    )


def suite_verdict(
    summaries: Mapping[str, CandidateSummary], found: Mapping[str, Judged]
) -> SuiteVerdict:
    """The best decision any candidate earns, and the candidate of most value among those that earn it."""

    def rank(name: str) -> tuple[int, float]:
        each = summaries[name]
        value = each.value_per_case.value
        return ORDER.index(each.verdict.decision), -np.inf if value is None else value

    best = max(summaries, key=rank)
    chosen = summaries[best]
    decision = chosen.verdict.decision
    goes = decision in ("deploy", "pilot")
    reasons = list(chosen.verdict.reasons)
    if goes:
        reasons.insert(0, reason("best", name=best))
    elif decision == "stop":
        reasons.insert(0, reason("no_candidate"))
    return SuiteVerdict(
        decision=decision,
        candidate=best if goes else None,
        confidence=chosen.p_positive,
        reasons=reasons,
        would_change=changes(
            found[best].evidence,
            chosen.items,
            chosen.spread["items"],
            chosen.spread["assumptions"],
        ),
    )
