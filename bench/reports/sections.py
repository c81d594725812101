"""The sections behind page one that are about value: three values, risk, what-if, confidence, pairs, slices."""

from collections.abc import Callable, Iterable, Sequence

from bench.reports import charts, numbers
from bench.reports.comparison import gate_sentences
from bench.reports.numbers import known
from bench.reports.parts import Cell, Head, Part, Section, Table, Tone
from bench.reports.phrases import (
    CASES,
    SHARES,
    Words,
    assumption_title,
    assumption_value,
    basis,
    best,
    bounds,
    no_range,
    pair_sentence,
    sure,
    times,
)
from bench.reports.plain import plain
from bench.types import Estimate
from bench.value.summary import BusinessMetric, CandidateSummary, Sensitivity

PILLARS = ("cost", "innovation", "experience")


def sections(suites: Sequence[Words]) -> list[Section]:
    """In the order of a reader who has read page one."""
    made = [_values(suites), _risk(suites), _sensitivity(suites), _confidence(suites)]
    if any(len(each.suite.candidates) > 1 for each in suites):
        made.append(_pairs(suites))
    if any(one.slices for each in suites for one in each.suite.candidates.values()):
        made.append(_slices(suites))
    return made


def section(suites: Sequence[Words], key: str, parts: Iterable[Part], **finding: object) -> Section:
    """A section whose heading and lead come from the catalogue; `variant` chooses the finding."""
    say = suites[0].say
    variant = finding.pop("variant", "")
    suffix = f"_{variant}" if variant else ""
    return Section(
        key=key,
        nav=say(f"section.{key}.nav"),
        heading=say(f"section.{key}.heading{suffix}", **finding),
        lead=(say(f"section.{key}.lead"),),
        parts=tuple(parts),
    )


def heads(words: Words, first: str, *rest: str) -> tuple[Head, ...]:
    """Column heads of the catalogue; all but the first hold numbers."""
    return (Head(words.say(first)), *(Head(words.say(each), numeric=True) for each in rest))


def candidate_heads(words: Words) -> tuple[Head, ...]:
    """A column per candidate, with what its numbers rest on."""
    return tuple(
        Head(plain(name), basis(words, each), numeric=True)
        for name, each in words.suite.candidates.items()
    )


def estimate_cell(
    words: Words, estimate: Estimate | None, told: Callable[[float, float], str]
) -> Cell:
    """A number with its range beneath; words where either is missing. `told` takes value and step."""
    value = known(estimate.value) if estimate else None
    if estimate is None or value is None:
        return Cell(numbers.UNKNOWN, words.say("state.not_measured"), tone="quiet")
    ends = bounds(estimate)
    if ends is None:
        return Cell(
            told(value, numbers.rounding_step(None, None, value)), no_range(words, estimate)
        )
    step = numbers.rounding_step(*ends)
    note = numbers.span(words.language, told(ends[0], step), told(ends[1], step))
    return Cell(told(value, step), words.say("cell.range_n", range=note, n=f"{estimate.n:,}"))


def metric_text(words: Words, unit: str) -> Callable[[float, float], str]:
    """How a business metric of some unit is written."""
    if unit == "money":
        return lambda value, step: words.money([]).text(value, step)
    if unit == "share":
        return lambda value, step: numbers.share(value, min(numbers.decimals_of(step * 100), 2))
    return lambda value, step: numbers.quantity(words.language, unit, value, step)


def _values(suites: Sequence[Words]) -> Section:
    better, compared = 0, 0
    for words in suites:
        focus = best(words.suite)
        for metric in words.suite.candidates[focus].metrics.values() if focus else ():
            ends, today = bounds(metric), known(metric.today)
            if ends is None or today is None:
                continue
            compared += 1
            better += ends[0] > today if metric.better == "higher" else ends[1] < today
    parts = (
        Part(words.text(words.suite.title), tables=tuple(_pillar(words, each) for each in PILLARS))
        for words in suites
    )
    return section(suites, "values", parts, better=better, compared=compared)


