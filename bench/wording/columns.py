"""Text in columns of a terminal, where a Chinese character is two wide."""

import unicodedata
from collections.abc import Sequence

NOT_FIRST = frozenset("，。；：！？、）》”’％%,.;:!?)")
AFTER = frozenset("+/_")
"""Where a long name may be broken."""


def width(text: str) -> int:
    """Columns that a text takes.

    >>> width("ab"), width("中文")
    (2, 4)
    """
    return sum(_wide(each) for each in text)


def _wide(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _pieces(text: str) -> list[str]:
    """Where a line may break: at spaces, and around wide characters, never before closing marks."""
    pieces: list[str] = []
    for each in text:
        joined = (
            pieces
            and pieces[-1] != " "
            and each != " "
            and (
                each in NOT_FIRST
                or (_wide(each) == 1 and _wide(pieces[-1][-1]) == 1 and not _ends(pieces[-1]))
            )
        )
        if joined:
            pieces[-1] += each
        else:
            pieces.append(each)
    return pieces


def _ends(piece: str) -> bool:
    """Whether a long name may be broken behind this piece of it; a sign alone belongs to what follows."""
    return len(piece) > 1 and piece[-1] in AFTER


def wrapped(text: str, most: int) -> list[str]:
    """Lines of at most so many columns; a word that is longer is cut. At least one line."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width(line) + width(piece) > most:
            lines.append(line.rstrip())
            line = ""
        if not line and piece == " ":
            continue
        rest = piece
        while width(rest) > most:
            head = cut(rest, most)
            lines.append(head)
            rest = rest[len(head) :]
        line += rest
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def cut(text: str, most: int) -> str:
    """The longest beginning of at most so many columns, and never nothing."""
    taken = 0
    for position, each in enumerate(text):
        taken += _wide(each)
        if taken > most:
            return text[: max(position, 1)]
    return text


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """Filled with spaces to so many columns, at the left when it stands to the right."""
    space = " " * max(0, columns - width(text))
    return space + text if right else text + space


def row(
    cells: Sequence[str], widths: Sequence[int], rights: Sequence[bool], gap: int = 2
) -> list[str]:
    """One row of a table, as many lines as its longest cell needs."""
    split = [
        [line for part in cell.split("\n") for line in wrapped(part, most)]
        for cell, most in zip(cells, widths, strict=True)
    ]
    height = max(len(each) for each in split)
    lines = []
    for level in range(height):
        shown = [
            padded(each[level] if level < len(each) else "", most, right=right)
            for each, most, right in zip(split, widths, rights, strict=True)
        ]
        lines.append((" " * gap).join(shown).rstrip())
    return lines
