"""How the parts of the value of a case add up to it."""

from collections.abc import Sequence

from bench.reports.figures.frame import SIGNED
from bench.reports.figures.palette import GOOD, HARM, INK_2
from bench.reports.figures.row import Bar, Row, scaled_row
from bench.reports.figures.rows import Sheet, rows_spec
from bench.reports.parts import Figure, Table
from bench.reports.phrases import Words
from bench.wording.numbers import CENT, Money


def waterfall_figure(
    words: Words, parts: Sequence[tuple[str, float, str]], money: Money, table: Table
) -> Figure | None:
    """Parts as (name, money for the cases told, the same in words), the last of them their sum."""
    *flows, net = parts
    drawn = [each for each in flows if abs(each[1]) >= CENT]
    if not drawn:
        return None
    rows, start = [], 0.0
    for name, amount, told in drawn:
        colour = GOOD if amount >= 0 else HARM
        rows.append(Row(name, bars=(Bar(start, start + amount, colour),), rest=told))
        start += amount
    rows.append(Row(net[0], bars=(Bar(0.0, net[1], INK_2),), rest=net[2]))
    dearest = max(drawn, key=lambda each: abs(each[1]))
    key = "plot.flows.saves" if dearest[1] >= 0 else "plot.flows.costs"
    title = words.say(key, part=dearest[0], money=dearest[2], net=net[2], unit=money.unit)
    note = words.say("plot.flows.note", cases=words.cases, unit=money.unit)
    axis = words.say("plot.per_hundred", cases=words.cases, unit=money.unit)
    sheet = Sheet(title, note, axis=axis, label=SIGNED, zero=words.say("today.zero"))
    scaled = [scaled_row(each, money.divisor) for each in rows]
    return Figure(rows_spec(scaled, sheet), f"{title} {note}", table)
