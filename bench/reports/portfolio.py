"""All tasks together: the way of most value for each, by link and stage, and one candidate for all."""

from collections.abc import Sequence
from functools import partial

from bench.reports.cells import estimate_cell, section
from bench.reports.figures.links import links_figure
from bench.reports.gaps import gap
from bench.reports.parts import Cell, Head, Part, Section, Table
from bench.reports.phrases import Words, bounds, listed, sure
from bench.types import Estimate
from bench.value.across.records import (
    Choice,
    CurrencyPortfolio,
    GroupValue,
    Portfolio,
    SuiteChoice,
)
from bench.wording import numbers
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_LARGE = 10_000


def portfolio(suites: Sequence[Words], found: Portfolio) -> Section:
    """How many tasks leave today's way, then the money of all by currency."""
    parts = [_part(suites[0], found, each) for each in found.currencies]
    adopting = sum(each.candidate is not None for each in found.suites)
    return section(suites, "portfolio", parts, adopting=adopting, all=len(found.suites))


def _part(words: Words, whole: Portfolio, found: CurrencyPortfolio) -> Part:
    money = _scale(words, found)
    chosen = [each for each in whole.suites if each.currency == found.currency]
    titles = {each.suite: words.text(each.title) for each in chosen}
    tables = [_suites(words, chosen, money)]
    folded = [
        _groups(words, "link", found.links, titles, money),
        _groups(words, "stage", found.stages, titles, money),
    ]
    sentences = [_total(words, found, len(chosen), money)]
    if found.total.value is not None:
        allowed = sum(each.candidate_decision in ("deploy", "pilot") for each in chosen)
        sentences.append(words.say("portfolio.allowed", n=allowed))
    if found.one_for_all is not None:
        sentences.append(_one_for_all(words, found.one_for_all, money))
        tables.append(_singles(words, found.one_for_all, titles, money))
    title = words.say("portfolio.whole", unit=money.unit)
    figure = links_figure(words, found.links, money, folded[0])
    figures = (figure,) if figure else ()
    return Part(title, tuple(sentences), tuple(tables), tuple(folded), figures)


def _scale(words: Words, found: CurrencyPortfolio) -> Money:
    estimates = [found.total, *(each.value for each in found.links)]
    if found.one_for_all is not None:
        estimates += [each.value for each in found.one_for_all.singles]
    amounts = [each.value for each in estimates]
    return Money.scaled(words.language, plain(found.currency), amounts, _LARGE)


def _total(words: Words, found: CurrencyPortfolio, tasks: int, money: Money) -> str:
    total, ends = found.total, bounds(found.total)
    if total.value is None:
        return words.say("portfolio.total_unknown")
    if total.value == total.low == total.high == 0:
        return words.say("portfolio.total_none", tasks=tasks)
    if ends is None:
        bare = money.text(total.value, numbers.rounding_step(None, None, total.value), sign=True)
        return words.say("portfolio.total_bare", tasks=tasks, value=bare)
    step = numbers.step_beside(total.value, *ends)
    value = money.text(total.value, step, sign=True)
    ranged = money.range(*ends, step)
    return words.say("portfolio.total", tasks=tasks, value=value, sure=sure(total), range=ranged)


def _one_for_all(words: Words, choice: Choice, money: Money) -> str:
    if choice.single is None:
        return words.say("portfolio.no_single")
    found, near = gap(money, choice.difference), known(choice.p_near)
    return words.say(
        f"portfolio.{found.kind}",
        single=plain(choice.single),
        near=numbers.UNKNOWN if near is None else numbers.chance(near),
        **found.slots,
    )


def _suites(words: Words, chosen: Sequence[SuiteChoice], money: Money) -> Table:
    rows = []
    for each in chosen:
        way = plain(each.candidate) if each.candidate else words.say("portfolio.today")
        note = "" if each.cost_known else words.say("portfolio.no_price")
        decision = each.candidate_decision
        rows.append(
            (
                Cell(words.text(each.title)),
                Cell(words.named("link", each.chain_link), words.named("stage", each.stage)),
                Cell(way, note),
                Cell(words.say(f"label.{decision}") if decision else numbers.UNKNOWN),
                _money(words, each.value_per_month, money),
            )
        )
    table_heads = (
        Head(words.say("portfolio.task")),
        Head(words.say("portfolio.place")),
        Head(words.say("portfolio.way")),
        Head(words.say("head.verdict")),
        Head(words.say("portfolio.month", unit=money.unit), numeric=True),
    )
    return Table(words.say("section.portfolio.suites"), table_heads, tuple(rows))


def _money(words: Words, value: Estimate, money: Money) -> Cell:
    """Money a month; today's way is worth exactly nothing, which needs no range."""
    if value.value == 0 and value.low == 0 and value.high == 0:
        return Cell("0")
    return estimate_cell(words, value, partial(money.number, sign=True))


def _groups(
    words: Words, kind: str, groups: Sequence[GroupValue], titles: dict[str, str], money: Money
) -> Table:
    """The money of every link or stage, those without a task among them."""
    table_heads = (
        Head(words.say(f"portfolio.{kind}")),
        Head(words.say("portfolio.task")),
        Head(words.say("portfolio.adopting"), numeric=True),
        Head(words.say("portfolio.month", unit=money.unit), numeric=True),
    )
    rows = tuple(_group(words, kind, each, titles, money) for each in groups)
    return Table(words.say(f"section.portfolio.{kind}s"), table_heads, rows)


def _group(
    words: Words, kind: str, group: GroupValue, titles: dict[str, str], money: Money
) -> tuple[Cell, ...]:
    name = Cell(words.named(kind, group.name))
    if not group.suites:
        none = Cell(words.say("portfolio.no_task"), tone="quiet")
        return (name, none, Cell(numbers.UNKNOWN), Cell(numbers.UNKNOWN))
    return (
        name,
        Cell(listed(words.language, [titles[each] for each in group.suites])),
        Cell(f"{group.adopting}/{len(group.suites)}"),
        _money(words, group.value, money),
    )


def _singles(words: Words, choice: Choice, titles: dict[str, str], money: Money) -> Table:
    rows = []
    for each in choice.singles:
        barred = listed(words.language, [titles[name] for name in each.barred_in])
        rows.append(
            (
                Cell(plain(each.candidate)),
                _money(words, each.value, money),
                Cell(barred or words.say("portfolio.nowhere"), tone="bad" if barred else ""),
            )
        )
    table_heads = (
        Head(words.say("head.way")),
        Head(words.say("portfolio.month", unit=money.unit), numeric=True),
        Head(words.say("portfolio.barred")),
    )
    none = ((Cell(numbers.UNKNOWN), Cell(numbers.UNKNOWN), Cell(numbers.UNKNOWN)),)
    return Table(words.say("section.portfolio.singles"), table_heads, tuple(rows) or none)
