"""How a vendor's chat wire differs from the documented one, as data."""

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from bench.endpoints.failures import ErrorClass
from bench.types import Flag, Number, Record, Whole

Search = Literal["off", "on", "vendor_default"]


class ParameterRule(Record):
    """What a vendor takes for one parameter. `above` and `below` are bounds that are themselves refused.

    `fixed` parameters have one value, which is left out of the request; `refused` ones are left out, too.
    """

    min: Number | None = None
    max: Number | None = None
    above: Number | None = None
    below: Number | None = None
    fixed: JsonValue = None
    refused: Flag = False

    @model_validator(mode="after")
    def _one_bound_a_side(self) -> Self:
        for closed, open_ in (("min", "above"), ("max", "below")):
            if getattr(self, closed) is not None and getattr(self, open_) is not None:
                raise ValueError(f"{closed} and {open_} are two bounds of one side; keep one")
        return self


class Quirks(Record):
    """A chat wire's particulars; each default is what OpenAI documents."""

    system: Literal["native", "developer", "fold"] = "native"
    """Where instructions go: a `system` turn, a `developer` turn, or the beginning of the first user turn."""
    alternate: Flag = False
    """Whether turns must take turns, the first and the last being the user's: neighbours are joined."""
    max_messages: Whole | None = Field(default=None, ge=1)
    roles: dict[Literal["system", "user", "assistant"], str] = Field(default_factory=dict)
    """Other names of roles, such as {assistant: bot}."""
    max_tokens_name: str = "max_tokens"
    tokens_floor: Whole = Field(default=1, ge=1)
    tokens_ceiling: Whole | None = Field(default=None, ge=1)
    params: dict[str, ParameterRule] = Field(default_factory=dict)
    stop: Flag = True
    """Whether stop sequences may be sent; otherwise they are left out."""
    reasoning_tags: tuple[str, ...] = ("think",)
    """Tags around a chain of thought inside the content; it is taken out before scoring."""
    search: dict[Literal["off", "on"], dict[str, JsonValue]] = Field(default_factory=dict)
    """Body fields that switch the vendor's own web search."""
    stream_only: Flag = False
    stream_usage: Flag = True
    """Whether `stream_options: {include_usage: true}` may be sent."""
    images: Flag = False
    """Whether a turn may hold pictures."""
    errors: dict[str, ErrorClass] = Field(default_factory=dict)
    """The vendor's error codes; one that ends in * stands for all that begin so."""
    success_codes: tuple[str, ...] = ()
    """Where a body carries `code`: those that mean success."""
