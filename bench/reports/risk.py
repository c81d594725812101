"""What could hurt: gates, losses by class of error, what became of the calls."""

from collections.abc import Sequence

from bench.reports import charts
from bench.reports.cells import candidate_heads, heads, section
from bench.reports.comparison import gate_sentences
from bench.reports.figures.hundred import hundred_figure
from bench.reports.figures.losses import losses_figure
from bench.reports.parts import Cell, Figure, Head, Part, Section, Table, Tone
from bench.reports.phrases import CASES, Words, basis
from bench.reports.verdicts import best
from bench.value.candidate_summary import LossShare
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain


def risk(suites: Sequence[Words]) -> Section:
    """How many gate checks are held, then every one in words."""
    gates = [
        gate for words in suites for one in words.suite.candidates.values() for gate in one.gates
    ]
    count = {state: sum(each.held is state for each in gates) for state in (True, None, False)}
    return section(
        suites,
        "risk",
        (_part(words) for words in suites),
        variant="" if gates else "none",
        all=len(gates),
        held=count[True],
        open=count[None],
        broken=count[False],
    )


def _part(words: Words) -> Part:
    losses = _losses(words)
    return Part(
        words.text(words.suite.title),
        _unseen(words),
        (_gates(words), losses),
        (_trials(words),),
        _figures(words, losses),
        kept_open=1,
    )


def _figures(words: Words, losses: Table) -> tuple[Figure, ...]:
    """The cases and the errors of the leading candidate."""
    focus = best(words.suite)
    if focus is None:
        return ()
    candidate = words.suite.candidates[focus]
    made = (
        hundred_figure(words, focus, candidate.tail),
        losses_figure(words, focus, candidate.losses, losses),
    )
    return tuple(each for each in made if each is not None)


def _gates(words: Words) -> Table:
    tones: dict[bool | None, Tone] = {True: "good", None: "open", False: "bad"}
    rows = []
    sourced: set[str] = set()
    for name, candidate in words.suite.candidates.items():
        for gate, told in gate_sentences(words, candidate):
            title = words.text(gate.title)
            observed = gate.events / gate.n if gate.n else 0.0
            chart = (
                charts.bullet(observed, gate.bound, gate.limit, gate.held, told) if gate.n else None
            )
            kind = words.say("basis.between").join(
                (
                    words.say("gate.hard" if gate.hard else "gate.soft"),
                    words.say("gate.sources", n=f"{gate.clusters:,}"),
                )
            )
            source = ""
            if gate.source and gate.metric not in sourced:
                source = words.say("gate.source", source=plain(gate.source))
                sourced.add(gate.metric)
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


def _unseen(words: Words) -> tuple[str, ...]:
    """The dearest error that the leading candidate has not shown, and what it may still cost."""
    focus = best(words.suite)
    losses = words.suite.candidates[focus].losses if focus else []
    unseen = [each for each in losses if each.rate == 0 and known(each.expected_loss_upper)]
    if focus is None or not unseen:
        return ()
    dearest = max(unseen, key=lambda each: each.expected_loss_upper)
    amount = dearest.expected_loss_upper * CASES
    step = numbers.rounding_step(None, None, amount)
    told = words.say(
        "section.risk.unseen",
        candidate=plain(focus),
        error=words.text(dearest.title),
        upper=numbers.share(dearest.rate_upper),
        cases=words.cases,
        money=words.money([amount]).text(amount, step),
    )
    return (told,)


def _losses(words: Words) -> Table:
    classes: dict[str, str] = {}
    worst: dict[str, tuple[float, float]] = {}
    for candidate in words.suite.candidates.values():
        for loss in candidate.losses:
            classes[loss.error_class] = words.text(loss.title)
            own = (known(loss.expected_loss) or 0.0, known(loss.expected_loss_upper) or 0.0)
            worst[loss.error_class] = max(worst.get(loss.error_class, own), own)
    money = words.money([each * CASES for each, _ in worst.values()])
    rows = []
    for name in sorted(classes, key=lambda each: worst[each], reverse=True):
        cells = []
        for candidate in words.suite.candidates.values():
            found = next((each for each in candidate.losses if each.error_class == name), None)
            cost = known(found.expected_loss) if found else None
            if found is None or cost is None:
                cells.append(Cell(numbers.UNKNOWN, words.say("state.not_measured"), tone="quiet"))
            else:
                step = numbers.rounding_step(None, None, cost * CASES)
                cells.append(Cell(money.number(cost * CASES, step), _rate(words, found)))
        rows.append((Cell(classes[name]), *cells))
    caption = words.say("section.risk.losses", cases=words.cases, unit=money.unit)
    none = (
        Cell(words.say("state.no_losses")),
        *(Cell(numbers.UNKNOWN) for _ in words.suite.candidates),
    )
    head = Head(words.say("head.error_class"))
    return Table(caption, (head, *candidate_heads(words)), tuple(rows) or (none,))


def _rate(words: Words, loss: LossShare) -> str:
    """How frequent a class of error was, how frequent it may be, and what that would cost."""
    most = loss.expected_loss_upper * CASES
    return words.say(
        "cell.rate",
        rate=numbers.share(loss.rate),
        upper=numbers.share(loss.rate_upper),
        amount=words.money([most]).text(most, numbers.rounding_step(None, None, most)),
    )


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
