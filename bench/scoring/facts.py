"""Does the answer say what it had to say? A list of facts, each with the renderings that count.

Text is compared after `normalised`: width, spaces, thousands separators, quotation marks, brackets and
dashes no longer differ. A rendering that begins or ends with a digit is never found inside a longer
number: `5万元` is not in `15万元`, `3` is not in `3.5`.
"""

import re
import unicodedata
from functools import lru_cache
from typing import ClassVar, Literal

from pydantic import Field, TypeAdapter, ValidationError

from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.types import Item, Number, Record, Score, Whole

Weight = Literal["must", "should", "nice"]

_ENUMERATOR = re.compile(r"(?m)^[^\S\n]*+\d{1,2}[.、](?:\s+|(?!\d)|(?=\d{1,2}月))")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_LEADING_ZERO = re.compile(r"(?<!\d)0(?=\d[月日])")
_NUMBER_BEFORE = re.compile(r"\d\.?$")
_NUMBER_AFTER = re.compile(r"\.?\d")
_DROPPED = re.compile(r"[\s*`#\u200b-\u200f\u2060\ufeff]+")
_SAME = str.maketrans(
    {
        **dict.fromkeys("、;；", ","),
        **dict.fromkeys("“”„「」『』", '"'),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("〔【〖", "["),
        **dict.fromkeys("〕】〗", "]"),
        **dict.fromkeys("—–―−~〜─", "-"),
        **dict.fromkeys("•‧・", "·"),
    }
)


def normalised(text: str) -> str:
    """`text` for comparing: one width and case, no spaces, Markdown marks or line numbers.

    >>> normalised("1. 3月05日，共 １，２００ 元（“甲”）") == normalised('3月5日,共1200元("甲")')
    True
    """
    plain = _THOUSANDS.sub("", unicodedata.normalize("NFKC", text))
    plain = _DROPPED.sub("", _ENUMERATOR.sub("", plain))
    return _LEADING_ZERO.sub("", plain).casefold().translate(_SAME)


@lru_cache(maxsize=8192)
def _rendering(text: str) -> str:
    return normalised(text)


