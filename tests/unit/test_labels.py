import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bench.scoring.labels import Label, Ordinal, level_names, mentioned
from bench.scoring.reading import Reading
from bench.standards.triage_scales import SCALES, bridged
from bench.types import Item

LEVELS = {
    "Ⅰ": ["急危", "一级", "1"],
    "Ⅱ": ["急重", "二级", "2"],
    "Ⅲ": ["急症", "三级", "3"],
    "Ⅳ": ["亚急症或非急症", "亚急症", "非急症", "四级", "4"],
}
DOORS = {"急诊科": ["急诊"], "儿科急诊": ["小儿急诊"], "儿科": ["小儿科"], "神经内科": ["神内"]}


def item(**reference):
    return Item(id="a", cluster="a", input={}, reference=reference)


def level(**options):
    return Ordinal(reference="level", levels=LEVELS, **options)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("Ⅱ", ["Ⅱ"]),
        ("II级", ["Ⅱ"]),
        ("ＩＩ 级（急重）", ["Ⅱ"]),
        ("Ⅱ急重", ["Ⅱ"]),
        ("急症（Ⅲ级）", ["Ⅲ"]),
        ("第2级", ["Ⅱ"]),
        ("①", ["Ⅰ"]),
        ("**Ⅳ亚急症或非急症**", ["Ⅳ"]),
        ("非急症", ["Ⅳ"]),
        ("应评为Ⅱ", ["Ⅱ"]),
        ("综合考虑评为2级", ["Ⅱ"]),
    ],
)
def test_a_level_is_read_in_any_of_its_usual_forms(told, expected):
    assert level_names(told, LEVELS) == expected


@pytest.mark.parametrize(
    "told", ["1小时内", "10分钟内", "12级", "1.5级", "VI", "", "需要进一步评估", "I think so"]
)
def test_a_numeral_that_belongs_to_something_else_is_no_level(told):
    assert level_names(told, LEVELS) == []


@pytest.mark.parametrize("told", ["Ⅱ，1小时内复评", "Ⅱ级，排除Ⅰ级", "2级；3小时后再评"])
def test_commentary_after_the_level_names_no_second_one(told):
    assert level_names(told, LEVELS) == ["Ⅱ"]


@pytest.mark.parametrize("told", ["Ⅱ或Ⅲ", "Ⅱ-Ⅲ级", "2/3级", "Ⅱ级（急症）", "Ⅰ、Ⅱ、Ⅲ、Ⅳ中的一个"])
def test_levels_side_by_side_are_several(told):
    assert len(level_names(told, LEVELS)) > 1


@given(st.sampled_from(list(LEVELS)), st.sampled_from(["", "级", " 级", "级。"]))
def test_every_name_of_every_level_is_read_as_that_level(name, ending):
    for alias in (name, *LEVELS[name]):
        assert level_names(alias + ending, LEVELS) == [name]


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error_and_into_known_levels(text):
    assert set(level_names(text, LEVELS)) <= set(LEVELS)


@given(st.sampled_from(list(LEVELS)), st.sampled_from(list(LEVELS)))
def test_steps_count_from_the_right_level_and_decide_the_label(right, told):
    score = level().score(item(level=right), Reading(told))
    order = list(LEVELS)
    steps = order.index(told) - order.index(right)
    assert score.metrics == {"steps": steps, "chosen_place": order.index(told) + 1}
    assert score.label == ("right" if steps == 0 else "under" if steps > 0 else "over")
    assert score.value == pytest.approx(1 - abs(steps) / 3)
    assert (score.error_class is not None) is (steps > 0)


def test_the_class_of_under_rating_may_depend_on_the_right_level():
    scorer = level(
        under_class={"Ⅰ": "missed", "Ⅱ": "missed", "Ⅲ": "delayed"}, grave_class={"Ⅰ": "critical"}
    )
    told = {
        (right, pick): scorer.score(item(level=right), Reading(pick)).error_class
        for right, pick in [("Ⅰ", "Ⅱ"), ("Ⅰ", "Ⅲ"), ("Ⅱ", "Ⅳ"), ("Ⅲ", "Ⅳ"), ("Ⅲ", "Ⅰ")]
    }
    assert list(told.values()) == ["missed", "critical", "missed", "delayed", None]
    assert scorer.error_classes == ("missed", "delayed", "critical")


def test_one_class_for_all_levels_stays_the_short_form():
    scorer = level(grave_class="grave")
    assert scorer.error_classes == ("under_rated", "grave")
    assert scorer.score(item(level="Ⅰ"), Reading("Ⅱ")).error_class == "under_rated"
    assert scorer.score(item(level="Ⅱ"), Reading("Ⅳ")).error_class == "grave"


@pytest.mark.parametrize("told", ["", "Ⅱ或Ⅲ", "由医生决定"])
def test_without_one_level_the_answer_is_unreadable_and_has_no_value(told):
    score = level().score(item(level="Ⅱ"), Reading(told))
    assert (score.label, score.value, score.metrics) == ("unreadable", None, {})
    assert score.reason


def test_a_field_that_the_reply_lacks_is_unreadable_even_if_the_text_names_a_level():
    score = level(field="level").score(item(level="Ⅱ"), Reading("级别是Ⅱ级"))
    assert score.label == "unreadable"


