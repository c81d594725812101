"""The impossible triangle: speciality, generality and economy of a suite's candidates.

- speciality: the share of the suite's answers that are usable (accepted or edited);
- generality: the plain mean of the usable shares on the other suites of the run that the candidate was
  measured on and on the suite's own shifted splits;
- economy: the part of today's cost that usable answers save, per unit of money spent to get them.

A candidate stands in the Pareto set when no other is at least as good on every axis and better on one. Axes
that no candidate has (generality, in a run of one suite without shifts) are left out for all; a candidate
that lacks an axis which another has cannot be compared and is left out of the set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.running.manifest import Manifest
from bench.types import Estimate
from bench.value.across.economy import economy
from bench.value.across.generality import Elsewhere, Split, narrowings, shift, splits
from bench.value.across.pareto import pareto_set, pareto_shares
from bench.value.across.records import Axis, Corner, Triangle
from bench.value.across.shares import Share, usable
from bench.value.assess import Assessed
from bench.value.assumed import Array
from bench.value.context import Context
from bench.value.estimates import unknown

_AXES: tuple[Axis, ...] = ("speciality", "generality", "economy")
_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class _Point:
    """A candidate's axes as numbers and as draws; those that it lacks are absent."""

    told: Mapping[Axis, Estimate]
    values: Mapping[Axis, float]
    draws: Mapping[Axis, Array]


@dataclass(frozen=True, slots=True)
class _Place:
    """A candidate among the others: None where it is not comparable."""

    in_pareto: bool | None = None
    frequency: float | None = None


def triangles(suites: Mapping[str, Assessed], manifest: Manifest) -> dict[str, Triangle]:
    """By suite, what its candidates reach on the three axes."""
    own = {
        suite: {
            name: share
            for name, found in each.measured.items()
            if (share := usable(found)) is not None
        }
        for suite, each in suites.items()
    }
    told = {}
    for suite, each in suites.items():
        shifted = splits(each.context, each.measured)
        beyond = {
            name: _elsewhere(suite, name, own, shifted.get(name, [])) for name in each.measured
        }
        told[suite] = _triangle(each, own[suite], beyond, manifest)
    return told


def _elsewhere(
    suite: str, name: str, own: Mapping[str, Mapping[str, Share]], shifted: Sequence[Split]
) -> Elsewhere:
    others = {
        other: shares[name] for other, shares in own.items() if other != suite and name in shares
    }
    return Elsewhere(others, shifted)


def _triangle(
    each: Assessed,
    own: Mapping[str, Share],
    beyond: Mapping[str, Elsewhere],
    manifest: Manifest,
) -> Triangle:
    points = {name: _point(each, name, own.get(name), beyond[name]) for name in each.measured}
    axes = [axis for axis in _AXES if any(axis in point.values for point in points.values())]
    best = {
        axis: max(point.values[axis] for point in points.values() if axis in point.values)
        for axis in axes
    }
    places = _places(points, axes)
    return Triangle(
        axes=axes,
        candidates={
            name: _corner(each.context, point, best, beyond[name], places.get(name, _Place()))
            for name, point in points.items()
        },
        narrowings=narrowings(own, beyond, manifest),
    )


def _point(each: Assessed, name: str, quality: Share | None, beyond: Elsewhere) -> _Point:
    money, money_draws = economy(each.context, each.measured[name], quality)
    told: dict[Axis, Estimate] = {
        "speciality": quality.estimate() if quality is not None else unknown(0, "no outcome"),
        "generality": beyond.estimate(),
        "economy": money,
    }
    draws: dict[Axis, Array | None] = {
        "speciality": quality.draws if quality is not None else None,
        "generality": beyond.draws(),
        "economy": money_draws,
    }
    return _Point(
        told,
        {axis: found.value for axis, found in told.items() if found.value is not None},
        {axis: found for axis, found in draws.items() if found is not None},
    )


def _places(points: Mapping[str, _Point], axes: Sequence[Axis]) -> dict[str, _Place]:
    """Who is in the Pareto set, and how often over joint resamples, of those with every axis."""
    names = [name for name, each in points.items() if all(axis in each.values for axis in axes)]
    if not axes or not names:
        return {}
    table = np.array([[points[name].values[axis] for axis in axes] for name in names])
    shares = None
    if all(axis in points[name].draws for name in names for axis in axes):
        columns = [[points[name].draws[axis][:_RESAMPLES] for axis in axes] for name in names]
        shares = pareto_shares(np.moveaxis(np.array(columns), 2, 0))
    return {
        name: _Place(bool(inside), None if shares is None else float(shares[at]))
        for at, (name, inside) in enumerate(zip(names, pareto_set(table), strict=True))
    }


def _corner(
    context: Context,
    point: _Point,
    best: Mapping[Axis, float],
    beyond: Elsewhere,
    place: _Place,
) -> Corner:
    return Corner(
        speciality=point.told["speciality"],
        generality=point.told["generality"],
        economy=point.told["economy"],
        normalised={
            axis: point.values[axis] / best[axis]
            if axis in point.values and best[axis] > 0
            else None
            for axis in _AXES
        },
        other_suites=list(beyond.suites),
        shifts=[shift(context, split) for split in beyond.splits],
        in_pareto=place.in_pareto,
        frequency=place.frequency,
        lacks=[axis for axis in best if axis not in point.values],
    )
