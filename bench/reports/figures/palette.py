"""The colours of the pictures: blue is better, orange is worse, the rest is neither.

Orange and blue differ for all three kinds of colour-blindness but are alike in grey, so that a zero line, a
shape or a word always says the same as the colour.
"""

from pydantic import JsonValue

INK, INK_2, INK_3 = "#1a1f26", "#525a64", "#666d76"
GOOD, EDIT, HARM = "#0b5f92", "#79b8de", "#c44a00"
REST, HAIR, GRID, PAPER = "#8d949c", "#dcdad3", "#ebe9e3", "#ffffff"
CANDIDATES = (GOOD, INK_2, "#8a6d1a", "#7a5195", "#2a7f86")
"""At most five lines, dark enough for letters; those that some eyes confuse differ by shape and name."""
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")

_UNREADABLE = {GOOD: (0.72, 0.81), HARM: (0.82, 0.96)}
"""How far towards its end a fill is too dark for ink and too light for white."""


def faded(colour: str, opacity: float) -> str:
    """The colour as CSS writes it with an opacity.

    >>> faded("#0b5f92", 0.5)
    'rgba(11,95,146,0.5)'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def gradient(colour: str, *, right: bool) -> dict[str, JsonValue]:
    """A fill that fades away to the right, or to the left: a range without an end that reads as a limit."""
    ends = (0.6, 0.05) if right else (0.05, 0.6)
    stops: list[JsonValue] = [
        {"offset": at, "color": faded(colour, opacity)} for at, opacity in enumerate(ends)
    ]
    return {"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": 0, "stops": stops}


def between(share: float) -> str:
    """A diverging fill for a number between -1 (worse) and 1 (better); 0 is white.

    Shades on which neither ink nor white letters reach a contrast of 4.5 are passed over for deeper ones.

    >>> between(1.0), between(0.0), between(-1.0)
    ('#0b5f92', '#ffffff', '#c44a00')
    """
    end = GOOD if share > 0 else HARM
    size, (low, high) = min(abs(share), 1.0), _UNREADABLE[end]
    size = high if low < size < high else size
    mixed = (
        round(255 + (int(end[at : at + 2], 16) - 255) * size) for at in (1, 3, 5)
    )  # from white to the end
    return "#" + "".join(f"{each:02x}" for each in mixed)


def readable_on(fill: str) -> str:
    """Ink or white, whichever stands out more (contrast of WCAG 2).

    >>> readable_on("#ffffff"), readable_on("#0b5f92")
    ('#1a1f26', '#ffffff')
    """
    light = _luminance(fill) + 0.05
    return PAPER if 1.05 / light > light / (_luminance(INK) + 0.05) else INK


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
