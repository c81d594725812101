"""One candidate of one suite: every figure that a report shows of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.stats import evpi, rank_intervals
from bench.value import worth
from bench.value.assumed import Array
from bench.value.candidate_summary import CandidateSummary, SliceValue
from bench.value.context import Context, Measured
from bench.value.counts import failures, latency, outcome_shares, trials, usage
from bench.value.estimates import LEVEL, share_positive
from bench.value.figures import metrics, technical
from bench.value.flows import flows, placeholder_share
from bench.value.gates import gate_results
from bench.value.information import information
from bench.value.money import (
    break_even_acceptance,
    dots,
    horizons,
    losses,
    monthly,
    net_per_case,
    payback,
    per_case,
    spread,
)
from bench.value.review import review_aware
from bench.value.selective import Selective, selective
from bench.value.sensitivity import sensitivity
from bench.value.tail import tail
from bench.value.verdict import Evidence, next_stage, verdict


@dataclass(frozen=True, slots=True)
class Standing:
    """A candidate among its rivals; None where it has no draws to compare."""

    p_best: float | None
    rank: tuple[int, int] | None
    compared: int


def standings(found: Mapping[str, Measured]) -> dict[str, Standing]:
    """How often each is the best of all and better than today, and the ranks it may hold.

    Over the joint draws. Those that tie for the best share the draw, so that the order of candidates
    changes nothing.
    """
    known = {name: each.net for name, each in found.items() if each.net is not None}
    if not known:
        return {name: Standing(None, None, 0) for name in found}
    table = np.nan_to_num(np.column_stack(list(known.values())), nan=-np.inf)
    ranks = dict(zip(known, rank_intervals(table, LEVEL), strict=True))
    with_today = np.column_stack([table, np.zeros(len(table))])
    wins = with_today == with_today.max(axis=1, keepdims=True)
    shares = (wins / wins.sum(axis=1, keepdims=True)).mean(axis=0)
    best = {name: float(shares[at]) for at, name in enumerate(known)}
    return {name: Standing(best.get(name), ranks.get(name), len(known)) for name in found}


def candidate_summary(
    context: Context, found: Measured, slices: Sequence[SliceValue], standing: Standing
) -> CandidateSummary:
    """The row of the report."""
    business, net = context.business, found.net
    known = bool(found.items and found.items.cost_known)
    with_outcome = int(found.rows["outcome"].notna().sum()) if len(found.rows) else 0
    parts, over_months = flows(context, found), horizons(context, found)
    told = information(context, [found])
    evidence = Evidence(
        coverage=with_outcome / context.trials if context.trials else 0.0,
        clusters=found.clusters,
        value=per_case(context, found),
        net=net_per_case(context, found).value,
        p_positive=share_positive(net) if net is not None else None,
        p_best=standing.p_best,
        compared=standing.compared,
        information=told,
        cost_known=known,
        gates=gate_results(
            found.rows if found.items is not None else found.rows.iloc[:0], business
        ),
        slices=slices,
        metrics=metrics(context, found, slices),
        sensitivity=sensitivity(context, found),
        months=business.months,
        p_horizon=over_months[-1].p_positive,
        human_cost=float(worth.human_cost(context.mean, business)[0]),
    )
    return CandidateSummary(
        trials=trials(found.rows, context.trials),
        coverage=evidence.coverage,
        items=evidence.value.n,
        outcomes=outcome_shares(found.rows),
        value_per_case=evidence.value,
        net_per_case=net_per_case(context, found),
        value_per_month=monthly(context, found),
        horizons=over_months,
        spread=spread(context, found),
        quantiles=dots(found.net),
        p_positive=evidence.p_positive,
        p_best=standing.p_best,
        rank=standing.rank,
        payback_months=payback(context, found),
        break_even_acceptance=break_even_acceptance(context, found),
        evpi_per_case=_evpi(net),
        flows=parts,
        placeholder_share=placeholder_share(parts),
        tail=tail(context, found),
        review=review_aware(context, found),
        information=told,
        selective=_selective(context, found),
        metrics=dict(evidence.metrics),
        technical=technical(context, found),
        gates=list(evidence.gates),
        losses=losses(context, found),
        slices=list(slices),
        sensitivity=list(evidence.sensitivity),
        usage=usage(found.rows, business.currency, cost_known=known),
        latency_s=latency(found.rows),
        failures=failures(found.rows),
        next_stage=next_stage(context.suite.file, evidence),
        verdict=verdict(context.suite.file, evidence),
    )


def _evpi(net: Array | None) -> float | None:
    return None if net is None else evpi(float(np.nanmean(net)), float(np.nanstd(net)))


def _selective(context: Context, found: Measured) -> Selective | None:
    if found.items is None:
        return None
    rows = found.rows[found.rows["outcome"].notna()]
    values = worth.value_of_trials(rows, context.mean, context.business)
    return selective(rows, values, context.suite.file.confidence, context.seed)
