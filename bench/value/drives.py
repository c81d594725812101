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
    """Item means of all candidates under each other: one row an item and candidate."""

    candidates: Array
    clusters: Array
    columns: Mapping[str, Array]


def drives(context: Context, found: Mapping[str, Measured]) -> list[DriveTest]:
    """Every link that the suite states, tested on the run's data."""
    known = [each for each in found.values() if each.items is not None]
    stated = context.suite.file.drives
    if not known or not stated:
        return []
    rows = _rows(context, known, stated)
    return [_tested(context, name, metric, rows) for name, metric in stated.items()]


def _rows(context: Context, known: Sequence[Measured], stated: Mapping[str, str]) -> _Rows:
    parts: dict[str, list[Array]] = {name: [] for name in (*stated, *stated.values(), "")}
    candidates, clusters = [], []
    for at, each in enumerate(known):
        assert each.items is not None
        n = len(each.items.table)
        candidates.append(np.full(n, float(at)))
        clusters.append(each.items.clusters)
        columns = dict(zip(each.items.names, each.items.table.T, strict=True))
        for name in stated:
            parts[name].append(_by_item(context, each.rows, _column(name, each.rows)))
        for metric in set(stated.values()):
            parts[metric].append(_better(context, each.rows, columns, metric))
        parts[""].append(worth.value(columns, context.mean, context.business))
    stacked = {name: np.concatenate(each) for name, each in parts.items() if each}
    return _Rows(np.concatenate(candidates), np.concatenate(clusters), stacked)


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
    with_metric = _association(context, rows, name, metric)
    return DriveTest(
        technical=name,
        drives=metric,
        association=with_metric,
        with_value=_association(context, rows, name, ""),
        rank_agreement=_agreement(rows, name, metric),
        candidates=len(np.unique(rows.candidates)),
        finding=_finding(with_metric),
    )


def _association(context: Context, rows: _Rows, technical: str, business: str) -> Estimate:
    """Spearman's rho with the candidate held fixed; ranks are kept while clusters are resampled."""
    x, y = rows.columns[technical], rows.columns[business]
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


def _agreement(rows: _Rows, technical: str, business: str) -> float | None:
    """Rank correlation of the candidates' means; None below three candidates."""
    names = np.unique(rows.candidates)
    if len(names) < _FEWEST_CANDIDATES:
        return None
    means = []
    for column in (technical, business):
        parts = [rows.columns[column][rows.candidates == name] for name in names]
        means.append(
            [part[~np.isnan(part)].mean() if (~np.isnan(part)).any() else np.nan for part in parts]
        )
    return spearman_within(means[0], means[1], np.zeros(len(names)))


def _finding(found: Estimate) -> Literal["moves", "nothing", "unclear", "constant"]:
    if found.value is None:
        return "constant"
    if found.low is None or found.high is None:
        return "unclear"
    if found.low > 0 or found.high < 0:
        return "moves" if abs(found.value) >= _WORTH_NAMING else "nothing"
    return "nothing" if max(-found.low, found.high) < 2 * _WORTH_NAMING else "unclear"