def test_a_name_may_not_belong_to_two_levels_in_any_width_or_case():
    with pytest.raises(ValidationError, match="names both"):
        Ordinal(reference="level", levels={"Ⅱ": ["B"], "Ⅲ": ["ｂ"]})
    with pytest.raises(ValidationError, match="names both"):
        Ordinal(reference="level", levels={"Ⅱ": [], "Ⅲ": ["II"]})


def test_classes_must_name_levels_and_leave_none_out():
    with pytest.raises(ValidationError, match="'Ⅴ' is no level"):
        level(grave_class={"Ⅴ": "x"})
    with pytest.raises(ValidationError, match="no class for 'Ⅱ'"):
        level(under_class={"Ⅰ": "x", "Ⅲ": "y"})


def test_a_reference_that_is_no_level_is_found_when_the_suite_loads():
    assert "is no level" in (level().problem(item(level="二")) or "")
    assert level().problem(item(level="Ⅱ")) is None


def test_choices_come_in_the_order_of_their_mention_whatever_name_is_used():
    assert mentioned("先去急诊，再看神内", DOORS) == ["急诊科", "神经内科"]
    assert mentioned("神内会诊后送急诊科", DOORS) == ["神经内科", "急诊科"]


def test_a_part_of_a_longer_name_is_no_mention():
    assert mentioned("儿科急诊", DOORS) == ["儿科急诊"]


def test_with_several_allowed_the_first_named_choice_counts():
    scorer = Label(reference="door", choices=DOORS, several=True)
    case = item(door=["急诊科"])
    assert scorer.score(case, Reading("急诊（神内会诊）")).label == "right"
    wrong = scorer.score(case, Reading("神内，必要时急诊"))
    assert (wrong.label, wrong.error_class, wrong.extracted) == ("wrong", "wrong_label", "神经内科")
    assert "急诊科" in wrong.reason


def test_several_choices_are_unreadable_where_one_is_asked():
    score = Label(reference="door", choices=DOORS).score(item(door="儿科"), Reading("儿科或神内"))
    assert (score.label, score.value) == ("unreadable", None)


def test_a_reference_must_name_known_choices():
    scorer = Label(reference="door", choices=DOORS)
    assert "is no choice" in (scorer.problem(item(door=["骨科"])) or "")
    assert "at least one" in (scorer.problem(item(door=[])) or "")
    assert scorer.problem(item(door=["儿科", "急诊科"])) is None
    assert scorer.expected(item(door=["儿科", "急诊科"])) == "儿科、急诊科"


def test_an_alias_may_not_belong_to_two_choices():
    with pytest.raises(ValidationError, match="names both"):
        Label(reference="door", choices={"内科": ["门诊"], "外科": ["门诊"]})


def test_a_published_scale_names_the_levels():
    assert Ordinal(reference="level", scale="cn_2018").levels == LEVELS


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("橙色", ["Ⅱ"]),
        ("Very urgent", ["Ⅱ"]),
        ("very-urgent", ["Ⅱ"]),
        ("urgent", ["Ⅲ"]),
        ("less-urgent", ["Ⅳ"]),
        ("non-urgent", ["Ⅳ"]),
        ("ESI 2", ["Ⅱ"]),
        ("ESI-5", ["Ⅳ"]),
        ("黄色（Ⅲ级）", ["Ⅲ"]),
        ("ESI 2或ESI 3", ["Ⅱ", "Ⅲ"]),
        ("2", ["Ⅱ"]),
        ("红", []),
        ("urgent care", []),
    ],
)
def test_levels_of_other_scales_are_understood_where_the_suite_allows_them(told, expected):
    scorer = Ordinal(reference="level", scale="cn_2018", also=["mts", "esi_v5"])
    assert level_names(told, scorer.levels) == expected


def test_without_them_another_scale_is_unreadable():
    score = Ordinal(reference="level", scale="cn_2018").score(item(level="Ⅱ"), Reading("橙色"))
    assert score.label == "unreadable"


@pytest.mark.parametrize("others", [[each] for each in SCALES] + [list(SCALES)])
def test_every_scale_can_be_understood_beside_the_chinese_one(others):
    scorer = Ordinal(reference="level", scale="cn_2018", also=others)
    assert list(scorer.levels) == list(LEVELS)
    for other in others:
        for level, names in SCALES[other].levels.items():
            for name in (level, *names):
                if len(name) > 1:
                    nearest = bridged(other, level)
                    assert level_names(name, scorer.levels) == [nearest]


def test_own_levels_may_be_written_out_beside_other_scales_if_they_are_the_chinese_four():
    assert "橙色" in level(also=["mts"]).levels["Ⅱ"]
    with pytest.raises(ValidationError, match="bridged to Ⅰ to Ⅳ"):
        Ordinal(reference="level", levels={"高": [], "低": []}, also=["mts"])


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"scale": "cn2018"}, "did you mean 'cn_2018'"),
        ({"scale": "cn_2018", "also": ["MTS"]}, "no scale is called 'MTS'"),
        ({"scale": "mts", "levels": LEVELS}, "either scale or levels"),
        ({}, "at least two"),
        ({"scale": ["cn_2018"]}, "valid string"),
        ({"scale": "cn_2018", "also": 3}, "valid list"),
        ({"scale": "cn_2018", "also": [["mts"]]}, "no scale is called"),
        ({"levels": LEVELS | {"Ⅰ": "急危"}, "also": ["mts"]}, "valid list"),
    ],
)
def test_a_scale_that_is_unknown_or_named_twice_is_refused(options, match):
    with pytest.raises(ValidationError, match=match):
        Ordinal(reference="level", **options)
