"""A difference of money in words: more, less, or not told apart."""

from dataclasses import dataclass
from typing import Literal

from bench.reports.phrases import bounds, sure
from bench.types import Estimate
from bench.wording import numbers
from bench.wording.numbers import Money, known

Kind = Literal["better", "worse", "open", "unknown"]


@dataclass(frozen=True, slots=True)
class Gap:
    """`money` is the size of the difference; the range is of that size unless the sign is open."""

    kind: Kind
    money: str = ""
    range: str = ""
    sure: str = ""

    @property
    def slots(self) -> dict[str, str]:
        """What sentences about a difference call its parts."""
        return {"gap": self.money, "range": self.range, "sure": self.sure}


def gap(money: Money, difference: Estimate) -> Gap:
    """A difference and its range, in the scale of `money`."""
    value, ends = known(difference.value), bounds(difference)
    if value is None or ends is None:
        return Gap("unknown")
    (low, high), step = ends, numbers.step_beside(value, *ends)
    kind: Kind = "open" if low <= 0 <= high else "better" if value > 0 else "worse"
    if kind == "worse":
        low, high = -high, -low
    return Gap(kind, money.text(abs(value), step), money.range(low, high, step), sure(difference))
