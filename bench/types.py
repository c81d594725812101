"""The nouns that touch disk: frozen, and refusing fields they do not know."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints
from pydantic.types import AllowInfNan, Strict

from bench.errors import FailureKind

Number = Annotated[float, Strict(), AllowInfNan(allow_inf_nan=False)]
"""A finite number that was written as one; text that looks like a number is refused."""
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Name = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_][\w.-]*$", max_length=80)]
"""A name that is safe in a path, a column and a URL."""

Language = Literal["zh", "en"]
Pillar = Literal["cost", "innovation", "experience"]
OutcomeName = Literal["accept", "edit", "redo", "harm"]
AnswerState = Literal["answered", "truncated", "refused", "failed"]
Finish = Literal["stop", "length", "content_filter"]
Decision = Literal["deploy", "pilot", "iterate", "stop"]


class Record(BaseModel):
    """A value that is written to or read from a file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Record):
    """One statement in both languages of the report."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """The statement in one language."""
        return self.zh if language == "zh" else self.en


class Variation(Record):
    """How an item may be put in other words without another meaning, so that a known answer is of no use.

    `swap` maps a text (a company, a place) to alternatives of its kind, replaced wherever it stands in the input
    and the reference. `numbers` are operands of `reference.formula` that may change independently of everything
    else in the source; the answer follows. `order` names lists of the input whose order means nothing.
    """

    swap: dict[str, list[str]] = Field(default_factory=dict)
    numbers: list[str] = Field(default_factory=list)
    order: list[str] = Field(default_factory=list)


class Item(Record):
    """One case of a suite's work.

    `input` is all that a prompt may see, `reference` all that only scorers see. Items of one `cluster`
    share a filing, a matter, a patient scenario or a source, so they are resampled together. `tags` are
    the slices of the report. `served_today` says whether today's process handles such a case at all.
    """

    id: Name
    cluster: str
    input: dict[str, JsonValue]
    reference: dict[str, JsonValue] = Field(default_factory=dict)
    tags: dict[str, str] = Field(default_factory=dict)
    served_today: Flag = True
    worth: Number | None = Field(default=None, gt=0)
    """What this case pays when it is done right, where cases pay differently; None: all alike."""
    rationale: str = ""
    variation: Variation | None = None


class Example(Record):
    """A solved case, shown to a model and never scored."""

    id: Name
    input: dict[str, JsonValue]
    answer: str


class Message(Record):
    """One turn of a conversation. Its `images` are data URLs or absolute paths of files."""

    role: Literal["system", "user", "assistant"]
    content: str
    images: tuple[str, ...] = ()


class Exchange(Record):
    """One request and its reply. Times in seconds; `cost` in the endpoint's currency, None if unknown.

    `latency_s` is the attempt that succeeded; `attempts` counts every request sent for this exchange.
    `cached` replies lasted what they did when they were first given and cost what they would today;
    nothing was paid again. `ttft_s` is when the first piece of a streamed reply came; `reasoning` is what the model
    thought aloud, which nobody scores. `cached_input_tokens`, which the vendor read from its own prompt cache, are a part
    of `input_tokens`, and `reasoning_tokens` a part of `output_tokens`; None where the endpoint does not tell. What was
    `batched` was asked by the file, at the price of that; nobody waited for it, so nobody knows how long it took.
    """

    text: str
    finish: Finish = "stop"
    model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_input_tokens: int | None = None
    reasoning_tokens: int | None = None
    tokens_estimated: bool = False
    latency_s: float | None = None
    ttft_s: float | None = None
    reasoning: str = ""
    cost: float | None = None
    attempts: int = 1
    cached: bool = False
    batched: bool = False


class Failure(Record):
    """Why a trial has no answer."""

    kind: FailureKind
    message: str


class Answer(Record):
    """What one trial produced: the line of the journal.

    A `failed` answer has a `failure` and no text that anyone may score. `attempts` counts the requests
    of the whole trial, those of failed exchanges included. `lost_cost` is the money, in the price's currency, of those
    `lost_attempts` that brought no usable reply and whose cost is known; None when there is none. What requests beyond
    these and the last of each exchange have cost is not known.
    """

    suite: str
    candidate: str
    item: str
    repeat: int = 0
    state: AnswerState
    text: str = ""
    exchanges: tuple[Exchange, ...] = ()
    failure: Failure | None = None
    attempts: int = 0
    lost_cost: float | None = None
    lost_attempts: int = 0
    at: str = ""

    @property
    def key(self) -> tuple[str, str, str, int]:
        """The trial that this answer belongs to."""
        return (self.suite, self.candidate, self.item, self.repeat)


class Span(Record):
    """A stretch of a reply that a scorer speaks of, from `start` up to `end`.

    Counted in characters of the reply as it was read (`bench.scoring.reading.Reading.text`): without blanks around it,
    and a JSON reply as its labelled lines.

    `holds` says whether the source or the reference bears it out; `note` says what was looked for.
    """

    start: Whole = Field(ge=0)
    end: Whole = Field(ge=0)
    holds: Flag
    note: str = ""


class Score(Record):
    """What one scorer says of one answer.

    `label` is one of the scorer's declared labels and is what outcome rules match. `value` is a share
    in [0, 1] (1 is best) or None where the question does not arise. `extracted` is what was read out of
    the reply, `reason` says why in words for a person, `error_class` names the mistake, `metrics` are
    further numbers for the technical appendix and for rules.
    """

    label: str
    value: Number | None = None
    extracted: str | None = None
    reason: str = ""
    error_class: str | None = None
    metrics: dict[str, Number] = Field(default_factory=dict)
    spans: tuple[Span, ...] = ()


class Estimate(Record):
    """A number with its interval. `n` counts items behind it; None bounds mean that none can be given."""

    value: float | None
    low: float | None
    high: float | None
    level: float = 0.95
    n: int
    method: str
