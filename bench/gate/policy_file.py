"""The policy of a gate: what may not get worse, by how much, and what to do when the items cannot tell."""

import datetime as dt
import stat
from collections import Counter
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from bench.errors import UserError
from bench.files.validation import validated
from bench.files.yaml_source import read_yaml
from bench.types import Flag, Name, Number, Record, Whole
from bench.value.observed.digest import digest

DEFAULT = Path(__file__).with_name("default_policy.yaml")
Share = Annotated[Number, Field(ge=0, le=1)]
Otherwise = Literal["fail", "warn"]
OFF = "off"
MAX_BYTES = 1024 * 1024
"""Of a policy: thousands of suites."""


class Counted(Record):
    """A criterion that fails the gate, or warns only (`otherwise: warn`)."""

    otherwise: Otherwise = "fail"


class Money(Counted):
    """Money per case that may be lost: an amount in the suite's currency, or a share of what a case costs today."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["may_fall_by"]}, {"required": ["may_fall_by_share"]}]
        }
    )

    may_fall_by: Annotated[Number, Field(ge=0)] | None = None
    may_fall_by_share: Share | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.may_fall_by is None) == (self.may_fall_by_share is None):
            raise ValueError("needs either may_fall_by or may_fall_by_share")
        return self

    def margin(self, human_cost: float) -> float:
        """Money per case."""
        if self.may_fall_by is not None:
            return self.may_fall_by
        assert self.may_fall_by_share is not None
        return self.may_fall_by_share * human_cost


class Points(Counted):
    """Points of a share that it may get worse by: 0.02 is two cases in a hundred."""

    may_worsen_by: Share


class Growth(Counted):
    """A quantity that may grow by a share of itself: 0.2 is a fifth more."""

    may_grow_by_share: Annotated[Number, Field(ge=0)]


class Waiver(Record):
    """A limit of the suite that is known to be broken, and why that is borne, until when."""

    because: str = Field(min_length=1)
    until: str | None = None

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.until is not None:
            try:
                dt.date.fromisoformat(self.until)
            except ValueError:
                raise ValueError(f"until: '{self.until}' is no date; write YYYY-MM-DD") from None
        return self

    def holds(self, today: dt.date) -> bool:
        """Whether it has not run out."""
        return self.until is None or today <= dt.date.fromisoformat(self.until)


class _OrOff:
    """Lets `off` stand for None, in files and in their JSON Schema."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_off, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        told = handler(schema)
        return {"anyOf": [*told.get("anyOf", [told]), {"const": OFF}]}


def _off(value: Any) -> Any:
    if isinstance(value, str | bool | int | float):
        if value != OFF:
            raise ValueError(f"a mapping or {OFF} expected, got {value!r}")
        return None
    return value


Kind = TypeVar("Kind", bound=Record)
Switched = Annotated[Kind | None, _OrOff()]
"""A criterion that may be `off`."""


