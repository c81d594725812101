"""Vital signs as two separately named floors: measured values can make a case more urgent, never less.

`adult_table_level` is the table of objective indicators of the Chinese consensus; it holds no respiratory
rate, no hypothermia and no fever below 41 ℃, so a septic adult may pass it. `news2_level` stands beside
it for that reason. Children and pregnant women get neither NEWS2 nor, below 14 years, the adult
table; `child_level` covers them in part. A value that is missing raises nothing and proves nothing.

Sources
    Consensus: 急诊预检分诊专家共识, 中华急诊医学杂志 2018;27(6):599-604, adult objective indicators, as three
    independent transcriptions agree on them (the printed table was not available).
    NEWS2: Royal College of Physicians, National Early Warning Score (NEWS) 2, London 2017, chart 1.
    Children: Emergency Severity Index handbook, 5th edition (ENA 2023), decision point D; NICE NG143
    for fever below three months.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from pydantic import JsonValue

from bench.types import Flag, Number, Record

Consciousness = Literal["A", "C", "V", "P", "U"]
"""Alert, new confusion, responds to voice, to pain, unresponsive (the ACVPU scale of NEWS2)."""

ADULT_FROM_YEARS = 14.0
"""The usual upper age of 儿科; hospitals differ (16, 18)."""
NEWS2_FROM_YEARS = 16.0
"""NEWS2 is not for children under 16 nor for pregnant women (Royal College of Physicians 2017)."""
FAST_BREATHING_ABOVE = 20.0
"""Breaths a minute above which a low saturation counts as one "with fast breathing"."""


class Level(IntEnum):
    """The four levels; the smaller the more urgent, so the `min` of two floors is the stricter one."""

    CRITICAL = 1
    """Ⅰ 急危: at once."""
    EMERGENT = 2
    """Ⅱ 急重: within 10 minutes."""
    URGENT = 3
    """Ⅲ 急症: within 30 minutes."""
    LESS_URGENT = 4
    """Ⅳ 亚急症或非急症."""


class Vitals(Record):
    """What was measured; None where nobody did.

    Heart and respiratory rate a minute, systolic pressure in mmHg, saturation in %, axillary temperature
    in ℃, glucose and potassium in mmol/L.
    """

    hr: Number | None = None
    sbp: Number | None = None
    rr: Number | None = None
    spo2: Number | None = None
    temp: Number | None = None
    glucose: Number | None = None
    potassium: Number | None = None
    consciousness: Consciousness | None = None
    on_oxygen: Flag = False


_ACVPU: tuple[tuple[str, Consciousness], ...] = (
    ("呼之不应", "U"),
    ("无反应", "U"),
    ("昏迷", "U"),
    ("疼痛", "P"),
    ("昏睡", "P"),
    ("嗜睡", "V"),
    ("呼唤", "V"),
    ("模糊", "C"),
    ("糊涂", "C"),
    ("谵妄", "C"),
    ("清", "A"),
)


def vitals_of(told: JsonValue) -> Vitals:
    """Read the vital signs of an item's input; consciousness in Chinese words or as a letter of ACVPU.

    >>> vitals_of({"hr": 88, "consciousness": "嗜睡"}).consciousness
    'V'
    """
    if not isinstance(told, Mapping):
        return Vitals()
    known = {
        key: value
        for key, value in told.items()
        if key in Vitals.model_fields and key != "consciousness" and isinstance(value, int | float)
    }
    return Vitals.model_validate(
        {**known, "consciousness": _acvpu(str(told.get("consciousness", "")))}
    )


def _acvpu(words: str) -> Consciousness | None:
    for mark, letter in _ACVPU:
        if mark in words or words == letter:
            return letter
    return None


def adult_table_level(vitals: Vitals) -> Level | None:
    """Apply the consensus table for adults: any single indicator is enough. None: nothing measured is out.

    Where ranges touch, the tie goes to the more urgent level (our reading, as is counting a saturation
    as "with fast breathing" when the respiratory rate is unknown).

    >>> adult_table_level(Vitals(hr=150)).name, adult_table_level(Vitals(sbp=92))
    ('EMERGENT', None)
    """
    found = [
        _heart_rate(vitals.hr),
        _systolic(vitals.sbp),
        _saturation(vitals),
        Level.CRITICAL if vitals.temp is not None and vitals.temp > 41 else None,
        Level.CRITICAL if vitals.glucose is not None and vitals.glucose < 3.33 else None,
        Level.CRITICAL if vitals.potassium is not None and vitals.potassium > 7.0 else None,
    ]
    return most_urgent(*found)


def most_urgent(*levels: Level | None) -> Level | None:
    """Take the strictest of several floors; None only when none applies."""
    return min((level for level in levels if level is not None), default=None)


def _heart_rate(hr: float | None) -> Level | None:
    match hr:
        case None:
            return None
        case _ if hr > 180 or hr < 40:
            return Level.CRITICAL
        case _ if hr >= 150 or hr <= 50:
            return Level.EMERGENT
        case _ if hr >= 100 or hr <= 55:
            return Level.URGENT
        case _:
            return None


def _systolic(sbp: float | None) -> Level | None:
    match sbp:
        case None:
            return None
        case _ if sbp < 70:
            return Level.CRITICAL
        case _ if sbp > 200 or sbp <= 80:
            return Level.EMERGENT
        case _ if sbp >= 180 or sbp <= 90:
            return Level.URGENT
        case _:
            return None


def _saturation(vitals: Vitals) -> Level | None:
    spo2 = vitals.spo2
    is_calm = vitals.rr is not None and vitals.rr <= FAST_BREATHING_ABOVE
    if spo2 is None or is_calm or spo2 > 94:
        return None
    if spo2 < 80:
        return Level.CRITICAL
    return Level.EMERGENT if spo2 <= 90 else Level.URGENT


@dataclass(frozen=True, slots=True)
class News2:
    """An aggregate score. `has_three`: one parameter alone scores 3. `missing`: what was not measured."""

    total: int
    has_three: bool
    missing: tuple[str, ...]


def news2(vitals: Vitals, *, scale_2: bool = False) -> News2:
    """NEWS2 of what was measured; a missing parameter adds nothing, so the total is a lower bound.

    `scale_2` reads the saturation for a target of 88-92 %, which a doctor must have prescribed
    (hypercapnic respiratory failure).

    >>> news2(Vitals(rr=28, spo2=93, sbp=98, hr=118, consciousness="C", temp=38.9)).total
    13
    """
    points: dict[str, int | None] = {
        "rr": _banded(vitals.rr, ((8, 3), (11, 1), (20, 0), (24, 2)), 3),
        "spo2": _saturation_points(vitals, scale_2=scale_2),
        "sbp": _banded(vitals.sbp, ((90, 3), (100, 2), (110, 1), (219, 0)), 3),
        "hr": _banded(vitals.hr, ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2)), 3),
        "consciousness": None
        if vitals.consciousness is None
        else 3 * (vitals.consciousness != "A"),
        "temp": _banded(vitals.temp, ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1)), 2),
    }
    told = [each for each in points.values() if each is not None]
    missing = tuple(name for name, each in points.items() if each is None)
    return News2(sum(told) + 2 * vitals.on_oxygen, 3 in told, missing)


def _banded(value: float | None, bands: tuple[tuple[float, int], ...], above: int) -> int | None:
    """Find the points of the first band whose upper end is not below `value`; `above` beyond the last."""
    if value is None:
        return None
    return next((points for upper, points in bands if value <= upper), above)


def _saturation_points(vitals: Vitals, *, scale_2: bool) -> int | None:
    if not scale_2:
        return _banded(vitals.spo2, ((91, 3), (93, 2), (95, 1)), 0)
    low = ((83, 3), (85, 2), (87, 1), (92, 0))
    if not vitals.on_oxygen:
        return _banded(vitals.spo2, low, 0)
    return _banded(vitals.spo2, (*low, (94, 1), (96, 2)), 3)


def news2_level(score: News2) -> Level | None:
    """Turn a NEWS2 into a floor: 7 or more at least Ⅱ; 5-6, or a single 3, at least Ⅲ.

    The clinical risk bands are the College's (0-4 low, a single 3 low-medium, 5-6 medium, 7 or more
    high); tying them to the Chinese levels is a proposal that a clinician has to sign.
    """
    if score.total >= 7:
        return Level.EMERGENT
    return Level.URGENT if score.total >= 5 or score.has_three else None


_CHILD_LIMITS = (
    (1 / 12, 190, 60),
    (1, 180, 55),
    (3, 140, 40),
    (5, 120, 35),
    (12, 120, 30),
    (18, 100, 20),
)
"""Upper age in years, heart rate and respiratory rate above which ESI v5 calls vital signs high-risk."""


def child_level(vitals: Vitals, age_years: float) -> Level | None:
    """Give the floor for those under 18: fever of 38 ℃ below three months Ⅱ, high-risk vital signs at least Ⅲ.

    ESI asks to *consider* its level 2 for high-risk vital signs; the floor takes the least it can mean.

    >>> child_level(Vitals(temp=38.2), age_years=52 / 365).name
    'EMERGENT'
    """
    if age_years < 0.25 and vitals.temp is not None and vitals.temp >= 38.0:
        return Level.EMERGENT
    limits = next(((hr, rr) for upper, hr, rr in _CHILD_LIMITS if age_years < upper), None)
    if limits is None:
        return None
    is_high_risk = (
        (vitals.hr is not None and vitals.hr > limits[0])
        or (vitals.rr is not None and vitals.rr > limits[1])
        or (vitals.spo2 is not None and vitals.spo2 < 92)
    )
    return Level.URGENT if is_high_risk else None


def vital_floors(
    vitals: Vitals, age_years: float | None, *, is_pregnant: bool
) -> dict[str, Level | None]:
    """Give every floor by its name, None where it does not apply to this person; an unknown age counts as adult."""
    age = 40.0 if age_years is None else age_years
    is_adult = age >= ADULT_FROM_YEARS
    has_news2 = age >= NEWS2_FROM_YEARS and not is_pregnant
    return {
        "adult_table": adult_table_level(vitals) if is_adult else None,
        "news2": news2_level(news2(vitals)) if has_news2 else None,
        "child_limits": None if is_adult else child_level(vitals, age),
    }


def vital_floor(vitals: Vitals, age_years: float | None, *, is_pregnant: bool) -> Level | None:
    """Find the strictest floor that applies to this person."""
    return most_urgent(*vital_floors(vitals, age_years, is_pregnant=is_pregnant).values())


_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(岁|周岁|个月|月|周|天|日)")
_YEARS = {"岁": 1.0, "周岁": 1.0, "个月": 1 / 12, "月": 1 / 12, "周": 7 / 365, "天": 1 / 365, "日": 1 / 365}  # fmt: skip


def age_in_years(told: str) -> float | None:
    """Read an age such as 58岁, 1岁3个月 or 52天; None if there is none.

    >>> age_in_years("1岁6个月")
    1.5
    """
    parts = _AGE.findall(told)
    return sum(float(number) * _YEARS[unit] for number, unit in parts) if parts else None
