"""Worked values: consensus 2018 (adult objective indicators), RCP NEWS2 2017 chart 1, ESI v5 table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.standards.vital_signs import (
    Level,
    News2,
    Vitals,
    adult_table_level,
    child_level,
    most_urgent,
    news2,
    news2_level,
    vital_floor,
    vitals_of,
)

ONE, TWO, THREE = Level.CRITICAL, Level.EMERGENT, Level.URGENT


@pytest.mark.parametrize(
    ("hr", "expected"),
    [(181, ONE), (180, TWO), (150, TWO), (149, THREE), (100, THREE), (99, None), (56, None), (55, THREE), (51, THREE), (50, TWO), (40, TWO), (39, ONE)],
)  # fmt: skip
def test_heart_rate_bands_and_ties_go_to_the_more_urgent_level(hr, expected):
    assert adult_table_level(Vitals(hr=hr)) == expected


@pytest.mark.parametrize(
    ("sbp", "expected"),
    [(69, ONE), (70, TWO), (80, TWO), (81, THREE), (90, THREE), (91, None), (179, None), (180, THREE), (200, THREE), (201, TWO)],
)  # fmt: skip
def test_systolic_bands_know_no_level_one_for_high_pressure(sbp, expected):
    assert adult_table_level(Vitals(sbp=sbp)) == expected


@pytest.mark.parametrize(
    ("spo2", "expected"), [(79, ONE), (80, TWO), (90, TWO), (91, THREE), (94, THREE), (95, None)]
)
def test_saturation_counts_with_fast_breathing_or_when_nobody_counted_breaths(spo2, expected):
    assert adult_table_level(Vitals(spo2=spo2, rr=26)) == expected
    assert adult_table_level(Vitals(spo2=spo2)) == expected
    assert adult_table_level(Vitals(spo2=spo2, rr=16)) is None


def test_temperature_glucose_and_potassium_have_only_a_level_one():
    assert adult_table_level(Vitals(temp=41.1)) == ONE
    assert adult_table_level(Vitals(temp=41.0)) is None
    assert adult_table_level(Vitals(glucose=3.32)) == ONE
    assert adult_table_level(Vitals(glucose=3.33)) is None
    assert adult_table_level(Vitals(potassium=7.1)) == ONE


def test_a_septic_adult_passes_the_adult_table_and_is_caught_by_news2():
    septic = Vitals(rr=34, hr=125, sbp=88)
    assert adult_table_level(septic) == THREE
    assert news2(septic).total == 3 + 2 + 3
    assert news2_level(news2(septic)) == TWO


@pytest.mark.parametrize(
    ("field", "points"),
    [
        ("rr", {8: 3, 9: 1, 11: 1, 12: 0, 20: 0, 21: 2, 24: 2, 25: 3}),
        ("spo2", {91: 3, 92: 2, 93: 2, 94: 1, 95: 1, 96: 0}),
        ("sbp", {90: 3, 91: 2, 100: 2, 101: 1, 110: 1, 111: 0, 219: 0, 220: 3}),
        ("hr", {40: 3, 41: 1, 50: 1, 51: 0, 90: 0, 91: 1, 110: 1, 111: 2, 130: 2, 131: 3}),
        ("temp", {35.0: 3, 35.1: 1, 36.0: 1, 36.1: 0, 38.0: 0, 38.1: 1, 39.0: 1, 39.1: 2}),
    ],
)
def test_news2_gives_the_points_of_the_chart_at_every_edge(field, points):
    for value, expected in points.items():
        assert news2(Vitals(**{field: value})).total == expected


@pytest.mark.parametrize(
    ("spo2", "on_air", "on_oxygen"),
    [
        (83, 3, 5),
        (84, 2, 4),
        (86, 1, 3),
        (88, 0, 2),
        (92, 0, 2),
        (93, 0, 3),
        (95, 0, 4),
        (97, 0, 5),
    ],
)
def test_the_second_scale_penalises_high_saturation_only_on_oxygen(spo2, on_air, on_oxygen):
    assert news2(Vitals(spo2=spo2), scale_2=True).total == on_air
    assert news2(Vitals(spo2=spo2, on_oxygen=True), scale_2=True).total == on_oxygen


@pytest.mark.parametrize("letter", ["C", "V", "P", "U"])
def test_anything_but_alert_scores_three(letter):
    assert news2(Vitals(consciousness=letter)) == News2(
        total=3, has_three=True, missing=("rr", "spo2", "sbp", "hr", "temp")
    )
    assert news2(Vitals(consciousness="A")).total == 0


@pytest.mark.parametrize(
    ("total", "has_three", "expected"),
    [(0, False, None), (4, False, None), (3, True, THREE), (5, False, THREE), (6, True, THREE), (7, False, TWO), (20, True, TWO)],
)  # fmt: skip
def test_news2_sets_a_floor_by_its_risk_band(total, has_three, expected):
    assert news2_level(News2(total, has_three, ())) == expected


def test_a_child_is_measured_against_its_age():
    assert child_level(Vitals(hr=130), age_years=2) is None
    assert child_level(Vitals(hr=141), age_years=2) == THREE
    assert child_level(Vitals(rr=36), age_years=4) == THREE
    assert child_level(Vitals(spo2=91), age_years=10) == THREE
    assert child_level(Vitals(hr=200), age_years=30) is None


def test_fever_below_three_months_starts_at_38():
    assert child_level(Vitals(temp=38.0), age_years=80 / 365) == TWO
    assert child_level(Vitals(temp=37.9), age_years=80 / 365) is None
    assert child_level(Vitals(temp=39.5), age_years=0.5) is None


def test_news2_is_not_for_pregnant_women_nor_below_sixteen():
    flagged = Vitals(rr=25)
    assert vital_floor(flagged, 30, is_pregnant=False) == THREE
    assert vital_floor(flagged, 30, is_pregnant=True) is None
    assert vital_floor(flagged, 15, is_pregnant=False) is None


def test_an_unknown_age_counts_as_adult():
    assert vital_floor(Vitals(hr=190), None, is_pregnant=False) == ONE


def test_consciousness_is_read_from_words_and_letters():
    told = {"清醒": "A", "意识模糊": "C", "嗜睡": "V", "昏睡": "P", "昏迷": "U", "V": "V", "": None}
    assert {words: vitals_of({"consciousness": words}).consciousness for words in told} == told


def test_what_is_no_measurement_is_missing():
    assert vitals_of(None) == vitals_of({}) == vitals_of({"hr": "快", "dbp": 90}) == Vitals()


def test_the_strictest_of_several_floors_wins():
    assert most_urgent(THREE, None, TWO) == TWO
    assert most_urgent(None) is None


MEASURED = st.fixed_dictionaries(
    {},
    optional={
        "hr": st.integers(20, 230),
        "sbp": st.integers(50, 250),
        "rr": st.integers(4, 60),
        "spo2": st.integers(60, 100),
        "temp": st.floats(33, 42).map(lambda value: round(value, 1)),
        "glucose": st.floats(1, 30).map(lambda value: round(value, 1)),
    },
)


@given(MEASURED, st.sampled_from(["hr", "sbp", "temp", "glucose", "spo2"]))
def test_leaving_out_a_measurement_never_makes_a_case_more_urgent_by_the_table(told, name):
    without = {key: value for key, value in told.items() if key != name}
    before = adult_table_level(Vitals(**told)) or Level.LESS_URGENT
    after = adult_table_level(Vitals(**without)) or Level.LESS_URGENT
    assert after >= before


@given(MEASURED)
def test_not_counting_breaths_never_lowers_the_adult_table(told):
    known = adult_table_level(Vitals(**told)) or Level.LESS_URGENT
    uncounted = adult_table_level(Vitals(**{**told, "rr": None})) or Level.LESS_URGENT
    assert uncounted <= known
