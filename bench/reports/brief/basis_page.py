"""Page four: what the numbers rest on, what nobody knows yet, and where the rest is."""

from collections.abc import Sequence

from bench.reports.brief.groups import Focus, Group, grid, parts_of, titled
from bench.reports.brief.markup import Box, Flow, Grid, Span, line
from bench.reports.parts import Cell, Head, Page, Part, Section
from bench.types import Language
from bench.wording.catalogue import say

_COLUMNS = (72.0, 44.0, 27.0, 39.0)
_MOST = 3
"""Assumptions of a suite: those that move its leading candidate most."""
_SOURCE_CHARS = 40


def basis_page(page: Page, focuses: Sequence[Focus]) -> list[Flow]:
    """Assumptions, method, what more knowledge would be worth, what the next stage lacks, files."""
    language = page.language
    sections = {each.key: each for each in page.sections}
    if "how" not in sections:
        return []
    flow: list[Flow] = [titled(sections["how"], new_page=True)]
    flow.append(line("Heading3", say(language, "brief.assumptions")))
    flow.append(_assumptions(language, sections["how"], sections.get("sensitivity"), focuses))
    method = say(language, "how.method")
    flow.append(line("Heading3", method))
    told = (part.sentences for part in sections["how"].parts if part.title == method)
    flow += [line("ListNumber", each) for each in next(told, ())]
    for key in ("confidence", "next"):
        if key in sections:
            flow += _sentences(sections[key], focuses)
    flow.append(line("Heading2", say(language, "brief.where")))
    flow.append(line("Sentence", say(language, "brief.files", run=page.facts[0])))
    return flow


def _sentences(section: Section, focuses: Sequence[Focus]) -> list[Flow]:
    """A section's finding, and its first sentence about every suite."""
    told: list[Flow] = [
        line("ListSmall", Span(f"{focus.title}  ", bold=True), part.sentences[0])
        for focus, part in parts_of(section, focuses)
        if part.sentences
    ]
    return [titled(section), *told] if told else []


def _assumptions(
    language: Language, how: Section, swings: Section | None, focuses: Sequence[Focus]
) -> Grid:
    moving = dict(parts_of(swings, focuses)) if swings else {}
    groups: list[Group] = []
    heads: list[Head] = []
    for focus, part in parts_of(how, focuses):
        tables = [each for each in part.folded if each.caption == say(language, "how.assumptions")]
        if not tables:
            continue
        heads = [Head(each.text) for each in tables[0].heads]
        rows = _first(tables[0].rows, moving.get(focus))
        guessed = sum(bool(each[0].chip) for each in tables[0].rows)
        note = say(language, "brief.counted", n=len(tables[0].rows), placeholders=guessed)
        groups.append(Group(focus.title, [_assumption(each) for each in rows], (note,)))
    return grid(_COLUMNS, heads, groups, say(language, "how.assumptions"))


def _first(rows: Sequence[tuple[Cell, ...]], moving: Part | None) -> Sequence[tuple[Cell, ...]]:
    """Those that the tornado shows, in its order; the first ones where there is no tornado."""
    order = [row[0].text for row in moving.tables[0].rows] if moving and moving.tables else []
    by_title = {row[0].text: row for row in rows}
    found = [by_title[each] for each in order if each in by_title]
    return (found or rows)[:_MOST]


def _assumption(row: Sequence[Cell]) -> list[Box]:
    """A placeholder is marked instead of its value: the mark says the value."""
    title, value, span, source = row
    shown = Span(f" {title.chip} ", "Chip") if title.chip else Span(value.text)
    dated = " · ".join(each for each in (_cut(source.text), source.note) if each)
    return [
        Box((line("Cell", title.text),)),
        Box((line("Cell", shown),)),
        Box((line("Cell", span.text),)),
        Box((line("CellNote", dated),)),
    ]


def _cut(text: str) -> str:
    """A source's beginning; the full report has all of it."""
    return text if len(text) <= _SOURCE_CHARS else f"{text[:_SOURCE_CHARS].rstrip()}…"
