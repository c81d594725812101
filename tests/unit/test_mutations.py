import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.checking.mutations.labels import OtherLabel
from bench.checking.mutations.mutation import Case
from bench.checking.mutations.numbers import ChangeNumber
from bench.checking.mutations.texts import DropFact, Insert, RemoveField, Replace, StateTrap
from bench.errors import SuiteError
from bench.registry import MUTATIONS
from bench.scoring.exact import Exact
from bench.scoring.labels import Label, Ordinal
from bench.scoring.quantities import quantities
from bench.scoring.reading import read
from bench.suites.model import AnswerForm
from bench.types import Item

TEXT = AnswerForm(format="text", max_tokens=9)
FIELDS = AnswerForm(
    format="fields", max_tokens=9, fields={"level": "级别", "door": "科室", "answer": "答案"}
)
SCORERS = {
    "level": Ordinal(field="level", reference="level", levels={"Ⅰ": [], "Ⅱ": [], "Ⅲ": []}),
    "door": Label(field="door", reference="doors", choices={"内科": [], "外科": [], "儿科": []}),
}
REFERENCE = {
    "level": "Ⅱ",
    "doors": ["内科", "外科"],
    "facts": [
        {"id": "when", "text": "周五上线", "any": ["周五", {"all": ["星期五", "上线"]}]},
        {"id": "who", "text": "王工负责", "any": ["王工"], "weight": "should"},
    ],
    "traps": [{"id": "t", "text": "已获批", "any": [{"all": ["预算", "获批"]}]}],
    "unsafe": ["先睡一觉。"],
    "other_periods": {"2023年": "77.0万元"},
}


def case(answer, form=TEXT, reference=REFERENCE, seed=0, **given):
    item = Item(id="a", cluster="c", input=given, reference=reference)
    return Case(item, answer, form, SCORERS, random.Random(seed))


# The answer's parts


LINES = "级别：Ⅱ\n科室：**内科**\n答案：约5%，见表"
ONE_LINE_JSON = '{"级别": "Ⅱ", "door": "内科", "答案": "约5%，见表"}'


@pytest.mark.parametrize(
    "answer", [LINES, ONE_LINE_JSON, f"```json\n{json.dumps(json.loads(ONE_LINE_JSON), indent=2)}\n```"]
)  # fmt: skip
def test_another_text_in_a_field_leaves_the_other_fields_as_they_are(answer):
    for name, new in (("level", "Ⅲ"), ("door", "儿科"), ("answer", '说"是"\n两行')):
        changed = read(case(answer, FIELDS).with_part(name, new), FIELDS)
        assert changed.fields == {"level": "Ⅱ", "door": "内科", "answer": "约5%，见表", name: new}
        less = read(case(answer, FIELDS).without_part(name), FIELDS)
        assert less.fields == {
            field: text for field, text in read(answer, FIELDS).fields.items() if field != name
        }


def test_a_field_is_changed_where_it_stands_last():
    answer = "级别：Ⅱ\n科室：内科，不是级别：Ⅰ\n级别：Ⅱ\n答案：Ⅱ"
    changed = case(answer, FIELDS).with_part("level", "Ⅲ")
    assert changed == "级别：Ⅱ\n科室：内科，不是级别：Ⅰ\n级别：Ⅲ\n答案：Ⅱ"


@pytest.mark.parametrize(
    ("answer", "added"),
    [("级别：Ⅱ\n", "级别：Ⅱ\n答案：5"), ('{"级别": "Ⅱ"}', '{"级别": "Ⅱ", "答案": "5"}')],
)
def test_a_field_that_is_missing_is_added(answer, added):
    assert case(answer, FIELDS).with_part("answer", "5") == added
    assert case(answer, FIELDS).without_part("answer") is None


def test_a_text_in_braces_is_no_json_answer():
    answer = "级别：Ⅱ\n答案：{5}"
    assert case(answer, FIELDS).with_part("answer", "6") == "级别：Ⅱ\n答案：6"


