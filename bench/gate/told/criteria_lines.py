"""The criteria of one contrast as lines: what did not pass each by itself, the rest together."""

from collections.abc import Iterator

from bench.gate.record import Contrast, Criterion
from bench.gate.told.findings import Standing, standing
from bench.gate.told.phrases import reason_below
from bench.gate.told.reasons import counted, in_short
from bench.gate.told.voice import SuiteVoice

ORDER: tuple[Standing, ...] = (
    "fail",
    "inconclusive",
    "not_known",
    "warning",
    "noted",
    "pass",
)
"""The gravest first."""
_BY_ANSWERS = ("value", "harm", "rate")
"""What is the same where every answer is."""


def ordered(contrast: Contrast) -> list[Criterion]:
    """The criteria, the gravest first."""
    return sorted(contrast.criteria, key=lambda each: ORDER.index(standing(each)))


def lines(contrast: Contrast, voice: SuiteVoice) -> Iterator[tuple[Standing, str]]:
    """Everything but what passed, the gravest first; limits that nothing is proven of share the last line."""
    unproven = []
    for each in ordered(contrast):
        state = standing(each)
        if state == "noted" and each.kind == "limit" and each.waived is None:
            unproven.append(counted(each, voice))
        elif state != "pass":
            yield state, reason_below(each, contrast, voice)
    if unproven:
        yield "noted", voice.say("limit.unproven", told=voice.clauses(unproven))


def passed_line(contrast: Contrast, voice: SuiteVoice) -> str:
    """All that passed in a few words; empty where nothing did."""
    passed = [each for each in contrast.criteria if standing(each) == "pass"]
    same = any(each.identical and each.kind in _BY_ANSWERS for each in passed)
    told = [voice.say("headline.same")] if same else []
    told += [in_short(each, voice) for each in passed if not (same and each.identical)]
    return voice.clauses(told)
