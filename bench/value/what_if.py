"""The stored resamples of one suite, from which every figure is recomputed under other assumptions.

A value is linear in what answers do, and what they do does not depend on assumptions. So the features'
draws and the assumptions' draws, side by side, give every interval and chance at any assumptions
(the page does, in what_if.js; tests hold it against the engine). Two bytes a draw and a budget of bytes keep a page
small: where all draws do not fit, a sample of them is taken that keeps the chances.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bench.suites.model import SHARES, Business, Shape
from bench.types import Record, Text
from bench.value import worth
from bench.value.assess import Assessed
from bench.value.assumed import Array, Assumed
from bench.value.candidate_summary import BusinessMetric, GateResult, LossShare
from bench.value.context import Context, Measured
from bench.value.money import over
from bench.value.sample import RESAMPLES
from bench.value.stored_draws import Draws, packed, thinned, unpacked
from bench.value.stored_slices import (
    BYTES,
    SliceDraws,
    bytes_of_slices,
    draws_of_a_slice,
    means_of,
    stored_slices,
    unseen,
    varying,
)
from bench.value.verdict import ASKED_BY_STAGE

BUDGET = 190_000
"""Bytes of base64 that the draws of a suite may take, so that four suites take 1.1 MB."""
FEWEST = 1_000
"""Draws that are stored in any case: below these a chance says little."""
_FOR_SLICES = 0.3


class AssumptionDraws(Record):
    """One assumption with its distribution."""

    name: str
    low: float
    base: float
    high: float
    shape: Shape
    mean: float
    placeholder: bool
    is_share: bool
    draws: Draws


class CandidateDraws(Record):
    """What a candidate's answers showed, and what the verdict needs that assumptions do not change.

    `means` are empty where nothing has an outcome, `draws` (with harm drawn anew) also where fewer than two
    clusters have one. `unseen` is the part of the drawn harm that no item showed, which counts as the suite's
    ordinary class. `accepted` are draws of the share of accepted answers as it was seen, for stages that ask
    what an accepted answer costs. `effort` names the assumption of what preparing its strategy costs.
    """

    coverage: float
    items: int
    clusters: int
    cost_known: bool
    effort: str | None
    unseen: float
    means: dict[str, float]
    draws: dict[str, Draws]
    accepted: Draws | None
    gates: list[GateResult]
    losses: list[LossShare]
    metrics: dict[str, BusinessMetric]
    slices: list[SliceDraws]


class WhatIf(Record):
    """Features and assumptions of one suite as draws: `stored` of the `of` that its summary rests on."""

    stage: Literal["exploration", "acceleration", "growth", "maturity"]
    business: Business
    stored: int
    of: int
    compared: int
    features: list[str]
    assumptions: list[AssumptionDraws]
    slice_titles: dict[str, Text]
    candidates: dict[str, CandidateDraws]


def what_if(assessed: Assessed, budget: int = BUDGET) -> WhatIf | None:
    """What recomputing a suite takes, its draws in about `budget` bytes; None where nothing has an outcome."""
    about, found = assessed.context, assessed.measured
    if all(each.items is None for each in found.values()):
        return None
    of_a_slice = draws_of_a_slice(assessed, budget * _FOR_SLICES)
    kept = _kept(assessed, budget - bytes_of_slices(assessed, of_a_slice))
    assumptions = _assumptions(about, kept)
    drawn = Assumed({each.name: unpacked(each.draws, len(kept)) for each in assumptions})
    slices = stored_slices(assessed, drawn, of_a_slice)
    eligible = {each.slice for parts in slices.values() for each in parts}
    return WhatIf(
        stage=about.suite.file.stage,
        business=about.business,
        stored=len(kept),
        of=RESAMPLES,
        compared=sum(each.net is not None for each in found.values()),
        features=worth.feature_names(about.business),
        assumptions=assumptions,
        slice_titles={
            each.slice: each.title
            for candidate in assessed.summary.candidates.values()
            for each in candidate.slices
            if each.slice in eligible
        },
        candidates={name: _candidate(assessed, name, kept, slices[name]) for name in found},
    )


def _kept(assessed: Assessed, budget: float) -> NDArray[np.intp]:
    """Which draws are stored: all, or as many as fit."""
    columns = sum(len(varying(each, assessed.context)) for each in assessed.measured.values())
    columns += len(assessed.context.drawn.draws)
    stored = int(np.clip(budget / (BYTES * columns), FEWEST, RESAMPLES))
    known = [each for each in assessed.measured.values() if each.net is not None]
    if not known:
        return np.arange(FEWEST)
    return np.arange(RESAMPLES) if stored == RESAMPLES else thinned(_kinds(assessed, known), stored)


def _kinds(assessed: Assessed, known: Sequence[Measured]) -> list[Array]:
    """What a sample of the draws must keep: who gains by the case and over the horizon, who is best, how much."""
    context = assessed.context
    months, drawn = context.business.months, context.drawn
    nets = [each.net for each in known if each.net is not None]
    horizons = [over(context, e, e.value, drawn, months) for e in known if e.value is not None]
    table = np.nan_to_num(np.column_stack(nets), nan=-np.inf)
    leading = max(nets, key=lambda net: float(np.nanmean(net)))
    gains = [leading > 0, *(each > 0 for each in (*nets, *horizons))]
    return [each.astype(float) for each in (*gains, table.argmax(axis=1), leading)]


def _assumptions(context: Context, kept: NDArray[np.intp]) -> list[AssumptionDraws]:
    return [
        AssumptionDraws(
            name=name,
            low=each.lower,
            base=each.base,
            high=each.upper,
            shape=each.shape,
            mean=float(context.mean[name][0]),
            placeholder=each.placeholder,
            is_share=name in SHARES,
            draws=packed(context.drawn[name][kept]),
        )
        for name, each in context.business.assumptions()
    ]


def _candidate(
    assessed: Assessed, name: str, kept: NDArray[np.intp], slices: list[SliceDraws]
) -> CandidateDraws:
    context, found = assessed.context, assessed.measured[name]
    told, items = assessed.summary.candidates[name], found.items
    effort = f"effort.{context.planned.strategies.get(name)}"
    asked = ASKED_BY_STAGE.get(context.suite.file.stage, ())
    accepted = None
    if found.features is not None and "cost_per_accepted" in asked:
        accepted = packed(found.features[worth.ACCEPT][kept])
    return CandidateDraws(
        coverage=told.coverage,
        items=told.items,
        clusters=found.clusters,
        cost_known=bool(items and items.cost_known),
        effort=effort if effort in context.mean.draws else None,
        unseen=0.0 if items is None else unseen(context, items),
        means={} if items is None else means_of(items.means(), context.business),
        draws={} if found.risked is None else _draws(found, context, kept),
        accepted=accepted,
        gates=told.gates,
        losses=told.losses,
        metrics={each: told.metrics[each] for each in asked},
        slices=slices,
    )


def _draws(found: Measured, context: Context, kept: NDArray[np.intp]) -> dict[str, Draws]:
    """Draws of the features; acceptance has no price, so that its mean will do."""
    assert found.risked is not None
    told = {name: found.risked[name][kept] for name in worth.feature_names(context.business)}
    mean = float(np.nanmean(found.risked[worth.ACCEPT]))
    return {name: packed(draws) for name, draws in told.items()} | {
        worth.ACCEPT: Draws(low=mean, high=mean)
    }
