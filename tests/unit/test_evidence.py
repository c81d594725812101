"""The scorer of cited places."""

import pytest

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
