"""A plan asked in parts: each is answered whole before it is known whether there is a next one."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from bench.errors import RunFolderError
from bench.running.looks import Held
from bench.running.manifest import Manifest, write_manifest
from bench.running.plan import Plan, Trial
from bench.types import Answer, Item

Key = tuple[str, str, str, int]
"""A trial: its suite, candidate, item and repeat."""


class Steps(Protocol):
    """Decides, from what was answered so far, how much of a plan is asked."""

    @property
    def held(self) -> Held:
        """How far it has come, for the manifest."""

    def items(self) -> Mapping[str, tuple[Item, ...]]:
        """The items of each suite that are to be asked so far."""

    def heard(self, answer: Answer) -> None:
        """Take note of an answer: first of those that were recorded before, then of each as it comes."""

    def further(self) -> bool:
        """Whether there are more `items` now that all of them have been answered."""

    def out_of_money(self) -> None:
        """The budget does not bear the rest of `items`."""


def part(plan: Plan, steps: Steps | None) -> Plan:
    """As much of a plan as is to be asked so far."""
    return plan if steps is None else replace(plan, items=dict(steps.items()))


def rounds(
    plan: Plan,
    owed: Mapping[Key, Trial],
    done: set[Key],
    steps: Steps | None,
    note: Callable[[Held], None],
) -> Iterator[list[Trial]]:
    """What is asked together, until nothing is left or a round was not answered whole.

    `owed` are the trials without an answer when the run began, `done` grows as answers come; `note` is told how far the
    steps have come.
    """
    while True:
        left = [owed[each.key] for each in part(plan, steps).trials() if each.key not in done]
        if left:
            yield left
        if steps is None or any(trial.key not in done for trial in left):
            return
        goes_on = steps.further()
        note(steps.held)
        if not goes_on:
            return


def noted(folder: Path, made: Manifest, held: Held) -> None:
    """Write down how far a run has come, for whoever goes on with it if this process is killed."""
    with contextlib.suppress(RunFolderError):  # told when the manifest is written last
        write_manifest(folder, made.model_copy(update={"held": held}))
