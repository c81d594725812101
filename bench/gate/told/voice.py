"""How a gate speaks of one suite: its nouns, its money, and every text of others short and plain."""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bench.gate.record import SuiteFacts
from bench.types import Language, Text
from bench.wording.catalogue import has, say
from bench.wording.columns import cut, width
from bench.wording.numbers import Money
from bench.wording.plain import plain

CASES = 100
"""Money is told for so many cases, as the reports do."""
_NAME, _NOUN, _CURRENCY = 120, 40, 12
_READ = 20
"""Characters of a text that are looked at for each column that may be shown: most of them may be invisible."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One language."""

    language: Language

    def say(self, key: str, **slots: object) -> str:
        """A sentence of the group `regression`."""
        return say(self.language, f"regression.{key}", **slots)

    def named(self, group: str, name: str) -> str:
        """The word for a code of the program; the code itself where there is none."""
        key = f"{group}.{name}"
        return say(self.language, key) if has(key) else short(name)

    def setting(self, name: str) -> str:
        """The word for a part of a candidate's identity; its key where there is none."""
        code = name.replace(".", "_")
        return (
            self.named("regression.setting", code)
            if has(f"regression.setting.{code}")
            else short(name)
        )

    def listed(self, names: Sequence[str], most: int) -> str:
        """Names of others in a row, and how many more there are."""
        told = say(self.language, "list.between").join(short(each) for each in names[:most])
        if len(names) <= most:
            return told
        return self.say("and_more", first=told, n=f"{len(names) - most:,}")

    def clauses(self, parts: Iterable[str]) -> str:
        """Clauses of a sentence, empty ones left out."""
        return say(self.language, "list.clause").join(each for each in parts if each)


@dataclass(frozen=True, slots=True)
class SuiteVoice(Voice):
    """One language, about one suite."""

    facts: SuiteFacts

    def text(self, told: Text) -> str:
        """A text of the suite's author."""
        return short(told.in_(self.language))

    @property
    def title(self) -> str:
        """What readers call the suite."""
        return self.text(self.facts.title)

    @property
    def cases(self) -> str:
        """The noun of the suite's cases."""
        return short(self.facts.cases.in_(self.language), _NOUN)

    def money(self, amounts: Iterable[float | None]) -> Money:
        """The scale for a sentence of amounts."""
        return Money.scaled(self.language, short(self.facts.currency, _CURRENCY), amounts)


def verdict(status: Literal["pass", "fail", "inconclusive"], language: Language) -> str:
    """The word that a verdict begins with."""
    return say(language, f"regression.verdict.{status}")


def short(text: str, most: int = _NAME) -> str:
    """One plain line of at most so many columns; what is cut ends in three dots.

    >>> short("a long name", 7), short("name")
    ('a long…', 'name')
    """
    told = plain(text[: most * _READ])
    if width(told) <= most and len(text) <= most * _READ:
        return told
    return cut(told, most - 1).rstrip() + "…"


def argument(text: str) -> str:
    """A path of the user as a shell takes it."""
    return shlex.quote(short(text, 300))
