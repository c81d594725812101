"""What to spend the next money on, and what knowing more is worth."""

from bench.reports.assumptions import assumption_title
from bench.reports.parts import Cell, Head, Table
from bench.reports.phrases import Words, listed
from bench.reports.verdicts import best
from bench.value.candidate_summary import Information
from bench.wording import numbers
from bench.wording.numbers import Money
from bench.wording.plain import plain

_NAMED = 3
"""So many assumptions are named as most worth measuring."""


def sentences(words: Words) -> tuple[str, ...]:
    """Items, assumptions, or nothing more; the assumptions most worth measuring; what money leaves out."""
    found = words.suite.information
    if found is None:
        return (words.say("information.unknown"),)
    told = [_spend(words, found)]
    if found.perfect >= numbers.CENT:
        told.append(_dearest(words, found))
    focus = best(words.suite)
    gates = words.suite.candidates[focus].gates if focus else []
    if found.spend_next != "items" and any(each.hard and each.held is None for each in gates):
        told.append(words.say("information.gates", candidate=plain(focus or "")))
    return tuple(told)


def _spend(words: Words, found: Information) -> str:
    again, volume = found.more_items[0], _volume(found)
    if found.perfect < numbers.CENT:
        told = words.say("information.settled", volume=volume, cases=words.cases)
    else:
        told = words.say(
            f"information.{found.spend_next}",
            volume=volume,
            cases=words.cases,
            n=f"{again.items:,}",
            items=amount(words, again.worth),
            assumptions=amount(words, found.perfect_assumptions),
        )
    if found.next_round_cost is None:
        return told + words.say("information.no_price")
    return told + words.say("information.price", price=amount(words, found.next_round_cost))


def _volume(found: Information) -> str:
    return numbers.number(found.cases, numbers.rounding_step(None, None, found.cases))


def _dearest(words: Words, found: Information) -> str:
    worth = [each for each in found.by_assumption if each.worth >= numbers.CENT][:_NAMED]
    if not worth:
        return words.say("information.none")
    names = [
        words.say(
            "information.one",
            assumption=assumption_title(words, each.assumption),
            worth=amount(words, each.worth),
        )
        for each in worth
    ]
    return words.say("information.dearest", assumptions=listed(words.language, names))


def amount(words: Words, worth: float) -> str:
    """An amount that has no range, with two digits and its unit."""
    return words.money([worth]).text(worth, _step(worth))


def _step(worth: float) -> float:
    return numbers.rounding_step(None, None, worth) if worth >= numbers.CENT else 1.0


def information_table(words: Words) -> tuple[Table, ...]:
    """What more items, the assumptions, and everything are worth; no table where nothing would change."""
    found = words.suite.information
    if found is None or found.perfect < numbers.CENT:
        return ()
    money = words.money([found.perfect])
    rows = [
        *((words.say("information.more", n=f"{e.items:,}"), e.worth) for e in found.more_items),
        (words.say("information.all_items"), found.perfect_items),
        (words.say("information.all_assumptions"), found.perfect_assumptions),
        (words.say("information.everything"), found.perfect),
    ]
    caption = words.say(
        "information.caption",
        unit=money.unit,
        volume=_volume(found),
        cases=words.cases,
    )
    table_heads = (Head(words.say("head.knowing")), Head(words.say("head.worth"), numeric=True))
    return (Table(caption, table_heads, tuple((Cell(a), _cell(money, b)) for a, b in rows)),)


def _cell(money: Money, worth: float) -> Cell:
    return Cell(money.number(worth, _step(worth)))
