import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.reports import assumptions
from bench.wording import columns, numbers, plain
from bench.wording.numbers import Money, chance, number, quantity, rounding_step, share, span


@pytest.mark.parametrize(
    "module", [numbers, columns, plain, assumptions], ids=lambda each: each.__name__
)
def test_the_examples_of_the_docstrings_hold(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("low", "high", "step"),
    [(500, 2300, 100), (-14_100, -2_000, 1000), (0.62, 0.81, 0.01), (0, 9, 0.1)],
)
def test_precision_is_a_tenth_of_the_order_of_magnitude_of_the_interval(low, high, step):
    assert rounding_step(low, high) == pytest.approx(step)


def test_a_mean_and_its_bounds_show_no_false_digits():
    step = rounding_step(513.2, 2301.7)
    assert Money("zh", "CNY").text(1583.27, step) == "1,600 元"
    assert Money("zh", "CNY").range(513.2, 2301.7, step) == "500 至 2,300 元"
    assert Money("en", "CNY").range(513.2, 2301.7, step) == "¥500 to ¥2,300"


@pytest.mark.parametrize(
    ("language", "currency", "amount", "told"),
    [
        ("zh", "CNY", 89_300, "8.9 万元"),
        ("en", "CNY", 89_300, "¥89k"),
        ("zh", "CNY", 120_400_000, "1.2 亿元"),
        ("en", "CNY", 12_040_000, "¥12.0m"),
        ("en", "USD", 89_300, "USD 89k"),
        ("zh", "USD", 89_300, "8.9 万 USD"),
        ("en", "CNY", -1_400, "−¥1,400"),
        ("zh", "CNY", -1_400, "−1,400 元"),
    ],
)
def test_money_is_written_as_its_reader_counts(language, currency, amount, told):
    scale = Money.scaled(language, currency, [amount], large=10_000)
    assert scale.text(amount) == told


def test_a_column_has_one_unit_that_the_largest_amount_decides():
    column = Money.scaled("zh", "CNY", [300, None, -695_000, math.inf], large=10_000)
    assert column.unit == "万元"
    assert [column.number(each, sign=True) for each in (300, -695_000)] == ["0.0", "−69.5"]


@pytest.mark.parametrize(
    ("value", "told"), [(1.0, ">99%"), (0.0, "<1%"), (0.99, "99%"), (0.01, "1%"), (0.666, "67%")]
)
def test_a_chance_is_never_certain(value, told):
    assert chance(value) == told


def test_a_minus_is_a_minus_and_not_a_hyphen():
    assert number(-2.4, 0.1) == "\u22122.4"


def test_a_unit_behind_both_ends_is_said_once():
    assert span("zh", "500 元", "9,000 元") == "500 至 9,000 元"
    assert span("zh", "+500", "+900") == "500 至 900"


def test_durations_and_multiples_are_read_aloud():
    assert quantity("zh", "minutes", 18) == "18 分钟"
    assert quantity("zh", "seconds", 2.41) == "2.4 秒"
    assert quantity("en", "times", 2.43, 0.1) == "2.4×"


@given(st.floats(-1e12, 1e12))
def test_no_number_is_ever_shown_as_minus_zero(value):
    told = number(value, rounding_step(None, None, value))
    assert told.strip("−0.,") or not told.startswith("−")


@given(st.floats(0, 1))
def test_a_share_is_a_percentage_of_at_most_two_decimals(value):
    told = share(value)
    assert told.endswith("%")
    assert float(told[:-1]) == pytest.approx(100 * value, abs=0.51)


@given(st.text(max_size=60))
def test_plain_text_is_one_line_without_controls(text):
    told = plain.plain(text)
    assert told.isprintable()
    assert plain.plain(told) == told


@given(st.text("ab中文 ，+", max_size=60), st.integers(2, 20))
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text, most):
    lines = columns.wrapped(text, most)
    assert all(columns.width(each) <= most or len(each) <= 2 for each in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
