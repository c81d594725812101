"""Long text from models and suites as a page may hold it: line breaks stay, what is invisible is named."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

from bench.types import Span

_UNSEEN = re.compile(
    "\r(?=\n)|[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u06dd\u070f\u08e2\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\U000110bd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
"""Controls but tab and line feed, formatting characters but the joiners of scripts and emoji, surrogates that stand alone."""
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_PICTURES = 0x2400
_DELETE = 0x7F

Place = Callable[[int], int]
"""From a character of the text to a unit of what the page holds."""


def page_text(text: str) -> str:
    r"""Text in which nothing is invisible: controls as their pictures, other unseen characters by number.

    >>> page_text("a\x1b[31mb\r\nc\u202ed")
    'a␛[31mb\nc⟨U+202E⟩d'
    """
    return _UNSEEN.sub(_named, text)


def _named(found: re.Match[str]) -> str:
    code = ord(found[0])
    if found[0] == "\r" and found.string[found.end() : found.end() + 1] == "\n":
        return ""
    if code == _DELETE:
        return "␡"
    return chr(_PICTURES + code) if code < 0x20 else f"⟨U+{code:04X}⟩"


def places(text: str) -> Place:
    """Where a character of `text` stands in `page_text(text)`, counted as a script counts: in UTF-16 units.

    >>> at = places("😀\u202e答")
    >>> [at(each) for each in range(4)]
    [0, 2, 10, 11]
    """
    shifts = [(each.end(), len(_named(each)) - 1) for each in _UNSEEN.finditer(text)]
    shifts += [(each.end(), 1) for each in _ASTRAL.finditer(text) if not _UNSEEN.fullmatch(each[0])]
    if not shifts:
        return lambda at: at
    shifts.sort()
    ends, sums, total = [], [0], 0
    for end, more in shifts:
        total += more
        ends.append(end)
        sums.append(total)
    return lambda at: at + sums[bisect_right(ends, at)]


def marked(spans: Sequence[Span], text: str) -> list[tuple[int, int, bool, str]]:
    """Spans in units of the page: start, end, whether it holds, and its note."""
    at = places(text)
    return [(at(each.start), at(each.end), each.holds, page_text(each.note)) for each in spans]
