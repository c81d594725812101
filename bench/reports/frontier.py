"""Whether a cheaper candidate would do: cost of calls against value."""

from collections.abc import Sequence

from bench.reports.cells import section
from bench.reports.figures.frontier import Point, efficient, frontier_figure
from bench.reports.parts import Part, Section
from bench.reports.phrases import CASES, Words, listed
from bench.value.candidate_summary import CandidateSummary
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain

_ENOUGH, _CHEAP = 0.8, 0.5
"""A candidate is nearly as good and much cheaper from these shares of the best one's value and cost on."""


def frontier(suites: Sequence[Words]) -> Section | None:
    """In how many tasks half the money for calls would buy most of the value; None where nothing is priced."""
    told = [(words, _points(words)) for words in suites]
    weighed = [each for each in told if len(each[1]) > 1]
    if not weighed:
        return None
    cheaper = sum(_cheaper(points) is not None for _, points in weighed)
    parts = (_part(words, points) for words, points in told)
    variant = "" if cheaper else "none"
    return section(suites, "frontier", parts, variant=variant, n=cheaper, all=len(weighed))


def _part(words: Words, points: Sequence[Point]) -> Part:
    sentences, finding = [], ""
    if len(points) > 1:
        finding = _finding(words, points)
        sentences.append(finding)
    else:
        sentences.append(words.say("frontier.few"))
    drawn = {each.name for each in points}
    missing = [plain(each) for each in words.suite.candidates if each not in drawn]
    if missing:
        names = listed(words.language, missing)
        sentences.append(words.say("frontier.left_out", candidates=names))
    figure = frontier_figure(words, points, finding)
    return Part(
        words.text(words.suite.title), tuple(sentences), figures=(figure,) if figure else ()
    )


def _points(words: Words) -> list[Point]:
    """Candidates whose calls have a price and whose value is known, for `CASES` cases."""
    found = []
    for name, candidate in words.suite.candidates.items():
        cost, value = _cost(candidate), known(candidate.net_per_case.value)
        if cost is not None and value is not None:
            found.append(Point(name, cost * CASES, value * CASES))
    return found


def _cost(candidate: CandidateSummary) -> float | None:
    """Money for the calls of a case; None without a price."""
    if known(candidate.usage.cost) is None or not candidate.flows:
        return None
    return sum((-each.per_case for each in candidate.flows if each.code == "calls"), 0.0)


def _best(points: Sequence[Point]) -> Point:
    return max(points, key=lambda each: each.value)


def _cheaper(points: Sequence[Point]) -> Point | None:
    """The cheapest way that brings most of the best one's value for at most half of its calls."""
    best = _best(points)
    near = [
        each
        for each in efficient(points)
        if each.value >= _ENOUGH * best.value and each.cost <= _CHEAP * best.cost
    ]
    return near[0] if near and best.value > 0 else None


def _finding(words: Words, points: Sequence[Point]) -> str:
    best, front = _best(points), efficient(points)
    if best.value <= 0:
        return words.say("frontier.nothing", best=plain(best.name))
    other = _cheaper(points) or (front[-2] if len(front) > 1 else None)
    if other is None or not best.cost:
        return words.say("frontier.single", best=plain(best.name))
    return words.say(
        "frontier.trade",
        best=plain(best.name),
        other=plain(other.name),
        cost=numbers.share(other.cost / best.cost),
        value=numbers.share(other.value / best.value),
    )
