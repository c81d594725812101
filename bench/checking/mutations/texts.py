"""A text that lacks something, holds something else, or says what it must not."""

import re
from typing import Literal, Self, TypeVar

from pydantic import (
    Field,
    JsonValue,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from bench.checking.mutations.mutation import Case, Mutation
from bench.errors import SuiteError
from bench.scoring.facts import Fact, Together, Weight, normalised
from bench.scoring.traps import Trap
from bench.types import Whole

_FACTS = TypeAdapter(list[Fact])
_TRAPS = TypeAdapter(list[Trap])
_CLAUSE = re.compile(r"(?:[^，。；！？,;!?\n]|(?<=\d),(?=\d))*[，。；！？,;!?\n]*")
_PLACE = re.compile(r"\{(\w+)\}")
Listed = TypeVar("Listed", Fact, Trap)


def _listed(case: Case, path: str, kind: TypeAdapter[list[Listed]]) -> list[Listed]:
    """What the item's reference lists at `path` (`document.forbidden`); nothing where it has none."""
    told: JsonValue = case.item.reference
    for part in path.split("."):
        told = told.get(part) if isinstance(told, dict) else None
    try:
        return kind.validate_python(told or [])
    except ValidationError as error:
        first = error.errors()[0]
        raise SuiteError(
            f"item '{case.item.id}': reference.{path} cannot be planted from: {first['msg']}"
        ) from None


def _checked_pattern(pattern: str, new: str = "") -> str:
    """The pattern. Raises ValueError where it is none, or where `new` names a group that it does not have."""
    try:
        re.sub(pattern, new, "")
    except (re.error, IndexError) as error:
        what = f"with '{new}': " if new else ""
        raise ValueError(f"'{pattern}' is no regular expression: {what}{error}") from None
    return pattern


class DropFact(Mutation):
    """Takes out every clause that says one of the item's facts; a fact that is said all through stays."""

    reference: str = "facts"
    weight: Weight = "must"
    field: str | None = None

    def mutated(self, case: Case) -> str | None:
        """The answer without the fact."""
        facts = _listed(case, self.reference, _FACTS)
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
    of the pattern, as Python's `re.sub` understands them. `count: 0` replaces all that is found.
    """

    swaps: dict[str, str] = Field(min_length=1)
    field: str | None = None
    count: Whole = Field(default=1, ge=0)

    @field_validator("swaps")
    @classmethod
    def _patterns(cls, swaps: dict[str, str]) -> dict[str, str]:
        return {_checked_pattern(pattern, new): new for pattern, new in swaps.items()}

    def mutated(self, case: Case) -> str | None:
        """The changed answer; None where nothing is found."""
        text = case.part(self.field)
        for pattern, new in self.swaps.items():
            changed = re.sub(pattern, new, text, count=self.count, flags=re.MULTILINE)
            if changed != text:
                return case.with_part(self.field, changed)
        return None


class Insert(Mutation):
    """Adds one of `texts`: at the start or the end of a field, or behind the first match of `after`.

    `{name}` in a text stands for the item's input of that name. With `from_reference` the texts are the item's
    own list of that name.
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
        if self.after is not None:
            _checked_pattern(self.after)
        return self

    def mutated(self, case: Case) -> str | None:
        """The longer answer; None where there is nothing to add, or no place for it."""
        added = self.texts or _own_texts(case, str(self.from_reference))
        if not added:
            return None
        new = _PLACE.sub(
            lambda found: str(case.item.input.get(found[1], found[0])), case.draw.choice(added)
        )
        text = case.part(self.field)
        whole: str | None = new + text if self.where == "start" else text + new
        if self.after is not None:
            whole = _behind(self.after, text, new)
        return None if whole is None else case.with_part(self.field, whole)


def _own_texts(case: Case, name: str) -> list[str]:
    told = case.item.reference.get(name)
    return [str(each) for each in told] if isinstance(told, list) else []


def _behind(pattern: str, text: str, new: str) -> str | None:
    """`text` with `new` behind the first match of `pattern`; None without a match."""
    found = re.search(pattern, text, re.MULTILINE)
    return None if found is None else text[: found.end()] + new + text[found.end() :]


class StateTrap(Mutation):
    """States one of the item's traps as fact, in a sentence of its own: at the end, or behind `after`.

    `reference` may be a path: `document.forbidden`.
    """

    reference: str = "traps"
    after: str | None = None

    @model_validator(mode="after")
    def _pattern(self) -> Self:
        if self.after is not None:
            _checked_pattern(self.after)
        return self

    def mutated(self, case: Case) -> str | None:
        """The answer with the misleading sentence; None where the item has no trap, or no place for it."""
        traps = _listed(case, self.reference, _TRAPS)
        if not traps:
            return None
        rendering = case.draw.choice(traps).any[0]
        said = "，".join(rendering.all) if isinstance(rendering, Together) else rendering
        text = case.part(None)
        if self.after is None:
            return f"{text.rstrip('。')}。{said}。"
        return _behind(self.after, text, f"{said}。")


class RemoveField(Mutation):
    """Leaves a labelled field out."""

    field: str

    def mutated(self, case: Case) -> str | None:
        """The answer without the field; None where it has none."""
        return case.without_part(self.field)
