"""The plainest scorer: the reply is the reference, give or take spaces, width and case."""

import unicodedata
from typing import ClassVar

from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.types import Item, Score


def normal(text: str) -> str:
    """NFKC, case folded, runs of spaces made one, a final full stop dropped."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip("。.")


class Exact(Scorer):
    """Right when the reply equals the reference (one text, or any of a list) after `normal`."""

    labels: ClassVar[tuple[str, ...]] = ("right", "wrong", "empty")

    field: str | None = None
    reference: str = "answer"
    wrong_class: str = "wrong_answer"

    @property
    def error_classes(self) -> tuple[str, ...]:  # type: ignore[override]  # named by the suite
        """The one class of a wrong answer."""
        return (self.wrong_class,)

    def _accepted(self, item: Item) -> list[str]:
        told = item.reference.get(self.reference)
        return [str(each) for each in told] if isinstance(told, list) else [str(told)]

    def problem(self, item: Item) -> str | None:
        """There must be a reference."""
        told = item.reference.get(self.reference)
        return None if told not in (None, "", []) else f"reference.{self.reference} is missing"

    def expected(self, item: Item) -> str:
        """The accepted texts."""
        return "；".join(self._accepted(item))

    def score(self, item: Item, reading: Reading) -> Score:
        """Compare."""
        told = normal(reading.part(self.field))
        if not told:
            return Score(label="empty", reason="没有作答")
        if told in {normal(each) for each in self._accepted(item)}:
            return Score(label="right", value=1.0, extracted=told[:80])
        return Score(
            label="wrong",
            value=0.0,
            extracted=told[:80],
            reason=f"应为{self.expected(item)}",
            error_class=self.wrong_class,
        )
