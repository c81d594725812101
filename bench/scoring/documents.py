"""A drafted 公文 as the receiving office sees it: would it be returned, mended or issued."""

from collections.abc import Callable, Iterator
from typing import ClassVar

from pydantic import Field, ValidationError

from bench.scoring import document_form as form
from bench.scoring import document_routing as routing
from bench.scoring.document_parts import parsed
from bench.scoring.document_routing import Draft
from bench.scoring.document_rules import RETURNING, RULES, Brief, Defect, Severity, Strictness
from bench.scoring.facts import normalised
from bench.scoring.reading import Reading
from bench.scoring.scorer import Scorer
from bench.types import Item, Number, Record, Score, Whole

CHECKS: tuple[Callable[[Draft], Iterator[Defect]], ...] = (
    routing.kind,
    routing.addressees,
    routing.signer,
    routing.copies,
    routing.request,
    routing.tone,
    routing.basis,
    routing.own_number,
    routing.secrecy,
    routing.statements,
    form.title,
    form.addressee_line,
    form.numbers,
    form.dates,
    form.numbering,
    form.attachments,
    form.copy_line,
    form.gaps,
    form.wording,
)


class Minutes(Record):
    """What mending one defect of each severity takes. Nobody mends S1: such a draft is done again."""

    s1: Number = 0.0
    s2: Number = 10.0
    s3: Number = 1.0


class OfficialDocument(Scorer):
    """Whether a draft would be returned (any S1), reworked (S2, or many S3) or issued.

    What the brief settles stands in the reference under `reference`. `rules` sets the strictness of a
    rule by name: off, W (S3 at most) or H (its own severity). An answer is `minor` with at most
    `s3_allowed` defects S3. The value falls by 0.25 for each S2 and 0.05 for each S3; a returned draft
    is worth nothing. The metric `minutes` is the time to mend S2 and S3; one metric for each rule that
    returns a draft counts its breaches, whatever its strictness here.
    """

    labels: ClassVar[tuple[str, ...]] = ("clean", "minor", "rework", "returned", "empty")
    metrics: ClassVar[tuple[str, ...]] = ("s1", "s2", "s3", "minutes", *RETURNING)

    field: str | None = None
    reference: str = "document"
    rules: dict[str, Strictness] = Field(default_factory=dict)
    s3_allowed: Whole = 3
    minutes: Minutes = Minutes()
    max_characters: Whole = 2000

    @property
    def error_classes(self) -> tuple[str, ...]:  # type: ignore[override]  # the rules' strictness decides
        """The rules whose breach returns a draft."""
        return tuple(name for name in RULES if self._severity(name) == "S1")

    def _severity(self, rule: str) -> Severity | None:
        strictness = self.rules.get(rule, RULES[rule].strictness)
        if strictness == "off":
            return None
        return RULES[rule].severity if strictness == "H" else "S3"

    def problem(self, item: Item) -> str | None:
        """The brief's shape, its kind, and the names of the rules that the suite sets."""
        unknown = next((name for name in self.rules if name not in RULES), None)
        if unknown is not None:
            return f"rules: no rule is called '{unknown}'"
        try:
            brief = self._brief(item)
        except ValidationError as error:
            first = error.errors()[0]
            at = ".".join(str(part) for part in (self.reference, *first["loc"]))
            return f"reference.{at}: {first['msg']}"
        if routing.unknown_kind(brief.kind):
            return f"reference.{self.reference}.kind: '{brief.kind}' is none of the fifteen kinds"
        return None

    def _brief(self, item: Item) -> Brief:
        return Brief.model_validate(item.reference.get(self.reference))

    def expected(self, item: Item) -> str:
        """The kind, from whom and to whom."""
        brief = self._brief(item)
        to = "、".join(forms[0] for forms in brief.addressee_forms())
        return f"{brief.issuer[0]}的{brief.kind}" + (f"，主送{to}" if to else "")

    def score(self, item: Item, reading: Reading) -> Score:
        """Look for every defect."""
        text = reading.part(self.field)
        document = parsed(text)
        if not document.is_document:
            metrics = dict.fromkeys(self.metrics, 0.0)
            return Score(label="empty", value=0.0, reason="不成公文", metrics=metrics)
        brief = self._brief(item)
        told = _told(item.input)
        draft = Draft(document, brief, normalised(told), told)
        defects = [defect for check in CHECKS for defect in check(draft)]
        limit = brief.max_characters or self.max_characters
        length = len("".join(document.text.split()))
        if length > limit:
            defects.append(Defect("too_long", f"全文{length}字，超过{limit}字"))
        return self._judged(defects, document.title.text if document.title else None)

    def _judged(self, defects: list[Defect], title: str | None) -> Score:
        ranks = list(RULES)
        graded = sorted(
            ((grade, each) for each in defects if (grade := self._severity(each.rule)) is not None),
            key=lambda pair: (pair[0], ranks.index(pair[1].rule)),
        )
        counts = {name: sum(grade == name for grade, _ in graded) for name in ("S1", "S2", "S3")}
        label = self._label(counts)
        value = max(0.0, 1 - 0.25 * counts["S2"] - 0.05 * counts["S3"])
        told = [f"[{grade}]{each.told}（{RULES[each.rule].source}）" for grade, each in graded]
        return Score(
            label=label,
            value=0.0 if counts["S1"] else value,
            extracted=title,
            reason="；".join(told[:8]) + (f"；另有{len(told) - 8}处" if len(told) > 8 else ""),
            error_class=graded[0][1].rule if counts["S1"] else None,
            metrics={
                **{name.lower(): float(count) for name, count in counts.items()},
                "minutes": counts["S2"] * self.minutes.s2 + counts["S3"] * self.minutes.s3,
                **{name: float(sum(each.rule == name for each in defects)) for name in RETURNING},
            },
        )

    def _label(self, counts: dict[str, int]) -> str:
        if counts["S1"]:
            return "returned"
        if counts["S2"] or counts["S3"] > self.s3_allowed:
            return "rework"
        return "minor" if counts["S3"] else "clean"


def _told(value: object) -> str:
    """Everything that a brief says, as one text."""
    match value:
        case dict():
            return "\n".join(_told(each) for each in value.values())
        case list() | tuple():
            return "\n".join(_told(each) for each in value)
        case _:
            return str(value)
