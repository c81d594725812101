"""A reply as the suite's answer form reads it: the text, and its labelled fields."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.suites.model import AnswerForm


@dataclass(frozen=True, slots=True)
class Reading:
    """A reply ready to be judged. `fields` holds only what the reply really carries.

    `starts` says where a field begins in the text; where it is not told, the field is looked for.
    """

    text: str
    fields: Mapping[str, str] = field(default_factory=dict)
    starts: Mapping[str, int] = field(default_factory=dict)

    def offset(self, name: str | None) -> int:
        """Where the field called `name` begins in the text; 0 for the whole text and for a missing field."""
        if name is None:
            return 0
        return self.starts.get(name, max(0, self.text.find(self.part(name))))

    def part(self, name: str | None) -> str:
        """The field called `name`, empty if the reply lacks it; the whole text for None."""
        return self.text if name is None else self.fields.get(name, "")


def read(text: str, form: AnswerForm) -> Reading:
    """Read a reply. Labelled lines and one JSON object are both understood; the last mention counts.

    The text of a JSON reply is its fields as labelled lines, so that its own quotation marks quote nothing.

    A value runs to the next label that the form knows, so it may span lines. A heap of combining marks is
    cut: see `stream_safe`.
    """
    text = stream_safe(text).strip()
    if form.format == "text":
        return Reading(text)
    found = _json_object(text)
    known = {*form.fields, *form.fields.values()}
    if found is None or not known & found.keys():
        return _labelled(text, form.fields)
    fields = {
        name: _flat(found[key])
        for name, label in form.fields.items()
        for key in (label, name)
        if found.get(key) is not None
    }
    told, starts = "", {}
    for name, value in fields.items():
        told += f"{form.fields[name]}："
        starts[name] = len(told)
        told += f"{value}\n"
    return Reading(told.removesuffix("\n"), fields, starts)


def stream_safe(text: str) -> str:
    """`text` with at most 30 combining marks in a row (the Stream-Safe Text Format of UAX #15).

    Python orders combining marks by insertion, so that a hundred thousand of them take seconds to normalise.

    >>> len(stream_safe("é" + "\u0301" * 500))
    31
    """
    return _MARKS.sub(lambda run: _cut(run[0]), text)


_MARKS = re.compile(r"[^\w\s\x00-\u02ff]{31,}")
_MOST_MARKS = 30


def _cut(run: str) -> str:
    kept, marks = [], 0
    for each in run:
        marks = marks + 1 if unicodedata.combining(each) else 0
        if marks <= _MOST_MARKS:
            kept.append(each)
    return "".join(kept)


def _labelled(text: str, fields: Mapping[str, str]) -> Reading:
    names = {label: name for name, label in fields.items()}
    labels = "|".join(re.escape(label) for label in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"^[ \t\u3000>*#\-•·【\[]*({labels})[\s*】\]]*[：:][\s*]*", re.MULTILINE)
    marks = list(pattern.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)][: len(marks)]
    values, starts = {}, {}
    for mark, end in zip(marks, ends, strict=True):
        told = text[mark.end() : end].strip()
        value = told.strip("*").strip()
        values[names[mark[1]]] = value
        starts[names[mark[1]]] = max(0, text.find(value, mark.end()))
    return Reading(text, values, starts)


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
    """A value as text; lists, however deep, become one list."""
    told: list[str] = []
    left = [value]
    while left:
        match left.pop():
            case list(parts):
                left += reversed(parts)
            case str(text):
                told.append(text.strip())
            case other:
                told.append(json.dumps(other, ensure_ascii=False))
    return "；".join(told)
