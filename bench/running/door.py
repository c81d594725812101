"""Where requests wait for their turn: each endpoint has a door of its own, those of one key share their limits."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.endpoints.seam import Endpoint
from bench.errors import BenchError, RequestFailure
from bench.running.pace import Pace
from bench.running.shared_pace import InFile, shared_pace
from bench.running.throttle import Throttle


class CalledOff(BenchError):  # noqa: N818  # no error: a trial that has sent nothing stays owed
    """The first request of a trial that will not go out any more, as the endpoint closed or the run ends."""


@dataclass(slots=True)
class Door:
    """Before one endpoint: who waits, and the failure after which nobody asks there any more.

    A refused key or an empty account closes the endpoint that said so and no other: vendors refuse single models, too.
    """

    throttle: Throttle
    """How many requests are in flight with the endpoint's key."""
    closed_by: RequestFailure | None = None
    _waiting: dict[asyncio.Task[Any], bool] = field(default_factory=dict)
    """Who waits before a request, and whether it would be the first of its trial."""
    _called_off: set[asyncio.Task[Any]] = field(default_factory=set)

    def close(self, failure: RequestFailure) -> None:
        """Ask no more. Whoever waits for a turn or a retry is told so at once."""
        if self.closed_by is None:
            self.closed_by = failure
            self._wake(list(self._waiting))

    def call_off(self) -> None:
        """The run ends: trials that wait for their turn and have sent nothing stay owed."""
        self._wake([task for task, is_first in self._waiting.items() if is_first])

    @contextlib.contextmanager
    def waiting(self, *, is_first: bool) -> Iterator[None]:
        """Wait within, as long as the endpoint is open. Raises CalledOff, or the failure that closed it."""
        if self.closed_by is not None:
            raise self._ended(is_first=is_first)
        task = asyncio.current_task()
        assert task is not None
        self._waiting[task] = is_first
        try:
            yield
        except asyncio.CancelledError:
            if task in self._called_off and not task.uncancel():
                raise self._ended(is_first=is_first) from None
            raise
        finally:
            del self._waiting[task]
            self._called_off.discard(task)

    def _ended(self, *, is_first: bool) -> BenchError:
        if is_first or self.closed_by is None:
            return CalledOff("not asked any more")
        return RequestFailure(self.closed_by.kind, self.closed_by.message)

    def _wake(self, tasks: list[asyncio.Task[Any]]) -> None:
        """As `asyncio.timeout` does it: a cancellation that is taken back where it was waited."""
        for task in tasks:
            if task not in self._called_off:
                self._called_off.add(task)
                task.cancel()


class Doors:
    """The doors of a run."""

    def __init__(self) -> None:
        self.all: list[Door] = []
        self._throttles: dict[str, Throttle] = {}

    def before(self, endpoint: Endpoint) -> Door:
        """An endpoint's door; the throttle of its account now bears this endpoint's concurrency as well."""
        name, most = endpoint.account(), endpoint.limits.concurrency
        throttle = self._throttles.get(name) if name is not None else None
        if throttle is not None:
            throttle.widen(most)
        else:
            throttle = Throttle(most)
            if name is not None:
                self._throttles[name] = throttle
        door = Door(throttle)
        self.all.append(door)
        return door


def pace_of(endpoint: Endpoint) -> tuple[Pace | None, str | None]:
    """What holds an endpoint's `rpm` and `tpm`, if it has any, and why it holds them in this process only, if so."""
    limits = endpoint.limits
    if limits.rpm is None and limits.tpm is None:
        return None, None
    name = endpoint.account()
    if name is None:
        return Pace(limits.rpm, limits.tpm), None
    shared, trouble = shared_pace(name)
    return Pace(limits.rpm, limits.tpm, shared), trouble


def trouble_of(pace: Pace | None) -> str | None:
    """Why a pace that was shared with other processes is so no more."""
    return pace.shared.trouble if pace is not None and isinstance(pace.shared, InFile) else None
