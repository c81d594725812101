"""`window.json`: what changed from run to run, in numbers; words are added where it is told."""

from typing import Literal

from pydantic import Field

from bench.gate.record import Criterion, SuiteFacts
from bench.types import Record

WindowStatus = Literal["steady", "model_changed", "answers_changed", "ours_changed", "not_known"]
Why = Literal["first", "cached", "nothing_common", "few_items", "noise_unknown"]
"""Why nothing can be said of the model: no earlier run, every answer out of the cache, no common item with answers of
both runs, so few of them that not even a change of all would be seen, or answers that vary by themselves nobody knows
how much."""
PromptPart = Literal["prompt", "examples", "answer", "images"]
ALARMS: tuple[WindowStatus, ...] = ("model_changed", "answers_changed")


class Ours(Record):
    """What changed on our side of the wire from one run to the next.

    `settings` are parts of the candidate's identity by their dotted names: parameters, strategy, adapter, address, the
    model that is asked for. `assumptions` are the numbers of the business. `version` is the program's own.
    """

    prompt: tuple[PromptPart, ...] = ()
    settings: tuple[str, ...] = ()
    judging: bool = False
    assumptions: bool = False
    version: bool = False
    items_added: int = 0
    items_removed: int = 0
    items_changed: int = 0

    @property
    def bears_on_answers(self) -> bool:
        """Whether answers to an item that did not change may differ because of it."""
        return bool(self.prompt or self.settings) or self.version

    @property
    def is_nothing(self) -> bool:
        """Whether nothing changed."""
        return self == Ours()


class Noise(Record):
    """How many texts differ although nothing changed: the share of pairs of answers, on the items compared.

    From so many earlier `steps` between runs, or from `repeats` within the runs, or not known.
    """

    source: Literal["steps", "repeats", "unknown"] = "unknown"
    share: float | None = None
    steps: int = 0


class Step(Record):
    """From one run of a candidate to the next one.

    `old` is the last run before that holds answers which were not out of the cache; None where there is none.
    `changed` is the share of pairs of an old and a new answer to the same item that differ, mean over `items`, with
    one-sided bounds `low` and `high`. The null hypothesis of `p_value` (one-sided, after Holm over all candidates of the
    new run) is that no more than `margin` beyond the noise changed. `catches` is the change beyond the noise that is
    found with 80 %; None: none. `cached` is the share of the new run's answers that came out of the cache. None: not known.
    """

    old: str | None
    new: str
    status: WindowStatus
    why: Why | None = None
    ours: Ours = Ours()
    old_models: tuple[str, ...] = ()
    new_models: tuple[str, ...] = ()
    items: int = 0
    clusters: int = 0
    cached: float = 0.0
    changed: float | None = None
    low: float | None = None
    high: float | None = None
    noise: Noise = Noise()
    margin: float | None = None
    p_value: float | None = None
    catches: float | None = None


class Worth(Record):
    """What the latest step did to the business: the gate's own comparison of its two runs.

    Outcome -> share of the common trials; `none` for those without one. `refused` is why there is no comparison.
    """

    value: Criterion | None = None
    old_outcomes: dict[str, float] = Field(default_factory=dict)
    new_outcomes: dict[str, float] = Field(default_factory=dict)
    refused: str | None = None


class Watched(Record):
    """One candidate of one suite over the runs. `steps` are in order of time, the latest last; never empty.

    `temperature` is what the latest run asked for; None: nothing.
    """

    suite: str
    candidate: str
    asked_model: str | None = None
    temperature: float | None = None
    steps: tuple[Step, ...] = Field(min_length=1)
    worth: Worth = Worth()

    @property
    def latest(self) -> Step:
        """The step to the run that the window is told for."""
        return self.steps[-1]


class WindowRun(Record):
    """A run of the window. `name` is its folder's."""

    id: str
    name: str
    started: str
    version: str
    commit: str | None = None


class LeftOut(Record):
    """A folder beside the run that is no part of the window, and why: `broken`, `unfinished`, `other_limit`."""

    path: str
    why: Literal["broken", "unfinished", "other_limit"]
    detail: str = ""


class WindowReport(Record):
    """`window.json`. `runs` are in order of time, the run that was asked for last.

    `complete` says whether that run is; the others are. A suite's `old_version` is that of the first run that has it.
    """

    format: int = 1
    status: WindowStatus
    complete: bool
    confidence: float
    runs: tuple[WindowRun, ...]
    suites: dict[str, SuiteFacts]
    series: tuple[Watched, ...]
    left_out: tuple[LeftOut, ...] = ()

    def exit_code(self, drift: Literal["fail", "warn"]) -> int:
        """1 where the model or its answers changed and that is to fail; 3 run not complete; 4 not known; else 0."""
        if self.status in ALARMS and drift == "fail":
            return 1
        if not self.complete:
            return 3
        return 4 if self.status == "not_known" else 0