def _pillar(words: Words, pillar: str) -> Table:
    metrics: dict[str, BusinessMetric] = {}
    for candidate in words.suite.candidates.values():
        metrics |= {name: each for name, each in candidate.metrics.items() if each.pillar == pillar}
    rows = [_metric_row(words, name, metric) for name, metric in metrics.items()]
    if pillar == "cost":
        rows += [_payback(words), _break_even(words)]
    caption = words.say(
        "section.values.caption",
        pillar=words.say(f"pillar.{pillar}"),
        sure=_levels(metrics.values()),
    )
    if not rows:
        rows = [
            (
                Cell(words.say("pillar.none"), tone="quiet"),
                Cell(numbers.UNKNOWN),
                *(Cell(numbers.UNKNOWN) for _ in words.suite.candidates),
            )
        ]
    head = (Head(words.say("head.metric")), Head(words.say("head.today"), numeric=True))
    return Table(caption, (*head, *candidate_heads(words)), tuple(rows))


def _levels(estimates: Iterable[Estimate]) -> str:
    return "/".join(sorted({sure(each) for each in estimates})) or "90%"


def _metric_row(words: Words, name: str, metric: BusinessMetric) -> tuple[Cell, ...]:
    told = metric_text(words, metric.unit)
    today = known(metric.today)
    step = numbers.rounding_step(None, None, today)
    shown = (
        Cell(numbers.UNKNOWN, words.say("today.no_figure"))
        if today is None
        else Cell(told(today, step))
    )
    direction = words.say(f"better.{metric.better}")
    cells = [
        estimate_cell(words, each.metrics.get(name), told)
        for each in words.suite.candidates.values()
    ]
    return (Cell(words.text(metric.title), direction), shown, *cells)


def _payback(words: Words) -> tuple[Cell, ...]:
    told = metric_text(words, "months")
    cells = []
    for each in words.suite.candidates.values():
        cell = estimate_cell(words, each.payback_months, told)
        never = known(each.payback_months.value) is None
        cells.append(
            Cell(numbers.UNKNOWN, words.say("payback.never"), tone="quiet") if never else cell
        )
    return (
        Cell(words.say("metric.payback"), words.say("better.lower")),
        Cell(numbers.UNKNOWN),
        *cells,
    )


def _break_even(words: Words) -> tuple[Cell, ...]:
    cells = []
    for each in words.suite.candidates.values():
        found = known(each.break_even_acceptance)
        usable = 1 - each.outcomes.redo if each.outcomes else None
        note = "" if usable is None else words.say("break_even.now", share=numbers.share(usable))
        if found is None:
            cells.append(Cell(numbers.UNKNOWN, words.say("break_even.none"), tone="quiet"))
        else:
            cells.append(Cell(numbers.share(found), note))
    return (Cell(words.say("metric.break_even")), Cell(numbers.UNKNOWN), *cells)


def _risk(suites: Sequence[Words]) -> Section:
    gates = [
        gate for words in suites for one in words.suite.candidates.values() for gate in one.gates
    ]
    count = {state: sum(each.held is state for each in gates) for state in (True, None, False)}
    return section(
        suites,
        "risk",
        (
            Part(
                words.text(words.suite.title),
                tables=(_gates(words), _losses(words), _trials(words)),
            )
            for words in suites
        ),
        variant="" if gates else "none",
        all=len(gates),
        held=count[True],
        open=count[None],
        broken=count[False],
    )


