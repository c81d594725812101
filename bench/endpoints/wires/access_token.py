"""Tokens that keys are exchanged for, or that are signed here: kept while they are good, hidden as keys are."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import NoReturn

from bench.endpoints.secrets import remember
from bench.endpoints.transport import Http
from bench.errors import RequestFailure

_MARGIN = 0.1
"""The share of a token's life before whose end it is renewed, so that no request meets the end on its way."""
_carried: ContextVar[str] = ContextVar("_carried")
"""The token that the request of this task carries: answers to requests with an older one come in, too."""


class AccessToken:
    """A token of a token server. `fetch` returns it with the seconds that it is good for.

    However many ask at once, one request is made for all of them, and they share its failure. A token that the vendor
    refuses is forgotten, so that the next attempt carries a new one; if that is refused as well, the keys are.
    """

    def __init__(
        self,
        fetch: Callable[[Http], Awaitable[tuple[str, float]]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._value = ""
        self._good_until = 0.0
        self._fetches = 0
        self._failure: RequestFailure | None = None
        self._is_replacement = self._has_worked = False

    async def value(self, http: Http) -> str:
        """The token to send. Raises RequestFailure when there is none to be had."""
        seen = self._fetches
        async with self._lock:
            if not self._value or self._clock() >= self._good_until:
                if self._failure is not None and self._fetches != seen:
                    raise RequestFailure(self._failure.kind, self._failure.message)
                await self._renewed(http)
            _carried.set(self._value)
            return self._value

    async def _renewed(self, http: Http) -> None:
        self._value = ""
        try:
            value, lifetime_s = await self._fetch(http)
        except RequestFailure as failure:
            self._failure = failure
            raise
        finally:
            self._fetches += 1
        remember(value)
        self._value, self._failure, self._has_worked = value, None, False
        self._good_until = self._clock() + lifetime_s * (1 - _MARGIN)

    def worked(self) -> None:
        """Note that the vendor took the token."""
        if _carried.get("") == self._value:
            self._has_worked = True

    def refused(self, told: str) -> NoReturn:
        """Raise for a token that the vendor says has expired: once as a passing fault, then as keys that are wrong."""
        if _carried.get("") == self._value:
            is_hopeless = self._is_replacement and not self._has_worked
            self._value = ""
            self._is_replacement = True
            if is_hopeless:
                raise RequestFailure("auth", f"a new access token was refused as well: {told}")
        raise RequestFailure(
            "server", f"the access token was refused; the next is fetched anew: {told}"
        )


class SignedToken:
    """A token that is signed here. `sign` makes it from the present moment in seconds since 1970."""

    def __init__(
        self,
        sign: Callable[[float], str],
        lifetime_s: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._sign = sign
        self._clock = clock
        self._lifetime_s = lifetime_s
        self._value = ""
        self._made_at = 0.0

    def value(self) -> str:
        """The token to send, signed anew in the last part of its life, or when the clock went back."""
        now = self._clock()
        if not self._value or not 0 <= now - self._made_at < self._lifetime_s * (1 - _MARGIN):
            self._value, self._made_at = self._sign(now), now
            remember(self._value)
        return self._value
