"""Where the marks of the small charts lie. Pure geometry in the units of each chart's view box."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 300, 46
DOT = 8.4
"""Distance of neighbouring dots; five of them fill a row's height."""
MOST = 5
BAR = 150
GAP = 1.5
LEAST_HARM = 4.0
_APART = 56.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A twentieth of the probability."""

    x: float
    y: float
    worse: bool


@dataclass(frozen=True, slots=True)
class Dots:
    """A quantile dot plot; `beyond` counts the dots past each end of the axis."""

    dots: tuple[Dot, ...]
    zero: float
    beyond: tuple[int, int]
    alt: str
    kind: str = "dots"


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis; a `crowded` one has no room where the axis is drawn small."""

    x: float
    text: str
    crowded: bool


@dataclass(frozen=True, slots=True)
class Axis:
    """Ticks and the zero line of a group of dot plots."""

    ticks: tuple[Tick, ...]
    zero: float
    zero_text: str
    kind: str = "axis"


@dataclass(frozen=True, slots=True)
class Stack:
    """Shares side by side: (position, width, outcome)."""

    bars: tuple[tuple[float, float, str], ...]
    alt: str
    kind: str = "stack"


@dataclass(frozen=True, slots=True)
class Swing:
    """One bar of a tornado: the part below zero, the part above it, and two lines."""

    worse: tuple[float, float]
    better: tuple[float, float]
    zero: float
    base: float
    alt: str
    kind: str = "swing"


@dataclass(frozen=True, slots=True)
class Bullet:
    """A gate: what was observed, how far it may reach, and the limit."""

    observed: float
    reach: tuple[float, float]
    limit: float
    held: bool | None
    alt: str
    kind: str = "bullet"


Chart = Dots | Axis | Stack | Swing | Bullet


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear axis from `low` to `high`, `width` wide."""

    low: float
    high: float
    width: float = WIDTH

    def at(self, value: float) -> float:
        """Where a value lies, kept within the axis."""
        place = (value - self.low) / (self.high - self.low) * self.width
        return round(min(max(place, 0.0), self.width), 2)


def scale_of(values: Sequence[float], width: float = WIDTH) -> Scale:
    """An axis that holds zero and all but a far tail: at most 60 % of the core's width on either side."""
    ordered = sorted([*values, 0.0])
    low, high = ordered[0], ordered[-1]
    tail = len(ordered) // 20
    inner = ordered[tail : len(ordered) - tail] or ordered
    core_low, core_high = min(inner[0], 0.0), max(inner[-1], 0.0)
    reach = 0.6 * (core_high - core_low)
    low, high = max(low, core_low - reach), min(high, core_high + reach)
    if high - low <= 0:
        low, high = -1.0, 1.0
    margin = 0.04 * (high - low)
    low, high = low - margin, high + margin
    room = 4.2 * DOT / (width - 4.2 * DOT)  # for twenty dots, five high, on a side that has any
    if ordered[0] < 0:
        low = min(low, -high * room)
    if ordered[-1] > 0:
        high = max(high, -low * room)
    return Scale(low, high, width)


def dot_plot(quantiles: Sequence[float], scale: Scale, alt: str) -> Dots:
    """Stacked dots; none straddles zero, none is higher than five, the rest moves to its neighbours."""
    inside = [each for each in quantiles if scale.low <= each <= scale.high]
    beyond = (
        sum(each < scale.low for each in quantiles),
        sum(each > scale.high for each in quantiles),
    )
    zero = scale.at(0)
    heaps: dict[int, int] = {}
    for value in inside:
        heap = _free(heaps, value, scale, zero)
        heaps[heap] = heaps.get(heap, 0) + 1
    dots = [
        Dot(
            round(zero + (heap + 0.5) * DOT, 2),
            round(HEIGHT - 3 - DOT * (level + 0.5), 2),
            worse=heap < 0,
        )
        for heap in sorted(heaps)
        for level in range(heaps[heap])
    ]
    return Dots(tuple(dots), zero, beyond, alt)


def _free(heaps: dict[int, int], value: float, scale: Scale, zero: float) -> int:
    """The nearest heap on the value's side of zero that is not full."""
    place = (scale.at(value) - zero) / DOT
    wanted = math.floor(place) if value >= 0 else min(math.floor(place), -1)
    first, last = math.ceil(-zero / DOT), math.floor((scale.width - zero) / DOT) - 1
    for distance in range(2 * round(scale.width / DOT)):
        for heap in (wanted + distance, wanted - distance):
            same_side = (heap >= 0) == (value >= 0)
            if same_side and first <= heap <= last and heaps.get(heap, 0) < MOST:
                return heap
    return wanted


def ticks(scale: Scale) -> list[float]:
    """Round values, far enough from zero and from each other to be read; zero is not among them."""
    span = scale.high - scale.low
    power = 10.0 ** math.floor(math.log10(span / 5))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= span / 5)
    found = [step * count for count in range(-6, 7) if count]
    return [each for each in found if scale.low + 0.05 * span <= each <= scale.high - 0.05 * span]


def marked(marks: Sequence[tuple[float, str]], zero: float) -> tuple[Tick, ...]:
    """The marks (position, text) that keep clear of zero's own; those near another are crowded."""
    told: list[Tick] = []
    taken = [zero]
    for x, text in sorted(marks, key=lambda mark: abs(mark[0] - zero)):
        nearest = min(abs(x - each) for each in taken)
        if abs(x - zero) >= _APART:
            told.append(Tick(x, text, crowded=nearest < 2 * _APART))
            if nearest >= 2 * _APART:
                taken.append(x)
    return tuple(sorted(told, key=lambda tick: tick.x))


def stack(shares: Sequence[tuple[str, float]], alt: str) -> Stack:
    """A bar of shares with white gaps; a harm that occurred is at least four units wide."""
    total = sum(each for _, each in shares)
    widths = {name: BAR * each / total if total else 0.0 for name, each in shares}
    if 0 < widths.get("harm", 0) < LEAST_HARM:
        spare = LEAST_HARM - widths["harm"]
        widest = max(widths, key=lambda name: widths[name])
        widths[widest] -= spare
        widths["harm"] = LEAST_HARM
    bars, place = [], 0.0
    for name, width in widths.items():
        if width > 0:
            bars.append((round(place, 2), round(max(width - GAP, 0.6), 2), name))
        place += width
    return Stack(tuple(bars), alt)


def swing(ends: tuple[float, float], base: float, scale: Scale, alt: str) -> Swing:
    """A tornado bar between what the two ends of an assumption's range give."""
    low, high = min(ends), max(ends)
    zero = scale.at(0)
    left, right = scale.at(low), scale.at(high)
    split = min(max(zero, left), right)
    return Swing(
        (left, round(split - left, 2)),
        (split, round(right - split, 2)),
        zero,
        scale.at(base),
        alt,
    )


def bullet(observed: float, bound: float, limit: float, held: bool | None, alt: str) -> Bullet:
    """Observed share, its bound and the limit on an axis that starts at the lowest of them."""
    low, high = min(observed, bound, limit), max(observed, bound, limit)
    near_one = low > 0.5
    scale = Scale(max(0.0, low - (high - low) * 0.2) if near_one else 0.0, high * 1.08 or 1.0, BAR)
    if scale.high <= scale.low:
        scale = Scale(0.0, 1.0, BAR)
    ends = sorted((scale.at(observed), scale.at(bound)))
    return Bullet(
        scale.at(observed), (ends[0], round(ends[1] - ends[0], 2)), scale.at(limit), held, alt
    )
