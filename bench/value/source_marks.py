"""Where the source bears out, or contradicts, what an answer says: plain search, nothing guessed."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bench.types import Flag, Record, Score, Whole

_MOST_SOUGHT = 80
_MOST_PLACES = 3
_MOST_PARTS = 12
_LONGEST = 200
_TELLING = 4
"""Characters from which a text without a digit is looked for: shorter ones name a kind, or stand anywhere."""
_FEW_DIGITS = 3
"""Numbers shorter than this are looked for with the character behind them: 48 as 48个."""
_PART = re.compile(r"[-−]?\d[\d,.]+\d%?|[“《]([^“”《》]{2,40})[”》]")
"""A figure of at least three characters, or a quoted name."""


class SourceMark(Record):
    """A stretch of an input field, in characters, from `start` up to `end`; `holds`: it bears the answer out."""

    field: Whole
    start: Whole
    end: Whole
    holds: Flag


def source_marks(
    texts: Sequence[str], told: str, scores: Mapping[str, Score], expected: Mapping[str, str]
) -> tuple[SourceMark, ...]:
    """Where in the `texts` of the input stands what the scores speak of; `told` is the reply as it was read.

    A span that holds is supported where its own text stands; one that does not is contradicted where what was looked
    for, its note, stands. A reply whose value is 1 is supported by what it was read to say, one with a named
    error is contradicted by what was `expected` and is not in it; of a text that stands nowhere, its figures and quoted names are
    looked for. At most three places a text.
    """
    found: dict[tuple[int, int, int], bool] = {}
    sought = list(dict.fromkeys(_sought(told, scores, expected)))[:_MOST_SOUGHT]
    for text, holds in sorted(sought, key=lambda each: not each[1]):
        for part in _parts(text, texts):
            if holds or part not in told:
                for place in _places(texts, part):
                    found.setdefault(place, holds)
    return tuple(
        SourceMark(field=at, start=start, end=end, holds=holds)
        for (at, start, end), holds in sorted(found.items())
    )


def _sought(
    told: str, scores: Mapping[str, Score], expected: Mapping[str, str]
) -> Iterator[tuple[str, bool]]:
    for name, score in scores.items():
        for span in score.spans:
            text = _with_counter(told, span.start, span.end) if span.holds else span.note
            if _is_telling(text) or (span.holds and len(text) > 1):
                yield text, span.holds
        if score.value == 1 and _is_telling(score.extracted or ""):
            yield score.extracted or "", True
        if score.error_class is not None and _is_telling(expected.get(name, "")):
            yield expected[name], False


def _with_counter(told: str, start: int, end: int) -> str:
    text = told[start:end].strip()
    return (told[start : end + 1] if text.isdigit() and len(text) < _FEW_DIGITS else text).strip()


def _is_telling(text: str) -> bool:
    has_digit = any(each.isdigit() for each in text)
    return 1 < len(text) <= _LONGEST and (len(text) >= _TELLING or has_digit)


def _parts(sought: str, texts: Sequence[str]) -> list[str]:
    """The text itself where it stands somewhere; otherwise its figures and quoted names."""
    if any(sought in text for text in texts):
        return [sought]
    found = (part[1] or part[0] for part in _PART.finditer(sought))
    return list(dict.fromkeys(found))[:_MOST_PARTS]


def _places(texts: Sequence[str], sought: str) -> list[tuple[int, int, int]]:
    """Field, start and end of the first places in which `sought` stands as itself, not inside a longer number."""
    found: list[tuple[int, int, int]] = []
    for at, text in enumerate(texts):
        start = text.find(sought)
        while start >= 0 and len(found) < _MOST_PLACES:
            end = start + len(sought)
            if not _is_within_number(text, start, end):
                found.append((at, start, end))
            start = text.find(sought, end)
    return found


def _is_within_number(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (text[start].isdigit() and _goes_on(before[::-1])) or (
        text[end - 1].isdigit() and _goes_on(after)
    )


def _goes_on(outside: str) -> bool:
    """Whether digits go on: directly, or behind a point or a comma. Nearest character first."""
    if outside[:1].isdigit():
        return True
    return outside[:1] in (".", ",") and outside[1:2].isdigit()
