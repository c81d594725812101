"""How hard each item is to read: length, sentence length, density of numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.suites.items import texts
from bench.suites.load import Suite
from bench.types import Item

_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_WORD = re.compile(r"[\u3400-\u9fff]|[A-Za-z]+|\d+(?:[.,]\d+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*|[〇零一二三四五六七八九十百千万亿两]{2,}")
_SHOWN = (10, 50, 90)


@dataclass(frozen=True, slots=True)
class Reading:
    """The load of one item: words (a Chinese character or a Latin word), words a sentence, numbers per 100 words."""

    item: str
    words: int
    words_a_sentence: float
    numbers_per_100: float


def reading(item: Item) -> Reading:
    """What a reader of `item` has before them."""
    text = "\n".join(texts(item.input))
    words = len(_WORD.findall(text))
    sentences = [each for each in _SENTENCE.findall(text) if _WORD.search(each)]
    numbers = len(_NUMBER.findall(text))
    return Reading(item.id, words, words / max(1, len(sentences)), 100 * numbers / max(1, words))


def summary(suite: Suite) -> Iterator[str]:
    """Tenth, half and ninetieth percentile of every measure, a line each."""
    found = [reading(item) for item in suite.items]
    for name, values in (
        ("words", [each.words for each in found]),
        ("words a sentence", [each.words_a_sentence for each in found]),
        ("numbers per 100 words", [each.numbers_per_100 for each in found]),
    ):
        low, middle, high = np.percentile(values, _SHOWN)
        yield f"{name}: {middle:.0f} (10 % under {low:.0f}, 10 % above {high:.0f})"
