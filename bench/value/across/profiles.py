"""Deployment profiles side by side: what the best public, private and edge candidates of a suite bring."""

from collections.abc import Mapping, Sequence
from typing import get_args

from bench.running.manifest import CandidateEntry, Manifest
from bench.types import Estimate
from bench.value.across.choice import best_of
from bench.value.across.paired import paired
from bench.value.across.records import GateCounts, PrivacyCost, Profile, ProfileRow, Profiles
from bench.value.assess import Assessed
from bench.value.candidate_summary import GateResult
from bench.value.context import JOINT, Measured
from bench.value.estimates import estimate, quantile_of_latency, share_positive, unknown
from bench.value.worth import COST

PROFILES: tuple[Profile, ...] = get_args(Profile)


def profiles(each: Assessed, manifest: Manifest) -> Profiles:
    """The profiles that a suite's candidates have, and what leaving the public one costs."""
    members: dict[Profile, list[str]] = {profile: [] for profile in PROFILES}
    for name in each.measured:
        members[_profile(manifest.candidates[name])].append(name)
    best = {profile: best_of(each.summary, names) for profile, names in members.items()}
    return Profiles(
        rows=[_row(each, name, members[name], best[name]) for name in PROFILES if members[name]],
        privacy=_privacy(each, best),
    )


def _profile(entry: CandidateEntry) -> Profile:
    """Where a candidate runs; public, the most exposed, where its endpoint does not say."""
    told = entry.data.get("deployment")
    return next((profile for profile in PROFILES if profile == told), "public")


def _row(each: Assessed, profile: Profile, names: Sequence[str], best: str | None) -> ProfileRow:
    if best is None:
        nothing = unknown(0, "no outcome")
        return ProfileRow(
            profile=profile,
            candidates=list(names),
            best=None,
            value_per_case=nothing,
            p_positive=None,
            latency_p50_s=nothing,
            latency_p95_s=nothing,
            cost_per_case=nothing,
            gates=None,
            decision=None,
        )
    told, found = each.summary.candidates[best], each.measured[best]
    seconds = found.rows["latency_s"].to_numpy(dtype=float)
    return ProfileRow(
        profile=profile,
        candidates=list(names),
        best=best,
        value_per_case=told.value_per_case,
        p_positive=told.p_positive,
        latency_p50_s=quantile_of_latency(seconds, 0.5),
        latency_p95_s=quantile_of_latency(seconds, 0.95),
        cost_per_case=_cost(found),
        gates=_counts(told.gates),
        decision=told.verdict.decision,
    )


def _cost(found: Measured) -> Estimate:
    if found.items is None or not found.items.cost_known:
        return unknown(0, "the price of calls is not known")
    draws = found.features[COST] if found.features is not None else None
    point = float(found.items.means()[COST][0])
    return estimate(point, draws, int(found.items.present.sum()), JOINT)


def _counts(gates: Sequence[GateResult]) -> GateCounts:
    held = [gate.held for gate in gates]
    return GateCounts(held=held.count(True), open=held.count(None), broken=held.count(False))


def _privacy(each: Assessed, best: Mapping[Profile, str | None]) -> list[PrivacyCost]:
    """The best public candidate less the best of each closer profile, on the trials that both answered."""
    public = best["public"]
    closer = {
        profile: name for profile, name in best.items() if profile != "public" and name is not None
    }
    if public is None or not closer:
        return []
    gaps = paired(each, [(name, public) for name in closer.values()])
    return [
        PrivacyCost(
            profile=profile,
            public=public,
            closer=name,
            difference=gaps[name, public].value,
            p_public_better=None
            if (draws := gaps[name, public].draws) is None
            else share_positive(draws),
        )
        for profile, name in closer.items()
    ]
