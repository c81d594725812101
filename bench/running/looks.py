"""A run that is held against a baseline while it goes on: which items are asked by which look, and how far it came."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from bench.types import Item, Record

Ended = Literal["decided", "whole", "budget"]
"""The gate was sure of every suite, all was asked, or the policy allows no more money."""


class SuiteLooks(Record):
    """One suite's looks.

    By look k the first `clusters[k]` clusters of the drawn order have been asked, which bring the share `fractions[k]`
    of what the suite's whole plan tells of a comparison; the last look has asked everything. `begun` counts the looks
    whose items have been asked or are being asked.
    """

    clusters: tuple[int, ...]
    fractions: tuple[float, ...]
    begun: int = 1

    @property
    def is_last(self) -> bool:
        """Whether nothing of the suite is left for a further look."""
        return self.begun == len(self.clusters)


class Held(Record):
    """What a run is held against, its suites' looks, and why it asked no further.

    `ended` is None until it has ended. Baseline and policy are called as the user called them.
    """

    baseline: str
    baseline_digest: str
    policy: str | None
    policy_digest: str
    suites: dict[str, SuiteLooks]
    ended: Ended | None = None

    def fractions(self) -> dict[str, tuple[float, ...]]:
        """Suite -> the shares of its information that were in at the looks so far."""
        return {name: looks.fractions[: looks.begun] for name, looks in self.suites.items()}

    def asked(
        self, items: Mapping[str, tuple[Item, ...]], seed: int
    ) -> dict[str, tuple[Item, ...]]:
        """The planned items of each suite that the looks so far ask."""
        return {
            name: within(
                planned, self.suites[name].clusters[self.suites[name].begun - 1], name, seed
            )
            if name in self.suites
            else planned
            for name, planned in items.items()
        }


def in_drawn_order(clusters: Iterable[str], suite: str, seed: int) -> list[str]:
    """A suite's clusters in an order drawn by `seed`; one that comes or goes leaves the others in theirs."""

    def drawn(cluster: str) -> tuple[bytes, str]:
        told = f"{seed}|{suite}|{cluster}".encode()
        return hashlib.blake2b(told, digest_size=8).digest(), cluster

    return sorted(set(clusters), key=drawn)


def within(items: Sequence[Item], clusters: int, suite: str, seed: int) -> tuple[Item, ...]:
    """The items of the first so many clusters in the drawn order, as they stand in the file."""
    order = in_drawn_order((item.cluster for item in items), suite, seed)
    chosen = set(order[:clusters])
    return tuple(item for item in items if item.cluster in chosen)


def changed_holding(before: Held | None, now: Held | None) -> list[str]:
    """What keeps a run from going on: it is held against something else than it was."""
    if before is None or now is None:
        if before is now:
            return []
        then, today = (
            f"against '{each.baseline}'" if each else "against no baseline"
            for each in (before, now)
        )
        return [f"held {then} then, {today} now"]
    found = []
    if before.baseline_digest != now.baseline_digest:
        found.append(f"the baseline '{before.baseline}' is not what it was when the run began")
    if before.policy_digest != now.policy_digest:
        found.append(f"the gate's policy '{before.policy or 'built-in'}' changed")
    return found
