"""Which assumption moves a result most: one at a time from its low to its high end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One assumption's effect on the result, in the unit of the result."""

    name: str
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        """Distance between the two results."""
        return abs(self.at_high - self.at_low)


def tornado(
    function: Callable[..., float],
    base: Mapping[str, float],
    ranges: Mapping[str, tuple[float, float]],
) -> list[Bar]:
    """Results of `function` with each assumption at either end of its range, widest swing first.

    `function` takes the names of `base` as keyword arguments; assumptions without a range stay at
    base. Equal swings keep the order of `ranges`. Interactions are not seen: two assumptions that
    matter only together both look harmless. Raises ValueError for a range of an unknown name or one
    whose low end is above its high end.

    Source: Howard (1988), Decision analysis: practice and promise, Management Science 34:679-695.

    >>> base = {"minutes": 30.0, "wage": 1.5}
    >>> ranges = {"minutes": (28.0, 32.0), "wage": (1.0, 2.0)}
    >>> bars = tornado(lambda minutes, wage: minutes * wage, base, ranges)
    >>> [(bar.name, bar.at_low, bar.at_high, bar.swing) for bar in bars]
    [('wage', 30.0, 60.0, 30.0), ('minutes', 42.0, 48.0, 6.0)]
    """
    for name, (low, high) in ranges.items():
        if name not in base:
            raise ValueError(f"ranges: '{name}' has no base value")
        if not low <= high:
            raise ValueError(f"ranges: {name} from {low} to {high} is not in order")
    bars = [
        Bar(name, function(**{**base, name: low}), function(**{**base, name: high}))
        for name, (low, high) in ranges.items()
    ]
    return sorted(bars, key=lambda bar: -bar.swing)
