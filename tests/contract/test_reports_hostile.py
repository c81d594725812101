"""Hostile text through every field of a judged run: no format lets any of it come alive."""

import base64
import io
import json
import re
import unicodedata
import zipfile
import zlib
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from bench.reports.terminal import terminal
from bench.reports.write import FORMATS, write_reports
from bench.value.judged import Judged
from tests.hostile_fields import STARTS, beginning, harmless, hostile, unbroken
from tests.judged_run import judged_of

LANGUAGES = ("zh", "en")
CELL_FORMULA = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ALIVE_IN_WORD = {f"{WORD}{name}" for name in ("hyperlink", "fldSimple", "instrText", "altChunk")}
ALIVE_IN_MARKDOWN = {
    "link_open", "image", "code_inline", "em_open", "s_open", "fence", "code_block", "blockquote_open",
    "ordered_list_open", "hr",
}  # fmt: skip
OUR_HTML = re.compile(r"<(?:/?details|/?summary|br)>")


@pytest.fixture(scope="module", params=["made", "invented"])
def run(request, invented):
    """Two runs that together have something to say in every record."""
    return judged_of(2, 3, 10) if request.param == "made" else Judged(invented.summary())


@pytest.fixture(scope="module")
def twin(run):
    return harmless(run)


def variants(run):
    """The run made hostile in ways that matter at the start of a text, and anywhere in it."""
    yield hostile(run)
    for turn in range(0, len(STARTS), 5):
        yield beginning(run, turn)


class Outline(HTMLParser):
    """The tags of a page with the names of their attributes; what stands in scripts and styles."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.code, self.data, self.links, self.comments = [], [], {}, [], []
        self.within, self.told = None, ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.links += [names[name] for name in ("href", "src", "action", "data") if name in names]
        if tag in {"script", "style"}:
            self.within, self.told = names, ""

    def handle_data(self, data):
        self.told += data

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_endtag(self, tag):
        if tag not in {"script", "style"}:
            return
        if self.within.get("type") == "text/plain":
            self.data[self.within["id"]] = self.told
        else:
            self.code.append(self.told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_no_tag_attribute_script_or_link_beyond_its_harmless_twins(
    run, twin, language
):
    make = FORMATS["html"].text
    sound = Outline(make(twin, language))
    for spoilt in variants(run):
        page = make(spoilt, language)
        found = Outline(page)
        assert set(found.tags) <= set(sound.tags)
        assert len(found.tags) == len(sound.tags)
        assert found.code == sound.code
        assert found.comments == sound.comments == []
        assert all(each.startswith("#") for each in found.links)
        assert found.data.keys() == sound.data.keys()
        for told in found.data.values():
            assert re.fullmatch(r"[A-Za-z0-9+/=\s]+", told)
            json.loads(zlib.decompress(base64.b64decode(told)))
        assert not controls(page)


def controls(text):
    """Characters that no report may hold: controls, overrides of direction, halves of pairs."""
    return {each for each in text if each != "\n" and unicodedata.category(each) in {"Cc", "Cs"}} | (
        set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
    )  # fmt: skip


def commands(text):
    """Lines that a build machine would take for its own commands."""
    return [
        each
        for each in text.splitlines()
        if each.strip().startswith("::") or re.search(r"##(?:vso)?\[", each)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown_holds_no_link_table_code_or_command_of_others(run, twin, language):
    make = FORMATS["md"].text
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    sound = _kinds(reader.parse(make(twin, language)))
    for spoilt in variants(run):
        told = make(spoilt, language)
        tokens = reader.parse(told)
        assert _kinds(tokens) <= sound
        assert not _kinds(tokens) & ALIVE_IN_MARKDOWN - sound
        assert not [each for each in _html(tokens) if OUR_HTML.sub("", each).count("<")]
        assert _columns_hold(told)
        assert not commands(told)
        assert not controls(told)
        assert not re.search(r"https?://|\bwww\.|@\w|(?<!\w)#\d|\bGH-\d", told)


def _kinds(tokens):
    return {each.type for each in tokens} | {
        child.type for each in tokens for child in each.children or ()
    }


def _html(tokens):
    flat = [child for each in tokens for child in (each, *(each.children or ()))]
    return [each.content for each in flat if each.type in {"html_block", "html_inline"}]


def _columns_hold(told):
    """Whether every line of a table has as many cells as the table's head."""
    widths = []
    for line in told.splitlines():
        if not line.startswith("|"):
            widths = []
            continue
        widths.append(len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)))
        if widths[-1] != widths[0]:
            return False
    return True


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_gets_neither_escape_sequences_nor_commands(run, language):
    for spoilt in variants(run):
        told = terminal(spoilt, language)
        assert not controls(told)
        assert not commands(told)


def test_the_summary_is_valid_json_that_says_the_same(run):
    for spoilt in variants(run):
        told = FORMATS["json"].text(spoilt, "zh")
        assert set(json.loads(told)) == set(json.loads(FORMATS["json"].text(run, "zh")))
        assert not controls(told)


def parts(content):
    """The XML parts of an office file, parsed: each must be well formed."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        return {
            name: ET.fromstring(file.read(name))
            for name in file.namelist()
            if name.endswith((".xml", ".rels"))
        }


def outward(told):
    """Targets outside the file."""
    return [
        each.get("Target")
        for name, part in told.items()
        if name.endswith(".rels")
        for each in part
        if each.get("TargetMode") == "External"
    ]


def office(name):
    if name not in FORMATS:
        pytest.skip(f"there is no format {name}")
    return FORMATS[name].text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_becomes_a_formula_or_a_link_of_the_workbook(run, twin, language):
    make = office("xlsx")
    formulas = _formulas(parts(make(twin, language)))
    for spoilt in variants(run):
        told = parts(make(spoilt, language))
        found = _formulas(told)
        assert len(found) == len(formulas)
        assert not [each for each in found if re.search(r"cmd|HYPERLINK|evil", each, re.IGNORECASE)]
        assert not outward(told)
        assert not [name for name in told if "externalLink" in name]
        assert "hyperlink" not in {tag(each) for part in told.values() for each in part.iter()}


def _formulas(told):
    return [each.text or "" for part in told.values() for each in part.iter(CELL_FORMULA)]


def tag(element):
    return element.tag.rpartition("}")[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_becomes_a_field_or_a_link_of_the_document(run, twin, language):
    make = office("docx")
    sound = {each.tag for part in parts(make(twin, language)).values() for each in part.iter()}
    for spoilt in variants(run):
        told = parts(make(spoilt, language))
        found = {each.tag for part in told.values() for each in part.iter()}
        assert found <= sound | {f"{WORD}br", f"{WORD}tab"}
        assert not (found & ALIVE_IN_WORD) - sound
        assert not outward(told)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_is_written_whatever_the_texts_are(run, language, name, tmp_path):
    for spoilt in variants(run):
        (path,) = write_reports(spoilt, tmp_path, language, [name])
        assert path.stat().st_size > 1000


@pytest.mark.parametrize("name", FORMATS)
def test_words_of_a_hundred_thousand_letters_break_no_format(run, name):
    assert FORMATS[name].text(unbroken(run, 100_000, every=40), "en")
