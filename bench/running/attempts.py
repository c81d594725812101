"""One exchange: attempts under a deadline, retried in this one place."""

import asyncio
import random
import time
from dataclasses import dataclass, field

from bench.endpoints.seam import Connection, Endpoint, Limits, Reply, Request
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
    """How many requests an exchange has taken so far."""

    count: int = 0


async def ask(line: Line, request: Request, attempted: Attempted) -> tuple[Reply, float]:
    """The reply and the seconds of the attempt that brought it. Raises the last RequestFailure.

    At most `max_attempts` requests are sent; each has the total deadline `timeout_s`.
    """
    limits = line.endpoint.limits
    while True:
        attempted.count += 1
        try:
            return await _attempt(line, request, limits)
        except RequestFailure as failure:
            if failure.kind in FATAL:
                line.closed_by = failure
            if not failure.is_retryable or attempted.count >= limits.max_attempts:
                raise
            wait_s = _wait_s(failure, attempted.count, line)
        await asyncio.sleep(wait_s)


async def _attempt(line: Line, request: Request, limits: Limits) -> tuple[Reply, float]:
    estimate = 0
    if limits.tpm is not None:
        estimate = request.max_tokens + sum(
            estimated_tokens(turn.content) for turn in request.messages
        )
        await line.tokens.admit(estimate)
    await line.requests.admit(1)
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
    if limits.tpm is not None and reply.input_tokens is not None:
        line.tokens.settle(reply.input_tokens + (reply.output_tokens or 0) - estimate)
    taken = time.perf_counter() - started
    return reply, taken if reply.latency_s is None else reply.latency_s


def _wait_s(failure: RequestFailure, attempts: int, line: Line) -> float:
    """Exponential with full jitter, never less than the server asked for."""
    backoff = min(LONGEST_WAIT_S, line.first_wait_s * 2 ** (attempts - 1))
    wait_s = line.jitter.uniform(backoff / 2, backoff)
    if failure.retry_after_s is None:
        return wait_s
    if failure.retry_after_s > LONGEST_ASKED_WAIT_S:
        raise RequestFailure(
            failure.kind,
            f"the server asks to wait {failure.retry_after_s:.0f} s; {failure.message}",
        )
    return max(failure.retry_after_s, wait_s if failure.retry_after_s == 0 else 0.0)
