"""Personal numbers and addresses in a text, as Chinese documents write them.

A number with a check digit counts only where it is right. Full-width letters, digits and signs are read as
half-width ones.

Sources
    identity number: GB 11643-1999 (date of birth, check digit by ISO 7064 MOD 11-2).
    card: ISO/IEC 7812-1 (Luhn check digit), 16 to 19 digits.
    mobile: eleven digits beginning with 13 to 19. Landline: area codes 010, 02x with eight digits, 03xx to 09xx
    with seven or eight (电信网编号计划, 2017).
    passport: https://gaj.gz.gov.cn/zwfw/ywtd/crjimmigration/crjzx/content/post_9496059.html (G or E and eight digits;
    E, a letter but I and O, and seven digits). Official passports (SE, DE, PE) are not verified.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

KINDS: Mapping[str, str] = {
    "identity_number": "身份证号",
    "mobile_number": "手机号",
    "landline_number": "固定电话",
    "card_number": "银行卡号",
    "mail_address": "邮箱",
    "passport_number": "护照号",
}
"""Every kind, and what it is called in a Chinese text."""

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}[ -]?(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[ -]?"
    r"[0-9]{3}[0-9Xx](?![0-9])"
)
_MOBILE = re.compile(
    r"(?<![0-9])(?<![0-9]\.)(?:\+?86[- ]?)?(1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4})"
    r"(?!\.?[0-9]|\s?(?:元|美元|港元|股|吨))"
)
_LANDLINE = re.compile(
    r"(?<![0-9.,-])(?:(?:\+86[- ]?|86[- ])\(?0?|\(?0)"
    r"((?:10|2[0-9])\)?[- ]?[0-9]{8}|[3-9][0-9]{2}\)?[- ]?[0-9]{7,8})"
    r"(?:(?:-|转)[0-9]{1,6})?(?![0-9]|\.[0-9])"
)
_CARD = re.compile(
    r"(?<![0-9.,])[3-6][0-9]{3}(?:[ -]?[0-9]{4}){3}(?:[ -]?[0-9]{1,3})?(?![0-9,]|\.[0-9])"
)
_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PASSPORT = re.compile(
    r"(?<![A-Za-z0-9])(?:[GE][0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|[SDP]E[0-9]{7})(?![A-Za-z0-9])"
)
_CALLED_PASSPORT = re.compile(
    r"(?i:护照(?:号码|号)?|passport(?: (?:no\.?|number))?)[ :#为是]{0,3}([A-Za-z]{0,2}[0-9]{6,9})(?![A-Za-z0-9])"
)


class PersonalDatum(NamedTuple):
    """What stands from `start` up to `end`; `number` is the same whichever way it is written."""

    kind: str
    start: int
    end: int
    number: str


def personal_data(text: str) -> list[PersonalDatum]:
    """Everything personal, in the text's order; of what overlaps the one that begins first, then the longest.

    >>> [(each.kind, each.number) for each in personal_data("身份证 11010519491231002X，手机 138 1234 5678")]
    [('identity_number', '11010519491231002X'), ('mobile_number', '13812345678')]
    """
    read = text.translate(_HALF_WIDTH)
    return without_overlaps([each for find in _FINDERS for each in find(read)])


def without_overlaps(found: list[PersonalDatum]) -> list[PersonalDatum]:
    """Those that begin first, then the longest; equals as they stand."""
    kept: list[PersonalDatum] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _identity_numbers(text: str) -> Iterator[PersonalDatum]:
    for found in _IDENTITY.finditer(text):
        number = _bare(found[0]).upper()
        if is_identity_number(number):
            yield PersonalDatum("identity_number", *found.span(), number)


def _mobile_numbers(text: str) -> Iterator[PersonalDatum]:
    for found in _MOBILE.finditer(text):
        yield PersonalDatum("mobile_number", *found.span(), _bare(found[1]))


def _landline_numbers(text: str) -> Iterator[PersonalDatum]:
    for found in _LANDLINE.finditer(text):
        number = re.sub(r"[^0-9]", "", found[1])
        yield PersonalDatum("landline_number", *found.span(), f"0{number}")


def _card_numbers(text: str) -> Iterator[PersonalDatum]:
    for found in _CARD.finditer(text):
        digits = _bare(found[0])
        if passes_luhn(digits) and not is_identity_number(digits):
            yield PersonalDatum("card_number", *found.span(), digits)


def _mail_addresses(text: str) -> Iterator[PersonalDatum]:
    for found in _MAIL.finditer(text):
        yield PersonalDatum("mail_address", *found.span(), found[0].lower())


def _passport_numbers(text: str) -> Iterator[PersonalDatum]:
    for found in _PASSPORT.finditer(text):
        yield PersonalDatum("passport_number", *found.span(), found[0])
    for found in _CALLED_PASSPORT.finditer(text):
        yield PersonalDatum("passport_number", *found.span(1), found[1].upper())


_FINDERS: tuple[Callable[[str], Iterator[PersonalDatum]], ...] = (
    _identity_numbers,
    _mobile_numbers,
    _landline_numbers,
    _card_numbers,
    _mail_addresses,
    _passport_numbers,
)


def _bare(told: str) -> str:
    return re.sub(r"[ -]", "", told)


def is_identity_number(number: str) -> bool:
    """Whether the check digit of eighteen characters is right (GB 11643-1999)."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(number[:17], _IDENTITY_WEIGHTS, strict=True)
    )
    return "10X98765432"[total % 11] == number[17]


def passes_luhn(digits: str) -> bool:
    """Whether the check digit is right (ISO/IEC 7812-1); one digit repeated is no number of anybody."""
    doubled = [int(each) * (1 + at % 2) for at, each in enumerate(reversed(digits))]
    return sum(each - 9 * (each > 9) for each in doubled) % 10 == 0 and len(set(digits)) > 1
