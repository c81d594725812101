"""Prose or a heap of key words. The limits are proposals; the counts are by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.readability import Readability
from bench.scoring.reading import Reading
from bench.types import Item

ITEM = Item(id="a", cluster="a", input={})
PROSE = "本次会议由市发展改革委会同市财政局在滨江区召开"
ENGLISH = (
    "The board approved the plan for the year. Revenue was 3.5 million in 2019. It rose by 8%. "
)


def judged(text, **options):
    return Readability(**options).score(ITEM, Reading(text))


def test_words_sentences_and_clauses_are_counted_as_by_hand():
    score = judged("营收12.04亿元，同比增长8.6%。净利润下降，因原料涨价。")
    # 营 收 12.04 亿 元 | 同 比 增 长 8.6% || 净 利 润 下 降 | 因 原 料 涨 价
    assert score.metrics == {"sentence_words": 10, "clause_words": 5, "function": 0.05, "gaps": 0}
    assert (score.label, score.value, score.reason) == ("readable", 1, "平均每句10字")


@pytest.mark.parametrize(
    "heap",
    [
        "营业收入 净利润 毛利率 海外市场 同比增长 原料涨价 审批时限 压缩 社区养老 惠及千户 三月调研",
        "审批，时限，压缩，十二，七天，社区，养老，惠及，千户，三月，调研，结束",
        "营业收入净利润毛利率海外市场同比增长原料涨价审批时限压缩社区养老惠及千户三月调研完成",
    ],
    ids=["spaces", "clauses of a word", "no function words"],
)
def test_a_heap_of_key_words_is_fragments(heap):
    assert (judged(heap).label, judged(heap).value) == ("fragments", 0)


def test_a_short_reply_cannot_be_told_from_a_heap():
    assert judged("营收 利润 增长").label == "readable"
    assert judged("营收 利润 增长", least_words=6).label == "fragments"


def test_a_sentence_without_an_end_is_dense():
    assert judged(PROSE * 6).label == "dense"
    assert judged(PROSE * 6).reason == "平均每句138字，难读"
    assert judged("。".join([PROSE] * 6)).label == "readable"


def test_the_full_stop_of_english_ends_a_sentence_and_a_decimal_point_does_not():
    score = judged(ENGLISH * 8)
    assert (score.label, score.metrics["sentence_words"]) == ("readable", pytest.approx(18 / 3))
    assert judged("the plan and the budget of the board for the year " * 14).label == "dense"


def test_the_number_of_a_list_ends_no_sentence():
    assert judged("1. 营业收入为12亿元").metrics["sentence_words"] == 9


@pytest.mark.parametrize("text", ["", " \n", "。。。"])
def test_a_reply_without_a_word_is_empty(text):
    assert (judged(text).label, set(judged(text).metrics)) == ("empty", set(Readability.metrics))


alphabet = st.sampled_from([*"营收的了 ，。\n.3%aſıK", "the ", "is", "1. "])


@given(st.lists(alphabet, max_size=60).map("".join))
def test_the_measures_lie_within_their_bounds_and_the_label_is_declared(text):
    score = judged(text)
    assert score.label in Readability.labels
    assert 0 <= score.metrics["function"] <= 1
    assert 0 <= score.metrics["clause_words"] <= score.metrics["sentence_words"]
    assert score.metrics["gaps"] >= 0
