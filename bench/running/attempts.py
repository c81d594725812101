"""One exchange: attempts under a deadline, retried in this one place."""

import asyncio
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.endpoints.seam import Connection, Endpoint, Reply, Request
from bench.endpoints.secrets import hidden, without_keys
from bench.endpoints.tokens import message_tokens
from bench.errors import RequestFailure
from bench.running.door import Door, Doors, pace_of, trouble_of
from bench.running.pace import Pace
from bench.running.throttle import told

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
LONGEST_ASKED_WAIT_S = 300.0
"""A Retry-After beyond this is not waited for; the failure says so."""
FATAL = ("auth", "quota_empty")
"""Failures after which an endpoint is not asked again in this run."""


@dataclass(slots=True)
class Line:
    """An open endpoint with its limits, shared by every candidate that uses it."""

    connection: Connection
    endpoint: Endpoint
    door: Door
    pace: Pace | None
    trouble: str | None = None
    """Why other processes do not share the pace, where they should."""
    jitter: random.Random = field(default_factory=random.Random)
    first_wait_s: float = FIRST_WAIT_S
    in_flight: int = 0
    rate_limited: int = 0

    @classmethod
    def open(cls, connection: Connection, endpoint: Endpoint, doors: Doors | None = None) -> "Line":
        """A line on the running clock. Lines that are opened with the same `doors` share the limits of their keys."""
        return cls(connection, endpoint, (doors or Doors()).before(endpoint), *pace_of(endpoint))

    @property
    def closed_by(self) -> RequestFailure | None:
        """The failure after which nobody asks here any more."""
        return self.door.closed_by

    def remarks(self, name: str) -> list[str]:
        """What a person should know of how the limits held."""
        found: list[str] = []
        trouble = self.trouble or trouble_of(self.pace)
        if trouble is not None:
            found.append(
                f"endpoint '{name}': rpm and tpm held within this process only ({trouble})"
            )
        if self.rate_limited:
            course = self.door.throttle.course
            at_once = told(course) if course else str(self.door.throttle.allowed)
            found.append(
                f"endpoint '{name}': {self.rate_limited} times 'rate limited'; requests at once {at_once}"
            )
        return found


@dataclass(frozen=True, slots=True)
class Lost:
    """An attempt that brought no usable reply: tokens that the vendor counted all the same, how long it took, and when.

    `at` is in Unix seconds, as a price may depend on the hour.
    """

    spent_tokens: tuple[int, int] | None
    seconds: float
    sharing: float
    at: float


@dataclass(slots=True)
class Attempted:
    """How many requests an exchange has taken so far, and the trial `before` it.

    `sharing` is how many requests the machine had at once, on the mean, during the attempt that brought the reply.
    `may_retry` is asked before every retry.
    """

    count: int = 0
    sharing: float = 1.0
    before: int = 0
    lost: list[Lost] = field(default_factory=list)
    may_retry: Callable[["Attempted"], bool] | None = None


async def ask(line: Line, request: Request, attempted: Attempted) -> tuple[Reply, float]:
    """The reply and the seconds of the attempt that brought it.

    At most `max_attempts` requests are sent; each has the total deadline `timeout_s`. Raises the last RequestFailure,
    or CalledOff where nothing was sent for this trial and nothing will be.
    """
    limits = line.endpoint.limits
    while True:
        try:
            return await _attempt(line, request, attempted)
        except RequestFailure as failure:
            if failure.kind in FATAL:
                line.door.close(failure)
            is_last = not failure.is_retryable or attempted.count >= limits.max_attempts
            is_asked_to_wait = failure.kind == "rate_limited"
            if is_last and not is_asked_to_wait:
                raise
            wait_s = _wait_s(failure, attempted.count, line)
            if is_asked_to_wait:  # everybody is, and nobody else takes what is given out meanwhile
                line.door.throttle.hold(wait_s)
            if is_last or not (attempted.may_retry is None or attempted.may_retry(attempted)):
                raise
            if is_asked_to_wait:
                continue
        with line.door.waiting(is_first=False):
            await asyncio.sleep(wait_s)


