"""Does the answer assert what its source says and then takes back?

A source corrects a figure, denies a rumour, leaves a point undecided. An answer that repeats the
figure, the rumour or the point as fact is worse than one that leaves it out: every word of it stands
in the source, so grounding finds nothing.
"""

import re
from typing import ClassVar, Literal

from pydantic import Field, TypeAdapter, ValidationError

from bench.scoring.facts import Together, normalised, places
from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.types import Item, Record, Score, Span

_SENTENCE_END = re.compile(r"[。！？!?；;\n]+")


class Trap(Record):
    """A statement that would mislead, the renderings that assert it, and the words that do not.

    A rendering counts only in a sentence without a word of `unless`: 网传停水一周不属实 denies it. With
    `scope: answer` a word of `unless` anywhere in the answer excuses it: the correction may follow.
    """

    id: str = Field(min_length=1)
    text: str = Field(min_length=1)
    any: list[str | Together] = Field(min_length=1)
    unless: list[str] = Field(default_factory=list)
    scope: Literal["sentence", "answer"] = "sentence"

    def is_blank(self) -> bool:
        """Whether a rendering or a denial has nothing to look for."""
        told = [
            part
            for each in self.any
            for part in (each.all if isinstance(each, Together) else [each])
        ]
        return not all(normalised(part) for part in (*told, *self.unless))

    def is_asserted(self, sentence: str, answer: str) -> bool:
        """Whether a normalised sentence of a normalised answer asserts it."""
        around = answer if self.scope == "answer" else sentence
        says = any(
            each.holds(sentence)
            if isinstance(each, Together)
            else bool(places(normalised(each), sentence))
            for each in self.any
        )
        return says and not any(normalised(word) in around for word in self.unless)


_TRAPS = TypeAdapter(list[Trap])


def sentences_of(text: str) -> list[tuple[str, str]]:
    """Every sentence of `text` as written and normalised, without empty ones."""
    return [(raw.strip(), plain) for raw in _SENTENCE_END.split(text) if (plain := normalised(raw))]


class Traps(Scorer):
    """`misled` when a sentence of the reply asserts one of the item's traps.

    The reference under `reference` is a list of `{id, text, any, unless}`: `any` holds the renderings,
    plain text or `{all: [...], within: characters}`, compared after `facts.normalised`. Words of
    `denials` excuse a sentence for every trap. `value` is the share of traps avoided.
    """

    labels: ClassVar[tuple[str, ...]] = ("clean", "misled", "empty")
    metrics: ClassVar[tuple[str, ...]] = ("hits",)

    field: str | None = None
    reference: str = "traps"
    denials: list[str] = Field(default_factory=list)
    misled_class: str = "misleading_claim"

    @property
    def error_classes(self) -> tuple[str, ...]:  # type: ignore[override]  # named by the suite
        """The one class of a misleading statement."""
        return (self.misled_class,)

    def _traps(self, item: Item) -> list[Trap]:
        return _TRAPS.validate_python(item.reference.get(self.reference, []))

    def problem(self, item: Item) -> str | None:
        """The shape of the list; an item may have no trap."""
        where = f"reference.{self.reference}"
        try:
            traps = self._traps(item)
        except ValidationError as error:
            first = error.errors()[0]
            at = ".".join(str(part) for part in first["loc"])
            return f"{where}{'.' if at else ''}{at}: {first['msg']}"
        ids = [trap.id for trap in traps]
        twice = next((each for each in ids if ids.count(each) > 1), None)
        if twice is not None:
            return f"{where}: the id '{twice}' stands twice"
        blank = next((trap.id for trap in traps if trap.is_blank()), None)
        return f"{where}: '{blank}' has nothing to look for" if blank is not None else None

    def expected(self, item: Item) -> str | None:
        """What must not be stated as fact."""
        traps = self._traps(item)
        return f"不得当作事实：{'；'.join(trap.text for trap in traps)}" if traps else None

    def score(self, item: Item, reading: Reading) -> Score:
        """Look for every trap in every sentence."""
        told = reading.part(self.field)
        if not told.strip():
            return Score(label="empty", value=0.0, reason="没有内容", metrics={"hits": 0.0})
        denials = [normalised(word) for word in self.denials]
        sentences = [
            (raw, plain)
            for raw, plain in sentences_of(told)
            if not any(word in plain for word in denials)
        ]
        whole = normalised(told)
        traps = self._traps(item)
        hits = [
            (trap, raw)
            for trap in traps
            for raw in [
                next((raw for raw, plain in sentences if trap.is_asserted(plain, whole)), None)
            ]
            if raw is not None
        ]
        metrics = {"hits": float(len(hits))}
        if not hits:
            return Score(label="clean", value=1.0, metrics=metrics)
        return Score(
            label="misled",
            value=1 - len(hits) / len(traps),
            extracted=hits[0][1][:120],
            reason=f"把原文已更正、否认或未定的内容当作事实：{'；'.join(trap.text for trap, _ in hits)}",
            error_class=self.misled_class,
            metrics=metrics,
            spans=tuple(
                Span(start=at, end=at + len(raw), holds=False, note=trap.text)
                for trap, raw in hits
                if (at := reading.text.find(raw)) >= 0
            ),
        )
