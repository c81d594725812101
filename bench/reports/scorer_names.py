"""Scorers and their metrics in the reader's words."""

from bench.types import Language
from bench.wording.catalogue import has, say
from bench.wording.plain import plain


def scorer_title(language: Language, code: str) -> str:
    """`number.value` as a reader says it; the code itself where the catalogue lacks any part of it.

    >>> scorer_title("en", "number.value"), scorer_title("en", "number.has_unit"), scorer_title("en", "mine.value")
    ('number', 'number: unit given', 'mine.value')
    """
    scorer, _, metric = code.partition(".")
    if not has(f"scorer_title.{scorer}"):
        return plain(code)
    title = say(language, f"scorer_title.{scorer}")
    if metric in ("", "value"):
        return title
    if not has(f"scorer_metric.{metric}"):
        return plain(code)
    told = say(language, f"scorer_metric.{metric}")
    return say(language, "scorer.titled", scorer=title, metric=told)
