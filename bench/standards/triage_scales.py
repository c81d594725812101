"""Scales of emergency triage: their levels, names and longest waits, and a proposed way from one to another.

Scales are not interchangeable by number: the Chinese level Ⅲ, level 3 of the Beijing standard and level 3 of a
five-level scale mean different things, so every bridge is written out and is a proposal that the hospital
has to sign.

Sources
    cn_2018: 急诊预检分诊专家共识, 中华急诊医学杂志 2018;27(6):599-604; level names of quality indicator EM-ME-04
    (国卫办医政函〔2024〕150号) and code table RC042 (国卫办医政发〔2024〕16号).
    beijing_2019: 北京市医院急诊预检分诊分级标准(试行), as told by press and one extract.
    esi_v5: Emergency Severity Index handbook, 5th edition (ENA 2023), which sets no waiting times.
    mts: two descriptions and a UK training text. ctas: Scand J Trauma 2011;19:68.
    ats: Health New Zealand; Australian indicator registry. ktas: built on CTAS, its times not verified.
"""

from typing import NamedTuple


class Scale(NamedTuple):
    """Levels from the most urgent to the least, each with its other names; minutes are None where none are set."""

    name: str
    levels: dict[str, list[str]]
    minutes: tuple[float | None, ...]
    source: str


def _numbered(short: str, names: tuple[str, ...]) -> dict[str, list[str]]:
    return {
        f"{short}{place}": [
            str(place),
            f"{short} {place}",
            f"{short}-{place}",
            f"{short}{place}级",
            *name.split("|"),
        ]
        for place, name in enumerate(names, start=1)
    }


SCALES: dict[str, Scale] = {
    each.name: each
    for each in (
        Scale(
            "cn_2018",
            {
                "Ⅰ": ["急危", "一级", "1"],
                "Ⅱ": ["急重", "二级", "2"],
                "Ⅲ": ["急症", "三级", "3"],
                "Ⅳ": ["亚急症或非急症", "亚急症", "非急症", "四级", "4"],
            },
            (0, 10, 30, 60),
            "急诊预检分诊专家共识 (2018)",
        ),
        Scale(
            "beijing_2019",
            {
                "1级": ["濒危", "一级", "1"],
                "2级": ["危重", "二级", "2"],
                "3级": ["急症", "三级", "3"],
                "4级": ["非急症", "四级", "4"],
            },
            (0, 10, 30, 240),
            "北京市医院急诊预检分诊分级标准(试行) (2019)",
        ),
        Scale(
            "esi_v5",
            _numbered(
                "ESI",
                ("resuscitation", "emergent", "urgent", "less urgent|less-urgent", "nonurgent|non-urgent"),
            ),
            (None,) * 5,
            "ESI handbook, 5th edition (2023)",
        ),
        Scale(
            "mts",
            {
                "red": ["红色", "红", "immediate"],
                "orange": ["橙色", "橙", "very urgent", "very-urgent"],
                "yellow": ["黄色", "黄", "urgent"],
                "green": ["绿色", "绿", "standard"],
                "blue": ["蓝色", "蓝", "non-urgent", "nonurgent"],
            },
            (0, 10, 60, 120, 240),
            "Manchester Triage System",
        ),
        Scale(
            "ctas",
            _numbered(
                "CTAS",
                ("resuscitation", "emergent", "urgent", "less urgent|less-urgent", "non-urgent|nonurgent"),
            ),
            (0, 15, 30, 60, 120),
            "Canadian Triage and Acuity Scale",
        ),
        Scale(
            "ats",
            _numbered("ATS", ("immediate", "emergency", "urgent", "semi-urgent|semiurgent", "non-urgent|nonurgent")),
            (0, 10, 30, 60, 120),
            "Australasian Triage Scale",
        ),
        Scale(
            "ktas",
            _numbered(
                "KTAS",
                ("resuscitation", "emergent", "urgent", "less urgent|less-urgent", "nonurgent|non-urgent"),
            ),
            (None,) * 5,
            "Korean Triage and Acuity Scale",
        ),
    )
}  # fmt: skip

TO_CN_2018: dict[str, tuple[str, ...]] = {
    "beijing_2019": ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"),
    "esi_v5": ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅳ"),
    "mts": ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅳ"),
    "ctas": ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅳ"),
    "ats": ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅳ"),
    "ktas": ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅳ"),
}
"""Scale -> the Chinese level of each of its levels. Proposed, not signed: Beijing's 3 holds cases of the Chinese Ⅳ."""


def bridged(scale: str, level: str) -> str:
    """The Chinese level that a level of another scale comes nearest to.

    >>> bridged("mts", "orange"), bridged("esi_v5", "ESI5")
    ('Ⅱ', 'Ⅳ')
    """
    if scale == "cn_2018":
        return level
    return TO_CN_2018[scale][list(SCALES[scale].levels).index(level)]