async def _attempt(line: Line, request: Request, attempted: Attempted) -> tuple[Reply, float]:
    door, throttle = line.door, line.door.throttle
    estimate = 0
    if line.pace is None and door.closed_by is None and not throttle.is_full:
        throttle.take()
    else:
        estimate = await _turn(line, request, is_first=attempted.before + attempted.count == 0)
    cuts = throttle.cuts
    attempted.count += 1
    line.in_flight += 1
    begun_among = line.in_flight
    started = time.perf_counter()
    try:
        reply = await _sent(line, request)
    except RequestFailure as failure:
        taken = time.perf_counter() - started
        sharing = (begun_among + line.in_flight) / 2
        attempted.lost.append(Lost(failure.spent_tokens, taken, sharing, time.time()))
        if failure.kind == "rate_limited":
            line.rate_limited += 1
            throttle.refused(cuts)
        await _settle(line, failure.spent_tokens, estimate)
        raise
    else:
        taken = time.perf_counter() - started
        attempted.sharing = (begun_among + line.in_flight) / 2
        throttle.succeeded(cuts)
    finally:
        line.in_flight -= 1
        throttle.leave()
    if line.pace is not None and reply.input_tokens is not None:
        await _settle(line, (reply.input_tokens, reply.output_tokens or 0), estimate)
    return reply, taken if reply.latency_s is None else reply.latency_s


async def _turn(line: Line, request: Request, *, is_first: bool) -> int:
    """Wait until the request may go out. The tokens that were taken for it, as estimated.

    Whoever has waited for the pace while a 429 came begins anew once that has been waited for.
    """
    throttle, pace = line.door.throttle, line.pace
    estimate = 0
    if pace is not None and pace.tpm is not None:
        estimate = request.max_tokens + sum(message_tokens(turn) for turn in request.messages)
    with line.door.waiting(is_first=is_first):
        while True:
            await throttle.enter(again=not is_first)
            if pace is None:
                return 0
            try:
                await pace.admit(estimate)
            except BaseException:
                throttle.leave()
                raise
            if not throttle.is_held:
                return estimate
            throttle.leave()
            await pace.settle(-estimate)


async def _sent(line: Line, request: Request) -> Reply:
    """One request under its deadline; whatever else is raised becomes a typed failure."""
    timeout_s = line.endpoint.limits.timeout_s
    spent: tuple[int, int] | None = None
    try:
        async with asyncio.timeout(timeout_s):
            reply = without_keys(await line.connection.ask(request))
        if reply.input_tokens is not None and reply.output_tokens is not None:
            spent = reply.input_tokens, reply.output_tokens
        reply.text.encode()  # half a surrogate pair could not be written down
        reply.reasoning.encode()
    except TimeoutError:
        raise RequestFailure("timeout", f"no full reply within {timeout_s:g} s") from None
    except RequestFailure:
        raise
    except asyncio.CancelledError:  # ours ends the worker, an adapter's own one trial
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise RequestFailure("internal", "the adapter gave its request up") from None
    except UnicodeEncodeError as error:
        message = f"the reply is no text: {error}"
        raise RequestFailure("malformed", message, spent_tokens=spent) from None
    except Exception as error:  # an adapter may be foreign code; its bug is one trial's failure
        told_of = hidden(f"{type(error).__name__}: {error}")[:300]
        raise RequestFailure("internal", told_of, spent_tokens=spent) from error
    return reply


async def _settle(line: Line, spent: tuple[int, int] | None, estimate: int) -> None:
    if line.pace is not None and line.pace.tpm is not None and spent is not None:
        await line.pace.settle(sum(spent) - estimate)


def _wait_s(failure: RequestFailure, attempts: int, line: Line) -> float:
    """Exponential with jitter, on top of what the server asked for: those told the same do not come at once.

    Every wait is longer than the one before it.
    """
    backoff = min(LONGEST_WAIT_S, line.first_wait_s * 2 ** min(attempts - 1, 16))
    wait_s = line.jitter.uniform(0.6 * backoff, backoff)
    asked_s = failure.retry_after_s
    if asked_s is None or math.isnan(asked_s):
        return wait_s
    if asked_s > LONGEST_ASKED_WAIT_S:
        raise RequestFailure(
            failure.kind, f"the server asks to wait {asked_s:.0f} s; {failure.message}"
        )
    return max(0.0, asked_s) + wait_s
