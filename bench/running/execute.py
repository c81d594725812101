"""The one runner: workers per endpoint draw trials, and every answer goes to the journal at once."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field

from bench.running.attempts import Line
from bench.running.budget import Budget
from bench.running.cache import Cache
from bench.running.door import CalledOff, Door, Doors
from bench.running.journal import Journal, JournalError
from bench.running.plan import Trial
from bench.running.throttle import Course
from bench.running.trial import Desk, answered
from bench.types import Answer

_SYNC_EVERY_S = 1.0

OnAnswer = Callable[[Answer], None]


@dataclass(slots=True)
class Stop:
    """How a run is asked to end early: `soft` takes no new trials, `hard` drops those in flight."""

    soft: bool = False
    over_budget: bool = False
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    doors: Sequence[Door] = ()

    def interrupt(self) -> None:
        """Once: finish what is in flight. Twice: drop it."""
        if self.soft:
            for task in self.tasks:
                task.cancel()
        self.end()

    def end(self) -> None:
        """Take no new trials; those that wait and have sent nothing are given back."""
        self.soft = True
        for door in self.doors:
            door.call_off()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended. `closed` maps endpoints that refused to go on to why.

    `concurrency` maps endpoints whose account was cut to how many requests it was then allowed at once. `remarks` are
    lines about limits for a person.
    """

    stopped: bool
    closed: dict[str, str]
    journal_error: str | None = None
    over_budget: bool = False
    concurrency: dict[str, Course] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


Rounds = Iterable[Iterable[Trial]]
"""Trials that are asked together, and what is asked after them, drawn once they have been answered."""
Execute = Callable[[Rounds, Journal, Cache, Budget, OnAnswer, Stop], Coroutine[None, None, Ended]]
"""Whatever asks trials."""


async def execute(
    trials: Iterable[Trial],
    journal: Journal,
    cache: Cache,
    budget: Budget,
    on_answer: OnAnswer,
    stop: Stop,
) -> Ended:
    """Ask every trial, as many at once as each endpoint bears. Never raises for a failed request."""
    return await execute_rounds([trials], journal, cache, budget, on_answer, stop)


async def execute_rounds(
    rounds: Rounds,
    journal: Journal,
    cache: Cache,
    budget: Budget,
    on_answer: OnAnswer,
    stop: Stop,
) -> Ended:
    """Ask every trial of a round before the next round is drawn, with endpoints that stay open from one to another.

    Nothing is drawn any more once the run is stopped or an endpoint has closed.
    """
    doors = Doors()
    works: dict[str, _Work] = {}
    journal_error: str | None = None
    async with contextlib.AsyncExitStack() as stack:
        for trials in rounds:
            stop.tasks = [task for task in stop.tasks if not task.done()]
            for trial in trials:
                endpoint, name = trial.candidate.endpoint, trial.candidate.endpoint_name
                if name not in works:
                    connection = await stack.enter_async_context(endpoint.connect())
                    line = Line.open(connection, endpoint, doors)
                    works[name] = _Work(
                        Desk(line, cache, budget), deque(), journal, on_answer, stop
                    )
                works[name].waiting.append(trial)
            stop.doors = doors.all
            for work in works.values():  # nothing is sent, and paid, before every endpoint is open
                at_once = min(work.desk.line.endpoint.limits.concurrency, len(work.waiting))
                stop.tasks += [asyncio.create_task(work.draw()) for _ in range(at_once)]
            journal_error = await _done(stop, asyncio.create_task(_sync(journal, stop)))
            if journal_error or stop.soft or any(work.closed for work in works.values()):
                break
    return _ended(stop, works, journal_error)


async def _done(stop: Stop, syncing: asyncio.Task[None]) -> str | None:
    """Wait for all workers; what the disk did not take, if anything."""
    journal_error: str | None = None
    try:
        for ended in await asyncio.gather(*stop.tasks, return_exceptions=True):
            if isinstance(ended, JournalError):
                journal_error = str(ended)
            elif isinstance(ended, BaseException) and not isinstance(ended, asyncio.CancelledError):
                raise ended
    finally:
        syncing.cancel()
        try:
            await syncing
        except asyncio.CancelledError:
            pass
        except JournalError as error:
            journal_error = str(error)
    return journal_error


def _ended(stop: Stop, works: "dict[str, _Work]", journal_error: str | None) -> Ended:
    lines = {name: work.desk.line for name, work in works.items()}
    return Ended(
        stop.soft,
        {name: works[name].closed for name in works if works[name].closed},
        journal_error,
        stop.over_budget,
        {
            name: list(line.door.throttle.course)
            for name, line in lines.items()
            if line.door.throttle.course
        },
        tuple(remark for name, line in lines.items() for remark in line.remarks(name)),
    )


async def _sync(journal: Journal, stop: Stop) -> None:
    """Until cancelled. What the disk did not take is told once, so the run ends with the first error."""
    while True:
        await asyncio.sleep(_SYNC_EVERY_S)
        try:
            await journal.sync()
        except JournalError:
            stop.end()
            raise


@dataclass(slots=True)
class _Work:
    """What the workers of one endpoint share."""

    desk: Desk
    waiting: deque[Trial]
    journal: Journal
    on_answer: OnAnswer
    stop: Stop
    closed: str = ""

    async def draw(self) -> None:
        """Take trials until there are none, the run is stopped or the endpoint has closed."""
        budget = self.desk.budget
        while self.waiting and not self._is_over():
            trial = self.waiting.popleft()
            if budget.limit is not None and not await budget.admitted(trial):
                if not self._is_over():
                    self.stop.over_budget = True
                    self.stop.end()
                break
            try:
                if self._is_over():  # while it waited for money
                    break
                answer = await answered(self.desk, trial)
                budget.settle(trial, answer)
                self.journal.append(answer)
            except CalledOff:
                break
            except JournalError:
                self.stop.end()
                raise
            finally:
                budget.release(trial)
            self.on_answer(answer)
        failure = self.desk.line.closed_by
        if failure is not None:
            self.closed = failure.message

    def _is_over(self) -> bool:
        return self.stop.soft or self.desk.line.closed_by is not None
