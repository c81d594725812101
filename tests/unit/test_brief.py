"""The brief for Word, read back as a reader's program reads it."""
# ruff: noqa: SLF001  # python-docx has no public name for the markup that these tests are about

import io
import re
import sys
import tempfile
import zipfile
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from bench.errors import UserError
from bench.reports.brief import pictures, styles
from bench.reports.brief.brief import brief
from bench.reports.brief.markup import clean
from bench.reports.charts import bullet, dot_plot, scale_of, stack, swing
from bench.reports.view import view
from bench.value.judged import Judged
from bench.wording.catalogue import say
from tests.judged_run import answer, candidate_names, judged, suites_of

docx = pytest.importorskip("docx")
pytest.importorskip("resvg_py")
LANGUAGES = ("zh", "en")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
HOSTILE = (
    '</w:t></w:r><w:r><w:instrText>HYPERLINK "https://evil.example"</w:instrText> {=1+1} & \x00\x1b[31m\u202e'
    "\ud800\ufffe\uffff\r\n=cmd|' /C calc'!A0 ::set-output \u2028 ]]> "
)


@pytest.fixture(scope="module")
def summary(invented):
    return invented.summary()


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def page(summary, language):
    return view(Judged(summary), language)


@pytest.fixture(scope="module")
def document(summary, language):
    return opened(brief(Judged(summary), language))


def opened(content):
    return docx.Document(io.BytesIO(content))


def texts(document):
    """Every paragraph's text, those of cells among them."""
    return [
        "".join(each.text or "" for each in paragraph.iter(f"{W}t"))
        for paragraph in document.element.body.iter(f"{W}p")
    ]


def roots(document):
    """The body, and what stands above and below every page."""
    section = document.sections[0]
    return [document.element.body, section.header._element, section.footer._element]


def limited(summary, count):
    """The same run with so many candidates in every suite, by repeating the last one under other names."""
    suites = {}
    for key, suite in summary.suites.items():
        known = list(suite.candidates.items())[:count]
        more = {f"copy-{at}": known[-1][1] for at in range(count - len(known))}
        suites[key] = suite.model_copy(update={"candidates": dict(known) | more})
    return summary.model_copy(update={"suites": suites})


def test_page_one_says_what_the_view_says(document, page):
    told = texts(document)
    gap = "" if page.language == "zh" else " "
    assert gap.join(page.headline) in told
    assert page.lede in told
    for suite in page.suites:
        assert suite.title in told
        assert suite.block.range in told
        assert any(suite.block.money in each for each in told)
        assert any(each.endswith(suite.block.reason) for each in told)
    for note in page.notes:
        assert {note.heading, *note.lines} <= set(told)


def test_the_comparison_holds_every_number_of_every_candidate(document, page):
    told = texts(document)
    for suite in page.suites:
        assert suite.sentence in told
        assert any(
            "；".join(suite.changes) in each or "; ".join(suite.changes) in each for each in told
        )
        (table,) = (
            each for each in document.tables
            if say(page.language, "comparison.caption", suite=suite.title) in caption(each)
        )  # fmt: skip
        cells = {text for row in table.rows for cell in row.cells for text in cell.text.split("\n")}
        for row in suite.rows:
            assert {row.mean, row.range, row.month, row.chance} <= cells
            assert any(each.startswith(row.name) and row.basis in each for each in cells)
            assert any(row.gate.detail in each and row.gate.word in each for each in cells)
            assert row.outcome_line in cells or not row.outcomes
        assert {suite.today.name, suite.today.limits} <= cells


def caption(table):
    return [each.get(f"{W}val") for each in table._tbl.iter(f"{W}tblCaption")]


