"""The sections behind page one, in the order of a reader who has read it."""

from collections.abc import Sequence

from bench.reports.across import across
from bench.reports.confidence import confidence
from bench.reports.flows import money
from bench.reports.method import how
from bench.reports.pairs import pairs
from bench.reports.parts import Section
from bench.reports.phrases import Words
from bench.reports.pillars import values
from bench.reports.risk import risk
from bench.reports.selective import has_selective, selective
from bench.reports.sensitivity import sensitivity
from bench.reports.slices import slices
from bench.reports.stages import next_stage
from bench.reports.why import why
from bench.value.summary import Summary


def sections(summary: Summary, suites: Sequence[Words]) -> tuple[Section, ...]:
    """Business first; technical scores explain, so they stand behind everything that decides."""
    if not suites:
        return ()
    made = [values(suites), money(suites), risk(suites), sensitivity(suites), confidence(suites)]
    if any(len(each.suite.candidates) > 1 for each in suites):
        made.append(pairs(suites))
    if any(one.slices for each in suites for one in each.suite.candidates.values()):
        made.append(slices(suites))
    if has_selective(suites):
        made.append(selective(suites))
    made += across(suites, summary.across)
    return (*made, next_stage(suites), why(suites), how(summary, suites))
