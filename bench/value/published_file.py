"""A counts file: what somebody else published of their systems, and what the reader assumes of the work."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from bench.errors import UserError
from bench.files.validation import validated
from bench.files.yaml_source import Source, read_yaml
from bench.registry import did_you_mean
from bench.suites.model import (
    Assumption,
    Business,
    Edit,
    Loss,
    Review,
    Rule,
    Setup,
    Today,
)
from bench.types import Name, Number, Pillar, Record, Text, Whole

Count = Annotated[Whole, Field(ge=0)]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]

_NONE = Assumption(base=0, source="not part of published counts")
_UNKNOWN = Text(zh="公开计数里没有", en="published counts do not say")
_PILLARS: tuple[Pillar, ...] = ("cost", "innovation", "experience")
_FEWEST = 2
"""One case resamples to itself: no range could be given."""


class Published(Record):
    """Where the counts stand, and the day on which they were read there."""

    citation: str
    address: str
    read: Day


class PublishedBusiness(Record):
    """The part of a suite's business section that counts can be valued by."""

    case: Text
    cases: Text
    currency: str = "CNY"
    done_today_by: Today
    wage_per_hour: Assumption
    cases_per_month: Assumption
    review: Review
    edit: Edit = Edit(minutes=_NONE)
    loss: dict[Name, Loss]
    monthly_cost: Assumption = _NONE

    @model_validator(mode="after")
    def _is_a_business(self) -> Self:
        if self.cases_per_month.lower <= 0:
            raise ValueError("cases_per_month: must be above 0")
        try:
            self.whole()
        except ValidationError as error:
            told = error.errors()[0]
            raise ValueError(str(told.get("ctx", {}).get("error", told["msg"]))) from None
        return self

    def stated(self) -> dict[str, Assumption]:
        """The assumptions that the file itself makes, under their paths."""
        return {
            name: each
            for name, each in self.whole().assumptions()
            if name.partition(".")[0] in self.model_fields_set
        }

    def whole(self) -> Business:
        """The same as a suite's business section; what only a run could fill is empty."""
        return Business(
            case=self.case,
            cases=self.cases,
            currency=self.currency,
            done_today_by=self.done_today_by,
            wage_per_hour=self.wage_per_hour,
            cases_per_month=self.cases_per_month,
            review=self.review,
            edit=self.edit,
            loss=self.loss,
            setup=Setup(cost=_NONE),
            monthly_cost=self.monthly_cost,
            outcomes=[Rule(outcome="redo", otherwise=True)],
            metrics={},
            not_applicable=dict.fromkeys(_PILLARS, _UNKNOWN),
            sla_seconds=1,
        )


class Counts(Record):
    """What became of one system's answers.

    Right ones are accepted, those with `edit` after a small correction; declined ones are done by a person;
    wrong ones, by class of `business.loss`, look usable and do harm. `cost_per_answer` is the money of an
    answer's calls in the business's currency, None where nobody knows it.
    """

    correct: Count
    edit: Count = 0
    declined: Count
    wrong: dict[Name, Count]
    cost_per_answer: Number | None = Field(default=None, ge=0)

    @property
    def harmful(self) -> int:
        """Wrong answers of every class."""
        return sum(self.wrong.values())

    @property
    def items(self) -> int:
        """All answers."""
        return self.correct + self.edit + self.declined + self.harmful


class CountsFile(Record):
    """Somebody else's counts under the reader's assumptions; `items`, if given, is what they add up to."""

    title: Text
    source: Published
    business: PublishedBusiness
    items: Whole | None = Field(default=None, gt=0)
    systems: dict[Name, Counts] = Field(min_length=1)

    def only(self, names: list[str]) -> "CountsFile":
        """The file with these systems alone; all of them for no name. Raises UserError for an unknown one."""
        for name in names:
            if name not in self.systems:
                known = did_you_mean(name, list(self.systems))
                raise UserError(f"no system is called '{name}'{known}")
        kept: Mapping[str, Counts] = {name: self.systems[name] for name in names} or self.systems
        return self.model_copy(update={"systems": dict(kept)})


def load_counts(path: Path) -> CountsFile:
    """A counts file. Raises UserError with file, line and column for anything that does not hold."""
    source = read_yaml(path, UserError)
    file = validated(CountsFile, source, kind=UserError)
    for name, counts in file.systems.items():
        _check(file, name, counts, source)
    return file


def _check(file: CountsFile, name: str, counts: Counts, source: Source) -> None:
    classes = list(file.business.loss)
    for wrong in counts.wrong:
        if wrong not in classes:
            known = did_you_mean(wrong, classes)
            at = ("systems", name, "wrong", wrong)
            raise source.error(at, f"no class of business.loss is called so{known}", UserError)
    if file.items is not None and counts.items != file.items:
        told = f"the counts add up to {counts.items}, not to the {file.items} of items"
        raise source.error(("systems", name), told, UserError)
    if counts.items < _FEWEST:
        told = f"counts of {counts.items} in all say nothing; at least {_FEWEST} are needed"
        raise source.error(("systems", name), told, UserError)
    if counts.edit and "edit" not in file.business.model_fields_set:
        told = "what an edit takes is not said; add business.edit.minutes"
        raise source.error(("systems", name, "edit"), told, UserError)
