"""The brief as LibreOffice lays it out: four pages, every character there."""

import re
import shutil
import subprocess
from collections import Counter

import pytest

from bench.reports.brief.brief import brief
from bench.value.judged import Judged

docx = pytest.importorskip("docx")
pytest.importorskip("resvg_py")
LANGUAGES = ("zh", "en")
TOOLS = ("soffice", "pdfinfo", "pdftotext", "pdffonts")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture(scope="module")
def laid_out(invented, tmp_path_factory):
    """Folder with zh.docx, zh.pdf, en.docx and en.pdf of a run of four suites and three candidates."""
    missing = [each for each in TOOLS if shutil.which(each) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    if not told(["fc-list", ":lang=zh-cn"]).strip():
        pytest.skip("no Chinese font is installed")
    folder = tmp_path_factory.mktemp("brief")
    for language in LANGUAGES:
        (folder / f"{language}.docx").write_bytes(brief(Judged(invented.summary()), language))
    told(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", str(folder), *(str(folder / f"{each}.docx") for each in LANGUAGES)]
    )  # fmt: skip
    return folder


def told(command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=240).stdout


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


def test_the_brief_has_four_pages(laid_out, language):
    pages = re.search(r"Pages:\s+(\d+)", told(["pdfinfo", str(laid_out / f"{language}.pdf")]))
    assert pages.group(1) == "4"


def test_every_page_begins_with_its_finding_and_is_numbered(laid_out, language):
    headings = [
        each.text
        for each in docx.Document(str(laid_out / f"{language}.docx")).paragraphs
        if each.style.name == "Heading 1" or each.paragraph_format.page_break_before
    ]
    assert len(headings) == 4
    for number, heading in enumerate(headings, 1):
        page = shown(laid_out, language, "-f", str(number), "-l", str(number))
        assert bare(heading) in bare(page)
        assert bare(
            f"第 {number} 页，共 4 页" if language == "zh" else f"Page {number} of 4"
        ) in bare(page)


def test_no_character_is_lost_and_no_glyph_is_missing(laid_out, language):
    wanted = Counter(bare("".join(paragraphs(laid_out, language))))
    found = Counter(bare(shown(laid_out, language)))
    assert not wanted - found
    assert "\ufffd" not in found
    assert (sum(bool(HAN.match(each)) for each in wanted) > 300) is (language == "zh")


def test_every_paragraph_of_page_one_reads_as_it_was_written(laid_out, language):
    page = bare(shown(laid_out, language, "-raw"))
    long = [each for each in paragraphs(laid_out, language) if len(each) > 20]
    whole = [each for each in long if bare(each) in page]
    assert len(whole) > 0.8 * len(long)


def test_every_font_is_embedded(laid_out, language):
    _, _, *lines = told(["pdffonts", str(laid_out / f"{language}.pdf")]).splitlines()
    assert lines
    assert all(
        re.search(r"\s(yes|no) (yes|no) (yes|no)\s", each).group(1) == "yes" for each in lines
    )


def paragraphs(folder, language):
    """Texts of the body; heads of tables once, though they may be repeated."""
    body = docx.Document(str(folder / f"{language}.docx")).element.body
    return [
        "".join(each.text or "" for each in paragraph.iter(f"{W}t"))
        for paragraph in body.iter(f"{W}p")
    ]


def shown(folder, language, *options):
    """What a reader can select in the pages."""
    return told(["pdftotext", *options, str(folder / f"{language}.pdf"), "-"])


def bare(text):
    return re.sub(r"\s", "", text)
