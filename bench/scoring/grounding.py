"""Does a reply say only what its source supports? The cheap and decisive half of faithfulness.

Numbers, dates, amounts, codes, titles, quotations, bodies and persons of a reply must be derivable
from its source. What is not checked: whether a supported number stands with the right subject,
negations, and claims without a number or a name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Self

from pydantic import Field, JsonValue, model_validator

from bench.scoring.names import NamedThing, is_named_in, names, plain
from bench.scoring.quantities import Quantity
from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.scoring.support import moments, sourced
from bench.types import Item, Score, Span

_CODE = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9]*(?:-[A-Za-z0-9]*\d|\d{3}))[A-Za-z]{1,8}(?:-?[A-Za-z0-9]++)++(?![.%])"
)
"""Contract, order and batch numbers: letters with a hyphen or at least three digits (not CO2, EF46%)."""
_ENUMERATOR = re.compile(
    r"(?:^|(?<=[\n。；;，,])|(?<=\D[：:]))[ \t]*[（(]?\d{1,2}(?:[)）、]|[.．](?!\d))"
)
_COUNTED_POINTS = re.compile(r"^个?(?:项|点|方面|类|大|步)")
_IDIOM = re.compile(r"第[一二三]$")
_IDIOM_REST = re.compile(r"^(?:[，、：,:是]|方|时间|责任|手|线|天)")
_MOST_POINTS = 10

_NUMBER_WORDS = {
    "ratio": "百分比",
    "pp": "百分点",
    "date": "日期",
    "year": "年份",
    "time": "时间",
    "ordinal": "序数",
    "CNY": "金额",
    "USD": "金额",
    "HKD": "金额",
    "EUR": "金额",
    "JPY": "金额",
    "GBP": "金额",
}
_NAME_WORDS = {
    "title": "文件名",
    "quotation": "引文",
    "body": "机构",
    "person": "人名",
    "listed": "名称",
}


MOST_CHARACTERS = 30_000
"""Characters of a reply that are checked; a summary has some hundreds."""


MOST_SPANS = 200
"""Spans that a score keeps."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something in a reply that its source must hold."""

    kind: str
    text: str
    start: int
    end: int
    is_number: bool
    is_supported: bool


def flattened(value: JsonValue) -> str:
    """The text of a nested value, keys included: a table's headings support its reader's words."""
    match value:
        case dict():
            return "\n".join(f"{key}：{flattened(each)}" for key, each in value.items())
        case list():
            return "\n".join(flattened(each) for each in value)
        case None:
            return ""
        case _:
            return str(value)


class Grounding(Scorer):
    """Grounded when every number and name of the reply is derivable from the source.

    `source` names one key or several of the item's input. `allow` holds patterns of what needs no
    support. `derived` accepts sums, differences and ratios of two source numbers of one unit.
    `names` is the key of a list in the reference: further names to look for in the reply, such as those
    of other documents. `support` is the key of another: what follows from the source and may be said
    though it does not stand there, such as a total that the writer was to add up. `value` is the share
    supported, None when there was nothing to check. Numbers take precedence in `error_class`.

    Of a reply beyond all bounds only the first `MOST_CHARACTERS` are looked at. Small counts of points (三项, 两点) and list numbers are the writer's own and are not checked.
    """

    labels: ClassVar[tuple[str, ...]] = ("grounded", "unsupported", "empty")
    metrics: ClassVar[tuple[str, ...]] = (
        "checked",
        "unsupported",
        "unsupported_numbers",
        "unsupported_names",
    )

    field: str | None = None
    source: str | list[str]
    names: str = "names"
    support: str = "support"
    allow: list[str] = Field(default_factory=list)
    derived: bool = True
    number_class: str = "unsupported_number"
    name_class: str = "unsupported_name"

    @model_validator(mode="after")
    def _patterns_compile(self) -> Self:
        for pattern in self.allow:
            try:
                _compiled(pattern)
            except re.error as error:
                raise ValueError(f"allow: '{pattern}' is no regular expression: {error}") from None
        return self

    @property
    def error_classes(self) -> tuple[str, ...]:  # type: ignore[override]  # named by the suite
        """The classes of numbers and of names without support."""
        return tuple(dict.fromkeys((self.number_class, self.name_class)))

    def _keys(self) -> list[str]:
        return [self.source] if isinstance(self.source, str) else self.source

    def _source(self, item: Item) -> str:
        return "\n".join(flattened(item.input.get(key)) for key in self._keys())

    def _supporting(self, item: Item) -> str:
        """Join the source and what the item says follows from it."""
        return "\n".join([self._source(item), *self._listed(item, self.support)])

    def _listed(self, item: Item, key: str) -> list[str]:
        told = item.reference.get(key)
        return [str(each) for each in told] if isinstance(told, list) else []

    def problem(self, item: Item) -> str | None:
        """The source must be there."""
        lacking = [key for key in self._keys() if key not in item.input]
        if lacking:
            return f"input.{lacking[0]}: the source is missing"
        return None if self._source(item).strip() else "the source is empty"

    def score(self, item: Item, reading: Reading) -> Score:
        """Look for every number and name of the reply in the source."""
        text = reading.part(self.field)[:MOST_CHARACTERS]
        if not text.strip():
            nothing = dict.fromkeys(self.metrics, 0.0)
            return Score(label="empty", reason="没有内容可核对", metrics=nothing)
        allowed = [mark.span() for each in self.allow for mark in _compiled(each).finditer(text)]
        told = [
            claim
            for claim in claims(
                text,
                self._supporting(item),
                self._listed(item, self.names),
                derived=self.derived,
            )
            if not any(claim.start < end and start < claim.end for start, end in allowed)
        ]
        score = self._judged(told)
        return score.model_copy(update={"spans": _spans(told, reading.offset(self.field))})

    def _judged(self, told: list[Claim]) -> Score:
        lacking = [claim for claim in told if not claim.is_supported]
        numbers = sum(claim.is_number for claim in lacking)
        metrics = {
            "checked": float(len(told)),
            "unsupported": float(len(lacking)),
            "unsupported_numbers": float(numbers),
            "unsupported_names": float(len(lacking) - numbers),
        }
        share = (len(told) - len(lacking)) / len(told) if told else None
        if not lacking:
            reason = f"{len(told)}处数字和名称均有原文依据" if told else "没有需要核对的数字和名称"
            return Score(label="grounded", value=share, reason=reason, metrics=metrics)
        shown = list(dict.fromkeys(f"{claim.kind}“{claim.text}”" for claim in lacking))
        return Score(
            label="unsupported",
            value=share,
            extracted="、".join(dict.fromkeys(claim.text for claim in lacking)),
            reason=f"原文中找不到依据：{'、'.join(shown)}",
            error_class=self.number_class if numbers else self.name_class,
            metrics=metrics,
        )


