"""A run from its folder's first file to its last answer."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.errors import RunFolderError
from bench.running.attempts import FATAL
from bench.running.budget import Budget
from bench.running.cache import Cache
from bench.running.claim import claimed
from bench.running.execute import Ended, Stop, execute
from bench.running.journal import NAME as JOURNAL
from bench.running.journal import Journal, answers, drop_failed, drop_torn_tail
from bench.running.manifest import NAME as MANIFEST
from bench.running.manifest import Manifest, read_manifest, write_manifest
from bench.running.plan import Plan
from bench.running.progress import Progress
from bench.types import Answer


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


@dataclass(frozen=True, slots=True)
class Options:
    """How a run behaves; none of it changes an answer. `budget` is in the suites' currency."""

    quiet: bool = False
    use_cache: bool = True
    budget: float | None = None
    on_interrupt: Callable[[], None] = lambda: None


def prepare(folder: Path, made: Manifest, *, resume: bool, retry_failed: bool) -> Manifest:
    """Make the folder of a new run, or check that the one there may be continued.

    Raises RunFolderError when the folder holds another run, naming what differs.
    """
    if resume and not (folder / MANIFEST).is_file():
        raise RunFolderError(f"{folder}: holds no run to resume; leave --resume out to begin one")
    if (folder / MANIFEST).is_file():
        if not resume:
            raise RunFolderError(
                f"{folder}: holds a run already; add --resume or choose another --out"
            )
        before = read_manifest(folder)
        different = before.differences(made)
        if different:
            raise RunFolderError(f"{folder}: cannot be resumed: {'; '.join(different)}")
        with claimed(folder):
            drop_torn_tail(folder)
            if (folder / JOURNAL).is_file():
                drop_failed(folder, None if retry_failed else FATAL)
            current = before.repriced(made)
            if current != before:
                write_manifest(folder, current)
        return current
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunFolderError(f"{folder}: {error.strerror}; choose another --out") from None
    write_manifest(folder, made)
    return made


def run(plan: Plan, folder: Path, made: Manifest, options: Options) -> RunResult:
    """Ask every planned trial that has no answer in the folder yet. RunFolderError while another process does."""
    with claimed(folder):
        return _run(plan, folder, made, options)


def _run(plan: Plan, folder: Path, made: Manifest, options: Options) -> RunResult:
    planned = {trial.key: trial for trial in plan.trials()}
    done: dict[tuple[str, str, str, int], Answer] = {}
    if (folder / JOURNAL).is_file():
        done = {answer.key: answer for answer in answers(folder) if answer.key in planned}
    owed = [trial for key, trial in planned.items() if key not in done]
    stop = Stop()
    money = Budget(
        options.budget, plan, {name: entry.fx for name, entry in made.candidates.items()}
    )
    for key, answer in done.items():
        money.settle(planned[key], answer)
    cache_path = folder.parent / ".cache" / "replies.sqlite" if options.use_cache else None

    def take(answer: Answer) -> None:
        done[answer.key] = answer
        progress.add(answer)

    with (
        Journal(folder) as journal,
        Cache(cache_path) as cache,
        Progress(len(planned), len(done), quiet=options.quiet) as progress,
    ):
        for name, entry in made.candidates.items():
            progress.priced_in(name, str(entry.price["currency"]) if entry.price else None)

        async def go() -> Ended:
            def interrupted() -> None:
                if not stop.soft:
                    options.on_interrupt()
                stop.interrupt()

            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGINT, interrupted)
            try:
                return await execute(owed, journal, cache, money, take, stop)
            finally:
                loop.remove_signal_handler(signal.SIGINT)

        with _fewer_collections():
            ended = _on_the_fastest_loop(go) if owed else Ended(stopped=False, closed={})
    not_run = len(planned) - len(done)
    final = made.model_copy(
        update={
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "complete": not_run == 0,
            "models_that_answered": models_that_answered(list(done.values())),
        }
    )
    unwritten = ended.journal_error
    try:
        write_manifest(folder, final)
    except RunFolderError as error:
        unwritten = unwritten or str(error)
    return RunResult(final, list(done.values()), not_run, ended, cache.trouble, unwritten)


@contextlib.contextmanager
def _fewer_collections() -> Iterator[None]:
    """Let the cycle collector look less often: answers are many and hold no cycles (a quarter of the CPU)."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


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
