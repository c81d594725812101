"""The Responses API of OpenAI, which other vendors and local servers speak, too.

Source: https://platform.openai.com/docs/api-reference/responses.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import orjson

from bench.endpoints.failures import ErrorClass, refused
from bench.endpoints.http_endpoint import Gathering
from bench.endpoints.image_parts import data_url
from bench.endpoints.model_endpoint import ModelEndpoint
from bench.endpoints.responses_reply import ResponseStream, response_reply
from bench.endpoints.seam import Reply, Request
from bench.endpoints.shaping import shaped
from bench.endpoints.transport import Http, Outgoing
from bench.types import Message

_FLOOR = 16
"""The fewest output tokens that may be asked for."""
_ERRORS: dict[str, ErrorClass] = {
    "invalid_prompt": "content_policy",  # "your prompt was flagged as potentially violating our usage policy"
    "bio_policy": "content_policy",
    "misalignment_policy_violation": "content_policy",
    "image_content_policy_violation": "content_policy",
    "data_residency_mismatch": "bad_request",
    "image_*": "bad_request",
    "invalid_image*": "bad_request",
    "invalid_base64_image": "bad_request",
    "unsupported_image_media_type": "bad_request",
    "empty_image_file": "bad_request",
    "failed_to_download_image": "bad_request",
}


class Responses(ModelEndpoint):
    """The Responses API: `POST base_url/responses`. Nothing is stored there unless `params` says store: true.

    The API has no stop sequences, so none are sent. Thoughts count into `max_output_tokens`: where a model thinks,
    `quirks: {tokens_floor: N}` leaves room for them.
    """

    version: ClassVar[str] = "1"

    base_url: str = "https://api.openai.com/v1"
    path: str = "/responses"

    def defaults(self) -> dict[str, Any]:
        """Deterministic, and nothing kept at the vendor's: the API itself keeps responses for 30 days."""
        return {"temperature": 0, "store": False}

    def wire(self) -> "ResponsesWire":
        """The Responses wire."""
        return ResponsesWire(self, self.key())


class ResponsesWire:
    """Writes and reads responses."""

    def __init__(self, endpoint: Responses, key: str | None) -> None:
        self._endpoint = endpoint
        self._url = f"{endpoint.base_url}{endpoint.path}"
        self._errors = _ERRORS | endpoint.quirks.errors
        self._fixed: dict[str, Any] = {"model": endpoint.model} | endpoint.sent()
        if endpoint.stream or endpoint.quirks.stream_only:
            self._fixed["stream"] = True
        self._headers = {"Authorization": f"Bearer {key}"} if key is not None else {}

    async def outgoing(self, request: Request, http: Http) -> Outgoing:
        """One response."""
        del http
        return Outgoing(self._url, orjson.dumps(self.body(request)), self._headers)

    def body(self, request: Request) -> dict[str, Any]:
        """The request as JSON has it: instructions apart, the other turns as input items."""
        turns = shaped(request.messages, self._endpoint.quirks)
        told = "\n\n".join(turn.content for turn in turns if turn.role == "system")
        body = self._fixed | {
            "input": [
                {"role": turn.role, "content": _content(turn)}
                for turn in turns
                if turn.role != "system"
            ],
            "max_output_tokens": max(_FLOOR, self._endpoint.output_tokens(request)),
        }
        return body | ({"instructions": told} if told else {})

    def reply(self, raw: bytes) -> Reply:
        """A response object."""
        return response_reply(raw, self._errors)

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """An error object, by its code and its status."""
        return refused(status, headers, raw, self._errors)

    def stream(self) -> Gathering:
        """Events that end with the whole response object."""
        return ResponseStream(self._errors)


def _content(turn: Message) -> str | list[dict[str, Any]]:
    """A turn's content: text, or parts where it shows images.

    Source: https://platform.openai.com/docs/guides/images-vision.
    """
    if not turn.images:
        return turn.content
    shown = [
        {"type": "input_image", "detail": "auto", "image_url": data_url(each)}
        for each in turn.images
    ]
    return [{"type": "input_text", "text": turn.content}, *shown]
