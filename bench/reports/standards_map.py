"""What this report holds, and does not hold, for the headings of two standards."""

from collections.abc import Collection, Sequence

from bench.reports.parts import Cell, Head, Part, Table
from bench.types import Language
from bench.wording.catalogue import say

PAGE_ONE = "page_one"
Heading = tuple[str, str, tuple[str, ...]]
"""Number, key of its words, sections that hold evidence for it."""

# Numbers and wording of subcategories as in NIST AI 100-1 (January 2023), chapter 5, tables 1 to 4; read in the
# NIST AIRC "AI RMF Core" page and in intuitem/ciso-assistant-community, nist-ai-rmf-1.0.yaml. Titles are shortened.
NIST: tuple[Heading, ...] = (
    ("GOVERN 6.1", "govern_6_1", ("how",)),
    ("MAP 1.1", "map_1_1", (PAGE_ONE, "how")),
    ("MAP 1.4", "map_1_4", (PAGE_ONE, "money")),
    ("MAP 1.5", "map_1_5", ("risk",)),
    ("MAP 2.3", "map_2_3", ("how",)),
    ("MAP 3.1", "map_3_1", ("values",)),
    ("MAP 3.2", "map_3_2", ("money", "risk")),
    ("MAP 3.5", "map_3_5", ("sensitivity",)),
    ("MAP 5.1", "map_5_1", ("risk",)),
    ("MEASURE 1.1", "measure_1_1", ("values", "why")),
    ("MEASURE 2.1", "measure_2_1", ("how",)),
    ("MEASURE 2.3", "measure_2_3", ("values",)),
    ("MEASURE 2.5", "measure_2_5", ("confidence", "triangle")),
    ("MEASURE 2.6", "measure_2_6", ("risk",)),
    ("MEASURE 2.7", "measure_2_7", ("risk",)),
    ("MEASURE 2.11", "measure_2_11", ("slices", "values")),
    ("MEASURE 2.13", "measure_2_13", ("why",)),
    ("MANAGE 1.1", "manage_1_1", (PAGE_ONE,)),
    ("MANAGE 1.2", "manage_1_2", ("risk", "confidence")),
    ("MANAGE 2.1", "manage_2_1", (PAGE_ONE, "pairs")),
    ("MANAGE 4.1", "manage_4_1", ("history",)),
)
# Clauses as in the contents of ISO/IEC 42001:2023 (read through regulume.com and isomanaged.com), controls of Annex A
# as three lists agree on them (learn.daydream.ai; xorcism import_iso42001_controls.py; JKasteele/ai-act-companion).
ISO: tuple[Heading, ...] = (
    ("6.1.2", "iso_6_1_2", ("risk",)),
    ("6.1.4", "iso_6_1_4", ("risk", "money")),
    ("8.2", "iso_8_2", ("risk", "how")),
    ("8.3", "iso_8_3", ("selective", "next")),
    ("8.4", "iso_8_4", ("risk", "slices")),
    ("9.1", "iso_9_1", ("how", "history")),
    ("A.4.3", "a_4_3", ("how",)),
    ("A.5.4", "a_5_4", ("slices",)),
    ("A.6.2.2", "a_6_2_2", ("risk", "how")),
    ("A.6.2.4", "a_6_2_4", (PAGE_ONE, "risk")),
    ("A.6.2.8", "a_6_2_8", ("how",)),
    ("A.7.4", "a_7_4", ("how",)),
    ("A.7.5", "a_7_5", ("how",)),
    ("A.9.4", "a_9_4", (PAGE_ONE, "how")),
    ("A.10.3", "a_10_3", ("how",)),
)


def standards(language: Language, shown: Collection[str]) -> Part:
    """Two tables: a heading, what is held for it and where, what is not. `shown` are sections of the report."""
    sentences = (say(language, "standards.said"), say(language, "standards.translated"))
    tables = tuple(
        _table(language, name, headings, shown) for name, headings in (("nist", NIST), ("iso", ISO))
    )
    return Part(say(language, "standards.title"), sentences, folded=tables)


def _table(
    language: Language, name: str, headings: Sequence[Heading], shown: Collection[str]
) -> Table:
    heads = tuple(
        Head(say(language, f"standards.{each}")) for each in ("heading", "holds", "lacks")
    )
    rows = tuple(_row(language, each, shown) for each in headings)
    return Table(say(language, f"standards.{name}"), heads, rows)


def _row(language: Language, heading: Heading, shown: Collection[str]) -> tuple[Cell, ...]:
    number, key, places = heading
    title = say(language, f"standard_title.{key}")
    held = [_place(language, each) for each in places if each == PAGE_ONE or each in shown]
    if held:
        told = say(language, f"standard_holds.{key}")
        where = say(language, "standards.where", sections=say(language, "list.between").join(held))
    else:
        told, where = say(language, "standards.nothing"), ""
    return (
        Cell(say(language, "standards.named", id=number, title=title)),
        Cell(told, where, tone="" if held else "quiet"),
        Cell(say(language, f"standard_lacks.{key}")),
    )


def _place(language: Language, section: str) -> str:
    keys = {PAGE_ONE: "standards.page_one", "how": "standards.here"}
    return say(language, keys.get(section, f"section.{section}.nav"))
