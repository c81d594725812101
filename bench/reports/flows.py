"""Where the money comes from and goes: the value of a case taken apart, then told over time."""

from collections.abc import Sequence

from bench.reports.assumptions import assumption_title, error_title
from bench.reports.cells import section
from bench.reports.figures.waterfall import waterfall_figure
from bench.reports.horizons import horizons, review_aware, worst
from bench.reports.parts import Cell, Figure, Head, Part, Section, Table
from bench.reports.phrases import CASES, Words
from bench.reports.verdicts import best
from bench.value.candidate_summary import CandidateSummary, Flow
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain


def money(suites: Sequence[Words]) -> Section:
    """How many tasks are surely ahead after a year; then flows, periods, the bad end, and review."""
    parts, ahead = [], 0
    for words in suites:
        title, focus = words.text(words.suite.title), best(words.suite)
        if focus is None:
            parts.append(Part(title, (words.say("flow.nobody"),)))
            continue
        candidate = words.suite.candidates[focus]
        ahead += _is_ahead(candidate)
        flows = (_flows(words, focus, candidate.flows),) if candidate.flows else ()
        parts.append(
            Part(
                title,
                _sentence(words, focus, candidate.flows),
                (*flows, horizons(words)),
                (worst(words), *review_aware(words)),
                _figures(words, candidate.flows, flows[0]) if flows else (),
            )
        )
    return section(suites, "money", parts, ahead=ahead, all=len(suites))


def _is_ahead(candidate: CandidateSummary) -> bool:
    """Whether the whole range of the first year's money lies above zero."""
    lows = [known(each.value.low) for each in candidate.horizons if each.name == "year"]
    return any(low is not None and low > 0 for low in lows)


def _step(flows: Sequence[Flow]) -> float:
    """Three digits of the largest amount, so that the amounts of a column add up."""
    most = max((abs(each.per_case) for each in flows), default=0.0) * CASES
    return numbers.rounding_step(None, None, most) / 10


def _rounded(per_case: float, step: float) -> float:
    """The money of the cases that are told, rounded before it is subtracted, so that a sentence adds up."""
    return round(per_case * CASES / step) * step


def _sentence(words: Words, name: str, flows: Sequence[Flow]) -> tuple[str, ...]:
    if not flows:
        return ()
    money, step = words.money([]), _step(flows)
    net = _rounded(sum(each.per_case for each in flows), step)
    saved = _rounded(sum(each.per_case for each in flows if each.per_case > 0), step)
    key = "flow.sentence_gain" if net >= 0 else "flow.sentence_loss"
    return (
        words.say(
            key,
            candidate=plain(name),
            cases=words.cases,
            saved=money.text(saved, step),
            spent=money.text(saved - net, step),
            net=money.text(abs(net), step),
        ),
    )


def _flows(words: Words, name: str, flows: Sequence[Flow]) -> Table:
    money, step = words.money([]), _step(flows)
    rows = []
    for each in flows:
        amount = each.per_case * CASES
        own = min(step, numbers.rounding_step(None, None, amount))
        rows.append(
            (
                Cell(_title(words, each)),
                Cell(money.number(amount, own, sign=True)),
                _grounds(words, each),
            )
        )
    net = sum(each.per_case for each in flows) * CASES
    rows.append((Cell(words.say("flow.net")), Cell(money.number(net, step, sign=True)), Cell("")))
    table_heads = (
        Head(words.say("head.flow")),
        Head(words.say("head.amount", cases=words.cases, unit=money.unit), numeric=True),
        Head(words.say("head.rests_on")),
    )
    caption = words.say("flow.caption", candidate=plain(name), cases=words.cases)
    return Table(caption, table_heads, tuple(rows))


def _figures(words: Words, flows: Sequence[Flow], table: Table) -> tuple[Figure, ...]:
    """The rows of the table as bars; their sum is the last row."""
    amounts = [each.per_case * CASES for each in flows]
    names = [_title(words, each) for each in flows]
    told = [row[1].text for row in table.rows]
    parts = [
        *zip(names, amounts, told, strict=False),
        (words.say("flow.net"), sum(amounts), told[-1]),
    ]
    figure = waterfall_figure(words, parts, words.money([]), table)
    return (figure,) if figure else ()


def _title(words: Words, flow: Flow) -> str:
    if flow.error_class is None:
        return words.say(f"flow.{flow.code}")
    return words.say(f"flow.{flow.code}", error=error_title(words, flow.error_class))


def _grounds(words: Words, flow: Flow) -> Cell:
    """The assumptions that a flow is a product of; the chip counts those nobody vouches for."""
    between = words.say("list.between")
    if not flow.rests_on:
        return Cell("", words.say("flow.measured"))
    names, guessed = [], 0
    for each in flow.rests_on:
        title = assumption_title(words, each)
        guessed += each in flow.placeholders
        names.append(
            title if each in flow.placeholders else words.say("flow.vouched", assumption=title)
        )
    chip = ""
    if guessed == len(names):
        chip = words.say("flow.all_placeholders")
    elif guessed:
        chip = words.say("flow.some_placeholders", n=guessed, all=len(names))
    return Cell("", between.join(names), chip)
