"""What a page of the brief is made of, and how it is written as WordprocessingML.

Lengths are millimetres. Text enters the markup in one place (`Setter._text`) and never as anything else.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html import escape
from itertools import count
from typing import Literal

from bench.reports.brief.styles import HAIR, fonts, hint
from bench.types import Language
from bench.wording.plain import plain

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold: controls, lone surrogates, U+FFFE and U+FFFF."""
_TWIPS, _EMU = 1440 / 25.4, 36_000
_LOWERED = -2
"""Half-points by which a sign in a line of text hangs below the base line."""

Tone = Literal["", "Good", "Open", "Stop", "Bad", "Quiet", "Small", "Tiny", "Chip"]
"""A character style."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text."""

    text: str
    tone: Tone = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing without any text, and what it shows in words. `sign` stands within a line of text."""

    svg: str
    width: float
    height: float
    alt: str
    sign: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A number that the reader's program fills in."""

    name: Literal["PAGE", "NUMPAGES"]


@dataclass(frozen=True, slots=True)
class Tab:
    """On to the next tab stop."""


Inline = Span | Picture | Field | Tab


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. `tabs`: places of centred tab stops; `attached`: on one page with what follows."""

    style: str
    inlines: tuple[Inline, ...]
    tabs: tuple[float, ...] = ()
    new_page: bool = False
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A cell over `span` columns. `rule`: colour of a bar at its left; `striped`: not to be relied on."""

    lines: tuple[Line, ...]
    fill: str = ""
    rule: str = ""
    span: int = 1
    striped: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A row. Heads repeat on every page; `attached` rows stay with the next one."""

    boxes: tuple[Box, ...]
    head: bool = False
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of fixed column widths; `caption` is what a screen reader says of it."""

    widths: tuple[float, ...]
    bands: tuple[Band, ...]
    caption: str


Flow = Line | Grid


def line(style: str, *parts: Inline | str, attached: bool = False) -> Line:
    """A paragraph of spans and bare texts."""
    inlines = tuple(Span(each) if isinstance(each, str) else each for each in parts)
    return Line(style, inlines, attached=attached)


def twips(length: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(length * _TWIPS)


class Setter:
    """Writes markup. `embed` stores a drawing of some width and gives the name of its relation."""

    def __init__(self, language: Language, embed: Callable[[Picture], str]) -> None:
        self._fonts = f"<w:rFonts{fonts(language)}{hint(language)}/>"
        self._embed = embed
        self._numbers = count(1)

    def flow(self, blocks: Iterable[Flow]) -> list[str]:
        """Paragraphs and tables, one piece of markup each."""
        return [
            self.paragraph(each) if isinstance(each, Line) else self.table(each) for each in blocks
        ]

    def paragraph(self, it: Line, namespaces: str = "") -> str:
        """A paragraph."""
        told = [f'<w:pStyle w:val="{it.style}"/>']
        if it.attached:
            told.append("<w:keepNext/>")
        if it.new_page:
            told.append("<w:pageBreakBefore/>")
        if it.tabs:
            stops = (f'<w:tab w:val="center" w:pos="{twips(each)}"/>' for each in it.tabs)
            told.append(f"<w:tabs>{''.join(stops)}</w:tabs>")
        inner = "".join(map(self._inline, it.inlines))
        return f"<w:p{namespaces}><w:pPr>{''.join(told)}</w:pPr>{inner}</w:p>"

    def table(self, it: Grid) -> str:
        """A table whose rows never break and whose heads repeat."""
        columns = "".join(f'<w:gridCol w:w="{twips(each)}"/>' for each in it.widths)
        rows = "".join(self._band(each, it.widths) for each in it.bands)
        return (
            '<w:tbl><w:tblPr><w:tblStyle w:val="Brief"/>'
            f'<w:tblW w:w="{twips(sum(it.widths))}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"'
            f' w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{_attribute(it.caption)}"/></w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
        )

    def _band(self, it: Band, widths: tuple[float, ...]) -> str:
        head = "<w:tblHeader/>" if it.head else ""
        cells, first = [], 0
        for box in it.boxes:
            width = sum(widths[first : first + box.span])
            cells.append(self._box(box, width, attached=it.attached or it.head))
            first += box.span
        return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"

    def _box(self, it: Box, width: float, *, attached: bool) -> str:
        told = [f'<w:tcW w:w="{twips(width)}" w:type="dxa"/>']
        if it.span > 1:
            told.append(f'<w:gridSpan w:val="{it.span}"/>')
        if it.rule:
            told.append(
                f'<w:tcBorders><w:left w:val="single" w:sz="24" w:space="0" w:color="{it.rule}"/></w:tcBorders>'
            )
        if it.striped:
            told.append(f'<w:shd w:val="thinDiagStripe" w:color="{HAIR}" w:fill="FFFFFF"/>')
        elif it.fill:
            told.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{it.fill}"/>')
        lines = it.lines or (Line("Cell", ()),)
        inner = "".join(
            self.paragraph(replace(each, attached=each.attached or attached)) for each in lines
        )
        return f"<w:tc><w:tcPr>{''.join(told)}</w:tcPr>{inner}</w:tc>"

    def _inline(self, it: Inline) -> str:
        if isinstance(it, Span):
            return self._text(it)
        if isinstance(it, Picture):
            return self._drawing(it)
        if isinstance(it, Tab):
            return f"<w:r><w:rPr>{self._fonts}</w:rPr><w:tab/></w:r>"
        return f'<w:fldSimple w:instr="{it.name}">{self._text(Span("1"))}</w:fldSimple>'

    def _text(self, it: Span) -> str:
        style = f'<w:rStyle w:val="{it.tone}"/>' if it.tone else ""
        bold = "<w:b/>" if it.bold else ""
        told = escape(clean(it.text))
        return f'<w:r><w:rPr>{style}{self._fonts}{bold}</w:rPr><w:t xml:space="preserve">{told}</w:t></w:r>'

    def _drawing(self, it: Picture) -> str:
        """An inline picture with its alternative text."""
        number, relation = next(self._numbers), self._embed(it)
        size = f'cx="{round(it.width * _EMU)}" cy="{round(it.height * _EMU)}"'
        position = f'<w:position w:val="{_LOWERED}"/>' if it.sign else ""
        return (
            f"<w:r><w:rPr>{self._fonts}{position}</w:rPr><w:drawing>"
            f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
            f'<wp:docPr id="{number}" name="Picture {number}" descr="{_attribute(it.alt)}"/>'
            '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
            "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )


def clean(text: str) -> str:
    """Text without what XML cannot hold; that is shown as everywhere else."""
    return _ILLEGAL.sub(lambda found: plain(found[0]), text)


def _attribute(text: str) -> str:
    return escape(clean(text), quote=True)
