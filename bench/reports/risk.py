"""What could hurt: gates, losses by class of error, what became of the calls."""

from collections.abc import Sequence

from bench.reports import charts, numbers
from bench.reports.cells import candidate_heads, heads, section
from bench.reports.comparison import gate_sentences
from bench.reports.numbers import known
from bench.reports.parts import Cell, Head, Part, Section, Table, Tone
from bench.reports.phrases import CASES, Words, basis
from bench.reports.plain import plain


def risk(suites: Sequence[Words]) -> Section:
    """How many gate checks are held, then every one in words."""
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
            words.say("cell.kind", kind=words.named("failure", kind), n=f"{n:,}")
            for kind, n in candidate.failures.items()
        )
        counts = (Cell(f"{getattr(candidate.trials, each):,}") for each in columns)
        rows.append((Cell(plain(name), kinds), Cell(numbers.share(candidate.coverage)), *counts))
    table_heads = heads(words, "head.way", "head.coverage", *(f"trials.{each}" for each in columns))
    return Table(words.say("section.risk.trials"), table_heads, tuple(rows))