def _gates(words: Words) -> Table:
    tones: dict[bool | None, Tone] = {True: "good", None: "open", False: "bad"}
    rows = []
    for name, candidate in words.suite.candidates.items():
        for gate, told in gate_sentences(words, candidate):
            title = words.text(gate.title)
            observed = gate.events / gate.n if gate.n else 0.0
            chart = (
                charts.bullet(observed, gate.bound, gate.limit, gate.held, told) if gate.n else None
            )
            kind = words.say("gate.hard" if gate.hard else "gate.soft")
            source = words.say("gate.source", source=plain(gate.source)) if gate.source else ""
            rows.append(
                (
                    Cell(plain(name), basis(words, candidate)),
                    Cell(title, kind),
                    Cell(f"{gate.events:,}/{gate.n:,}"),
                    Cell("", chart=chart),
                    Cell(told, source, tone=tones[gate.held]),
                )
            )
    columns = ("head.way", "head.gate", "head.events", "head.bound", "head.state")
    table_heads = tuple(Head(words.say(each), numeric=each == "head.events") for each in columns)
    none = ((Cell(words.say("gate.none")), *(Cell(numbers.UNKNOWN) for _ in columns[1:])),)
    return Table(words.say("section.risk.gates"), table_heads, tuple(rows) or none)


def _losses(words: Words) -> Table:
    classes: dict[str, str] = {}
    worst: dict[str, float] = {}
    for candidate in words.suite.candidates.values():
        for loss in candidate.losses:
            classes[loss.error_class] = words.text(loss.title)
            worst[loss.error_class] = max(
                worst.get(loss.error_class, 0.0), known(loss.expected_loss) or 0.0
            )
    money = words.money([each * CASES for each in worst.values()])
    rows = []
    for name in sorted(classes, key=lambda each: -worst[each]):
        cells = []
        for candidate in words.suite.candidates.values():
            found = next((each for each in candidate.losses if each.error_class == name), None)
            cost = known(found.expected_loss) if found else None
            if found is None or cost is None:
                cells.append(Cell(numbers.UNKNOWN, words.say("state.not_measured"), tone="quiet"))
            else:
                step = numbers.rounding_step(None, None, cost * CASES)
                rate = words.say("cell.rate", rate=numbers.share(found.rate))
                cells.append(Cell(money.number(cost * CASES, step), rate))
        rows.append((Cell(classes[name]), *cells))
    caption = words.say("section.risk.losses", cases=words.cases, unit=money.unit)
    none = (
        Cell(words.say("state.no_losses")),
        *(Cell(numbers.UNKNOWN) for _ in words.suite.candidates),
    )
    head = Head(words.say("head.error_class"))
    return Table(caption, (head, *candidate_heads(words)), tuple(rows) or (none,))


def _trials(words: Words) -> Table:
    columns = ("planned", "answered", "refused", "truncated", "failed", "not_run")
    rows = []
    for name, candidate in words.suite.candidates.items():
        kinds = words.say("list.clause").join(
            words.say("cell.kind", kind=words.say(f"failure.{kind}"), n=f"{n:,}")
            for kind, n in candidate.failures.items()
        )
        counts = (Cell(f"{getattr(candidate.trials, each):,}") for each in columns)
        rows.append((Cell(plain(name), kinds), Cell(numbers.share(candidate.coverage)), *counts))
    table_heads = heads(words, "head.way", "head.coverage", *(f"trials.{each}" for each in columns))
    return Table(words.say("section.risk.trials"), table_heads, tuple(rows))


def flips(entry: Sensitivity) -> bool:
    """Whether the assumption alone, within its range, turns a gain into a loss or back."""
    return min(entry.value_low, entry.value_high) < 0 < max(entry.value_low, entry.value_high)


def _sensitivity(suites: Sequence[Words]) -> Section:
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


def _confidence(suites: Sequence[Words]) -> Section:
    parts, more_items, measure = [], 0, 0
    for words in suites:
        rows = []
        for name, candidate in words.suite.candidates.items():
            items, assumed = (
                known(candidate.spread.get(each)) for each in ("items", "assumptions")
            )
            if items is not None and assumed is not None:
                more_items += items > assumed
                measure += assumed >= items
            rows.append(_confidence_row(words, name, candidate, items, assumed))
        table_heads = heads(
            words,
            "head.way",
            "head.from_items",
            "head.from_assumptions",
            "head.p_best",
            "head.evpi",
        )
        advice = Head(words.say("head.advice"))
        caption = words.say(
            "section.confidence.caption", cases=words.cases, unit=words.money([]).unit
        )
        parts.append(
            Part(
                words.text(words.suite.title),
                tables=(Table(caption, (*table_heads, advice), tuple(rows)),),
            )
        )
    variant = (
        "unknown"
        if not (more_items or measure)
        else "items"
        if more_items > measure
        else "assumptions"
    )
    return section(
        suites,
        "confidence",
        parts,
        variant=variant,
        n=max(more_items, measure),
        all=more_items + measure,
    )


