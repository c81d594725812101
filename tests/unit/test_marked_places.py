"""The places that scores mark in a reply: inside it, in its order, and saying what the reason names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.grounding import MOST_SPANS, Grounding
from bench.scoring.reading import read
from bench.scoring.traps import Traps
from bench.suites.model import AnswerForm
from bench.types import Item

FORM = AnswerForm(format="fields", fields={"answer": "答案", "why": "依据"}, max_tokens=100)
TEXT = AnswerForm(format="text", max_tokens=100)
SOURCE = "2026年3月5日，市财政局发布《关于养老服务的措施》，营业收入12.04亿元，同比增长8.6%，惠及1,186户。"
ITEM = Item(
    id="a",
    cluster="a",
    input={"document": SOURCE},
    reference={
        "names": ["市教育局"],
        "traps": [{"id": "old", "text": "旧户数", "any": ["1.2万户"]}],
    },
)


def grounded(reply, form=TEXT, **options):
    reading = read(reply, form)
    return reading, Grounding(source="document", **options).score(ITEM, reading)


def marked(reading, score, *, holds):
    return [reading.text[each.start : each.end] for each in score.spans if each.holds is holds]


def test_every_number_and_name_is_marked_with_whether_the_source_bears_it_out():
    reading, score = grounded("3月5日，市教育局说营收13亿元，增长8.6%。")
    assert marked(reading, score, holds=True) == ["3月5日", "8.6%"]
    assert marked(reading, score, holds=False) == ["市教育局", "市教育局", "13亿元"]
    assert [each.note for each in score.spans] == ["日期", "机构", "名称", "金额", "百分比"]


@pytest.mark.parametrize(
    "reply",
    [
        "依据：12.04亿元与13亿元\n答案：13亿元",
        '{"依据": "13亿元", "答案": "13亿元"}',
        "\n\n答案：**13亿元**",
    ],
)
def test_the_places_of_a_field_are_places_of_the_whole_reply(reply):
    reading, score = grounded(reply, FORM, field="answer")
    assert marked(reading, score, holds=False) == ["13亿元"]
    assert score.spans[0].start == reading.offset("answer")


def test_what_is_allowed_is_not_marked():
    assert grounded("13亿元", allow=[r"13亿元"])[1].spans == ()


def test_a_heap_of_numbers_keeps_so_many_places_and_counts_all():
    _, score = grounded("13亿元，" * 500)
    assert (len(score.spans), score.metrics["checked"]) == (MOST_SPANS, 500)


def test_the_sentence_of_a_trap_is_marked():
    reading = read("先说别的。影响1.2万户！", TEXT)
    score = Traps().score(ITEM, reading)
    assert marked(reading, score, holds=False) == ["影响1.2万户"]
    assert score.spans[0].note == "旧户数"


pieces = st.sampled_from(
    ["13亿元", "12.04亿元", "8.6%", "市财政局", "市教育局", "《养老条例》", "“一网通办”", "HT-2026-018", "3月5日", "第二批",
     "1,186户", "2/3", "5:30", "两周", "由王经理", "1.2万户", "答案：", "依据：", "\n", "，", "。", " ", "a"]
)  # fmt: skip


@given(
    st.lists(pieces, max_size=20).map("".join),
    st.sampled_from([(TEXT, None), (FORM, None), (FORM, "answer"), (FORM, "why")]),
)
def test_places_lie_inside_the_reply_and_the_reason_names_what_stands_there(reply, asked):
    form, field = asked
    reading, score = grounded(reply, form, field=field)
    assert score.label in Grounding.labels
    assert [each.start for each in score.spans] == sorted(each.start for each in score.spans)
    start, end = reading.offset(field), reading.offset(field) + len(reading.part(field))
    for each in score.spans:
        assert start <= each.start < each.end <= end
        if not each.holds:
            assert reading.text[each.start : each.end].strip() in score.reason
    assert len(score.spans) == score.metrics["checked"]
    assert len(marked(reading, score, holds=False)) == score.metrics["unsupported"]


@given(st.lists(pieces, max_size=20).map("".join), st.sampled_from([TEXT, FORM]))
def test_a_trap_is_marked_where_it_is_asserted(reply, form):
    reading = read(reply, form)
    score = Traps().score(ITEM, reading)
    assert (score.label == "misled") == bool(score.spans)
    assert all("1.2万户" in reading.text[each.start : each.end] for each in score.spans)
