"""A run from its folder's first file to its last answer."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from bench.errors import RunFolderError
from bench.files.whole_file import remove_left_behind
from bench.running.attempts import FATAL
from bench.running.batches.file import refuse_what_is_under_way
from bench.running.budget import Budget
from bench.running.cache import Cache
from bench.running.claim import claimed
from bench.running.collector import fewer_collections
from bench.running.ending import Ending
from bench.running.execute import Ended, Execute, OnAnswer, Rounds, Stop, execute_rounds
from bench.running.journal import NAME as JOURNAL
from bench.running.journal import Journal, answers
from bench.running.manifest import NAME as MANIFEST
from bench.running.manifest import Manifest, read_manifest, write_manifest
from bench.running.mend import failed_before, mend
from bench.running.plan import Plan, Trial
from bench.running.progress import Progress
from bench.running.redaction_log import logged
from bench.running.rounds import Key, Steps, noted, part, rounds
from bench.types import Answer

if TYPE_CHECKING:
    from bench.running.batches.batching import Batching


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run left behind. `not_run` trials were planned and have no line in the journal."""

    manifest: Manifest
    answers: list[Answer]
    not_run: int
    ended: Ended
    cache_trouble: str | None = None
    unwritten: str | None = None
    """What could not be written, if anything: the run must be continued when there is room."""
    dropped: bool = False
    """What was in flight was dropped, because the process has to end at once: nobody waits for reports."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a run behaves; none of it changes an answer. `budget` is in the suites' currency."""

    quiet: bool = False
    use_cache: bool = True
    budget: float | None = None
    on_interrupt: Callable[[], None] = lambda: None
    batch: "Batching | None" = None
    """How it asks by the file; None where it asks one by one."""
    steps: Steps | None = None
    """How much of the plan it asks; None: all of it."""


