"""One suite of a run, from its ledger to its verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bench.suites.load import Suite
from bench.suites.seeds import cited
from bench.types import Text
from bench.value import worth
from bench.value.candidate import candidate_summary, standings
from bench.value.candidate_summary import CandidateSummary
from bench.value.cascades import cascades
from bench.value.comparisons import pairs
from bench.value.context import Context, Measured, Planned, context
from bench.value.data_card import data_card
from bench.value.drives import drives
from bench.value.information import information
from bench.value.measure import measured
from bench.value.slices import slices
from bench.value.summary import (
    AssumptionEntry,
    Origin,
    SuiteSummary,
    SuiteVerdict,
    TodaySummary,
)
from bench.value.verdict import (
    ORDER,
    bar_at,
    changes,
    decisive_placeholders,
    items_to_be_sure,
    reason,
    resting,
)


@dataclass(frozen=True, slots=True)
class Assessed:
    """A suite's part of the summary, and the numbers behind it for views across suites."""

    context: Context
    measured: Mapping[str, Measured]
    summary: SuiteSummary


def assess(
    suite: Suite, table: pd.DataFrame, planned: Planned, candidates: list[str], seed: int
) -> SuiteSummary:
    """Everything that a report says of one suite. `table` is its ledger, `candidates` in the run's order."""
    return assessed(suite, table, planned, candidates, seed).summary


def assessed(
    suite: Suite, table: pd.DataFrame, planned: Planned, candidates: list[str], seed: int
) -> Assessed:
    """The same with the numbers behind it."""
    about = context(suite, planned, seed)
    rows = {name: table[table["candidate"] == name] if len(table) else table for name in candidates}
    found = measured(about, rows)
    in_slices, standing = slices(about, found), standings(found)
    summaries = {
        name: candidate_summary(about, each, in_slices[name], standing[name])
        for name, each in found.items()
    }
    business = suite.file.business
    compared = max((each.compared for each in standing.values()), default=0)
    return Assessed(
        about,
        found,
        SuiteSummary(
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
            clusters=len(set(about.clusters.values())),
            cases_per_month=business.cases_per_month.base,
            coverage_floor=business.coverage_floor,
            headline=business.headline,
            today=_today(about),
            candidates=summaries,
            pairs=pairs(about, found),
            cascades=cascades(about, found),
            drives=drives(about, found),
            information=information(about, list(found.values())),
            assumptions=_assumptions(about),
            card=data_card(suite, planned.items),
            verdict=suite_verdict(summaries, bar_at(suite.file.stage, compared)),
        ),
    )


def _today(about: Context) -> TodaySummary:
    mean, business = about.mean, about.business
    today = business.done_today_by
    return TodaySummary(
        role=today.role,
        minutes=float(mean["done_today_by.minutes"][0]),
        cost_per_case=float(worth.human_cost(mean, business)[0]),
        error_rate=float(mean["done_today_by.error_rate"][0]) if today.error_rate else None,
        expected_loss=float(worth.human_loss(mean, business)[0]),
    )


def _assumptions(about: Context) -> list[AssumptionEntry]:
    return [
        AssumptionEntry(
            name=name,
            title=_title(about, name),
            low=each.lower,
            base=each.base,
            high=each.upper,
            shape=each.shape,
            source=each.source,
            as_of=each.as_of,
            placeholder=each.placeholder,
        )
        for name, each in about.business.assumptions()
    ]


def _title(about: Context, name: str) -> Text | None:
    """What an outcome rule is about, where the assumption is its minutes: outcomes.3.minutes."""
    group, _, rest = name.partition(".")
    if group != "outcomes":
        return None
    return about.business.outcomes[int(rest.partition(".")[0])].because


def suite_verdict(summaries: Mapping[str, CandidateSummary], bar: float) -> SuiteVerdict:
    """The best decision any candidate earns, and the candidate of most value among those that earn it.

    `bar` is the chance of a gain that is asked for. Without any candidate (all were refused) nothing is decided.
    """
    if not summaries:
        return SuiteVerdict(
            decision="iterate",
            candidate=None,
            confidence=None,
            reasons=[reason("all_refused")],
            would_change=[],
        )

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
    if chosen.placeholder_share:
        reasons.append(resting(chosen.placeholder_share))
    return SuiteVerdict(
        decision=decision,
        candidate=best if goes else None,
        confidence=chosen.p_positive,
        reasons=reasons,
        would_change=changes(
            chosen.sensitivity, chosen.gates, chosen.items, _needed(chosen, bar), decision
        ),
        placeholder_share=chosen.placeholder_share,
        decisive_placeholders=decisive_placeholders(chosen.sensitivity),
    )


def _needed(chosen: CandidateSummary, bar: float) -> int | None:
    spread = chosen.spread
    if (chosen.p_positive or 0) >= bar:
        return None
    return items_to_be_sure(
        chosen.items, chosen.net_per_case.value, spread["items"], spread["assumptions"], bar
    )
