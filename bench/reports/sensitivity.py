"""What if an assumption differs: a tornado that is its own table."""

from collections.abc import Sequence

from bench.reports import charts, numbers
from bench.reports.assumptions import SHARES, assumption_title, assumption_value
from bench.reports.cells import section
from bench.reports.numbers import known
from bench.reports.parts import Cell, Head, Part, Section, Table
from bench.reports.phrases import CASES, Words
from bench.reports.plain import plain
from bench.reports.verdicts import best
from bench.value.summary import Sensitivity


def flips(entry: Sensitivity) -> bool:
    """Whether the assumption alone, within its range, turns a gain into a loss or back."""
    return min(entry.value_low, entry.value_high) < 0 < max(entry.value_low, entry.value_high)


def sensitivity(suites: Sequence[Words]) -> Section:
    """Which assumptions decide on their own, shown for the leading candidate of each suite."""
    parts, flipping = [], []
    for words in suites:
        focus = best(words.suite)
        if focus is None:
            parts.append(Part(words.text(words.suite.title), (words.say("state.no_value"),)))
            continue
        entries = words.suite.candidates[focus].sensitivity
        flipping += [each for each in entries if flips(each)]
        others = [
            name
            for name, each in words.suite.candidates.items()
            if name != focus and each.sensitivity
        ]
        told = words.say("section.sensitivity.focus", candidate=plain(focus), cases=words.cases)
        parts.append(
            Part(
                words.text(words.suite.title),
                (told,),
                (_tornado(words, focus),),
                tuple(_tornado(words, each) for each in others),
            )
        )
    variant = "flips" if flipping else "none"
    return section(suites, "sensitivity", parts, variant=variant, n=len(flipping))


def _tornado(words: Words, name: str) -> Table:
    candidate = words.suite.candidates[name]
    entries = sorted(candidate.sensitivity, key=lambda each: -abs(each.value_high - each.value_low))
    ends = [value * CASES for each in entries for value in (each.value_low, each.value_high)]
    base = (known(candidate.value_per_case.value) or 0.0) * CASES
    scale = charts.scale_of([*ends, base], 240)
    money = words.money(ends)
    step = numbers.rounding_step(min(ends), max(ends)) if ends else 1.0
    rows = []
    for each in entries:
        title = assumption_title(words, each.assumption)
        low, high = (
            money.number(end * CASES, step, sign=True) for end in (each.value_low, each.value_high)
        )
        told = words.say("alt.swing", title=title, low=low, high=high)
        values = (assumption_value(words, each.assumption, end) for end in (each.low, each.high))
        rows.append(
            (
                Cell(title, chip=_chip(words, each)),
                Cell(numbers.span(words.language, *values)),
                Cell(
                    "",
                    chart=charts.swing(
                        (each.value_low * CASES, each.value_high * CASES), base, scale, told
                    ),
                ),
                Cell(low, tone="bad" if each.value_low < 0 else ""),
                Cell(high, tone="bad" if each.value_high < 0 else ""),
                _break_even_cell(words, each),
            )
        )
    none = (Cell(words.say("state.no_sensitivity")), *(Cell(numbers.UNKNOWN) for _ in range(5)))
    columns = (
        "head.assumption",
        "head.span",
        "head.swing",
        "head.at_low",
        "head.at_high",
        "head.break_even",
    )
    numeric = ("head.at_low", "head.at_high", "head.break_even")
    caption = words.say(
        "section.sensitivity.caption", candidate=plain(name), cases=words.cases, unit=money.unit
    )
    table_heads = tuple(Head(words.say(each), numeric=each in numeric) for each in columns)
    return Table(caption, table_heads, tuple(rows) or (none,))


def _chip(words: Words, entry: Sensitivity) -> str:
    if not entry.placeholder:
        return ""
    value = assumption_value(words, entry.assumption, entry.base)
    return words.say("chip.placeholder", value=value)


def _break_even_cell(words: Words, entry: Sensitivity) -> Cell:
    if known(entry.break_even) is None:
        return Cell(numbers.UNKNOWN, words.say("break_even.never"), tone="quiet")
    assert entry.break_even is not None
    inside = min(entry.low, entry.high) <= entry.break_even <= max(entry.low, entry.high)
    possible = entry.break_even >= 0 and not (entry.assumption in SHARES and entry.break_even > 1)
    if not inside and not possible:
        return Cell(numbers.UNKNOWN, words.say("break_even.never"), tone="quiet")
    note = words.say("break_even.inside" if inside else "break_even.outside")
    return Cell(assumption_value(words, entry.assumption, entry.break_even), note)
