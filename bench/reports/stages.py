"""What the next stage of adoption would ask that is not met yet."""

from collections.abc import Sequence

from bench.reports.assumptions import spoken
from bench.reports.cells import section
from bench.reports.flywheel import flywheel
from bench.reports.parts import Part, Section
from bench.reports.phrases import Words
from bench.reports.verdicts import best
from bench.suites.model import STAGES
from bench.wording.plain import plain


def next_stage(suites: Sequence[Words]) -> Section:
    """In how many tasks nothing is lacking, and what is in the others."""
    parts, ready = [], 0
    for words in suites:
        focus = best(words.suite)
        found = words.suite.candidates[focus].next_stage if focus else None
        ready += found is not None and not found.unmet
        parts.append(
            Part(words.text(words.suite.title), (_sentence(words, focus), *flywheel(words)))
        )
    return section(suites, "next", parts, ready=ready, all=len(suites))


def _sentence(words: Words, focus: str | None) -> str:
    found = words.suite.candidates[focus].next_stage if focus else None
    if found is None or focus is None:
        key = "last" if words.suite.stage == STAGES[-1] else "unknown"
        return words.say(f"next_stage.{key}", stage=words.named("stage", words.suite.stage))
    slots = {"candidate": plain(focus), "stage": words.named("stage", found.stage)}
    if not found.unmet:
        return words.say("next_stage.ready", **slots)
    unmet = words.say("list.clause").join(spoken(words, each.text) for each in found.unmet)
    return words.say("next_stage.unmet", unmet=unmet, **slots)
