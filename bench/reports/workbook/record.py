"""Where the numbers come from: the run, the candidates, the suites."""

from collections.abc import Iterator
from datetime import datetime

from bench.reports.data_cards import about, card_tables
from bench.reports.parts import Table
from bench.reports.run_facts import policy_text, run_part
from bench.reports.workbook.contents import Contents
from bench.reports.workbook.typed import (
    Row,
    Sheet,
    Typed,
    moment,
    number,
    text,
    utc,
    yes_or_no,
)
from bench.value.summary import RunInfo
from bench.wording.numbers import UNKNOWN
from bench.wording.plain import plain

_DIGITS = 12
"""Of a count; longer figures are numbers of something else."""
_LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001  # UTC without saying so, as spreadsheets have it


def record(told: Contents, name: str) -> Sheet:
    """The run's own facts, then what candidates and suites are: subject, fact, content."""
    columns = (told.column("subject", 26), told.column("fact", 26), told.column("content", 90))
    run = told.judged.summary.run
    rows = [*_run(told, run), *_candidates(told, run), *_suites(told)]
    return told.table(name, "record", columns, rows)


def ended(run: RunInfo) -> datetime:
    """When the run ended or began; a fixed day where neither is a time."""
    times = (utc(run.finished or ""), utc(run.started))
    return next((each for each in times if each is not None), _LONG_AGO)


def _row(subject: str, fact: str, content: Typed) -> Row:
    return Row((text(subject), text(fact), content), "left")


def _run(told: Contents, run: RunInfo) -> Iterator[Row]:
    say, subject = told.say, told.say("workbook.subject.run")
    limit = text(say("run.no_limit")) if run.limit is None else number(run.limit, "count")
    facts = {
        "run.id": text(plain(run.id)),
        "run.started": moment(plain(run.started)),
        "run.finished": moment(plain(run.finished or "") or say("run.unfinished")),
        "workbook.complete": yes_or_no(told.language, holds=run.complete),
        "run.repeats": number(run.repeats, "count"),
        "run.limit": limit,
        "run.seed": number(run.seed, "plain_number"),
        "run.version": text(plain(run.version)),
        "run.commit": text(plain(run.commit) if run.commit else UNKNOWN),
        "run.host": text(plain(run.host)),
        "run.assumptions": text(plain(run.assumptions_file or "") or say("run.own_assumptions")),
        "run.policy": text(policy_text(told.language, run)),
    }
    for key, content in facts.items():
        yield _row(subject, say(key), content)


def _candidates(told: Contents, run: RunInfo) -> Iterator[Row]:
    """What answered, at which price, and where what was sent to it went."""
    if told.suites:
        for table in run_part([words for words, _ in told.suites], run).folded:
            yield from _flat(table, table.caption)


def _suites(told: Contents) -> Iterator[Row]:
    for words, _ in told.suites:
        title = words.text(words.suite.title)
        for line in about(words):
            yield _row(title, told.say("workbook.about"), text(line))
        for table in card_tables(words):
            yield from _flat(table, title)


def _flat(table: Table, subject: str) -> Iterator[Row]:
    """A table of the report as facts; of wider tables every row is a subject of its own."""
    for first, *rest in table.rows:
        for head, cell in zip(table.heads[1:], rest, strict=True):
            wide = len(rest) > 1
            content = " ".join(each for each in (cell.text, cell.note, cell.chip) if each)
            fact = head.text if wide else first.text
            yield _row(first.text if wide else subject, fact, _content(content))


def _content(told: str) -> Typed:
    """A bare count is a number."""
    count = told.replace(",", "")
    is_count = count.isascii() and count.isdigit() and len(count) < _DIGITS
    return number(int(count), "count") if is_count else text(told)
