"""One row of a picture made of rows, in the numbers of its axis."""

from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class Bar:
    """A solid bar between two numbers of the axis."""

    start: float
    end: float
    colour: str


@dataclass(frozen=True, slots=True)
class Fade:
    """A range that fades from its sure end to its unsure one."""

    sure: float
    unsure: float
    colour: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point on the axis."""

    at: float
    colour: str
    shape: str = "circle"


@dataclass(frozen=True, slots=True)
class Tag:
    """A text beside a number of the axis."""

    at: float
    text: str
    side: Literal["left", "right"] = "right"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `ticks` are short upright strokes; `rest` stands at the right, or behind the label."""

    label: str
    bars: tuple[Bar, ...] = ()
    fades: tuple[Fade, ...] = ()
    dots: tuple[Dot, ...] = ()
    ticks: tuple[float, ...] = ()
    tags: tuple[Tag, ...] = ()
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An upright line through all rows, with a text above it."""

    at: float
    text: str = ""
    dashed: bool = False


def scaled_row(row: Row, divisor: float) -> Row:
    """The same row in another unit of money."""
    return replace(
        row,
        bars=tuple(Bar(b.start / divisor, b.end / divisor, b.colour) for b in row.bars),
        fades=tuple(Fade(f.sure / divisor, f.unsure / divisor, f.colour) for f in row.fades),
        dots=tuple(Dot(d.at / divisor, d.colour, d.shape) for d in row.dots),
        ticks=tuple(each / divisor for each in row.ticks),
        tags=tuple(Tag(t.at / divisor, t.text, t.side) for t in row.tags),
    )
