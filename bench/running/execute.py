"""The one runner: workers per endpoint draw trials, and every answer goes to the journal at once."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

import orjson

from bench.endpoints.price import Price, cost
from bench.endpoints.seam import Reply, Request
from bench.errors import RequestFailure
from bench.running.attempts import Attempted, Line, ask
from bench.running.budget import Budget
from bench.running.cache import Cache, Kept, request_key
from bench.running.journal import Journal, JournalError
from bench.running.plan import Trial
from bench.strategies.strategy import Question
from bench.types import Answer, AnswerState, Exchange, Failure, Finish

_STATES: dict[Finish, AnswerState] = {
    "stop": "answered",
    "length": "truncated",
    "content_filter": "refused",
}
_SYNC_EVERY_S = 1.0

OnAnswer = Callable[[Answer], None]


@dataclass(slots=True)
class Stop:
    """How a run is asked to end early: `soft` takes no new trials, `hard` drops those in flight."""

    soft: bool = False
    over_budget: bool = False
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def interrupt(self) -> None:
        """Once: finish what is in flight. Twice: drop it."""
        if self.soft:
            for task in self.tasks:
                task.cancel()
        self.soft = True


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended. `closed` maps endpoints that refused to go on to why."""

    stopped: bool
    closed: dict[str, str]
    journal_error: str | None = None
    over_budget: bool = False


async def execute(
    trials: Iterable[Trial],
    journal: Journal,
    cache: Cache,
    budget: Budget,
    on_answer: OnAnswer,
    stop: Stop,
) -> Ended:
    """Ask every trial, as many at once as each endpoint bears. Never raises for a failed request."""
    waiting: dict[str, deque[Trial]] = {}
    for trial in trials:
        waiting.setdefault(trial.candidate.endpoint_name, deque()).append(trial)
    closed: dict[str, str] = {}
    journal_error: str | None = None
    async with contextlib.AsyncExitStack() as stack:
        works: list[_Work] = []
        for name, queue in waiting.items():
            endpoint = queue[0].candidate.endpoint
            line = Line.open(await stack.enter_async_context(endpoint.connect()), endpoint)
            works.append(_Work(name, line, queue, journal, cache, budget, on_answer, stop, closed))
        for work in works:  # nothing is sent, and paid, before every endpoint is open
            at_once = min(work.line.endpoint.limits.concurrency, len(work.waiting))
            stop.tasks += [asyncio.create_task(work.draw()) for _ in range(at_once)]
        syncing = asyncio.create_task(_sync(journal, stop))
        try:
            for ended in await asyncio.gather(*stop.tasks, return_exceptions=True):
                if isinstance(ended, JournalError):
                    journal_error = str(ended)
                elif isinstance(ended, BaseException) and not isinstance(
                    ended, asyncio.CancelledError
                ):
                    raise ended
        finally:
            syncing.cancel()
            try:
                await syncing
            except asyncio.CancelledError:
                pass
            except JournalError as error:
                journal_error = str(error)
    return Ended(stop.soft, closed, journal_error, stop.over_budget)


async def _sync(journal: Journal, stop: Stop) -> None:
    """Until cancelled. What the disk did not take is told once, so the run ends with the first error."""
    while True:
        await asyncio.sleep(_SYNC_EVERY_S)
        try:
            await journal.sync()
        except JournalError:
            stop.soft = True
            raise


