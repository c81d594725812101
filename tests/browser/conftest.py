"""A real browser without a network: pages open from files, and nothing may go wrong unseen."""

import itertools
import os
import shutil
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
)  # fmt: skip
READY = "html[data-ready=yes]"
PATIENCE_MS = 20_000
"""Far beyond what a page takes; the limit of its speed is measured in tests/perf."""
LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


class Watched:
    """What happened behind a page: errors, requests beside the file itself, dialogs, breaches of its policy."""

    def __init__(self, page, address):
        self.page, self.address, self.seen = page, address, []
        page.on("console", self._told)
        page.on("pageerror", lambda error: self.seen.append(f"error: {error}"))
        page.on("request", self._asked)
        page.on("dialog", self._spoke)

    def _told(self, message):
        if message.type in {"error", "warning"}:
            self.seen.append(f"console {message.type}: {message.text}")

    def _asked(self, request):
        if request.url.partition("#")[0] != self.address:
            self.seen.append(f"request: {request.url[:200]}")

    def _spoke(self, dialog):
        self.seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def troubles(self, script):
        """Everything that must not happen, in words; empty is good."""
        breaches = self.page.evaluate("window.violations") if script else []
        return self.seen + [f"policy: {each}" for each in breaches]


def found():
    """The path of the system's Chromium, or None."""
    named = os.environ.get("BENCH_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="module")
def browser():
    """Chromium for one module: an open playwright holds the thread's event loop, which other tests need."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = found()
    if path is None:
        pytest.skip("no Chromium: install the package chromium or set BENCH_CHROMIUM")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=[*ARGS])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, tmp_path):
    """Open the text of a page, or a file, and give playwright's page once its script is ready.

    Options: `width`, `height`; `language` is chosen by the page's own switch; without `script` nothing runs;
    `lenient` lets a test inject its own scripts; `fragment` is what stands behind # in the address. When
    the test ends, no page may have had an error, a warning, a request, a dialog or a breach of its policy.
    """
    watched, contexts, numbers = [], [], itertools.count()

    def opening(
        page, *, width=1280, height=900, language=None, script=True, lenient=False, fragment=""
    ):
        path = page
        if not isinstance(page, Path):
            path = tmp_path / f"page-{next(numbers)}.html"
            path.write_text(page, encoding="utf-8", newline="\n")
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            bypass_csp=lenient,
            locale="en-GB",
            timezone_id="UTC",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if script:
            context.add_init_script(LISTEN)
        opened = context.new_page()
        watched.append((Watched(opened, path.as_uri()), script))
        opened.goto(path.as_uri() + fragment)
        opened.bring_to_front()  # what lies behind another page may be given no frame to draw
        if script:
            opened.wait_for_selector(READY, state="attached")
        if language is not None:
            switch(opened, language)
        return opened

    yield opening
    troubles = [told for each, script in watched for told in each.troubles(script)]
    for each in contexts:
        each.close()
    assert not troubles, "\n".join(troubles)


def switch(page, language):
    """Read on in this language, as a reader would choose it."""
    if page.evaluate("document.documentElement.dataset.language") != language:
        page.locator(f".language:not([hidden]) [data-switch={language}]").click()
