import doctest
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bench.errors import SuiteError
from bench.suites import field_map
from bench.suites.data_model import FieldMap, Picked
from bench.suites.field_map import (
    Entry,
    as_text,
    entries,
    is_wanted,
    picked,
    safe_name,
    short_cluster,
    unique_name,
)
from bench.types import Name


def test_the_worked_examples_hold():
    assert doctest.testmod(field_map).failed == 0


RECORD = {
    "id": 7,
    "question": "How much?",
    "answer": {"value": 1.5, "unit": "km", "note": None},
    "answer.value": "literal",
    "turns": ["first", {"text": "second"}],
    "Sex": "2",
    "codes": [1, "2"],
    "empty": None,
}
ENTRY = Entry(RECORD, 1)
INNER = Entry(RECORD, 1, {"question": "Which?", "scale": ""}, 1)


def value(**how):
    return picked(Picked(**how), ENTRY)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("question", "How much?"),
        ("answer.unit", "km"),
        ("answer.value", "literal"),  # a column of that very name comes first
        ("turns.0", "first"),
        ("turns.1.text", "second"),
        ("turns.-1.text", "second"),
        ("codes", [1, "2"]),
    ],
)
def test_a_column_may_be_a_path_of_names_and_positions(path, found):
    assert picked(path, ENTRY) == found


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("qestion", "no column 'qestion'; did you mean 'question'?"),
        ("answer.unti", "no column 'answer.unti'; did you mean 'answer.unit'?"),
        ("turns.1.txet", "no column 'turns.1.txet'; did you mean 'turns.1.text'?"),
        ("turns.2", "no column 'turns.2'"),
        ("turns.-3", "no column 'turns.-3'"),
        ("question.0", "no column 'question.0'; did you mean 'question'?"),
        ("empty", "column 'empty' is empty; say what stands in for it: missing: VALUE"),
        ("answer.note", "column 'answer.note' is empty; say what stands in for it: missing: VALUE"),
    ],
)  # fmt: skip
def test_a_column_that_is_absent_or_null_is_an_error_with_near_names(path, told):
    with pytest.raises(SuiteError) as caught:
        picked(path, ENTRY)
    assert str(caught.value) == told


@pytest.mark.parametrize("column", ["empty", "absent", "answer.note", "turns.9"])
@pytest.mark.parametrize("other", ["", 0, None])
def test_what_stands_in_for_a_missing_column_is_said(column, other):
    assert value(column=column, missing=other) == other
    assert value(column="id", missing=other) == 7


def test_an_entry_is_looked_at_before_its_record():
    assert picked("question", INNER) == "Which?"
    assert picked("Sex", INNER) == "2"
    with pytest.raises(SuiteError, match="did you mean 'scale'"):
        picked("scales", INNER)
    with pytest.raises(SuiteError, match="did you mean 'Sex'"):
        picked("sex", INNER)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ question }} {{ answer.unit }}", "How much? km"),
        ("{{ record['answer.value'] }}", "literal"),
        ("{{ empty | default('-') }}{{ answer.note | default('-') }}", "--"),
        ("{% for turn in turns %}{{ loop.index }}{% endfor %}", "12"),
    ],
)
def test_a_template_sees_the_columns_of_a_record(template, text):
    assert value(template=template) == text


def test_a_template_sees_an_entry_and_its_record():
    told = Picked(template="{{ question }} {{ entry.question }} {{ record.question }} {{ Sex }}")
    assert picked(told, INNER) == "Which? Which? How much? 2"


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{{ empty }}", "'empty' is undefined"),
        ("{{ answer.note }}", "has no attribute 'note'"),
        ("{{ question.__class__ }}", "unsafe"),
        ("{{ question", "the template's line 1"),
    ],
)
def test_a_template_never_prints_what_is_not_known(template, told):
    with pytest.raises(SuiteError, match=told):
        value(template=template)


