"""Classes of error by what they cost, and how much they may still cost."""

from collections.abc import Sequence

from bench.reports.figures.palette import HARM
from bench.reports.figures.row import Bar, Fade, Row, Tag, scaled_row
from bench.reports.figures.rows import Sheet, rows_spec
from bench.reports.parts import Figure, Table
from bench.reports.phrases import CASES, Words
from bench.value.candidate_summary import LossShare
from bench.wording import numbers
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_MOST = 10


def losses_figure(
    words: Words, name: str, losses: Sequence[LossShare], table: Table
) -> Figure | None:
    """Expected losses of one candidate for `CASES` cases; None where none is known or may occur."""
    counted = [each for each in losses if known(each.expected_loss) is not None]
    drawn = sorted(counted, key=_dearness, reverse=True)[:_MOST]
    if not drawn or _dearness(drawn[0]) == (0.0, 0.0):
        return None
    money = words.money([amount for each in drawn for amount in _dearness(each)])
    note = words.say("plot.losses.note", unit=money.unit, cases=words.cases)
    if len(counted) > _MOST:
        note += words.say("plot.more", n=_MOST)
    sheet = Sheet(
        _finding(words, name, drawn, money),
        note,
        axis=words.say("plot.losses.axis", cases=words.cases, unit=money.unit),
    )
    rows = [scaled_row(_row(words, each, money), money.divisor) for each in drawn]
    return Figure(rows_spec(rows, sheet), f"{sheet.title} {sheet.note}", table)


def _dearness(loss: LossShare) -> tuple[float, float]:
    """Expected loss of `CASES` cases, and its upper bound."""
    return (known(loss.expected_loss) or 0.0) * CASES, (
        known(loss.expected_loss_upper) or 0.0
    ) * CASES


def _told(money: Money, amount: float) -> str:
    return money.number(amount, numbers.rounding_step(None, None, amount))


def _finding(words: Words, name: str, drawn: Sequence[LossShare], money: Money) -> str:
    top = drawn[0]
    cost, upper = _dearness(top)
    return words.say(
        "plot.losses.title" if cost else "plot.losses.unseen",
        candidate=plain(name),
        error=words.text(top.title),
        cases=words.cases,
        cost=money.text(cost, numbers.rounding_step(None, None, cost)),
        upper=money.text(upper, numbers.rounding_step(None, None, upper)),
    )


def _row(words: Words, loss: LossShare, money: Money) -> Row:
    cost, upper = _dearness(loss)
    reach = max(cost, upper)
    told = words.say("plot.losses.tag", cost=_told(money, cost), upper=_told(money, reach))
    return Row(
        words.text(loss.title),
        bars=(Bar(0.0, cost, HARM),) if cost else (),
        fades=(Fade(cost, reach, HARM),) if reach > cost else (),
        tags=(Tag(reach, told),),
    )
