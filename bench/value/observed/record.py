"""`outcomes.json`: the outcomes of a run, trial by trial, with all that turns them into money; no texts."""

from typing import Annotated, NamedTuple

from pydantic import Field

from bench.errors import FailureKind
from bench.suites.model import Gate
from bench.types import AnswerState, OutcomeName, Record, Text

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]+$", max_length=64)]


class ObservedItem(NamedTuple):
    """An item: its id, the digest of all that a prompt or a scorer sees of it, and the number of its cluster."""

    id: str
    digest: str
    cluster: int


class ObservedTrial(NamedTuple):
    """A trial that has a line in the journal.

    `item` and `kind` are positions in the lists of items and kinds; `text` is a digest of the answer's text. `cost` is in
    the suite's currency. None is not known.
    """

    item: int
    repeat: int
    kind: int
    text: str
    cost: float | None
    latency_s: float | None
    edit_minutes: float = 0.0


class Kind(Record):
    """What trials may have in common; a run knows few kinds.

    `rates` holds a character a rate of the suite, in its order: 1 or 0, and `-` where the rate is not about the trial.
    `cached` answers were given before: they tell nothing of what the model says today. `scorer_failed`: nobody knows
    what the answer is worth.
    """

    state: AnswerState
    failure: FailureKind | None = None
    scorer_failed: bool = False
    outcome: OutcomeName | None = None
    rule: int | None = None
    loss_class: str | None = None
    edit_assumption: str | None = None
    rates: str = ""
    model: str | None = None
    cached: bool = False


class ObservedCandidate(Record):
    """One candidate: how it was asked, and what came of each trial.

    `settings` maps each part of the endpoint's and the strategy's identity to a digest of its value; `asked_model` and
    `temperature` stand there in clear as well.
    """

    adapter: str
    strategy: str
    settings: dict[str, Digest]
    asked_model: str | None = None
    temperature: float | None = None
    kinds: list[Kind]
    trials: list[ObservedTrial]


class ObservedRate(Record):
    """A rate that the suite counts."""

    title: Text
    better: str


class ObservedSuite(Record):
    """One suite as it was judged.

    `digests` fingerprint its parts; `judging` what turns an answer into an outcome: scorers, rules, rates. `weights` are
    money per unit of every value feature and `human_cost` that of a case done today's way, both at the means of the
    assumptions; `ordinary_harm` is what a harmful answer of the ordinary class costs, None where the suite knows no harm.
    """

    version: int
    title: Text
    cases: Text
    currency: str
    digests: dict[str, str]
    judging: Digest
    repeats: int
    coverage_floor: float
    human_cost: float
    weights: dict[str, float]
    ordinary_harm: float | None = None
    placeholders: int
    assumptions: int
    rates: dict[str, ObservedRate]
    gates: list[Gate]
    rules: list[Text | None]
    losses: dict[str, Text]
    items: list[ObservedItem]
    candidates: dict[str, ObservedCandidate]


class Blessing(Record):
    """Who took a run as the one to be held against, when and why. `replaces` is the digest of the baseline before."""

    by: str
    at: str
    because: str = ""
    replaces: str | None = None


class Observed(Record):
    """What a run showed. As a baseline it is `blessed`.

    `journal` is the length of `answers.jsonl` and its CRC-32 when it was judged.
    """

    format: int = 1
    id: str
    started: str
    finished: str | None = None
    complete: bool
    seed: int
    limit: int | None = None
    version: str
    commit: str | None = None
    journal: tuple[int, int] | None = None
    blessed: Blessing | None = None
    looks: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    """Suite -> the shares of its planned clusters at the looks of a sequential run so far; absent: one look at all of them."""
    suites: dict[str, ObservedSuite]
