"""Personal data that must not stand in a suite: identity numbers, mobile numbers, cards, mail addresses."""

import re
from collections.abc import Iterator

from bench.checking.quality.finding import Finding
from bench.standards import personal_data as standard
from bench.suites.load import Suite
from bench.suites.texts import texts

_SHOWN = {
    "identity_number": ("an identity number", 6),
    "mobile_number": ("a mobile number", 3),
    "card_number": ("a card number", 4),
    "mail_address": ("a mail address", 3),
}
"""Kinds that belong to one person, and how many characters of one may be shown. Landlines belong to offices."""
_RESERVED = re.compile(
    r"[@.](?:example\.(?:com|net|org|cn)|example|invalid|test|localhost)$", re.IGNORECASE
)
"""Domains that belong to nobody (RFC 2606)."""


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
    for found in standard.personal_data(text):
        if found.kind in _SHOWN and not _RESERVED.search(found.number):
            kind, most = _SHOWN[found.kind]
            yield kind, f"{found.number[:most]}…"
