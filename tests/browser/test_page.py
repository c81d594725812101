"""The whole page in a browser, as different readers meet it: by mouse, keyboard, phone, screen reader, on paper."""

import os
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from bench.reports.html import html
from bench.reports.view import view
from bench.value.judged import Judged
from tests.judged_run import judged_of

LANGUAGES = ("zh", "en")
WIDTHS = (390, 1280)
CONTROLS = "a[href], button, input, select, textarea, summary, [tabindex='0']"
OPEN_ALL = "() => document.querySelectorAll('details').forEach((each) => { each.open = true; })"
TO_THE_END = """async () => {
  for (let at = 0; at < document.documentElement.scrollHeight; at += window.innerHeight) {
    window.scrollTo({ top: at, behavior: "instant" });
    await new Promise((done) => {
      requestAnimationFrame(() => requestAnimationFrame(done));
      setTimeout(done, 60);  // a page that nobody looks at may be given no frame
    });
  }
}"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")].filter((each) => {
  const box = each.getBoundingClientRect();
  if (!each.checkVisibility() || box.width <= 1 || box.bottom < 0 && box.right < 0) return false;
  for (let at = each; at; at = at.parentElement)
    if (getComputedStyle(at).position === "absolute" && getComputedStyle(at).clipPath !== "none" || at.matches(".skip")
        || at !== each && getComputedStyle(at).overflowX !== "visible") return false;
  return box.right > document.documentElement.clientWidth + 1 || box.left < -1;
}).map((each) => `${each.tagName.toLowerCase()}.${each.getAttribute("class")} ${each.textContent.slice(0, 40)}`)"""
"""What stands out of the window; hidden for the eye only, or cut by a box of its own, is no matter."""
SMALL = """(least) => [...document.querySelectorAll("button, select, summary, input")].filter((each) => {
  const target = each.closest("label") ?? each;
  return each.checkVisibility() && target.getBoundingClientRect().height < least;
}).map((each) => `${each.outerHTML.slice(0, 80)} ${each.getBoundingClientRect().height}`)"""


@pytest.fixture(scope="module")
def judged():
    return judged_of(items=60)


@pytest.fixture(scope="module")
def page_text(judged):
    return html(judged, "zh")


@pytest.fixture(scope="module")
def small_page():
    """A page of two suites, for what looks at every element of it."""
    return html(judged_of(2, 2, 12), "zh")


def pressed(page):
    """Which switch of the visible language is pressed."""
    return page.evaluate(
        "[...document.querySelectorAll('.language:not([hidden]) [data-switch][aria-pressed=true]')]"
        ".map((each) => each.dataset.switch)"
    )