def test_risk_tornado_assumptions_and_method_stand_behind(document, page):
    told = texts(document)
    sections = {each.key: each for each in page.sections}
    for key in ("risk", "sensitivity", "how", "confidence", "next"):
        assert sections[key].heading in told
    for part in sections["sensitivity"].parts:
        widest = part.tables[0].rows[0]
        assert any(each.startswith(widest[0].text) for each in told)
        assert {widest[3].text, widest[4].text} <= set(told)
    for part in sections["risk"].parts:
        assert {cell.text for row in part.tables[1].rows[:2] for cell in row[:1]} <= set(told)
    method = sections["how"].parts[0].sentences
    assert len(method) == 10
    assert set(method) <= set(told)


def test_placeholders_are_marked_with_their_value(document, page):
    chips = [each.text for each in runs(document) if each.style.name == "Brief chip"]
    how = next(each for each in page.sections if each.key == "how")
    shown = next(each.folded[0].rows for each in how.parts if each.title == page.suites[0].title)
    marked = [row[0].chip for row in shown if row[0].chip]
    assert marked
    assert any(each.strip() in marked for each in chips)


def runs(document):
    for paragraph in document.element.body.iter(f"{W}p"):
        yield from docx.text.paragraph.Paragraph(paragraph, document).runs


def test_every_picture_says_in_words_what_it_shows(document):
    alts = [each.get("descr") for each in document.element.body.iter(DRAWN)]
    assert len(alts) > 60
    assert all(each.strip() for each in alts)
    numbers = [each.get("id") for each in document.element.body.iter(DRAWN)]
    assert len(numbers) == len(set(numbers))


def test_every_picture_is_a_png_of_300_points_an_inch_and_kept_once(document):
    named = {each.get(EMBED) for each in document.element.body.iter(BLIP)}
    images = {key: document.part.related_parts[key].image for key in named}
    assert {each.content_type for each in images.values()} == {"image/png"}
    assert len({each.sha1 for each in images.values()}) == len(images)
    for shape in document.inline_shapes:
        image = images[shape._inline.graphic.graphicData.pic.blipFill.blip.embed]
        assert image.px_width / shape.width.inches == pytest.approx(300, rel=0.03)


def test_drawings_hold_no_text():
    plot = scale_of([-900.0, 10.0, 400.0])
    drawn = [
        pictures.dots(dot_plot([-900.0, *range(-9, 10)], plot, "a"), strong=True),
        pictures.stack(stack([("accept", 0.8), ("harm", 0.2)], "a")),
        pictures.swing(swing((-5.0, 9.0), 1.0, plot, "a")),
        pictures.bullet(bullet(0.0, 0.04, 0.03, None, "a")),
        *(pictures.verdict(each, "a") for each in ("deploy", "pilot", "iterate", "stop")),
        *(pictures.gate(each, "a") for each in ("held", "open", "broken", "none")),
    ]
    for each in drawn:
        assert "<text" not in each.svg
        assert pictures.png(each).startswith(b"\x89PNG")


def test_harm_is_hatched_and_nothing_else_is():
    both = stack([("accept", 0.8), ("redo", 0.1), ("harm", 0.1)], "a")
    assert pictures.stack(both).svg.count("url(#hatch)") == 1
    assert "url(#hatch)" not in pictures.stack(stack([("accept", 1.0)], "a")).svg


def test_only_the_recommended_candidates_dots_are_blue():
    plot = dot_plot(range(1, 21), scale_of(range(21)), "a")
    assert styles.GOOD in pictures.dots(plot, strong=True).svg
    assert styles.GOOD not in pictures.dots(plot, strong=False).svg


def test_colours_are_those_of_the_page():
    folder = Path(__file__).parents[2] / "bench" / "reports" / "page"
    found = dict(re.findall(r"--([a-z0-9-]+): #([0-9a-f]{6})", (folder / "page.css").read_text()))
    ours = {
        "ink": styles.INK, "ink-2": styles.INK_2, "ink-3": styles.INK_3, "good": styles.GOOD, "edit": styles.EDIT,
        "redo": styles.REDO, "harm": styles.HARM, "harm-text": styles.HARM_TEXT, "open": styles.OPEN,
        "stop": styles.STOP, "rest": styles.REST, "hair": styles.HAIR, "tint": styles.TINT,
    }  # fmt: skip
    assert {name: each.lower() for name, each in ours.items()} == {
        each: found[each] for each in ours
    }


