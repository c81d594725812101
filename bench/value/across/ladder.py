"""The adaptation ladder: the ways of asking one endpoint in order of effort, and where to stop climbing."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from bench.running.manifest import Manifest
from bench.value.across.records import Ladder, Rung, Step
from bench.value.across.rungs import height
from bench.value.across.step import Way, steps
from bench.value.assess import Assessed


def ladders(each: Assessed, manifest: Manifest) -> list[Ladder]:
    """A ladder for every endpoint that a suite's candidates ask in at least two ways, in the run's order."""
    rungs = _rungs(each, manifest)
    measured = {
        endpoint: [way for way in ways if each.measured[way.candidate].items is not None]
        for endpoint, ways in rungs.items()
    }
    told = steps(each, [pair for ways in measured.values() for pair in pairwise(ways)])
    return [
        _ladder(each, endpoint, rungs[endpoint], [told[pair] for pair in pairwise(ways)])
        for endpoint, ways in measured.items()
    ]


def _rungs(each: Assessed, manifest: Manifest) -> dict[str, list[Way]]:
    by_endpoint: dict[str, dict[str, Way]] = {}
    for name in each.measured:
        entry = manifest.candidates[name]
        # `gemma` and `gemma/direct` are the same way of asking: the first stands for both.
        ways = by_endpoint.setdefault(entry.endpoint, {})
        ways.setdefault(entry.strategy, Way(entry.strategy, name))
    return {
        endpoint: sorted(ways.values(), key=lambda way: (height(way.strategy), way.strategy))
        for endpoint, ways in by_endpoint.items()
        if len(ways) >= 2
    }


def _ladder(each: Assessed, endpoint: str, ways: Sequence[Way], climbed: Sequence[Step]) -> Ladder:
    names = [way.candidate for way in ways if each.measured[way.candidate].items is not None]
    return Ladder(
        endpoint=endpoint,
        rungs=[
            Rung(
                strategy=way.strategy,
                candidate=way.candidate,
                net_per_case=each.summary.candidates[way.candidate].net_per_case,
            )
            for way in ways
        ],
        steps=list(climbed),
        top=_top(names, climbed),
        best=max(names, key=lambda name: _over_horizon(each, name), default=None),
    )


def _top(names: Sequence[str], climbed: Sequence[Step]) -> str | None:
    """The rung below the first step whose expected net is not above zero, or not known."""
    for step in climbed:
        if step.net.value is None or step.net.value <= 0:
            return step.below
    return names[-1] if names else None


def _over_horizon(each: Assessed, name: str) -> float:
    told = {found.name: found.value.value for found in each.summary.candidates[name].horizons}
    value = told["horizon"]
    return -np.inf if value is None else value
