"""Dates that make an item old, or that lie further ahead than plans reach."""

import re
from collections.abc import Iterator
from datetime import date

from bench.checking.quality.finding import Finding
from bench.suites.load import Suite
from bench.suites.texts import texts

_YEAR = re.compile(
    r"(?<![\d.,])((?:19|20)\d{2})(?=年|([-/.])\d{1,2}\2\d{1,2}(?!\d)|[〕\]]|\s+annual)"
    r"|(?:fiscal(?: year)?|FY|(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?: \d{1,2},)?) ?((?:19|20)\d{2})(?!\d)"
)
STALE_YEARS = 4
AHEAD_YEARS = 30


def stale_dates(suite: Suite, today: date | None = None) -> Iterator[Finding]:
    """Items whose latest year is long gone, and years that nobody plans for."""
    this_year = (today or date.today()).year  # noqa: DTZ011  # the reader's calendar day is meant
    old: list[str] = []
    for item in suite.items:
        told = [found for text in texts(item.input) for found in _YEAR.finditer(text)]
        years = [int(each[1] or each[3]) for each in told]
        if years and max(years) < this_year - STALE_YEARS:
            old.append(item.id)
        if years and max(years) > this_year + AHEAD_YEARS:
            yield Finding("note", "dates", f"'{item.id}' speaks of {max(years)}")
    if old:
        text = (
            f"nothing after {this_year - STALE_YEARS - 1} in {len(old)} items: {', '.join(old[:5])}"
        )
        yield Finding("note", "dates", text)
