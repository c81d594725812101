"""Fact coverage: what counts as saying a fact, and what a lack of it is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.facts import FactCoverage, normalised, places
from bench.scoring.reading import Reading
from bench.types import Item


def item(*facts, **more):
    return Item(id="a", cluster="a", input={}, reference={"facts": list(facts)}, **more)


def fact(name, *any_, weight="must"):
    told = {"id": name, "text": name, "weight": weight}
    return {**told, "any": list(any_)} if any_ else told


def scored(answer, *facts, **options):
    return FactCoverage(**options).score(item(*facts), Reading(answer))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("１２,０００元", "12000 元"),
        ("（“甲”）", '("甲")'),
        ("市府发〔2026〕5号", "市府发[2026]5号"),
        ("3月05日", "3月5日"),
        ("9:00—17:00", "9：00～17：00"),
        ("**共建**、共享", "共建；共享"),
    ],
)
def test_width_spaces_separators_and_marks_make_no_difference(one, other):
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("rendering", "text"), [("5万元", "15万元"), ("3", "3.5"), ("20%", "1.20%"), ("202", "2026")]
)
def test_a_number_is_not_found_inside_a_longer_one(rendering, text):
    assert places(rendering, normalised(text)) == []


def test_the_number_of_a_list_line_is_not_part_of_the_first_number():
    assert scored("1.3月5日前报名\n2. 5人以上", fact("3月5日前"), fact("5人")).label == "complete"


def test_a_decimal_at_the_start_of_a_line_stays_a_decimal():
    assert scored("3.5万元用于培训", fact("5万元")).label == "incomplete"


def test_any_rendering_says_the_fact():
    assert scored("共1.2亿元", fact("投资", "12000万元", "1.2亿元")).label == "complete"


def test_a_group_needs_every_part():
    told = fact("分工", {"all": ["教育局", "6月底"]})
    assert scored("由教育局办理", told).label == "incomplete"
    assert scored("由教育局在6月底前办结", told).label == "complete"


def test_parts_within_a_distance_must_stand_together():
    told = fact("甲得10万", {"all": ["甲", "10万元"], "within": 12})
    assert scored("甲获得10万元，乙获得20万元", told).label == "complete"
    assert scored("甲获得20万元，其余各单位均按标准执行，乙获得10万元", told).label == "incomplete"


def test_labels_follow_the_weights():
    facts = (fact("一"), fact("二", weight="should"), fact("三", weight="nice"))
    assert scored("一二", *facts).label == "complete"
    assert scored("一三", *facts).label == "must_complete"
    lacking = scored("二三", *facts, missing_class="left_out")
    assert (lacking.label, lacking.error_class) == ("incomplete", "left_out")
    assert "一" in lacking.reason
    assert scored("  \n", *facts).label == "empty"


def test_the_value_weighs_and_the_recall_counts():
    facts = (fact("一"), fact("二", weight="should"), fact("三", weight="nice"))
    result = scored("一三", *facts)
    assert result.value == pytest.approx(4 / 6)  # (3 + 1) of 3 + 2 + 1
    assert result.metrics == {
        "must_missing": 0.0,
        "should_missing": 1.0,
        "recall": pytest.approx(2 / 3),
    }


def test_weights_are_options():
    facts = (fact("一"), fact("二", weight="should"))
    result = scored("二", *facts, weights={"must": 1.0, "should": 3.0})
    assert result.value == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("reference", "part"),
    [
        (None, "list"),
        ([], "at least one fact"),
        ([{"id": "a", "text": "x", "wait": "must"}], "Extra inputs"),
        ([{"id": "a", "text": "x"}, {"id": "a", "text": "y"}], "stands twice"),
        ([{"id": "a", "text": "x", "any": [" "]}], "nothing to look for"),
        ([{"id": "a", "text": "x", "weight": "nice"}], "must weigh must"),
    ],
)
def test_a_malformed_list_is_a_problem_of_the_item(reference, part):
    case = Item(id="a", cluster="a", input={}, reference={"facts": reference})
    told = FactCoverage().problem(case)
    assert told is not None
    assert part in told


def test_expected_names_the_musts():
    assert FactCoverage().expected(item(fact("一"), fact("二", weight="nice"))) == "一"


@given(st.text(max_size=80))
def test_normalising_twice_changes_no_letters(text):
    once = normalised(text)
    assert not set(once) & set(" \n*#`")


@given(st.lists(st.sampled_from(["甲", "乙", "丙", "丁"]), unique=True, max_size=4))
def test_saying_more_never_lowers_the_value(said):
    facts = [fact(name) for name in ("甲", "乙", "丙", "丁")]
    fewer = scored("甲" + "".join(said[:2]), *facts).value
    more = scored("甲" + "".join(said), *facts).value
    assert fewer <= more
