"""The impossible triangle: what candidates reach on three sides, and who stands at the front."""

from collections.abc import Mapping, Sequence

from bench.reports.cells import estimate_cell, metric_text, section
from bench.reports.figures.triangle import triangle_figure
from bench.reports.parts import Cell, Head, Part, Section, Table
from bench.reports.phrases import Words, bounds, listed, sure
from bench.reports.verdicts import best
from bench.types import Estimate
from bench.value.across.records import Axis, Corner, Narrowing, Shift, Triangle
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain


def triangle(suites: Sequence[Words], found: Mapping[str, Triangle]) -> Section:
    """In how many tasks one candidate is ahead on every side; then every candidate's sides."""
    parts, single = [], 0
    for words in suites:
        told = found[words.key]
        front = [each.in_pareto for each in told.candidates.values()]
        single += front.count(True) == 1 and None not in front
        table = _table(words, told)
        figure = triangle_figure(words, told, table)
        parts.append(
            Part(
                words.text(words.suite.title),
                _sentences(words, told),
                (table,),
                figures=(figure,) if figure else (),
            )
        )
    variant = "all" if single == len(parts) else "" if single else "none"
    return section(suites, "triangle", parts, variant=variant, single=single, all=len(parts))


def has_triangle(found: Triangle) -> bool:
    """Whether there are two candidates to compare on some side."""
    return len(found.candidates) > 1 and bool(found.axes)


def _sentences(words: Words, found: Triangle) -> tuple[str, ...]:
    """What the leading candidate loses on unfamiliar cases; who gains here by losing elsewhere."""
    focus = best(words.suite)
    shifts = found.candidates[focus].shifts if focus in found.candidates else []
    told = [_shift(words, focus or "", each) for each in shifts if known(each.shifted.value)]
    return (*told, *(_narrowing(words, each) for each in found.narrowings))


def _shift(words: Words, name: str, shift: Shift) -> str:
    gap, ends = known(shift.gap.value), bounds(shift.gap)
    slots = {
        "candidate": plain(name),
        "title": words.text(shift.title),
        "values": listed(words.language, [plain(each) for each in shift.values]),
        "shifted": _share(shift.shifted),
        "rest": _share(shift.in_distribution),
    }
    if gap is None or ends is None:
        return words.say("triangle.shift_bare", **slots)
    low, high = ends if gap >= 0 else (-ends[1], -ends[0])
    return words.say(
        "triangle.shift" if gap >= 0 else "triangle.shift_up",
        points=_points(abs(gap)),
        sure=sure(shift.gap),
        range=numbers.span(words.language, _points(low), _points(high)),
        **slots,
    )


def _share(estimate: Estimate) -> str:
    value = known(estimate.value)
    return numbers.UNKNOWN if value is None else numbers.share(value)


def _points(share: float) -> str:
    """Percentage points."""
    return numbers.number(100 * share)


def _narrowing(words: Words, each: Narrowing) -> str:
    gain, loss = known(each.gain.value), known(each.loss.value)
    return words.say(
        "triangle.narrowing",
        candidate=plain(each.candidate),
        against=plain(each.against),
        gain=numbers.UNKNOWN if gain is None else _points(gain),
        loss=numbers.UNKNOWN if loss is None else _points(-loss),
    )


def _table(words: Words, found: Triangle) -> Table:
    rows = []
    for name, corner in found.candidates.items():
        sides = (_side(words, axis, _reached(corner)[axis]) for axis in found.axes)
        rows.append((Cell(plain(name)), *sides, _place(words, found, name)))
    table_heads = (
        Head(words.say("head.way")),
        *(Head(words.say(f"axis.{each}"), numeric=True) for each in found.axes),
        Head(words.say("triangle.place")),
    )
    return Table(words.say("section.triangle.caption"), table_heads, tuple(rows))


def _reached(corner: Corner) -> dict[Axis, Estimate]:
    return {
        "speciality": corner.speciality,
        "generality": corner.generality,
        "economy": corner.economy,
    }


def _side(words: Words, axis: Axis, reached: Estimate) -> Cell:
    return estimate_cell(
        words, reached, metric_text(words, "times" if axis == "economy" else "share")
    )


def _place(words: Words, found: Triangle, name: str) -> Cell:
    """At the front, beaten by whom, or what is missing for a comparison."""
    corner = found.candidates[name]
    if corner.in_pareto is None:
        axes = listed(words.language, [words.say(f"axis.{each}") for each in corner.lacks])
        note = words.say("triangle.lacks", axes=axes) if axes else ""
        return Cell(words.say("triangle.apart"), note, tone="quiet")
    frequency = known(corner.frequency)
    note = ""
    if frequency is not None:
        note = words.say("triangle.frequency", share=numbers.chance(frequency))
    if corner.in_pareto:
        return Cell(words.say("triangle.front"), note, tone="good")
    names = [plain(each) for each in _ahead_of(found, corner)]
    told = words.say("triangle.beaten", names=listed(words.language, names))
    return Cell(told, note, tone="quiet")


def _ahead_of(found: Triangle, corner: Corner) -> list[str]:
    """The candidates at the front that are at least as good on every side."""

    def reached(of: Corner) -> list[float]:
        return [known(_reached(of)[axis].value) or 0.0 for axis in found.axes]

    return [
        name
        for name, other in found.candidates.items()
        if other.in_pareto
        and all(a >= b for a, b in zip(reached(other), reached(corner), strict=True))
    ]
