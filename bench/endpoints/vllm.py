"""vLLM: the chat wire on one's own machines.

Source: https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, ClassVar

from bench.endpoints.failures import by_class, refused, shown
from bench.endpoints.openai_chat import ChatWire, OpenAIChat
from bench.endpoints.seam import Connection, Reply
from bench.endpoints.served import Named
from bench.endpoints.transport import Outgoing, open_http

_TOO_LONG = (b"maximum context length", b"longer than the maximum model length")


class Vllm(OpenAIChat):
    """A vLLM server. `params` holds its own parameters, too: chat_template_kwargs, structured_outputs, top_k.

    Where the model is not served, the failure names those that are. `quirks: {images: true}` for a model that sees.
    """

    version: ClassVar[str] = "1"

    base_url: str = "http://127.0.0.1:8000/v1"

    def wire(self) -> "VllmWire":
        """The chat wire, and what its refusals mean."""
        return VllmWire(self, self.key())

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Connection]:
        """A line that knows which models there are when it is asked for another."""
        key = self.key()
        headers = {"Authorization": f"Bearer {key}"} if key is not None else {}
        listing = Outgoing(f"{self.base_url}/models", b"", headers, method="GET")
        async with super().connect() as line, open_http(1, self._proxy_address()) as http:
            yield Named(line, http, listing, model_ids, self.model)


class VllmWire(ChatWire):
    """The chat wire of vLLM, whose error codes are HTTP statuses."""

    def refused(self, status: int, headers: Mapping[str, str], raw: bytes) -> Reply:
        """An error object, by its text where the prompt is too long, else by its status."""
        if status == 400 and any(told in raw for told in _TOO_LONG):
            return by_class("context_too_long", f"HTTP {status}: {shown(raw)}")
        return refused(status, headers, raw, self._quirks.errors)


def model_ids(body: Any) -> list[str]:
    """The models that `GET /v1/models` lists."""
    return [str(each["id"]) for each in body["data"]]
