"""Personal data out of what is asked, and back into what is answered.

A placeholder stands for one number or address in all of a request, and is put back in the reply, so that a
scorer sees what the model meant. What a placeholder stands for is never written anywhere.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count

from pydantic import JsonValue

from bench.endpoints.seam import Request
from bench.standards.personal_data import KINDS, PersonalDatum, personal_data, without_overlaps
from bench.types import Message

VERSION = "1"
"""Raised when other things are found or placeholders look otherwise, so that an unfinished run is not mixed."""
_OPENING, _CLOSING = "〔[【(（「《<{〈", "〕]】)）」》>}〉"
"""A model may write another bracket than it read."""
_IMAGE = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,")


@dataclass(frozen=True, slots=True)
class Change:
    """A placeholder, the kind of what it stands for, and how often it was put.

    Into the messages, or into the case's input where that holds more: an endpoint is sent one of them.
    """

    kind: str
    placeholder: str
    count: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """A request that may leave."""

    request: Request
    changes: tuple[Change, ...]
    _originals: Mapping[str, str] = field(repr=False)
    """What stands between the brackets -> what it stands for."""

    def restored(self, text: str) -> str:
        """A reply with its placeholders replaced by what they stand for."""
        if not self._originals:
            return text
        meant = {_joined(name): original for name, original in self._originals.items()}
        names = "|".join(re.sub(r"(\d+)$", r" ?\1", re.escape(name)) for name in meant)
        return _written(names).sub(lambda found: meant[_joined(found[1])], text)


def _joined(name: str) -> str:
    """A placeholder's name without blanks, which a model may put before its number."""
    return name.replace(" ", "")


def _written(names: str) -> re.Pattern[str]:
    """Placeholders whose names a pattern matches, in whatever brackets."""
    return re.compile(f"[{re.escape(_OPENING)}] ?({names}) ?[{re.escape(_CLOSING)}]")


@dataclass(frozen=True)
class Redaction:
    """What is replaced: every known kind of personal data, and `own` patterns by the name of their kind.

    Where a pattern of one's own has a group, only the group is replaced.
    """

    own: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def patterns(self) -> Mapping[str, re.Pattern[str]]:
        """The own patterns, compiled."""
        return {name: re.compile(pattern) for name, pattern in self.own.items()}

    def identity(self) -> dict[str, JsonValue]:
        """What can change an answer."""
        return {"version": VERSION, "own": dict(self.own)}

    def of(self, request: Request) -> Redacted:
        """A request with placeholders in its messages and in its case's input."""
        book = _Book(self, request)
        messages = tuple(book.message(turn) for turn in request.messages)
        book.counting = book.in_input
        given = {book.text(name): book.value(each) for name, each in request.case.input.items()}
        if not book.originals:
            return Redacted(request, (), {})
        case = replace(request.case, input=given)
        return Redacted(
            replace(request, case=case, messages=messages), book.changes(), book.originals
        )

    def found(self, text: str) -> list[PersonalDatum]:
        """Everything in a text that is replaced; patterns of one's own come before the known kinds."""
        own = [
            PersonalDatum(name, *found.span(pattern.groups), found[pattern.groups])
            for name, pattern in self.patterns.items()
            for found in pattern.finditer(text)
            if found[pattern.groups]
        ]
        return without_overlaps([*own, *personal_data(text)])


class _Book:
    """The placeholders of one request, numbered by kind in the order in which they are met."""

    def __init__(self, redaction: Redaction, request: Request) -> None:
        self.redaction = redaction
        self.originals: dict[str, str] = {}
        self.in_messages: dict[str, int] = {}
        self.in_input: dict[str, int] = {}
        self.counting = self.in_messages
        self._kinds: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._asked = repr((request.messages, request.case.input))
        self._free: dict[str, Iterator[str]] = {}

    def message(self, turn: Message) -> Message:
        content = self.text(turn.content)
        return turn if content == turn.content else turn.model_copy(update={"content": content})

    def value(self, told: JsonValue) -> JsonValue:
        """A value of JSON with every text in it, names of fields and whole numbers too, made safe."""
        match told:
            case str():
                return told if _IMAGE.match(told) else self.text(told)
            case bool() | float() | None:
                return told
            case int():
                text = self.text(str(told))
                return told if text == str(told) else text
            case list():
                return [self.value(each) for each in told]
            case dict():
                return {self.text(name): self.value(each) for name, each in told.items()}

    def text(self, told: str) -> str:
        parts, at = [], 0
        for each in self.redaction.found(told):
            parts += [told[at : each.start], self._placeholder(each, told[each.start : each.end])]
            at = each.end
        return "".join([*parts, told[at:]]) if parts else told

    def changes(self) -> tuple[Change, ...]:
        return tuple(
            Change(
                self._kinds[name],
                f"〔{name}〕",
                max(self.in_messages.get(name, 0), self.in_input.get(name, 0)),
            )
            for name in self.originals
        )

    def _placeholder(self, found: PersonalDatum, original: str) -> str:
        name = self._names.get((found.kind, found.number))
        if name is None:
            name = self._new_name(KINDS.get(found.kind, found.kind))
            self._names[found.kind, found.number] = name
            self._kinds[name] = found.kind
            self.originals[name] = original
        self.counting[name] = self.counting.get(name, 0) + 1
        return f"〔{name}〕"

    def _new_name(self, kind: str) -> str:
        """The next name of a kind that stands nowhere in the request."""
        if kind not in self._free:
            taken = set(_written(f"{re.escape(kind)}[0-9]+").findall(self._asked))
            names = (f"{kind}{number}" for number in count(1))
            self._free[kind] = (
                name for name in names if name not in taken and name not in self.originals
            )
        return next(self._free[kind])