def test_every_style_and_every_run_names_its_chinese_font(document):
    named = list(document.styles.element.iter(f"{W}rPr"))
    named += [each for root in roots(document) for each in root.iter(f"{W}rPr")]
    assert len(named) > 500
    for each in named:
        fonts = each.find(f"{W}rFonts")
        assert fonts.get(f"{W}eastAsia") == styles.HAN_FONT
        assert fonts.get(f"{W}ascii") == fonts.get(f"{W}hAnsi") == styles.LATIN_FONT
    written = [each for root in roots(document) for each in root.iter(f"{W}r")]
    assert all(each.find(f"{W}rPr") is not None for each in written)
    styled = list(document.styles.element.iter(f"{W}style"))
    assert all(each.find(f"{W}rPr") is not None for each in styled)


def test_nothing_is_slanted_or_stretched_to_both_margins(document):
    everything = [document.styles.element, *roots(document)]
    assert not [each for root in everything for each in root.iter(f"{W}i", f"{W}iCs")]
    sides = {each.get(f"{W}val") for root in everything for each in root.iter(f"{W}jc")}
    assert sides <= {"left", "right"}


def test_every_style_that_is_used_exists_and_headings_can_be_walked(document):
    known = {each.style_id for each in document.styles}
    used = {
        each.get(f"{W}val")
        for root in roots(document)
        for each in root.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")
    }
    assert used <= known
    levels = [
        int(each.style.name[-1])
        for each in document.paragraphs
        if each.style.name.startswith("Heading")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_rows_never_break_and_heads_repeat(document):
    for table in document.tables:
        rows = list(table._tbl.iter(f"{W}tr"))
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        assert heads[0]
        assert not any(heads[1:])
        assert table._tbl.find(f"{W}tblPr/{W}tblLayout").get(f"{W}type") == "fixed"


def test_tables_are_as_wide_as_the_page(document):
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.2)
    for table in document.tables:
        assert sum(each.width for each in table.columns) == pytest.approx(room, rel=0.005)
        spans = [sum(cell.grid_span for cell in row._tr.tc_lst) for row in table.rows]
        assert set(spans) == {len(table.columns)}


def test_pages_are_numbered_and_name_report_run_and_date(document, page):
    section = document.sections[0]
    head = section.header.paragraphs[0].text
    assert all(each in head for each in (page.title, *page.facts))
    fields = [each.get(f"{W}instr") for each in section.footer._element.iter(f"{W}fldSimple")]
    assert fields == ["PAGE", "NUMPAGES"]


def test_the_file_tells_title_language_and_the_runs_date_and_nobodys_name(document, page):
    told = document.core_properties
    assert told.title == page.title
    assert told.language.startswith(page.language)
    assert told.modified.replace(tzinfo=None) == datetime(2026, 11, 20, 8, 41, 12)  # noqa: DTZ001  # UTC, unmarked
    assert told.author == told.last_modified_by == told.comments == ""


