"""The section in which a reader moves assumptions, and the data that its script computes from."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import JsonValue

from bench.reports.assumptions import assumption_title, assumption_unit
from bench.reports.packing import packed
from bench.reports.parts import Section
from bench.reports.phrases import Words
from bench.reports.sensitivity import flips, of_case
from bench.reports.verdicts import best
from bench.types import Estimate, Text
from bench.value.candidate_summary import CandidateSummary, Reason
from bench.value.judged import Judged
from bench.value.summary import AssumptionEntry, SuiteSummary
from bench.value.what_if import WhatIf
from bench.wording.numbers import known
from bench.wording.plain import plain

Standing = Literal["measured", "estimated", "placeholder"]
PLACE = "what-if"
"""The id of the packed data, and the name of the component that reads it."""


def what_if(judged: Judged, suites: Sequence[Words]) -> Section | None:
    """The section; None where nothing can be recomputed."""
    movable = [each for each in suites if each.key in judged.what_if]
    if not movable:
        return None
    say = movable[0].say
    turned = sum(_turns(each.suite) for each in movable)
    return Section(
        key="what_if",
        nav=say("what_if.nav"),
        heading=say(
            "what_if.heading_flips" if turned else "what_if.heading_none",
            n=turned,
            all=len(movable),
        ),
        lead=(say("what_if.lead"), say("what_if.fixed")),
        parts=(),
        component=PLACE,
    )


def _turns(suite: SuiteSummary) -> bool:
    """Whether one assumption alone turns the money of the leading candidate around."""
    focus = best(suite)
    return focus is not None and any(flips(each) for each in of_case(suite.candidates[focus]))


def what_if_data(judged: Judged) -> Mapping[str, str]:
    """Packed data by the id of its place in the page: a list of suites, in the order of the run."""
    told: list[JsonValue] = [
        _suite(name, suite, judged.what_if[name])
        for name, suite in judged.summary.suites.items()
        if name in judged.what_if
    ]
    if not told:
        return {}
    return {PLACE: packed(_plain({"run": judged.summary.run.id, "suites": told}))}


def _suite(name: str, suite: SuiteSummary, model: WhatIf) -> dict[str, JsonValue]:
    zh, en = Words("zh", suite, name), Words("en", suite, name)
    return {
        "key": name,
        "title": _both(suite.title),
        "case": _both(suite.case),
        "cases": _both(suite.cases),
        "role": _both(suite.today.role),
        "currency": plain(suite.currency),
        "cases_per_month": suite.cases_per_month,
        "names": {each: plain(each) for each in suite.candidates},
        "assumptions": [_assumption(zh, en, each) for each in suite.assumptions],
        "slices": {
            each.slice: _both(each.title)
            for candidate in suite.candidates.values()
            for each in candidate.slices
        },
        "gates": {each: _gates(candidate) for each, candidate in suite.candidates.items()},
        "report": {
            "verdict": {
                "decision": suite.verdict.decision,
                "candidate": suite.verdict.candidate,
                "reasons": [_reason(each) for each in suite.verdict.reasons],
            },
            "candidates": {
                each: _reported(candidate) for each, candidate in suite.candidates.items()
            },
        },
        "model": model.model_dump(),
    }


def _plain(told: JsonValue) -> JsonValue:
    """The same with all text made plain, that of keys too; packed draws are letters of base64."""
    match told:
        case str():
            return plain(told)
        case list() | tuple():
            return [_plain(each) for each in told]
        case dict():
            return {
                plain(name): each if name == "packed" else _plain(each)
                for name, each in told.items()
            }
        case _:
            return told


def _assumption(zh: Words, en: Words, entry: AssumptionEntry) -> dict[str, JsonValue]:
    return {
        "name": entry.name,
        "title": {
            "zh": assumption_title(zh, entry.name),
            "en": assumption_title(en, entry.name),
        },
        "unit": assumption_unit(entry.name),
        "low": entry.low,
        "base": entry.base,
        "high": entry.high,
        "standing": _standing(entry),
        "source": plain(entry.source) if entry.source else None,
        "as_of": plain(entry.as_of) if entry.as_of else None,
    }


def _standing(entry: AssumptionEntry) -> Standing:
    """A source that dates an exact figure measured it; one that gives a range or no day estimated it."""
    if entry.placeholder:
        return "placeholder"
    return "measured" if entry.as_of and entry.low == entry.high else "estimated"


def _gates(candidate: CandidateSummary) -> list[JsonValue]:
    return [
        {
            "metric": each.metric,
            "title": _both(each.title),
            "limit": each.limit,
            "side": each.side,
            "broken": each.hard and each.held is False,
        }
        for each in candidate.gates
    ]


def _reported(candidate: CandidateSummary) -> dict[str, JsonValue]:
    """The report's own figures of a candidate, in the shape in which the page recomputes them."""
    return {
        "net": _estimate(candidate.net_per_case),
        "perMonth": _estimate(candidate.value_per_month),
        "pPositive": known(candidate.p_positive),
        "pBest": known(candidate.p_best),
        "losses": [
            {
                "errorClass": each.error_class,
                "expected": known(each.expected_loss),
                "upper": known(each.expected_loss_upper),
            }
            for each in candidate.losses
        ],
        "decision": candidate.verdict.decision,
        "reasons": [_reason(each) for each in candidate.verdict.reasons],
        "slices": [*candidate.verdict.slices],
    }


def _estimate(estimate: Estimate) -> dict[str, JsonValue]:
    return {
        "value": known(estimate.value),
        "low": known(estimate.low),
        "high": known(estimate.high),
        "level": estimate.level,
        "n": estimate.n,
    }


def _reason(reason: Reason) -> dict[str, JsonValue]:
    return {"code": reason.code, "text": _both(reason.text)}


def _both(text: Text) -> JsonValue:
    return {"zh": plain(text.zh), "en": plain(text.en)}
