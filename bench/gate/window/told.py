"""A window of runs for people: in a terminal or a server's log, and as Markdown."""

from collections.abc import Iterable, Iterator

from bench.gate.told.ci_text import logged
from bench.gate.told.voice import short
from bench.gate.window.phrases import (
    Teller,
    changes,
    foremost,
    headline,
    models,
    notes,
    sentence,
    teller,
)
from bench.gate.window.record import Step, Watched, WindowReport
from bench.types import Language
from bench.wording import numbers
from bench.wording.columns import row, wrapped
from bench.wording.inert import escaped, inert

MARKER = "<!-- bench-gate-window -->"
"""The first line of the Markdown, by which a bot finds the comment to replace."""
_WIDTH = 100
_COLUMNS = (16, 26, 20, 14, 14)
_HEADS = ("run", "ours", "model", "answers", "finding")
_NAME, _PATH = 60, 300
_Row = tuple[str, ...]


def told(report: WindowReport, language: Language) -> str:
    """What was found, candidate by candidate with its timeline; harmless in any log. Ends with a line feed."""
    by = teller(report, language)
    lines = wrapped(headline(by), _WIDTH)
    lines += [line for each in _facts(by) for line in wrapped(each, _WIDTH)]
    for one in report.series:
        lines += ["", *wrapped(_name(by, one), _WIDTH)]
        sentences = [each for each in (_not_yet_told(by, one), *notes(by, one)) if each]
        lines += [f"  {line}" for each in sentences for line in wrapped(each, _WIDTH - 2)]
        lines += ["", *(f"  {line}" for each in _table(by, one) for line in row(each, _COLUMNS, (False,) * 5))]  # fmt: skip
    lines += ["", *(line for each in _left_out(by) for line in wrapped(each, _WIDTH))]
    return logged("\n".join(lines).rstrip()) + "\n"


def told_markdown(report: WindowReport, language: Language) -> str:
    """The same for a comment or a step summary: texts of others are inert. Ends with a line feed."""
    by = teller(report, language)
    lines = [MARKER, "", f"### {escaped(headline(by))}", "", *_listed(_facts(by))]
    for one in report.series:
        more = _not_yet_told(by, one)
        lines += ["", f"**{inert(_name(by, one))}**{f' — {inert(more)}' if more else ''}", ""]
        lines += _listed(notes(by, one))
        head, *rows = ([inert(cell) for cell in each] for each in _table(by, one))
        marked = [head, ["---"] * len(head), *rows]
        lines += ["", *(f"| {' | '.join(each)} |" for each in marked)]
    lines += ["", *_listed(_left_out(by))]
    return "\n".join(lines).rstrip() + "\n"


def _listed(sentences: Iterable[str]) -> list[str]:
    return [f"- {escaped(each)}" for each in sentences]


def _facts(by: Teller) -> Iterator[str]:
    """Which runs there are."""
    runs = by.report.runs
    first, last = by.days[runs[0].id], by.days[runs[-1].id]
    if len(runs) == 1:
        yield by.say("span_one", first=first)
    else:
        yield by.say("span", first=first, last=last, runs=len(runs))
    if not by.report.complete:
        yield by.say("incomplete", run=short(runs[-1].name, _NAME))


def _name(by: Teller, one: Watched) -> str:
    return f"{by.voice(one).title} · {short(one.candidate, _NAME)}"


def _not_yet_told(by: Teller, one: Watched) -> str:
    """What was found of a candidate; empty where the headline said so."""
    return "" if one is foremost(by.report) else sentence(by, one)


def _table(by: Teller, one: Watched) -> Iterator[_Row]:
    """The head, and a row a run, oldest first; the first run's has no step to tell of."""
    yield tuple(by.say(f"table.{each}") for each in _HEADS)
    first = one.steps[0]
    if first.old is not None:
        model = models(by, first.old_models, by.voice(one))
        dash = numbers.UNKNOWN
        yield (by.dates[first.old], dash, model, dash, by.say("cell.first"))
    for step in one.steps:
        yield _step(by, one, step)


def _step(by: Teller, one: Watched, step: Step) -> _Row:
    voice = by.voice(one)
    answers = numbers.UNKNOWN
    if step.changed is not None:
        share = numbers.share(step.changed)
        answers = by.say("cell.answers", changed=share, n=f"{step.items:,}")
    return (
        by.dates[step.new],
        changes(by, step.ours, voice) or numbers.UNKNOWN,
        models(by, step.new_models, voice),
        answers,
        by.say(f"cell.{step.why or step.status}"),
    )


def _left_out(by: Teller) -> Iterator[str]:
    for each in by.report.left_out:
        yield by.say(
            f"left_out.{each.why}", path=short(each.path, _PATH), detail=short(each.detail, _PATH)
        )
