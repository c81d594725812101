"""Text that a spreadsheet shows and never obeys."""

import re
from collections.abc import Sequence

from bench.types import Language
from bench.wording.catalogue import say
from bench.wording.plain import plain

MOST = 32_767
"""Characters that a cell holds, counted as UTF-16 counts them."""
NAME_MOST = 31
"""Characters of the name of a sheet."""
_LOOKS_LIKE_A_FORMULA = tuple("=+-@\t\r")
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_TAKEN_BY_EXCEL = "history"
_WAYS = 1000
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


def shown(language: Language, text: str) -> str:
    """One harmless line; what a cell cannot hold is cut off, and the cell says so."""
    told = plain(text)
    if _units(told) <= MOST:
        return told
    note = say(language, "workbook.cut")
    return cut(told, MOST - _units(note)) + note


def looks_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet would calculate with this text if somebody typed it."""
    return text.startswith(_LOOKS_LIKE_A_FORMULA)


def sheet_name(text: str, taken: set[str]) -> str:
    """A name that a sheet may have and no other sheet has; it is added to `taken`.

    >>> taken = set()
    >>> sheet_name("a/b:c", taken), sheet_name("A B C", taken), sheet_name("[]", taken)
    ('a b c', 'A B C 2', '_')
    """
    base = " ".join(plain(text).translate(_NOT_IN_A_NAME).split()) or "_"
    for number in range(1, _WAYS):
        suffix = f" {number}" if number > 1 else ""
        name = _shortened(base, NAME_MOST - len(suffix)) + suffix
        if name.casefold() not in taken | {_TAKEN_BY_EXCEL}:
            taken.add(name.casefold())
            return name
    raise ValueError(f"{_WAYS} sheets are called '{base}'")


def _shortened(text: str, most: int) -> str:
    return text if _units(text) <= most else cut(text, most - 1).strip() + "…"


def cell_name(parts: Sequence[str], taken: set[str]) -> str:
    """A name for a cell, for formulas to speak of; it is added to `taken`.

    Never what could be the place of a cell, and no word of a text that is not a plain name.

    >>> taken = set()
    >>> cell_name(["qa", "loss.wrong-number"], taken), cell_name(["qa", "loss.wrong_number"], taken)
    ('in_qa_loss_wrong_number', 'in_qa_loss_wrong_number_2')
    >>> cell_name(["qa", "=cmd|x"], taken)
    'in_qa_x'
    """
    kept = [re.sub("[.-]", "_", each) if _PLAIN_NAME.fullmatch(each) else "x" for each in parts]
    base = "_".join(["in", *kept])
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        name = f"{base}_{number}"
    taken.add(name.casefold())
    return name


def cut(text: str, most: int) -> str:
    """The longest beginning of so many UTF-16 units that splits no character."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
