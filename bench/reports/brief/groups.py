"""Tables that tell of several suites: rows under a line for each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.reports.brief.markup import Band, Box, Grid, Line, Span, line
from bench.reports.parts import Head, Part, Section
from bench.types import Language


@dataclass(frozen=True, slots=True)
class Focus:
    """A suite as the sections behind page one tell of it, and its leading candidate, if any."""

    title: str
    candidate: str

    @property
    def name(self) -> str:
        """The title, and whom the rows are about."""
        return " · ".join(each for each in (self.title, self.candidate) if each)


@dataclass(frozen=True, slots=True)
class Group:
    """What a table says of one suite. `notes` stand behind the title, `rest` beneath the rows."""

    title: str
    rows: Sequence[Sequence[Box]]
    notes: tuple[str, ...] = ()
    rest: str = ""


def grid(
    widths: tuple[float, ...], heads: Sequence[Head], groups: Sequence[Group], caption: str
) -> Grid:
    """Heads once, then each suite's title and rows; a title stays with its first row.

    No heads where no suite has anything to say in columns.
    """
    named = (line("HeadFigure" if each.numeric else "Head", each.text) for each in heads)
    bands = [Band(tuple(Box((each,)) for each in named), head=True)] if heads else []
    for group in groups:
        notes = (Span(f"   {each}", "Tiny") for each in group.notes if each)
        title = line("Group", Span(group.title, bold=True), *notes)
        bands.append(Band((Box((title,), span=len(widths)),), attached=True))
        bands += [Band(tuple(row)) for row in group.rows]
        if group.rest:
            told = line("CellNote", group.rest)
            bands.append(Band((Box((told,), span=len(widths)),)))
    return Grid(widths, tuple(bands), caption)


def titled(section: Section, *, new_page: bool = False) -> Line:
    """A section's finding."""
    return Line("Heading2", (Span(section.heading),), new_page=new_page)


def reading(sentences: Iterable[str], language: Language) -> Line:
    """How to read what follows."""
    told = ("" if language == "zh" else " ").join(sentences)
    return line("Reading", told, attached=True)


def parts_of(section: Section, focuses: Sequence[Focus]) -> list[tuple[Focus, Part]]:
    """What a section says of each suite, in the order of page one; parts about no suite are left out."""
    left = list(section.parts)
    found = []
    for focus in focuses:
        part = next((each for each in left if each.title == focus.title), None)
        if part is not None:
            left.remove(part)
            found.append((focus, part))
    return found
