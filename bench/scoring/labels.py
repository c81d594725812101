"""One word out of a closed list: did the reply pick the right one, and how far off was it?"""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.types import Item, Number, Score


def mentioned(text: str, choices: dict[str, list[str]]) -> list[str]:
    """The choices that `text` names, longest alias first so that a part of a longer name is no mention."""
    aliases = sorted(
        ((alias, name) for name, names in choices.items() for alias in {name, *names}),
        key=lambda pair: -len(pair[0]),
    )
    found: list[str] = []
    left = text
    for alias, name in aliases:
        if alias in left:
            left = left.replace(alias, "\0")
            if name not in found:
                found.append(name)
    return found


class Label(Scorer):
    """Right when the reply names exactly one choice and it is among the item's acceptable ones.

    `choices` maps every choice to its other names. The reference under `reference` is one choice or a
    list of acceptable ones. `error_class` names a wrong pick. With `several: true` a reply may name
    more than one choice and is right when the first is acceptable.
    """

    labels: ClassVar[tuple[str, ...]] = ("right", "wrong", "unreadable")

    field: str | None = None
    reference: str
    choices: dict[str, list[str]] = Field(min_length=2)
    several: bool = False
    wrong_class: str = "wrong_label"

    @property
    def error_classes(self) -> tuple[str, ...]:  # type: ignore[override]  # named by the suite
        """The one class of a wrong pick."""
        return (self.wrong_class,)

    def _accepted(self, item: Item) -> list[str]:
        told = item.reference.get(self.reference)
        return [str(each) for each in told] if isinstance(told, list) else [str(told)]

    def problem(self, item: Item) -> str | None:
        """Every acceptable answer must be a choice."""
        unknown = [each for each in self._accepted(item) if each not in self.choices]
        return f"reference.{self.reference}: '{unknown[0]}' is no choice" if unknown else None

    def expected(self, item: Item) -> str:
        """The acceptable choices."""
        return "、".join(self._accepted(item))

    def score(self, item: Item, reading: Reading) -> Score:
        """Judge the named choice."""
        told = reading.part(self.field)
        first = {name: told.find(name) for name in mentioned(told, self.choices)}
        picks = sorted(first, key=lambda name: first[name] if first[name] >= 0 else len(told))
        if not picks or (len(picks) > 1 and not self.several):
            reason = "没有给出选项" if not picks else f"给出了多个选项：{'、'.join(picks)}"
            return Score(label="unreadable", extracted=told[:80] or None, reason=reason)
        if picks[0] in self._accepted(item):
            return Score(label="right", value=1.0, extracted=picks[0])
        return Score(
            label="wrong",
            value=0.0,
            extracted=picks[0],
            reason=f"可接受的是{self.expected(item)}",
            error_class=self.wrong_class,
        )


class Ordinal(Scorer):
    """A level on an ordered scale: right, under (less than it should be) or over, and by how many steps.

    `levels` runs from the most to the least urgent (or highest to lowest), each with its other names.
    Under-rating picks a later level than the reference. `under_class` names an under-rating; when it
    is at least `grave_steps` steps, `grave_class`.
    """

    labels: ClassVar[tuple[str, ...]] = ("right", "under", "over", "unreadable")
    metrics: ClassVar[tuple[str, ...]] = ("steps",)

    field: str | None = None
    reference: str
    levels: dict[str, list[str]] = Field(min_length=2)
    under_class: str = "under_rated"
    grave_class: str | None = None
    grave_steps: Number = 2
    kind: Literal["ordinal"] = "ordinal"

    @model_validator(mode="after")
    def _distinct_names(self) -> Self:
        names = [each for level, others in self.levels.items() for each in {level, *others}]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"levels: '{min(twice)}' names two levels")
        return self

    @property
    def error_classes(self) -> tuple[str, ...]:  # type: ignore[override]  # named by the suite
        """The classes of under-rating."""
        return tuple(each for each in (self.under_class, self.grave_class) if each)

    def problem(self, item: Item) -> str | None:
        """The reference must be a level."""
        told = item.reference.get(self.reference)
        return None if told in self.levels else f"reference.{self.reference}: '{told}' is no level"

    def expected(self, item: Item) -> str:
        """The right level."""
        return str(item.reference[self.reference])

    def score(self, item: Item, reading: Reading) -> Score:
        """Judge the level that was named; metric `steps` is positive for under-rating."""
        told = reading.part(self.field)
        picks = mentioned(told, self.levels)
        if len(picks) != 1:
            reason = "没有给出级别" if not picks else f"给出了多个级别：{'、'.join(picks)}"
            return Score(label="unreadable", extracted=told[:80] or None, reason=reason)
        order = list(self.levels)
        steps = order.index(picks[0]) - order.index(self.expected(item))
        metrics = {"steps": float(steps)}
        if steps == 0:
            return Score(label="right", value=1.0, extracted=picks[0], metrics=metrics)
        reason = f"应为{self.expected(item)}"
        share = 1 - abs(steps) / (len(order) - 1)
        if steps < 0:
            return Score(
                label="over", value=share, extracted=picks[0], reason=reason, metrics=metrics
            )
        is_grave = self.grave_class is not None and steps >= self.grave_steps
        return Score(
            label="under",
            value=share,
            extracted=picks[0],
            reason=reason,
            error_class=self.grave_class if is_grave else self.under_class,
            metrics=metrics,
        )
