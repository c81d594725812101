"""Every answer through every scorer of its suite; a scorer that raises is a typed failure, not a zero."""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import cast

from bench.errors import BenchError
from bench.scoring.reading import Reading, read
from bench.suites.load import Suite, load
from bench.types import Answer, Item, Score

_POOL_FROM = 400
"""Answers from which starting processes (a second) is worth it for heavy scorers."""


class ScorerError(BenchError):
    """A scorer raised instead of scoring."""


@dataclass(frozen=True, slots=True)
class Scored:
    """An answer and what the scorers say. `scores` is None for an answer that failed or could not be scored."""

    answer: Answer
    scores: Mapping[str, Score] | None
    trouble: str | None = None


def scored(suite: Suite, answers: Iterable[Answer]) -> Iterator[Scored]:
    """Score answers of one suite, in their order."""
    items = {item.id: item for item in suite.items}
    found = list(answers)
    if len(found) >= _POOL_FROM and any(scorer.is_heavy for scorer in suite.scorers.values()):
        yield from _in_processes(suite, found)
        return
    for answer in found:
        yield score_one(suite, items[answer.item], answer)


def score_one(suite: Suite, item: Item, answer: Answer) -> Scored:
    """One answer through every scorer. A failed answer is not scored."""
    if answer.state == "failed":
        return Scored(answer, None)
    reading = read(answer.text, suite.file.answer)
    try:
        return Scored(
            answer, {name: score_by(suite, name, item, reading) for name in suite.scorers}
        )
    except ScorerError as error:
        return Scored(answer, None, str(error))


def score_by(suite: Suite, name: str, item: Item, reading: Reading) -> Score:
    """What the scorer called `name` says. Raises ScorerError, its text naming the scorer, where it raises."""
    scorer = suite.scorers[name]
    try:
        return cast("Score", scorer.score(item, reading))
    except Exception as error:  # a scorer may be foreign code; its bug is a typed failure
        raise ScorerError(f"{name}: {type(error).__name__}: {error}"[:300]) from error


def _in_processes(suite: Suite, answers: list[Answer]) -> Iterator[Scored]:
    workers = min(os.cpu_count() or 1, 8)
    size = max(50, len(answers) // (workers * 4))
    chunks = [answers[start : start + size] for start in range(0, len(answers), size)]
    with ProcessPoolExecutor(
        workers, initializer=_remember, initargs=(str(suite.path), suite.vary)
    ) as pool:
        for part in pool.map(_score_chunk, chunks):
            yield from part


_suite: list[Suite] = []


def _remember(path: str, vary: int | None) -> None:
    _suite[:] = [load(path, vary)]


def _score_chunk(answers: list[Answer]) -> list[Scored]:
    suite = _suite[0]
    items = {item.id: item for item in suite.items}
    return [score_one(suite, items[answer.item], answer) for answer in answers]
