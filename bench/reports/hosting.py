"""A machine of one's own beside an API that is paid by tokens: the month, and from how many cases on it pays."""

from collections.abc import Sequence

from bench.reports.parts import Cell, Head, Table
from bench.reports.phrases import Words
from bench.value.across.records import Hosting
from bench.wording import numbers
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_COLUMNS = ("machines", "busy", "own_month", "api_month", "per_million", "break_even")


def hosting_table(words: Words, found: Sequence[Hosting]) -> tuple[Table, ...]:
    """Every machine of one's own against every API; no table where there is none."""
    if not found:
        return ()
    money = words.money([])
    table_heads = (
        Head(words.say("hosting.pair")),
        *(Head(words.say(f"hosting.{each}"), numeric=True) for each in _COLUMNS),
    )
    rows = tuple(_row(words, each, money) for each in found)
    cases = numbers.number(found[0].cases_per_month, _step(found[0].cases_per_month))
    caption = words.say("hosting.caption", n=cases, cases=words.cases, unit=money.unit)
    return (Table(caption, table_heads, rows),)


def _row(words: Words, each: Hosting, money: Money) -> tuple[Cell, ...]:
    break_even = known(each.break_even_cases_per_month)
    return (
        Cell(words.say("hosting.against", own=plain(each.own), api=plain(each.api))),
        Cell(f"{each.machines:,}"),
        Cell(numbers.share(each.utilisation)),
        Cell(_amount(money, each.own_cost_per_month)),
        Cell(_amount(money, each.api_cost_per_month)),
        Cell(_amount(money, each.own_cost_per_million_tokens)),
        Cell(numbers.UNKNOWN, words.say("hosting.never"), tone="quiet")
        if break_even is None
        else Cell(numbers.number(break_even, _step(break_even))),
    )


def _amount(money: Money, amount: float) -> str:
    return money.number(amount, _step(amount))


def _step(value: float) -> float:
    return numbers.rounding_step(None, None, value)
