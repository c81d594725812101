"""What the vendors' own wires share: several keys, parameters by the vendor's names and rules, codes as data."""

from collections.abc import Mapping
from typing import Any, ClassVar

import orjson
from pydantic import Field, JsonValue

from bench.endpoints.chat_reply import loaded
from bench.endpoints.event_stream import Lines
from bench.endpoints.failures import ErrorClass, malformed
from bench.endpoints.http_endpoint import HttpEndpoint, cut_short
from bench.endpoints.quirks import ParameterRule, Quirks, Search
from bench.endpoints.seam import Reply, Request
from bench.endpoints.secrets import secret
from bench.endpoints.shaping import fitted, shaped, tokens, without_reasoning
from bench.endpoints.wires.meaning import CodeTable, Meaning
from bench.types import Finish


class NativeEndpoint(HttpEndpoint):
    """An endpoint with a wire of its own.

    `errors` are error codes and what they mean, above the wire's own table; `rules` are what the vendor takes for a
    parameter, above the wire's own. Parameters go by OpenAI's names where there is such a name.
    """

    shape: ClassVar[Quirks]
    """How turns and output tokens go, and the documented rules of parameters, which go by OpenAI's names."""
    tables: ClassVar[tuple[CodeTable, ...]] = ()
    names: ClassVar[Mapping[str, str]] = {}
    """Parameters that the vendor calls otherwise."""
    keys: ClassVar[tuple[str, ...]] = ("api_key_env",)
    """Fields that name the variables of the keys, the one that is billed first."""
    caps_output: ClassVar[bool] = True
    """Whether the wire has a field for output tokens."""
    searches: ClassVar[bool] = False
    """Whether the vendor's own search can be switched on this wire."""

    search: Search = "off"
    errors: dict[str, ErrorClass] = Field(default_factory=dict)
    rules: dict[str, ParameterRule] = Field(default_factory=dict)

    def key(self) -> str | None:
        """All keys: together they are who is billed."""
        return "\0".join(self.secret(field) for field in self.keys)

    def secret(self, field: str) -> str:
        """The key in the variable that a field names. Raises EndpointFileError when it is not set."""
        return secret(str(getattr(self, field)))

    def meaning(self) -> Meaning:
        """What this vendor's codes mean."""
        return Meaning(self.tables, self.errors)

    def sent(self) -> dict[str, Any]:
        """Parameters as the vendor takes them, by its names, without the cap of output tokens."""
        fitting, _ = fitted(self._asked(), self._rules())
        return {self.names.get(name, name): value for name, value in fitting.items()}

    def _asked(self) -> dict[str, Any]:
        asked = {"temperature": 0} | self.params
        asked.pop("max_tokens", None)
        return {name: value for name, value in asked.items() if value is not None}

    def _rules(self) -> dict[str, ParameterRule]:
        return {**self.shape.params, **self.rules}

    def output_tokens(self, request: Request) -> int:
        """How many tokens may be answered, as the vendor takes it."""
        return tokens(request.max_tokens, self.params.get("max_tokens"), self.shape)

    def shape_here(self) -> Quirks:
        """The shape, where it depends on the model."""
        return self.shape

    def turns(self, request: Request) -> list[dict[str, str]]:
        """Turns as most vendors write them."""
        shape = self.shape_here()
        return [
            {"role": shape.roles.get(turn.role, turn.role), "content": turn.content}
            for turn in shaped(request.messages, shape)
        ]

    def stops(self, request: Request) -> dict[str, JsonValue]:
        """The stop sequences, where the wire has a field for them."""
        return {"stop": list(request.stop)} if request.stop and self.shape.stop else {}

    def adjustments(self) -> tuple[str, ...]:
        """Parameters that are not sent as asked, and whether the vendor's search was in force."""
        notes = fitted(self._asked(), self._rules())[1]
        if not self.caps_output:
            notes = (*notes, "max_tokens: not sent: this wire has no such field")
        return (*notes, f"search: {self.search}") if self.searches else notes

    def identity(self) -> dict[str, JsonValue]:
        """The endpoint's, without what says how errors are read."""
        told = super().identity()
        told.pop("errors", None)
        return told


def in_front(request: Request) -> str:
    """The instructions of a request, for a field of their own."""
    return "\n\n".join(turn.content for turn in request.messages if turn.role == "system")


def without_instructions(request: Request) -> Request:
    """A request whose instructions travel elsewhere."""
    spoken = tuple(turn for turn in request.messages if turn.role != "system")
    return Request(request.case, spoken, request.max_tokens, request.stop, request.opening)


def json_object(raw: bytes) -> dict[str, Any]:
    """A body or an event as a JSON object. Raises RequestFailure (malformed)."""
    body = loaded(raw)
    if not isinstance(body, dict):
        malformed("no JSON object", raw)
    return body


def an_object(raw: bytes) -> Mapping[str, Any]:
    """The same for the body of a refusal, which has been refused whatever it says: empty when it is none."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def first(value: Any) -> Mapping[str, Any]:
    """The first object of a list; empty where there is none."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return value[0]
    return {}


def text_of(value: Any, raw: bytes) -> str:
    """A text that must be there. Raises RequestFailure (malformed)."""
    if not isinstance(value, str):
        malformed("the reply holds no text", raw)
    return value


class Pieces:
    """A reply that grows: texts, thoughts, and at the end its finish and its counts."""

    __slots__ = (
        "_refused",
        "_text",
        "_thought",
        "finish",
        "has_begun",
        "is_done",
        "is_whole",
        "last",
    )

    def __init__(self) -> None:
        self._text: list[str] = []
        self._thought: list[str] = []
        self._refused: Reply | None = None
        self.finish: Finish = "stop"
        self.has_begun = self.is_whole = self.is_done = (
            False  # counts may follow the end of the text
        )
        self.last = Reply("")
        """Counts and model as they were told last."""

    def add(self, text: Any, thought: Any = None) -> None:
        """Append what a piece brought; anything but text is nothing."""
        for kept, piece in ((self._text, text), (self._thought, thought)):
            if isinstance(piece, str) and piece:
                kept.append(piece)
                self.has_begun = True

    def end(self, finish: Finish | None = None) -> None:
        """The vendor said that the answer ends here."""
        self.is_whole = True
        self.finish = finish or self.finish

    def refuse(self, reply: Reply) -> None:
        """The content policy stopped the answer midway."""
        self._refused, self.is_whole = reply, True

    def reply(self) -> Reply:
        """The whole. Raises RequestFailure (transport) where its end never came."""
        if not self.is_whole:
            raise cut_short()
        if self._refused is not None:
            return self._refused
        text, within = without_reasoning("".join(self._text), ("think",))
        return Reply(
            text=text,
            finish=self.finish,
            model=self.last.model,
            input_tokens=self.last.input_tokens,
            output_tokens=self.last.output_tokens,
            cached_input_tokens=self.last.cached_input_tokens,
            reasoning_tokens=self.last.reasoning_tokens,
            reasoning="".join(self._thought) or within,
        )


class ByLine:
    """A gathering of a stream's lines, for vendors whose events are not those of the standard."""

    def splitter(self) -> Lines:
        """What cuts the stream into lines, blank ones included."""
        return Lines()
