"""One candidate of one suite: every figure that a report shows of it."""

import numpy as np
import pandas as pd

from bench.stats import evpi
from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.context import JOINT, Context, Judged
from bench.value.counts import failures, latency, outcome_shares, trials, usage
from bench.value.estimates import estimate, share_positive, unknown
from bench.value.figures import metrics, technical
from bench.value.gates import gate_results
from bench.value.money import break_even_acceptance, dots, losses, monthly, payback, spread
from bench.value.sample import RESAMPLES, items_of
from bench.value.sensitivity import sensitivity, slices
from bench.value.summary import CandidateSummary, GateResult
from bench.value.verdict import Evidence, verdict


def judged(context: Context, rows: pd.DataFrame) -> Judged:
    """Judge one candidate's rows of the ledger."""
    business = context.suite.file.business
    with_outcome = int(rows["outcome"].notna().sum()) if len(rows) else 0
    items = items_of(rows, business, context.clusters) if with_outcome else None
    n = int(items.present.sum()) if items is not None else 0
    spread_over = len(np.unique(items.clusters[items.present])) if items is not None else 0
    features = (
        items.resampled(RESAMPLES, context.seed) if items is not None and spread_over >= 2 else None
    )
    draws = worth.value(features, context.drawn, business) if features is not None else None
    value = unknown(0, "no outcome")
    if items is not None:
        point = float(worth.value(items.means(), context.mean(), business)[0])
        value = estimate(point, draws, n, JOINT)
    net = net_of_fixed_cost(draws, context.drawn) if draws is not None else None
    gates = gate_results(rows, business) if items is not None else _unmeasured_gates(rows, context)
    evidence = Evidence(
        coverage=with_outcome / context.planned if context.planned else 0.0,
        clusters=spread_over,
        value=value,
        p_positive=share_positive(net) if net is not None else None,
        p_best=None,
        evpi_per_case=evpi(float(np.nanmean(net)), float(np.nanstd(net)))
        if net is not None
        else None,
        cost_known=items is not None and items.cost_known,
        gates=gates,
        slices=slices(context, items),
        metrics=metrics(context, rows, items, features),
        sensitivity=sensitivity(context, items),
        human_cost=float(worth.human_cost(context.mean(), business)[0]),
    )
    return Judged(context, rows, items, draws, features, evidence)


def net_of_fixed_cost(per_case: Array, assumed: Assumed) -> Array:
    """Value per case less its share of the monthly fixed cost: what decides whether a month gains."""
    return per_case - assumed["monthly_cost"] / assumed["cases_per_month"]


def _unmeasured_gates(rows: pd.DataFrame, context: Context) -> list[GateResult]:
    return gate_results(rows.iloc[:0], context.suite.file.business)


def summary_of(found: Judged, p_best: float | None) -> CandidateSummary:
    """The row of the report; `p_best` comes from the comparison with the others."""
    evidence = Evidence(
        **{name: getattr(found.evidence, name) for name in Evidence.__slots__} | {"p_best": p_best}
    )
    business = found.context.suite.file.business
    counts = trials(found.rows, found.context.planned)
    return CandidateSummary(
        trials=counts,
        coverage=evidence.coverage,
        items=evidence.value.n,
        outcomes=outcome_shares(found.rows),
        value_per_case=evidence.value,
        value_per_month=monthly(found),
        spread=spread(found),
        quantiles=dots(found.draws),
        p_positive=evidence.p_positive,
        p_best=p_best,
        payback_months=payback(found),
        break_even_acceptance=break_even_acceptance(found),
        evpi_per_case=evidence.evpi_per_case,
        metrics=dict(evidence.metrics),
        technical=technical(found),
        gates=list(evidence.gates),
        losses=losses(found),
        slices=list(evidence.slices),
        sensitivity=list(evidence.sensitivity),
        usage=usage(
            found.rows, business.currency, cost_known=bool(found.items and found.items.cost_known)
        ),
        latency_s=latency(found.rows),
        failures=failures(found.rows),
        verdict=verdict(found.context.suite.file, evidence),
    )
