"""One span of an answer as it is compared: a number by its value, anything else by its words."""

import json
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from bench.scoring.quantities import Quantity, directed, quantities

_IN_BRACKETS = re.compile(
    r"(?P<sign>[-–−]?)[ ]?(?P<money>[^\d\s()（）]{0,4})[ ]?[(（][ ]?(?P<inside>[^\d()（）]{0,4}[\d.,]{1,24}[ ]?%?)[ ]?[)）]"
    r"(?P<after>[^\d()（）]{0,24})"
)
_LEAD = re.compile(r"[^\d,;，；。]{0,16}")
_NOUN = re.compile(r"[^,;，；。.]{0,24}[.。]?")
_COUNTED = re.compile(
    r"(?:stores?|shops?|outlets?|tons?|tonnes?|barrels?|employees?|people|persons?|customers?|units?|vehicles?"
    r"|家|户|名|人|个|件|台|套|辆|吨|桶|条|项|次|份|笔)?"
)
_MOST_WORDS = 3
_ARTICLE = re.compile(r"\b(?:a|an|the)\b")
_PIECE = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")
_MARKED = re.compile(r"^[ \t]*(?:[-*•·]|\d{1,2}[.)、])[ \t]+")
_FIRM = re.compile(r"[\n;；、]")
_LOOSE = re.compile(r"[\n;；、]|,\s|，|\s(?:and|or|&)\s|(?:以)?及|[和与]")
_MOST_SPANS = 100
"""Spans that are compared one by one; a longer list is compared as one text."""


@dataclass(frozen=True, slots=True)
class SpanText:
    """`number` is what the whole span amounts to, None for a text; `noun` is what is counted, as written.

    `words` are the words in order, without case, articles and punctuation, each number among them as its
    value (25.7 million is 25700000); Chinese characters are words.
    """

    text: str
    number: Quantity | None
    value: Decimal
    noun: str
    words: tuple[str, ...]


def span_text(text: str, *, scale: str = "", counted: bool = False) -> SpanText:
    """Read one span. `scale` is that of a bare number; `counted` allows only nouns that are known to be counted.

    >>> span_text("(19)", scale="thousand").value, span_text("$1.2bn").value
    (Decimal('-19000'), Decimal('1200000000.0'))
    >>> span_text("The 2.5 million shares, vested").words
    ('2500000', 'vested')
    """
    plain = _unbracketed(text.strip())
    found = quantities(plain)
    number = found[0] if len(found) == 1 else None
    noun = ""
    if number is not None:
        noun = plain[number.end :].strip(" *")
        known = _COUNTED if counted else _NOUN
        if not known.fullmatch(noun) or len(noun.split()) > _MOST_WORDS:
            number = None
        elif not _LEAD.fullmatch(plain[: number.start].strip(" *$")):
            number = None
    if number is not None and scale and number.scale == 1:
        told = quantities(f"{plain[number.start : number.end]} {scale}")
        number = told[0] if len(told) == 1 else number
    value = directed(plain, number) if number is not None else Decimal(0)
    return SpanText(text, number, value, noun.rstrip(".。"), words(plain, found))


def _unbracketed(text: str) -> str:
    """A number in brackets, and nothing else, is negative: $(1,234) million is -$1,234 million."""
    found = _IN_BRACKETS.fullmatch(text)
    if found is None:
        return text
    return f"-{found['money']}{found['inside']}{found['after']}"


def words(text: str, found: list[Quantity]) -> tuple[str, ...]:
    """The words of a text, numbers as their values.

    >>> words("The group’s year-end", [])
    ('groups', 'yearend')
    """
    parts, end = [], 0
    for each in found:
        value = directed(text, each).normalize()
        parts += [text[end : each.start], f" {value:f} "]
        end = each.end
    parts.append(text[end:])
    pieces = []
    for place, part in enumerate(parts):
        if place % 2:
            pieces.append(part.strip())
            continue
        plain = unicodedata.normalize("NFKC", part).lower()
        kept = "".join(
            mark for mark in plain if unicodedata.category(mark)[0] not in "PSC" or mark.isspace()
        )
        pieces += _PIECE.findall(_ARTICLE.sub(" ", kept))
    return tuple(pieces)


def splittings(told: str, *, wanted: int) -> list[list[str]]:
    """The ways in which a reply can be taken apart, the most literal first.

    A JSON list, or one written like it, is a list; otherwise lines, semicolons and 、 part spans, and where
    several are wanted commas and 和 may do so too. A reply may always be one span.

    >>> splittings("2019, 2018 and 2017", wanted=3)[-1]
    ['2019', '2018', '2017']
    """
    whole = " ".join(told.split())
    if (listed := _listed(told.strip())) is not None:
        return [listed, [" ".join(listed)]]
    lines = [_MARKED.sub("", line) for line in told.splitlines()]
    found = [[whole], _parts(_FIRM, "\n".join(lines))]
    if wanted > 1:
        found.append(_parts(_LOOSE, "\n".join(lines)))
    return [
        each
        for at, each in enumerate(found)
        if 0 < len(each) <= _MOST_SPANS and each not in found[:at]
    ]


def _parts(pattern: re.Pattern[str], text: str) -> list[str]:
    return [
        part for each in pattern.split(text) if (part := re.sub(r"^(?:and|or)\s", "", each.strip()))
    ]


def _listed(told: str) -> list[str] | None:
    if not (told.startswith("[") and told.endswith("]")):
        return None
    try:
        found = json.loads(told)
    except (ValueError, RecursionError):
        found = re.split(r",\s", told[1:-1])
    return [str(each).strip(" '\"") for each in found if str(each).strip(" '\"")][:_MOST_SPANS]
