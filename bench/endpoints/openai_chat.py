"""The chat-completions wire of OpenAI, vLLM, llama.cpp and most vendors.

Source: https://platform.openai.com/docs/api-reference/chat. What a vendor does differently is data: `quirks`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import orjson
from pydantic import Field, JsonValue
from yarl import URL

from bench.endpoints.chat_reply import ChatStream, parsed_reply
from bench.endpoints.failures import refused
from bench.endpoints.http_endpoint import Gathering, HttpEndpoint
from bench.endpoints.quirks import Quirks, Search
from bench.endpoints.seam import Reply, Request
from bench.endpoints.shaping import fitted, shaped, tokens
from bench.endpoints.transport import Http, Outgoing


class OpenAIChat(HttpEndpoint):
    """`POST base_url/chat/completions`. `api_key_env` names the variable that holds the key."""

    version: ClassVar[str] = "2"

    model: str
    path: str = "/chat/completions"
    auth: Literal["bearer", "api-key"] = "bearer"
    """How the key travels: `Authorization: Bearer KEY`, or a header `api-key: KEY` (Azure)."""
    query: dict[str, str] = Field(default_factory=dict)
    """What stands behind the ? of the address, such as {api-version: "2024-10-21"}."""
    search: Search = "off"
    """The vendor's own web search: a closed-book comparison leaves it off."""
    quirks: Quirks = Quirks()

    def wire(self) -> "ChatWire":
        """The chat wire with this endpoint's particulars."""
        return ChatWire(self, self.key())

    def adjustments(self) -> tuple[str, ...]:
        """Parameters that the vendor does not take as they were asked."""
        return fitted(_asked(self), self.quirks.params)[1]

    def identity(self) -> dict[str, JsonValue]:
        """The endpoint's, without what leaves a request as it is: defaults that nobody changed."""
        told = super().identity()
        told["quirks"] = self.quirks.model_dump(
            mode="json", exclude_defaults=True, exclude={"errors"}
        )
        return told


def _asked(endpoint: OpenAIChat) -> dict[str, Any]:
    """Parameters as the user or the default asks for them; temperature 0 unless told otherwise."""
    asked = {"temperature": 0} | endpoint.params
    asked.pop("max_tokens", None)
    return {name: value for name, value in asked.items() if value is not None}


class ChatWire:
    """Writes and reads chat completions."""

    def __init__(self, endpoint: OpenAIChat, key: str | None) -> None:
        self._quirks = quirks = endpoint.quirks
        self._url = URL(f"{endpoint.base_url}{endpoint.path}").with_query(endpoint.query or None)
        self._cap = endpoint.params.get("max_tokens")
        sent, _ = fitted(_asked(endpoint), quirks.params)
        self._fixed: dict[str, Any] = {"model": endpoint.model} | sent
        if endpoint.search != "vendor_default":
            self._fixed |= quirks.search.get(endpoint.search, {})
        if endpoint.stream or quirks.stream_only:
            self._fixed["stream"] = True
            if quirks.stream_usage:
                self._fixed.setdefault("stream_options", {"include_usage": True})
        self._headers = _authorised(endpoint.auth, key)

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One chat completion."""
        del http
        return Outgoing(self._url, orjson.dumps(self.body(request)), self._headers)

    def body(self, request: Request) -> dict[str, Any]:
        """The request as JSON has it."""
        quirks = self._quirks
        turns = shaped(request.messages, quirks)
        body = self._fixed | {
            "messages": [
                {"role": self._role(turn.role), "content": content(turn)} for turn in turns
            ],
            quirks.max_tokens_name: tokens(request.max_tokens, self._cap, quirks),
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


def content(turn: Any) -> Any:
    """A turn's content as the wire has it."""
    return turn.content
