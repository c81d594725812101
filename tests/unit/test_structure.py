import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.reading import Reading
from bench.scoring.structure import JsonFields, is_a, json_object
from bench.types import Item

ITEM = Item(id="a", cluster="a", input={})
SCORER = JsonFields(required={"department": "string", "level": "integer", "signs": "list"})


def told(text, scorer=SCORER):
    return scorer.score(ITEM, Reading(text))


def test_an_object_with_every_key_of_its_kind_is_right():
    score = told('结果：```json\n{"department": "内科", "level": 2, "signs": ["发热"]}\n```')
    assert (score.label, score.value) == ("right", 1.0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"department": "内科", "level": 2}', "缺少“signs”"),
        ('{"department": "内科", "level": "2", "signs": ["热"]}', "“level”应为整数且不为空"),
        ('{"department": " ", "level": 2, "signs": ["热"]}', "“department”应为文本且不为空"),
        ('{"department": "内科", "level": true, "signs": ["热"]}', "“level”应为整数且不为空"),
    ],
)
def test_a_missing_mistyped_or_empty_value_is_wrong(text, reason):
    score = told(text)
    assert (score.label, score.reason) == ("wrong", reason)
    assert score.value == pytest.approx(2 / 3)
    assert score.error_class == "wrong_structure"


@pytest.mark.parametrize("text", ["", "没有", "{", '{"a": NaN}', "[1, 2]", "{'a': 1}"])
def test_a_reply_without_an_object_is_unreadable(text):
    assert told(text).label == "unreadable"


def test_keys_beyond_the_required_ones_matter_only_when_closed():
    text = '{"a": 1, "b": 2}'
    assert told(text, JsonFields(required={"a": "number"})).label == "right"
    score = told(text, JsonFields(required={"a": "number"}, closed=True))
    assert (score.label, score.reason) == ("wrong", "多出“b”")


def test_an_empty_value_may_be_allowed():
    scorer = JsonFields(required={"signs": "list"}, may_be_empty=True)
    assert told('{"signs": []}', scorer).label == "right"


def test_a_brace_in_the_talk_before_the_object_does_no_harm():
    assert json_object('用{占位}说明：{"a": 1}') == {"a": 1}


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=4))
def test_an_object_is_found_whatever_stands_around_it(data):
    assert json_object(f"答：{json.dumps(data, ensure_ascii=False)}。") == data


def test_true_is_no_number():
    assert not is_a("number", value=True)
    assert is_a("boolean", value=True)
