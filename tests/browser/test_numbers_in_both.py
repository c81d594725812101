"""The page's script writes every number as the report does: the same texts for thousands of values."""

import itertools
import random

import pytest

from bench.reports.assumptions import assumption_value, three_digits
from bench.reports.html import html
from bench.reports.phrases import Words, per_hundred
from bench.types import Estimate
from bench.value.judged import Judged
from bench.wording import numbers
from bench.wording.numbers import Money

EDGES = (
    0.0, 0.5, 1.5, 2.5, 0.05, 0.125, 0.375, 0.25, 0.75, 0.005, 0.015, 0.0049, 0.995, 0.99, 0.9900001, 0.01, 0.0099,
    9.95, 9.949, 9.9999, 0.0995, 0.00095, 0.000951, 1.005, 2.675, 10.0, 12.5, 99.5, 100.0, 112.5, 999.5, 1000.0, 1250.0,
    9_999.5, 9_999.95, 10_000.0, 12_500.0, 99_999.9, 100_000.0, 104_999.0, 105_000.0, 999_999.0, 9_999_999.0, 10_000_000.0,
    99_999_999.0, 100_000_000.0, 1_250_000_000.0, 12_345_678_901.0, 1e-9, 1.0001e-9, 1e-10, 0.3, 0.7, 0.56,
)  # fmt: skip
STEPS = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0, 100_000.0)
NAMES = {
    "review.detects": "share", "review.minutes": "minutes", "horizon.ramp_up_months": "months",
    "cases_per_month": "cases", "loss.wrong": "money",
}  # fmt: skip
CALLED = """(calls) => {
  const money = (language, currency, large, told, all) => Numbers.Money.scaled(language, currency, all, large, told);
  const known = {
    step: Numbers.roundingStep, beside: Numbers.stepBeside, number: Numbers.number, share: Numbers.share,
    limit: Numbers.limit, chance: Numbers.chance, quantity: Numbers.quantity, span: Numbers.span,
    digits: Numbers.threeDigits, assumed: Numbers.assumed, hundred: Numbers.perHundred, percent: Numbers.percent,
    unit: (...of) => money(...of).unit,
    text: (amount, step, sign, ...of) => money(...of).text(amount, step, sign),
    bare: (amount, step, sign, ...of) => money(...of).number(amount, step, sign),
    range: (low, high, step, ...of) => money(...of).range(low, high, step),
  };
  return calls.map(([name, ...args]) => known[name](...args));
}"""


def drawn():
    """Edges and values of every size, of either sign."""
    draw = random.Random(5)
    sizes = [*EDGES, *(10 ** draw.uniform(-4, 9.5) for _ in range(120))]
    sizes += [float(f"{each:.3g}") for each in sizes[len(EDGES) :: 3]]
    return [sign * each for each in sizes for sign in ((1, -1) if each else (1,))]


def plain_calls(values):
    """Calls whose result depends on no language, with what Python gives."""
    for value in values:
        for step in STEPS:
            yield ["number", value, step], numbers.number(value, step)
        yield ["number", value, 1, {"sign": True}], numbers.number(value, sign=True)
        yield ["number", value, 0.1, {"decimals": 2}], numbers.number(value, 0.1, decimals=2)
        yield ["step", None, None, value], numbers.rounding_step(None, None, value)
        yield ["digits", value], three_digits(value)
        if abs(value) < 1000:
            yield ["share", value], numbers.share(value)
            yield ["share", value, 1], numbers.share(value, 1)
        if 0 <= value <= 1:
            yield ["chance", value], numbers.chance(value)
            yield ["limit", value], numbers.limit(value)
            yield ["percent", value], f"{value:.0%}"
            yield ["percent", value, 1], f"{value:.1%}"
    draw = random.Random(6)
    for _ in range(400):
        low, value, high = sorted(draw.choice(values) for _ in range(3))
        yield ["step", low, high], numbers.rounding_step(low, high)
        yield ["beside", value, low, high], numbers.step_beside(value, low, high)


def money_calls(values, language):
    draw = random.Random(7)
    for value, currency in itertools.product(values, ("CNY", "USD")):
        other, step = draw.choice(values), draw.choice((0.001, 0.1, 1.0, 100.0, 10_000.0))
        large, told = draw.choice((10_000, 100_000)), draw.choice(([], [value], [None, other]))
        of = [language, currency, large, told, [value, other, None]]
        money = Money.scaled(language, currency, [value, other, None], large, told)
        sign = draw.random() < 0.5
        yield ["text", value, step, sign, *of], money.text(value, step, sign=sign)
        yield ["bare", value, step, sign, *of], money.number(value, step, sign=sign)
        low, high = sorted((value, other))
        yield ["range", low, high, step, *of], money.range(low, high, step)
        yield ["unit", *of], money.unit


def worded_calls(values, words):
    """Quantities, assumptions and the phrase for money, in one language."""
    language, draw = words.language, random.Random(8)
    nouns = {"language": language, "currency": words.suite.currency, "cases": words.cases}
    for value in values:
        for unit in ("minutes", "seconds", "times", "months"):
            yield ["quantity", language, unit, value], numbers.quantity(language, unit, value)
        for name, unit in NAMES.items():
            if value >= 0 and not (unit == "share" and value > 1):
                told = assumption_value(words, name, value)
                yield ["assumed", language, words.suite.currency, unit, value], told
    for n in range(600):
        low, value, high = sorted(draw.choice(values) for _ in range(3))
        bounds = (low, high) if n % 5 else (None, None)
        estimate = Estimate(
            value=value if n % 50 else None, low=bounds[0], high=bounds[1], level=0.9, n=n % 4, method=""
        )  # fmt: skip
        yield ["hundred", nouns, estimate.model_dump()], per_hundred(words, estimate)
    for low, high in (("8.2 min", "13.9 min"), ("¥1", "¥2"), ("+1 元", "+2 元"), ("1", "2")):
        yield ["span", language, low, high], numbers.span(language, low, high)


@pytest.fixture
def page(open_page, invented):
    return open_page(html(Judged(invented.summary()), "zh"))


def test_script_and_report_write_the_same_numbers(page, invented):
    values = drawn()
    suite = next(iter(invented.summary().suites.values()))
    calls = [
        *plain_calls(values),
        *(each for language in ("zh", "en") for each in money_calls(values, language)),
        *(
            each
            for language in ("zh", "en")
            for each in worded_calls(values, Words(language, suite, "suite"))
        ),
    ]
    told = page.evaluate(CALLED, [call for call, _ in calls])
    assert len(calls) > 5000
    different = [
        (call, wanted, got)
        for (call, wanted), got in zip(calls, told, strict=True)
        if got != (pytest.approx(wanted, rel=1e-12) if isinstance(wanted, float) else wanted)
    ]
    assert different[:10] == []
