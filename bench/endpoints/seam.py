"""The seam to whoever answers: a request goes in, a reply or a `RequestFailure` comes out.

An `Endpoint` is a frozen value, the options of one entry of an endpoint file. Its `connect` opens a
`Connection`, which lives as long as a run and is asked many requests at once. An adapter sends each
request once: retries, rate limits, deadlines and the cache are the runner's.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from pydantic import Field, JsonValue

from bench.endpoints.price import Price
from bench.types import Finish, Flag, Message, Number, Record, Whole


@dataclass(frozen=True, slots=True)
class Case:
    """What adapters that do not read prose (baselines, recordings) answer from. No reference is in it."""

    suite: str
    item: str
    repeat: int
    input: Mapping[str, JsonValue]
    baseline: JsonValue = None


@dataclass(frozen=True, slots=True)
class Request:
    """One question. The rest comes from the suite's answer form.

    `opening` is how an answer begins; adapters that give a model a text to continue put it there and
    return it with the reply. It is empty where any text may be an answer.
    """

    case: Case
    messages: tuple[Message, ...]
    max_tokens: int
    stop: tuple[str, ...] = ()
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Token counts are None where the endpoint does not tell them.

    `cached_input_tokens`, read from the vendor's prompt cache, are a part of `input_tokens`; `reasoning_tokens` are a
    part of `output_tokens`. An adapter whose wire counts them apart adds them in.
    """

    text: str
    finish: Finish = "stop"
    model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    tokens_estimated: bool = False
    latency_s: float | None = None
    """Where it is not measured here but recorded elsewhere; otherwise the runner's clock counts if `timed`."""
    cached_input_tokens: int | None = None
    reasoning_tokens: int | None = None
    ttft_s: float | None = None
    """Seconds from sending to the first piece of text or thought; None where a reply came whole."""
    reasoning: str = ""
    """What a model thought aloud before it answered: kept in the journal, never scored."""


class Connection(Protocol):
    """An open line to an endpoint."""

    async def ask(self, request: Request) -> Reply:
        """One attempt. Raises RequestFailure; anything else it raises is a bug."""
        ...


class Limits(Record):
    """What an endpoint bears. `timeout_s` is the total deadline of one attempt, however bytes drip."""

    concurrency: Whole = Field(default=8, ge=1)
    rpm: Whole | None = Field(default=None, ge=1)
    tpm: Whole | None = Field(default=None, ge=1)
    timeout_s: Number = Field(default=120, gt=0)
    max_attempts: Whole = Field(default=4, ge=1)


class DataPlace(Record):
    """Where what is sent to an endpoint goes."""

    residency: str = "unknown"
    deployment: Literal["public", "private", "edge"] = "public"
    licence: str | None = None
    """Of the model's weights, or of the service, as its owner calls it; None: not known."""
    weights: Literal["open", "closed", "unknown"] = "unknown"
    filed: Literal["yes", "no", "unknown"] = "unknown"
    """Whether the service is on file as a generative one with the Chinese authorities (生成式人工智能服务备案)."""


class Endpoint(Record):
    """An entry of an endpoint file."""

    version: ClassVar[str] = "1"
    """Raised when the adapter's way of asking changes, so that cached replies are not reused."""
    paths: ClassVar[tuple[str, ...]] = ()
    """Fields that name files; in an endpoint file they are relative to its folder."""
    timed: ClassVar[bool] = True
    """Whether the runner's clock says how long an answer took; recorded answers took what they say, or unknown."""
    leaves_machine: ClassVar[bool] = True
    """Whether what is asked goes to anybody else; a data policy has nothing to say where it does not."""

    limits: Limits = Limits()
    price: Price | None = None
    data: DataPlace = DataPlace()
    params: dict[str, JsonValue] = Field(default_factory=dict)
    cacheable: Flag = True
    redact: Flag = False
    """Whether personal data are replaced by placeholders before anything is sent; `Candidate.redaction` says how."""

    def connect(self) -> AbstractAsyncContextManager[Connection]:
        """Open the endpoint. Raises EndpointFileError before anything is sent if it cannot work."""
        raise NotImplementedError

    def check(self) -> None:
        """Raise EndpointFileError when a key, a file or a library is missing; nothing is sent."""

    def account(self) -> str | None:
        """Whom the vendor counts for: endpoints that say the same share their limits, a 429 and a refused key.

        It may hold a key, so it is never logged nor stored. None: the endpoint counts alone, in its own run only.
        """
        return None

    def takes_images(self) -> bool:
        """Whether a turn may show images; a suite that shows some is refused otherwise, before anything is sent."""
        return False

    def adjustments(self) -> tuple[str, ...]:
        """What of `params` cannot be sent as it was asked, one line each: "temperature: asked 0, sent 0.01"."""
        return ()

    def identity(self) -> dict[str, JsonValue]:
        """Everything that can change an answer, and nothing that cannot (prices, limits)."""
        told = self.model_dump(
            mode="json", exclude={"limits", "price", "data", "cacheable", "redact"}
        )
        return {**told, "adapter": type(self).__name__, "adapter_version": self.version}