def test_the_same_run_gives_the_same_bytes(summary, language):
    first = brief(Judged(summary), language)
    assert first == brief(Judged(summary.model_copy(deep=True)), language)
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert {each.date_time for each in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [each for each in file.namelist() if "thumbnail" in each or "customXml" in each]


def test_a_run_without_a_readable_date_is_told_all_the_same(invented):
    told = opened(brief(Judged(invented.summary(started="soon", finished=None)), "en"))
    assert told.core_properties.created.year == 1980


def test_hostile_text_is_text(summary, language):
    suite = summary.suites["triage"]
    title = suite.title.model_copy(update={"zh": HOSTILE, "en": HOSTILE})
    spoilt = suite.model_copy(
        update={"title": title, "candidates": {HOSTILE + name: each for name, each in suite.candidates.items()}}
    )  # fmt: skip
    told = opened(
        brief(Judged(summary.model_copy(update={"suites": summary.suites | {"triage": spoilt}})), language)
    )  # fmt: skip
    assert not list(told.element.body.iter(f"{W}instrText", f"{W}hyperlink", f"{W}fldSimple"))
    assert not [each for each in told.part.rels.values() if each.is_external]
    everything = "".join(texts(told))
    assert '<w:instrText>HYPERLINK "https://evil.example"' in everything
    assert not set("\x00\x1b\u202e\ud800\ufffe\uffff\u2028") & set(everything)


@pytest.mark.parametrize("text", ["\x00", "\x0b", "\udfff", "\ufffe", "\uffff", "\x1f"])
def test_what_xml_cannot_hold_never_reaches_it(text):
    assert text not in clean(f"a{text}b")
    assert clean("数字，a\U0001f600") == "数字，a\U0001f600"


def test_many_candidates_are_three_rows_and_a_line(summary, language):
    many = limited(summary, 8)
    page, told = view(Judged(many), language), opened(brief(Judged(many), language))
    for suite in page.suites:
        assert (len(suite.rows), len(suite.more)) == (3, 5)
        between = say(language, "list.between")
        folded = between.join(f"{each.name} {each.mean}" for each in suite.more)
        assert f"{suite.more_text}  {folded}" in texts(told)


def test_many_suites_are_all_told(summary, language):
    suites = {f"{key}_{at}": suite for at in range(3) for key, suite in summary.suites.items()}
    told = texts(opened(brief(Judged(summary.model_copy(update={"suites": suites})), language)))
    title = summary.suites["triage"].title.in_(language)
    assert told.count(title) == 3


def test_one_candidate_stands_beside_today(summary, language):
    one = limited(summary, 1)
    page, told = view(Judged(one), language), texts(opened(brief(Judged(one), language)))
    assert [each.sentence for each in page.suites if each.sentence not in told] == []


def test_a_run_without_suites_is_one_honest_page(summary, language):
    empty = summary.model_copy(update={"suites": {}})
    told = opened(brief(Judged(empty), language))
    assert say(language, "headline.nothing") in texts(told)
    assert not told.tables


@pytest.mark.parametrize("names", [1, 2])
def test_only_failures_are_told_without_pictures_of_values(names, language):
    with tempfile.TemporaryDirectory() as folder:
        suites = suites_of(Path(folder), 2, 6)
        named = candidate_names(names)
        rows = [answer(suite, name, item, 0, None) for suite in suites for name in named for item in suite.items]  # fmt: skip
        run = judged(suites, rows, named)
    page, told = view(run, language), texts(opened(brief(run, language)))
    for suite in page.suites:
        assert suite.sentence in told
        assert say(language, "state.no_dots") in told
        assert say(language, "state.no_outcomes") in told


def test_names_of_eighty_letters_stay_in_their_columns(summary, language):
    suite = summary.suites["triage"]
    long = {"m" * 80 + str(at): each for at, each in enumerate(suite.candidates.values())}
    spoilt = summary.model_copy(
        update={"suites": {"triage": suite.model_copy(update={"candidates": long})}}
    )
    told = opened(brief(Judged(spoilt), language))
    assert any(next(iter(long)) in each for each in texts(told))
    for table in told.tables:
        assert table._tbl.find(f"{W}tblPr/{W}tblLayout").get(f"{W}type") == "fixed"


@pytest.mark.parametrize("missing", ["docx", "resvg_py"])
def test_a_missing_library_is_named_in_one_line(summary, missing, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(UserError, match=r"pip install 'industry-bench\[office\]'") as told:
        brief(Judged(summary), "zh")
    assert "\n" not in str(told.value)
