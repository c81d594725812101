"""How a run asks by the file, and what its desks share."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bench.endpoints.batch import MAX_FILE_BYTES, MAX_REQUESTS
from bench.running.batches.file import BatchFile
from bench.running.budget import Budget
from bench.running.cache import Cache
from bench.running.execute import OnAnswer, Stop
from bench.running.journal import Journal


@dataclass(frozen=True, slots=True)
class Batching:
    """How a run asks by the file. Times in seconds.

    `wait_s` is how long it waits for the batches, None as long as it takes; `poll_s` the first pause between two looks,
    which grows to thirty times that.
    """

    wait_s: float | None = None
    poll_s: float = 10.0
    max_requests: int = MAX_REQUESTS
    max_file_bytes: int = MAX_FILE_BYTES
    tell: Callable[[str], None] = lambda _: None


@dataclass(slots=True)
class Shared:
    """What the desks of a run share. `closed` maps endpoints to why they were not asked further."""

    how: Batching
    file: BatchFile
    journal: Journal
    cache: Cache
    budget: Budget
    on_answer: OnAnswer
    stop: Stop
    closed: dict[str, str] = field(default_factory=dict)
    over_budget: bool = False
    trouble: str | None = None
    """What could not be written, if anything."""

    @property
    def is_leaving(self) -> bool:
        """Whether a person ended the run; one that ran out of money still collects what it has paid for."""
        return self.stop.soft and not self.stop.over_budget
