"""A trial that is asked by the file: what its line asks, and the answer that a line of the output makes."""

import time
from dataclasses import dataclass, field, replace

import orjson

from bench.endpoints.batch_lines import Result
from bench.endpoints.http_endpoint import with_estimates
from bench.endpoints.price import cost
from bench.endpoints.seam import Endpoint, Reply, Request
from bench.endpoints.secrets import hidden
from bench.errors import BenchError, RequestFailure
from bench.running.cache import Cache, request_key
from bench.running.journal import JournalError
from bench.running.plan import Trial
from bench.running.trial import STATES, at_second, exchange_of, priced_anew
from bench.strategies.redacting import Redacting
from bench.strategies.strategy import Ask, Question, Strategy
from bench.types import Answer, Exchange, Failure


class _Wanted(BenchError):  # noqa: N818  # no error: it carries the request out of a strategy
    def __init__(self, request: Request) -> None:
        super().__init__("to be asked by the file")
        self.request = request


@dataclass(slots=True)
class BatchClerk:
    """Turns trials of one endpoint into requests, and what came of them into answers."""

    endpoint: Endpoint
    cache: Cache
    _identity: bytes | None = field(default=None, init=False)

    async def opened(self, trial: Trial) -> Request | Answer:
        """The one request of a trial, or its answer where the cache has it."""

        async def first(request: Request) -> Exchange:
            key = self._key(request)
            kept = self.cache.get(key) if key is not None else None
            if kept is None:
                raise _Wanted(request)
            return priced_anew(kept, self.endpoint.price)

        try:
            return await self._answer(trial, first, 0)
        except _Wanted as wanted:
            return wanted.request

    async def collected(self, trial: Trial, result: Result) -> Answer:
        """The answer that a line makes. Its reply is kept for other runs."""
        spent: list[float | None] = []
        asked: list[Request] = []

        async def given(request: Request) -> Exchange:
            if asked:
                raise RequestFailure("internal", "the strategy asks more than it planned; leave --batch out")  # fmt: skip
            asked.append(request)
            if result.reply is None:
                failure = result.failure
                assert failure is not None
                if failure.spent_tokens is not None:
                    spent.append(self._cost(Reply("", input_tokens=failure.spent_tokens[0], output_tokens=failure.spent_tokens[1])))  # fmt: skip
                raise failure
            reply = with_estimates(result.reply, request)
            told = exchange_of(reply, None, 1, self._cost(reply))
            exchange = told.model_copy(update={"batched": True})
            key = self._key(request)
            if key is not None:
                self.cache.put(key, exchange)
            return exchange

        quiet = replace(trial, candidate=replace(trial.candidate, strategy=_quiet(trial.candidate.strategy)))  # fmt: skip
        answer = await self._answer(quiet, given, 1)
        lost = [each for each in spent if each is not None]
        return answer.model_copy(update={"lost_cost": sum(lost), "lost_attempts": 1}) if lost else answer  # fmt: skip

    async def _answer(self, trial: Trial, ask: Ask, attempts: int) -> Answer:
        exchanges: list[Exchange] = []
        suite, candidate, item, repeat = trial.key

        async def noted(request: Request) -> Exchange:
            exchanges.append(await ask(request))
            return exchanges[-1]

        told: dict[str, object] = {}
        try:
            question = Question(trial.suite, trial.item, trial.repeat)
            last = await trial.candidate.strategy.answer(question, noted)
        except (_Wanted, JournalError):
            raise
        except RequestFailure as error:
            told = {"failure": Failure(kind=error.kind, message=hidden(error.message))}
        except Exception as error:  # noqa: BLE001  # a strategy may be foreign code; its bug is one trial's failure
            message = hidden(f"{type(error).__name__}: {error}")[:300]
            told = {"failure": Failure(kind="internal", message=message)}
        else:
            told = {"state": STATES[last.finish], "text": last.text}
        return Answer(
            suite=suite,
            candidate=candidate,
            item=item,
            repeat=repeat,
            state="failed",
            exchanges=tuple(exchanges),
            attempts=attempts,
            at=at_second(int(time.time())),
        ).model_copy(update=told)

    def _cost(self, reply: Reply) -> float | None:
        return cost(self.endpoint.price, reply, None, time.time(), batched=True)

    def _key(self, request: Request) -> bytes | None:
        if not self.endpoint.cacheable:
            return None
        if self._identity is None:
            identity = self.endpoint.identity()
            self._identity = orjson.dumps(identity, option=orjson.OPT_SORT_KEYS)
        return request_key(self._identity, request)


def _quiet(strategy: Strategy) -> Strategy:
    """The strategy without its log: what was replaced was written down when the request was handed over."""
    if not isinstance(strategy, Redacting):
        return strategy
    return strategy.model_copy(update={"note": lambda _question, _redacted: None})
