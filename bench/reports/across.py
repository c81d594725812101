"""The sections that look across the tasks of a run, or across ways of asking and deploying a model."""

from collections.abc import Sequence

from bench.reports.ladder import ladder
from bench.reports.parts import Section
from bench.reports.phrases import Words
from bench.reports.portfolio import portfolio
from bench.reports.profiles import is_compared, profiles
from bench.reports.triangle import has_triangle, triangle
from bench.value.across.records import Across


def across(suites: Sequence[Words], found: Across) -> list[Section]:
    """Triangle, portfolio, ladder and profiles; each only where there is something to compare."""
    made = []
    cornered = [
        each
        for each in suites
        if each.key in found.triangle and has_triangle(found.triangle[each.key])
    ]
    if cornered:
        made.append(triangle(cornered, found.triangle))
    if len(found.portfolio.suites) > 1:
        made.append(portfolio(suites, found.portfolio))
    climbed = [each for each in suites if found.ladders.get(each.key)]
    if climbed:
        made.append(ladder(climbed, found.ladders))
    deployed = [
        each
        for each in suites
        if each.key in found.profiles
        and (is_compared(found.profiles[each.key]) or found.hosting.get(each.key))
    ]
    if deployed:
        made.append(profiles(deployed, found.profiles, found.hosting))
    return made
