"""The reader of quantities. The table follows the normalisation rules of the finance suite's card."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.chinese_numerals import chinese_integer
from bench.scoring.quantities import directed, quantities


def one(text):
    found = quantities(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("12.5亿元", "1250000000", "CNY"),
        ("1,234.5万元", "12345000", "CNY"),
        ("１２３４.５万元", "12345000", "CNY"),
        ("１，２３４．５万元", "12345000", "CNY"),
        ("3.2万亿元", "3200000000000", "CNY"),
        ("12亿3400万元", "1234000000", "CNY"),
        ("人民币5,000万元", "50000000", "CNY"),
        ("1元2角5分", "1.25", "CNY"),
        ("1.35亿美元", "135000000", "USD"),
        ("US$5", "5", "USD"),
        ("-$3.2 million", "-3200000", "USD"),
        ("1.2bn", "1200000000", ""),
        ("(3.2)%", "-0.032", "ratio"),
        ("（3.2）%", "-0.032", "ratio"),
        ("-3.2%", "-0.032", "ratio"),
        ("－3.2％", "-0.032", "ratio"),
        ("负3.2%", "-0.032", "ratio"),
        ("3‰", "0.003", "ratio"),
        ("千分之三", "0.003", "ratio"),
        ("百分之十二点三", "0.123", "ratio"),
        ("三成五", "0.35", "ratio"),
        ("翻一番", "1", "ratio"),
        ("3.2个百分点", "3.2", "pp"),
        ("负0.5个百分点", "-0.5", "pp"),
        ("25个基点", "0.25", "pp"),
        ("25bp", "0.25", "pp"),
        ("1.85倍", "1.85", "times"),
        ("1.2亿股", "120000000", "shares"),
        ("30日内", "30", "days"),
        ("15个工作日", "15", "days"),
        ("3年期", "3", "years"),
        ("12个月", "12", "months"),
        ("一百二十三亿四千万元", "12340000000", "CNY"),
        ("壹佰贰拾叁元肆角", "123.4", "CNY"),
        ("三点二亿元", "320000000", "CNY"),
        ("20余家", "20", ""),
        ("三家银行", "3", ""),
        ("|(1,234.5)|", "-1234.5", ""),
    ],
)
def test_a_quantity_is_read_in_base_units(text, value, unit):
    found = one(text)
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("£13.0 million", "13000000", "GBP"),
        ("-£654 thousand", "-654000", "GBP"),
        ("S$1.75 billion", "1750000000", "SGD"),
        ("A$0.13", "0.13", "AUD"),
        ("HK$5bn", "5000000000", "HKD"),
        ("NT$ 5", "5", "TWD"),
        ("US$15.9 million", "15900000", "USD"),
        ("INR19", "19", "INR"),
        ("19 INR", "19", "INR"),
        ("5 Australian dollars", "5", "AUD"),
        ("3.5 pence", "0.035", "GBP"),
        ("12.5 cents", "0.125", "USD"),
        ("12.5 HK cents", "0.125", "HKD"),
        ("HK cents 12.5", "0.125", "HKD"),
        ("$2.4m", "2400000", "USD"),
        ("$1.2bn", "1200000000", "USD"),
        ("$1.2b", "1200000000", "USD"),
        ("€5MM", "5000000", "EUR"),
        ("USD 5.2m", "5200000", "USD"),
        ("1.5 Million", "1500000", ""),
        ("1 basis point", "0.01", "pp"),
        ("1 percentage point", "1", "pp"),
        ("1 year", "1", "years"),
        ("a 12 month term", "12", "months"),
        ("negative 6.7%", "-0.067", "ratio"),
        ("minus $5 million", "-5000000", "USD"),
        ("non-negative 5", "5", ""),
    ],
)
def test_english_amounts_are_read_in_base_units(text, value, unit):
    found = one(text)
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "noun", ["stores", "tonnes", "barrels", "employees", "MWh", "t", "m", "mm"]
)
def test_what_is_counted_or_measured_in_english_is_no_unit(noun):
    for shown, value in (("2,345", 2345), ("1.2 million", 1200000)):
        found = one(f"{shown} {noun}")
        assert (found.value, found.unit, found.text) == (value, "", shown)


@pytest.mark.parametrize("text", ["MXN$5", "the 2019 year-end", "fiscal 2018 year"])
def test_a_currency_or_length_of_time_that_is_none_gives_no_unit(text):
    assert one(text).unit == ""


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("2026年1月5日", 20260105, "date"),
        ("2026-01-05", 20260105, "date"),
        ("二〇二六年一月五日", 20260105, "date"),
        ("2026年1月", 20260100, "date"),
        ("1月5日", 105, "date"),
        ("2025年度", 2025, "year"),
        ("第三季度", 3, "ordinal"),
        ("〔2024〕", 2024, "year"),
        ("9：30", 570, "time"),
    ],
)
def test_dates_and_ordinals_are_never_amounts(text, value, unit):
    found = one(text)
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    [
        "统一",
        "一些",
        "十四五",
        "数十亿元",
        "R1级",
        "Q3",
        "A股",
        "1.2.3",
        "（1）收入",
        "一成不变",
        "七八成",
    ],
)
def test_what_does_not_clearly_count_is_left_alone(text):
    assert quantities(text) == []


def test_list_numbers_are_left_alone():
    assert [each.text for each in quantities("1. 收入12亿元\n2. 成本3亿元")] == ["12亿元", "3亿元"]


def test_both_ends_of_a_range_have_its_unit():
    assert [each.value for each in quantities("10—12亿元")] == [10 * 10**8, 12 * 10**8]
    assert [each.unit for each in quantities("2023、2024和2025年")] == ["year"] * 3


def test_a_minus_between_numbers_joins_them():
    assert [each.value for each in quantities("12.5-10.3=2.2")] == [
        Decimal(n) for n in ("12.5", "10.3", "2.2")
    ]
    assert quantities("净利润-2亿元")[0].value == -2 * 10**8


def test_the_last_digit_shown_gives_the_step():
    assert one("12.3%").half_step == Decimal("0.0005")
    assert one("36,012万元").half_step == 5000
    assert one("12亿3400万元").half_step == 5000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("下降3.2%", "-0.032"),
        ("同比减少了约3.2%", "-0.032"),
        ("净亏损1亿元", "-100000000"),
        ("下降至3.2%", "0.032"),
        ("增长3.2%", "0.032"),
        ("变动-3.2%", "-0.032"),
    ],
)
def test_words_of_falling_give_a_sign_but_a_level_has_none(text, value):
    assert directed(text, one(text)) == Decimal(value)


@given(st.integers(0, 10**12), st.sampled_from([("元", 0), ("万元", 4), ("亿元", 8)]))
def test_whole_amounts_come_back_with_and_without_separators(number, scale):
    word, power = scale
    for shown in (f"{number}{word}", f"{number:,}{word}"):
        assert one(f"收入为{shown}。").value == Decimal(number) * 10**power


def in_characters(number):
    """The everyday numeral of a number below ten thousand."""
    text, pending_zero = "", False
    for place, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if pending_zero and text else "") + "零一二三四五六七八九"[digit] + word
        pending_zero = not digit
    return text


@given(st.integers(1, 9999))
def test_numerals_in_characters_come_back(number):
    assert chinese_integer(in_characters(number)) == number


@given(st.text(alphabet="0123456789.,-–%()（）一二十百万亿元年月日点成分之第至个 \n|", max_size=60))
def test_any_text_gives_ordered_slices_of_itself(text):
    end = 0
    for each in quantities(text):
        assert end <= each.start < each.end
        assert text[each.start : each.end] == each.text
        end = each.end


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "一",
        "1,111",
        "1.",
        "(",
        "1%",
        "百分之",
        "1亿1万",
        "2024、",
        "人民币",
        " ",
        "\n",
        "一点",
        "第",
    ],
)
def test_a_hundred_kilobytes_of_hostile_text_are_read_in_linear_time(piece):
    start = time.perf_counter()
    quantities(piece * (100_000 // len(piece)))
    assert time.perf_counter() - start < 5
