"""The policy of a gate: what may not get worse, by how much, and what to do when the items cannot tell."""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from bench.errors import UserError
from bench.files.validation import validated
from bench.files.yaml_source import read_yaml
from bench.types import Flag, Name, Number, Record, Whole

DEFAULT = Path(__file__).with_name("default_policy.yaml")
Share = Annotated[Number, Field(ge=0, le=1)]
Otherwise = Literal["fail", "warn"]


class Counted(Record):
    """A criterion that fails the gate, or warns only (`otherwise: warn`)."""

    otherwise: Otherwise = "fail"


class Money(Counted):
    """Money per case that may be lost: an amount in the suite's currency, or a share of what a case costs today."""

    may_fall_by: Annotated[Number, Field(ge=0)] | None = None
    may_fall_by_share: Annotated[Number, Field(ge=0)] | None = None

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


def _off(value: Any) -> Any:
    return None if value in ("off", "ignore") else value


def _switched(kind: Any) -> Any:
    return Annotated[kind | None, BeforeValidator(_off)]


class SuitePolicy(Record):
    """What is held in a suite; what is not said is as `default` has it, and there as the built-in policy has it.

    Any criterion may be `off`. `limits` are the suite's own gates: `broken` fails what surely breaks one, `proven` asks that
    each be shown to hold. `gated_rates` is for the rates that the suite's hard gates are about, unless `rates` names them; None leaves the margin
    to the gate's own limit.
    """

    value: _switched(Money) = None  # type: ignore[valid-type]
    harm: _switched(Points) = None  # type: ignore[valid-type]
    gated_rates: _switched(Points) = None  # type: ignore[valid-type]
    rates: dict[Name, _switched(Points)] = Field(default_factory=dict)  # type: ignore[valid-type]
    limits: Literal["broken", "proven", "off"] | None = None
    waived: dict[Name, Waiver] = Field(default_factory=dict)
    coverage: _switched(Points) = None  # type: ignore[valid-type]
    cost: _switched(Growth) = None  # type: ignore[valid-type]
    latency: _switched(Growth) = None  # type: ignore[valid-type]

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

    `extend` goes on in `looks` steps from `from_items` items of each suite up to `up_to_items` (all of them, unless said) or `budget`, in the
    suites' currency, and then stops.
    """

    then: Literal["stop", "fail", "warn", "extend"] = "stop"
    up_to_items: Whole | None = Field(default=None, gt=0)
    budget: Number | None = Field(default=None, gt=0)


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
    """Those that are held; None: every candidate of the run."""
    inconclusive: Inconclusive = Inconclusive()
    sequential: Sequential = Sequential()
    drift: Otherwise = "fail"
    """What a change of the model behind an unchanged candidate does (`--window`)."""
    default: SuitePolicy = SuitePolicy()
    suites: dict[Name, SuitePolicy] = Field(default_factory=dict)
    complete: Flag = True
    """Whether every suite that is named here must be in the run and in the baseline."""

    def of(self, suite: str) -> SuitePolicy:
        """What is held in a suite."""
        return self.suites.get(suite, SuitePolicy()).over(self.default)

    @property
    def digest(self) -> str:
        """A fingerprint of everything it says."""
        return hashlib.blake2b(self.model_dump_json().encode(), digest_size=8).hexdigest()


def read_gate_policy(path: Path | None) -> GatePolicy:
    """The policy of a file over the built-in one. Raises UserError with file, line and column."""
    built_in = _read(DEFAULT)
    if path is None:
        return built_in
    own = _read(path)
    return own.model_copy(update={"default": own.default.over(built_in.default)})


def _read(path: Path) -> GatePolicy:
    source = read_yaml(path, UserError)
    if not isinstance(source.data, dict):
        raise source.error((), "a mapping with policy: and default: is expected", UserError)
    return validated(GatePolicy, source, (), UserError)
