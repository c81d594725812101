"""The sections behind page one, in the order of a reader who has read it."""

from collections.abc import Sequence

from bench.reports.across import across
from bench.reports.confidence import confidence
from bench.reports.evidence import evidence
from bench.reports.flows import money
from bench.reports.frontier import frontier
from bench.reports.history_section import history_section
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
from bench.reports.what_if import what_if
from bench.reports.why import why
from bench.value.judged import Judged


def sections(judged: Judged, suites: Sequence[Words]) -> tuple[Section, ...]:
    """Business first; technical scores explain, so they stand behind everything that decides.

    Of a suite that nobody was asked about there is only how it was made.
    """
    if not suites:
        return ()
    asked = [each for each in suites if each.suite.candidates or not each.suite.refused]
    shown = _behind(judged, asked) if asked else []
    return (*shown, how(judged.summary, suites, {each.key for each in shown}))


def _behind(judged: Judged, suites: Sequence[Words]) -> list[Section]:
    made = [what_if(judged, suites), values(suites), money(suites), risk(suites)]
    made += [sensitivity(suites), confidence(suites)]
    if any(len(each.suite.candidates) > 1 for each in suites):
        made.append(pairs(suites))
    if any(one.slices for each in suites for one in each.suite.candidates.values()):
        made.append(slices(suites))
    if has_selective(suites):
        made.append(selective(suites))
    made += across(suites, judged.summary.across)
    made.append(frontier(suites))
    made += [next_stage(suites), history_section(judged, suites), why(suites)]
    made.append(evidence(judged, suites))
    return [each for each in made if each is not None]
