"""Pictures as a browser draws them: without a warning, in the room there is, and on paper."""

import pytest

from bench.reports.html import html
from bench.value.judged import Judged
from tests.judged_run import judged_of

LANGUAGES = ("zh", "en")
DRAW_ALL = """async () => {
  const places = [...Bench.block().querySelectorAll("[data-figure]")];
  for (const place of places) {
    place.scrollIntoView({ behavior: "instant", block: "center" });
    for (let tries = 0; tries < 60 && !place.dataset.shown; tries += 1)
      await new Promise((done) => { requestAnimationFrame(done); setTimeout(done, 30); });
  }
  return places.length;
}"""
DRAWN = "() => Bench.block().querySelectorAll('[data-figure][data-shown] svg').length"
COMPILE = """async ([language, widths]) => {
  const said = [];
  const logger = { level: () => logger, error: told, warn: told, info: () => logger, debug: () => logger };
  function told(...words) { said.push(words.join(" ")); return logger; }
  for (const [at, spec] of (await Bench.unpack(`figures-${language}`)).entries())
    for (const width of widths) {
      const before = said.length;
      const compiled = vegaLite.compile(Figures.fitted(spec, width), { logger }).spec;
      vega.parse(compiled, {}, { ast: true });
      if (said.length > before) said.push(`figure ${at}: ${spec.usermeta.title}`);
    }
  return said;
}"""
BROKEN = """() => [...Bench.block().querySelectorAll("[data-figure] svg")].flatMap((svg) => {
  const frame = svg.getBoundingClientRect(), place = svg.closest("[data-figure]").getBoundingClientRect();
  const told = frame.width > place.width + 1 ? [`${frame.width} in ${place.width}`] : [];
  for (const text of svg.querySelectorAll("text")) {
    const box = text.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(text).fontSize);
    if (size < 12) told.push(`${size} px: ${text.textContent}`);
    if (box.width && (box.left < frame.left - 2 || box.right > frame.right + 2))
      if (text.getAttribute("opacity") !== "0") told.push(`cut: ${text.textContent}`);
  }
  return told.concat(/NaN|undefined|Infinity/.test(svg.outerHTML) ? [`broken: ${svg.textContent.slice(0, 80)}`] : []);
})"""
LABEL_LEFT = """() => {
  const svg = Bench.block().querySelector("section.sensitivity [data-shown] svg");
  const label = [...svg.querySelectorAll("text")].find((each) => /错误|成本/.test(each.textContent));
  const bar = [...svg.querySelectorAll("path[fill='#0b5f92'], path[fill='#c44a00']")][0];
  return { label: label.getBoundingClientRect().bottom, bar: bar.getBoundingClientRect().top };
}"""


@pytest.fixture(scope="module")
def judged():
    return judged_of(items=40)


@pytest.fixture(scope="module")
def page_text(judged):
    return html(judged, "zh")


@pytest.fixture(scope="module")
def invented_text(invented):
    return html(Judged(invented.summary()), "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_specification_compiles_without_a_warning(language, invented_text, open_page):
    page = open_page(invented_text)
    page.locator("[data-figure]").first.scroll_into_view_if_needed()
    page.wait_for_selector("[data-shown]", state="attached")
    assert page.evaluate(COMPILE, [language, [358, 700, 1152]]) == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("source", ["page_text", "invented_text"])
def test_every_picture_is_drawn_in_its_room(source, language, width, open_page, request):
    page = open_page(request.getfixturevalue(source), width=width, language=language)
    page.wait_for_selector(
        f".language[data-language={language}]:not([hidden]) [data-figure]", state="attached"
    )
    count = page.evaluate(DRAW_ALL)
    assert count > 20
    assert page.evaluate(DRAWN) == count
    assert page.evaluate(BROKEN) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_all_pictures_are_drawn_though_none_was_seen(page_text, open_page):
    page = open_page(page_text)
    page.wait_for_selector("[data-figure] .finding", state="attached")
    page.wait_for_selector("script:not([type]):not(body script)", state="attached")
    assert page.evaluate(DRAWN) < page.locator("[data-figure]").count()
    page.emulate_media(media="print")
    page.wait_for_selector(".language:not([hidden]) .behind:last-of-type", state="attached")
    assert page.evaluate(DRAWN) == page.locator(".language:not([hidden]) [data-figure]").count()
    page.emulate_media(media="screen")


def test_labels_move_above_their_bars_when_the_window_gets_narrow(page_text, open_page):
    page = open_page(page_text, width=1280)
    page.evaluate(DRAW_ALL)
    wide = page.evaluate(LABEL_LEFT)
    assert wide["label"] > wide["bar"]
    page.set_viewport_size({"width": 390, "height": 900})
    page.wait_for_function(
        "() => Bench.block().querySelector('section.sensitivity [data-shown] svg').clientWidth < 390"
    )
    narrow = page.evaluate(LABEL_LEFT)
    assert narrow["label"] <= narrow["bar"] + 1


def test_a_picture_speaks_for_itself_and_hides_its_parts(page_text, open_page):
    page = open_page(page_text)
    page.evaluate(DRAW_ALL)
    for place in page.locator(".language:not([hidden]) [data-figure]").all():
        assert place.get_attribute("role") == "img"
        assert len(place.get_attribute("aria-label")) > 20
        assert place.locator(".drawing").get_attribute("aria-hidden") == "true"
        assert place.locator("a, [tabindex], title").count() == 0
