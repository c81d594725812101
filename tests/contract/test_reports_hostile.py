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


@pytest.fixture(scope="module")
def spoilt(run):
    """The run made hostile in ways that matter anywhere in a text, and at its start."""
    return [hostile(run), *(beginning(run, turn) for turn in (0, len(STARTS) // 2))]


@pytest.fixture
def written(tmp_path):
    """The bytes of a report, from the file that a user would open."""

    def writing(run, language, name):
        if name not in FORMATS:
            pytest.skip(f"there is no format {name}")
        (path,) = write_reports(run, tmp_path, language, [name])
        return path.read_bytes()

    return writing


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
    written, spoilt, twin, language
):
    sound = Outline(written(twin, language, "html").decode())
    for each in spoilt:
        page = written(each, language, "html").decode()
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
def test_markdown_holds_no_link_table_code_or_command_of_others(written, spoilt, twin, language):
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    sound = _kinds(reader.parse(written(twin, language, "md").decode()))
    for each in spoilt:
        told = written(each, language, "md").decode()
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
def test_the_terminal_gets_neither_escape_sequences_nor_commands(spoilt, language):
    for each in spoilt:
        told = terminal(each, language)
        assert not controls(told)
        assert not commands(told)


def test_the_summary_is_valid_json_of_the_same_shape(written, spoilt, twin):
    sound = json.loads(written(twin, "zh", "json"))
    for each in spoilt:
        told = written(each, "zh", "json").decode()
        assert _shape(json.loads(told)) == _shape(sound)
        assert not controls(told)


def _shape(told):
    """Nested lengths and kinds, texts and names apart."""
    if isinstance(told, dict):
        return [_shape(each) for each in told.values()]
    if isinstance(told, list):
        return [_shape(each) for each in told]
    return type(told).__name__


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_becomes_a_formula_or_a_link_of_the_workbook(written, spoilt, twin, language):
    formulas = _formulas(parts(written(twin, language, "xlsx")))
    for each in spoilt:
        told = parts(written(each, language, "xlsx"))
        found = _formulas(told)
        assert len(found) == len(formulas)
        assert not [each for each in found if re.search(r"cmd|HYPERLINK|evil", each, re.IGNORECASE)]
        assert not outward(told)
        assert not [name for name in told if "externalLink" in name]
        assert not {each for each in _tags(told) if each.endswith("}hyperlink")}


def _formulas(told):
    return [each.text or "" for part in told.values() for each in part.iter(CELL_FORMULA)]


def _tags(told):
    return {each.tag for part in told.values() for each in part.iter()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_becomes_a_field_or_a_link_of_the_document(written, spoilt, twin, language):
    sound = _tags(parts(written(twin, language, "docx")))
    for each in spoilt:
        told = parts(written(each, language, "docx"))
        found = _tags(told)
        assert found <= sound | {f"{WORD}br", f"{WORD}tab"}
        assert not (found & ALIVE_IN_WORD) - sound
        assert not outward(told)


@pytest.mark.parametrize("name", FORMATS)
def test_words_of_a_hundred_thousand_letters_break_no_format(run, name):
    assert FORMATS[name].text(unbroken(run, 100_000, every=150), "en")
