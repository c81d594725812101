"""One exchange: attempts under a deadline, retried in this one place."""

import asyncio
import random
import time
from dataclasses import dataclass, field

from bench.endpoints.seam import Connection, Endpoint, Reply, Request
from bench.errors import RequestFailure
from bench.running.pace import Pace
from bench.running.plan import estimated_tokens

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
    requests: Pace
    tokens: Pace
    jitter: random.Random = field(default_factory=random.Random)
    first_wait_s: float = FIRST_WAIT_S
    closed_by: RequestFailure | None = None
    in_flight: int = 0

    @classmethod
    def open(cls, connection: Connection, endpoint: Endpoint) -> "Line":
        """A line on the running clock."""
        limits = endpoint.limits
        return cls(
            connection,
            endpoint,
            Pace(limits.rpm, time.monotonic),
            Pace(limits.tpm, time.monotonic),
        )


@dataclass(slots=True)
class Attempted:
    """How many requests an exchange has taken so far.

    `sharing` is how many requests the machine had at once, on the mean, during the attempt that was timed last.
    """

    count: int = 0
    sharing: float = 1.0


async def ask(line: Line, request: Request, attempted: Attempted) -> tuple[Reply, float]:
    """The reply and the seconds of the attempt that brought it. Raises the last RequestFailure.

    At most `max_attempts` requests are sent; each has the total deadline `timeout_s`.
    """
    limits = line.endpoint.limits
    while True:
        try:
            return await _attempt(line, request, attempted)
        except RequestFailure as failure:
            if failure.kind in FATAL:
                line.closed_by = failure
            if not failure.is_retryable or attempted.count >= limits.max_attempts:
                raise
            wait_s = _wait_s(failure, attempted.count, line)
        await asyncio.sleep(wait_s)


async def _attempt(line: Line, request: Request, attempted: Attempted) -> tuple[Reply, float]:
    limits = line.endpoint.limits
    estimate = 0
    if limits.tpm is not None:
        estimate = request.max_tokens + sum(
            estimated_tokens(turn.content) for turn in request.messages
        )
        await line.tokens.admit(estimate)
    await line.requests.admit(1)
    if line.closed_by is not None:  # while this request waited
        raise line.closed_by
    attempted.count += 1
    line.in_flight += 1
    begun_among = line.in_flight
    started = time.perf_counter()
    try:
        async with asyncio.timeout(limits.timeout_s):
            reply = await line.connection.ask(request)
        reply.text.encode()  # half a surrogate pair could not be written down
    except TimeoutError:
        raise RequestFailure("timeout", f"no full reply within {limits.timeout_s:g} s") from None
    except RequestFailure:
        raise
    except UnicodeEncodeError as error:
        raise RequestFailure("malformed", f"the reply is no text: {error}") from None
    except Exception as error:  # an adapter may be foreign code; its bug is one trial's failure
        raise RequestFailure("internal", f"{type(error).__name__}: {error}"[:300]) from error
    finally:
        attempted.sharing = (begun_among + line.in_flight) / 2
        line.in_flight -= 1
    if limits.tpm is not None and reply.input_tokens is not None:
        line.tokens.settle(reply.input_tokens + (reply.output_tokens or 0) - estimate)
    taken = time.perf_counter() - started
    return reply, taken if reply.latency_s is None else reply.latency_s


def _wait_s(failure: RequestFailure, attempts: int, line: Line) -> float:
    """Exponential with jitter, on top of what the server asked for: those told the same do not come at once."""
    backoff = min(LONGEST_WAIT_S, line.first_wait_s * 2 ** (attempts - 1))
    wait_s = line.jitter.uniform(backoff / 2, backoff)
    if failure.retry_after_s is None:
        return wait_s
    if failure.retry_after_s > LONGEST_ASKED_WAIT_S:
        raise RequestFailure(
            failure.kind,
            f"the server asks to wait {failure.retry_after_s:.0f} s; {failure.message}",
        )
    return failure.retry_after_s + wait_s
