"""Who beats whom: every pair of candidates on the items that both answered, and a cheap one before the best."""

from collections.abc import Sequence

from bench.reports.cells import section
from bench.reports.figures.pairs import pairs_figure
from bench.reports.gaps import gap
from bench.reports.parts import Part, Section
from bench.reports.phrases import CASES, Words, bounds, pair_sentence, times
from bench.value.summary import CascadeResult
from bench.wording import numbers
from bench.wording.plain import plain


def pairs(suites: Sequence[Words]) -> Section:
    """How many pairs can be told apart, then every pair and every cascade in a sentence."""
    parts, told, apart = [], 0, 0
    for words in suites:
        pairs = words.suite.pairs
        told += len(pairs)
        for each in pairs:
            ends = bounds(each.difference)
            apart += ends is not None and not ends[0] <= 0 <= ends[1]
        sentences = [pair_sentence(words, each) for each in pairs]
        sentences += [_cascade(words, each) for each in words.suite.cascades]
        single = "pair.single" if len(words.suite.candidates) == 1 else "pair.none"
        figure = pairs_figure(words)
        parts.append(
            Part(
                words.text(words.suite.title),
                tuple(sentences) or (words.say(single),),
                figures=(figure,) if figure else (),
            )
        )
    return section(suites, "pairs", parts, variant="" if told else "none", apart=apart, all=told)


def _cascade(words: Words, cascade: CascadeResult) -> str:
    """What a cheaper candidate before the best one brings, and what it saves on calls."""
    saving = words.say(
        "cascade.saves" if cascade.saving >= 0 else "cascade.costs",
        saving=numbers.share(abs(cascade.saving)),
    )
    return _gain(words, cascade) + saving


def _gain(words: Words, cascade: CascadeResult) -> str:
    difference = times(cascade.gain_over_big, CASES)
    found = gap(words.money([difference.low, difference.high]), difference)
    return words.say(
        f"cascade.{found.kind}",
        small=plain(cascade.small),
        big=plain(cascade.big),
        routed=numbers.share(cascade.routed_up),
        cases=words.cases,
        n=f"{difference.n:,}",
        **found.slots,
    )