def test_names_recode_what_they_list_and_keep_the_rest():
    names = {"2": "male", "7": "seven", "How much?": ["a", 1]}
    assert value(column="Sex", names=names) == "male"
    assert value(column="id", names=names) == "seven"
    assert value(column="question", names=names) == ["a", 1]
    assert value(column="codes", names=names) == [1, "male"]
    assert value(column="answer.unit", names=names) == "km"
    assert value(template="{{ Sex }}", names=names) == "male"


def test_a_fixed_value_is_taken_as_it_is():
    assert value(value=None) is None
    assert value(value={"a": [1]}) == {"a": [1]}


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({}, "exactly one of column, template and value"),
        ({"column": "a", "value": None}, "exactly one"),
        ({"column": None}, "exactly one"),
        ({"template": "a", "missing": ""}, "missing: goes with a column"),
    ],
)
def test_a_value_is_picked_in_just_one_way(how, told):
    with pytest.raises(ValidationError, match=told):
        Picked(**how)


FIELDS = FieldMap(input={"q": "question"}, each="questions")


def test_every_entry_of_a_list_becomes_an_item_of_its_record():
    record = {"questions": [{"question": "a"}, "b"], "question": "c"}
    found = list(entries(record, 3, FIELDS))
    assert [(each.number, each.position) for each in found] == [(3, 1), (3, 2)]
    assert [picked("question", each) for each in found] == ["a", "c"]
    assert picked("entry", found[1]) == "b"
    assert list(entries({"questions": []}, 1, FIELDS)) == []


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"questions": "a"}, "column 'questions' holds no list"),
        ({"question": []}, "no column 'questions'; did you mean 'question'?"),
        ([], "a record is a mapping of columns to values"),
    ],
)
def test_what_holds_no_entries_is_refused(record, told):
    with pytest.raises(SuiteError) as caught:
        list(entries(record, 1, FIELDS))
    assert str(caught.value) == told


def test_where_compares_as_text_and_asks_every_column():
    assert is_wanted(ENTRY, {})
    assert is_wanted(ENTRY, {"id": ["6", "7"], "Sex": ["2"], "empty": ["null"]})
    assert not is_wanted(ENTRY, {"id": ["7"], "Sex": ["1"]})
    with pytest.raises(SuiteError, match="no column 'sex'; did you mean 'Sex'"):
        is_wanted(ENTRY, {"sex": ["1"]})


@pytest.mark.parametrize(
    ("told", "text"),
    [("a", "a"), (7, "7"), (7.0, "7"), (0.5, "0.5"), (True, "true"), (None, "null"), (["甲"], '["甲"]')],
)  # fmt: skip
def test_a_value_in_words_is_what_a_person_would_write(told, text):
    assert as_text(told) == text


@given(st.lists(st.text()))
def test_ids_are_names_and_no_two_are_alike(texts):
    taken = {}
    made = [unique_name(safe_name(text), taken) for text in texts]
    assert len(set(made)) == len(texts)
    for name in made:
        TypeAdapter(Name).validate_python(name)


@given(st.from_regex(r"[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,78}[a-z]", fullmatch=True))
def test_a_name_that_is_safe_already_stays(name):
    assert safe_name(name) == name


def test_the_second_of_a_long_name_is_no_longer():
    taken = {}
    names = [unique_name("a" * 80, taken) for _ in range(11)]
    assert [names[1], names[10]] == ["a" * 78 + "-2", "a" * 77 + "-11"]


def test_the_second_of_many_equal_names_is_found_in_linear_time():
    taken = {}
    start = time.perf_counter()
    assert [unique_name("a", taken) for _ in range(50_000)][-1] == "a-50000"
    assert time.perf_counter() - start < 2


def test_a_whole_document_as_a_cluster_becomes_its_digest():
    assert short_cluster("report 7") == "report 7"
    assert re.fullmatch("[0-9a-f]{16}", short_cluster("a" * 81))
    assert short_cluster("a" * 81) != short_cluster("a" * 82)
