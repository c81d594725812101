"""Money over time, its bad end, and what review and doing again leave of speed and cost."""

from collections.abc import Callable, Sequence
from functools import partial

from bench.reports.cells import candidate_heads, estimate_cell, heads, metric_text, money_cell
from bench.reports.parts import Cell, Head, Table
from bench.reports.phrases import CASES, Words
from bench.types import Estimate
from bench.value.candidate_summary import CandidateSummary, HorizonValue, ReviewAware
from bench.wording import numbers
from bench.wording.numbers import Money, known
from bench.wording.plain import plain

_LARGE = 10_000
_TENTH = 0.1


def horizons(words: Words) -> Table:
    """The money of every period by candidate, and when setting up is earned back."""
    candidates = list(words.suite.candidates.values())
    money = _scale(words, [each.value for one in candidates for each in one.horizons])
    rows = []
    for name, months in _periods(candidates).items():
        told = partial(money.number, sign=True)
        cells = (estimate_cell(words, _of(each.horizons, name), told) for each in candidates)
        rows.append((Cell(words.say(f"horizon.{name}", months=months)), *cells))
    caption = words.say("horizon.caption", unit=money.unit)
    head = Head(words.say("head.period"))
    return Table(caption, (head, *candidate_heads(words)), (*rows, _payback(words)))


def _scale(words: Words, estimates: Sequence[Estimate]) -> Money:
    """The scale of the figures; a long tail must not make it too coarse for them."""
    amounts = [each.value for each in estimates]
    return Money.scaled(words.language, plain(words.suite.currency), amounts, _LARGE)


def _periods(candidates: Sequence[CandidateSummary]) -> dict[str, int]:
    return {each.name: each.months for one in candidates for each in one.horizons}


def _of(horizons: Sequence[HorizonValue], name: str) -> Estimate | None:
    return next((each.value for each in horizons if each.name == name), None)


def _payback(words: Words) -> tuple[Cell, ...]:
    cells = (_months(words, each.payback_months) for each in words.suite.candidates.values())
    return (Cell(words.say("metric.payback"), words.say("better.lower")), *cells)


def _months(words: Words, payback: Estimate) -> Cell:
    """Months to pay back; without an upper bound they may never end."""
    told, value, low = metric_text(words, "months"), known(payback.value), known(payback.low)
    if value is None:
        return Cell(numbers.UNKNOWN, words.say("payback.never"), tone="quiet")
    if low is None or known(payback.high) is not None:
        return estimate_cell(words, payback, told)
    note = words.say("payback.perhaps", low=told(low, _TENTH))
    return Cell(told(value, _TENTH), note)


def worst(words: Words) -> Table:
    """Means of the worst 5 %: of what the net value may be, and of single cases."""
    tails = [each.tail for each in words.suite.candidates.values()]
    draws = [None if known(each.draws) is None else (each.draws or 0.0) * CASES for each in tails]
    rows = (
        (
            Cell(words.say("tail.draws"), words.say("tail.draws_note", cases=words.cases)),
            *(money_cell(words, each) for each in draws),
        ),
        (
            Cell(
                words.say("tail.cases"),
                words.say("tail.cases_note", case=words.text(words.suite.case)),
            ),
            *(money_cell(words, each.cases) for each in tails),
        ),
    )
    caption = words.say("tail.caption", unit=words.money([]).unit)
    return Table(caption, (Head(words.say("head.worst")), *candidate_heads(words)), rows)


def review_aware(words: Words) -> tuple[Table, ...]:
    """Speed and cost against a person's, two rows a candidate; no table where none was timed."""
    rows: list[tuple[Cell, ...]] = []
    tries: Sequence[int | None] = ()
    for name, candidate in words.suite.candidates.items():
        if candidate.review is not None:
            tries = candidate.review.tries
            rows += _review_rows(words, name, candidate.review)
    if not rows:
        return ()
    first = heads(words, "head.way", "head.usable")
    columns = (Head(_tries(words, each), numeric=True) for each in tries)
    return (Table(words.say("review_aware.caption"), (*first, *columns), tuple(rows)),)


def _tries(words: Words, tries: int | None) -> str:
    if tries is None:
        return words.say("review_aware.endless")
    return words.say("review_aware.once" if tries == 1 else "review_aware.tries", n=tries)


def _review_rows(words: Words, name: str, review: ReviewAware) -> list[tuple[Cell, ...]]:
    break_even = known(review.break_even_usable)
    note = ""
    if break_even is not None:
        note = words.say("review_aware.break_even", share=numbers.share(break_even))
    money = words.money([])
    minutes = partial(numbers.quantity, words.language, "minutes")

    def amount(value: float) -> str:
        return money.text(value, numbers.rounding_step(None, None, value))

    return [
        (
            Cell(plain(name), words.say("review_aware.speed")),
            Cell(numbers.share(review.usable), note),
            *_times(words, review.speed_up, review.minutes, minutes),
        ),
        (
            Cell(plain(name), words.say("review_aware.cost")),
            Cell(""),
            *_times(words, review.cost_ratio, review.cost, amount),
        ),
    ]


def _times(
    words: Words,
    ratios: Sequence[float | None],
    spent: Sequence[float | None],
    told: Callable[[float], str],
) -> list[Cell]:
    cells = []
    for ratio, each in zip(ratios, spent, strict=True):
        times, amount = known(ratio), known(each)
        if times is None or amount is None:
            cells.append(Cell(numbers.UNKNOWN, words.say("state.not_computed"), tone="quiet"))
            continue
        step = numbers.rounding_step(None, None, times)
        shown = numbers.quantity(words.language, "times", times, step)
        cells.append(Cell(shown, told(amount), tone="bad" if times < 1 else ""))
    return cells
