"""Acting only on answers that are sure enough: what each threshold brings, and what choosing gains."""

from collections.abc import Sequence
from functools import partial

from bench.reports.cells import estimate_cell, metric_text, section
from bench.reports.figures.coverage import coverage_figure
from bench.reports.gaps import gap
from bench.reports.parts import Cell, Head, Part, Section, Table
from bench.reports.phrases import CASES, Words, bounds, times
from bench.reports.verdicts import best
from bench.types import Estimate
from bench.value.selective import Selective, SelectivePoint
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain

_SHOWN = 6
"""So many thresholds stand in a table, the best among them."""


def has_selective(suites: Sequence[Words]) -> bool:
    """Whether any candidate says how sure it is, which leaves something to choose."""
    return any(_stated(each) for each in suites)


def _stated(words: Words) -> bool:
    candidates = words.suite.candidates.values()
    return any(each.selective and each.selective.calibration for each in candidates)


def selective(suites: Sequence[Words]) -> Section:
    """In how many tasks choosing surely gains, then thresholds and what they bring."""
    parts, gains = [], 0
    for words in suites:
        found = {
            name: each.selective
            for name, each in words.suite.candidates.items()
            if each.selective is not None
        }
        if not _stated(words):
            continue
        gains += any((known(each.gain.low) or 0.0) > 0 for each in found.values())
        told = [line for name, each in found.items() for line in _sentences(words, name, each)]
        tables = {
            name: _table(words, name, each) for name, each in found.items() if each.calibration
        }
        first = next((name for name in (best(words.suite), *tables) if name in tables), None)
        stated = {name: each for name, each in found.items() if each.calibration}
        figure = coverage_figure(words, stated, first, tables[first]) if first else None
        parts.append(
            Part(
                words.text(words.suite.title),
                tuple(told),
                (tables.pop(first),) if first else (),
                tuple(tables.values()),
                (figure,) if figure else (),
            )
        )
    return section(suites, "selective", parts, gains=gains, all=len(parts))


def _sentences(words: Words, name: str, found: Selective) -> list[str]:
    """What choosing gains where confidence is stated, and whether that confidence can be trusted."""
    candidate = plain(name)
    if found.calibration is None:
        return [words.say("selective.unstated", candidate=candidate)]
    error = known(found.calibration.expected_error.value)
    told = [_gain(words, candidate, found)]
    if error is not None:
        points = numbers.number(100 * error, 1.0 if error >= 0.1 else 0.1)
        n = f"{found.calibration.answers:,}"
        told.append(words.say("selective.calibration", candidate=candidate, points=points, n=n))
    return told


def _gain(words: Words, candidate: str, found: Selective) -> str:
    value, difference = times(found.value_chosen, CASES), times(found.gain, CASES)
    money, ends = words.money([]), bounds(difference)
    told = gap(money, difference)
    if value.value is None or ends is None:
        return words.say("selective.unknown", candidate=candidate)
    step = numbers.step_beside(value.value, value.low, value.high)
    return words.say(
        "selective.same" if max(map(abs, ends)) < numbers.CENT else f"selective.{told.kind}",
        candidate=candidate,
        cases=words.cases,
        value=money.text(value.value, step, sign=True),
        **told.slots,
    )


def _table(words: Words, name: str, found: Selective) -> Table:
    money = partial(words.money([]).number, sign=True)
    rows = tuple(
        (
            _threshold(words, found, each),
            Cell(numbers.share(each.coverage)),
            _risk(words, each.risk),
            estimate_cell(words, times(each.value, CASES), money),
        )
        for each in _shown(found)
    )
    columns = ("head.threshold", "head.acted", "head.harmful", "head.worth")
    table_heads = tuple(Head(words.say(each), numeric=each != "head.threshold") for each in columns)
    caption = words.say(
        "section.selective.caption",
        candidate=plain(name),
        cases=words.cases,
        unit=words.money([]).unit,
    )
    return Table(caption, table_heads, rows)


def _shown(found: Selective) -> list[SelectivePoint]:
    """Acting on none, on all, and evenly between; the best is always among them."""
    last = len(found.points) - 1
    steps = min(_SHOWN, last + 1) - 1
    kept = {round(last * each / steps) if steps else 0 for each in range(steps + 1)}
    kept |= {at for at, each in enumerate(found.points) if each.threshold == found.best_threshold}
    return [each for at, each in enumerate(found.points) if at in kept]


def _threshold(words: Words, found: Selective, point: SelectivePoint) -> Cell:
    note = words.say("selective.best") if point.threshold == found.best_threshold else ""
    if point.threshold is None:
        return Cell(words.say("selective.none"), note)
    told = words.say("selective.from", threshold=numbers.share(point.threshold))
    return Cell(told, note)


def _risk(words: Words, risk: Estimate) -> Cell:
    if known(risk.value) is None:
        return Cell(numbers.UNKNOWN, words.say("selective.nothing_acted"), tone="quiet")
    return estimate_cell(words, risk, metric_text(words, "share"))
