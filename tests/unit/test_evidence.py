"""The scorer of cited places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.evidence import Evidence
from bench.scoring.reading import Reading
from bench.types import Item

GROUPS = [["营业收入", "36,012"], ["2025"], ["2024"]]


def score(cited, groups=GROUPS):
    item = Item(id="i", cluster="c", input={}, reference={"evidence": groups} if groups else {})
    return Evidence(field="evidence").score(item, Reading(cited, {"evidence": cited}))


@pytest.mark.parametrize(
    "cited",
    [
        "“营业收入”行，2025年、2024年两列",
        "营业收入：2025年36,012，2024年30,000",
        "36012（2025 年）与 2024 年",
    ],
)
def test_a_place_that_names_every_operand_is_right(cited):
    assert (score(cited).label, score(cited).value) == ("right", 1.0)


def test_the_value_is_the_share_of_operands_named():
    found = score("营业收入行，2025年列")
    assert (found.label, round(found.value, 3)) == ("partial", 0.667)
    assert "2024" in found.reason


def test_another_place_is_wrong_and_none_is_missing():
    assert (score("资产总计").label, score("资产总计").error_class) == ("wrong", "evidence_wrong")
    assert (score("").label, score("").error_class) == ("missing", "evidence_missing")


def test_citing_everything_points_nowhere():
    found = score("营业收入2025年2024年" + "其他科目" * 60)
    assert found.label == "partial"


def test_an_item_without_groups_needs_no_place():
    assert score("", None).label == "not_applicable"


@pytest.mark.parametrize("groups", ["营业收入", [[]], [[" ，"]]])
def test_groups_must_hold_key_strings(groups):
    item = Item(id="i", cluster="c", input={}, reference={"evidence": groups})
    assert "evidence" in Evidence(field="evidence").problem(item)


def test_without_a_field_the_whole_reply_is_the_place():
    item = Item(id="i", cluster="c", input={}, reference={"evidence": [["2025"], ["营业收入"]]})
    score = Evidence().score(item, Reading("材料没有2025年的营业收入。"))
    assert (score.label, score.value) == ("right", 1.0)
    assert Evidence(field="evidence").score(item, Reading("2025年的营业收入")).label == "missing"


@pytest.mark.parametrize(
    ("filler", "label"),
    [
        ("其" * 197, "right"),
        ("其" * 198, "partial"),
        ("a" * 394, "right"),
        ("a" * 395, "partial"),
    ],
)
def test_a_latin_letter_counts_half_a_character_of_the_longest_place(filler, label):
    """2025 and 3 Latin letters are 3 characters, the half dropped; 200 are allowed."""
    item = Item(id="i", cluster="c", input={}, reference={"evidence": [["2025"]]})
    score = Evidence().score(item, Reading("2025row" + filler))
    assert (score.label, score.value) == (label, 1.0)


@given(st.text(max_size=60))
def test_no_text_breaks_the_scorer_and_the_share_lies_within_its_bounds(text):
    found = score(text)
    assert found.label in Evidence.labels
    assert 0 <= found.value <= 1
