"""One candidate of one suite: every figure that a report shows of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd

from bench.stats import evpi
from bench.suites.load import Suite
from bench.suites.model import Assumption
from bench.types import Estimate, Text
from bench.value import worth
from bench.value.assumed import Array, Assumed
from bench.value.estimates import (
    estimate,
    mean_by_cluster,
    quantile_of_latency,
    share_positive,
    share_without_spread,
    unknown,
)
from bench.value.gates import gate_results
from bench.value.metrics import METRICS, QUANTILES, Metric, metric_title
from bench.value.sample import RESAMPLES, Items, items_of
from bench.value.summary import (
    BusinessMetric,
    CandidateSummary,
    GateResult,
    Latency,
    LossShare,
    Outcomes,
    Sensitivity,
    SliceValue,
    TechnicalMetric,
    Trials,
    Usage,
)
from bench.value.verdict import ASKED_BY_STAGE, Evidence, verdict

_SLICE_RESAMPLES = 2000
_TECHNICAL_RESAMPLES = 1000
_DOTS = 20
JOINT = "cluster bootstrap of items, joint with assumptions"


@dataclass(frozen=True, slots=True)
class Context:
    """What all candidates of a suite share. `clusters` maps every planned item to its cluster's number."""

    suite: Suite
    clusters: Mapping[str, int]
    tags: Mapping[str, Mapping[str, str]]
    planned: int
    base: Assumed
    drawn: Assumed
    seed: int

    def mean(self) -> Assumed:
        """Assumptions at the mean of their draws, which is what an expected value needs."""
        return Assumed({name: np.array([each.mean()]) for name, each in self.drawn.draws.items()})


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate's figures before it is compared. `items` is None when nothing has an outcome."""

    context: Context
    rows: pd.DataFrame
    items: Items | None
    draws: Array | None
    features: dict[str, Array] | None
    """Resampled mean features; None when fewer than two clusters have an outcome."""
    evidence: Evidence

    def summary(self, p_best: float | None) -> CandidateSummary:
        """The row of the report; `p_best` comes from the comparison with the others."""
        evidence = Evidence(
            **{name: getattr(self.evidence, name) for name in Evidence.__slots__}
            | {"p_best": p_best}
        )
        business = self.context.suite.file.business
        counts = trials(self.rows, self.context.planned)
        monthly = _monthly(self)
        return CandidateSummary(
            trials=counts,
            coverage=evidence.coverage,
            items=evidence.value.n,
            outcomes=_outcomes(self.rows),
            value_per_case=evidence.value,
            value_per_month=monthly,
            spread=_spread(self),
            quantiles=_dots(self.draws),
            p_positive=evidence.p_positive,
            p_best=p_best,
            payback_months=_payback(self),
            break_even_acceptance=_break_even_acceptance(self),
            evpi_per_case=evidence.evpi_per_case,
            metrics=dict(evidence.metrics),
            technical=_technical(self),
            gates=list(evidence.gates),
            losses=_losses(self),
            slices=list(evidence.slices),
            sensitivity=list(evidence.sensitivity),
            usage=_usage(self.rows, business.currency, bool(self.items and self.items.cost_known)),
            latency_s=_latency(self.rows),
            failures=_failures(self.rows),
            verdict=verdict(self.context.suite.file, evidence),
        )


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
    positive = share_positive(draws) if draws is not None else None
    gates = gate_results(rows, business) if items is not None else _unmeasured_gates(rows, context)
    evidence = Evidence(
        coverage=with_outcome / context.planned if context.planned else 0.0,
        clusters=spread_over,
        value=value,
        p_positive=positive,
        p_best=None,
        evpi_per_case=evpi(float(np.nanmean(draws)), float(np.nanstd(draws)))
        if draws is not None
        else None,
        gates=gates,
        slices=_slices(context, items),
        metrics=_metrics(context, rows, items, features),
        sensitivity=_sensitivity(context, items),
        human_cost=float(worth.human_cost(context.mean(), business)[0]),
    )
    return Judged(context, rows, items, draws, features, evidence)


def _unmeasured_gates(rows: pd.DataFrame, context: Context) -> list[GateResult]:
    return gate_results(rows.iloc[:0], context.suite.file.business)