def _spans(told: list[Claim], offset: int) -> tuple[Span, ...]:
    """Where the reply says each number and name, in the order of the reply."""
    return tuple(
        Span(
            start=offset + each.start,
            end=offset + each.end,
            holds=each.is_supported,
            note=each.kind,
        )
        for each in sorted(told, key=lambda claim: claim.start)[:MOST_SPANS]
    )


def claims(text: str, source: str, listed: list[str], *, derived: bool = True) -> list[Claim]:
    """Every number and name of `text`, each with whether `source` supports it."""
    told = _plain_source(source)
    found = [
        Claim(
            kind=_NAME_WORDS[name.kind],
            text=name.text,
            start=name.start,
            end=name.end,
            is_number=False,
            is_supported=is_named_in(name, told),
        )
        for name in (*names(text), *_mentions(text, listed))
    ]
    codes = list(_CODE.finditer(text))
    found += [
        Claim(
            kind="编号",
            text=mark[0],
            start=mark.start(),
            end=mark.end(),
            is_number=True,
            is_supported=plain(mark[0]) in told,
        )
        for mark in codes
    ]
    return [*found, *_numbers(text, source, [mark.span() for mark in codes], derived=derived)]


def _numbers(
    text: str, source: str, codes: list[tuple[int, int]], *, derived: bool
) -> Iterator[Claim]:
    ours = sourced(source)
    letters = list(text)
    for start, end in (*codes, *(mark.span() for mark in _ENUMERATOR.finditer(text))):
        letters[start:end] = "　" * (end - start)
    blanked = "".join(letters)
    for quantity in moments(blanked):
        if _is_writers_own(blanked, quantity):
            continue
        yield Claim(
            kind=_NUMBER_WORDS.get(quantity.unit, "数字"),
            text=_shown(blanked, quantity),
            start=quantity.start,
            end=quantity.end,
            is_number=True,
            is_supported=ours.supports(quantity, blanked, derived=derived),
        )


def _is_writers_own(text: str, quantity: Quantity) -> bool:
    """三项措施, 第一，…: how a writer arranges the text, not a fact of the source."""
    after = text[quantity.end : quantity.end + 3]
    if quantity.unit == "ordinal":
        return bool(_IDIOM.search(quantity.text) and _IDIOM_REST.search(after))
    is_small = quantity.unit == "" and quantity.value <= _MOST_POINTS and quantity.scale == 1
    return is_small and bool(_COUNTED_POINTS.search(after))


def _shown(text: str, quantity: Quantity) -> str:
    """The quantity with its counter: 5人, not 5."""
    after = text[quantity.end : quantity.end + 1]
    counter = after if not quantity.unit and "\u4e00" <= after <= "\u9fff" else ""
    return quantity.text.strip() + counter


def _mentions(text: str, listed: list[str]) -> Iterator[NamedThing]:
    for name in listed:
        start = text.find(name) if name else -1
        if start >= 0:
            yield NamedThing("listed", name, start, start + len(name))


@lru_cache(maxsize=512)
def _plain_source(source: str) -> str:
    return plain(source)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
