"""Hostile text in the browser: it is shown as text, and nothing of it runs, loads or stands out of the window."""

import pytest

from bench.reports.html import html
from bench.value.judged import Judged
from tests.hostile_fields import hostile, unbroken
from tests.judged_run import judged_of

LANGUAGES = ("zh", "en")
READ_IT_ALL = """async () => {
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  for (let at = 0; at < document.documentElement.scrollHeight; at += window.innerHeight) {
    window.scrollTo({ top: at, behavior: "instant" });
    await new Promise((done) => {
      requestAnimationFrame(() => requestAnimationFrame(done));
      setTimeout(done, 60);  // a page that nobody looks at may be given no frame
    });
  }
}"""
SHOWN = "document.querySelector('.language:not([hidden])').textContent"
UNSEEN = (
    SHOWN
    + r".match(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffd]/g)"
)
"""Controls and overrides of direction, which would change what is read without being seen."""
PRESS_ALL = """() => [...document.querySelectorAll(".language:not([hidden]) main button")]
  .filter((each) => each.checkVisibility() && !each.disabled).slice(0, 60).forEach((each) => each.click())"""


@pytest.fixture(scope="module", params=["made", "invented"])
def run(request, invented):
    return judged_of(2, 2, 6) if request.param == "made" else Judged(invented.summary())


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_is_read_and_nothing_of_it_runs(open_page, run, language):
    page = open_page(html(hostile(run), "zh"), language=language)
    page.evaluate(READ_IT_ALL)
    page.evaluate(PRESS_ALL)
    assert "<script>window.pwned=1</script>" in page.evaluate(SHOWN)
    assert page.evaluate("window.pwned === undefined")
    assert not page.evaluate(UNSEEN)


@pytest.mark.parametrize(("width", "language"), [(390, "zh"), (390, "en"), (1280, "zh")])
def test_words_without_an_end_are_broken_to_fit(open_page, run, width, language):
    page = open_page(html(unbroken(run, 120), "zh"), width=width, language=language)
    page.evaluate(READ_IT_ALL)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
