"""One trial answered: its exchanges from the cache or the wire, each priced, and its one final state."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

import orjson

from bench.endpoints.price import Price, cost
from bench.endpoints.seam import Reply, Request
from bench.endpoints.secrets import hidden
from bench.errors import RequestFailure
from bench.running.attempts import Attempted, Line, Lost, ask
from bench.running.budget import Budget, Lapse
from bench.running.cache import Cache, Kept, request_key
from bench.running.door import CalledOff
from bench.running.journal import JournalError
from bench.running.plan import Trial
from bench.strategies.strategy import Question
from bench.types import Answer, AnswerState, Exchange, Failure, Finish

STATES: dict[Finish, AnswerState] = {
    "stop": "answered",
    "length": "truncated",
    "content_filter": "refused",
}


@dataclass(slots=True)
class Desk:
    """What the trials of one endpoint are answered with."""

    line: Line
    cache: Cache
    budget: Budget
    _identity: bytes | None = None

    def key(self, request: Request) -> bytes | None:
        """What the cache knows a request by; None where the endpoint's replies are not kept."""
        endpoint = self.line.endpoint
        if not endpoint.cacheable:
            return None
        if self._identity is None:
            self._identity = orjson.dumps(endpoint.identity(), option=orjson.OPT_SORT_KEYS)
        return request_key(self._identity, request)


@dataclass(slots=True)
class Asking:
    """What a trial has taken so far."""

    desk: Desk
    trial: Trial
    exchanges: list[Exchange] = field(default_factory=list)
    attempts: int = 0
    lost: list[Lost] = field(default_factory=list)

    async def exchange(self, request: Request) -> Exchange:
        """The exchange for a request. Raises RequestFailure, or CalledOff."""
        desk = self.desk
        key = desk.key(request)
        kept = desk.cache.get(key) if key is not None else None
        if kept is not None:
            exchange = priced_anew(kept, desk.line.endpoint.price)
            self.exchanges.append(exchange)
            return exchange
        exchange, machine_s = await self._asked(request)
        self.exchanges.append(exchange)
        if key is not None:
            desk.cache.put(key, exchange, machine_s)
        return exchange

    async def _asked(self, request: Request) -> tuple[Exchange, float | None]:
        """The exchange and the machine's own seconds for it."""
        line = self.desk.line
        attempted = Attempted(before=self.attempts)
        if self.desk.budget.limit is not None:
            attempted.may_retry = self._may_retry
        try:
            reply, seconds = await ask(line, request, attempted)
        finally:
            self.attempts += attempted.count
            self.lost += attempted.lost
        latency_s = machine_s = reply.latency_s
        if latency_s is None and line.endpoint.timed:
            latency_s, machine_s = seconds, seconds / attempted.sharing
        paid = cost(line.endpoint.price, reply, machine_s, time.time())
        return exchange_of(reply, latency_s, attempted.count, paid), machine_s

    def _may_retry(self, attempted: Attempted) -> bool:
        """Whether the budget bears one attempt more after what those so far have cost."""
        costs = [_lost_cost(self.desk.line, each) for each in (*self.lost, *attempted.lost)]
        costs += [each.cost for each in self.exchanges if not each.cached]
        known = tuple(each for each in costs if each is not None)
        unknown = self.attempts + attempted.count - len(known)
        return self.desk.budget.bears(self.trial, Lapse(known, unknown))


async def answered(desk: Desk, trial: Trial) -> Answer:
    """The answer, of whatever state.

    Raises CalledOff for a trial that has sent nothing and never will, and JournalError where what is sent cannot be
    written down first.
    """
    at = at_second(int(time.time()))
    asking = Asking(desk, trial)
    state: AnswerState = "failed"
    text, failure = "", None
    try:
        question = Question(trial.suite, trial.item, trial.repeat)
        last = await trial.candidate.strategy.answer(question, asking.exchange)
    except (CalledOff, JournalError):
        raise
    except RequestFailure as error:
        failure = Failure(kind=error.kind, message=hidden(error.message))
    except Exception as error:  # noqa: BLE001  # a strategy may be foreign code; its bug is one trial's failure
        told = hidden(f"{type(error).__name__}: {error}")
        failure = Failure(kind="internal", message=told[:300])
    else:
        state, text = STATES[last.finish], last.text
    suite, candidate, item, repeat = trial.key
    lost = [paid for each in asking.lost if (paid := _lost_cost(desk.line, each)) is not None]
    return Answer(
        suite=suite,
        candidate=candidate,
        item=item,
        repeat=repeat,
        state=state,
        text=text,
        exchanges=tuple(asking.exchanges),
        failure=failure,
        attempts=asking.attempts,
        lost_cost=sum(lost) if lost else None,
        lost_attempts=len(lost),
        at=at,
    )


def _lost_cost(line: Line, lost: Lost) -> float | None:
    """Money for an attempt of no use, priced like any reply; None where its tokens are not told and are paid for."""
    read, written = lost.spent_tokens or (None, None)
    machine_s = lost.seconds / lost.sharing if line.endpoint.timed else None
    usage = Reply("", input_tokens=read, output_tokens=written)
    return cost(line.endpoint.price, usage, machine_s, lost.at)


def priced_anew(kept: Kept, price: Price | None) -> Exchange:
    """What was kept, at the price of now."""
    batched = kept.exchange.batched
    paid = cost(price, kept.exchange, kept.machine_s, time.time(), batched=batched)
    return kept.exchange.model_copy(update={"cost": paid})


@lru_cache(maxsize=2)
def at_second(second: int) -> str:
    """An hour and a second as text, made once for the hundreds of trials that begin in it."""
    return datetime.fromtimestamp(second, UTC).isoformat()


def exchange_of(
    reply: Reply, latency_s: float | None, attempts: int, paid: float | None
) -> Exchange:
    """What the journal keeps of a reply."""
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
        ttft_s=reply.ttft_s,
        reasoning=reply.reasoning,
        cost=paid,
        attempts=attempts,
    )
