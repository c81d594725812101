"""A suite under other assumptions, from its stored draws: what the page computes, by the functions of the summary."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.suites.load import Suite
from bench.suites.model import Business, SuiteFile
from bench.types import Estimate, Record
from bench.value import worth
from bench.value.assess import suite_verdict
from bench.value.assumed import Array, Assumed
from bench.value.candidate import standings
from bench.value.candidate_summary import (
    BusinessMetric,
    CandidateSummary,
    CandidateVerdict,
    GateResult,
    HorizonValue,
    LossShare,
    Sensitivity,
    SliceValue,
)
from bench.value.context import JOINT, Context, Measured, Planned, discounted_months
from bench.value.estimates import estimate, share_positive
from bench.value.flows import flows, placeholder_share
from bench.value.information import information
from bench.value.measure import fixed_share, net_of_fixed_cost
from bench.value.metrics import METRICS
from bench.value.money import horizons, monthly, net_per_case, per_case, spread
from bench.value.rare import ordinary_class
from bench.value.sample import Items
from bench.value.sensitivity import sensitivity
from bench.value.stored_draws import Draws, unpacked
from bench.value.stored_slices import SliceDraws
from bench.value.summary import SuiteVerdict
from bench.value.verdict import Evidence, bar_at, verdict
from bench.value.what_if import CandidateDraws, WhatIf

QUANTILES = 50
"""Equally likely values of a dot plot."""


class CandidateResult(Record):
    """What a report would say of a candidate; the fields are those of its summary."""

    items: int
    value_per_case: Estimate
    net_per_case: Estimate
    value_per_month: Estimate
    horizon: HorizonValue
    p_positive: float | None
    p_best: float | None
    quantiles: list[float]
    spread: dict[str, float | None]
    placeholder_share: float | None
    losses: list[LossShare]
    gates: list[GateResult]
    sensitivity: list[Sensitivity]
    verdict: CandidateVerdict


class WhatIfResult(Record):
    """A suite under other assumptions."""

    candidates: dict[str, CandidateResult]
    verdict: SuiteVerdict


@dataclass(frozen=True, slots=True)
class _Supposing:
    """The stored suite under other assumptions, as the value engine holds a suite."""

    stored: WhatIf
    context: Context
    found: Mapping[str, Measured]
    p_best: Mapping[str, float | None]


def evaluated(whatif: WhatIf, changes: Mapping[str, float]) -> WhatIfResult:
    """The suite with some assumptions at fixed values, as with bare numbers in an assumptions file.

    A changed assumption keeps its source, or that it is a placeholder. Raises KeyError for an assumption
    that the suite does not have, ValueError for a value that none can have.
    """
    about = _context(whatif, changes)
    found = {name: _measured(whatif, each, about, name) for name, each in whatif.candidates.items()}
    best = {name: each.p_best for name, each in standings(found).items()}
    supposing = _Supposing(whatif, about, found, best)
    told = {name: _candidate(supposing, name) for name in found}
    summaries = {
        name: CandidateSummary.model_construct(None, **dict(each)) for name, each in told.items()
    }
    bar = bar_at(whatif.stage, whatif.compared)
    return WhatIfResult(candidates=told, verdict=suite_verdict(summaries, bar))


def reassumed(business: Business, changes: Mapping[str, float]) -> Business:
    """The business with some assumptions at fixed values."""
    known = dict(business.assumptions())
    data = business.model_dump()
    for name, value in changes.items():
        if name not in known:
            raise KeyError(name)
        place = data
        for parent in name.split("."):
            place = place[int(parent)] if isinstance(place, list) else place[parent]
        place |= {"low": None, "base": float(value), "high": None, "shape": "pert"}
    return Business.model_validate(data)


def _context(whatif: WhatIf, changes: Mapping[str, float]) -> Context:
    business = reassumed(whatif.business, changes)
    of_file: dict[str, Any] = {"stage": whatif.stage, "business": business}
    mean = {each.name: np.array([each.mean]) for each in whatif.assumptions}
    drawn = {each.name: unpacked(each.draws, whatif.stored) for each in whatif.assumptions}
    for name, value in changes.items():
        mean[name], drawn[name] = np.array([float(value)]), np.full(whatif.stored, float(value))
    strategies = {
        name: each.effort.removeprefix("effort.")
        for name, each in whatif.candidates.items()
        if each.effort is not None
    }
    months = (business.horizon.pilot_months, 12, business.months)
    return Context(
        suite=Suite(Path(), SuiteFile.model_construct(None, **of_file), ()),
        clusters={},
        tags={},
        planned=Planned((), 1, strategies),
        mean=Assumed(mean),
        drawn=Assumed(drawn),
        discounted={each: discounted_months(each, Assumed(drawn)) for each in months},
        seed=0,
    )


def _measured(whatif: WhatIf, stored: CandidateDraws, context: Context, name: str) -> Measured:
    """The candidate as if every item had shown the mean of all."""
    items = risked = value = net = None
    if stored.means:
        table = np.tile([stored.means[each] for each in whatif.features], (stored.items, 1))
        clusters = np.arange(stored.items)
        items = Items(whatif.features, table, clusters, np.ones(len(table)), stored.cost_known, 0.0)
    if stored.draws:
        risked = _risked(whatif, stored.draws, whatif.stored, stored.unseen, context)
        value = worth.value(risked, context.drawn, context.business)
        net = net_of_fixed_cost(value, context.drawn, context)
    return Measured(name, pd.DataFrame(), items, stored.clusters, None, risked, value, net)


def _risked(
    whatif: WhatIf, stored: Mapping[str, Draws], size: int, unseen: float, context: Context
) -> dict[str, Array]:
    """Draws of the features; harm that no item showed is of what is now the ordinary class."""
    nothing = Draws(low=0.0, high=0.0)
    told = {name: unpacked(stored.get(name, nothing), size) for name in whatif.features}
    before, after = ordinary_class(whatif.business), ordinary_class(context.business)
    if before is not None and after is not None and before != after:
        harm = sum(told[name] for name in told if name.startswith(worth.HARM))
        told[worth.HARM + before] = told[worth.HARM + before] - unseen * harm
        told[worth.HARM + after] = told[worth.HARM + after] + unseen * harm
    return told


def _candidate(supposing: _Supposing, name: str) -> CandidateResult:
    context, found = supposing.context, supposing.found[name]
    evidence, horizon = _evidence(supposing, name), horizons(context, found)[-1]
    return CandidateResult(
        items=evidence.value.n,
        value_per_case=evidence.value,
        net_per_case=net_per_case(context, found),
        value_per_month=monthly(context, found),
        horizon=horizon,
        p_positive=evidence.p_positive,
        p_best=evidence.p_best,
        quantiles=_quantiles(found.net),
        spread={**spread(context, found)},
        placeholder_share=placeholder_share(flows(context, found)),
        losses=_losses(supposing.stored.candidates[name], context),
        gates=list(evidence.gates),
        sensitivity=list(evidence.sensitivity),
        verdict=verdict(context.suite.file, evidence),
    )


def _evidence(supposing: _Supposing, name: str) -> Evidence:
    context, found = supposing.context, supposing.found[name]
    stored = supposing.stored.candidates[name]
    return Evidence(
        coverage=stored.coverage,
        clusters=stored.clusters,
        value=per_case(context, found),
        net=net_per_case(context, found).value,
        p_positive=None if found.net is None else share_positive(found.net),
        p_best=supposing.p_best.get(name),
        compared=supposing.stored.compared,
        information=information(context, [found]),
        gates=stored.gates,
        slices=[_slice(supposing, each) for each in stored.slices],
        metrics=_metrics(supposing, name),
        sensitivity=sensitivity(context, found),
        human_cost=float(worth.human_cost(context.mean, context.business)[0]),
        months=context.business.months,
        p_horizon=horizons(context, found)[-1].p_positive,
        cost_known=stored.cost_known,
    )


def _quantiles(net: Array | None) -> list[float]:
    if net is None:
        return []
    shares = (np.arange(QUANTILES) + 0.5) / QUANTILES
    return [float(each) for each in np.nanquantile(net, shares)]


def _losses(stored: CandidateDraws, context: Context) -> list[LossShare]:
    """Every class of error, dearest first; its rate stays, its cost does not."""
    told = []
    for each in stored.losses:
        one = {worth.HARM + each.error_class: np.ones(1)}
        cost = float(worth.escaped_loss(one, context.mean, [each.error_class])[0])
        money = {"expected_loss": each.rate * cost, "expected_loss_upper": each.rate_upper * cost}
        told.append(each.model_copy(update=money))
    return sorted(told, key=lambda each: (-each.expected_loss, -each.expected_loss_upper))


def _slice(supposing: _Supposing, stored: SliceDraws) -> SliceValue:
    context, whatif = supposing.context, supposing.stored
    means = {name: np.array([stored.means.get(name, 0.0)]) for name in whatif.features}
    point = float(worth.value(means, context.mean, context.business)[0]) - fixed_share(context)
    return SliceValue(
        slice=stored.slice,
        title=whatif.slice_titles[stored.slice],
        known_before=True,
        items=stored.items,
        clusters=stored.clusters,
        value_per_case=estimate(point, None, stored.items, JOINT),
        p_positive=_chance(supposing, stored),
    )


def _chance(supposing: _Supposing, stored: SliceDraws) -> float:
    """The chance of a gain in a slice: that of the draws which lost before and of those which gained."""
    context = supposing.context
    at = np.rint(unpacked(stored.at, stored.stored)).astype(int)
    here = Assumed({name: draws[at] for name, draws in context.drawn.draws.items()})
    risked = _risked(supposing.stored, stored.draws, stored.stored, stored.unseen, context)
    gains = net_of_fixed_cost(worth.value(risked, here, context.business), here, context) > 0
    sizes = np.rint(unpacked(stored.sizes, stored.stored))
    lost, gained = slice(0, stored.losing), slice(stored.losing, None)
    parts = ((1 - stored.chance, lost), (stored.chance, gained))
    known = [(weight, part) for weight, part in parts if sizes[part].sum() > 0]
    told = sum(weight * ((gains * sizes)[part].sum() / sizes[part].sum()) for weight, part in known)
    return float(told / sum(weight for weight, _ in known))


def _metrics(supposing: _Supposing, name: str) -> dict[str, BusinessMetric]:
    """What the stage's verdict rests on; of these only the cost of an accepted answer depends on assumptions."""
    context, stored = supposing.context, supposing.stored.candidates[name]
    told, found = dict(stored.metrics), supposing.found[name]
    if "cost_per_accepted" not in told or found.items is None:
        return told
    of, draws = METRICS["cost_per_accepted"].of, None
    point = float(of(found.items.means(), context.mean, context.business)[0])
    if stored.accepted is not None and found.risked is not None:
        accepted = unpacked(stored.accepted, supposing.stored.stored)
        features = {**found.risked, worth.ACCEPT: accepted}
        draws = of(features, context.drawn, context.business)
        draws = np.where(np.isnan(draws), np.inf, draws)
    whole = estimate(point, draws, stored.items, JOINT)
    bounds = {"value": whole.value, "low": whole.low, "high": whole.high}
    told["cost_per_accepted"] = told["cost_per_accepted"].model_copy(update=bounds)
    return told
