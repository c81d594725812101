"""What more knowledge is worth, beside the price of getting it."""

from dataclasses import replace

from bench.reports.figures.palette import GOOD
from bench.reports.figures.row import Bar, Line, Row, Tag
from bench.reports.figures.rows import Sheet, rows_spec
from bench.reports.parts import Cell, Figure, Table
from bench.reports.phrases import Words
from bench.value.candidate_summary import Information
from bench.wording import numbers
from bench.wording.numbers import CENT, Money


def worth_figure(words: Words, found: Information | None, table: Table | None) -> Figure | None:
    """Two bars and the price; None where nothing that could be learnt would change the choice."""
    if found is None or table is None or found.perfect < CENT:
        return None
    items, assumptions = found.more_items[0], found.perfect_assumptions
    money = words.money([items.worth, assumptions, found.next_round_cost])
    rows = [
        _row(words.say("information.more", n=f"{items.items:,}"), items.worth, money),
        _row(words.say("information.all_assumptions"), assumptions, money),
    ]
    lines: tuple[Line, ...] = (Line(0),)
    if found.next_round_cost is not None:
        price = words.say("plot.worth.price", price=_text(money, found.next_round_cost))
        lines = (*lines, Line(found.next_round_cost / money.divisor, price, dashed=True))
        table = _with_price(words, table, found)
    sheet = Sheet(
        _finding(words, found, money),
        words.say("plot.worth.note", unit=money.unit),
        axis=words.say("plot.worth.axis", unit=money.unit),
        lines=lines,
    )
    return Figure(rows_spec(rows, sheet), f"{sheet.title} {sheet.note}", table)


def _row(label: str, worth: float, money: Money) -> Row:
    value = worth / money.divisor
    bars = (Bar(0.0, value, GOOD),) if worth >= CENT else ()
    return Row(label, bars=bars, tags=(Tag(max(value, 0.0), _text(money, worth)),))


def _text(money: Money, amount: float) -> str:
    step = numbers.rounding_step(None, None, amount) if amount >= CENT else 1.0
    return money.text(amount, step)


def _finding(words: Words, found: Information, money: Money) -> str:
    items, assumptions = found.more_items[0].worth, found.perfect_assumptions
    best = "items" if items > assumptions else "assumptions"
    worth = _text(money, max(items, assumptions))
    way = words.say(f"advice.{best}")
    if found.next_round_cost is None:
        return words.say("plot.worth.no_price", way=way, worth=worth)
    pays = max(items, assumptions) > found.next_round_cost
    price = _text(money, found.next_round_cost)
    return words.say(
        "plot.worth.pays" if pays else "plot.worth.idle", way=way, worth=worth, price=price
    )


def _with_price(words: Words, table: Table, found: Information) -> Table:
    """The table with a last row for the price, in the unit of its column."""
    assert found.next_round_cost is not None
    money = words.money([found.perfect])
    step = numbers.rounding_step(None, None, found.next_round_cost)
    row = (
        Cell(words.say("plot.worth.price_row")),
        Cell(money.number(found.next_round_cost, step)),
    )
    return replace(table, rows=(*table.rows, row))