@dataclass(slots=True)
class _Work:
    """What the workers of one endpoint share."""

    name: str
    line: Line
    waiting: deque[Trial]
    journal: Journal
    cache: Cache
    budget: Budget
    on_answer: OnAnswer
    stop: Stop
    closed: dict[str, str]
    identities: dict[str, bytes] = field(default_factory=dict)

    async def draw(self) -> None:
        """Take trials until there are none, the run is stopped or the endpoint has closed."""
        while self.waiting and not self._is_over():
            trial = self.waiting.popleft()
            if self.budget.limit is not None and not await self.budget.admitted(trial):
                if not self._is_over():
                    self.stop.soft = self.stop.over_budget = True
                break
            try:
                if self._is_over():  # while it waited for money
                    break
                answer = await self._answer(trial)
                self.budget.settle(trial, answer)
            finally:
                self.budget.release(trial)
            try:
                self.journal.append(answer)
            except JournalError:
                self.stop.soft = True
                raise
            self.on_answer(answer)
        if self.line.closed_by is not None:
            self.closed[self.name] = self.line.closed_by.message

    def _is_over(self) -> bool:
        return self.stop.soft or self.line.closed_by is not None

    async def _answer(self, trial: Trial) -> Answer:
        exchanges: list[Exchange] = []
        attempted_in_all = 0
        price = self.line.endpoint.price

        async def one(request: Request) -> Exchange:
            nonlocal attempted_in_all
            key = self._key(request)
            kept = self.cache.get(key) if key is not None else None
            if kept is not None:
                exchange = _priced_anew(kept, price)
                exchanges.append(exchange)
                return exchange
            attempted = Attempted()
            try:
                reply, seconds = await ask(self.line, request, attempted)
            finally:
                attempted_in_all += attempted.count
            latency_s = machine_s = reply.latency_s
            if latency_s is None and self.line.endpoint.timed:
                latency_s, machine_s = seconds, seconds / attempted.sharing
            paid = cost(price, reply, machine_s, time.time())
            exchange = _exchange(reply, latency_s, attempted.count, paid)
            exchanges.append(exchange)
            if key is not None:
                self.cache.put(key, exchange, machine_s)
            return exchange

        suite, candidate, item, repeat = trial.key
        at = _now(int(time.time()))
        state: AnswerState = "failed"
        text, failure = "", None
        try:
            question = Question(trial.suite, trial.item, trial.repeat)
            last = await trial.candidate.strategy.answer(question, one)
        except RequestFailure as error:
            failure = Failure(kind=error.kind, message=error.message)
        except Exception as error:  # noqa: BLE001  # a strategy may be foreign code; its bug is one trial's failure
            failure = Failure(kind="internal", message=f"{type(error).__name__}: {error}"[:300])
        else:
            state, text = _STATES[last.finish], last.text
        return Answer(
            suite=suite,
            candidate=candidate,
            item=item,
            repeat=repeat,
            state=state,
            text=text,
            exchanges=tuple(exchanges),
            failure=failure,
            attempts=attempted_in_all,
            at=at,
        )

    def _key(self, request: Request) -> bytes | None:
        if not self.line.endpoint.cacheable:
            return None
        identity = self.identities.get(self.name)
        if identity is None:
            identity = orjson.dumps(self.line.endpoint.identity(), option=orjson.OPT_SORT_KEYS)
            self.identities[self.name] = identity
        return request_key(identity, request)


def _priced_anew(kept: Kept, price: Price | None) -> Exchange:
    """What was kept, at the price of now."""
    paid = cost(price, kept.exchange, kept.machine_s, time.time())
    return kept.exchange.model_copy(update={"cost": paid})


@lru_cache(maxsize=2)
def _now(second: int) -> str:
    """An hour and a second as text, made once for the hundreds of trials that begin in it."""
    return datetime.fromtimestamp(second, UTC).isoformat()


def _exchange(reply: Reply, latency_s: float | None, attempts: int, paid: float | None) -> Exchange:
    return Exchange(
        text=reply.text,
        finish=reply.finish,
        model=reply.model,
        input_tokens=reply.input_tokens,
        output_tokens=reply.output_tokens,
        cached_input_tokens=reply.cached_input_tokens,
        reasoning_tokens=reply.reasoning_tokens,
        tokens_estimated=reply.tokens_estimated,
        latency_s=latency_s,
        cost=paid,
        attempts=attempts,
    )
