"""Which models a server serves, asked for when it does not know the one that was named."""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar

import orjson

from bench.endpoints.seam import Connection, Reply, Request
from bench.endpoints.transport import Http, Outgoing
from bench.errors import RequestFailure
from bench.registry import did_you_mean

_MOST, _LONGEST = 12, 80
"""Names that are shown, and characters of each."""


class Named:
    """A line whose refusals of an unknown model say which models there are.

    `names` reads them out of the body that the server sends from `listing`. They are asked for once a line at most.
    """

    patience_s: ClassVar[float] = 5.0
    """How long a server may take to tell them; the refusal stands without."""

    def __init__(
        self,
        line: Connection,
        http: Http,
        listing: Outgoing,
        names: Callable[[Any], list[str]],
        model: str,
    ) -> None:
        self._line = line
        self._http = http
        self._listing = listing
        self._names = names
        self._model = model
        self._told: str | None = None

    async def ask(self, request: Request) -> Reply:
        """One attempt."""
        try:
            return await self._line.ask(request)
        except RequestFailure as failure:
            if failure.kind != "bad_request" or not failure.message.startswith("HTTP 404"):
                raise
            if self._told is None:
                self._told = await self._served()
            raise RequestFailure("bad_request", f"{failure.message}{self._told}") from None

    async def _served(self) -> str:
        """What to say besides; nothing where the server does not tell, or serves the model after all."""
        try:
            async with asyncio.timeout(self.patience_s):
                got = await self._http.exchange(self._listing)
            names = self._names(orjson.loads(got.raw)) if got.status == 200 else []
        except (
            TimeoutError,
            RequestFailure,
            orjson.JSONDecodeError,
            AttributeError,
            KeyError,
            TypeError,
        ):
            return ""
        if self._model in names:
            return ""
        if not names:
            return "; this server serves no model"
        hint = did_you_mean(self._model, [each[:_LONGEST] for each in sorted(names)[:_MOST]])
        return f"; '{self._model}' is not served here{hint}"
