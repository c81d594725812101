"""`gate.json`: what a gate found, in numbers; words are added where it is told."""

from typing import Literal

from pydantic import Field

from bench.types import OutcomeName, Record, Text
from bench.value.observed.record import Blessing

Status = Literal["pass", "fail", "inconclusive"]
CriterionStatus = Literal["pass", "fail", "inconclusive", "not_known"]
CriterionKind = Literal["value", "harm", "rate", "limit", "coverage", "cost", "latency"]
Unit = Literal["money", "share", "ratio"]


class Criterion(Record):
    """One thing that may not get worse, and what the items say of it.

    `old` and `new` are the levels on the common items: money per case, a share, or seconds. `difference` is how much
    better the new one is (so a loss is negative): in money or in points of a share; for the unit `ratio` it is the
    logarithm of old over new. `low` and `high` are one-sided bounds of it, `margin` what may be lost, 0 or more. A `limit` is a gate of the suite: `old` and
    `new` are its rates, `low` and `high` bounds of the new rate, `margin` the limit itself.

    `level_worse` is what `p_worse` was held against (Holm, and the look of a sequential run), `level_safe` what `p_safe`
    was. `needed` is how many items in all would decide, `smallest_margin` what these items can prove of a candidate that
    has not changed, `power` how likely such a one passes, `catches` the true loss that fails with 80 %. None: not known.
    `enforced` says whether it counts; one that does not is a warning. `waived` is why a broken limit is borne.
    """

    kind: CriterionKind
    metric: str | None = None
    title: Text | None = None
    status: CriterionStatus
    enforced: bool = True
    hard: bool = False
    waived: str | None = None
    unit: Unit
    better: Literal["higher", "lower"] = "higher"
    old: float | None = None
    new: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    margin: float | None = None
    p_worse: float | None = None
    p_safe: float | None = None
    level_worse: float | None = None
    level_safe: float | None = None
    n: int = 0
    clusters: int = 0
    needed: int | None = None
    smallest_margin: float | None = None
    power: float | None = None
    catches: float | None = None
    low_power: bool = False
    """Passed by its numbers, but only luck could have brought that: counted as inconclusive."""
    identical: bool = False
    """Every answer was the same, word for word."""

    @property
    def name(self) -> str:
        """What the criterion is called in test reports: `value`, `rate:emergency_missed`."""
        return f"{self.kind}:{self.metric}" if self.metric else self.kind


class Flip(Record):
    """A trial that came out otherwise. `money` is what the new answer is worth less the old one's, in the suite's currency.

    An outcome is None where the trial has none: it failed. Texts are None where the side is a baseline without its run.
    """

    item: str
    repeat: int
    old: OutcomeName | None
    new: OutcomeName | None
    old_because: Text | None = None
    new_because: Text | None = None
    money: float
    old_text: str | None = None
    new_text: str | None = None


class Common(Record):
    """What was compared: items that both sides asked and that did not change, and what was left out."""

    items: int
    clusters: int
    trials: int
    changed: int = 0
    only_new: int = 0
    only_old: int = 0
    parts_changed: tuple[str, ...] = ()
    """Parts of the suite that differ: prompt, examples, business ..."""
    settings_changed: tuple[str, ...] = ()
    """Parts of the candidate's identity that differ."""
    old_models: tuple[str, ...] = ()
    new_models: tuple[str, ...] = ()


class Contrast(Record):
    """One candidate of one suite against the baseline's."""

    suite: str
    candidate: str
    against: str
    status: Status
    common: Common
    criteria: tuple[Criterion, ...]
    old_outcomes: dict[str, float] = Field(default_factory=dict)
    """Outcome -> share of common trials; `none` for those without one."""
    new_outcomes: dict[str, float] = Field(default_factory=dict)
    worse: int = 0
    """Trials whose money fell, and below those whose money rose."""
    better: int = 0
    new_failures: tuple[str, ...] = ()
    """Items without an outcome that had one before."""
    flips: tuple[Flip, ...] = ()
    """The worst first, at most as many as the gate keeps."""
    needed: int | None = None
    """Items in all that would decide every criterion that is open."""


class SuiteFacts(Record):
    """What readers call a suite, and what its money rests on."""

    title: Text
    cases: Text
    currency: str
    path: str | None = None
    placeholders: int
    assumptions: int
    old_version: int
    new_version: int


class Side(Record):
    """The run that was held against the baseline, or the baseline."""

    name: str
    """What the user called it."""
    run: str
    started: str
    commit: str | None = None
    version: str
    blessed: Blessing | None = None


class Saved(Record):
    """What a sequential run did not have to ask, and what the cache answered."""

    look: int
    looks: int
    items_asked: int
    items_planned: int
    requests_not_sent: int
    requests_from_cache: int


class GateReport(Record):
    """`gate.json`. `contrasts_planned` is the number of comparisons that Holm's adjustment counts."""

    format: int = 1
    status: Status
    run: Side
    baseline: Side
    policy: str
    policy_digest: str
    confidence: float
    contrasts_planned: int
    complete: bool
    suites: dict[str, SuiteFacts]
    contrasts: tuple[Contrast, ...]
    not_compared: tuple[str, ...] = ()
    """Candidates and suites of either side that have no counterpart, as `suite/candidate`; new first."""
    then: Literal["stop", "fail", "warn", "extend"] = "stop"
    """What the policy does with an inconclusive gate."""
    saved: Saved | None = None

    @property
    def exit_code(self) -> int:
        """0 pass, 1 fail, 4 inconclusive as the policy has it, 3 where the run is not complete and does not fail."""
        if not self.complete and self.status != "fail":
            return 3
        if self.status == "inconclusive":
            return {"warn": 0, "fail": 1}.get(self.then, 4)
        return 0 if self.status == "pass" else 1
