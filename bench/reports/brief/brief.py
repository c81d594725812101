"""The report as four pages for Word: the decision, the comparison, the risk, and what all of it rests on.

The same sentences and numbers as in every other format, for those who pass documents on. The same run gives
the same file, byte for byte.
"""

import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from bench.errors import UserError
from bench.reports.brief import pictures, styles
from bench.reports.brief.basis_page import basis_page
from bench.reports.brief.comparison_page import comparison_page
from bench.reports.brief.groups import Focus
from bench.reports.brief.markup import Field, Inline, Picture, Setter, Span, clean, line
from bench.reports.brief.risk_page import risk_page
from bench.reports.brief.verdict_page import verdict_page
from bench.reports.parts import Page
from bench.reports.verdicts import best
from bench.reports.view import view
from bench.types import Language
from bench.value.judged import Judged
from bench.value.summary import RunInfo, Summary
from bench.wording.catalogue import say
from bench.wording.plain import plain

if TYPE_CHECKING:
    from docx.document import Document
    from docx.opc.part import Part
    from docx.oxml.xmlchemy import BaseOxmlElement

_SPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{place}"'
    for prefix, place in (
        ("w", "wordprocessingml/2006/main"),
        ("wp", "drawingml/2006/wordprocessingDrawing"),
        ("a", "drawingml/2006/main"),
        ("pic", "drawingml/2006/picture"),
        ("r", "officeDocument/2006/relationships"),
    )
)
_LEFT_BEHIND = ("customXml", "stylesWithEffects", "webSettings", "thumbnail", "extended-properties")
"""Parts of the blank document that say nothing about this one."""
_NO_DATE = datetime(1980, 1, 1)  # noqa: DTZ001  # as python-docx wants it: UTC, unmarked
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def brief(judged: Judged, language: Language) -> bytes:
    """The document. Raises UserError where the libraries for office files are missing."""
    try:
        import docx
        import resvg_py  # noqa: F401  # pictures need it; better told before any work
    except ImportError as error:
        raise UserError(
            "a Word document needs python-docx and resvg-py; install them with: "
            "pip install 'industry-bench[office]'"
        ) from error
    page = view(judged, language)
    document = docx.Document()
    _dress(document, language)
    _describe(document, page, judged.summary.run)
    setter = Setter(language, _Store(document).relation)
    focuses = _focuses(page, judged.summary)
    _fill(
        document.element.body,
        setter.flow(
            [
                *verdict_page(page),
                *comparison_page(page),
                *risk_page(page, focuses),
                *basis_page(page, focuses),
            ]
        ),
    )
    _frame(document, page, setter)
    return _packed(document)


def _focuses(page: Page, summary: Summary) -> list[Focus]:
    leading = {plain(key): best(suite) for key, suite in summary.suites.items()}
    return [Focus(each.title, plain(leading.get(each.key) or "")) for each in page.suites]


class _Store:
    """Keeps every picture once."""

    def __init__(self, document: "Document") -> None:
        self._part = document.part
        self._known: dict[tuple[str, float], str] = {}

    def relation(self, picture: Picture) -> str:
        """The name under which the document finds the picture."""
        key = (picture.svg, picture.width)
        if key not in self._known:
            image = BytesIO(pictures.png(picture))
            self._known[key], _ = self._part.get_or_add_image(image)
        return self._known[key]


def _dress(document: "Document", language: Language) -> None:
    """Our own styles, lists and settings instead of those of the blank document; A4."""
    part = document.part
    for holder in (part, part.package):
        for key in [
            key for key, each in holder.rels.items() if each.reltype.endswith(_LEFT_BEHIND)
        ]:
            del holder.rels[key]
    _replace(document.styles.element, styles.styles_xml(language))
    _replace(part.numbering_part.element, styles.numbering_xml(language))
    _replace(document.settings.element, styles.settings_xml(language))
    for each in part.rels.values():
        if each.reltype.endswith("fontTable"):
            _write(each.target_part, styles.font_table_xml())
    section = document.sections[0]._sectPr  # noqa: SLF001  # the page itself has no other name
    _replace(section, _page_xml())


def _page_xml() -> str:
    size = 'w:w="11906" w:h="16838"'
    margins = 'w:top="964" w:right="794" w:bottom="794" w:left="794" w:header="454" w:footer="397" w:gutter="0"'
    return f"<w:sectPr {_SPACES}><w:pgSz {size}/><w:pgMar {margins}/></w:sectPr>"


def _replace(element: "BaseOxmlElement", markup: str) -> None:
    """Another content for an element that the document already holds."""
    from docx.oxml import parse_xml

    for child in list(element):
        element.remove(child)
    element.extend(list(parse_xml(markup)))


def _write(part: "Part", markup: str) -> None:
    part._blob = markup.encode()  # noqa: SLF001  # a part that python-docx keeps as bytes and does not open


def _fill(body: "BaseOxmlElement", blocks: Sequence[str]) -> None:
    """Blocks before the section's own properties, which stand last."""
    from docx.oxml import parse_xml

    whole = parse_xml(f"<w:body {_SPACES}>{''.join(blocks)}</w:body>")
    for at, child in enumerate(list(whole)):
        body.insert(at, child)


def _frame(document: "Document", page: Page, setter: Setter) -> None:
    """Name of the report, run and date above every page; page numbers below."""
    from docx.oxml import parse_xml

    section = document.sections[0]
    facts = "  ·  ".join(page.facts)
    head = line("Header", Span(page.title, bold=True), f"  ·  {facts}")
    foot = line("Footer", *_numbers(page.language))
    for place, told in ((section.header, head), (section.footer, foot)):
        place.is_linked_to_previous = False
        element = place._element  # noqa: SLF001  # python-docx has no markup of its own for fields
        for child in list(element):
            element.remove(child)
        element.append(parse_xml(setter.paragraph(told, f" {_SPACES}")))


def _numbers(language: Language) -> list[Inline]:
    """The page's number and how many there are, as fields within their sentence."""
    told = say(language, "brief.page", page="\0", pages="\1")
    fields: dict[str, Inline] = {"\0": Field("PAGE"), "\1": Field("NUMPAGES")}
    return [fields.get(each, Span(each)) for each in re.split("([\0\1])", told) if each]


def _describe(document: "Document", page: Page, run: RunInfo) -> None:
    """Title, language and the run's dates; nobody's name."""
    told = document.core_properties
    told.title = clean(page.title)
    told.subject = clean(" · ".join(page.facts))[:255]
    told.language = styles.TAGS[page.language]
    told.author = told.last_modified_by = told.comments = told.keywords = told.category = ""
    told.revision = 1
    told.created = told.modified = _date(run.finished or run.started)


def _date(text: str) -> datetime:
    """A moment of the run without its time zone, in UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return _NO_DATE
    return (
        (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None)
    )


def _packed(document: "Document") -> bytes:
    """The file, with the same date on everything in it."""
    first, whole = BytesIO(), BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(whole, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, source.read(name))
    return whole.getvalue()
