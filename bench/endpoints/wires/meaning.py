"""What a vendor's error codes mean: tables with who says so, and how sure that is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bench.endpoints.failures import ErrorClass, by_class, failure_kind, kind_of_code, shown
from bench.endpoints.failures import refused as plainly_refused
from bench.endpoints.failures import retry_after_s as asked_to_wait
from bench.endpoints.seam import Reply

Confidence = Literal["documented", "public clients", "recalled"]


@dataclass(frozen=True, slots=True)
class CodeTable:
    """Error codes of one source. A code that ends in * stands for all that begin so.

    `phrases` tell errors apart that share a code: a piece of the error's message, and what it means.
    """

    source: str
    confidence: Confidence
    codes: Mapping[str, ErrorClass]
    phrases: Mapping[str, ErrorClass] = field(default_factory=dict)


class Meaning:
    """The tables of a wire beneath the endpoint's own."""

    def __init__(self, tables: Iterable[CodeTable], own: Mapping[str, ErrorClass]) -> None:
        self._own = own
        self._codes: dict[str, ErrorClass] = {}
        self._phrases: dict[str, ErrorClass] = {}
        for table in tables:
            self._codes |= table.codes
            self._phrases |= table.phrases

    def kind(self, code: str, message: str = "") -> ErrorClass | None:
        """What an error means: the endpoint's own word first, then phrases, then codes; None if nobody knows."""
        if code in self._own:
            return self._own[code]
        for phrase, kind in self._phrases.items():
            if phrase in message:
                return kind
        return kind_of_code(code, {**self._codes, **self._own})

    def told(self, code: str, message: str, raw: bytes) -> Reply:
        """An error that came with HTTP 200. One that nobody knows may pass, so it is asked again."""
        kind = self.kind(code, message) or "server"
        return by_class(kind, f"error {code} with HTTP 200: {shown(raw)}")

    def refused(
        self, status: int, headers: Mapping[str, str], raw: bytes, error: tuple[str, str] | None
    ) -> Reply:
        """Any other status. `error` is the code and the message of a body that the wire could read."""
        if error is None or 300 <= status < 400:
            return plainly_refused(status, headers, raw, {**self._codes, **self._own})
        kind = self.kind(*error) or failure_kind(status)
        return by_class(kind, f"HTTP {status}: {shown(raw)}", asked_to_wait(headers))
