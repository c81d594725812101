"""The sections behind page one, in the order of a reader who has read it."""

from collections.abc import Sequence

from bench.reports.certainty import confidence, pairs, slices
from bench.reports.method import how, why
from bench.reports.parts import Section
from bench.reports.phrases import Words
from bench.reports.pillars import values
from bench.reports.risk import risk
from bench.reports.sensitivity import sensitivity
from bench.value.summary import Summary


def sections(summary: Summary, suites: Sequence[Words]) -> tuple[Section, ...]:
    """Business first; technical scores explain, so they stand behind everything that decides."""
    if not suites:
        return ()
    made = [values(suites), risk(suites), sensitivity(suites), confidence(suites)]
    if any(len(each.suite.candidates) > 1 for each in suites):
        made.append(pairs(suites))
    if any(one.slices for each in suites for one in each.suite.candidates.values()):
        made.append(slices(suites))
    return (*made, why(suites), how(summary, suites))
