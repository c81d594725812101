"""`bench run --batch`: what can be asked by the file is, at the price of that, and the rest as usual beside it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bench.endpoints.batch import can_batch, check_sdk
from bench.errors import RunFolderError, UserError
from bench.running.batches.batching import Batching, Shared
from bench.running.batches.desk import BatchDesk
from bench.running.batches.file import BatchFile, custom_id, refuse_what_is_under_way
from bench.running.budget import Budget
from bench.running.cache import Cache
from bench.running.execute import Ended, OnAnswer, Stop, execute
from bench.running.journal import Journal, JournalError
from bench.running.plan import Plan, Trial
from bench.strategies.candidate import Candidate
from bench.strategies.strategy import Question


def check_batch(plan: Plan) -> str | None:
    """Who is asked as usual beside the batches, in a line; None where all are asked by the file.

    Raises UserError when nobody is, or when the library for it is missing.
    """
    asked = plan.asked()
    others = [each.name for each in asked if not _is_batched(plan, each)]
    if len(others) == len(asked):
        raise UserError(
            "--batch: no candidate can be asked by the file; set batch: true on an endpoint (adapter: openai) whose "
            "vendor has a Batch API, and ask it in one request"
        )
    check_sdk()
    return f"asked as usual, not in a batch: {', '.join(others)}" if others else None


def batch_factor(plan: Plan, candidate: Candidate) -> float:
    """How many times as much a candidate's tokens cost in a run with --batch."""
    price = candidate.endpoint.price
    return price.batch if price is not None and _is_batched(plan, candidate) else 1.0


def _is_batched(plan: Plan, candidate: Candidate) -> bool:
    suites = [about for about, asked in plan.pairs() if asked.name == candidate.name]
    items = [(about, plan.items[about.name][0]) for about in suites if plan.items[about.name]]
    return can_batch(candidate.endpoint) and all(
        _asks_once(Trial(about, candidate, item, 0)) for about, item in items
    )


def _asks_once(trial: Trial) -> bool:
    """Whether a strategy makes its answer of one request that is known beforehand."""
    question = Question(trial.suite, trial.item, trial.repeat)
    return len(trial.candidate.strategy.planned(question)) == 1


def _split(trials: Iterable[Trial]) -> tuple[dict[str, dict[str, Trial]], list[Trial]]:
    """Trials by endpoint and custom id that are asked by the file, and the rest; one candidate's stay together."""
    by_file: dict[str, dict[str, Trial]] = {}
    rest: list[Trial] = []
    batched: dict[str, bool] = {}
    for trial in trials:
        candidate = trial.candidate
        if candidate.name not in batched:
            batched[candidate.name] = can_batch(candidate.endpoint) and _asks_once(trial)
        if batched[candidate.name]:
            by_file.setdefault(candidate.endpoint_name, {})[custom_id(trial.key)] = trial
        else:
            rest.append(trial)
    return by_file, rest


@dataclass(frozen=True, slots=True)
class BatchRun:
    """`execute` by the file."""

    how: Batching

    async def execute(
        self,
        trials: Iterable[Trial],
        journal: Journal,
        cache: Cache,
        budget: Budget,
        on_answer: OnAnswer,
        stop: Stop,
    ) -> Ended:
        """As its namesake. Leaves batches that are not done when it is ended or has waited long enough."""
        by_file, rest = _split(trials)
        folder = journal.path.parent
        refuse_what_is_under_way(folder, rest)
        shared = Shared(self.how, BatchFile(folder), journal, cache, budget, on_answer, stop)
        desks = [BatchDesk(name, owed, shared) for name, owed in by_file.items()]
        working = [asyncio.create_task(_worked(each)) for each in desks]
        stop.tasks += working
        usual = Ended(stopped=False, closed={})
        if rest:
            usual = await execute(rest, journal, cache, budget, on_answer, stop)
        for ended in await asyncio.gather(*working, return_exceptions=True):
            if isinstance(ended, BaseException) and not isinstance(ended, asyncio.CancelledError):
                raise ended
        return replace(
            usual,
            stopped=stop.soft,
            closed=usual.closed | shared.closed,
            journal_error=usual.journal_error or shared.trouble,
            over_budget=stop.over_budget or shared.over_budget,
        )


async def _worked(desk: BatchDesk) -> None:
    try:
        await desk.work()
    except (JournalError, RunFolderError) as error:
        desk.shared.trouble = str(error)
        desk.shared.stop.end()
