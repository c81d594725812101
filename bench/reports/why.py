"""Why: technical scores, and whether they move the business metrics that they are said to drive."""

from collections.abc import Sequence

from bench.reports.cells import candidate_heads, estimate_cell, section
from bench.reports.figures.drives import drives_figure
from bench.reports.parts import Cell, Head, Part, Section, Table, Tone
from bench.reports.phrases import Words, bounds, listed, no_range
from bench.reports.scorer_names import scorer_title
from bench.types import Estimate
from bench.value.summary import DriveTest
from bench.wording import numbers
from bench.wording.numbers import known
from bench.wording.plain import plain


def why(suites: Sequence[Words]) -> Section:
    """How many claimed effects the data bear out; scores are an explanation, never a ground."""
    tests = [each for words in suites for each in words.suite.drives]
    found = [_finding(each) for each in tests]
    parts = (_part(words) for words in suites)
    return section(
        suites,
        "why",
        parts,
        variant="" if tests else "none",
        all=len(tests),
        moves=found.count("moves") + found.count("against"),
        nothing=found.count("nothing"),
    )


def _part(words: Words) -> Part:
    tables: tuple[Table, ...] = ()
    drawn = None
    if words.suite.drives:
        tables = (_drives(words),)
        told = [
            (each, _finding(each), _metric_title(words, each.drives)) for each in words.suite.drives
        ]
        drawn = drives_figure(words, told, tables[0])
    return Part(
        words.text(words.suite.title),
        _sentences(words),
        tables,
        (_technical(words),),
        (drawn,) if drawn else (),
    )


def _title(words: Words, code: str) -> str:
    return scorer_title(words.language, code)


def _name(words: Words, code: str) -> Cell:
    """A score in words, its code beneath for those who look for it in the files."""
    title = _title(words, code)
    return Cell(title, plain(code) if title != plain(code) else "")


def _finding(test: DriveTest) -> str:
    """The finding; a score that goes with worse business is told apart."""
    against = test.finding == "moves" and (known(test.association.value) or 0.0) < 0
    return "against" if against else test.finding


def _sentences(words: Words) -> tuple[str, ...]:
    tests = words.suite.drives
    if not tests:
        return (words.say("drive.unstated"),)
    told = []
    for finding, key in (("nothing", "drive.idle"), ("against", "drive.reversed")):
        names = dict.fromkeys(_title(words, e.technical) for e in tests if _finding(e) == finding)
        if names:
            told.append(words.say(key, names=listed(words.language, list(names))))
    return tuple(told)


def _drives(words: Words) -> Table:
    tones: dict[str, Tone] = {"moves": "good", "against": "open", "nothing": "bad"}
    rows = tuple(
        (
            _name(words, each.technical),
            Cell(_metric_title(words, each.drives)),
            _association(words, each.association),
            _association(words, each.with_value),
            _agreement(words, each),
            Cell(words.say(f"drive.{_finding(each)}"), tone=tones.get(_finding(each), "quiet")),
        )
        for each in words.suite.drives
    )
    columns = (
        "head.score", "head.drives", "head.with_metric", "head.with_money", "head.agreement", "head.finding",
    )  # fmt: skip
    numeric = columns[2:5]
    table_heads = tuple(Head(words.say(each), numeric=each in numeric) for each in columns)
    return Table(words.say("drive.caption"), table_heads, rows)


def _association(words: Words, found: Estimate) -> Cell:
    """A rank correlation, of which two decimals are enough; answers of all candidates stand behind it."""
    value, ends = known(found.value), bounds(found)
    if value is None:
        return Cell(numbers.UNKNOWN, tone="quiet")
    told = numbers.number(value, 0.01, sign=True)
    if ends is None:
        return Cell(told, no_range(words, found))
    ranged = numbers.span(words.language, *(numbers.number(each, 0.01) for each in ends))
    return Cell(told, words.say("cell.range_answers", range=ranged, n=f"{found.n:,}"))


def _agreement(words: Words, test: DriveTest) -> Cell:
    found = known(test.rank_agreement)
    if found is None:
        few = words.say("drive.few") if test.candidates < 3 else ""
        return Cell(numbers.UNKNOWN, few, tone="quiet")
    return Cell(numbers.number(found, 0.01, sign=True))


def _technical(words: Words) -> Table:
    names: dict[str, str | None] = {}
    for candidate in words.suite.candidates.values():
        names |= {name: each.drives for name, each in candidate.technical.items()}
    rows = []
    for name, drives in names.items():
        told = _metric_title(words, drives) if drives else words.say("why.nothing")
        cells = (
            estimate_cell(
                words,
                each.technical.get(name),
                lambda value, step: numbers.number(value, min(step, 0.01)),
            )
            for each in words.suite.candidates.values()
        )
        rows.append((_name(words, name), Cell(told), *cells))
    none = (
        Cell(words.say("state.not_measured")),
        *(Cell(numbers.UNKNOWN) for _ in range(1 + len(words.suite.candidates))),
    )
    head = (Head(words.say("head.score")), Head(words.say("head.drives")))
    caption = words.say("section.why.caption")
    return Table(caption, (*head, *candidate_heads(words)), tuple(rows) or (none,))


def _metric_title(words: Words, name: str) -> str:
    for candidate in words.suite.candidates.values():
        if name in candidate.metrics:
            return words.text(candidate.metrics[name].title)
    return words.named("metric_title", name)