def squeezed(text):
    """Text without spaces, compatibility forms made one: as comparable as a PDF's."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_the_switch_changes_the_language_of_everything_and_says_so(open_page, page_text):
    page = open_page(page_text)
    titles = set()
    for language, tag in (("zh", "zh-CN"), ("en", "en"), ("zh", "zh-CN")):
        if page.evaluate("document.documentElement.dataset.language") != language:
            page.locator(f".language:not([hidden]) [data-switch={language}]").click()
            page.wait_for_selector(f"html[data-language={language}]", state="attached")
        assert page.evaluate("document.documentElement.lang") == tag
        assert pressed(page) == [language]
        assert page.locator("h1:visible").count() == 1
        titles.add(page.title())
        spoken = page.locator("main:visible").inner_text()
        assert ("每百" in spoken) == (language == "zh")
    assert len(titles) == 2


@pytest.mark.parametrize("at", [1, 5, -1])
def test_the_switch_keeps_the_section_in_view(open_page, judged, page_text, at):
    key = view(judged, "zh").sections[at].key
    page = open_page(page_text)
    page.evaluate(f"document.getElementById('zh-{key}').scrollIntoView({{behavior: 'instant'}})")
    page.evaluate("document.querySelector('.language:not([hidden]) [data-switch=en]').click()")
    page.wait_for_function(
        f"""() => {{ const top = document.getElementById('en-{key}')?.getBoundingClientRect().top ?? -9;
        return top > -5 && top < window.innerHeight / 2; }}"""
    )


def test_the_print_button_prints(open_page, page_text):
    page = open_page(page_text)
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    page.locator("[data-print]:visible").click()
    assert page.evaluate("window.printed") is True


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_tab_offers_to_skip_to_the_findings(open_page, page_text, language):
    page = open_page(page_text, language=language)
    page.evaluate("document.activeElement.blur()")
    page.reload()
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    page.keyboard.press("Tab")
    focused = page.evaluate(
        "() => { const box = document.activeElement.getBoundingClientRect();"
        " return [document.activeElement.className, box.left >= 0 && box.top >= 0]; }"
    )
    assert focused == ["skip", True]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_tab_key_reaches_every_control_and_shows_where_it_is(open_page, page_text, width):
    page = open_page(page_text, width=width)
    page.evaluate(
        """() => { window.reached = new Set(); window.unmarked = [];
        document.addEventListener("focusin", (event) => {
          window.reached.add(event.target);
          const style = getComputedStyle(event.target);
          if (style.outlineStyle === "none" && style.boxShadow === "none")
            window.unmarked.push(event.target.outerHTML.slice(0, 100));
        }); }"""
    )
    wanted = f"""[...document.querySelectorAll("{CONTROLS}")].filter((each) => each.checkVisibility()
        && !each.disabled && each.tabIndex >= 0
        && !(each.type === "radio" && !each.checked))"""
    for rounds in range(page.evaluate(f"{wanted}.length") + 100):
        page.keyboard.press("Tab")
        if rounds % 20 == 0 and page.evaluate(
            f"{wanted}.every((each) => window.reached.has(each))"
        ):
            break
    missed = page.evaluate(
        f"{wanted}.filter((each) => !window.reached.has(each)).map((each) => each.outerHTML.slice(0, 100))"
    )
    assert page.evaluate("window.reached.size") > 10
    assert not missed
    assert not page.evaluate("window.unmarked")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_stands_out_of_the_window(open_page, small_page, language, width):
    page = open_page(small_page, width=width, language=language)
    page.evaluate(OPEN_ALL)
    page.evaluate(TO_THE_END)
    assert not page.evaluate(TOO_WIDE)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "least"), [(390, 44), (1280, 30)])
def test_what_is_pressed_is_large_enough(open_page, small_page, width, least):
    page = open_page(small_page, width=width)
    page.evaluate(OPEN_ALL)
    assert not page.evaluate(SMALL, least)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_serious_violation(open_page, small_page, language, width):
    path = Path(os.environ.get("BENCH_AXE") or "node_modules/axe-core/axe.min.js")
    if not path.is_file():
        pytest.skip("no axe-core: npm install axe-core, or set BENCH_AXE to its axe.min.js")
    page = open_page(small_page, width=width, language=language, lenient=True)
    page.evaluate(OPEN_ALL)
    page.evaluate(TO_THE_END)
    page.add_script_tag(path=path)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    grave = [
        f"{each['id']}: {node['html'][:120]} {node['failureSummary'][:160]}"
        for each in found["violations"]
        for node in each["nodes"][:3]
        if each["impact"] in {"serious", "critical"} or each["id"] == "color-contrast"
    ]
    assert not grave, "\n".join(grave)
    assert len(found["passes"]) > 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_to_a_place_of_the_page(open_page, small_page, language):
    page = open_page(small_page, language=language)
    lost = page.evaluate(
        """() => [...document.querySelectorAll(".language:not([hidden]) a[href]")].map((each) => each.getAttribute("href"))
        .filter((each) => each.startsWith("#evidence:")
          ? !document.querySelector(".language:not([hidden]) [data-component=evidence]")
          : !(each.startsWith("#") && document.getElementById(each.slice(1))))"""
    )
    assert not lost
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) == len(set(ids))


def test_reading_the_whole_page_in_both_languages_asks_nobody_for_anything(open_page, small_page):
    page = open_page(small_page)
    for language in ("en", "zh"):
        page.evaluate(f"document.querySelector('.language:not([hidden]) [data-switch={language}]').click()")  # fmt: skip
        page.evaluate(OPEN_ALL)
        page.evaluate(TO_THE_END)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_page_one_and_every_table_can_be_read(open_page, judged, language):
    page = open_page(html(judged, language), script=False)
    page.evaluate(OPEN_ALL)
    told = squeezed(page.locator(f".language[data-language={language}]").inner_text())
    told_all = squeezed(page.locator(f".language[data-language={language}]").text_content())
    shown = view(judged, language)
    texts = [*shown.headline, shown.lede, *(line for note in shown.notes for line in note.lines)]
    for suite in shown.suites:
        texts += [suite.sentence, suite.block.money, *suite.changes]
        texts += [text for row in suite.rows for text in (row.name, row.mean, row.range, row.chance)]  # fmt: skip
    missing = [each for each in texts if squeezed(each) not in told]
    for section in shown.sections:
        for part in section.parts:
            for table in (*part.tables, *part.folded, *(each.table for each in part.figures)):
                cells = [cell.text for row in table.rows for cell in row]
                missing += [each for each in cells if squeezed(each) not in told]
                missing += [] if squeezed(table.caption) in told_all else [table.caption]
    assert not missing
    other = "en" if language == "zh" else "zh"
    assert not page.locator(f".language[data-language={other}]").is_visible()


@pytest.fixture
def printed(tmp_path):
    """The texts of a page's sheets of A4."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext: install the package poppler-utils")

    def printing(page):
        path = tmp_path / "page.pdf"
        page.pdf(path=path, prefer_css_page_size=True)
        command = ["pdftotext", "-raw", str(path), "-"]
        told = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        return [squeezed(each) for each in told.split("\f")[:-1]]

    return printing


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["made", "invented"])
def test_page_one_fits_one_sheet(open_page, judged, invented, printed, language, kind):
    told = judged if kind == "made" else Judged(invented.summary())
    shown = view(told, language)
    assert (len(shown.suites), {len(each.rows) for each in shown.suites}) == (4, {3})
    sheets = printed(open_page(html(told, language)))
    wanted = [*shown.headline, shown.lede, *(each.title for each in shown.suites)]
    wanted += [each.sentence for each in shown.suites]
    wanted += [line for note in shown.notes for line in (note.heading, *note.lines)]
    assert not [each for each in wanted if squeezed(each) not in sheets[0]]
    assert all(sheets), "a sheet is empty"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_folded_tables_of_the_method_are_printed_open_and_no_others(
    open_page, judged, printed, language
):
    sheets = "".join(printed(open_page(html(judged, language))))
    sections = {each.key: each for each in view(judged, language).sections}
    folded = [table for part in sections["how"].parts for table in part.folded]
    assert folded
    cells = [cell.text for table in folded for row in table.rows for cell in row]
    assert not [each for each in cells if squeezed(each) not in sheets]
    twin = sections["sensitivity"].parts[0].figures[0].table
    assert squeezed(twin.caption) not in sheets


@pytest.mark.parametrize("language", LANGUAGES)
def test_controls_and_evidence_are_not_printed(open_page, page_text, language):
    page = open_page(page_text, language=language)
    page.evaluate(TO_THE_END)
    page.emulate_media(media="print")
    for what in ("button", "input", "select", "textarea", ".tools", ".skip", ".contents"):
        assert page.locator(f"{what}:visible").count() == 0, what
    places = page.locator(".language:not([hidden]) [data-component=evidence]")
    assert places.count() == 1
    assert places.locator(":visible").count() == 0
