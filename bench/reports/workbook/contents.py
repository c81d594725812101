"""What all sheets of a workbook share: the judged run, page one in words, and the order of the suites."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.reports.parts import Page, SuiteView
from bench.reports.phrases import Speech, Words, sure
from bench.reports.view import view
from bench.reports.workbook.typed import Cells, Column, Line, Row, Sheet, text
from bench.types import Language
from bench.value.candidate_summary import CandidateSummary
from bench.value.judged import Judged
from bench.wording.columns import width
from bench.wording.numbers import Money
from bench.wording.plain import plain

_NARROWEST, _WIDEST = 16.0, 34.0


@dataclass(frozen=True, slots=True)
class Contents(Speech):
    """`currencies` of all suites; with only one of them heads name it, otherwise every cell does."""

    judged: Judged
    page: Page
    suites: tuple[tuple[Words, SuiteView], ...]
    currencies: tuple[str, ...]

    def unit(self) -> str:
        """The money of this workbook, for heads."""
        return self.say("list.between").join(
            Money(self.language, each).unit for each in self.currencies
        )

    def in_cells(self, words: Words) -> str:
        """The currency that a cell must show by itself; empty where the head says it."""
        return plain(words.suite.currency) if len(self.currencies) > 1 else ""

    def candidates(self) -> Iterator[tuple[Words, str, CandidateSummary]]:
        """Every candidate of every suite."""
        for words, _ in self.suites:
            for name, candidate in words.suite.candidates.items():
                yield words, name, candidate

    def column(self, key: str, width: float = 11.0, **slots: object) -> Column:
        """A column whose head is `workbook.head.KEY`."""
        return Column(self.say(f"workbook.head.{key}", **slots), width)

    def first_columns(self) -> tuple[Column, Column]:
        """The task and the candidate, which begin every long table."""
        names = [plain(name) for _, name, _ in self.candidates()]
        return self.task_column(), self.column("way", _fitting(names))

    def task_column(self) -> Column:
        """The task."""
        return self.column("task", _fitting([shown.title for _, shown in self.suites]))

    def spread_columns(self, key: str, width: float = 11.0) -> tuple[Column, ...]:
        """A figure, its ends and how sure they are: the columns of an estimate in money."""
        return (
            self.column(key, width, unit=self.unit()),
            self.column("low", width),
            self.column("high", width),
            self.column("level", 8),
        )

    def table(self, name: str, key: str, columns: tuple[Column, ...], rows: Iterable[Row]) -> Sheet:
        """A long table with its title and a sentence on how to read it; a line instead of no rows."""
        found = tuple(rows)
        above = [
            Line(self.say(f"workbook.title.{key}"), "title"),
            Line(self.say(f"workbook.lead.{key}")),
        ]
        if not found:
            above.append(Line(self.say("workbook.nothing"), "quiet_line"))
        return Sheet(name, tuple(above), columns, found)

    def levels(self) -> str:
        """How sure the ranges of page one are."""
        found = {sure(each.net_per_case) for _, _, each in self.candidates()}
        return "/".join(sorted(found)) or "90%"


def _fitting(names: Sequence[str]) -> float:
    """The width that most of these names need."""
    return min(max(*map(width, names), _NARROWEST) + 3.0, _WIDEST) if names else _WIDEST


def contents(judged: Judged, language: Language) -> Contents:
    """The judged run as all sheets see it; suites stand as on page one."""
    page, found = view(judged, language), judged.summary.suites
    places = {each.key: at for at, each in enumerate(page.suites)}
    keys = sorted(found, key=lambda key: places[plain(key)])
    words = [Words(language, found[key], key) for key in keys]
    return Contents(
        language=language,
        judged=judged,
        page=page,
        suites=tuple(zip(words, page.suites, strict=True)),
        currencies=tuple(sorted({plain(each.suite.currency) for each in words})),
    )


def named(words: Words, name: str) -> Cells:
    """The cells of a task and a candidate."""
    return text(words.text(words.suite.title)), text(plain(name))