# Numbers


@pytest.mark.parametrize(
    ("how", "answer", "expected"),
    [
        ("digit", "收入12.5万元", "收入42.5万元"),
        ("digit", "2024年收入88元", "2024年收入18元"),  # a date is left alone
        ("scale", "收入12.5万元", "收入12.5亿元"),
        ("scale", "revenue of $12.5 million", "revenue of $12.5 billion"),
        ("scale", "增长5.2%", "增长52%"),
        ("sign", "12.5万元", "-12.5万元"),
        ("sign", "-12.5万元", "12.5万元"),
        ("sign", "下降12.5万元", None),  # a word gives the direction
        ("sign", "(12.5)%", None),
        ("unit", "5.2%", "5.2个百分点"),
        ("unit", "5.2个百分点", "5.2%"),
        ("unit", "3 percentage points", "3 %"),
        ("unit", "120美元", "120元"),
        ("unit", "120", None),
        ("neighbour", "12.5万元", "77.0万元"),
        ("neighbour", "77.0万元", None),
        ("round", "1,234.56万元", "1,235万元"),
        ("round", "0.49元", "0元"),
        ("round", "5.0%", None),
        ("round", "12", None),
        ("exchange", "收入5元，成本3元，利润2元", "收入3元，成本5元，利润2元"),
        ("exchange", "收入5元，占3%", None),
        ("exchange", "5元和5元", None),
        *((how, "没有数", None) for how in ("digit", "scale", "sign", "unit", "neighbour", "round", "exchange")),
        ("scale", "三成五", None),  # not in digits
    ],
)  # fmt: skip
def test_a_number_is_changed_in_the_way_that_was_asked_for(how, answer, expected):
    assert ChangeNumber(how=how).mutated(case(answer)) == expected


@pytest.mark.parametrize(
    ("how", "source", "expected"),
    [
        ("digit", "另有42.5万元", "收入22.5万元"),
        ("digit", "另有42.5、22.5、62.5万元", "收入15.5万元"),
        ("scale", "另有520个", None),
        ("scale", "另有5200个", "共520个"),
    ],
)
def test_a_changed_number_stands_nowhere_in_the_input(how, source, expected):
    answer = "收入12.5万元" if how == "digit" else "共52个"
    assert ChangeNumber(how=how).mutated(case(answer, source=source)) == expected


def test_the_sign_of_a_fall_that_was_asked_for_says_nothing():
    assert ChangeNumber(how="sign").mutated(case("12.5%", reference={"fall": True})) is None


def test_in_a_field_the_first_number_is_changed():
    mutation = ChangeNumber(how="unit", field="answer")
    for seed in range(5):
        told = mutation.mutated(case("级别：Ⅱ\n答案：5%，不是6%", FIELDS, seed=seed))
        assert told == "级别：Ⅱ\n答案：5个百分点，不是6%"


def test_in_a_whole_text_any_number_is_changed():
    told = {ChangeNumber(how="unit").mutated(case("5%，不是6%", seed=seed)) for seed in range(9)}
    assert told == {"5个百分点，不是6%", "5%，不是6个百分点"}


# Texts


@pytest.mark.parametrize(
    ("weight", "answer", "expected"),
    [
        ("must", "本周五上线，王工负责，共1,200人参加。", "王工负责，共1,200人参加。"),
        ("should", "本周五上线，王工负责，共1,200人参加。", "本周五上线，共1,200人参加。"),
        ("must", "星期五。定于那天上线，由王工负责测试和发布。", "定于那天上线，由王工负责测试和发布。"),
        ("must", "周五", None),  # nothing would be left
        ("must", "周五周五周五周五周五周五周五，好", None),  # too little would be left
        ("nice", "本周五上线", None),
        ("must", "王工负责", None),
    ],
)  # fmt: skip
def test_every_clause_that_says_the_fact_is_taken_out(weight, answer, expected):
    assert DropFact(weight=weight).mutated(case(answer)) == expected


