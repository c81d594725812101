"""Runs, in no time, of endpoints whose every answer a schedule decides."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager

from pydantic import PrivateAttr

from bench.endpoints.price import Price
from bench.endpoints.seam import Endpoint, Reply
from bench.errors import RequestFailure
from bench.running.budget import Budget
from bench.running.cache import Cache
from bench.running.execute import Stop, execute
from bench.running.journal import Journal
from bench.running.plan import plan
from bench.strategies.candidate import Candidate
from bench.strategies.direct import Direct
from tests import virtual_time

TOKENS = Price(currency="CNY", input=1.0, output=2.0, per=1)
GOOD = Reply("42", input_tokens=10, output_tokens=5)
"""20 CNY by `TOKENS`."""


class Scheduled(Endpoint):
    """Answers the nth request for an item by `schedule(item, n)`: a reply, or a failure to raise."""

    key: str | None = None
    takes_s: float = 0.05
    _schedules: list = PrivateAttr(default_factory=list)
    _asked: Counter = PrivateAttr(default_factory=Counter)
    _opened: list = PrivateAttr(default_factory=list)

    @classmethod
    def of(cls, schedule, **told):
        made = cls(**told)
        made._schedules.append(schedule)
        return made

    @property
    def asked(self):
        """Item -> requests for it."""
        return self._asked

    @property
    def opened(self):
        """How often it was opened."""
        return len(self._opened)

    def account(self):
        return self.key

    @asynccontextmanager
    async def connect(self):
        self._opened.append(True)
        yield self

    async def ask(self, request):
        self._asked[request.case.item] += 1
        nth = self._asked[request.case.item]
        await asyncio.sleep(self.takes_s)
        told = self._schedules[0](request.case.item, nth) if self._schedules else GOOD
        if isinstance(told, BaseException):
            raise told
        return told


def ran(suite, folder, *endpoints, limit=None, budget=None, during=None, strategy=None):
    """How a run of these endpoints ended, its answers by candidate and item, and the money spent."""
    each = [
        Candidate(f"c{n}", f"c{n}", "scheduled", endpoint, "direct", strategy or Direct())
        for n, endpoint in enumerate(endpoints)
    ]
    made = plan([suite], each, limit=limit)
    money = Budget(budget, made, {one.name: {"CNY": 1.0} for one in each})
    found, stop = [], Stop()

    async def go():
        if during is not None:
            asyncio.get_running_loop().call_later(*during, stop.interrupt)
        return await execute(made.trials(), journal, cache, money, found.append, stop)

    with Journal(folder) as journal, Cache(None) as cache:
        ended = virtual_time.run(go())
    table = {(answer.candidate, answer.item): answer for answer in found}
    assert len(table) == len(found)
    return ended, table, money


def failure(kind, **more):
    return RequestFailure(kind, kind, **more)
