"""A batch as the vendor tells of it. Source: https://platform.openai.com/docs/api-reference/batch/object."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bench.endpoints.failures import malformed
from bench.endpoints.secrets import hidden

_ENDED = frozenset({"completed", "failed", "expired", "cancelled"})


@dataclass(frozen=True, slots=True)
class Batch:
    """How far a batch is. `created_s` is Unix time, None where it does not say."""

    id: str
    status: str
    input_file_id: str
    tags: Mapping[str, Any]
    output_file_id: str | None
    error_file_id: str | None
    done: int
    total: int
    trouble: str
    created_s: float | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing of it is done any more."""
        return self.status in _ENDED


def batch_of(body: dict[str, Any]) -> Batch:
    """A batch object. Raises RequestFailure (malformed) where there is no id."""
    counts = body.get("request_counts")
    counts = counts if isinstance(counts, dict) else body  # Zhipu's reference shows them beside it
    created = body.get("created_at")
    return Batch(
        id=text_of(body, "id") or malformed("a batch without an id", orjson.dumps(body)),
        status=text_of(body, "status") or "unknown",
        input_file_id=text_of(body, "input_file_id") or "",
        tags=body["metadata"] if isinstance(body.get("metadata"), dict) else {},
        output_file_id=text_of(body, "output_file_id"),
        error_file_id=text_of(body, "error_file_id"),
        done=_count(counts, "completed") + _count(counts, "failed"),
        total=_count(counts, "total"),
        trouble=_trouble(body.get("errors")),
        created_s=created if isinstance(created, int | float) else None,
    )


def _trouble(errors: Any) -> str:
    """Why a file was not taken: "code: message" of the first, and how many more."""
    told = errors.get("data") if isinstance(errors, dict) else errors
    if not isinstance(told, list) or not told:
        return ""
    first = told[0] if isinstance(told[0], dict) else {"message": str(told[0])}
    parts = [str(first[name]) for name in ("code", "message") if first.get(name)]
    more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
    return hidden(" ".join(": ".join(parts).split())[:300]) + more


def text_of(body: Mapping[str, Any], name: str) -> str | None:
    """A text that is not empty; None where there is none."""
    value = body.get(name)
    return value if isinstance(value, str) and value else None


def _count(body: Mapping[str, Any], name: str) -> int:
    value = body.get(name)
    return value if isinstance(value, int) else 0
