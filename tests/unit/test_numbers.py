"""The one-number scorer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.abstention import Abstention, declines
from bench.scoring.numbers import NumberAnswer
from bench.scoring.reading import Reading
from bench.types import Item


def item(answer, **reference):
    return Item(id="i", cluster="c", input={}, reference={"answer": answer, **reference})


def score(answer, reply, scorer=None, **reference):
    scorer = scorer or NumberAnswer()
    assert scorer.problem(item(answer, **reference)) is None
    return scorer.score(item(answer, **reference), Reading(reply))


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        ("12.3%", "12.34%"),
        ("12.3%", "12.3"),
        ("12.3%", "0.123"),
        ("12.3%", "同比增长百分之十二点三"),
        ("12.3%", "增长12.3%（(112.3-100)/100=12.3%）"),
        ("12.3%", "(112.3-100)/100=12.3%"),
        ("12.3%", "由100万元增至112.3万元，增长12.3%"),
        ("12.3%", "12.3%，上年为10.1%"),
        ("-3.2%", "下降3.2%"),
        ("-3.2%", "(3.2)%"),
        ("36,012万元", "3.6012亿元"),
        ("36,012万元", "360,120,000元"),
        ("36,012万元", "36012"),
        ("25个基点", "0.25个百分点"),
        ("1.85倍", "185%"),
        ("-1.2亿元", "净亏损1.2亿元"),
        ("0.52元", "0.52元/股"),
    ],
)
def test_the_same_number_is_right_in_any_form(answer, reply):
    assert score(answer, reply).label == "right"


@pytest.mark.parametrize(
    ("answer", "reply", "error_class"),
    [
        ("12.3%", "12.36%", "wrong_number"),
        ("12.3%", "0.123%", "scale_error"),
        ("36,012万元", "36,012元", "scale_error"),
        ("36,012万元", "360.12亿元", "scale_error"),
        ("-3.2%", "3.2%", "sign_error"),
        ("-1.2亿元", "1.2亿元", "sign_error"),
        ("1.6个百分点", "1.6%", "unit_error"),
        ("25个基点", "0.25%", "unit_error"),
        ("5,000万元", "5,000万美元", "unit_error"),
    ],
)
def test_a_wrong_number_has_a_named_class(answer, reply, error_class):
    found = score(answer, reply)
    assert (found.label, found.error_class) == ("wrong", error_class)
    assert found.metrics["scale_or_sign"] == (error_class in ("scale_error", "sign_error"))


def test_the_number_of_another_period_or_body_is_recognised():
    others = {"other_periods": {"2024年": "10.1%"}, "other_entities": {"甲公司": "15.0%"}}
    assert score("12.3%", "10.1%", **others).error_class == "period_error"
    assert score("12.3%", "15.0%", **others).error_class == "entity_error"
    assert "甲公司" in score("12.3%", "15.0%", **others).reason


def test_two_numbers_for_one_question_are_hedging():
    found = score("12.3%", "12.3%或12.5%")
    assert (found.label, found.error_class) == ("hedged", "hedged")


def test_the_same_number_said_twice_is_no_hedging():
    assert score("36,012万元", "36,012万元或3.60亿元").label == "right"


def test_declining_is_right_exactly_where_the_source_has_no_answer():
    assert score(None, "无法回答，材料没有披露").label == "right"
    assert score("12.3%", "无法回答，材料没有披露2023年收入").label == "abstained"


def test_a_figure_where_there_is_none_is_invented():
    assert score(None, "3.2%").error_class == "answered_unanswerable"
    assert score(None, "无法确定，估计为3亿元").error_class == "answered_unanswerable"
    assert score(None, "无法回答，按基准测算约5,185元").error_class == "answered_unanswerable"


def test_a_number_rounded_too_far_is_wrong_but_says_so():
    found = score("12.3%", "12%")
    assert (found.label, found.metrics["rounded"]) == ("wrong", 1.0)


def test_a_missing_unit_is_told():
    assert score("12.3%", "12.3").metrics["has_unit"] == 0.0
    assert score("12.3%", "12.3%").metrics["has_unit"] == 1.0


def test_a_question_for_a_fall_takes_its_size_but_no_rise():
    assert score("3.2%", "下降3.2%", fall=True).label == "right"
    assert score("3.2%", "-3.2%", fall=True).label == "right"
    assert score("3.2%", "上升3.2%", fall=True).error_class == "sign_error"


def test_nothing_readable_is_unreadable_and_a_form_without_the_field_is_too():
    assert score("12.3%", "这要看情况").label == "unreadable"
    reading = Reading("依据：12.3%", {"evidence": "12.3%"})
    assert NumberAnswer(field="answer").score(item("12.3%"), reading).label == "unreadable"


def test_a_relative_tolerance_replaces_the_last_digit():
    assert score("100元", "100.09元", NumberAnswer(tolerance=0.001)).label == "right"
    assert score("100元", "100.2元", NumberAnswer(tolerance=0.001)).label == "wrong"


@pytest.mark.parametrize("told", [12.3, "没有", "2025年", "1元和2元"])
def test_a_reference_that_is_not_one_amount_is_refused_when_the_suite_loads(told):
    assert "answer" in NumberAnswer().problem(item(told))


def test_a_reference_must_say_null_to_have_no_answer():
    assert "missing" in NumberAnswer().problem(Item(id="i", cluster="c", input={}))


@given(st.decimals("0.1", "99999.9", places=1), st.integers(-6, 6).filter(bool))
def test_a_shift_of_the_point_is_always_a_scale_error(number, power):
    told = f"{number}万元"
    shifted = number.scaleb(power)
    assert score(told, told).label == "right"
    assert score(told, f"{shifted:f}万元").error_class == "scale_error"


@given(st.text(max_size=80))
def test_any_reply_gets_a_declared_label_and_every_metric(reply):
    found = score("12.3%", reply)
    assert found.label in NumberAnswer.labels
    assert set(found.metrics) == set(NumberAnswer.metrics)
    assert found.error_class is None or found.error_class in NumberAnswer.error_classes


@pytest.mark.parametrize(
    "text",
    [
        "无法回答",
        "材料未披露2023年收入",
        "不能承诺收益，业绩比较基准为3.2%",
        "表中没有2024年一列",
        "收益不确定，投资有风险",
        "Cannot be determined: not disclosed",
    ],
)
def test_declining_is_recognised(text):
    assert declines(text)


@pytest.mark.parametrize("text", ["12.3%（材料未披露口径）", "3亿元", "无法确定，估计为3亿元", ""])
def test_an_answer_with_a_caveat_is_an_answer(text):
    assert declines(text) is None


def test_abstention_is_worth_one_where_it_is_due():
    scorer = Abstention()
    assert scorer.score(item(None), Reading("无法回答")).value == 1.0
    assert scorer.score(item("1元"), Reading("无法回答")).value == 0.0
    found = scorer.score(item("1元"), Reading("1元"))
    assert (found.label, found.value) == ("no", 1.0)
