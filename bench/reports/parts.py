"""What a report is made of, whatever its format: finished text in one language, and shapes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from bench.reports.charts import Chart, Dots, Stack
from bench.types import Decision, Language

Tone = Literal["", "good", "open", "bad", "quiet"]
GateState = Literal["held", "open", "broken", "none"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a text, a smaller line beneath, a chip for what nobody vouches for, a small chart."""

    text: str
    note: str = ""
    chip: str = ""
    tone: Tone = ""
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; numbers stand to the right."""

    text: str
    note: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column names its rows."""

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: a Vega-Lite specification, what it shows in one sentence, and the same as a table."""

    spec: Mapping[str, JsonValue]
    alt: str
    table: Table


@dataclass(frozen=True, slots=True)
class Part:
    """What one section says of one suite.

    `folded` tables open on demand; so do `tables` where figures stand for them, but for the first `kept_open`. Paper
    shows what stands open, and of the method all.
    """

    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    kept_open: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A section behind page one. Its heading is its finding.

    `component` names what the HTML page's script draws into it; other formats leave it to the sentences.
    """

    key: str
    nav: str
    heading: str
    lead: tuple[str, ...]
    parts: tuple[Part, ...]
    component: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate that decides about a candidate, in words, and how many of all are held."""

    state: GateState
    word: str
    title: str
    detail: str
    count: str
    fraction: str


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate in the comparison."""

    name: str
    key: str
    """The candidate's whole name, for links to its answers."""
    basis: str
    """Items, coverage and failures, in words: never far from the numbers that rest on them."""
    decision: Decision
    verdict: str
    mean: str
    range: str
    month: str
    chance: str
    outcomes: tuple[str, ...]
    gate: Gate
    coverage: str
    answered: str
    recommended: bool
    doubt: str
    dots: Dots | None
    stack: Stack | None

    @property
    def outcome_line(self) -> str:
        """The four shares in one line."""
        return " / ".join(self.outcomes)


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A candidate that the data policy kept from a suite, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Today:
    """The way without any candidate: a row of the comparison and the zero of its values."""

    name: str
    zero: str
    effort: str
    errors: str
    limits: str
    axis: Chart | None


@dataclass(frozen=True, slots=True)
class Block:
    """A verdict at a glance."""

    money: str
    unit: str
    range: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class SuiteView:
    """One suite on page one. `evidence` is its name as the run has it where answers can be browsed."""

    key: str
    evidence: str | None
    title: str
    about: str
    basis: str
    decision: Decision
    verdict: str
    sentence: str
    headline: str
    """The metric that heads the report in the suite's own words; empty where it is the value per case."""
    reasons: tuple[str, ...]
    block: Block
    value_head: str
    mean_head: str
    month_head: str
    rows: tuple[Row, ...]
    more: tuple[Row, ...]
    more_text: str
    refused: tuple[NotAsked, ...]
    today: Today
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A short note at the foot of page one."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report in one language."""

    language: Language
    title: str
    facts: tuple[str, ...]
    warnings: tuple[str, ...]
    headline: tuple[str, ...]
    lede: str
    suites: tuple[SuiteView, ...]
    notes: tuple[Note, ...]
    sections: tuple[Section, ...]