def _confidence_row(
    words: Words, name: str, candidate: CandidateSummary, items: float | None, assumed: float | None
) -> tuple[Cell, ...]:
    evpi = known(candidate.evpi_per_case)
    best_chance = known(candidate.p_best)
    advice = "unknown"
    if items is not None and assumed is not None:
        advice = "items" if items > assumed else "assumptions"
    return (
        Cell(plain(name), basis(words, candidate)),
        _amount(words, items),
        _amount(words, assumed),
        Cell(numbers.UNKNOWN if best_chance is None else numbers.chance(best_chance)),
        _amount(words, evpi),
        Cell(words.say(f"advice.{advice}")),
    )


def _amount(words: Words, per_case: float | None) -> Cell:
    if per_case is None:
        return Cell(numbers.UNKNOWN, words.say("state.not_computed"), tone="quiet")
    amount = per_case * CASES
    return Cell(words.money([]).number(amount, numbers.rounding_step(None, None, amount)))


def _pairs(suites: Sequence[Words]) -> Section:
    parts, told, apart = [], 0, 0
    for words in suites:
        pairs = words.suite.pairs
        told += len(pairs)
        for each in pairs:
            ends = bounds(each.difference)
            apart += ends is not None and not ends[0] <= 0 <= ends[1]
        sentences = tuple(pair_sentence(words, each) for each in pairs)
        single = "pair.single" if len(words.suite.candidates) == 1 else "pair.none"
        parts.append(Part(words.text(words.suite.title), sentences or (words.say(single),)))
    return section(suites, "pairs", parts, variant="" if told else "none", apart=apart, all=told)


def _slices(suites: Sequence[Words]) -> Section:
    parts, below, total = [], 0, 0
    for words in suites:
        names = dict.fromkeys(
            each.slice for one in words.suite.candidates.values() for each in one.slices
        )
        if not names:
            continue
        focus = best(words.suite)
        for each in words.suite.candidates[focus].slices if focus else ():
            value = known(each.value_per_case.value)
            total += value is not None
            below += value is not None and value < 0
        rows = tuple(_slice_row(words, name) for name in names)
        caption = words.say("section.slices.caption", cases=words.cases, unit=words.money([]).unit)
        head = Head(words.say("head.slice"))
        parts.append(
            Part(
                words.text(words.suite.title),
                tables=(Table(caption, (head, *candidate_heads(words)), rows),),
            )
        )
    variant = "" if below else "fine"
    return section(suites, "slices", parts, variant=variant, below=below, all=total)


def _slice_row(words: Words, name: str) -> tuple[Cell, ...]:
    cells, items = [], 0
    for candidate in words.suite.candidates.values():
        found = next((each for each in candidate.slices if each.slice == name), None)
        if found is None:
            cells.append(Cell(numbers.UNKNOWN, words.say("state.not_measured"), tone="quiet"))
            continue
        items = max(items, found.items)
        value = times(found.value_per_case, CASES)
        money = words.money([])
        cell = estimate_cell(
            words, value, lambda amount, step: money.number(amount, step, sign=True)
        )  # noqa: B023  # called at once, within this turn of the loop
        chance = known(found.p_positive)
        if chance is not None:
            cell = Cell(
                cell.text, words.say("cell.chance", note=cell.note, chance=numbers.chance(chance))
            )
        tone: Tone = "bad" if value.value is not None and value.value < 0 else ""
        cells.append(Cell(cell.text, cell.note, tone=tone or cell.tone))
    return (Cell(plain(name), words.say("basis.items", n=f"{items:,}")), *cells)