def _cuts_a_number(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` begins or ends inside a longer number."""
    if text[start].isdigit() and _NUMBER_BEFORE.search(text[max(0, start - 2) : start]):
        return True
    return text[end - 1].isdigit() and _NUMBER_AFTER.match(text[end : end + 2]) is not None


def places(rendering: str, text: str) -> list[int]:
    """Where `rendering` stands in a normalised text, whole numbers only."""
    found: list[int] = []
    start = text.find(rendering)
    while start >= 0:
        if not _cuts_a_number(text, start, start + len(rendering)):
            found.append(start)
        start = text.find(rendering, start + 1)
    return found


class Together(Record):
    """Parts that must all occur; with `within`, inside a stretch of that many characters."""

    all: list[str] = Field(min_length=1)
    within: Whole | None = Field(default=None, gt=0)

    def holds(self, text: str) -> bool:
        """Whether a normalised text says all parts."""
        parts = [_rendering(part) for part in self.all]
        if self.within is None:
            return all(places(part, text) for part in parts)
        found = [places(part, text) for part in parts]
        marks = sorted((at, part) for part, several in enumerate(found) for at in several)
        last: dict[int, int] = {}
        for at, part in marks:
            last[part] = at
            if len(last) == len(parts):
                ends = max(place + len(parts[each]) for each, place in last.items())
                if ends - min(last.values()) <= self.within:
                    return True
        return False


class Fact(Record):
    """One thing to say, and the renderings any of which says it. No `any`: the text itself."""

    id: str = Field(min_length=1)
    text: str = Field(min_length=1)
    any: list[str | Together] = Field(default_factory=list)
    weight: Weight = "must"

    def renderings(self) -> list[str | Together]:
        """What counts as saying it."""
        return self.any or [self.text]

    def is_said(self, text: str) -> bool:
        """Whether a normalised text says it."""
        return any(
            each.holds(text) if isinstance(each, Together) else bool(places(_rendering(each), text))
            for each in self.renderings()
        )

    def is_blank(self) -> bool:
        """Whether a rendering has nothing to look for."""
        told = [
            part
            for each in self.renderings()
            for part in (each.all if isinstance(each, Together) else [each])
        ]
        return not all(_rendering(part) for part in told)


_FACTS = TypeAdapter(list[Fact])


class FactCoverage(Scorer):
    """Which of the item's facts the answer says.

    The reference under `reference` is a list of `{id, text, any, weight}`: `any` holds the renderings
    that count, plain text or `{all: [...], within: characters}`; `weight` is must (default), should
    or nice. The value is the weighted share said, the metric `recall` the plain share. `complete` lacks no must and no should; `missing_class` names an
    answer that lacks a must.
    """

    labels: ClassVar[tuple[str, ...]] = ("complete", "must_complete", "incomplete", "empty")
    metrics: ClassVar[tuple[str, ...]] = ("must_missing", "should_missing", "recall")

    field: str | None = None
    reference: str = "facts"
    weights: dict[Weight, Number] = Field(default={"must": 3.0, "should": 2.0, "nice": 1.0})
    missing_class: str = "missing_fact"

    @property
    def error_classes(self) -> tuple[str, ...]:  # type: ignore[override]  # named by the suite
        """The class of an answer that lacks a must."""
        return (self.missing_class,)

    def _facts(self, item: Item) -> list[Fact]:
        return _FACTS.validate_python(item.reference.get(self.reference))

    def problem(self, item: Item) -> str | None:
        """The shape of the list: ids that differ, renderings with something to look for, a must."""
        where = f"reference.{self.reference}"
        try:
            facts = self._facts(item)
        except ValidationError as error:
            first = error.errors()[0]
            at = ".".join(str(part) for part in first["loc"])
            return f"{where}{'.' if at else ''}{at}: {first['msg']}"
        ids = [fact.id for fact in facts]
        twice = next((each for each in ids if ids.count(each) > 1), None)
        blank = next((fact.id for fact in facts if fact.is_blank()), None)
        if twice is not None:
            return f"{where}: the id '{twice}' stands twice"
        if blank is not None:
            return f"{where}: '{blank}' has a rendering with nothing to look for"
        if not any(fact.weight == "must" for fact in facts):
            return f"{where}: at least one fact must weigh must"
        return None

    def expected(self, item: Item) -> str:
        """The facts that an answer must say."""
        return "；".join(fact.text for fact in self._facts(item) if fact.weight == "must")

    def score(self, item: Item, reading: Reading) -> Score:
        """Look for every fact."""
        facts = self._facts(item)
        text = normalised(reading.part(self.field))
        said = [fact for fact in facts if fact.is_said(text)]
        lacking = {
            weight: [fact.text for fact in facts if fact not in said and fact.weight == weight]
            for weight in ("must", "should", "nice")
        }
        metrics = {
            "must_missing": float(len(lacking["must"])),
            "should_missing": float(len(lacking["should"])),
            "recall": len(said) / len(facts),
        }
        if not text:
            return Score(label="empty", value=0.0, reason="没有内容", metrics=metrics)
        whole = sum(self._weight(fact) for fact in facts)
        share = sum(self._weight(fact) for fact in said) / whole if whole else 0.0
        return Score(
            label=_label(lacking["must"], lacking["should"]),
            value=min(1.0, share),
            extracted=f"写到{len(said)}/{len(facts)}项",
            reason=_reason(lacking),
            error_class=self.missing_class if lacking["must"] else None,
            metrics=metrics,
        )

    def _weight(self, fact: Fact) -> float:
        return self.weights.get(fact.weight, 0.0)


def _label(must: list[str], should: list[str]) -> str:
    if must:
        return "incomplete"
    return "must_complete" if should else "complete"


def _reason(lacking: dict[str, list[str]]) -> str:
    parts = [
        f"{said}{'；'.join(lacking[weight])}"
        for weight, said in (("must", "缺少必写内容："), ("should", "缺少应写内容："))
        if lacking[weight]
    ]
    return "。".join(parts)
