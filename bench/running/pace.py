"""Requests and tokens a minute, spread evenly.

No minute holds more requests than allowed. As an admission waits only for those before it, a minute may
hold the tokens of one request more.
"""

import asyncio
from collections.abc import Awaitable, Callable


class Pace:
    """Admits `per_minute` units a minute; None admits everything at once."""

    def __init__(
        self,
        per_minute: int | None,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._seconds_per_unit = 60 / per_minute if per_minute else 0.0
        self._clock = clock
        self._sleep = sleep
        self._free_at = 0.0

    async def admit(self, units: float) -> None:
        """Wait until `units` may pass. A later correction is made with `settle`."""
        if not self._seconds_per_unit:
            return
        now = self._clock()
        start = max(now, self._free_at)
        self._free_at = start + units * self._seconds_per_unit
        if start > now:
            await self._sleep(start - now)

    def settle(self, units: float) -> None:
        """Take back (negative) or add units that an estimate missed."""
        if self._seconds_per_unit:
            self._free_at += units * self._seconds_per_unit
