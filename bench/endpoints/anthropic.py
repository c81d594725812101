"""The Messages API of Anthropic, which other vendors and proxies speak, too.

Source: https://docs.anthropic.com/en/api/messages.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import orjson

from bench.endpoints.anthropic_reply import MessageStream, message_reply
from bench.endpoints.chat_reply import mapping
from bench.endpoints.failures import ErrorClass, by_class, refused, retry_after_s, shown
from bench.endpoints.http_endpoint import Gathering
from bench.endpoints.image_parts import base64_image
from bench.endpoints.model_endpoint import ModelEndpoint
from bench.endpoints.seam import Reply, Request
from bench.endpoints.shaping import shaped
from bench.endpoints.transport import Http, Outgoing
from bench.types import Message

_TOLD: tuple[tuple[bytes, ErrorClass], ...] = (
    (b"credit balance is too low", "quota_empty"),
    (b"spend_limit_reached", "quota_empty"),
    (b"prompt is too long", "context_too_long"),
    (b"blocked by content filtering policy", "content_policy"),
)
"""What an `invalid_request_error` or a `permission_error` may mean besides: its type alone does not tell.

Source: https://docs.anthropic.com/en/api/errors and the texts of the server.
"""


class Anthropic(ModelEndpoint):
    """The Messages API: `POST base_url/v1/messages`. `api_key_env` names the variable that holds the key.

    No temperature is sent unless `params` names one, since models of 2026 refuse it. With a thinking budget an
    answer may be as long as the suite allows besides its thoughts. Stop sequences that are blank are not sent.
    """

    version: ClassVar[str] = "1"

    base_url: str = "https://api.anthropic.com"
    path: str = "/v1/messages"
    auth: Literal["x-api-key", "bearer"] = "x-api-key"
    """How the key travels: a header `x-api-key: KEY`, or `Authorization: Bearer KEY`."""
    api_version: str = "2023-06-01"
    """The header `anthropic-version`."""
    betas: tuple[str, ...] = ()
    """The header `anthropic-beta`: features that are asked for by name."""

    def defaults(self) -> dict[str, Any]:
        """None: current models refuse every sampling parameter."""
        return {}

    def adjustments(self) -> tuple[str, ...]:
        """The vendor's rules, and that a model's own temperature is used."""
        notes = super().adjustments()
        if "temperature" in self.params:
            return notes
        return (
            *notes,
            "temperature: not sent, since current models refuse it; params may name one",
        )

    def wire(self) -> "MessagesWire":
        """The Messages wire."""
        return MessagesWire(self, self.key())


class MessagesWire:
    """Writes and reads messages."""

    def __init__(self, endpoint: Anthropic, key: str | None) -> None:
        self._endpoint = endpoint
        self._url = f"{endpoint.base_url}{endpoint.path}"
        self._errors = endpoint.quirks.errors
        self._fixed: dict[str, Any] = {"model": endpoint.model} | endpoint.sent()
        if endpoint.stream or endpoint.quirks.stream_only:
            self._fixed["stream"] = True
        budget = mapping(endpoint.params.get("thinking")).get("budget_tokens")
        self._budget = budget if isinstance(budget, int) else 0
        self._headers = {"anthropic-version": endpoint.api_version}
        if endpoint.betas:
            self._headers["anthropic-beta"] = ",".join(endpoint.betas)
        if key is not None:
            name, value = ("x-api-key", key)
            if endpoint.auth == "bearer":
                name, value = ("Authorization", f"Bearer {key}")
            self._headers[name] = value

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One message."""
        del http
        return Outgoing(self._url, orjson.dumps(self.body(request)), self._headers)

    def body(self, request: Request) -> dict[str, Any]:
        """The request as JSON has it; `max_tokens` counts thoughts, so their budget is added."""
        turns = shaped(request.messages, self._endpoint.quirks)
        told = "\n\n".join(turn.content for turn in turns if turn.role == "system")
        body = self._fixed | {
            "max_tokens": self._endpoint.output_tokens(request) + self._budget,
            "messages": [
                {"role": turn.role, "content": _content(turn)}
                for turn in turns
                if turn.role != "system"
            ],
        }
        stop = [each for each in request.stop if each.strip()]
        return (
            body | ({"system": told} if told else {}) | ({"stop_sequences": stop} if stop else {})
        )

    def reply(self, raw: bytes) -> Reply:
        """A message."""
        return message_reply(raw, self._errors)

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """An error object, by its text where its type is too broad, else by its type and its status."""
        if 400 <= status < 404:
            for text, kind in _TOLD:
                if text in raw:
                    return by_class(kind, f"HTTP {status}: {shown(raw)}", retry_after_s(headers))
        return refused(status, headers, raw, self._errors)

    def stream(self) -> Gathering:
        """Events from `message_start` to `message_stop`."""
        return MessageStream(self._errors)


def _content(turn: Message) -> str | list[dict[str, Any]]:
    """A turn's content: text, or its images and then its text.

    Source: https://docs.anthropic.com/en/docs/build-with-claude/vision.
    """
    if not turn.images:
        return turn.content
    sources = [base64_image(each) for each in turn.images]
    shown_first = [
        {"type": "image", "source": {"type": "base64", "media_type": kind, "data": data}}
        for kind, data in sources
    ]
    return [*shown_first, {"type": "text", "text": turn.content}]
