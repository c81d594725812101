"""Whether technical scores go with the business metrics that they are said to drive."""

from collections.abc import Sequence

from bench.reports.figures.palette import GOOD, HARM, REST
from bench.reports.figures.row import Dot, Fade, Row
from bench.reports.figures.rows import Sheet, rows_spec
from bench.reports.parts import Figure, Table
from bench.reports.phrases import Words, bounds
from bench.value.summary import DriveTest
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain

_COLOURS = {"moves": GOOD, "against": HARM}
_MOST = 12


def drives_figure(
    words: Words, tests: Sequence[tuple[DriveTest, str, str]], table: Table
) -> Figure | None:
    """Rank correlations with the metric; a test comes with its finding and its metric's title."""
    drawn = [each for each in tests if known(each[0].association.value) is not None]
    if not drawn:
        return None
    drawn = sorted(drawn, key=lambda each: -(each[0].association.value or 0.0))[:_MOST]
    rows = [_row(words, *each) for each in drawn]
    moving = sum(finding == "moves" for _, finding, _ in drawn)
    title = words.say("plot.drives.title", n=moving, all=len(drawn))
    note = words.say("plot.drives.note")
    axis = words.say("plot.drives.axis")
    zero = words.say("plot.drives.zero")
    sheet = Sheet(title, note, axis=axis, label="'+,~f'", zero=zero, domain=(-1, 1))
    return Figure(rows_spec(rows, sheet), f"{title} {note}", table)


def _row(words: Words, test: DriveTest, finding: str, metric: str) -> Row:
    value, ends = known(test.association.value) or 0.0, bounds(test.association)
    colour = _COLOURS.get(finding, REST)
    fades = tuple(Fade(value, end, colour) for end in ends or () if end != value)
    label = words.say("plot.drives.row", score=plain(test.technical), metric=metric)
    told = numbers.number(value, 0.01, sign=True)
    rest = words.say("plot.drives.rest", value=told, finding=words.say(f"drive.{finding}"))
    return Row(label, fades=fades, dots=(Dot(value, colour),), rest=rest)
