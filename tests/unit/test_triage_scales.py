"""The published scales. Waiting times: consensus 2018; Manchester; Scand J Trauma 2011;19:68 (CTAS); ATS."""

import pytest

from bench.standards.triage_scales import SCALES, TO_CN_2018, bridged


@pytest.mark.parametrize(
    ("scale", "minutes"),
    [
        ("cn_2018", (0, 10, 30, 60)),
        ("beijing_2019", (0, 10, 30, 240)),
        ("mts", (0, 10, 60, 120, 240)),
        ("ctas", (0, 15, 30, 60, 120)),
        ("ats", (0, 10, 30, 60, 120)),
    ],
)
def test_the_longest_waits_are_those_of_the_scale(scale, minutes):
    assert SCALES[scale].minutes == minutes


def test_no_minutes_are_claimed_where_none_are_set_or_known():
    assert {name for name, each in SCALES.items() if None in each.minutes} == {"esi_v5", "ktas"}


def test_every_scale_has_a_wait_a_level_that_never_falls_and_names_its_source():
    for name, scale in SCALES.items():
        known = [each for each in scale.minutes if each is not None]
        assert scale.name == name
        assert scale.source
        assert len(scale.minutes) == len(scale.levels)
        assert known == sorted(known)


def test_every_other_scale_has_a_way_to_the_chinese_four_that_never_turns_back():
    order = list(SCALES["cn_2018"].levels)
    assert set(TO_CN_2018) == set(SCALES) - {"cn_2018"}
    for name, levels in TO_CN_2018.items():
        places = [order.index(each) for each in levels]
        assert len(levels) == len(SCALES[name].levels)
        assert places == sorted(places)
        assert (places[0], places[-1]) == (0, 3)


@pytest.mark.parametrize(
    ("scale", "level", "chinese"),
    [
        ("cn_2018", "Ⅲ", "Ⅲ"),
        ("beijing_2019", "2级", "Ⅱ"),
        ("mts", "yellow", "Ⅲ"),
        ("esi_v5", "ESI5", "Ⅳ"),
        ("ctas", "CTAS4", "Ⅳ"),
    ],
)
def test_a_level_has_its_nearest_chinese_one(scale, level, chinese):
    assert bridged(scale, level) == chinese
