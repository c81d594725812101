"""Text from suites, models and servers, made harmless for any place where it is shown."""

import re
import unicodedata

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_DROPPED = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
"""Controls, invisible formatting (bidirectional overrides among them), surrogates, unassigned."""


def plain(text: str) -> str:
    r"""One line without escape sequences, controls, bidirectional or invisible characters.

    >>> plain("a\x1b[31mb\nc\u202ed")
    'ab cd'
    """
    spaced = re.sub(r"\s+", " ", _ESCAPES.sub("", text))
    kept = (each for each in spaced if unicodedata.category(each) not in _DROPPED)
    return re.sub(" +", " ", "".join(kept)).strip()
