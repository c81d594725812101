"""Who beats whom: the paired difference of two candidates, with its range."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.reports.figures.frame import SIGNED
from bench.reports.figures.palette import GOOD, REST
from bench.reports.figures.row import Dot, Fade, Row, scaled_row
from bench.reports.figures.rows import Sheet, rows_spec
from bench.reports.parts import Cell, Figure, Head, Table
from bench.reports.phrases import CASES, Words, bounds, times
from bench.reports.verdicts import best
from bench.value.summary import PairResult
from bench.wording import numbers
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_MOST = 10


def pairs_figure(words: Words) -> Figure | None:
    """Every pair, the better one named first; with many candidates those pairs that the leading one is in."""
    told = [
        _Told.of(each) for each in words.suite.pairs if known(each.difference.value) is not None
    ]
    if not told:
        return None
    focus = best(words.suite)
    drawn = told if len(told) <= _MOST else [e for e in told if focus in (e.better, e.other)]
    drawn = sorted(drawn, key=lambda each: -each.mean)[:_MOST]
    if not drawn:
        return None
    money = words.money([end for each in drawn for end in each.numbers()])
    rows = [scaled_row(_row(words, each), money.divisor) for each in drawn]
    apart = sum(each.is_apart for each in told)
    title = words.say("plot.pairs.title" if apart else "plot.pairs.none", all=len(told), n=apart)
    note = words.say("plot.pairs.note", cases=words.cases, unit=money.unit)
    if len(drawn) < len(told):
        note += words.say("plot.more", n=len(drawn))
    axis = words.say("plot.pairs.axis", cases=words.cases, unit=money.unit)
    zero = words.say("plot.pairs.zero")
    sheet = Sheet(title, note, axis=axis, label=SIGNED, zero=zero)
    return Figure(rows_spec(rows, sheet), f"{title} {note}", _table(words, told))


@dataclass(frozen=True, slots=True)
class _Told:
    """A pair so that its mean is not below zero: `better` is ahead by `mean` for `CASES` cases."""

    better: str
    other: str
    mean: float
    ends: tuple[float, float] | None
    chance: float | None
    needed: float | None
    n: int

    @classmethod
    def of(cls, pair: PairResult) -> "_Told":
        difference = times(pair.difference, CASES)
        value, ends = known(difference.value) or 0.0, bounds(difference)
        chance, least = known(pair.p_b_better), known(pair.mde)
        ahead = value >= 0
        if not ahead and ends is not None:
            ends = (-ends[1], -ends[0])
        return cls(
            better=pair.b if ahead else pair.a,
            other=pair.a if ahead else pair.b,
            mean=abs(value),
            ends=ends,
            chance=chance if chance is None or ahead else 1 - chance,
            needed=None if least is None else least * CASES,
            n=difference.n,
        )

    def numbers(self) -> list[float]:
        return [self.mean, *(self.ends or ())]

    @property
    def is_apart(self) -> bool:
        return self.ends is not None and self.ends[0] > 0


def _row(words: Words, told: _Told) -> Row:
    colour = GOOD if told.is_apart else REST
    label = words.say("plot.pairs.pair", better=plain(told.better), other=plain(told.other))
    low, high = told.ends or (told.mean, told.mean)
    fades = tuple(Fade(told.mean, end, colour) for end in (low, high) if end != told.mean)
    rest = ""
    if told.chance is not None:
        rest = words.say("plot.pairs.chance", chance=numbers.chance(told.chance))
    return Row(label, fades=fades, dots=(Dot(told.mean, colour),), rest=rest)


def _table(words: Words, told: Sequence[_Told]) -> Table:
    money = words.money([end for each in told for end in each.numbers()])
    columns = ("pair_head", "more", "range", "better", "items", "least")
    table_heads = tuple(
        Head(words.say(f"plot.pairs.{each}"), numeric=each != "pair_head") for each in columns
    )
    caption = words.say("plot.pairs.caption", cases=words.cases, unit=money.unit)
    return Table(caption, table_heads, tuple(_cells(words, each, money) for each in told))


def _cells(words: Words, told: _Told, money: Money) -> tuple[Cell, ...]:
    names = words.say("plot.pairs.pair", better=plain(told.better), other=plain(told.other))
    chance = numbers.UNKNOWN if told.chance is None else numbers.chance(told.chance)
    step, ranged = numbers.rounding_step(None, None, told.mean), words.say("state.no_range")
    if told.ends is not None:
        step = numbers.step_beside(told.mean, *told.ends)
        ranged = numbers.span(words.language, *(money.number(end, step) for end in told.ends))
    needed = numbers.UNKNOWN
    if told.needed is not None:
        needed = money.number(told.needed, numbers.rounding_step(None, None, told.needed))
    mean = money.number(told.mean, step, sign=True)
    return tuple(map(Cell, (names, mean, ranged, chance, f"{told.n:,}", needed)))
