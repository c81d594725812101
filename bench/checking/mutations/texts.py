"""A text that lacks something, holds something else, or says what it must not."""

import re
from typing import Literal, Self

from pydantic import Field, JsonValue, TypeAdapter, model_validator

from bench.checking.mutations.mutation import Case, Mutation
from bench.scoring.facts import Fact, Together, Weight, normalised
from bench.scoring.traps import Trap

_FACTS = TypeAdapter(list[Fact])
_TRAPS = TypeAdapter(list[Trap])
_CLAUSE = re.compile(r"[^，。；！？,;!?\n]*[，。；！？,;!?\n]*")
_PLACE = re.compile(r"\{(\w+)\}")


class DropFact(Mutation):
    """Takes out every clause that says one of the item's facts; None where the fact is said all through."""

    reference: str = "facts"
    weight: Weight = "must"
    field: str | None = None

    def mutated(self, case: Case) -> str | None:
        """The answer without the fact."""
        facts = _FACTS.validate_python(case.item.reference.get(self.reference) or [])
        text = case.part(self.field)
        said = [
            fact for fact in facts if fact.weight == self.weight and fact.is_said(normalised(text))
        ]
        case.draw.shuffle(said)
        for fact in said:
            left = _without(fact, text)
            if left is not None and len(normalised(left)) >= len(normalised(text)) / 3:
                return case.with_part(self.field, left)
        return None


def _without(fact: Fact, text: str) -> str | None:
    keys = [
        normalised(part)
        for each in fact.renderings()
        for part in (each.all[:1] if isinstance(each, Together) else [each])
    ]
    clauses = _CLAUSE.findall(text)
    kept = [clause for clause in clauses if not any(key in normalised(clause) for key in keys)]
    left = "".join(kept).strip().rstrip("，,；;")
    return None if fact.is_said(normalised(left)) or not left else left


class Replace(Mutation):
    """Replaces what a regular expression finds; in a field, or in the whole answer.

    `swaps` are tried in their order and the first that changes anything is taken. The new text may name groups
    of the pattern, as Python's `re.sub` understands them.
    """

    swaps: dict[str, str] = Field(min_length=1)
    field: str | None = None
    count: int = 1

    @model_validator(mode="after")
    def _patterns(self) -> Self:
        for pattern in self.swaps:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"'{pattern}' is no regular expression: {error}") from None
        return self

    def mutated(self, case: Case) -> str | None:
        """The changed answer."""
        text = case.part(self.field)
        for pattern, new in self.swaps.items():
            changed = re.sub(pattern, new, text, count=self.count, flags=re.MULTILINE)
            if changed != text:
                return case.with_part(self.field, changed)
        return None


class Insert(Mutation):
    """Adds one of `texts`: at the start or the end of a field, or behind the first match of `after`.

    `{name}` stands for a value of the item's input, `{reference.name}` is not offered: candidates cannot see it
    either. With `from_reference` the texts are the item's own list of that name.
    """

    texts: list[str] = Field(default_factory=list)
    from_reference: str | None = None
    field: str | None = None
    where: Literal["start", "end"] = "end"
    after: str | None = None

    @model_validator(mode="after")
    def _something_to_add(self) -> Self:
        if bool(self.texts) == (self.from_reference is not None):
            raise ValueError("needs either texts or from_reference")
        return self

    def mutated(self, case: Case) -> str | None:
        """The longer answer."""
        added = self._texts(case)
        if not added:
            return None
        new = _PLACE.sub(
            lambda found: _told(case.item.input.get(found[1])), case.draw.choice(added)
        )
        text = case.part(self.field)
        if self.after is not None:
            found = re.search(self.after, text, re.MULTILINE)
            if found is None:
                return None
            return case.with_part(self.field, text[: found.end()] + new + text[found.end() :])
        whole = new + text if self.where == "start" else text + new
        return case.with_part(self.field, whole)

    def _texts(self, case: Case) -> list[str]:
        if self.from_reference is None:
            return self.texts
        told = case.item.reference.get(self.from_reference)
        return [str(each) for each in told] if isinstance(told, list) else []


def _told(value: JsonValue) -> str:
    return "" if value is None else str(value)


class StateTrap(Mutation):
    """States one of the item's traps as fact, in a sentence of its own: at the end, or behind `after`.

    `reference` may be a path: `document.forbidden`.
    """

    reference: str = "traps"
    after: str | None = None

    def mutated(self, case: Case) -> str | None:
        """The answer with the misleading sentence."""
        told: JsonValue = case.item.reference
        for part in self.reference.split("."):
            told = told.get(part) if isinstance(told, dict) else None
        traps = _TRAPS.validate_python(told or [])
        if not traps:
            return None
        rendering = case.draw.choice(traps).any[0]
        said = "，".join(rendering.all) if isinstance(rendering, Together) else rendering
        if self.after is None:
            return f"{case.answer.rstrip().rstrip('。')}。{said}。"
        found = re.search(self.after, case.answer, re.MULTILINE)
        if found is None:
            return None
        return f"{case.answer[: found.end()]}{said}。{case.answer[found.end() :]}"


class RemoveField(Mutation):
    """Leaves a labelled field out."""

    field: str

    def mutated(self, case: Case) -> str | None:
        """The answer without the field; None where it has none."""
        return case.with_part(self.field, "") if case.part(self.field) else None
