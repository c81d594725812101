"""Money a month by link of the value chain."""

from collections.abc import Sequence

from bench.reports.figures.frame import SIGNED
from bench.reports.figures.palette import GOOD, HARM
from bench.reports.figures.row import Bar, Fade, Row, scaled_row
from bench.reports.figures.rows import Sheet, rows_spec
from bench.reports.parts import Figure, Table
from bench.reports.phrases import Words, bounds
from bench.value.across.records import GroupValue
from bench.wording.numbers import Money, known, step_beside


def links_figure(
    words: Words, groups: Sequence[GroupValue], money: Money, table: Table
) -> Figure | None:
    """A bar a link, those without a task named as such; None where no link has money."""
    valued = [each for each in groups if known(each.value.value)]
    if not valued:
        return None
    top = max(valued, key=lambda each: each.value.value or 0.0)
    empty = sum(not each.suites for each in groups)
    title = words.say(
        "plot.links.title", link=words.named("link", top.name), money=_text(top, money)
    )
    note = words.say("plot.links.note", unit=money.unit, n=empty)
    rows = [scaled_row(_row(words, each, money), money.divisor) for each in groups]
    sheet = Sheet(title, note, axis=words.say("portfolio.month", unit=money.unit), label=SIGNED)
    return Figure(rows_spec(rows, sheet), f"{title} {note}", table)


def _text(group: GroupValue, money: Money) -> str:
    value = group.value.value or 0.0
    return money.text(value, step_beside(value, *(bounds(group.value) or (None, None))), sign=True)


def _row(words: Words, group: GroupValue, money: Money) -> Row:
    name, value = words.named("link", group.name), known(group.value.value)
    if value is None:
        missing = "portfolio.no_task" if not group.suites else "state.not_measured"
        return Row(name, rest=words.say(missing))
    colour, ends = GOOD if value >= 0 else HARM, bounds(group.value)
    fades: tuple[Fade, ...] = ()
    if ends is not None:
        fades = (Fade(value, ends[1] if value >= 0 else ends[0], colour),)
    bars = (Bar(0.0, value, colour),) if value else ()
    return Row(name, bars=bars, fades=fades, rest=_text(group, money))
