"""What candidates answered, fetched from a run's journal when somebody asks."""

from collections.abc import Callable
from pathlib import Path

import orjson

from bench.running.journal import NAME as JOURNAL

TextOf = Callable[[str, str, str, int], str | None]
"""Suite, candidate, item and repeat -> the answer's text; None where there is none."""
_Key = tuple[str, str, str, int]
_Stretch = tuple[int, int]


def texts_of(folder: Path) -> TextOf:
    """The answers of a run's folder. The journal is read when the first is asked for, and no text is kept.

    A trial that failed has no text; nor has any trial of a folder without a journal. A damaged line answers nothing;
    of two lines of one trial the first counts.
    """
    path = folder / JOURNAL
    known: dict[_Key, _Stretch] | None = None

    def text_of(suite: str, candidate: str, item: str, repeat: int) -> str | None:
        nonlocal known
        if known is None:
            known = _places(path)
        stretch = known.get((suite, candidate, item, repeat))
        return None if stretch is None else _text(path, stretch)

    return text_of


def _places(path: Path) -> dict[_Key, _Stretch]:
    """Where in the journal each trial's line begins and how long it is."""
    found: dict[_Key, _Stretch] = {}
    at = 0
    try:
        with path.open("rb") as file:
            for line in file:
                key = _key(line)
                if key is not None:
                    found.setdefault(key, (at, len(line)))
                at += len(line)
    except OSError:
        return found
    return found


def _key(line: bytes) -> _Key | None:
    """The trial of a line; None for a line that is damaged or whose trial failed."""
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(told, dict) or told.get("state") == "failed":
        return None
    match (*map(told.get, ("suite", "candidate", "item")), told.get("repeat", 0)):
        case (str() as suite, str() as candidate, str() as item, int() as repeat):
            return suite, candidate, item, repeat
    return None


def _text(path: Path, stretch: _Stretch) -> str | None:
    try:
        with path.open("rb") as file:
            file.seek(stretch[0])
            told = orjson.loads(file.read(stretch[1]))
    except (OSError, orjson.JSONDecodeError):
        return None
    return str(told.get("text", ""))
