"""The adaptation ladder: whether a more laborious way of asking a model is worth its step."""

from collections.abc import Mapping, Sequence
from functools import partial

from bench.reports.cells import estimate_cell, section
from bench.reports.figures.ladder import ladder_figure
from bench.reports.parts import Cell, Head, Part, Section, Table, Tone
from bench.reports.phrases import CASES, Words, times
from bench.types import Estimate
from bench.value.across.records import Ladder, Step
from bench.wording import numbers
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_LARGE = 10_000


def ladder(suites: Sequence[Words], found: Mapping[str, Sequence[Ladder]]) -> Section:
    """How many steps are worth climbing, then every ladder."""
    climbed = [step.verdict for words in suites for each in found[words.key] for step in each.steps]
    parts = (_part(words, found[words.key]) for words in suites)
    return section(
        suites,
        "ladder",
        parts,
        all=len(climbed),
        climb=climbed.count("climb"),
        stay=climbed.count("stay"),
        open=climbed.count("open"),
    )


def _part(words: Words, found: Sequence[Ladder]) -> Part:
    tables = [(each, _table(words, each)) for each in found if each.steps]
    figures = (ladder_figure(words, each, table) for each, table in tables)
    return Part(
        words.text(words.suite.title),
        tuple(_sentence(words, each) for each in found),
        tuple(table for _, table in tables),
        figures=tuple(each for each in figures if each is not None),
    )


def _sentence(words: Words, found: Ladder) -> str:
    endpoint = plain(found.endpoint)
    if found.top is None or found.best is None:
        return words.say("ladder.none", endpoint=endpoint)
    if found.top == found.best:
        return words.say("ladder.agree", endpoint=endpoint, top=plain(found.top))
    slots = {"endpoint": endpoint, "top": plain(found.top), "best": plain(found.best)}
    return words.say("ladder.top", **slots)


def _table(words: Words, found: Ladder) -> Table:
    nets = [step.net.value for step in found.steps]
    wide = Money.scaled(words.language, plain(words.suite.currency), nets, _LARGE)
    one = words.money([])
    caption = words.say(
        "section.ladder.caption",
        endpoint=plain(found.endpoint),
        cases=words.cases,
        unit=one.unit,
        months=found.steps[0].months,
        wide=wide.unit,
    )
    columns = ("value", "running", "latency", "effort", "net", "pays")
    table_heads = (
        Head(words.say("ladder.name")),
        *(Head(words.say(f"ladder.{each}", cases=words.cases), numeric=True) for each in columns),
        Head(words.say("head.finding")),
    )
    rows = tuple(_row(words, each, one, wide) for each in found.steps)
    return Table(caption, table_heads, rows)


def _row(words: Words, step: Step, one: Money, wide: Money) -> tuple[Cell, ...]:
    tones: dict[str, Tone] = {"climb": "good", "stay": "bad", "open": "open"}
    missing = [words.say(f"ladder.unknown_{each}") for each in step.unknown]
    chance = known(step.p_pays)
    title = words.say("ladder.step", below=plain(step.below), above=plain(step.above))

    def seconds(value: float, size: float) -> str:
        return words.say("unit.seconds", number=numbers.number(value, size, sign=True))

    return (
        Cell(title),
        estimate_cell(words, times(step.value, CASES), partial(one.number, sign=True)),
        estimate_cell(words, times(step.running_cost, CASES), partial(one.number, sign=True)),
        estimate_cell(words, step.latency_p50_s, seconds),
        _effort(words, step.effort, one),
        _net(words, step.net, wide),
        Cell(numbers.UNKNOWN if chance is None else numbers.chance(chance)),
        Cell(
            words.say(f"ladder.{step.verdict}"),
            words.say("list.clause").join(missing),
            tone=tones[step.verdict],
        ),
    )


def _net(words: Words, net: Estimate, money: Money) -> Cell:
    if known(net.value) is None:
        return Cell(numbers.UNKNOWN, words.say("state.not_computed"), tone="quiet")
    return estimate_cell(words, net, partial(money.number, sign=True))


def _effort(words: Words, effort: Estimate, money: Money) -> Cell:
    """What preparing costs once: an assumption, so no item stands behind it."""
    value = known(effort.value)
    if value is None:
        return Cell(numbers.UNKNOWN, words.say("ladder.unknown_effort"), tone="quiet")
    return Cell(money.number(value, numbers.rounding_step(None, None, value)))
