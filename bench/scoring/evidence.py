"""Whether a reply says where its number stands in the source."""

import re
from typing import ClassVar

from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.types import Item, Score, Whole

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_IGNORED = re.compile(r"[\s,，、“”\"'‘’「」『』《》|*`]+")


def plain(text: str) -> str:
    """`text` without spaces, quotation marks, commas and table bars, in half width and lower case."""
    return _IGNORED.sub("", text.translate(_WIDE)).lower()


def _length(text: str) -> int:
    """Chinese characters; Latin letters and digits, which say less each, count a half."""
    wide = sum(not each.isascii() for each in text)
    return wide + (len(text) - wide) // 2


class Evidence(Scorer):
    """Right when the cited place names every operand; `value` is the share of operands named.

    Without a `field` the whole reply is looked at, as when a reply that declines must name what is missing.

    The reference is a list of groups, one an operand (a row, a column, a sentence); a group holds the
    key strings that are acceptable for it, any one of which is enough. An item without groups, or with
    nothing to cite because its answer is null, is `not_applicable`. A citation longer than
    `max_characters` points nowhere in particular, so it is at best `partial`.
    """

    labels: ClassVar[tuple[str, ...]] = ("right", "partial", "wrong", "missing", "not_applicable")
    error_classes: ClassVar[tuple[str, ...]] = ("evidence_missing", "evidence_wrong")

    field: str | None = None
    reference: str = "evidence"
    max_characters: Whole = 200

    def _groups(self, item: Item) -> list[list[str]]:
        told = item.reference.get(self.reference) or []
        assert isinstance(told, list)  # `problem` refuses anything else when the suite loads
        return [
            [str(key) for key in group] if isinstance(group, list) else [str(group)]
            for group in told
        ]

    def problem(self, item: Item) -> str | None:
        """A list of key strings or of lists of key strings, none of them empty."""
        told = item.reference.get(self.reference)
        if told is None:
            return None
        if not isinstance(told, list):
            return f"reference.{self.reference}: a list of groups of key strings is expected"
        if not all(group and all(map(plain, group)) for group in self._groups(item)):
            return f"reference.{self.reference}: a group needs at least one key string"
        return None

    def expected(self, item: Item) -> str | None:
        """The first key of every group."""
        return "、".join(group[0] for group in self._groups(item)) or None

    def score(self, item: Item, reading: Reading) -> Score:
        """Look for one key of every group in the cited place."""
        groups = self._groups(item)
        if not groups:
            return Score(label="not_applicable", reason="此题不需要数据出处")
        told = reading.part(self.field)
        if not told.strip():
            return Score(
                label="missing", value=0.0, reason="没有给出依据", error_class="evidence_missing"
            )
        cited = plain(told)
        absent = [group[0] for group in groups if not any(plain(key) in cited for key in group)]
        recall = 1 - len(absent) / len(groups)
        if len(absent) == len(groups):
            label, reason = "wrong", f"依据应指向{self.expected(item)}"
        elif absent:
            label, reason = "partial", f"依据缺少{'、'.join(absent)}"
        elif _length(told) > self.max_characters:
            label, reason = "partial", f"依据有{_length(told)}字，没有指明位置"
        else:
            return Score(label="right", value=1.0, extracted=told[:80])
        error_class = "evidence_wrong" if label == "wrong" else None
        return Score(
            label=label, value=recall, extracted=told[:80], reason=reason, error_class=error_class
        )
