"""Requests and tokens a minute, spread evenly over all who share them.

The generic cell rate algorithm (ITU-T I.371, annex A) without a burst: what is shared is the moment from which the
next request, and the next token, may pass. Each admission takes the first free moment and moves it on.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, Protocol, TypeVar

LATE_S = 0.25
"""Who is woken later than this after his moment takes another: a process that slept would let all pass at once."""
WINDOW_S = 60 + 2 * LATE_S
"""A minute and what may pass late: a quarter of a second here, and as much on the way to the server."""

Told = TypeVar("Told")
What = Literal["requests_s", "tokens_s"]


@dataclass(frozen=True, slots=True)
class Free:
    """From when on the next request and the next token may pass, in seconds of a clock that only goes forward."""

    requests_s: float = -math.inf
    tokens_s: float = -math.inf


class Shared(Protocol):
    """A `Free` that many may change, one after the other."""

    async def change(self, edit: Callable[[Free], tuple[Free, Told]]) -> Told:
        """Replace the value by what `edit` makes of it; what else `edit` says comes back."""


@dataclass(slots=True)
class Unshared:
    """A `Free` of this process alone."""

    free: Free = Free()

    async def change(self, edit: Callable[[Free], tuple[Free, Told]]) -> Told:
        """At once: nothing else runs meanwhile."""
        self.free, told = edit(self.free)
        return told


@dataclass(slots=True)
class Pace:
    """Admits `rpm` requests and `tpm` tokens a minute; None does not limit.

    No minute holds more requests than allowed. As an admission waits only for those before it, a minute may hold the
    tokens of one request more. One moment at a time is taken by those who wait here, so that others who share them
    come in between, and what is given up is little.
    """

    rpm: int | None
    tpm: int | None
    shared: Shared = field(default_factory=Unshared)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def admit(self, tokens: int) -> None:
        """Wait until a request of about so many tokens may pass. Whoever gives up waiting gives back what it took."""
        async with self._turn:
            if self.tpm is not None:
                await self._pass("tokens_s", tokens * 60 / self.tpm)
            if self.rpm is not None:
                try:
                    await self._pass("requests_s", WINDOW_S / self.rpm)
                except asyncio.CancelledError:
                    await self.settle(-tokens)
                    raise

    async def settle(self, tokens: int) -> None:
        """Add, or take back (negative), tokens that an estimate missed."""
        if self.tpm is not None and tokens:
            seconds = tokens * 60 / self.tpm
            await self.shared.change(lambda free: (_moved(free, "tokens_s", seconds), None))

    async def _pass(self, what: What, seconds: float) -> None:
        """Take the next free moment, and the seconds after it that nobody else shall have, and wait for it."""
        while True:
            now = self.clock()
            at_s = await self.shared.change(partial(_taken, what=what, now=now, seconds=seconds))
            if at_s <= now:
                return
            try:
                await self.sleep(at_s - now)
            except asyncio.CancelledError:
                await self._give_back(what, at_s, seconds)
                raise
            if self.clock() - at_s <= LATE_S:
                return
            await self._give_back(what, at_s, seconds)

    async def _give_back(self, what: What, at_s: float, seconds: float) -> None:
        """Tokens always; a request only if nobody came after, as two would pass at once where one was free."""

        def edit(free: Free) -> tuple[Free, None]:
            is_last = getattr(free, what) == at_s + seconds
            if is_last or what == "tokens_s":
                return _moved(free, what, -seconds), None
            return free, None

        await self.shared.change(edit)


def _taken(free: Free, *, what: What, now: float, seconds: float) -> tuple[Free, float]:
    at_s = max(now, getattr(free, what))
    return replace(free, **{what: at_s + seconds}), at_s


def _moved(free: Free, what: What, seconds: float) -> Free:
    return replace(free, **{what: getattr(free, what) + seconds})
