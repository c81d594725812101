"""Numbers written in Chinese characters, everyday and financial (一百二十三, 壹佰贰拾叁)."""

import re
from decimal import Decimal

DIGITS = dict(
    zip("零〇○一二两三四五六七八九", (0, 0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)
) | dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True))
PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
SECTIONS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
NUMERALS = "".join([*DIGITS, *PLACES, *SECTIONS])
_MAX_LENGTH = 32


def chinese_integer(text: str) -> int | None:
    """The value of a numeral, or None when the characters make no well-formed one.

    A last digit that directly follows a place counts a tenth of it (一百二 is 120, 三万五 is 35,000).
    Strings of digits without places (二〇二六, 一二三) are names or years, not numbers: None.

    >>> chinese_integer("一百二十三亿四千万"), chinese_integer("两万亿"), chinese_integer("十四五")
    (12340000000, 2000000000000, None)
    """
    if not 0 < len(text) <= _MAX_LENGTH:
        return None
    total, section, digit, last_place, after_zero = 0, 0, -1, 10**5, False
    last_unit = 1
    for mark in text:
        if mark in DIGITS:
            if digit > 0:
                return None
            digit, after_zero = DIGITS[mark], DIGITS[mark] == 0 or after_zero
        elif mark in PLACES:
            place = PLACES[mark]
            if place >= last_place or (digit < 1 and (place != 10 or section)):
                return None
            section += (digit if digit > 0 else 1) * place
            digit, last_place, after_zero, last_unit = -1, place, False, place
        else:
            unit, section = SECTIONS[mark], section + max(digit, 0)
            if total + section == 0:
                return None
            total = (total + section) * unit if total < unit else total + section * unit
            section, digit, last_place, after_zero, last_unit = 0, -1, 10**5, False, unit
    return total + section + max(digit, 0) * (1 if after_zero else max(last_unit // 10, 1))


def small_change(text: str) -> Decimal:
    """角 and 分 in yuan.

    >>> small_change("2角5分")
    Decimal('0.25')
    """
    total = Decimal(0)
    for mark, worth in re.findall(r"(.)([角分])", text):
        total += Decimal(_digit(mark)) / (10 if worth == "角" else 100)
    return total


def _digit(mark: str) -> int:
    return int(mark) if mark.isdecimal() else DIGITS[mark]
