"""Triage by rules: floors from vital signs and red flags, a department from words, a fixed advice per level."""

import re
from collections.abc import Mapping

from pydantic import JsonValue

from bench.endpoints.baselines.method import BaselineMethod
from bench.endpoints.baselines.red_flags import (
    CHILD_EMERGENCY,
    EMERGENCY,
    RED_FLAGS,
    Patient,
    said,
)
from bench.standards.vital_signs import Level, age_in_years, vital_floor, vitals_of

_SHOWN = {
    Level.CRITICAL: "Ⅰ急危",
    Level.EMERGENT: "Ⅱ急重",
    Level.URGENT: "Ⅲ急症",
    Level.LESS_URGENT: "Ⅳ亚急症或非急症",
}

_ADVICE = {
    Level.CRITICAL: "立即送抢救室并通知医生；不在院内就马上拨打120，身边不要离人。",
    Level.EMERGENT: "现在就去{door}，10分钟内由医生接诊并监测生命体征；不在院内就拨打120。",
    Level.URGENT: "现在去{door}，30分钟内接诊；等候中加重马上告诉护士。",
    Level.LESS_URGENT: "到{door}按顺序就诊；加重或出现新的症状马上来急诊。",
}

_DOORS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (door, re.compile(words))
    for door, words in (
        ("皮肤科", "疹|痒|疙瘩|皮肤|痘|癣|脱发|指甲"),
        ("精神心理科", "睡不着|失眠|焦虑|抑郁|情绪|心情|压力"),
        ("眼科", "眼睛|视力|看不清|眼"),
        ("耳鼻咽喉科", "耳|鼻|嗓子|咽|喉|听力"),
        ("口腔科", "牙|口腔"),
        ("妇科", "月经|例假|白带|痛经|阴道"),
        ("泌尿外科", "尿|前列腺|睾丸|肾结石"),
        ("骨科", "腰|膝|关节|扭|崴|骨|肩|脖子|颈椎|肌肉|落枕"),
        ("神经内科", "头[痛疼晕]|麻|手抖|眩晕"),
        ("呼吸内科", "咳|痰|喘"),
        ("消化内科", "肚子|胃|拉稀|腹泻|拉了|反酸|嗳气|便秘|大便"),
        ("普通外科", "痔|肿块|包块|乳房|疝|伤口|甲状腺结节"),
        ("内分泌科", "糖尿病|血糖|甲状腺|甲亢"),
        ("心血管内科", "心慌|心跳|血压|胸"),
    )
)
_FEVER_CLINIC = "发热门诊"
_GENERAL = "全科医学科"
_CHILDREN = "儿科"
_OBSTETRICS = "产科"


class TriageRules(BaselineMethod):
    """The floor of the vital signs and of the red flags, whichever is stricter; without either, Ⅳ.

    It understands no sentence: words that merely occur raise the level, so it over-triages, and danger told in
    words that are not in its lists passes it.
    """

    def answer(self, case_input: Mapping[str, JsonValue]) -> str:
        """Level, department, reason and advice, a line each."""
        patient = _patient(case_input)
        measured = vital_floor(
            patient.vitals, patient.age_years, is_pregnant=patient.is_pregnant_or_after
        )
        found = [(flag, words) for flag in RED_FLAGS if (words := flag.found(patient)) is not None]
        found.sort(key=lambda pair: pair[0].level)
        level = min(
            [
                Level.LESS_URGENT,
                *(flag.level for flag, _ in found),
                *([measured] if measured else []),
            ]
        )
        named = next((flag.door for flag, _ in found if flag.door is not None), None)
        door = _door(patient, level, named)
        reasons = [f"{flag.name}（“{words}”）" for flag, words in found[:4]]
        if measured is not None:
            reasons.append(f"体征达到{_SHOWN[measured]}")
        reason = "；".join(reasons) or f"自述“{patient.complaint[:40]}”，未见危险信号词"
        advice = _ADVICE[level].format(door=door)
        return f"级别：{_SHOWN[level]}\n科室：{door}\n理由：{reason}\n建议：{advice}"


def _patient(told: Mapping[str, JsonValue]) -> Patient:
    pregnancy = str(told.get("pregnancy") or "")
    return Patient(
        complaint=str(told.get("complaint") or ""),
        age_years=age_in_years(str(told.get("age") or "")),
        is_female="女" in str(told.get("sex") or ""),
        is_pregnant_or_after=re.match(r"怀?孕|妊娠|产后", pregnancy) is not None,
        vitals=vitals_of(told.get("vitals")),
    )


def _door(patient: Patient, level: Level, named: str | None) -> str:
    if level < Level.LESS_URGENT:
        return named or (CHILD_EMERGENCY if patient.is_child else EMERGENCY)
    if patient.is_child:
        return _CHILDREN
    if patient.is_pregnant_or_after:
        return _OBSTETRICS
    if patient.has_fever:
        return _FEVER_CLINIC
    hits = [
        (len(set(words.findall(patient.complaint))), -place, door)
        for place, (door, words) in enumerate(_DOORS)
        if said(words, patient.complaint) is not None
    ]
    return max(hits)[2] if hits else _GENERAL
