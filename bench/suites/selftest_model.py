"""The self-test as a suite writes it: known answers, planted defects, and what must be said of them."""

from typing import Self

from pydantic import Field, JsonValue, model_validator

from bench.suites.model import Condition
from bench.types import Name, Number, OutcomeName, Record, Text


class Calibration(Record):
    """A known answer to an item, good or bad, and what the suite must say of it."""

    item: Name
    answer: str
    outcome: OutcomeName
    labels: dict[str, str] = Field(default_factory=dict)
    """Scorer -> the label it must give; scorers that are not named are not tested by this answer."""


class Planted(Record):
    """A named defect, put into good answers by a mutation.

    It is caught when the scores meet `caught`, or, where that is left out, when the outcome is one of
    `outcomes`. `among` restricts it to items with these tags. A defect that is not always caught says
    how many must be (`at_least`) and why.
    """

    defect: Name
    title: Text
    mutation: JsonValue
    """A name of `MUTATIONS`, or {name: options}."""
    among: dict[str, str | list[str]] = Field(default_factory=dict)
    caught: dict[str, Condition] = Field(default_factory=dict)
    outcomes: list[OutcomeName] = Field(default=["edit", "redo", "harm"], min_length=1)
    at_least: Number = Field(default=1.0, ge=0, le=1)
    because: Text | None = None

    @model_validator(mode="after")
    def _a_lower_bar_has_a_reason(self) -> Self:
        if self.at_least < 1 and self.because is None:
            raise ValueError("at_least below 1 needs because: why the rest is not seen")
        return self
