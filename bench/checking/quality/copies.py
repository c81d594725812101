"""Items that nearly repeat each other, and examples or prompts that give a scored item away."""

import heapq
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from bench.checking.quality.finding import Finding
from bench.suites.data_model import DataItems
from bench.suites.load import Suite
from bench.suites.texts import texts
from bench.types import Example, Item

NEAR = 0.8
"""Jaccard similarity of character 5-grams from which two inputs count as near-duplicates."""
LEAK = 0.5
"""The same between a solved example and a scored item."""
_SIZE = 5
_QUESTION = 400
"""Characters up to which an input is a question, not a source."""
_SPACE = re.compile(r"\s+")
_SECRET = 12
"""Characters from which a text of a reference is no mere word of the trade."""
_SKETCH = 64
_COMMON = 40
"""A gram in more items than that (a heading, a shared table) proposes no pair."""


def copies(suite: Suite) -> Iterator[Finding]:
    """Near-duplicates among items. Twins that are meant to differ in a word or two are told apart by a tag.

    An exact copy is a mistake in items that were written for the suite; data that was found may hold it.
    """
    is_found = isinstance(suite.file.items, DataItems)
    grams = {item.id: _grams(item) for item in suite.items}
    items = {item.id: item for item in suite.items}
    for one, other in sorted(_candidates(grams)):
        same = _similarity(grams[one], grams[other])
        if same < NEAR or _are_meant(items[one], items[other]):
            continue
        yield Finding(
            "wrong" if same == 1 and not is_found else "note",
            "near-duplicates",
            f"'{one}' and '{other}' share {same:.0%} of their text"
            + _contradiction(items[one], items[other], same),
        )


def _contradiction(one: Item, other: Item, same: float) -> str:
    """What makes two copies worse: one question with two answers."""
    if same < 1 or one.input != other.input or one.reference == other.reference:
        return ""
    return ", and what is right for one is wrong for the other"


def leaks(suite: Suite) -> Iterator[Finding]:
    """Solved examples that are close to a scored item, and references that a prompt gives away."""
    grams = {item.id: _grams(item) for item in suite.items}
    for example in suite.examples:
        own = _grams(example)
        for name, held in grams.items():
            same = _similarity(own, held)
            if same >= LEAK:
                text = f"the example '{example.id}' shares {same:.0%} of its text with the item '{name}'"
                yield Finding("wrong", "leakage", text)
    shown = suite.file.prompt.system + suite.file.prompt.user
    for item in suite.items:
        for secret in texts(item.reference):
            if len(secret) >= _SECRET and secret in shown:
                text = f"the prompt holds a reference of '{item.id}': {secret[:30]!r}"
                yield Finding("wrong", "leakage", text)


def _grams(case: Item | Example) -> frozenset[str]:
    text = _SPACE.sub("", "".join(texts(case.input)))
    return frozenset(text[at : at + _SIZE] for at in range(max(1, len(text) - _SIZE + 1)))


def _hashed(gram: str) -> int:
    return zlib.crc32(gram.encode())  # the same in every process, unlike hash()


def _similarity(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def _candidates(grams: dict[str, frozenset[str]]) -> set[tuple[str, str]]:
    """Pairs that share a gram which few items have, among the grams of each item whose hashes are smallest.

    Near-duplicates have nearly the same smallest hashes (Broder 1997, "On the resemblance and containment of
    documents"), so that a large suite need not be compared gram by gram.
    """
    where: dict[str, list[str]] = defaultdict(list)
    for name, held in grams.items():
        for gram in heapq.nsmallest(_SKETCH, held, key=_hashed):
            where[gram].append(name)
    whole: dict[frozenset[str], list[str]] = defaultdict(list)
    for name, held in grams.items():
        whole[held].append(name)
    pairs = {(a, b) for names in whole.values() for a, b in pairwise(names)}
    for names in where.values():
        if 1 < len(names) <= _COMMON:
            pairs |= {(a, b) for at, a in enumerate(names) for b in names[at + 1 :]}
    return pairs


def _are_meant(one: Item, other: Item) -> bool:
    """Items of one cluster that ask different things of one source, or are counterfactual twins by their tags."""
    if one.cluster != other.cluster:
        return False
    asked = [
        {key: value for key, value in each.input.items() if len(str(value)) <= _QUESTION}
        for each in (one, other)
    ]
    return asked[0] != asked[1] or any(
        "counterfactual" in each.tags.values() for each in (one, other)
    )
