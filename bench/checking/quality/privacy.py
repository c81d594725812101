"""Personal data that must not stand in a suite: identity numbers, mobile numbers, cards, mail addresses."""

import re
from collections.abc import Iterator

from bench.checking.quality.finding import Finding
from bench.suites.load import Suite
from bench.suites.texts import texts

_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE = re.compile(
    r"(?<!\d)(?<!\d\.)(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\.?\d|\s?(?:元|美元|港元|股|吨))"
)
_CARD = re.compile(r"(?<![\d.,])[3-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?![\d,]|\.\d)")
_MAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_RESERVED = re.compile(
    r"(?:^|\.)(?:example\.(?:com|net|org|cn)|example|invalid|test|localhost)$", re.IGNORECASE
)
"""Domains that belong to nobody (RFC 2606)."""
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def personal_data(suite: Suite) -> Iterator[Finding]:
    """Whatever looks like a living person's number or address."""
    for item in suite.items:
        for text in (*texts(item.input), *texts(item.reference)):
            for kind, shown in found_in(text):
                yield Finding("wrong", "personal data", f"'{item.id}' holds {kind}: {shown}")


def found_in(text: str) -> Iterator[tuple[str, str]]:
    """Kind and place of every personal number in a text; numbers with a check digit only where it is right.

    >>> list(found_in("身份证 11010519491231002X，电话 8620119"))
    [('an identity number', '110105…')]
    """
    for found in _IDENTITY.finditer(text):
        if _is_identity(found[0].upper()):
            yield "an identity number", f"{found[0][:6]}…"
    for found in _MOBILE.finditer(text):
        yield "a mobile number", f"{found[1][:3]}…"
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _passes_luhn(digits) and not _is_identity(digits):
            yield "a card number", f"{digits[:4]}…"
    for found in _MAIL.finditer(text):
        if not _RESERVED.search(found[1]):
            yield "a mail address", f"{found[0][:3]}…"


def _is_identity(number: str) -> bool:
    """Check digit of GB 11643-1999."""
    total = sum(
        int(digit) * weight for digit, weight in zip(number[:17], _IDENTITY_WEIGHTS, strict=False)
    )
    return len(number) == 18 and "10X98765432"[total % 11] == number[17]


def _passes_luhn(digits: str) -> bool:
    """Check digit of ISO/IEC 7812-1."""
    doubled = [int(each) * (1 + at % 2) for at, each in enumerate(reversed(digits))]
    return sum(each - 9 * (each > 9) for each in doubled) % 10 == 0 and len(set(digits)) > 1
