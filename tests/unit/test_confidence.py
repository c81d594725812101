import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bench.registry import SCORERS
from bench.scoring.confidence import Confidence
from bench.scoring.reading import Reading
from bench.types import Item

ITEM = Item(id="a", cluster="a", input={})


def stated(text, **options):
    """The confidence that a text states; None: it is absent."""
    return Confidence(**options).score(ITEM, Reading(text)).metrics.get("confidence")


def stated_in_field(value, **options):
    reading = Reading(f"把握：{value}", {"sure": value})
    return Confidence(field="sure", **options).score(ITEM, reading).metrics.get("confidence")


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("置信度：85%", 0.85),
        ("答案：3.2亿元。置信度：８５％。", 0.85),
        ("把握 0.8", 0.8),
        ("把握：85 分", 0.85),
        ("把握：0.5 分", 0.005),
        ("把握：8分（满分10分）", 0.8),
        ("Confidence: 8/10", 0.8),
        ("confidence 8 out of 10", 0.8),
        ("我有八成五的把握", 0.85),
        ("置信度：百分之八十五", 0.85),
        ("85%左右的把握", 0.85),
        ("把握在85%左右", 0.85),
        ("**置信度（0-100）**：85", 0.85),
        ("## 置信度\n85%", 0.85),
        ('{"confidence": 0.85}', 0.85),
        ("I am 90% sure", 0.9),
        ("0.9 confidence", 0.9),
        ("置信度：1", 1.0),
        ("置信度：0", 0.0),
    ],
)
def test_a_number_beside_a_mark_is_read_as_a_share(text, share):
    assert stated(text) == pytest.approx(share)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("置信度：高", 0.9),
        ("置信度：较低。", 0.3),
        ("把握：中等", 0.6),
        ("Confidence level: High", 0.9),
        ("with medium confidence", 0.6),
        ("置信度：高（依据充分）", 0.9),
    ],
)
def test_a_word_stands_for_a_number(text, share):
    assert stated(text) == share


def test_the_numbers_of_words_are_the_suites_own():
    words = {"很有把握": 0.95, "Shaky": 0.2}
    assert stated("置信度：很有把握", words=words) == 0.95
    assert stated("confidence: SHAKY", words=words) == 0.2
    assert stated("置信度：高", words=words) is None


def test_a_number_in_brackets_goes_before_its_word():
    assert stated("置信度：高（85%）") == pytest.approx(0.85)


@pytest.mark.parametrize("text", ["置信度：80%-90%", "置信度：80～90%", "80%-90%的把握"])
def test_of_a_range_the_middle_counts(text):
    assert stated(text) == pytest.approx(0.85)


def test_the_last_mention_counts():
    assert stated("起初置信度：20%。核对后置信度：70%。") == pytest.approx(0.7)
    assert stated("置信度：70%。置信度：") == pytest.approx(0.7)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "净利润3.2亿元",
        "置信度：",
        "置信度：百分之",
        "置信度：150%",
        "置信度：-5%",
        "置信度：8",
        "置信度：\n1. 首先",
        "置信度：高/中/低",
        "没有八成把握",
        "not 100% sure",
        "不是高置信度",
        "提高置信度",
        "95%置信度下的风险价值",
        "95% confidence interval",
        "a certain 5% of investors",
        "把握3个机会",
        "把握30个机会",
        "置信度95%的区间",
        "置信度不详，但增长了85%",
        "把握2024年机遇",
        "置信度：85天",
    ],
)
def test_what_is_off_the_scale_denied_cut_or_about_something_else_is_absent(text):
    score = Confidence().score(ITEM, Reading(text))
    assert (score.label, score.metrics) == ("absent", {})


@pytest.mark.parametrize(
    ("value", "share"),
    [("85%", 0.85), ("约 85 分", 0.85), ("0.8", 0.8), ("85.", 0.85), ("低", 0.3), ("不清楚", None)],
)
def test_a_field_opens_with_the_amount_and_needs_no_mark(value, share):
    assert stated_in_field(value) == (share if share is None else pytest.approx(share))


def test_an_amount_without_a_mark_states_nothing_in_a_text():
    assert stated("增长85%") is None


def test_a_reply_with_fields_that_lacks_this_one_states_nothing():
    reading = Reading("答案：置信度：85%", {"answer": "置信度：85%"})
    assert Confidence(field="sure").score(ITEM, reading).label == "absent"


def test_a_reply_without_any_field_is_read_as_a_text():
    reading = Reading("我认为是3.2亿元，置信度：85%")
    assert Confidence(field="sure").score(ITEM, reading).metrics == {"confidence": 0.85}


@pytest.mark.parametrize(
    ("value", "share"), [("8", 0.8), ("8 分", 0.8), ("1", 0.1), ("1.0", 1.0), ("85", None)]
)
def test_points_are_of_the_suites_own_full_mark(value, share):
    assert stated_in_field(value, out_of=10) == share


def test_an_answer_is_neither_better_nor_worse_for_sounding_sure():
    for text in ("置信度：100%", "置信度：0%", "不知道"):
        score = Confidence().score(ITEM, Reading(text))
        assert (score.value, score.error_class) == (None, None)


@given(st.integers(0, 100))
def test_percent_points_and_full_width_digits_say_the_same(percent):
    wide = str(percent).translate({ord("0") + n: ord("０") + n for n in range(10)})
    for told in (f"{percent}%", f"{wide}％", f"{percent}分", f"{wide} 分"):
        assert stated(f"置信度：{told}") == pytest.approx(percent / 100)


fragments = st.sampled_from(
    ["置信度", "把握", "confidence", "sure", "：", "85", "８５", "%", "分", "/", "成", "高", "low", "-", "没有", "1e999", "½", "\n", "（", "0."]
)  # fmt: skip


@given(st.lists(fragments | st.text(max_size=4), max_size=20).map("".join), st.booleans())
def test_whatever_the_reply_the_scorer_keeps_to_what_it_declares(text, has_field):
    scorer = Confidence(field="sure")
    reading = Reading(text, {"sure": text} if has_field else {})
    score = scorer.score(ITEM, reading)
    assert score == scorer.score(ITEM, reading)
    assert score.label == ("stated" if score.metrics else "absent")
    assert set(score.metrics) <= set(scorer.metrics)
    assert all(math.isfinite(told) and 0 <= told <= 1 for told in score.metrics.values())


@pytest.mark.parametrize(
    "options",
    [{"words": {"高": 1.5}}, {"words": {"": 0.5}}, {"marks": []}, {"marks": [" "]}, {"out_of": 0}],
)
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(ValidationError):
        Confidence(**options)


def test_suites_find_it_by_name():
    assert SCORERS.load("confidence") is Confidence
