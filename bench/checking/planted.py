"""Defects put into good answers: how many of each kind are caught."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.checking.judged import Judged
from bench.checking.mutations.mutation import Case
from bench.scoring.score import ScorerError
from bench.suites.load import Suite
from bench.suites.selftest_model import Calibration, Planted
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
    def wrong(self) -> str | None:
        """Why the suite cannot be trusted to see it; a defect that fits no answer proves nothing."""
        if self.planted == 0:
            return f"planted '{self.defect.defect}': it fits no good answer"
        if self.caught >= self.defect.at_least * self.planted:
            return None
        return (
            f"planted '{self.defect.defect}': {self.caught} of {self.planted} caught, "
            f"{self.defect.at_least:.0%} wanted; e.g. {'; '.join(self.missed)}"
        )


def catches(suite: Suite, good: Sequence[Calibration]) -> list[Catch]:
    """Every planted defect in every good answer that it fits."""
    items = {item.id: item for item in suite.items}
    return [_catch(suite, defect, good, items) for defect in suite.planted]


def _catch(
    suite: Suite, defect: Planted, good: Sequence[Calibration], items: dict[str, Item]
) -> Catch:
    found = Catch(defect)
    for position, known in enumerate(good):
        item = items[known.item]
        if not _is_among(item, defect.among):
            continue
        seed = f"{defect.defect}:{known.item}:{position}"
        draw = random.Random(seed)  # noqa: S311  # a reproducible draw, no secret
        case = Case(item, known.answer, suite.file.answer, suite.scorers, draw)
        spoilt = suite.mutations[defect.defect].mutated(case)
        if spoilt is None or spoilt == known.answer:
            continue
        found.planted += 1
        escaped = _escaped(defect, Judged(suite, item, spoilt))
        if escaped is None:
            found.caught += 1
        elif len(found.missed) < _SHOWN:
            found.missed.append(f"{known.item}: {escaped}: {_change(known.answer, spoilt)}")
    return found


def _is_among(item: Item, among: dict[str, str | list[str]]) -> bool:
    return all(
        item.tags.get(tag) in ([wanted] if isinstance(wanted, str) else wanted)
        for tag, wanted in among.items()
    )


def _escaped(defect: Planted, judged: Judged) -> str | None:
    """What was said of a spoilt answer that was not caught; None for one that was."""
    try:
        if defect.caught:
            conditions = defect.caught.items()
            is_caught = all(holds(key, wanted, "answered", judged) for key, wanted in conditions)
        else:
            is_caught = judged.outcome().name in defect.outcomes
        return None if is_caught else judged.labels()
    except ScorerError as error:
        return f"a scorer failed: {error}"


def _change(before: str, after: str) -> str:
    """The stretch of `after` that differs, with a little around it."""
    start = next(
        (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    return repr(after[max(0, start - 12) : start + 28])
