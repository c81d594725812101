"""Business metrics and, for those who ask why, technical ones."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bench.stats import few_clusters_factor
from bench.suites.metric_names import OVER_SLICES
from bench.types import Estimate
from bench.value.assumed import Array
from bench.value.candidate_summary import BusinessMetric, SliceValue, TechnicalMetric
from bench.value.context import JOINT, Context, Measured
from bench.value.estimates import (
    LEVEL,
    estimate,
    mean_by_cluster,
    quantile_of_latency,
    share_without_spread,
    unknown,
)
from bench.value.metrics import METRICS, QUANTILES, Metric, metric_title
from bench.value.sample import RESAMPLES
from bench.value.verdict import ASKED_BY_STAGE

_TECHNICAL_RESAMPLES = 1000


def metrics(
    context: Context, found: Measured, slices: Sequence[SliceValue]
) -> dict[str, BusinessMetric]:
    """The suite's metrics in the three values, then its rates that no pillar lists, then what its stage asks."""
    business = context.business
    wanted = [name for names in business.metrics.values() for name in names]
    asked = ASKED_BY_STAGE.get(context.suite.file.stage, ())
    wanted += [
        name
        for name in dict.fromkeys((*business.rates, *asked, business.headline))
        if name not in wanted
    ]
    return {
        name: _slices_gained(slices) if name == OVER_SLICES else _metric(name, context, found)
        for name in wanted
    }


def _slices_gained(slices: Sequence[SliceValue]) -> BusinessMetric:
    """The share of slices with a gain; its ends count those that surely and those that possibly have one."""
    told = unknown(len(slices), "no slice")
    sure = [each.p_positive for each in slices if each.p_positive is not None]
    tail = (1 - LEVEL) / 2
    if slices:
        gained = sum((each.value_per_case.value or 0.0) > 0 for each in slices)
        surely = sum(each > 1 - tail for each in sure)
        possibly = len(slices) - sum(each < tail for each in sure)
        low, share, high = (count / len(slices) for count in (surely, gained, possibly))
        told = Estimate(
            value=share, low=min(low, share), high=max(high, share), level=LEVEL, n=len(slices),
            method="slices that surely and that possibly gain",
        )  # fmt: skip
    return BusinessMetric(
        **told.model_dump(), pillar="innovation", unit="share", better="higher",
        title=metric_title(OVER_SLICES),
    )  # fmt: skip


def _metric(name: str, context: Context, found: Measured) -> BusinessMetric:
    business, rows = context.business, found.rows
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
    told = _figure(metric, context, found)
    today = None
    if metric.today is not None:
        number = float(metric.today(context.mean, business)[0])
        today = number if np.isfinite(number) else None
    return BusinessMetric(
        **told.model_dump(), pillar=metric.pillar, unit=metric.unit, better=metric.better,
        title=metric_title(name), today=today,
    )  # fmt: skip


def _figure(metric: Metric, context: Context, found: Measured) -> Estimate:
    items = found.items
    if items is None:
        return unknown(0, "no outcome")
    point = float(np.broadcast_to(metric.of(items.means(), context.mean, context.business), 1)[0])
    about = items.present
    if metric.among is not None:
        about = about & (items.column(metric.among) > 0)
    clusters = items.spread_over(about)
    draws = None
    features = found.risked if metric.risked else found.features
    if features is not None and clusters >= 2:
        told = metric.of(features, context.drawn, context.business)
        draws = np.broadcast_to(told, RESAMPLES)
        if metric.endless:
            draws = np.where(np.isnan(draws), np.inf, draws)
        if metric.among is not None:
            wider = few_clusters_factor(clusters) / few_clusters_factor(items.spread_over())
            draws = point + wider * (draws - point)
        if metric.unit == "share":
            draws = np.clip(draws, 0.0, 1.0)
    whole = estimate(point, draws, int(about.sum()), JOINT)
    return share_without_spread(whole, clusters) if metric.unit == "share" else whole


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


def technical(context: Context, found: Measured) -> dict[str, TechnicalMetric]:
    """Every scorer's value and metrics, for those who ask why."""
    suite, rows = context.suite, found.rows
    columns = [
        column
        for name, scorer in suite.scorers.items()
        for column in (f"{name}.value", *(f"{name}.{metric}" for metric in scorer.metrics))
        if column in rows and rows[column].notna().any()
    ]
    if found.items is None or not columns:
        return {}
    numeric = rows.assign(**{name: pd.to_numeric(rows[name]) for name in columns})
    values, clusters = _by_item(context, numeric, columns)
    told = mean_by_cluster(values, clusters, _TECHNICAL_RESAMPLES, context.seed)
    drives = suite.file.drives
    return {
        column: TechnicalMetric(
            **each.model_dump(),
            drives=drives.get(column, drives.get(column.removesuffix(".value"))),
        )
        for column, each in zip(columns, told, strict=True)
    }
