"""Make `results/example` again: a run of the built-in candidates, its reports in every format, and pictures of the page.

`python -m tests.example_run` takes some minutes (a real model answers), the extras [local,office,test] and Chromium.
`--reports` keeps the answers and makes only reports and pictures.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGS, READY, found

FOLDER = Path("results/example")
ITEMS = 20
FORMATS = "json,md,html,xlsx,docx"
SHOWN = "#what-if:gov_drafting.done_today_by.minutes=600&gov_drafting.review.detects=0.95"
ANSWERS = "#evidence:suite=finance_qa&candidate=baseline&outcome=harm"


def main() -> None:
    """Run, report, photograph."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reports", action="store_true", help="keep the answers")
    if not options.parse_args().reports:
        shutil.rmtree(FOLDER, ignore_errors=True)
        bench("run", "--limit", str(ITEMS), "--out", str(FOLDER), "--lang", "en")
    bench("report", str(FOLDER), "--lang", "en", "--format", FORMATS)
    photograph(FOLDER / "report.html")


def bench(*arguments: str) -> None:
    """One command, its words shown."""
    subprocess.run([Path(sys.executable).with_name("bench"), *arguments], check=True)


def photograph(page: Path) -> None:
    """The top of the page, what-if with two assumptions moved, and two candidates' answers to one item."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found(), args=[*ARGS])
        for name, fragment in (("page_one", ""), ("what_if", SHOWN), ("evidence", ANSWERS)):
            tab = browser.new_page(viewport={"width": 1240, "height": 1000})
            tab.goto(page.absolute().as_uri() + fragment)
            tab.wait_for_selector(READY, state="attached")
            if name == "what_if":
                tab.locator("#en-what_if").scroll_into_view_if_needed()
                tab.evaluate("document.getElementById('en-what_if').scrollIntoView()")
            if name == "evidence":
                tab.locator("#en-evidence .evidence-list button").first.click()
            tab.wait_for_timeout(1500)
            tab.screenshot(path=page.with_name(f"{name}.png"))
            tab.close()


if __name__ == "__main__":
    main()