def trials(rows: pd.DataFrame, planned: int) -> Trials:
    """What became of the planned trials; an answer whose scorer failed counts as failed."""
    if not len(rows):
        return Trials(
            planned=planned, answered=0, refused=0, truncated=0, failed=0, not_run=planned
        )
    broken = rows["trouble"].notna()
    states = rows.loc[~broken, "state"].value_counts()
    count = {
        state: int(states.get(state, 0)) for state in ("answered", "refused", "truncated", "failed")
    }
    count["failed"] += int(broken.sum())
    return Trials(planned=planned, not_run=planned - len(rows), **count)


def _outcomes(rows: pd.DataFrame) -> Outcomes | None:
    if not len(rows) or not rows["outcome"].notna().any():
        return None
    shares = rows["outcome"].value_counts(normalize=True)
    return Outcomes(
        **{name: float(shares.get(name, 0.0)) for name in ("accept", "edit", "redo", "harm")}
    )


def _metrics(
    context: Context, rows: pd.DataFrame, items: Items | None, features: dict[str, Array] | None
) -> dict[str, BusinessMetric]:
    """The suite's metrics in the three values, then its rates that no pillar lists, then what its stage asks."""
    business = context.suite.file.business
    wanted = [name for names in business.metrics.values() for name in names]
    asked = ASKED_BY_STAGE.get(context.suite.file.stage, ())
    wanted += [name for name in (*business.rates, *asked) if name not in wanted]
    return {name: _metric(name, context, rows, items, features) for name in wanted}


def _metric(
    name: str,
    context: Context,
    rows: pd.DataFrame,
    items: Items | None,
    features: dict[str, Array] | None,
) -> BusinessMetric:
    business = context.suite.file.business
    if name in QUANTILES:
        seconds = rows["latency_s"].to_numpy(dtype=float) if len(rows) else np.empty(0)
        told = quantile_of_latency(seconds, QUANTILES[name])
        return BusinessMetric(
            **told.model_dump(),
            pillar="experience",
            unit="seconds",
            better="lower",
            title=metric_title(name),
        )
    if name in business.rates:
        rate = business.rates[name]
        told = _rate(f"rate:{name}", context, rows)
        return BusinessMetric(
            **told.model_dump(),
            pillar=rate.pillar,
            unit="share",
            better=rate.better,
            title=rate.title,
        )
    metric = METRICS[name]
    told = _figure(metric, context, items, features)
    today = None
    if metric.today is not None:
        number = float(metric.today(context.mean(), business)[0])
        today = number if np.isfinite(number) else None
    return BusinessMetric(
        **told.model_dump(), pillar=metric.pillar, unit=metric.unit, better=metric.better,
        title=metric_title(name), today=today,
    )  # fmt: skip


def _figure(
    metric: Metric, context: Context, items: Items | None, features: dict[str, Array] | None
) -> Estimate:
    if items is None:
        return unknown(0, "no outcome")
    business = context.suite.file.business
    point = float(np.broadcast_to(metric.of(items.means(), context.mean(), business), 1)[0])
    draws = None
    if features is not None:
        draws = np.broadcast_to(metric.of(features, context.drawn, business), RESAMPLES)
    about = items.present
    if metric.among is not None:
        about = about & (items.column(metric.among) > 0)
    told = estimate(point, draws, int(about.sum()), JOINT)
    clusters = len(np.unique(items.clusters[about]))
    return share_without_spread(told, clusters) if metric.unit == "share" else told


def _by_item(context: Context, rows: pd.DataFrame, columns: list[str]) -> tuple[Array, Array]:
    """Item means of ledger columns over repeats, and the items' clusters."""
    part = rows[rows["outcome"].notna()]
    means = part.groupby("item", sort=False)[columns].mean()
    clusters = np.array([context.clusters[item] for item in means.index])
    return means.to_numpy(dtype=float), clusters


def _rate(column: str, context: Context, rows: pd.DataFrame) -> Estimate:
    if column not in rows or not rows[column].notna().any():
        return unknown(0, "no such item")
    values, clusters = _by_item(context, rows, [column])
    return mean_by_cluster(values, clusters, _TECHNICAL_RESAMPLES, context.seed)[0]