class SuitePolicy(Record):
    """What is held in a suite; what is not said is as `default` has it, and there as the built-in policy has it.

    Any criterion may be `off`. `limits` are the suite's own gates: `broken` fails what surely breaks one, `proven` asks that
    each be shown to hold. `gated_rates` is for the rates that the suite's hard gates are about, unless `rates` names them; None leaves the margin
    to the gate's own limit: such a rate fails when it surely rose by more, and need be proven only where limits are.
    """

    value: Switched[Money] = None
    harm: Switched[Points] = None
    gated_rates: Switched[Points] = None
    rates: dict[Name, Switched[Points]] = Field(default_factory=dict)
    limits: Literal["broken", "proven", "off"] | None = None
    waived: dict[Name, Waiver] = Field(default_factory=dict)
    coverage: Switched[Points] = None
    cost: Switched[Growth] = None
    latency: Switched[Growth] = None

    def over(self, below: "SuitePolicy") -> "SuitePolicy":
        """This policy, with what it does not say from `below`."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        merged = {name: getattr(below, name) | said.pop(name, {}) for name in ("rates", "waived")}
        return below.model_copy(update={**said, **merged})


class Pair(Record):
    """A candidate that is held against one of another name."""

    candidate: str
    against: str


class Inconclusive(Record):
    """What to do when the items cannot tell: stop with exit code 4, fail, warn, or ask more items of the run's plan.

    `extend` asks on until the gate is sure, at most up to `up_to_items` of each suite (all of them, unless said) or until
    `budget` is spent, in the suites' currency, and then stops.
    """

    then: Literal["stop", "fail", "warn", "extend"] = "stop"
    up_to_items: Whole | None = Field(default=None, gt=0)
    budget: Number | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _extends(self) -> Self:
        if self.then != "extend" and (self.up_to_items is not None or self.budget is not None):
            raise ValueError(
                "up_to_items and budget are for then: extend; write that or leave them out"
            )
        return self


class Sequential(Record):
    """How a run that is held against a baseline while it runs takes its items: in so many looks, no sooner than after so many clusters."""

    looks: Whole = Field(default=10, ge=1, le=20)
    first_clusters: Whole = Field(default=8, ge=2)


class GatePolicy(Record):
    """A policy file. `confidence` is one-sided; `min_power` is how likely an unchanged candidate must be to pass for a pass to count."""

    policy: Name
    confidence: Annotated[Number, Field(gt=0.5, lt=1)] = 0.95
    min_power: Annotated[Number, Field(ge=0, lt=1)] = 0.5
    candidates: list[str | Pair] | None = Field(default=None, min_length=1)
    """Those that are held; None: every candidate of the baseline."""
    inconclusive: Inconclusive = Inconclusive()
    sequential: Sequential = Sequential()
    drift: Otherwise = "fail"
    """What a change of the model behind an unchanged candidate does (`--window`)."""
    default: SuitePolicy = SuitePolicy()
    suites: dict[Name, SuitePolicy] = Field(default_factory=dict)
    complete: Flag = True
    """Whether every suite that is named here must be in the run and in the baseline."""

    @field_validator("candidates")
    @classmethod
    def _once(cls, told: list[str | Pair] | None) -> list[str | Pair] | None:
        named = Counter(each if isinstance(each, str) else each.candidate for each in told or ())
        for name, count in named.items():
            if count > 1:
                raise ValueError(f"'{name}' stands twice; hold a candidate once")
        return told

    def of(self, suite: str) -> SuitePolicy:
        """What is held in a suite."""
        return self.suites.get(suite, SuitePolicy()).over(self.default)

    @property
    def digest(self) -> str:
        """A fingerprint of what it holds; the order in which it says so and what it leaves to the default are the same."""
        told = self.model_dump(mode="json", exclude={"default", "suites"})
        told["default"] = _said(self.default)
        told["suites"] = {name: _said(self.of(name)) for name in self.suites}
        return digest(told, 16)


def _said(policy: SuitePolicy) -> dict[str, Any]:
    """What a policy says; a criterion that is off is said, one that is not mentioned is not."""
    return policy.model_dump(mode="json", include=policy.model_fields_set | {"rates", "waived"})


def read_gate_policy(path: Path | None) -> GatePolicy:
    """The policy of a file over the built-in one. Raises UserError with file, line and column."""
    built_in = _read(DEFAULT)
    if path is None:
        return built_in
    own = _read(path)
    return own.model_copy(update={"default": own.default.over(built_in.default)})


def _read(path: Path) -> GatePolicy:
    _check_size(path)
    source = read_yaml(path, UserError)
    if not isinstance(source.data, dict):
        raise source.error((), "a mapping that begins with policy: NAME is expected", UserError)
    for at in _empty(source.data):
        raise source.error(
            at, f"nothing stands here; write a value, or {OFF} for a criterion", UserError
        )
    return validated(GatePolicy, source, (), UserError)


def _check_size(path: Path) -> None:
    """Raises UserError for a file that nobody wrote by hand, or a device, which may have no end."""
    try:
        about = path.stat()
    except OSError:
        return  # to read it fails, and tells why
    if about.st_size > MAX_BYTES or stat.S_ISCHR(about.st_mode) or stat.S_ISBLK(about.st_mode):
        raise UserError(f"{path}: no policy: a file of at most {MAX_BYTES >> 20} MiB is expected")


def _empty(data: Any, at: tuple[Hashable, ...] = ()) -> Iterator[tuple[Hashable, ...]]:
    """The places of values that somebody forgot: a criterion must not be switched off by that."""
    if data is None:
        yield at
    pairs = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, value in pairs:
        yield from _empty(value, (*at, key))
