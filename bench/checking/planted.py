"""Defects put into good answers: how many of each kind are caught."""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.checking.known import Verdict, judged
from bench.checking.mutations.mutation import Case
from bench.files.yaml_source import Source
from bench.registry import MUTATIONS
from bench.suites.components import built
from bench.suites.load import Suite
from bench.suites.model import Calibration
from bench.suites.planted_model import Planted
from bench.types import Item
from bench.value.outcomes import holds

_SHOWN = 3


@dataclass(slots=True)
class Catch:
    """One kind of defect: how often it could be planted and was caught, and some that were not."""

    defect: Planted
    planted: int = 0
    caught: int = 0
    missed: list[str] = field(default_factory=list)

    @property
    def is_enough(self) -> bool:
        """Whether as many were caught as the suite says; a defect that fits no answer proves nothing."""
        return self.planted > 0 and self.caught >= self.defect.at_least * self.planted


def catches(suite: Suite, good: tuple[Calibration, ...]) -> list[Catch]:
    """Every planted defect in every good answer that it fits."""
    items = {item.id: item for item in suite.items}
    return [_catch(suite, defect, good, items) for defect in suite.planted]


def _catch(
    suite: Suite, defect: Planted, good: tuple[Calibration, ...], items: dict[str, Item]
) -> Catch:
    mutation: Any = built(MUTATIONS, defect.mutation, Source(Path("planted"), None, {}), ())
    found = Catch(defect)
    for position, known in enumerate(good):
        item = items[known.item]
        if not _is_among(item, defect.among):
            continue
        seed = f"{defect.defect}:{known.item}:{position}"
        draw = random.Random(seed)  # noqa: S311  # a reproducible draw, no secret
        case = Case(item, known.answer, suite.file.answer, suite.scorers, draw)
        spoilt = mutation.mutated(case)
        if spoilt is None or spoilt == known.answer:
            continue
        found.planted += 1
        verdict = judged(suite, item, spoilt)
        if _is_caught(defect, verdict):
            found.caught += 1
        elif len(found.missed) < _SHOWN:
            found.missed.append(f"{known.item}: {verdict.said}: {_change(known.answer, spoilt)}")
    return found


def _is_among(item: Item, among: dict[str, str | list[str]]) -> bool:
    return all(
        item.tags.get(tag) in ([wanted] if isinstance(wanted, str) else wanted)
        for tag, wanted in among.items()
    )


def _is_caught(defect: Planted, verdict: Verdict) -> bool:
    if verdict.outcome is None:
        return False
    if defect.caught is None:
        return verdict.outcome.name in defect.outcomes
    return all(
        holds(key, wanted, "answered", verdict.scores) for key, wanted in defect.caught.items()
    )


def _change(before: str, after: str) -> str:
    """The stretch of `after` that differs, with a little around it."""
    start = next(
        (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    return repr(after[max(0, start - 12) : start + 28])