def _technical(found: Judged) -> dict[str, TechnicalMetric]:
    """Every scorer's value and metrics, for those who ask why."""
    suite, rows = found.context.suite, found.rows
    columns = [
        column
        for name, scorer in suite.scorers.items()
        for column in (f"{name}.value", *(f"{name}.{metric}" for metric in scorer.metrics))
        if column in rows and rows[column].notna().any()
    ]
    if found.items is None or not columns:
        return {}
    numeric = rows.assign(**{name: pd.to_numeric(rows[name]) for name in columns})
    values, clusters = _by_item(found.context, numeric, columns)
    told = mean_by_cluster(values, clusters, _TECHNICAL_RESAMPLES, found.context.seed)
    drives = suite.file.drives
    return {
        column: TechnicalMetric(
            **each.model_dump(),
            drives=drives.get(column, drives.get(column.removesuffix(".value"))),
        )
        for column, each in zip(columns, told, strict=True)
    }


def _monthly(found: Judged) -> Estimate:
    """Value per case times the month's cases, less the monthly fixed cost."""
    value, mean = found.evidence.value, found.context.mean()

    def month(per_case: Array, assumed: Assumed) -> Array:
        return per_case * assumed["cases_per_month"] - assumed["monthly_cost"]

    if value.value is None:
        return unknown(value.n, value.method)
    point = float(month(np.array([value.value]), mean)[0])
    draws = month(found.draws, found.context.drawn) if found.draws is not None else None
    return estimate(point, draws, value.n, value.method)


def _payback(found: Judged) -> Estimate:
    """Months until the set-up cost is earned back; None where it never is."""
    monthly = _monthly(found).value
    if monthly is None or monthly <= 0 or found.draws is None:
        return unknown(found.evidence.value.n, "set-up cost over monthly value")
    drawn = found.context.drawn
    months = found.draws * drawn["cases_per_month"] - drawn["monthly_cost"]
    with np.errstate(divide="ignore", invalid="ignore"):
        draws = np.where(months > 0, drawn["setup.cost"] / months, np.inf)
    point = float(found.context.mean()["setup.cost"][0]) / monthly
    return estimate(point, draws, found.evidence.value.n, "set-up cost over monthly value")


def _spread(found: Judged) -> dict[Literal["items", "assumptions"], float | None]:
    """The two uncertainties apart: items with assumptions at their mean, and the other way round."""
    if found.features is None or found.items is None:
        return {"items": None, "assumptions": None}
    business = found.context.suite.file.business
    of_items = worth.value(found.features, found.context.mean(), business)
    of_assumptions = worth.value(found.items.means(), found.context.drawn, business)
    return {"items": float(np.nanstd(of_items)), "assumptions": float(np.std(of_assumptions))}


def _dots(draws: Array | None) -> list[float]:
    """Twenty equally likely values: the middles of twenty equal parts of the distribution."""
    if draws is None:
        return []
    shares = (np.arange(_DOTS) + 0.5) / _DOTS
    return [float(each) for each in np.nanquantile(draws, shares)]


def _break_even_acceptance(found: Judged) -> float | None:
    """The share of answers that must not be redone for the value to be zero.

    V(s) = s * V1 + (1 - s) * V0 with V1 the mean value of answers that were not redone and V0 of one that
    was; None when no share does it. Source of the form: a* = (R + c) / (S*w - e*L + R).
    """
    if found.items is None:
        return None
    business, mean = found.context.suite.file.business, found.context.mean()
    at = found.items.means()
    used = 1 - float(at[worth.REDO][0])
    if used <= 0:
        return None
    value = float(worth.value(at, mean, business)[0])
    told = worth.weights(mean, business)
    unusable = float((told[worth.ONE] + told[worth.REDO] - at[worth.COST])[0])
    usable = (value - (1 - used) * unusable) / used
    share = -unusable / (usable - unusable) if usable > unusable else None
    return share if share is not None and 0 <= share <= 1 else None


def _sensitivity(context: Context, items: Items | None) -> list[Sensitivity]:
    """Each assumption at its low and high end, widest swing first. Value is linear in each alone."""
    if items is None:
        return []
    business = context.suite.file.business
    at = items.means()
    of = partial(worth.value, at, business=business)
    start = float(of(context.base)[0])
    rows = [
        _row(name, each, start, context, of)
        for name, each in business.assumptions()
        if name not in ("cases_per_month", "setup.cost", "monthly_cost", "next_round_cost")
    ]
    return sorted(rows, key=lambda row: -abs(row.value_high - row.value_low))


