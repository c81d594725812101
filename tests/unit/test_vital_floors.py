"""A level beside the floors of the vital signs. Values: consensus 2018, RCP NEWS2 2017 chart 1, ESI v5."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.reading import Reading
from bench.scoring.vital_signs import VitalSigns
from bench.types import Item

SEPTIC = {"rr": 28, "spo2": 93, "sbp": 98, "hr": 118, "consciousness": "意识模糊", "temp": 38.9}
"""NEWS2 13 (rr 3, spo2 2, sbp 2, hr 2, new confusion 3, temp 1); the adult table says Ⅲ."""


def item(vitals, age="58岁", level=None, **more):
    told = {"vitals": vitals, "age": age, **more}
    return Item(id="a", cluster="a", input=told, reference={"level": level} if level else {})


def judged(reply, vitals, age="58岁", **more):
    return VitalSigns(reference="level").score(item(vitals, age, **more), Reading(reply))


def test_every_floor_is_measured_and_the_strictest_is_named():
    score = judged("Ⅲ级", SEPTIC)
    assert (score.label, score.value, score.extracted) == ("below", 0, "Ⅲ")
    assert score.metrics == {"adult_table": 3, "news2": 2, "child_limits": 0}
    assert score.reason == "NEWS2要求至少Ⅱ"


@pytest.mark.parametrize("reply", ["Ⅱ级", "Ⅰ", "急重"])
def test_a_level_at_least_as_urgent_meets_the_floor(reply):
    assert (judged(reply, SEPTIC).label, judged(reply, SEPTIC).value) == ("met", 1)


def test_a_level_that_cannot_be_read_has_no_value():
    assert (judged("Ⅱ或Ⅲ", SEPTIC).label, judged("", SEPTIC).value) == ("unreadable", None)


@pytest.mark.parametrize("vitals", [None, {}, {"hr": 80, "spo2": 98, "rr": 16}])
def test_what_is_normal_or_was_not_measured_sets_no_floor(vitals):
    score = judged("Ⅳ", vitals)
    assert (score.label, score.value) == ("no_floor", None)
    assert set(score.metrics.values()) == {0}


@pytest.mark.parametrize(
    ("age", "more", "floors"),
    [
        ("58岁", {}, (1, 3, 0)),
        ("58岁", {"pregnancy": "孕21周"}, (1, 0, 0)),
        ("15岁", {}, (1, 0, 0)),
        ("13岁", {}, (0, 0, 3)),
        ("11个月", {}, (0, 0, 3)),
        (2, {}, (0, 0, 3)),
        (58, {}, (1, 3, 0)),
        ("", {}, (1, 3, 0)),
        (None, {}, (1, 3, 0)),
    ],
)
def test_each_floor_applies_from_its_age_on_and_news2_not_in_pregnancy(age, more, floors):
    score = judged("Ⅰ", {"hr": 190}, age, **more)
    assert tuple(score.metrics[name] for name in VitalSigns.metrics) == floors


def test_a_right_level_below_a_floor_is_refused_when_the_suite_loads():
    scorer = VitalSigns(reference="level")
    assert scorer.problem(item(SEPTIC, level="Ⅲ")) == (
        "reference.level: Ⅲ is below Ⅱ, which news2 demands"
    )
    assert scorer.problem(item(SEPTIC, level="Ⅱ")) is None
    assert scorer.problem(item({}, level="Ⅳ")) is None
    assert VitalSigns().problem(item(SEPTIC, level="Ⅳ")) is None


measured = st.fixed_dictionaries(
    {},
    optional={
        "hr": st.integers(20, 230),
        "sbp": st.integers(50, 250),
        "rr": st.integers(4, 60),
        "spo2": st.integers(60, 100),
        "temp": st.floats(33, 42),
        "consciousness": st.sampled_from(["清", "嗜睡", "昏迷"]),
    },
)


@given(measured, st.sampled_from(["3岁", "15岁", "70岁"]), st.sampled_from("ⅠⅡⅢⅣ"))
def test_a_floor_only_raises_a_level_and_the_label_says_whether(vitals, age, level):
    score = judged(level, vitals, age)
    floors = [place for place in score.metrics.values() if place]
    assert score.label in VitalSigns.labels
    assert (score.label == "no_floor") == (not floors)
    if floors:
        assert (score.label == "met") == ("ⅠⅡⅢⅣ".index(level) + 1 <= min(floors))