def prepare(
    folder: Path,
    made: Manifest,
    *,
    resume: bool,
    retry_failed: bool,
    tell: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Make the folder of a new run, or check that the one there may be continued and make its journal fit for it.

    Raises RunFolderError when the folder holds another run, naming what differs. `tell` is given what a person
    should know of a journal that had to be mended.
    """
    if resume and not (folder / MANIFEST).is_file():
        raise RunFolderError(f"{folder}: holds no run to resume; leave --resume out to begin one")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunFolderError(f"{folder}: {error.strerror}; choose another --out") from None
    if not resume:
        _refuse_to_begin_again(folder)
    with claimed(folder):
        if resume:
            return _continued(folder, made, FATAL if not retry_failed else None, tell)
        _refuse_to_begin_again(folder)
        write_manifest(folder, made)
    return made


def _refuse_to_begin_again(folder: Path) -> None:
    """Once before the folder is touched, and once while nobody else may."""
    if (folder / MANIFEST).is_file():
        raise RunFolderError(f"{folder}: holds a run already; add --resume or choose another --out")


def _continued(
    folder: Path, made: Manifest, again: tuple[str, ...] | None, tell: Callable[[str], None]
) -> Manifest:
    before = read_manifest(folder)
    different = before.differences(made)
    if different:
        raise RunFolderError(f"{folder}: cannot be resumed: {'; '.join(different)}")
    remove_left_behind(folder)
    for line in mend(folder, again).told(folder):
        tell(line)
    current = before.repriced(made)
    if current != before:
        write_manifest(folder, current)
    return current


def run(plan: Plan, folder: Path, made: Manifest, options: Options) -> RunResult:
    """Ask every planned trial that has no answer in the folder yet. RunFolderError while another process does."""
    with claimed(folder), fewer_collections():
        now = _begun(plan, folder, made, options)
        asked = _asked(now)
        if asked.ended.over_budget and options.steps is not None:
            options.steps.out_of_money()
        return _left_behind(now, asked)


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """A run while it asks. `done` grows as answers come: in memory a run stays as small as it began."""

    plan: Plan
    folder: Path
    made: Manifest
    options: Options
    planned: dict[Key, Trial]
    money: Budget
    done: set[Key]

    def take(self, progress: Progress, answer: Answer) -> None:
        """Note an answer that the journal has."""
        self.done.add(answer.key)
        if self.options.steps is not None:
            self.options.steps.heard(answer)
        progress.add(answer)


@dataclass(frozen=True, slots=True)
class _Asked:
    """How the asking ended, and what became of the cache."""

    ended: Ended
    cache_trouble: str | None
    dropped: bool


def _begun(plan: Plan, folder: Path, made: Manifest, options: Options) -> _UnderWay:
    """A run that knows what was answered and paid before."""
    planned = {trial.key: trial for trial in plan.trials()}
    rates = {name: entry.fx for name, entry in made.candidates.items()}
    money = Budget(options.budget, plan, rates)
    done: set[Key] = set()
    for answer in _recorded(folder, planned):
        done.add(answer.key)
        money.settle(planned[answer.key], answer)
        if options.steps is not None:
            options.steps.heard(answer)
    for answer in failed_before(folder):
        if answer.key in planned:
            money.settle(planned[answer.key], answer)
    return _UnderWay(plan, folder, made, options, planned, money, done)


def _asked(now: _UnderWay) -> _Asked:
    """Ask what is owed, round by round."""
    options, steps = now.options, now.options.steps
    owed = [trial for key, trial in now.planned.items() if key not in now.done]
    ask = _asks(now.folder, owed, options.batch)
    cache_path = now.folder.parent / ".cache" / "replies.sqlite" if options.use_cache else None
    stop = Stop()
    ending = Ending(stop, options.on_interrupt)
    with (
        Journal(now.folder) as journal,
        Cache(cache_path) as cache,
        Progress(len(now.planned), len(now.done), quiet=options.quiet) as progress,
        logged(owed, now.folder) as owed,
    ):
        _tell_currencies(progress, now.made)
        left = {trial.key: trial for trial in owed}
        asked = rounds(now.plan, left, now.done, steps, partial(noted, now.folder, now.made))
        first = next(asked, None)

        async def go() -> Ended:
            take = partial(now.take, progress)
            asking = ask(chain([first or []], asked), journal, cache, now.money, take, stop)
            return await ending.ended(asking)

        ended = _on_the_fastest_loop(go) if first else Ended(stopped=False, closed={})
        if not ending.dropped:
            next(asked, None)  # a run that was stopped after a round's last answer is judged, too
    return _Asked(ended, cache.trouble, ending.dropped)


def _tell_currencies(progress: Progress, made: Manifest) -> None:
    for name, entry in made.candidates.items():
        progress.priced_in(name, entry.currency)


def _left_behind(now: _UnderWay, asked: _Asked) -> RunResult:
    """Write the manifest's end and read the answers back."""
    steps = now.options.steps
    meant = {trial.key: trial for trial in part(now.plan, steps).trials()}
    not_run = len(meant.keys() - now.done)
    found = list(_recorded(now.folder, meant))
    final = now.made.model_copy(
        update={
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "complete": not_run == 0 and (steps is None or steps.held.ended is not None),
            "held": steps.held if steps is not None else None,
            "models_that_answered": models_that_answered(found),
        }
    )
    unwritten = asked.ended.journal_error
    try:
        write_manifest(now.folder, final)
    except RunFolderError as error:
        unwritten = unwritten or str(error)
    return RunResult(
        final, found, not_run, asked.ended, asked.cache_trouble, unwritten, asked.dropped
    )


def _recorded(folder: Path, planned: Mapping[Key, Trial]) -> Iterator[Answer]:
    """The answers in the folder's journal that this run planned."""
    if (folder / JOURNAL).is_file():
        yield from (answer for answer in answers(folder) if answer.key in planned)


def _asks(folder: Path, owed: list[Trial], batch: "Batching | None") -> Execute:
    """Who asks what is owed. Raises RunFolderError for what would be paid twice: it is under way in a batch."""
    if batch is None:
        refuse_what_is_under_way(folder, owed)
        return execute_rounds
    from bench.running.batches.run import BatchRun  # its wire is not everybody's

    batched = BatchRun(batch)

    async def by_the_file(
        rounds: Rounds,
        journal: Journal,
        cache: Cache,
        budget: Budget,
        on_answer: OnAnswer,
        stop: Stop,
    ) -> Ended:
        trials = chain.from_iterable(rounds)
        return await batched.execute(trials, journal, cache, budget, on_answer, stop)

    return by_the_file


def _on_the_fastest_loop(go: Callable[[], Coroutine[None, None, Ended]]) -> Ended:
    try:
        import uvloop
    except ImportError:  # Windows has none
        return asyncio.run(go())
    return uvloop.run(go())


def models_that_answered(done: list[Answer]) -> dict[str, list[str]]:
    """Candidate -> the model names that its replies carried, which may differ from the one asked for."""
    found: dict[str, set[str]] = {}
    for answer in done:
        for exchange in answer.exchanges:
            if exchange.model is not None:
                found.setdefault(answer.candidate, set()).add(exchange.model)
    return {name: sorted(models) for name, models in sorted(found.items())}
