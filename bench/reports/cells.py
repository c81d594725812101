"""Sections, heads and cells as every section behind page one builds them."""

from collections.abc import Callable, Iterable, Sequence

from bench.reports.parts import Cell, Head, Part, Section
from bench.reports.phrases import Words, basis, bounds, no_range
from bench.types import Estimate
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain


def section(suites: Sequence[Words], key: str, parts: Iterable[Part], **finding: object) -> Section:
    """A section whose heading and lead come from the catalogue; `variant` chooses the finding."""
    say = suites[0].say
    variant = finding.pop("variant", "")
    suffix = f"_{variant}" if variant else ""
    return Section(
        key=key,
        nav=say(f"section.{key}.nav"),
        heading=say(f"section.{key}.heading{suffix}", **finding),
        lead=(say(f"section.{key}.lead"),),
        parts=tuple(parts),
    )


def heads(words: Words, first: str, *rest: str) -> tuple[Head, ...]:
    """Column heads of the catalogue; all but the first hold numbers."""
    return (Head(words.say(first)), *(Head(words.say(each), numeric=True) for each in rest))


def candidate_heads(words: Words) -> tuple[Head, ...]:
    """A column per candidate, with what its numbers rest on."""
    return tuple(
        Head(plain(name), basis(words, each), numeric=True)
        for name, each in words.suite.candidates.items()
    )


def estimate_cell(
    words: Words, estimate: Estimate | None, told: Callable[[float, float], str]
) -> Cell:
    """A number with its range beneath; words where either is missing. `told` takes value and step."""
    value = known(estimate.value) if estimate else None
    if estimate is None or value is None:
        return Cell(numbers.UNKNOWN, words.say("state.not_measured"), tone="quiet")
    ends = bounds(estimate)
    if ends is None:
        return Cell(
            told(value, numbers.rounding_step(None, None, value)), no_range(words, estimate)
        )
    step = numbers.step_beside(value, *ends)
    note = numbers.span(words.language, told(ends[0], step), told(ends[1], step))
    return Cell(told(value, step), words.say("cell.range_n", range=note, n=f"{estimate.n:,}"))


def money_cell(words: Words, amount: float | None) -> Cell:
    """An amount that has no range, with two digits; words where it is missing."""
    if known(amount) is None:
        return Cell(numbers.UNKNOWN, words.say("state.not_computed"), tone="quiet")
    assert amount is not None
    return Cell(words.money([]).number(amount, numbers.rounding_step(None, None, amount)))


def metric_text(words: Words, unit: str) -> Callable[[float, float], str]:
    """How a business metric of some unit is written."""
    if unit == "money":
        return lambda value, step: words.money([]).text(value, step)
    if unit == "share":
        return lambda value, step: numbers.share(value, min(numbers.decimals_of(step * 100), 2))
    return lambda value, step: numbers.quantity(words.language, unit, value, step)
