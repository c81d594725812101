"""Does a technical metric move the business metric that its suite says it drives?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bench.stats import few_clusters_factor, resampled_sums, spearman_within
from bench.stats.ranks import ranks_within
from bench.types import Estimate
from bench.value import worth
from bench.value.assumed import Array
from bench.value.context import Context, Measured
from bench.value.estimates import estimate, unknown
from bench.value.metrics import METRICS, QUANTILES
from bench.value.summary import DriveTest

_RESAMPLES = 2000
_WORTH_NAMING = 0.1
"""Rank correlations below are called none, whatever their sign (Cohen 1988, Statistical Power Analysis)."""
_FEWEST_CANDIDATES = 3
_METHOD = "Spearman within candidates; cluster bootstrap of items"


@dataclass(frozen=True, slots=True)
class _Rows:
    """Item means of all candidates under each other: one row an item and candidate.

    A scorer and a rate may share a name, so technical and business columns lie apart.
    """

    candidates: Array
    clusters: Array
    technical: Mapping[str, Array]
    business: Mapping[str, Array]
    value: Array


def drives(context: Context, found: Mapping[str, Measured]) -> list[DriveTest]:
    """Every link that the suite states, tested on the run's data."""
    known = [each for each in found.values() if each.items is not None]
    stated = context.suite.file.drives
    if not known or not stated:
        return []
    rows = _rows(context, known, stated)
    return [_tested(context, name, metric, rows) for name, metric in stated.items()]


def _rows(context: Context, known: Sequence[Measured], stated: Mapping[str, str]) -> _Rows:
    candidates, clusters, value = [], [], []
    technical: dict[str, list[Array]] = {name: [] for name in stated}
    business: dict[str, list[Array]] = {metric: [] for metric in stated.values()}
    for at, each in enumerate(known):
        assert each.items is not None
        candidates.append(np.full(len(each.items.table), float(at)))
        clusters.append(each.items.clusters)
        columns = dict(zip(each.items.names, each.items.table.T, strict=True))
        value.append(worth.value(columns, context.mean, context.business))
        for name, of_name in technical.items():
            of_name.append(_by_item(context, each.rows, _column(name, each.rows)))
        for metric, of_metric in business.items():
            of_metric.append(_better(context, each.rows, columns, metric))
    return _Rows(
        candidates=np.concatenate(candidates),
        clusters=np.concatenate(clusters),
        technical={name: np.concatenate(each) for name, each in technical.items()},
        business={metric: np.concatenate(each) for metric, each in business.items()},
        value=np.concatenate(value),
    )


def _column(name: str, rows: pd.DataFrame) -> str:
    return name if name in rows else f"{name}.value"


def _by_item(context: Context, rows: pd.DataFrame, column: str) -> Array:
    """Item means over repeats in the context's order, NaN where there is none."""
    if column not in rows:
        return np.full(len(context.clusters), np.nan)
    numbers = pd.to_numeric(rows.loc[rows["outcome"].notna(), column])
    means = numbers.groupby(rows["item"]).mean()
    return means.reindex(list(context.clusters)).to_numpy(dtype=float)


def _better(
    context: Context, rows: pd.DataFrame, columns: Mapping[str, Array], metric: str
) -> Array:
    """A business metric of each item, signed so that more is better."""
    business = context.business
    if metric in business.rates:
        told = _by_item(context, rows, f"rate:{metric}")
        return told if business.rates[metric].better == "higher" else -told
    if metric in QUANTILES:
        return -_by_item(context, rows, "latency_s")
    of = METRICS[metric]
    told = np.broadcast_to(of.of(columns, context.mean, business), len(context.clusters))
    told = np.where(np.isnan(columns[worth.ONE]), np.nan, told)
    return told if of.better == "higher" else -told


def _tested(context: Context, name: str, metric: str, rows: _Rows) -> DriveTest:
    technical, business = rows.technical[name], rows.business[metric]
    with_metric = _association(context, rows, technical, business)
    return DriveTest(
        technical=name,
        drives=metric,
        association=with_metric,
        with_value=_association(context, rows, technical, rows.value),
        rank_agreement=_agreement(rows.candidates, technical, business),
        candidates=len(np.unique(rows.candidates)),
        finding=_finding(with_metric),
    )


def _association(context: Context, rows: _Rows, x: Array, y: Array) -> Estimate:
    """Spearman's rho with the candidate held fixed; ranks are kept while clusters are resampled."""
    both = ~(np.isnan(x) | np.isnan(y))
    n = int(both.sum())
    x, y, codes = x[both], y[both], rows.candidates[both].astype(np.intp)
    point = spearman_within(x, y, codes) if n else None
    clusters, numbers = np.unique(rows.clusters[both], return_inverse=True)
    if point is None or len(clusters) < 2:
        return unknown(n, _METHOD if point is None else "fewer than two independent units")
    of_x, of_y = ranks_within(x, codes), ranks_within(y, codes)
    products = np.column_stack([of_x * of_y, of_x**2, of_y**2])
    sums = np.zeros((len(clusters), 3))
    np.add.at(sums, numbers, products)
    cross, own_x, own_y = resampled_sums(sums, _RESAMPLES, context.seed).T
    draws = np.full(_RESAMPLES, np.nan)
    np.divide(cross, np.sqrt(own_x * own_y), out=draws, where=own_x * own_y > 0)
    draws = np.clip(point + few_clusters_factor(len(clusters)) * (draws - point), -1, 1)
    return estimate(point, draws, n, _METHOD)


def _agreement(candidates: Array, technical: Array, business: Array) -> float | None:
    """Rank correlation of the candidates' means; None below three candidates that have both."""
    means = []
    for name in np.unique(candidates):
        x, y = (each[(candidates == name) & ~np.isnan(each)] for each in (technical, business))
        if len(x) and len(y):
            means.append((x.mean(), y.mean()))
    if len(means) < _FEWEST_CANDIDATES:
        return None
    of_technical, of_business = np.array(means).T
    return spearman_within(of_technical, of_business, np.zeros(len(means)))


def _finding(found: Estimate) -> Literal["moves", "nothing", "unclear", "constant"]:
    if found.value is None:
        return "constant"
    if found.low is None or found.high is None:
        return "unclear"
    if found.low > 0 or found.high < 0:
        return "moves" if abs(found.value) >= _WORTH_NAMING else "nothing"
    return "nothing" if max(-found.low, found.high) < 2 * _WORTH_NAMING else "unclear"
