"""What happens to an answer in the business: the suite's rules over its scores. The first that holds decides."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.suites.load import Suite
from bench.suites.model import Assumption, Bounds, Condition
from bench.suites.rules import STATES
from bench.types import AnswerState, OutcomeName, Score


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome and the rule (its position) that gave it.

    `loss_class` is set for harm. An edit's minutes are either measured by a scorer (`edit_minutes`) or
    an assumption, named by `edit_assumption`.
    """

    name: OutcomeName
    rule: int
    loss_class: str | None = None
    edit_minutes: float = 0.0
    edit_assumption: str | None = None


def outcome(suite: Suite, state: AnswerState, scores: Mapping[str, Score] | None) -> Outcome | None:
    """The outcome of an answer, or None where there is none to have.

    A failed answer and one whose scorer failed (`scores` is None) have none. A truncated or refused
    one has none either, unless the suite's rules say what such an answer is in the business.
    """
    rules = suite.file.business.outcomes
    if state == "failed" or scores is None:
        return None
    if state in STATES and not any(state in (rule.when or {}) for rule in rules):
        return None
    for position, rule in enumerate(rules):
        if not all(holds(key, wanted, state, scores) for key, wanted in (rule.when or {}).items()):
            continue
        minutes, assumption = 0.0, None
        if rule.outcome == "edit":
            match rule.minutes:
                case str() as path if (measured := number_at(path, scores)) is not None:
                    minutes = measured
                case Assumption():
                    assumption = f"outcomes.{position}.minutes"
                case _:  # none stated, or none could be measured
                    assumption = "edit.minutes"
        loss = loss_class(rule.loss, scores, suite) if rule.loss is not None else None
        return Outcome(rule.outcome, position, loss, minutes, assumption)
    raise AssertionError("the last rule is otherwise: true")


def holds(key: str, wanted: Condition, state: AnswerState, scores: Mapping[str, Score]) -> bool:
    """Whether one condition holds. A number that is absent meets no bound."""
    if key in STATES:
        return (state == key) is wanted
    match wanted:
        case Bounds():
            return _within(number_at(key, scores), wanted)
        case str():
            return scores[key].label == wanted
        case list():
            return scores[key].label in wanted
        case _:
            return False


def number_at(path: str, scores: Mapping[str, Score]) -> float | None:
    """A scorer's value (`scorer`) or one of its metrics (`scorer.metric`)."""
    name, _, metric = path.partition(".")
    return scores[name].metrics.get(metric) if metric else scores[name].value


def _within(number: float | None, bounds: Bounds) -> bool:
    if number is None:
        return False
    return (
        (bounds.at_least is None or number >= bounds.at_least)
        and (bounds.at_most is None or number <= bounds.at_most)
        and (bounds.above is None or number > bounds.above)
        and (bounds.below is None or number < bounds.below)
    )


def loss_class(told: str, scores: Mapping[str, Score], suite: Suite) -> str:
    """The class of `business.loss` that a harm falls into.

    A scorer that names no class for a harmful answer is charged with the dearest one, never with none.
    """
    if not told.endswith(".error_class"):
        return told
    found = scores[told.removesuffix(".error_class")].error_class
    losses = suite.file.business.loss
    if found is not None and found in losses:
        return found
    return max(losses, key=lambda name: losses[name].base)
