"""A reply as the suite's answer form reads it: the text, and its labelled fields."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.suites.model import AnswerForm


@dataclass(frozen=True, slots=True)
class Reading:
    """A reply ready to be judged. `fields` holds only what the reply really carries."""

    text: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def offset(self, name: str | None) -> int:
        """Where the field called `name` begins in the text; 0 for the whole text and for a missing field."""
        return max(0, self.text.find(self.part(name))) if name is not None else 0

    def part(self, name: str | None) -> str:
        """The field called `name`, empty if the reply lacks it; the whole text for None."""
        return self.text if name is None else self.fields.get(name, "")


def read(text: str, form: AnswerForm) -> Reading:
    """Read a reply. Labelled lines and one JSON object are both understood; the last mention counts.

    The text of a JSON reply is its fields as labelled lines, so that its own quotation marks quote nothing.

    A value runs to the next label that the form knows, so it may span lines.
    """
    if form.format == "text":
        return Reading(text.strip())
    found = _json_object(text)
    known = {*form.fields, *form.fields.values()}
    if found is None or not known & found.keys():
        return Reading(text.strip(), _labelled(text, form.fields))
    fields = {
        name: _flat(found[key])
        for name, label in form.fields.items()
        for key in (label, name)
        if found.get(key) is not None
    }
    told = "\n".join(f"{form.fields[name]}：{value}" for name, value in fields.items())
    return Reading(told, fields)


def _labelled(text: str, fields: Mapping[str, str]) -> dict[str, str]:
    names = {label: name for name, label in fields.items()}
    labels = "|".join(re.escape(label) for label in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"^[ \t\u3000>*#\-•·【\[]*({labels})[\s*】\]]*[：:][\s*]*", re.MULTILINE)
    marks = list(pattern.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)][: len(marks)]
    return {
        names[mark[1]]: text[mark.end() : end].strip().strip("*").strip()
        for mark, end in zip(marks, ends, strict=True)
    }


def _json_object(text: str) -> dict[str, object] | None:
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        found = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _flat(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return "；".join(_flat(part) for part in value)
    return json.dumps(value, ensure_ascii=False)
