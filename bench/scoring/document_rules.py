"""The rules that a drafted official document is held to: how grave, how strict, and by which clause.

条例 is 《党政机关公文处理工作条例》 (中办发〔2012〕14号, in force 2012-07-01), 格式 is GB/T 9704—2012.
Whatever either text qualifies with 一般, 原则上 or 可以 never returns a document here, unless the
brief itself settles the fact. Numbers, dates and signers are filled in at signature (条例 art. 25):
blanks there are right, invented values are not.
"""

from typing import Literal, NamedTuple

from pydantic import Field

from bench.scoring.traps import Trap
from bench.types import Record, Whole

Severity = Literal["S1", "S2", "S3"]
Strictness = Literal["off", "W", "H"]
Direction = Literal["up", "level", "down", "public"]


class Rule(NamedTuple):
    """`severity` holds at strictness H; at W a breach is S3 at most; off is not looked at."""

    severity: Severity
    source: str
    strictness: Strictness = "H"


RULES: dict[str, Rule] = {
    "wrong_kind": Rule("S1", "条例第八条、第二十四条"),
    "wrong_direction": Rule("S1", "条例第十四条至第十六条"),
    "addressed_to_person": Rule("S1", "条例第十五条第五项"),
    "inner_unit_issues": Rule("S1", "条例第十七条"),
    "request_in_report": Rule("S1", "条例第十五条第四项"),
    "fabricated_basis": Rule("S1", "条例第二十条第一项"),
    "uninvited_secrecy_mark": Rule("S1", "保守国家秘密法第二十二条"),
    "forbidden_statement": Rule("S1", "条例第十九条"),
    "invented_number": Rule("S1", "条例第二十五条第二项"),
    "invented_date": Rule("S2", "条例第九条第十二项"),
    "no_title": Rule("S2", "条例第九条第七项"),
    "several_addressees": Rule("S2", "条例第十五条第一项"),
    "copies_subordinate": Rule("S2", "条例第十五条第一项"),
    "no_request": Rule("S2", "条例第八条"),
    "wrong_tone": Rule("S2", "条例第十九条第四项"),
    "unlisted_basis": Rule("S2", "条例第二十条第一项"),
    "not_asked": Rule("S2", "条例第二十条"),
    "placeholder_left": Rule("S2", "条例第二十条"),
    "register": Rule("S2", "条例第十九条"),
    "repeated": Rule("S2", "条例第十九条"),
    "title_form": Rule("S3", "条例第九条第七项", "W"),
    "addressee_missing": Rule("S3", "条例第九条第八项", "W"),
    "addressee_differs": Rule("S3", "条例第九条第八项", "W"),
    "addressee_colon": Rule("S3", "格式7.3.2"),
    "signature_missing": Rule("S3", "条例第九条第十一项", "W"),
    "number_form": Rule("S3", "格式7.2.5"),
    "date_form": Rule("S3", "格式7.3.5.4"),
    "date_missing": Rule("S3", "条例第九条第十二项", "W"),
    "numbering": Rule("S3", "格式7.3.3", "W"),
    "numbering_skip": Rule("S3", "格式7.3.3", "off"),
    "attachment_punctuation": Rule("S3", "格式7.3.4"),
    "copy_full_stop": Rule("S3", "格式7.4.2"),
    "colloquial": Rule("S3", "条例第十九条", "W"),
    "markdown": Rule("S3", "格式第7章", "W"),
    "labels": Rule("S3", "格式第7章", "W"),
    "chatter": Rule("S3", "条例第十九条", "W"),
    "too_long": Rule("S3", "为基层减负若干规定（2024）", "W"),
}
"""Gravest first: the first S1 found names the error class of a returned document."""

RETURNING = tuple(name for name, rule in RULES.items() if rule.severity == "S1")
"""The rules whose breach returns a document."""


class Defect(NamedTuple):
    """One breach of a rule, in words for the person who mends it."""

    rule: str
    told: str


class Authority(Record):
    """A document that the draft may cite; `number` is None for one that is cited by title alone."""

    title: str = Field(min_length=1)
    number: str | None = None


class Ask(Record):
    """A fact that the brief lacks: the draft must leave a marked gap or ask, near one of the words."""

    text: str
    near: list[str] = Field(min_length=1)


class Brief(Record):
    """What the brief settles, so that a program can tell right from wrong.

    `issuer` is the name and its other lawful forms; each addressee is a name or a list of its forms.
    `date` is None unless the brief gives it. `inner_units` may draft but not issue. `forbidden` must not
    be stated; a sentence with one of its `unless` words takes it back.
    Upward papers may not be copied to `subordinates`.
    """

    kind: str
    direction: Direction
    issuer: list[str] = Field(min_length=1)
    addressees: list[str | list[str]] = Field(default_factory=list)
    authorities: list[Authority] = Field(default_factory=list)
    date: str | None = None
    subordinates: list[str] = Field(default_factory=list)
    inner_units: list[str] = Field(default_factory=list)
    forbidden: list[Trap] = Field(default_factory=list)
    asks: list[Ask] = Field(default_factory=list)
    max_characters: Whole | None = None

    def addressee_forms(self) -> list[list[str]]:
        """Every addressee as the list of its forms."""
        return [[each] if isinstance(each, str) else each for each in self.addressees]
