"""What adapters share that ask a named model at an address: parameters as the vendor takes them."""

from typing import Any

from pydantic import JsonValue

from bench.endpoints.http_endpoint import HttpEndpoint
from bench.endpoints.quirks import Quirks
from bench.endpoints.seam import Request
from bench.endpoints.shaping import fitted, tokens


class ModelEndpoint(HttpEndpoint):
    """An endpoint that serves `model`. Of its quirks those that its wire knows are heeded."""

    model: str
    quirks: Quirks = Quirks()

    def takes_images(self) -> bool:
        """Where the quirks say that the model sees."""
        return self.quirks.images

    def defaults(self) -> dict[str, Any]:
        """Parameters that are sent unless `params` says otherwise; there, null leaves one out."""
        return {"temperature": 0}

    def asked(self) -> dict[str, Any]:
        """Parameters as the user or the default asks for them."""
        found = self.defaults() | self.params
        found.pop("max_tokens", None)
        return {name: value for name, value in found.items() if value is not None}

    def sent(self) -> dict[str, Any]:
        """Parameters as they are sent."""
        return fitted(self.asked(), self.quirks.params)[0]

    def output_tokens(self, request: Request) -> int:
        """How long an answer may be."""
        return tokens(request.max_tokens, self.params.get("max_tokens"), self.quirks)

    def adjustments(self) -> tuple[str, ...]:
        """Parameters that the vendor does not take as they were asked."""
        return fitted(self.asked(), self.quirks.params)[1]

    def identity(self) -> dict[str, JsonValue]:
        """The endpoint's, without what leaves a request as it is: defaults that nobody changed."""
        told = super().identity()
        told["quirks"] = self.quirks.model_dump(
            mode="json", exclude_defaults=True, exclude={"errors"}
        )
        return told
