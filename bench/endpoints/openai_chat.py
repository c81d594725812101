"""The chat-completions wire of OpenAI, vLLM, llama.cpp and most vendors.

Source: https://platform.openai.com/docs/api-reference/chat. What a vendor does differently is data: `quirks`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import orjson
from pydantic import Field, JsonValue, field_validator
from yarl import URL

from bench.endpoints.chat_reply import ChatStream, parsed_reply
from bench.endpoints.failures import refused
from bench.endpoints.http_endpoint import Gathering
from bench.endpoints.image_parts import data_url
from bench.endpoints.model_endpoint import ModelEndpoint
from bench.endpoints.quirks import Search
from bench.endpoints.seam import Reply, Request
from bench.endpoints.secrets import names_a_key
from bench.endpoints.shaping import shaped
from bench.endpoints.transport import Http, Outgoing
from bench.types import Flag, Message


class OpenAIChat(ModelEndpoint):
    """`POST base_url/chat/completions`. `api_key_env` names the variable that holds the key."""

    version: ClassVar[str] = "2"

    path: str = "/chat/completions"
    auth: Literal["bearer", "api-key"] = "bearer"
    """How the key travels: `Authorization: Bearer KEY`, or a header `api-key: KEY` (Azure)."""
    query: dict[str, str] = Field(default_factory=dict)
    """What stands behind the ? of the address, such as {api-version: "2024-10-21"}."""
    batch: Flag = False
    """Whether the vendor also takes requests by the file, at `/files` and `/batches` beside this wire."""
    search: Search = "off"
    """The vendor's own web search: a closed-book comparison leaves it off."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Headers beside the key's, such as an application's id; no key is written here."""

    @field_validator("headers")
    @classmethod
    def _no_key(cls, headers: dict[str, str]) -> dict[str, str]:
        for name in headers:
            if names_a_key(name):
                raise ValueError(
                    f"{name}: a key is never written here; name its variable in api_key_env"
                )
        return headers

    def wire(self) -> "ChatWire":
        """The chat wire with this endpoint's particulars."""
        return ChatWire(self, self.key())

    def adjustments(self) -> tuple[str, ...]:
        """What is not sent as asked, and whether the vendor's own search was in force where it has one."""
        notes = super().adjustments()
        return (*notes, f"search: {self.search}") if self.quirks.search else notes

    def identity(self) -> dict[str, JsonValue]:
        """The endpoint's; whether requests may go by the file changes none of them."""
        told = super().identity()
        del told["batch"]
        return told


class ChatWire:
    """Writes and reads chat completions."""

    def __init__(self, endpoint: OpenAIChat, key: str | None) -> None:
        self._quirks = quirks = endpoint.quirks
        self._endpoint = endpoint
        self._url = URL(f"{endpoint.base_url}{endpoint.path}").with_query(endpoint.query or None)
        self._fixed: dict[str, Any] = {"model": endpoint.model} | endpoint.sent()
        if endpoint.search != "vendor_default":
            self._fixed |= quirks.search.get(endpoint.search, {})
        if endpoint.stream or quirks.stream_only:
            self._fixed["stream"] = True
            if quirks.stream_usage:
                self._fixed.setdefault("stream_options", {"include_usage": True})
        self._headers = endpoint.headers | _authorised(endpoint.auth, key)

    @property
    def headers(self) -> dict[str, str]:
        """What a request carries now: the key, and the endpoint's own."""
        return self._headers

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One chat completion."""
        del http
        return Outgoing(self._url, orjson.dumps(self.body(request)), self.headers)

    def body(self, request: Request) -> dict[str, Any]:
        """The request as JSON has it."""
        quirks = self._quirks
        turns = shaped(request.messages, quirks)
        body = self._fixed | {
            "messages": [
                {"role": self._role(turn.role), "content": content(turn)} for turn in turns
            ],
            quirks.max_tokens_name: self._endpoint.output_tokens(request),
        }
        if request.stop and quirks.stop:
            body["stop"] = list(request.stop)
        return body

    def _role(self, role: Literal["system", "user", "assistant"]) -> str:
        if role == "system" and self._quirks.system == "developer":
            return "developer"
        return self._quirks.roles.get(role, role)

    def reply(self, raw: bytes) -> Reply:
        """A chat completion."""
        return parsed_reply(raw, self._quirks)

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """An error object, by its code and its status."""
        return refused(status, headers, raw, self._quirks.errors)

    def stream(self) -> Gathering:
        """Chunks."""
        return ChatStream(self._quirks)


def _authorised(auth: str, key: str | None) -> dict[str, str]:
    if key is None:
        return {}
    return {"api-key": key} if auth == "api-key" else {"Authorization": f"Bearer {key}"}


def content(turn: Message) -> str | list[dict[str, Any]]:
    """A turn's content as the wire has it: text, or parts where it shows images.

    Source: https://platform.openai.com/docs/guides/images-vision.
    """
    if not turn.images:
        return turn.content
    shown = [{"type": "image_url", "image_url": {"url": data_url(each)}} for each in turn.images]
    return [{"type": "text", "text": turn.content}, *shown]
