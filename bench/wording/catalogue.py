"""Every sentence that a report prints, in both languages: the files of `messages/`, read once.

A pattern is written in each language, not translated; {slots} are the same in both. Chinese uses full-width
punctuation; English avoids apostrophes, which come out full width where only Chinese fonts are installed.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from bench.types import Language

_HAN = "\u3400-\u9fff"
_SPACES = re.compile(rf"(?<=[{_HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[{_HAN}])")
_ONE = re.compile(
    r"(?<![\w.,])(1 (?:more )?(?:item|candidate|task|metric|result|assumption|source|answer|comparison|reason|request))s\b"
)
"""English nouns of the catalogue that one makes singular."""
FOLDER = Path(__file__).with_name("messages")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def messages() -> Mapping[str, Mapping[Language, str]]:
    """Key -> language -> pattern. Keys are written as nested groups and read with dots."""
    read: dict[str, Mapping[Language, str]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        _flatten(yaml.load(text, Loader=_LOADER), f"{path.name}: ", "", read)  # noqa: S506  # the safe one, in C
    return read


def say(language: Language, key: str, **slots: object) -> str:
    """The sentence `key` in one language. KeyError when there is no such key, or a slot is missing.

    Slots stand without spaces in Chinese patterns: what fills them decides, Latin letters and figures
    are set apart from Chinese characters, Chinese is not.
    """
    told = messages()[key][language].format_map(slots)
    return _SPACES.sub(" ", told) if language == "zh" else _ONE.sub(r"\1", told)


def has(key: str) -> bool:
    """Whether the catalogue has an entry for `key`."""
    return key in messages()


def _flatten(
    node: Mapping[str, object],
    file: str,
    prefix: str,
    into: dict[str, Mapping[Language, str]],
) -> None:
    for name, value in node.items():
        key = prefix + name
        if not isinstance(value, dict):
            raise TypeError(f"{file}{key} is neither a group nor an entry")
        if set(value) != {"zh", "en"} or not all(isinstance(each, str) for each in value.values()):
            _flatten(value, file, f"{key}.", into)
        elif key in into:
            raise TypeError(f"{file}{key} stands in another file, too")
        else:
            into[key] = value
