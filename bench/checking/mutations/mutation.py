"""The seam of mutations: a frozen value with one verb, its fields are its YAML options."""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.registry import did_you_mean
from bench.scoring.reading import read
from bench.suites.model import AnswerForm
from bench.types import Item, Record


@dataclass(frozen=True, slots=True)
class Case:
    """A good answer to an item, and the draw that decides where it is spoilt."""

    item: Item
    answer: str
    form: AnswerForm
    scorers: Mapping[str, Any] = field(default_factory=dict)
    draw: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311  # reproducible

    def part(self, name: str | None) -> str:
        """A field of the answer, or all of it."""
        return read(self.answer, self.form).part(name)

    def with_part(self, name: str | None, text: str) -> str:
        """The answer with another text in a field, or another text altogether."""
        if name is None:
            return text
        if (in_json := self._in_json(name, text)) is not None:
            return in_json
        if not self.part(name):
            return f"{self.answer.rstrip()}\n{self.form.fields[name]}：{text}"
        found = self._line(name)
        return self.answer[: found.start(1)] + text + self.answer[found.end(1) :]

    def without_part(self, name: str) -> str | None:
        """The answer without a field, its label included; None where it has none."""
        if not self.part(name):
            return None
        if (in_json := self._in_json(name, None)) is not None:
            return in_json
        found = self._line(name)
        left = self.answer[: found.start()] + self.answer[found.end() :].lstrip("*").lstrip("\n")
        return left.strip()

    def _line(self, name: str) -> re.Match[str]:
        """The last line that carries the field, up to the end of its text, which is group 1."""
        label, text = re.escape(self.form.fields[name]), re.escape(self.part(name))
        pattern = rf"^[^\w\n]*{label}[\s*】\]]*[：:][\s*]*({text})"
        *_, last = re.finditer(pattern, self.answer, re.MULTILINE)
        return last

    def _in_json(self, name: str, text: str | None) -> str | None:
        """The answer, a JSON object, with another text in a field or without it; None if it is no object."""
        start, end = self.answer.find("{"), self.answer.rfind("}") + 1
        try:
            told = json.loads(self.answer[start:end]) if start >= 0 else None
        except (ValueError, RecursionError):
            return None
        if (
            not isinstance(told, dict)
            or not {*self.form.fields, *self.form.fields.values()} & told.keys()
        ):
            return None
        keys = (self.form.fields[name], name)
        kept = {key: value for key, value in told.items() if key not in keys}
        if text is not None:
            kept = told | dict.fromkeys([key for key in keys if key in told] or keys[:1], text)
        return self.answer[:start] + json.dumps(kept, ensure_ascii=False) + self.answer[end:]


class Mutation(Record):
    """Spoils an answer in one way, or says that this answer gives no occasion for it."""

    def mutated(self, case: Case) -> str | None:
        """The spoilt answer; None where there is nothing to spoil."""
        raise NotImplementedError

    def problem(self, form: AnswerForm, scorers: Mapping[str, Any]) -> str | None:
        """What the suite lacks for this mutation, or None; asked when the suite loads."""
        del scorers
        wanted = getattr(self, "field", None)
        if wanted is None or wanted in form.fields:
            return None
        return f"field '{wanted}' is not in answer.fields{did_you_mean(wanted, list(form.fields))}"
