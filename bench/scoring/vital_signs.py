"""Is the level that a reply gives at least as urgent as the measured vital signs demand?

Two floors, separately named: the Chinese adult table and NEWS2; for children the limits of ESI v5.
`bench.standards.vital_signs` holds the tables and their sources. A floor may only raise a level; without
measurements there is none.
"""

from typing import ClassVar

from bench.scoring.labels import level_names
from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.standards.triage_scales import SCALES
from bench.standards.vital_signs import Level, age_in_years, vital_floors, vitals_of
from bench.types import Item, Score

_LEVELS = SCALES["cn_2018"].levels
_ORDER = list(_LEVELS)
_NAMES = {"adult_table": "成人客观指标表", "news2": "NEWS2", "child_limits": "儿童体征界限"}


class VitalSigns(Scorer):
    """`below` when a level of the Chinese four is less urgent than a floor of the item's vital signs.

    `vitals`, `age` (58岁, 1岁6个月 or a number of years; unknown counts as adult) and `pregnancy` are keys of the
    item's input, `reference` the key of the right level: a reference below a floor is refused when the suite
    loads. Metrics name the place (1 to 4) of each floor, 0 where it does not apply: `adult_table`, `news2`,
    `child_limits`.
    """

    labels: ClassVar[tuple[str, ...]] = ("met", "below", "no_floor", "unreadable")
    metrics: ClassVar[tuple[str, ...]] = ("adult_table", "news2", "child_limits")

    field: str | None = None
    reference: str | None = None
    vitals: str = "vitals"
    age: str = "age"
    pregnancy: str = "pregnancy"

    def problem(self, item: Item) -> str | None:
        """The right level may not be less urgent than the vital signs demand."""
        if self.reference is None:
            return None
        told = item.reference.get(self.reference)
        strictest = _strictest(self._floors(item))
        if told not in _ORDER or strictest is None:
            return None
        name, level = strictest
        if _ORDER.index(str(told)) + 1 > level:
            return f"reference.{self.reference}: {told} is below {_ORDER[level - 1]}, which {name} demands"
        return None

    def _floors(self, item: Item) -> dict[str, Level | None]:
        measured = vitals_of(item.input.get(self.vitals))
        age = item.input.get(self.age)
        told = float(age) if isinstance(age, int | float) else age_in_years(str(age or ""))
        return vital_floors(measured, told, is_pregnant=bool(item.input.get(self.pregnancy)))

    def score(self, item: Item, reading: Reading) -> Score:
        """Compare the level that was named with every floor."""
        floors = self._floors(item)
        metrics = {name: float(level or 0) for name, level in floors.items()}
        strictest = _strictest(floors)
        told = reading.part(self.field)
        picks = level_names(told, _LEVELS)
        if strictest is None:
            reason = "没有达到界限的体征"
            return Score(label="no_floor", reason=reason, metrics=metrics)
        if len(picks) != 1:
            return Score(label="unreadable", reason="没有给出唯一的级别", metrics=metrics)
        name, level = strictest
        demanded = f"{_NAMES[name]}要求至少{_ORDER[level - 1]}"
        if _ORDER.index(picks[0]) + 1 > level:
            return Score(
                label="below", value=0.0, extracted=picks[0], reason=demanded, metrics=metrics
            )
        return Score(label="met", value=1.0, extracted=picks[0], reason=demanded, metrics=metrics)


def _strictest(floors: dict[str, Level | None]) -> tuple[str, Level] | None:
    known = [(name, level) for name, level in floors.items() if level is not None]
    return min(known, key=lambda pair: pair[1], default=None)
