"""One span of an answer as it is compared: a number by its value, anything else by its words."""

import json
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from bench.scoring.quantities import Quantity, directed, quantities

_IN_BRACKETS = re.compile(
    r"[-–−]?[ ]?(?P<money>[^\d\s()（）]{0,4})[ ]?"
    r"[(（][ ]?(?P<inside>[^\d()（）]{0,4}[\d.,]{1,24}[ ]?%?)[ ]?[)）](?P<after>[^\d()（）]{0,24})"
)
_LEAD = re.compile(
    r"(?:approximately|approx\.?|about|around|nearly|roughly|some|in|by|during|for|at"
    r"|[\u3400-\u9fff]{0,8}[：:]?)?[ $+=≈~`]{0,3}",
    re.IGNORECASE,
)
_NOUN = re.compile(r"(?!thousand|[mb]illion|[万亿])(?:\S{1,20}[ ]?){0,3}", re.IGNORECASE)
_COUNTED = re.compile(
    r"(?:(?:store|shop|outlet|ton|tonne|barrel|employee|person|customer|unit|vehicle)s?|people"
    r"|[家户名人个件台套辆吨桶条项次份笔])?",
    re.IGNORECASE,
)
_NOUNS = frozenset({"times", "shares", "days", "months", "years", "hours", "minutes"})
_ARTICLE = re.compile(r"\b(?:a|an|the)\b")
_PIECE = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")
_BULLET = re.compile(r"^[ \t]*(?:[-*•·]|\d{1,2}[.)、])[ \t]+", re.MULTILINE)
_MARK = re.compile(r"[\n;；、]")
_PROSE = re.compile(r"[\n;；、，]|,\s+(?:(?:and|or)\s)?|\s(?:and|or|&)\s|以及|[和与及]")
_EDGES = " \t\r[]"
_MOST_SPANS = 100
"""Spans that are compared one by one; a longer list is compared as one text."""


@dataclass(frozen=True, slots=True)
class SpanText:
    """`number` is what the whole span amounts to, None for a text; `noun` is what it counts, as written.

    `values` are what the number may mean, the likeliest first, with the sign that words give it. `words` are
    the words in order, without case, articles and punctuation, each number among them as its value (25.7
    million is 25700000); Chinese characters are words.
    """

    text: str
    number: Quantity | None
    values: tuple[Decimal, ...]
    noun: str
    words: tuple[str, ...]


def span_text(text: str, *, scale: str = "", is_reference: bool = False) -> SpanText:
    """Read one span. `scale` is what a bare number counts.

    Up to three words behind a number are what it counts; a reference must count something known (stores,
    tonnes, 家), or it is a text (2019 Proxy Statement).

    >>> [str(each) for each in (*span_text("(19)", scale="thousand").values, *span_text("$1.2bn").values)]
    ['-19000', '1200000000.0']
    >>> span_text("The 2.5 million shares, vested").words
    ('2500000', 'shares', 'vested')
    """
    plain = _unbracketed(text.strip())
    found = quantities(plain)
    words = _words(plain, found)
    if len(found) != 1 or not _LEAD.fullmatch(plain[: found[0].start].strip()):
        return SpanText(text, None, (), "", words)
    number = found[0]
    noun = plain[number.end :].strip(" *.。")
    if not (_COUNTED if is_reference else _NOUN).fullmatch(noun):
        return SpanText(text, None, (), "", words)
    sign = 1 if directed(plain, number) == number.value else -1
    if scale and number.scale == 1:
        number = quantities(f"{number.text} {scale}")[0]
    return SpanText(text, number, (number.value * sign,), noun, words)


def _unbracketed(text: str) -> str:
    """A number in brackets, and nothing else, is negative.

    >>> _unbracketed("$(1,234) million")
    '-$1,234 million'
    """
    found = _IN_BRACKETS.fullmatch(text)
    return f"-{found['money']}{found['inside']}{found['after']}" if found else text


def _words(text: str, found: list[Quantity]) -> tuple[str, ...]:
    """The words of a text, and its numbers as their values; of nothing but an article, that.

    >>> _words("The group’s year-end", [])
    ('groups', 'yearend')
    """
    pieces: list[str] = []
    end = 0
    for each in found:
        noun = [each.unit] if each.unit in _NOUNS else []
        pieces += [*plain_words(text[end : each.start]), value_word(directed(text, each)), *noun]
        end = each.end
    pieces += plain_words(text[end:])
    return tuple(pieces) or (text.lower(),)


def value_word(value: Decimal) -> str:
    """A value as a word, alike however it is written: 2.50 and 2.5."""
    return f"{value.normalize():f}"


def plain_words(text: str, *, silent: frozenset[str] | None = None) -> list[str]:
    """The words of a text without case, articles and `silent` marks; None: no punctuation or symbol at all."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if silent is None:
        silent = frozenset(each for each in plain if _is_silent(each))
    return _PIECE.findall(_ARTICLE.sub(" ", "".join(each for each in plain if each not in silent)))


def _is_silent(mark: str) -> bool:
    """Punctuation, symbols and control characters but white space."""
    return unicodedata.category(mark)[0] in "PSC" and not mark.isspace()


def splittings(told: str, *, prose: bool) -> list[list[str]]:
    """The ways in which a reply can be taken apart, the most literal first; each at least one span.

    A JSON list is a list; else lines, semicolons and 、 part spans, with `prose` commas, "and" and 和 as well.
    Any reply may also be a single span.

    >>> splittings("2019, 2018 and 2017", prose=True)
    [['2019, 2018 and 2017'], ['2019', '2018', '2017']]
    """
    if listed := _listed(told.strip()):
        return [listed, [" ".join(listed)]]
    bare = _BULLET.sub("", told)
    whole = " ".join(bare.split())
    ways = [[whole] if whole else [], _parts(_MARK, bare), _parts(_PROSE, bare) if prose else []]
    return [
        each
        for at, each in enumerate(ways)
        if 0 < len(each) <= _MOST_SPANS and each not in ways[:at]
    ]


def _parts(pattern: re.Pattern[str], text: str) -> list[str]:
    return [part for each in pattern.split(text) if (part := each.strip(_EDGES))]


def _listed(told: str) -> list[str]:
    """The spans of a JSON list, empty where there is none or it is too long."""
    try:
        found = json.loads(told) if told.startswith("[") else None
    except (ValueError, RecursionError):
        return []
    if not isinstance(found, list) or len(found) > _MOST_SPANS:
        return []
    return [told for each in found if (told := str(each).strip())]
