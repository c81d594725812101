"""From numbers to a decision: the adoption stage picks the rule, and every verdict carries its grounds."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bench.suites.model import ATTESTED, STAGES, SuiteFile
from bench.types import Decision, Estimate, Text
from bench.value.candidate_summary import (
    BusinessMetric,
    CandidateVerdict,
    GateResult,
    Information,
    NextStage,
    Reason,
    Sensitivity,
    SliceValue,
)
from bench.value.information import learning
from bench.value.summary import Change
from bench.wording.catalogue import say

SURE, FEASIBLE = 0.9, 0.8
"""P(value > 0) from which a measured scenario goes on (acceleration and later) and an exploration does."""
ENOUGH_IN_TIME = 0.9
ENOUGH_RELIABLE = 0.9
FEWEST_CLUSTERS, FEWEST_CLUSTERS_OF_A_SLICE = 10, 5
"""Below these a bootstrap says little: no verdict above iterate, and no slice to pilot."""
ASKED_BY_STAGE: dict[str, tuple[str, ...]] = {
    "growth": ("within_sla", "cost_per_accepted"),
    "maturity": ("within_sla", "cost_per_accepted", "pass_hat_k"),
}
"""Metrics that a stage's verdict rests on, whether or not the suite lists them."""
ORDER: tuple[Decision, ...] = ("stop", "iterate", "pilot", "deploy")
_BY_MONEY: dict[str, Decision] = {
    "sure": "deploy",
    "slices": "pilot",
    "gains_unsure": "iterate",
    "open": "iterate",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict on one candidate rests on."""

    coverage: float
    clusters: int
    value: Estimate
    net: float | None
    p_positive: float | None
    p_best: float | None
    compared: int
    """Candidates that were measured: the best of several is good by chance more often than one."""
    information: Information | None
    gates: Sequence[GateResult]
    slices: Sequence[SliceValue]
    metrics: Mapping[str, BusinessMetric]
    sensitivity: Sequence[Sensitivity]
    human_cost: float
    months: int
    p_horizon: float | None
    """The chance that the money of so many months, start cost included, is above zero."""
    cost_known: bool = True


def verdict(file: SuiteFile, evidence: Evidence) -> CandidateVerdict:
    """What to do with a candidate, by the suite's adoption stage."""
    floor = file.business.coverage_floor
    if evidence.coverage == 0:
        return CandidateVerdict(decision="iterate", reasons=[reason("not_measured")])
    if evidence.p_positive is None or evidence.clusters < FEWEST_CLUSTERS:
        told = reason("too_few", have=evidence.clusters, needed=FEWEST_CLUSTERS)
        return CandidateVerdict(decision="iterate", reasons=[told])
    if evidence.coverage < floor:
        told = reason("coverage", have=f"{evidence.coverage:.0%}", floor=f"{floor:.0%}")
        return CandidateVerdict(decision="iterate", reasons=[told])
    money, slices = _by_money(file, evidence)
    reasons = [money]
    decision = _BY_MONEY.get(money.code, "stop")
    if decision == "stop":
        return CandidateVerdict(decision="stop", reasons=reasons)
    for limit, ground in (*_by_gates(file, evidence), *_by_stage(file, evidence)):
        reasons.append(ground)
        decision = min(decision, limit, key=ORDER.index)
    if decision == "deploy" and not evidence.cost_known:
        reasons.append(reason("price_unknown"))
        decision = "pilot"
    bar = bar_at(file.stage, evidence.compared)
    if decision == "deploy" and (evidence.p_horizon or 0) < bar:
        reasons.append(_start_not_earned(evidence, bar))
        decision = "pilot"
    doubtful = decisive_placeholders(evidence.sensitivity)
    if decision == "deploy" and doubtful:
        reasons.append(
            reason("placeholder", names="、".join(doubtful), names_en=", ".join(doubtful))
        )
        decision = "pilot"
    return CandidateVerdict(
        decision=decision, reasons=reasons, slices=slices if decision == "pilot" else []
    )


def bar_at(stage: str, compared: int) -> float:
    """The chance of a gain that a candidate needs. Bonferroni: the best of many is good by chance."""
    one = FEASIBLE if stage == "exploration" else SURE
    return 1 - (1 - one) / max(1, compared)


def _start_not_earned(evidence: Evidence, bar: float) -> Reason:
    return reason(
        "start_not_earned",
        months=evidence.months,
        chance=_percent(evidence.p_horizon or 0.0),
        bar=f"{bar:.0%}",
    )


def _by_money(file: SuiteFile, evidence: Evidence) -> tuple[Reason, list[str]]:
    """Whether the money speaks for it: overall, in some slices, not yet, or not at all."""
    assert evidence.p_positive is not None
    bar = bar_at(file.stage, evidence.compared)
    chance = _percent(evidence.p_positive)
    eligible = [
        each
        for each in evidence.slices
        if each.known_before and each.clusters >= FEWEST_CLUSTERS_OF_A_SLICE
    ]
    slice_bar = 1 - (1 - bar) / max(1, len(eligible))  # and so is one of many slices
    good = [each for each in eligible if (each.p_positive or 0) >= slice_bar]
    names = [each.slice for each in good]
    if evidence.p_positive >= bar:
        return reason("sure", chance=chance, bar=f"{bar:.0%}"), names
    if good:
        shown = sorted(good, key=lambda each: -(each.value_per_case.value or 0.0))[:4]
        told = reason(
            "slices",
            chance=chance,
            bar=f"{bar:.0%}",
            slices="、".join(each.title.zh for each in shown),
            slices_en=", ".join(each.title.en for each in shown),
        )
        return told, names
    if (evidence.net or 0.0) > 0:
        return reason("gains_unsure", chance=chance, bar=f"{bar:.0%}"), []
    learning_pays = evidence.p_positive > 1 - SURE
    if evidence.information is not None and evidence.information.next_round_cost is not None:
        learning_pays = learning(evidence.information) > evidence.information.next_round_cost
    if learning_pays:
        return reason("open", chance=chance, bar=f"{bar:.0%}"), []
    return reason("not_worth", chance=chance), []


def _by_gates(file: SuiteFile, evidence: Evidence) -> list[tuple[Decision, Reason]]:
    found: list[tuple[Decision, Reason]] = []
    for gate in evidence.gates:
        if not gate.hard or gate.held is True:
            continue
        told = {
            "gate": gate.title.zh, "gate_en": gate.title.en, "events": gate.events, "n": gate.n,
            "bound": f"{gate.bound:.1%}", "limit": f"{gate.limit:.1%}",
        }  # fmt: skip
        if gate.held is False:
            found.append(("iterate", reason("gate_broken", **told)))
        elif file.stage != "exploration":
            more = "?" if gate.more_items is None else gate.more_items
            found.append(("iterate", reason("gate_unproven", more=more, **told)))
        elif points_beyond(gate):
            found.append(("iterate", reason("gate_pointing", **told)))
        else:
            found.append(("pilot", reason("gate_unproven_exploring", **told)))
    return found


def points_beyond(gate: GateResult) -> bool:
    """Whether what was observed lies beyond the limit, though the items are too few to prove it."""
    if gate.n == 0:
        return False
    observed = gate.events / gate.n
    return observed > gate.limit if gate.side == "upper" else observed < gate.limit


def _by_stage(file: SuiteFile, evidence: Evidence) -> list[tuple[Decision, Reason]]:
    """What the stage asks beyond money and gates; anything not met allows a pilot at most."""
    if file.stage == "exploration":
        return [("pilot", reason("exploring"))]
    return [("pilot", ground) for ground in unmet(file.stage, file, evidence)]


def unmet(stage: str, file: SuiteFile, evidence: Evidence) -> list[Reason]:
    """What growth and maturity ask of bounds, not of points, and the candidate does not show."""
    found: list[Reason] = []
    if stage in ("growth", "maturity"):
        if _bound(evidence, "within_sla", "low", below=0.0) < ENOUGH_IN_TIME:
            found.append(reason("too_slow", bar=f"{ENOUGH_IN_TIME:.0%}"))
        if _bound(evidence, "cost_per_accepted", "high", below=math.inf) > evidence.human_cost:
            found.append(reason("accepted_too_dear"))
        if (evidence.p_best or 0) < FEASIBLE:
            found.append(reason("not_surely_best", bar=f"{FEASIBLE:.0%}"))
    if stage == "maturity":
        if _bound(evidence, "pass_hat_k", "low", below=0.0) < ENOUGH_RELIABLE:
            found.append(reason("not_reliable", bar=f"{ENOUGH_RELIABLE:.0%}"))
        found += [
            reason(f"not_attested_{name}")
            for name in ATTESTED
            if name not in file.business.attested or not file.business.attested[name].met
        ]
    return found


def _bound(evidence: Evidence, metric: str, side: Literal["low", "high"], *, below: float) -> float:
    """A bound of a metric; `below` where it was not measured or has none."""
    found = evidence.metrics.get(metric)
    bound = None if found is None else getattr(found, side)
    return below if bound is None else float(bound)


def next_stage(file: SuiteFile, evidence: Evidence) -> NextStage | None:
    """What the stage after the suite's own would ask; None at the last, or where nothing has an outcome."""
    at = STAGES.index(file.stage)
    if at + 1 == len(STAGES) or evidence.p_positive is None:
        return None
    stage = STAGES[at + 1]
    asked = list(unmet(stage, file, evidence))
    bar = bar_at(stage, evidence.compared)
    if evidence.p_positive < bar:
        asked.insert(0, reason("asks_gain", chance=_percent(evidence.p_positive), bar=f"{bar:.0%}"))
    if (evidence.p_horizon or 0) < bar:
        asked.append(_start_not_earned(evidence, bar))
    open_gates = [gate for gate in evidence.gates if gate.hard and gate.held is not True]
    asked += [reason("asks_gate", gate=gate.title.zh, gate_en=gate.title.en) for gate in open_gates]
    return NextStage(stage=stage, unmet=asked)


def decisive_placeholders(sensitivity: Sequence[Sensitivity]) -> list[str]:
    """Placeholder assumptions whose plausible range holds the point where the value turns negative.

    One without a range is not thereby exact: half and twice of it are taken.
    """
    return [
        row.assumption
        for row in sensitivity
        if row.of == "case" and row.placeholder and row.break_even is not None and _plausible(row)
    ]


def _plausible(row: Sensitivity) -> bool:
    assert row.break_even is not None
    if row.low == row.high:
        return row.base / 2 <= row.break_even <= row.base * 2
    return row.low <= row.break_even <= row.high


def resting(share: float) -> Reason:
    """How much of the money in a verdict nobody vouches for."""
    return reason("resting", share=_percent(share))


def changes(
    sensitivity: Sequence[Sensitivity],
    gates: Sequence[GateResult],
    items: int,
    needed: int | None,
    decision: Decision,
) -> list[Change]:
    """What would change the verdict: break-evens within reach, gates not proven, items `needed` beyond `items`.

    Where the money speaks against a candidate (`decision` is stop), no gate that holds would change that.
    """
    found: list[Change] = []
    for row in sensitivity:
        if row.of != "case" or row.break_even is None:
            continue
        if row.low <= row.break_even <= row.high:
            told = {"name": row.assumption, "base": _short(row.base), "to": _short(row.break_even)}
            text = sentence("change_assumption", **told)
            found.append(_change("assumption", row.assumption, row.base, row.break_even, text))
    for gate in gates if decision != "stop" else ():
        if gate.held is None:
            more = gate.more_items
            text = sentence(
                "change_gate",
                gate=gate.title.zh,
                gate_en=gate.title.en,
                more="?" if more is None else more,
            )
            enough = None if more is None else float(gate.n + more)
            change = _change("gate", gate.metric, float(gate.n), enough, text)
            found.append(change.model_copy(update={"bound": gate.bound, "limit": gate.limit}))
    if needed is not None:
        text = sentence("change_items", more=needed)
        found.append(_change("items", "items", float(items), float(items + needed), text))
    return found


def _change(kind: str, name: str, start: float, to: float | None, text: Text) -> Change:
    told = {"kind": kind, "name": name, "from": start, "to": to, "text": text}
    return Change.model_validate(told)


def items_to_be_sure(
    items: int,
    mean: float | None,
    of_items: float | None,
    of_assumptions: float | None,
    bar: float = SURE,
) -> int | None:
    """Items still needed until the chance of a gain passes the bar, if the mean stays where it is.

    `of_items` and `of_assumptions` are standard deviations of the mean from either source. None when it is
    sure already, when the mean is no gain, or when the assumptions alone are too wide: then measuring them
    helps and more items do not.
    """
    if mean is None or mean <= 0 or not of_items:
        return None
    from scipy.special import ndtri  # half a second

    room = (mean / float(ndtri(bar))) ** 2 - (of_assumptions or 0.0) ** 2
    if room <= 0 or room >= of_items**2:
        return None
    return max(1, math.ceil(items * of_items**2 / room) - items)


def _short(number: float) -> str:
    return f"{number:.3g}" if abs(number) < 1000 else f"{number:,.0f}"


def _percent(share: float) -> str:
    if share > 0.99:
        return ">99%"
    return "<1%" if share < 0.01 else f"{share:.0%}"


def reason(code: str, **told: object) -> Reason:
    """One ground of a verdict, in both languages."""
    return Reason(code=code, text=sentence(code, **told))


def sentence(code: str, **told: object) -> Text:
    """The sentence of a code; `name_en` slots replace `name` in English."""
    english = {name: told.get(f"{name}_en", value) for name, value in told.items()}
    return Text(zh=say("zh", f"ground.{code}", **told), en=say("en", f"ground.{code}", **english))
