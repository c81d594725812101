"""One fact in two notations, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.support import moments, sourced


def supported(reply, source, *, derived=True):
    """Whether the source supports every quantity of the reply; there must be one."""
    told = moments(reply)
    assert told
    return all(sourced(source).supports(each, reply, derived=derived) for each in told)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5:30发车", "5时30分发车"),
        ("5:30发车", "凌晨5点30分发车"),
        ("05:30", "5：30"),
        ("2/3", "三分之二"),
        ("1/2", "二分之一"),
        ("两周", "14天"),
        ("2个星期", "14天"),
        ("48小时", "2天"),
        ("1.5小时", "90分钟"),
        ("三年", "36个月"),
        ("一周", "168小时"),
    ],
)
def test_two_notations_of_one_fact_support_each_other(one, other):
    assert supported(one, other)
    assert supported(other, one)


@pytest.mark.parametrize(
    ("reply", "source"),
    [
        ("一天", "每日巡查"),
        ("1天", "日均3次"),
        ("一周", "每周二例会"),
        ("1个月", "每月5日"),
        ("一个月", "环比上升"),
        ("一年", "每年体检"),
        ("4天", "培训第4天"),
        ("4周", "第4周复查"),
        ("2027年", "2026年，明年起执行"),
        ("2025年", "2026年，比去年多"),
        ("2028年", "2026到2028三年"),
        ("3月12日", "3月5日至12日"),
        ("12日", "3月5日至12日"),
        ("6个月", "试用半年"),
    ],
)
def test_a_source_supports_what_it_says_in_other_words(reply, source):
    assert supported(reply, source)


@pytest.mark.parametrize(
    ("reply", "source"),
    [
        ("5:31", "5时30分"),
        ("2/3", "三分之一"),
        ("2/3", "占66.7%"),
        ("2天", "每日巡查"),
        ("一天", "31日比30日少"),
        ("4天", "第3天"),
        ("4天", "共第4"),
        ("2028年", "2026年，明年起执行"),
        ("7天", "一个月"),
        ("15天", "两周"),
        ("5个工作日", "5天"),
        ("半小时30分钟", "2天"),
    ],
)
def test_what_only_looks_alike_is_not_supported(reply, source):
    assert not supported(reply, source)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("8时30分至17:00", ["time", "time"]),
        ("3点20分钟", ["", "minutes"]),
        ("19时26分120到了", ["time", ""]),
        ("比分2:15", ["time"]),
        ("24/7服务", ["", ""]),
        ("3.2/5", ["", ""]),
        ("2/3和两周后的5:30", ["ratio", "weeks", "time"]),
    ],
)
def test_clocks_fractions_and_weeks_are_read_where_they_stand_alone(text, units):
    assert [each.unit for each in moments(text)] == units


pieces = st.sampled_from(
    ["5:30", "5时30分", "2/3", "两周", "3月5日", "至8日", "12亿元", "，", "第4天", "1", "/"]
)


@given(st.lists(pieces, max_size=15).map("".join))
def test_moments_run_from_left_to_right_apart_from_each_other_and_stand_in_the_text(text):
    end = 0
    for each in moments(text):
        assert each.start >= end
        assert text[each.start : each.end] == each.text
        end = each.end


@given(st.lists(pieces, max_size=15).map("，".join))
def test_a_text_supports_itself(text):
    assert all(sourced(text).supports(each, text, derived=False) for each in moments(text))
