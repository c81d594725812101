from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.suites.arithmetic import disagreement, operands, result, rounded, shape, written

UNDERSTOOD = "only numbers, + - * / ( ), min, max and abs are understood"


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1,200 + 34", "1234"),
        ("(1,000.5 / 2,000 - 1) * 100", "-49.975"),
        ("-(2 - 5)", "3"),
        ("--5", "5"),
        ("min(500 * 3.9 / 100, 1,000)", "19.5"),
        ("max(1, 2, 3)", "3"),
        ("max(12,34)", "34"),  # two digits behind a comma are no thousands
        ("abs(3 - 10) * 2", "14"),
        ("0.1 + 0.2", "0.3"),
        ("0.12345678901234567890 * 1", "0.1234567890123456789"),  # more than a float holds
        ("  7 - 2\n", "5"),
        ("1,234,567", "1234567"),
    ],
)
def test_a_formula_has_the_value_that_a_person_computes(formula, value):
    assert result(formula) == Decimal(value)


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("__import__('os').system('true')", UNDERSTOOD),
        ("2**9", UNDERSTOOD),
        ("7 // 2", UNDERSTOOD),
        ("revenue / 2", UNDERSTOOD),
        ("[1][0]", UNDERSTOOD),
        ("1e9", UNDERSTOOD),
        ("1_000", UNDERSTOOD),
        ("0x10", UNDERSTOOD),
        ("１+１", UNDERSTOOD),
        ("1 +\n2", UNDERSTOOD),
        ("1 if 2 else 3", UNDERSTOOD),
        ("+5", UNDERSTOOD),
        ("(1, 2)", UNDERSTOOD),
        ("min(*1, 2)", UNDERSTOOD),
        ("min", UNDERSTOOD),
        ("", UNDERSTOOD),
        ("(1 + 2", "'(1 + 2' is no formula"),
        ("1 2", "'1 2' is no formula"),
        ("007", "'007' is no formula"),
        ("min(5)", "'min(5)' is no formula"),
        ("min()", "'min()' is no formula"),
        ("abs(1, 2)", "'abs(1, 2)' is no formula"),
        ("1 / 0", "'1 / 0' has no value"),
        ("0 / (2 - 2)", "'0 / (2 - 2)' has no value"),
        ("1" * 400 + "x", UNDERSTOOD),  # in linear time
        ("1" * 501, "the formula has more than 500 characters"),
    ],
)
def test_anything_but_plain_arithmetic_is_refused(formula, why):
    with pytest.raises(ValueError, match=r".") as caught:
        result(formula)
    assert str(caught.value) == why


def told(formula):
    """The value, or the one line of why there is none."""
    try:
        return result(formula)
    except ValueError as error:
        return str(error)


def test_deep_nesting_is_a_value_or_one_line():
    assert told("(" * 90 + "1" + ")" * 90) == 1
    assert told("-" * 498 + "1") == 1
    assert told("(" * 249 + "1" + ")" * 249).endswith("is no formula")


def test_the_operands_of_a_formula_are_the_numbers_as_written():
    assert operands("min(500, 1,000.5) / 41,036.2 - 1") == ["500", "1,000.5", "41,036.2", "1"]
    assert operands("max(500,1000)") == ["500", "1000"]


@pytest.mark.parametrize(
    ("answer", "parts"),
    [
        ("-6.9%", ("-6.9", "", 1, "%", True)),
        ("−6,512.8万元", ("-6512.8", "", 1, "万元", True)),
        ("-US$3 million", ("-3", "US$", 0, " million", True)),
        ("约 12.50元", ("12.50", "约 ", 2, "元", True)),
        ("6512.8", ("6512.8", "", 1, "", False)),
        ("每股0.52元", ("0.52", "每股", 2, "元", True)),
        ("1,2345", ("1", "", 0, ",2345", True)),
    ],
)
def test_a_shape_is_how_an_answer_writes_its_number(answer, parts):
    value, *rest = parts
    assert shape(answer) == (Decimal(value), *rest)


@pytest.mark.parametrize("answer", ["", "无法回答", "US$-5", ".5", "None", "归属于母公司股东的5元"])
def test_an_answer_that_does_not_begin_with_its_number_has_no_shape(answer):
    assert shape(answer) is None


@pytest.mark.parametrize(
    ("value", "like", "expected"),
    [
        ("19.449", "1.0%", "19.4"),
        ("-0.96", "1.0%", "-1.0"),
        ("2.4989", "1元", "2"),
        ("2.5", "1元", None),  # on the border
        ("2.4995", "1元", None),  # within a thousandth of it
        ("-2.5005", "1元", None),
        ("2.5011", "1元", "3"),
    ],
)
def test_rounding_is_half_up_and_says_nothing_at_a_border(value, like, expected):
    found = rounded(Decimal(value), shape(like))
    assert found == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("formula", "answer", "why"),
    [
        ("1 / 3 * 100", "33.3%", None),
        ("1 / 3 * 100", "33%", None),
        ("1 / 3 * 100", "33.4%", "the formula gives 33.3%, the answer says 33.4%"),
        ("(38,215.7 / 41,036.2 - 1) * 100", "-6.9%", None),
        ("-41,036.2 * 2", "-82,072.4万元", None),
        ("10 - 12", "2元", "the formula gives -2元, the answer says 2元"),
        ("0.125", "0.13", "the formula's value is on a rounding border at 2 decimals"),
        ("5", "五", "the answer '五' does not begin with a number"),
        ("5 / 0", "5", "'5 / 0' has no value"),
        ("five", "5", UNDERSTOOD),
        ("9" * 40, "5", "1.00000e+40 with 0 decimals has too many digits"),
        ("1", "1." + "0" * 40, "1 with 40 decimals has too many digits"),
    ],
)
def test_a_formula_and_an_answer_agree_or_it_is_said_how_they_do_not(formula, answer, why):
    assert disagreement(formula, answer) == why


numbers = st.decimals(-(10**9), 10**9, allow_nan=False, places=4)
shapes = st.sampled_from(
    ["1%", "0.12", "-3.4567元", "US$1,234.5 million", "12345.67", "约5万", "HK$0.1"]
)


@given(numbers, shapes)
def test_what_is_written_reads_back(value, answer):
    like = shape(answer)
    found = rounded(value, like)
    if found is not None:
        again = shape(written(found, like))
        assert (again.value, again.before, again.places, again.behind) == (found, *like[1:4])
        assert abs(again.value - value) <= Decimal(5).scaleb(-like.places - 1)


@given(numbers, shapes)
def test_a_number_agrees_with_itself_as_it_is_written(value, answer):
    like = shape(answer)
    found = rounded(value, like)
    if found is not None:
        assert disagreement(f"{value:f}", written(found, like)) is None


@given(st.text("0123456789+-*/(),. minaxbs\n", max_size=60))
def test_a_formula_has_a_value_or_a_reason_why_not(formula):
    assert isinstance(told(formula), Decimal | str)
