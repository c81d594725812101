"""Where the value would be another: at other assumptions."""

from collections.abc import Callable

from bench.suites.model import SHARES, Assumption
from bench.value import worth
from bench.value.assumed import Assumed
from bench.value.candidate_summary import Sensitivity
from bench.value.context import Context, Measured, discounted_months
from bench.value.money import start_cost

_FARTHEST = 1e6
"""How far out a break-even is looked for, as a multiple of the assumption's high end."""
_TINY = 1e-12
"""Instead of zero: an assumption may be a divisor."""
_HALVINGS = 100
Value = Callable[[Assumed], float]


def sensitivity(context: Context, found: Measured) -> list[Sensitivity]:
    """Each assumption at its low and high end, the others at their means, widest swing first.

    Those that a case does not know (set-up, preparation, discounting) follow, with what they do to the
    money of the horizon.
    """
    if found.items is None:
        return []
    at = found.items.means()

    def of_case(assumed: Assumed) -> float:
        fixed = assumed["monthly_cost"] / assumed["cases_per_month"]
        return float((worth.value(at, assumed, context.business) - fixed)[0])

    def of_horizon(assumed: Assumed) -> float:
        of_cases, of_months = discounted_months(context.business.months, assumed)
        value = worth.value(at, assumed, context.business) * assumed["cases_per_month"]
        start = start_cost(context, found, assumed)
        return float((value * of_cases - assumed["monthly_cost"] * of_months - start)[0])

    own = f"effort.{context.planned.strategies.get(found.name)}"
    cases, horizon = [], []
    for name, each in context.business.assumptions():
        if name.startswith(("setup.", "horizon.")) or name == own:
            row = _row(name, each, context.mean, of_horizon)
            horizon.append(row.model_copy(update={"of": "horizon"}))
        elif not name.startswith(("effort.", "next_round")):
            cases.append(_row(name, each, context.mean, of_case))
    return [*_by_swing(cases), *_by_swing(horizon)]


def _by_swing(rows: list[Sensitivity]) -> list[Sensitivity]:
    return sorted(rows, key=lambda row: -abs(row.value_high - row.value_low))


def _row(name: str, each: Assumption, mean: Assumed, value: Value) -> Sensitivity:
    return Sensitivity(
        assumption=name,
        low=each.lower,
        base=each.base,
        high=each.upper,
        value_low=value(mean.replaced(name, each.lower)),
        value_high=value(mean.replaced(name, each.upper)),
        break_even=break_even(
            lambda at: value(mean.replaced(name, at)),
            each.lower,
            each.upper,
            1.0 if name in SHARES else max(each.upper, 1.0) * _FARTHEST,
        ),
        placeholder=each.placeholder,
    )


def break_even(
    value: Callable[[float], float], low: float, high: float, farthest: float
) -> float | None:
    """Where `value` of an assumption is zero: within its range if it is there, else the nearest beyond.

    Values are monotonic in each assumption alone. None where there is no such point from zero to `farthest`.
    """
    scale = max(abs(value(low)), abs(value(high)), _TINY)
    for start, end in ((low, high), (_TINY, low), (high, farthest)):
        if end <= start:
            continue
        first, last = value(start), value(end)
        if first * last <= 0 and abs(last - first) > 1e-9 * scale:
            return _root(value, start, end)
    return None


def _root(value: Callable[[float], float], start: float, end: float) -> float:
    """By a straight line, which most values are; else by halving the interval.

    The smaller end says what is near zero: a fixed cost over hardly any cases is as good as infinite.
    """
    first, last = value(start), value(end)
    straight = start - first * (end - start) / (last - first)
    if abs(value(straight)) <= 1e-9 * min(abs(first), abs(last)):
        return straight
    for _ in range(_HALVINGS):
        middle = (start + end) / 2
        if value(middle) * first > 0:
            start = middle
        else:
            end = middle
    return (start + end) / 2
