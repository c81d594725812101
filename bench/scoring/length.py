"""Is a reply as long as its reader asked for?"""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.types import Item, Score, Whole


def characters(text: str) -> int:
    """Characters without white space, punctuation counted: what an office means by 字数.

    >>> characters("净利 3.5%，增长。")
    10
    """
    return sum(1 for each in text if not each.isspace())


class Length(Scorer):
    """Within when the reply has between `min_chars` and `max_chars` characters.

    A limit is a number, or a key of the item's reference where every item has its own. `value` is 1
    within the limits and the share of the limit's keeping outside. Metric `ratio` is the length over
    the upper limit (over the lower where that is the only one).
    """

    labels: ClassVar[tuple[str, ...]] = ("within", "over", "under", "empty")
    metrics: ClassVar[tuple[str, ...]] = ("chars", "ratio")

    field: str | None = None
    max_chars: Whole | str | None = Field(default=None)
    min_chars: Whole | str | None = Field(default=None)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.max_chars is None and self.min_chars is None:
            raise ValueError("needs max_chars or min_chars")
        for limit in (self.max_chars, self.min_chars):
            if isinstance(limit, int) and limit < 1:
                raise ValueError(f"a limit of {limit} characters; at least 1 is expected")
        return self

    def _limits(self, item: Item) -> tuple[int | None, int | None]:
        return _limit(self.min_chars, item), _limit(self.max_chars, item)

    def problem(self, item: Item) -> str | None:
        """A limit that an item sets for itself must be a whole number, and the two must agree."""
        for limit in (self.max_chars, self.min_chars):
            told = item.reference.get(limit) if isinstance(limit, str) else 1
            if not isinstance(told, int) or isinstance(told, bool) or told < 1:
                return f"reference.{limit}: a whole number of characters is expected"
        low, high = self._limits(item)
        if low is not None and high is not None and low > high:
            return f"at least {low} characters cannot be at most {high}"
        return None

    def expected(self, item: Item) -> str:
        """The limits in words."""
        low, high = self._limits(item)
        if low is None:
            return f"不超过{high}字"
        return f"不少于{low}字" if high is None else f"{low}至{high}字"

    def score(self, item: Item, reading: Reading) -> Score:
        """Count the characters."""
        count = characters(reading.part(self.field))
        low, high = self._limits(item)
        metrics = {"chars": float(count), "ratio": count / (high or low or 1)}
        if not count:
            return Score(label="empty", value=0.0, reason="没有内容", metrics=metrics)
        told = f"{count}字"
        if high is not None and count > high:
            reason = f"要求{self.expected(item)}，超出{count - high}字"
            return Score(
                label="over", value=high / count, extracted=told, reason=reason, metrics=metrics
            )
        if low is not None and count < low:
            reason = f"要求{self.expected(item)}，还差{low - count}字"
            return Score(
                label="under", value=count / low, extracted=told, reason=reason, metrics=metrics
            )
        reason = f"符合要求（{self.expected(item)}）"
        return Score(label="within", value=1.0, extracted=told, reason=reason, metrics=metrics)


def _limit(limit: int | str | None, item: Item) -> int | None:
    if not isinstance(limit, str):
        return limit
    told = item.reference.get(limit)
    assert isinstance(told, int), "problem() has refused such an item"
    return told