def test_a_list_that_holds_no_facts_is_told_in_one_line():
    with pytest.raises(SuiteError, match=r"^item 'a': reference.facts cannot be planted from: .+"):
        DropFact().mutated(case("x", reference={"facts": ["周五"]}))
    assert DropFact(reference="points").mutated(case("周五上线")) is None


@pytest.mark.parametrize(
    ("options", "answer", "expected"),
    [
        ({"swaps": {"甲": "乙"}}, "甲甲", "乙甲"),
        ({"swaps": {"甲": "乙"}, "count": 0}, "甲甲", "乙乙"),
        ({"swaps": {"丙": "丁", "甲": "乙"}}, "甲", "乙"),
        ({"swaps": {r"^(\w+)案$": r"\1稿"}}, "一\n草案", "一\n草稿"),
        ({"swaps": {"丙": "丁"}}, "甲", None),
        ({"swaps": {"甲": "甲"}}, "甲", None),
        ({"swaps": {"5": "6"}, "field": "answer"}, "级别：5\n答案：5", "级别：5\n答案：6"),
    ],
)
def test_what_a_pattern_finds_is_replaced(options, answer, expected):
    form = FIELDS if "field" in options else TEXT
    assert Replace(**options).mutated(case(answer, form)) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"texts": ["！"]}, "甲\n乙！"),
        ({"texts": ["！"], "where": "start"}, "！甲\n乙"),
        ({"texts": ["！"], "after": "^甲"}, "甲！\n乙"),
        ({"texts": ["！"], "after": "丙"}, None),
        ({"texts": ["{who}不要{nobody}"]}, "甲\n乙王某不要{nobody}"),
        ({"from_reference": "unsafe"}, "甲\n乙先睡一觉。"),
        ({"from_reference": "nothing"}, None),
    ],
)
def test_a_text_is_added_where_it_was_asked_for(options, expected):
    assert Insert(**options).mutated(case("甲\n乙", who="王某")) == expected


@pytest.mark.parametrize(
    ("options", "answer", "expected"),
    [
        ({}, "周五上线。", "周五上线。预算，获批。"),
        ({"after": "^甲："}, "甲：\n好", "甲：预算，获批。\n好"),
        ({"after": "^乙："}, "甲：\n好", None),
        ({"reference": "document.traps"}, "好", None),
    ],
)
def test_a_trap_is_stated_as_fact(options, answer, expected):
    assert StateTrap(**options).mutated(case(answer)) == expected


def test_a_trap_may_lie_deeper_in_the_reference():
    reference = {"document": {"traps": [{"id": "t", "text": "停水", "any": ["停水一周"]}]}}
    told = StateTrap(reference="document.traps").mutated(case("好", reference=reference))
    assert told == "好。停水一周。"


def test_a_field_is_left_out_with_its_label():
    assert RemoveField(field="door").mutated(case(LINES, FIELDS)) == "级别：Ⅱ\n答案：约5%，见表"
    assert RemoveField(field="door").mutated(case("级别：Ⅱ", FIELDS)) is None


# Labels


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"scorer": "level"}, "级别：Ⅲ\n科室：内科"),
        ({"scorer": "level", "steps": -1}, "级别：Ⅰ\n科室：内科"),
        ({"scorer": "level", "steps": 2}, None),
        ({"scorer": "level", "steps": -2}, None),
        ({"scorer": "door"}, "级别：Ⅱ\n科室：儿科"),
    ],
)
def test_another_label_is_one_that_is_not_right(options, expected):
    assert OtherLabel(**options).mutated(case("级别：Ⅱ\n科室：内科", FIELDS)) == expected


