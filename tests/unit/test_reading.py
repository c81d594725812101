import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.reading import Reading, read, stream_safe
from bench.suites.model import AnswerForm

FORM = AnswerForm(format="fields", fields={"level": "级别", "why": "理由"}, max_tokens=100)
TEXT = AnswerForm(format="text", max_tokens=100)


def test_labelled_lines_are_fields_and_the_last_mention_counts():
    reading = read("**级别**：Ⅲ级\n理由： 胸痛\n两小时\n级别：Ⅱ级", FORM)
    assert reading.fields == {"level": "Ⅱ级", "why": "胸痛\n两小时"}
    assert reading.part("level") == "Ⅱ级"
    assert (reading.part("door"), reading.part(None)) == ("", reading.text)


def test_the_text_of_a_json_reply_is_its_fields_so_that_its_quotation_marks_quote_nothing():
    reading = read('```json\n{"理由": "胸痛", "level": "Ⅱ", "其他": 1}\n```', FORM)
    assert reading.text == "级别：Ⅱ\n理由：胸痛"
    assert reading.fields == {"level": "Ⅱ", "why": "胸痛"}


def test_a_json_value_of_any_shape_becomes_text():
    told = '{"级别": [["Ⅱ", " Ⅲ "], [], {"a": true}], "理由": null}'
    assert read(told, FORM).fields == {"level": 'Ⅱ；Ⅲ；{"a": true}'}


def test_json_without_a_known_key_is_read_as_text():
    assert read('{"答案": 1}\n级别：Ⅱ', FORM).fields == {"level": "Ⅱ"}


@pytest.mark.parametrize("depth", [100, 450, 900, 5000, 40_000])
@pytest.mark.parametrize("nest", [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_json_of_any_depth_is_read_without_an_error(depth, nest):
    reading = read(f'{{"级别": {nest[0] * depth}1{nest[1] * depth}}}', FORM)
    assert set(reading.fields) <= {"level"}


@pytest.mark.parametrize(
    ("told", "field", "start"),
    [
        ("\n  级别：Ⅱ\n理由：Ⅱ级", "level", 3),
        ("理由：不是Ⅱ级\n级别：Ⅱ", "level", 11),
        ("理由：Ⅱ\n级别： **Ⅱ**", "level", 11),
        ('{"理由": "Ⅱ", "级别": "Ⅱ"}', "why", 8),
    ],
)
def test_a_field_begins_where_it_stands_not_where_its_text_stands_first(told, field, start):
    reading = read(told, FORM)
    assert reading.offset(field) == start
    assert reading.text.startswith(reading.part(field), start)


def test_the_whole_text_and_a_field_that_is_missing_begin_at_nothing():
    reading = read("级别：Ⅱ", FORM)
    assert (reading.offset(None), reading.offset("why")) == (0, 0)
    assert Reading("答：Ⅱ", {"level": "Ⅱ"}).offset("level") == 2


pieces = st.sampled_from(
    ["级别：", "理由：", "Ⅱ", "*", "\n", " ", "，", "胸痛", '{"级别": "Ⅱ"}', "{", "["]
)


@given(st.lists(pieces, max_size=12).map("".join), st.sampled_from([FORM, TEXT]))
def test_every_field_stands_in_the_text_at_its_offset(told, form):
    reading = read(told, form)
    for name, value in reading.fields.items():
        assert reading.text.startswith(value, reading.offset(name))


def test_thirty_combining_marks_in_a_row_are_kept_and_no_more():
    assert stream_safe("e" + "\u0301" * 30) == "e" + "\u0301" * 30
    assert (
        stream_safe("e" + "\u0323\u0301" * 40 + "a\u0301") == "e" + "\u0323\u0301" * 15 + "a\u0301"
    )


@given(st.text())
def test_a_text_of_a_person_is_left_as_it_is(text):
    runs = "".join("m" if unicodedata.combining(each) else " " for each in text).split()
    if all(len(run) <= 30 for run in runs):
        assert stream_safe(text) == text
