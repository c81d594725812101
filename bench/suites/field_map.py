"""A record and a mapping of its fields become the fields of an item. Nothing is read here."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import JsonValue

from bench.errors import SuiteError
from bench.registry import did_you_mean
from bench.suites.data_model import FieldMap, Pick, Picked, Where
from bench.suites.prompt import rendered

_ABSENT: Final = object()
_MOST = 80
"""Characters of an id."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What becomes one item: a record, or an entry of a list within it. `number` counts records from 1."""

    record: Mapping[str, Any]
    number: int
    inner: Mapping[str, Any] | None = None
    position: int = 0

    def column(self, name: str) -> Any:
        """The value of a column, or of a path. Raises SuiteError with the names there are where it is absent."""
        for level in self._levels():
            found = _at(level, name)
            if found is not _ABSENT:
                return found
        known = [each for level in self._levels() for each in _near(level, name)]
        raise SuiteError(f"no column '{name}'{did_you_mean(name, list(dict.fromkeys(known)))}")

    def _levels(self) -> list[Mapping[str, Any]]:
        return [self.record] if self.inner is None else [self.inner, self.record]

    def names(self) -> dict[str, Any]:
        """What a template may name."""
        inner = self.inner if self.inner is not None else self.record
        told = {"record": self.record, "entry": inner, **self.record, **inner}
        return {name: _known(value) for name, value in told.items() if value is not None}


def entries(record: Any, number: int, fields: FieldMap) -> Iterator[Entry]:
    """The entries of a record that `each` asks for; the record itself where nothing is asked.

    Raises SuiteError for what is no record and no list.
    """
    if not isinstance(record, dict):
        raise SuiteError("a record is a mapping of columns to values")
    whole = Entry(record, number)
    if fields.each is None:
        yield whole
        return
    listed = whole.column(fields.each)
    if not isinstance(listed, list):
        raise SuiteError(f"column '{fields.each}' holds no list")
    for position, inner in enumerate(listed, start=1):
        yield Entry(
            record, number, inner if isinstance(inner, dict) else {"entry": inner}, position
        )


def is_wanted(entry: Entry, where: Where) -> bool:
    """Whether every column holds one of its values. Raises SuiteError for an unknown column."""
    return all(as_text(entry.column(name)) in values for name, values in where.items())


def picked(pick: Pick, entry: Entry) -> JsonValue:
    """The value that `pick` means. Raises SuiteError where there is none and none stands in for it."""
    how = Picked(column=pick) if isinstance(pick, str) else pick
    if how.template is not None:
        return _renamed(rendered(how.template, entry.names()), how.names)
    if how.column is None:
        return how.value
    has_other = "missing" in how.model_fields_set
    try:
        found = entry.column(how.column)
    except SuiteError:
        if has_other:
            return how.missing
        raise
    if found is None:
        if has_other:
            return how.missing
        raise SuiteError(
            f"column '{how.column}' is empty; say what stands in for it: missing: VALUE"
        )
    return _renamed(found, how.names)


def _renamed(value: JsonValue, names: Mapping[str, JsonValue]) -> JsonValue:
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    return names.get(as_text(value), value) if names and not isinstance(value, dict) else value


def as_text(value: JsonValue) -> str:
    """A value in words: whole numbers without a fraction, true and false, lists and mappings as JSON.

    >>> as_text(7.0), as_text(True), as_text(["a", 1])
    ('7', 'true', '["a", 1]')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def safe_name(text: str) -> str:
    """`text` as the name of an item: other signs than letters, digits, `_`, `.` and `-` become `-`.

    >>> safe_name("MRO/2007/page 134.pdf"), safe_name("题/3")
    ('MRO-2007-page-134.pdf', '_题-3')
    """
    plain = [sign if sign.isalpha() or sign.isdecimal() or sign in "_.-" else " " for sign in text]
    name = "-".join("".join(plain).split())
    return (name if re.match(r"[a-zA-Z0-9_]", name) else f"_{name}")[:_MOST]


def unique_name(name: str, taken: dict[str, int]) -> str:
    """`name`, or `name-2` and so on; it is taken from then on, with the last number that was added to it.

    >>> taken = {}
    >>> [unique_name(name, taken) for name in ("a", "a", "a-2", "a")]
    ['a', 'a-2', 'a-2-2', 'a-3']
    """
    found, count = name, taken.get(name, 0)
    while found in taken:
        count += 1
        found = f"{name[: _MOST - len(str(count)) - 1]}-{count}"
    taken[name] = count
    taken[found] = 1
    return found


def short_cluster(text: str) -> str:
    """`text`, or the digest of a long one: a whole document may name a cluster."""
    return text if len(text) <= _MOST else hashlib.sha256(text.encode()).hexdigest()[:16]


def _at(value: Any, path: str) -> Any:
    """The value at a path of names and positions, or `_ABSENT`."""
    if isinstance(value, Mapping) and path in value:
        return value[path]
    inner, rest = _step(value, path)
    return inner if inner is _ABSENT or not rest else _at(inner, rest)


def _step(value: Any, path: str) -> tuple[Any, str]:
    """The value at the first part of a path, or `_ABSENT`, and the other parts."""
    head, _, rest = path.partition(".")
    if isinstance(value, Mapping) and head in value:
        return value[head], rest
    if isinstance(value, list) and re.fullmatch(r"-?[0-9]{1,9}", head):
        at = int(head)
        if -len(value) <= at < len(value):
            return value[at], rest
    return _ABSENT, rest


def _near(value: Any, path: str) -> list[str]:
    """The paths that lead somewhere, from the part at which `path` ceases to."""
    inner, rest = _step(value, path)
    if rest and isinstance(inner, Mapping | list):
        head = path.partition(".")[0]
        return [f"{head}.{each}" for each in _near(inner, rest)]
    return list(value) if isinstance(value, Mapping) else []


def _known(value: Any) -> Any:
    """A value without the nulls of its mappings, so that a template cannot print them."""
    if isinstance(value, Mapping):
        return {name: _known(each) for name, each in value.items() if each is not None}
    return value
