"""The policy file: what an endpoint must be to see data of a class, and which data of one's own are personal."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from bench.endpoints.seam import DataPlace
from bench.errors import EndpointFileError
from bench.files.validation import validated
from bench.files.yaml_source import read_yaml
from bench.standards.personal_data import KINDS
from bench.types import Name, Record, Text

DEFAULT = Path(__file__).with_name("default_policy.yaml")
_ASKED = ("residency", "deployment", "licence", "licence_not", "weights", "filed")

DataClass = Literal["public", "internal", "confidential"]
Some = Annotated[tuple[str, ...], Field(min_length=1)]


class Rule(Record):
    """One demand on endpoints. Whatever is asked must be known and match; what is not asked may be anything."""

    rule: Name
    residency: Literal["stated"] | Some | None = None
    deployment: tuple[Literal["public", "private", "edge"], ...] | None = Field(None, min_length=1)
    licence: Literal["stated"] | Some | None = None
    licence_not: Some | None = None
    weights: tuple[Literal["open", "closed"], ...] | None = Field(None, min_length=1)
    filed: Literal["yes"] | None = None
    text: Text
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if all(getattr(self, name) is None for name in _ASKED):
            raise ValueError(
                f"the rule '{self.rule}' asks for nothing; add one of {', '.join(_ASKED)}"
            )
        return self

    def is_met(self, place: DataPlace) -> bool:
        """Whether an endpoint of which `place` is stated may be sent the data."""
        licence = _stated(place.licence)
        return (
            _is_among(_stated(place.residency), self.residency)
            and _is_among(place.deployment, self.deployment)
            and _is_among(licence, self.licence)
            and (self.licence_not is None or _is_outside(licence, self.licence_not))
            and _is_among(_stated(place.weights), self.weights)
            and (self.filed is None or place.filed == self.filed)
        )


def _stated(told: str | None) -> str | None:
    return None if told in (None, "", "unknown") else told


def _is_among(told: str | None, asked: str | Iterable[str] | None) -> bool:
    if asked is None:
        return True
    if told is None:
        return False
    return asked == "stated" or told.casefold() in {each.casefold() for each in asked}


def _is_outside(told: str | None, barred: Iterable[str]) -> bool:
    return told is not None and not _is_among(told, barred)


class Classes(Record):
    """The rules of every class of data; none may be left out, lest it be open by oversight."""

    public: tuple[Rule, ...]
    internal: tuple[Rule, ...]
    confidential: tuple[Rule, ...]


class PolicyFile(Record):
    """A policy file. `redact` names patterns (regular expressions) of personal data beside the known kinds."""

    policy: Name
    classes: Classes
    redact: dict[str, str] = Field(default_factory=dict)

    @field_validator("redact")
    @classmethod
    def _patterns(cls, told: dict[str, str]) -> dict[str, str]:
        for name, pattern in told.items():
            if not re.fullmatch(r"[^\W\d_](?:[\w ]*[^\W\d_])?", name):
                raise ValueError(f"'{name}' is no name of a kind: letters, at both ends")
            if name in KINDS.values():
                raise ValueError(f"'{name}' is found already; choose another name")
            try:
                found = re.compile(pattern)
            except re.error as error:
                raise ValueError(f"'{name}' is no regular expression: {error}") from None
            if found.groups > 1:
                raise ValueError(f"'{name}' has {found.groups} groups; one at most, or (?:…)")
            if found.search("") is not None:
                raise ValueError(f"'{name}' finds the empty text; make it longer")
        return told


def read_policy(path: Path) -> PolicyFile:
    """The policy in a file. Raises EndpointFileError with file, line and column."""
    source = read_yaml(path, EndpointFileError)
    if not isinstance(source.data, dict):
        raise source.error((), "a mapping with policy: and classes: is expected", EndpointFileError)
    return validated(PolicyFile, source, (), EndpointFileError)
