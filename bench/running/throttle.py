"""How many requests may be in flight at once: fewer after a 429, more again while all goes well.

Additive increase, multiplicative decrease (Chiu and Jain 1989, doi:10.1016/0169-7552(89)90019-6), as TCP has it
(RFC 5681, 3.1): a cut halves what is in flight, once for all that was in flight together.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

Course = list[tuple[float, int]]
"""Seconds since the run began, and how many were allowed at once from then on."""


@dataclass(slots=True)
class Throttle:
    """`most` requests at once, and after a 429 fewer. Every `enter` or `take` is followed by one `leave`.

    Nobody enters while it is held. Those who come again are let in before those who come first: what a server gives
    out anew goes to whom it was promised.
    """

    most: int
    clock: Callable[[], float] = time.monotonic
    allowed: int = field(init=False)
    in_flight: int = 0
    cuts: int = 0
    course: Course = field(default_factory=list)
    """Empty as long as nothing was cut."""
    _began: float = field(init=False)
    _successes: int = 0
    _release: asyncio.TimerHandle | None = None
    _again: deque[asyncio.Future[None]] = field(default_factory=deque)
    _first: deque[asyncio.Future[None]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.allowed = self.most
        self._began = self.clock()

    def widen(self, more: int) -> None:
        """Another endpoint of the account is open, which bears `more` of its own."""
        self.most += more
        self.allowed += more

    @property
    def is_full(self) -> bool:
        """Whether one more must wait."""
        return self.in_flight >= self.allowed or self.is_held

    @property
    def is_held(self) -> bool:
        """Whether the server has asked to wait."""
        return self._release is not None

    def hold(self, seconds: float) -> None:
        """Let nobody in for so long."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        if self._release is not None:
            if self._release.when() >= until:
                return
            self._release.cancel()
        self._release = loop.call_at(until, self._released)

    def _released(self) -> None:
        self._release = None
        self._let_in()

    def take(self) -> None:
        """Enter where it is not full."""
        self.in_flight += 1

    async def enter(self, *, again: bool = False) -> None:
        """Wait until one more may be in flight; of those who come `again` or first, first come first served."""
        if not self.is_full and (again or not self._again):
            self.take()
            return
        let_in = asyncio.get_running_loop().create_future()
        (self._again if again else self._first).append(let_in)
        try:
            await let_in
        except asyncio.CancelledError:
            if let_in.done() and not let_in.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """One request less is in flight."""
        self.in_flight -= 1
        self._let_in()

    def succeeded(self, cuts: int) -> None:
        """A reply came to a request that was sent after `cuts` cuts; as many as are allowed at once allow one more."""
        if self.allowed >= self.most or cuts != self.cuts:
            return
        self._successes += 1
        if self._successes >= self.allowed:
            self._allow(self.allowed + 1)
            self._let_in()

    def refused(self, cuts: int) -> None:
        """A 429 came to a request that was sent after `cuts` cuts. What was sent before the last cut cuts no more."""
        if cuts != self.cuts:
            return
        fewer = max(1, min(self.allowed, self.in_flight) // 2)
        if fewer < self.allowed:
            if not self.course:
                self.course.append((0.0, self.allowed))
            self.cuts += 1
            self._allow(fewer)

    def _allow(self, number: int) -> None:
        self.allowed = number
        self._successes = 0
        self.course.append((self.clock() - self._began, number))

    def _let_in(self) -> None:
        while (queue := self._again or self._first) and not self.is_full:
            next_in = queue.popleft()
            if not next_in.done():
                self.take()
                next_in.set_result(None)


def told(course: Course) -> str:
    """From where to how little and to where in the end.

    >>> told([(0.0, 64), (0.2, 32), (0.9, 16), (4.0, 17)])
    '64 -> 16 -> 17'
    """
    allowed = [number for _, number in course]
    lowest = min(allowed)
    shown = [allowed[0], lowest] + ([allowed[-1]] if allowed[-1] != lowest else [])
    return " -> ".join(str(each) for each in shown)
