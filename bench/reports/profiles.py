"""Deployment: the best candidate in the public cloud, private, and at the edge, side by side."""

from collections.abc import Mapping, Sequence
from functools import partial

from bench.reports.cells import estimate_cell, metric_text, section
from bench.reports.gaps import gap
from bench.reports.hosting import hosting_table
from bench.reports.parts import Cell, Head, Part, Section, Table
from bench.reports.phrases import CASES, Words, times
from bench.value.across.records import Hosting, PrivacyCost, ProfileRow, Profiles
from bench.wording import numbers
from bench.wording.numbers import Money, known
from bench.wording.plain import plain


def profiles(
    suites: Sequence[Words], found: Mapping[str, Profiles], hosting: Mapping[str, Sequence[Hosting]]
) -> Section:
    """In how many tasks kinds of deployment can be compared, then the best of each, and own machines."""
    compared = sum(is_compared(found[words.key]) for words in suites)
    parts = [
        Part(
            words.text(words.suite.title),
            tuple(_privacy(words, each) for each in found[words.key].privacy),
            (_table(words, found[words.key]), *hosting_table(words, hosting.get(words.key, ()))),
        )
        for words in suites
    ]
    variant = "" if compared else "none"
    return section(suites, "profiles", parts, variant=variant, all=compared, hosted=len(parts))


def is_compared(found: Profiles) -> bool:
    """Whether there is more than one kind of deployment."""
    return len(found.rows) > 1


def _privacy(words: Words, cost: PrivacyCost) -> str:
    difference = times(cost.difference, CASES)
    told = gap(words.money([difference.low, difference.high]), difference)
    return words.say(
        f"profile.{told.kind}",
        profile=words.say(f"profile.{cost.profile}"),
        closer=plain(cost.closer),
        public=plain(cost.public),
        cases=words.cases,
        **told.slots,
    )


def _table(words: Words, found: Profiles) -> Table:
    money = words.money([])
    caption = words.say("section.profiles.caption", cases=words.cases, unit=money.unit)
    table_heads = (
        Head(words.say("profile.name")),
        Head(words.say("profile.best")),
        Head(words.say("profile.value", cases=words.cases), numeric=True),
        Head(words.say("head.chance"), numeric=True),
        Head(words.say("usage.p50"), numeric=True),
        Head(words.say("usage.p95"), numeric=True),
        Head(words.say("profile.cost", cases=words.cases), numeric=True),
        Head(words.say("profile.gates"), numeric=True),
    )
    rows = tuple(_row(words, each, money) for each in found.rows)
    return Table(caption, table_heads, rows)


def _row(words: Words, row: ProfileRow, money: Money) -> tuple[Cell, ...]:
    chance, seconds = known(row.p_positive), metric_text(words, "seconds")
    decision = words.say(f"label.{row.decision}") if row.decision else ""
    gates = row.gates
    return (
        Cell(words.say(f"profile.{row.profile}")),
        Cell(plain(row.best) if row.best else words.say("state.no_outcomes"), decision),
        estimate_cell(words, times(row.value_per_case, CASES), partial(money.number, sign=True)),
        Cell(numbers.UNKNOWN if chance is None else numbers.chance(chance)),
        estimate_cell(words, row.latency_p50_s, seconds),
        estimate_cell(words, row.latency_p95_s, seconds),
        _cost(words, row, money),
        Cell(f"{gates.held}/{gates.open}/{gates.broken}" if gates else numbers.UNKNOWN),
    )


def _cost(words: Words, row: ProfileRow, money: Money) -> Cell:
    if row.best and known(row.cost_per_case.value) is None:
        return Cell(numbers.UNKNOWN, words.say("state.no_price"), tone="quiet")
    return estimate_cell(words, times(row.cost_per_case, CASES), money.number)
