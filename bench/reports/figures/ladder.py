"""The steps of an adaptation ladder: what each brings over the period, and what preparing it costs."""

from bench.reports.figures.frame import SIGNED
from bench.reports.figures.palette import GOOD, HARM, REST
from bench.reports.figures.row import Bar, Fade, Row, scaled_row
from bench.reports.figures.rows import Sheet, rows_spec
from bench.reports.parts import Figure, Table
from bench.reports.phrases import Words, bounds
from bench.value.across.records import Ladder, Step
from bench.wording import numbers
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_LARGE = 10_000


def ladder_figure(words: Words, found: Ladder, table: Table) -> Figure | None:
    """Two rows a step; None where no step has a gain."""
    steps = [each for each in found.steps if known(each.gain.value) is not None]
    if not steps:
        return None
    ends = [end for each in steps for end in (*_ends(each), known(each.effort.value) or 0.0)]
    currency = plain(words.suite.currency)
    money = Money.scaled(words.language, currency, ends, _LARGE)
    rows = [scaled_row(row, money.divisor) for each in steps for row in _rows(words, each, money)]
    pays = sum(each.verdict == "climb" for each in steps)
    title = words.say("plot.ladder.title", endpoint=plain(found.endpoint), n=pays, all=len(steps))
    note = words.say("plot.ladder.note", months=steps[0].months, unit=money.unit)
    sheet = Sheet(
        title,
        note,
        axis=words.say("plot.ladder.axis", months=steps[0].months, unit=money.unit),
        label=SIGNED,
        zero="0",
    )
    return Figure(rows_spec(rows, sheet), f"{title} {note}", table)


def _ends(step: Step) -> tuple[float, ...]:
    return (step.gain.value or 0.0, *(bounds(step.gain) or ()))


def _rows(words: Words, step: Step, money: Money) -> list[Row]:
    gain, ends = step.gain.value or 0.0, bounds(step.gain)
    colour = GOOD if gain >= 0 else HARM
    fades: tuple[Fade, ...] = ()
    if ends is not None:
        far = ends[1] if gain >= 0 else ends[0]
        fades = (Fade(gain, far, colour),)
    size = numbers.step_beside(gain, *(ends or (None, None)))
    title = words.say("ladder.step", below=plain(step.below), above=plain(step.above))
    first = Row(
        words.say("plot.ladder.gain", step=title),
        bars=(Bar(0.0, gain, colour),),
        fades=fades,
        rest=money.text(gain, size, sign=True),
    )
    effort = known(step.effort.value)
    if effort is None:
        return [
            first,
            Row(words.say("plot.ladder.effort"), rest=words.say("ladder.unknown_effort")),
        ]
    told = money.text(effort, numbers.rounding_step(None, None, effort))
    bars = (Bar(0.0, effort, REST),) if effort else ()
    return [first, Row(words.say("plot.ladder.effort"), bars=bars, rest=told)]
