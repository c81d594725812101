"""How hard each item is to read: length, sentence length, density of numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.suites.load import Suite
from bench.suites.texts import texts
from bench.types import Item

_SENTENCE = re.compile(r"(?:[^。！？!?；;\n.]|\.(?!\s|$))+")
_WORD = re.compile(r"[\u3400-\u9fff]|[A-Za-z]+|\d+(?:[.,]\d+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*|[〇零一二三四五六七八九十百千万亿两]{2,}")
PERCENTILES = (10, 50, 90)
"""Of items, by each measure."""


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


def spread(suite: Suite) -> dict[str, tuple[float, float, float]]:
    """Measure -> its percentiles over the items."""
    found = [reading(item) for item in suite.items]
    measures: dict[str, list[float]] = {
        "words": [each.words for each in found],
        "words_a_sentence": [each.words_a_sentence for each in found],
        "numbers_per_100_words": [each.numbers_per_100 for each in found],
    }
    return {name: _percentiles(values) for name, values in measures.items()}


def _percentiles(values: Sequence[float]) -> tuple[float, float, float]:
    low, middle, high = (float(each) for each in np.percentile(values, PERCENTILES))
    return low, middle, high
