"""Assumptions in the reader's words, and what would change a verdict."""

from typing import Literal

from bench.reports.phrases import Words
from bench.suites.model import SHARES
from bench.types import Text
from bench.value.summary import Change
from bench.wording import numbers
from bench.wording.catalogue import has
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

AssumptionUnit = Literal["share", "minutes", "months", "cases", "money"]


def assumption_title(words: Words, name: str) -> str:
    """An assumption in the reader's words; its own name where the catalogue has none."""
    if name.startswith("loss."):
        return words.say("assumption.loss", error=error_title(words, name.removeprefix("loss.")))
    if name.startswith("outcomes."):
        titles = {each.name: each.title for each in words.suite.assumptions}
        title = titles.get(name)
        return words.say("assumption.outcome_minutes", because=words.text(title) if title else name)
    if name.startswith("effort."):
        return words.say(
            "assumption.effort", strategy=words.named("strategy", name.removeprefix("effort."))
        )
    key = f"assumption.{name}"
    return words.say(key) if has(key) else plain(name)


def error_title(words: Words, error_class: str) -> str:
    """The class of error in words, as a candidate's losses name it."""
    for candidate in words.suite.candidates.values():
        for loss in candidate.losses:
            if loss.error_class == error_class:
                return words.text(loss.title)
    return plain(error_class)


def assumption_unit(name: str) -> AssumptionUnit:
    """What an assumption is counted in."""
    if name in SHARES:
        return "share"
    if name.endswith("minutes"):
        return "minutes"
    if name.endswith("months"):
        return "months"
    return "cases" if name == "cases_per_month" else "money"


def assumption_value(words: Words, name: str, value: float | None) -> str:
    """An assumption's value with its unit."""
    if known(value) is None:
        return numbers.UNKNOWN
    assert value is not None
    unit = assumption_unit(name)
    if unit in ("share", "minutes", "months"):
        return numbers.quantity(words.language, unit, value)
    if unit == "cases":
        return numbers.number(value, max(numbers.rounding_step(None, None, value) / 10, 1.0))
    step = 1.0 if abs(value) >= 100 or value == round(value) else numbers.CENT
    return Money(words.language, plain(words.suite.currency)).text(value, step)


def three_digits(value: float) -> float:
    """A computed value of an assumption, without digits that its computing does not carry.

    >>> three_digits(189152.37), three_digits(0.64321)
    (189000.0, 0.643)
    """
    return float(f"{value:.3g}")


def spoken(words: Words, text: Text) -> str:
    """A text of the assessment, with the names of assumptions in the reader's words."""
    told = words.text(text)
    for each in sorted(words.suite.assumptions, key=lambda each: -len(each.name)):
        told = told.replace(each.name, assumption_title(words, each.name))
    return told.rstrip("。.；; ")


def change_sentence(words: Words, change: Change) -> str:
    """What would change a verdict; of an assumption with both values and their unit."""
    if change.kind != "assumption" or known(change.to) is None or known(change.from_) is None:
        return spoken(words, change.text)
    assert change.to is not None
    assert change.from_ is not None
    return words.say(
        "change.below" if change.to < change.from_ else "change.above",
        assumption=assumption_title(words, change.name),
        to=assumption_value(words, change.name, three_digits(change.to)),
        now=assumption_value(words, change.name, change.from_),
    )