def _row(
    name: str, each: Assumption, start: float, context: Context, of: "partial[Array]"
) -> Sensitivity:
    step = max(abs(each.base), 1.0) * 0.01  # any step does, and a small one drowns in rounding
    change = float(of(context.base.replaced(name, each.base + step))[0]) - start
    matters = abs(change) > 1e-9 * max(1.0, abs(start))
    return Sensitivity(
        assumption=name,
        low=each.lower,
        base=each.base,
        high=each.upper,
        value_low=float(of(context.base.replaced(name, each.lower))[0]),
        value_high=float(of(context.base.replaced(name, each.upper))[0]),
        break_even=each.base - start * step / change if matters else None,
        placeholder=each.placeholder,
    )


def _slices(context: Context, items: Items | None) -> list[SliceValue]:
    if items is None:
        return []
    business = context.suite.file.business
    found = []
    for tag, about in context.suite.file.slices.items():
        told = [context.tags[item].get(tag) for item in context.clusters]
        for value in sorted({each for each in told if each is not None}):
            keep = np.array([each == value for each in told])
            here = items.present & keep
            n = int(here.sum())
            if n == 0:
                continue
            point = float(worth.value(items.means(keep), context.mean(), business)[0])
            draws = None
            if len(np.unique(items.clusters[here])) >= 2:
                drawn = Assumed({k: v[:_SLICE_RESAMPLES] for k, v in context.drawn.draws.items()})
                resampled = items.resampled(_SLICE_RESAMPLES, context.seed, keep)
                draws = worth.value(resampled, drawn, business)
            named = about.names.get(value, Text(zh=value, en=value))
            found.append(
                SliceValue(
                    slice=f"{tag}={value}",
                    title=Text(
                        zh=f"{about.title.zh}：{named.zh}", en=f"{about.title.en}: {named.en}"
                    ),
                    known_before=about.known_before,
                    items=n,
                    value_per_case=estimate(point, draws, n, JOINT),
                    p_positive=share_positive(draws) if draws is not None else None,
                    clusters=len(np.unique(items.clusters[here])),
                )
            )
    return found


def _losses(found: Judged) -> list[LossShare]:
    """Every class of error with its rate and what it costs per case, dearest first."""
    if found.items is None:
        return []
    business, mean = found.context.suite.file.business, found.context.mean()
    at = found.items.means()
    shares = [
        LossShare(
            error_class=name,
            title=loss.title,
            rate=float(at[worth.HARM + name][0]),
            expected_loss=float(worth.escaped_loss(at, mean, [name])[0]),
        )
        for name, loss in business.loss.items()
    ]
    return sorted(shares, key=lambda each: -each.expected_loss)


def _usage(rows: pd.DataFrame, currency: str, cost_known: bool) -> Usage:
    def total(column: str) -> int:
        return int(rows[column].sum()) if len(rows) else 0

    requests, attempts, cached = total("requests"), total("attempts"), total("cached")
    failed = int(((rows["state"] == "failed") & (rows["attempts"] > 0)).sum()) if len(rows) else 0
    firsts = requests - cached + failed  # a failed trial ends with an exchange that is not recorded
    return Usage(
        input_tokens=total("input_tokens"),
        output_tokens=total("output_tokens"),
        estimated=bool(rows["estimated"].any()) if len(rows) else False,
        cost=float(rows["cost"].sum()) if cost_known else None,
        currency=currency,
        requests=requests,
        retries=max(0, attempts - firsts),
        cached=cached,
    )


def _latency(rows: pd.DataFrame) -> Latency:
    seconds = rows["latency_s"].dropna().to_numpy(dtype=float) if len(rows) else np.empty(0)
    if not len(seconds):
        return Latency(p50=None, p95=None)
    return Latency(p50=float(np.quantile(seconds, 0.5)), p95=float(np.quantile(seconds, 0.95)))


def _failures(rows: pd.DataFrame) -> dict[str, int]:
    if not len(rows):
        return {}
    kinds = rows["failure"].dropna().value_counts()
    found = {str(kind): int(count) for kind, count in kinds.items()}
    broken = int(rows["trouble"].notna().sum())
    return found | ({"scorer": broken} if broken else {})
