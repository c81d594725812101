"""The options of `bench run --batch`, and what it says."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bench.cli.say import say
from bench.errors import UserError

if TYPE_CHECKING:
    from bench.running.batches.batching import Batching
    from bench.running.plan import Plan, PlannedWork

Batch = Annotated[
    bool,
    typer.Option("--batch", help="Ask by the file, at the price of that, where batch: true."),
]
BatchWait = Annotated[
    float | None,
    typer.Option(
        min=0,
        help="With --batch: leave after so many seconds; the batches go on.  [default: until they end]",
    ),
]
BatchPoll = Annotated[
    float,
    typer.Option(
        min=0.01,
        help="With --batch: seconds before the first look at a batch; pauses grow to 30 times that.",
    ),
]
POLL_S = 10.0


def batching(
    planned: "Plan", *, batch: bool, wait_s: float | None, poll_s: float, quiet: bool
) -> "Batching | None":
    """How to ask by the file; None without --batch. Raises UserError where nobody can be."""
    if not batch:
        if wait_s is not None or poll_s != POLL_S:
            raise UserError("--batch-wait and --batch-poll go with --batch")
        return None
    from bench.running.batches.batching import Batching
    from bench.running.batches.run import check_batch

    others = check_batch(planned)
    if others is not None:
        say(others)
    return Batching(wait_s=wait_s, poll_s=poll_s, tell=_silent if quiet else say)


def work_of(planned: "Plan", *, batch: bool) -> "list[PlannedWork]":
    """A plan's work at the price of the way in which it is asked."""
    work = planned.work()
    if not batch:
        return work
    from dataclasses import replace

    from bench.running.batches.run import batch_factor

    factors = {each.name: batch_factor(planned, each) for each in planned.asked()}
    return [
        replace(each, cost=None if each.cost is None else each.cost * factors[each.candidate])
        for each in work
    ]


def _silent(line: str) -> None:
    del line


def leaving(how: "Batching | None") -> None:
    """What a first Ctrl-C does."""
    if how is None:
        say("finishing what is in flight; press Ctrl-C again to drop it")
    else:
        say("leaving; batches that are under way go on and can be collected later")


def under_way(folder: Path, how: "Batching | None") -> str:
    """How many batches of a run are not collected, as a part of its last line."""
    if how is None:
        return ""
    from bench.running.batches.file import uncollected

    count = uncollected(folder)
    return f", {count} batch(es) under way with the vendor" if count else ""
