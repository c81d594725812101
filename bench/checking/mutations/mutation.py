"""The seam of mutations: a frozen value with one verb, its fields are its YAML options."""

import random
import re
from dataclasses import dataclass, field
from typing import Any

from bench.scoring.reading import read
from bench.suites.model import AnswerForm
from bench.types import Item, Record


@dataclass(frozen=True, slots=True)
class Case:
    """A good answer to an item, and the draw that decides where it is spoilt."""

    item: Item
    answer: str
    form: AnswerForm
    scorers: dict[str, Any] = field(default_factory=dict)
    draw: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311  # reproducible

    def part(self, name: str | None) -> str:
        """A field of the answer, or all of it."""
        return read(self.answer, self.form).part(name)

    def with_part(self, name: str | None, text: str) -> str:
        """The answer with another text in a field, or another text altogether."""
        if name is None:
            return text
        old = self.part(name)
        label = self.form.fields[name]
        if not old:
            return f"{self.answer.rstrip()}\n{label}：{text}"
        start = re.search(rf"{re.escape(label)}\W{{0,6}}[：:]", self.answer)
        at = self.answer.find(old, start.end() if start else 0)
        return self.answer[:at] + text + self.answer[at + len(old) :] if at >= 0 else self.answer


class Mutation(Record):
    """Spoils an answer in one way, or says that this answer gives no occasion for it."""

    def mutated(self, case: Case) -> str | None:
        """The spoilt answer; None where there is nothing to spoil."""
        raise NotImplementedError
