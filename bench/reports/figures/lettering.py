"""How much room a text takes, and where it breaks: the browser is not asked, so estimates err on the wide side."""

import re
import unicodedata

SIZE = 13
"""Pixels of the letters; none is smaller than 12."""
_THIN, _NARROW, _CAPITAL, _FULL = 0.32, 0.56, 0.7, 1.0
_SLIM = " .,:;'|!ijlft()[]"
_UNITS = re.compile(r"[A-Za-z0-9.,%+−¥<>]*[+_/\-]?|.", re.DOTALL)
_NO_START = "，。、：；！？）”’》%,.:;!?)"
_NO_END = "（“‘《("


def width_px(text: str, size: int = SIZE) -> float:
    """An estimate of the width of one line.

    >>> width_px("现状") == 2 * SIZE
    True
    """
    return size * sum(map(_em, text))


def _em(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WFA":
        return _FULL
    if letter in _SLIM:
        return _THIN
    return _CAPITAL if letter.isupper() or letter in "mw%" else _NARROW


def lines(text: str, room: float, most: int = 2) -> list[str]:
    """The text in at most so many lines of `room` pixels; what does not fit ends in an ellipsis.

    >>> lines("现行做法的错误率", 5 * SIZE)
    ['现行做法的', '错误率']
    """
    told: list[list[str]] = [[]]
    for unit in _units(text, room):
        line = told[-1]
        if not line or width_px("".join((*line, unit)).rstrip()) <= room:
            line.append(unit)
        elif unit[0] in _NO_START and len(line) > 1:
            told.append([line.pop(), unit])
        else:
            told.append([unit])
    found = ["".join(each).strip() for each in told]
    return found if len(found) <= most else [*found[: most - 1], _cut(found[most - 1], room)]


def _units(text: str, room: float) -> list[str]:
    """Words, single Han characters, and pieces of words that are wider than a line."""
    found: list[str] = []
    for unit in filter(None, _UNITS.findall(text)):
        if width_px(unit) > room:
            found += list(unit)
        elif found and found[-1] in _NO_END:
            found[-1] += unit
        else:
            found.append(unit)
    return found


def _cut(line: str, room: float) -> str:
    while line and width_px(line + "…") > room:
        line = line[:-1]
    return line.rstrip() + "…"