def test_where_every_choice_is_right_there_is_no_other_label():
    reference = {"doors": ["内科", "外科", "儿科"]}
    told = case("科室：内科", FIELDS, reference=reference)
    assert OtherLabel(scorer="door").mutated(told) is None


@pytest.mark.parametrize(
    ("mutation", "what"),
    [
        (OtherLabel(scorer="levl"), "no scorer is called 'levl'; did you mean 'level'?"),
        (OtherLabel(scorer="text"), "'text' judges no label; name a scorer that is a label or an ordinal"),
        (Insert(texts=["x"], field="anwser"), "field 'anwser' is not in answer.fields; did you mean 'answer'?"),
        (RemoveField(field="door"), None),
        (StateTrap(), None),
    ],
)  # fmt: skip
def test_a_mutation_says_what_the_suite_lacks_for_it(mutation, what):
    assert mutation.problem(FIELDS, SCORERS | {"text": Exact()}) == what


# Every mutation


OPTIONS = {
    "change_number": [{"how": how, "field": "answer"} for how in ("digit", "scale", "sign", "unit", "neighbour", "round")],
    "drop_fact": [{"field": "answer"}],
    "replace": [{"swaps": {"[元。]": "圆"}, "field": "answer"}],
    "insert": [{"texts": ["（完）"], "field": "answer"}, {"texts": ["注："], "field": "answer", "where": "start"}],
    "remove_field": [{"field": "answer"}],
    "other_label": [{"scorer": "level"}, {"scorer": "door"}],
    "state_trap": [{}],
}  # fmt: skip
SPOILT = {"other_label": ("level", "door"), "state_trap": ("level", "door", "answer")}
CASES = [(name, options) for name, several in OPTIONS.items() for options in several]


def test_every_mutation_of_the_table_is_tried():
    assert OPTIONS.keys() == MUTATIONS.built_in.keys()


as_lines = "\n".join
answers = st.builds(
    "{}{}，{}。".format,
    st.sampled_from(["周五上线", "王工负责", "预算未定", "收入12.5万元", "增长5.2%", "-3.25美元"]),
    st.sampled_from(["", "，共1,200人", "，见第3页", "；另有80元"]),
    st.text("甲乙丙，；（）*{}[]\\\"'12. ", max_size=12).map(str.strip),
)


@given(
    st.sampled_from(CASES),
    answers,
    st.sampled_from(["lines", "json"]),
    st.integers(0, 9),
)
def test_a_mutated_answer_differs_and_the_rest_is_kept(chosen, text, form, seed):
    name, options = chosen
    told = {"level": "Ⅱ", "door": "内科", "answer": text}
    labelled = {FIELDS.fields[field]: value for field, value in told.items()}
    answer = (
        json.dumps(labelled, ensure_ascii=False)
        if form == "json"
        else as_lines(f"{label}：{value}" for label, value in labelled.items())
    )
    before = read(answer, FIELDS).fields
    mutation = MUTATIONS.load(name)(**options)
    changed = mutation.mutated(case(answer, FIELDS, seed=seed, source="共12345人"))
    if changed is None:
        return
    after = read(changed, FIELDS).fields
    assert after != before
    spoilt = SPOILT.get(name, ("answer",))
    assert {field: after.get(field) for field in before if field not in spoilt} == {
        field: value for field, value in before.items() if field not in spoilt
    }
    again = mutation.mutated(case(answer, FIELDS, seed=seed, source="共12345人"))
    assert again == changed


@given(
    st.text("甲乙 12.5万元%-，。；增\n", max_size=30).map(str.strip),
    st.sampled_from(["digit", "scale", "unit", "sign", "round"]),
)
def test_around_the_changed_number_nothing_changes(text, how):
    changed = ChangeNumber(how=how).mutated(case(text))
    if changed is None:
        return
    assert changed != text
    assert any(
        changed.startswith(text[: each.start]) and changed.endswith(text[each.end :])
        for each in quantities(text)
    )
