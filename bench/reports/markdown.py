"""The report as Markdown for a pull request: the verdicts first, technical scores last and folded."""

from collections.abc import Iterable, Sequence

from bench.reports.parts import Cell, Head, Section, SuiteView, Table
from bench.reports.view import view
from bench.types import Language
from bench.value.judged import Judged
from bench.wording.catalogue import say
from bench.wording.inert import escaped, inert

_ROOM = 60_000
"""Characters; a comment on GitHub holds 65,536."""
_OPEN = ("values", "money", "risk", "pairs")
_FOLDED = (
    "sensitivity", "confidence", "slices", "selective", "triangle", "portfolio", "ladder", "profiles",
    "frontier", "history", "next", "how", "why",
)  # fmt: skip
_FIRST_LEFT_OUT = (
    "how", "frontier", "slices", "sensitivity", "why", "profiles", "triangle", "ladder", "selective", "confidence",
    "portfolio", "history", "next", "pairs", "risk", "money", "values",
)  # fmt: skip


def markdown(judged: Judged, language: Language) -> str:
    """Headline, a bullet a verdict, a table a suite; sections behind; technical scores last."""
    page = view(judged, language)
    gap = "" if language == "zh" else " "
    lines = [f"## {escaped(gap.join(page.headline))}", "", " · ".join(map(escaped, page.facts)), ""]
    lines += [f"> **{escaped(each)}**\n" for each in page.warnings]
    lines += [escaped(page.lede), ""]
    lines += [
        f"- **{escaped(each.title)} · {escaped(each.verdict)}** {escaped(each.sentence)}"
        for each in page.suites
    ]
    for suite in page.suites:
        lines += ["", *_suite(suite, language)]
    for note in page.notes:
        lines += [
            "",
            f"**{escaped(note.heading)}**",
            "",
            *(f"- {escaped(each)}" for each in note.lines),
        ]
    front = "\n".join(lines)
    behind = _fitting(page.sections, _ROOM - len(front), escaped(say(language, "report.left_out")))
    order = [*_OPEN, "left_out", *_FOLDED]
    return front + "\n" + "".join(behind[key] for key in order if key in behind)


def _fitting(sections: Sequence[Section], room: int, left_out: str) -> dict[str, str]:
    """Sections that fit, but for those that only a page can show: first those tables go that a page folds away, then whole sections."""
    by_key = {each.key: each for each in sections if not each.component}
    behind = {key: _behind(each, folded=True) for key, each in by_key.items()}
    for whole in (False, True):
        for key in _FIRST_LEFT_OUT:
            if sum(map(len, behind.values())) <= room or key not in behind:
                continue
            behind["left_out"] = f"\n{left_out}\n"
            if whole:
                del behind[key]
            else:
                behind[key] = _behind(by_key[key], folded=False)
    return behind


def _behind(section: Section, *, folded: bool) -> str:
    """A section, folded unless it belongs to the decision."""
    heading, body = escaped(section.heading), "\n".join(_section(section, folded=folded))
    if section.key in _OPEN:
        return f"\n### {heading}\n\n{body}\n"
    return f"\n<details><summary>{heading}</summary>\n\n{body}\n\n</details>\n"


def _suite(suite: SuiteView, language: Language) -> list[str]:
    heads = [
        Head(say(language, "head.way")),
        Head(suite.value_head, numeric=True),
        Head(suite.mean_head, numeric=True),
        Head(suite.month_head, numeric=True),
        Head(say(language, "head.chance"), numeric=True),
        Head(say(language, "head.four"), numeric=True),
        Head(say(language, "head.gate")),
        Head(say(language, "head.verdict")),
    ]
    today = suite.today
    rows: list[tuple[Cell, ...]] = [
        (
            Cell(each.name, " · ".join(part for part in (each.basis, each.doubt) if part)),
            Cell(each.mean),
            Cell(each.range),
            Cell(each.month),
            Cell(each.chance),
            Cell(each.outcome_line or say(language, "state.no_outcomes")),
            Cell(
                each.gate.word,
                " · ".join(
                    part for part in (each.gate.title, each.gate.detail, each.gate.count) if part
                ),
            ),
            Cell(each.verdict),
        )
        for each in (*suite.rows, *suite.more)
    ]
    rows += [(Cell(each.name, each.why), *(Cell("") for _ in range(7))) for each in suite.refused]
    human = (Cell(today.name, today.effort), Cell("0"), *(Cell("") for _ in range(3)))
    rows.append((*human, Cell(today.errors), Cell(today.limits), Cell("")))
    lines = [f"### {escaped(suite.title)} · {escaped(suite.verdict)}", "", escaped(suite.basis), ""]
    lines += _table(heads, rows)
    told = [each for each in (suite.headline, *suite.reasons) if each]
    lines += [""] + [f"- {escaped(each)}" for each in told]
    changes = suite.changes or (say(language, "comparison.no_change"),)
    head = f"**{escaped(say(language, 'comparison.would_change'))}**"
    return [*lines, "", head, "", *(f"- {escaped(each)}" for each in changes)]


def _section(section: Section, *, folded: bool) -> list[str]:
    lines: list[str] = [escaped(each) for each in section.lead]
    for part in section.parts:
        lines += ["", f"**{escaped(part.title)}**", ""]
        lines += [f"- {escaped(each)}" for each in part.sentences]
        for table in (*part.tables, *(part.folded if folded else ())):
            lines += ["", escaped(table.caption), "", *_named(table)]
    return lines


def _named(table: Table) -> list[str]:
    """A table without the columns that hold charts alone."""
    kept = [
        position
        for position in range(len(table.heads))
        if not all(row[position].chart and not row[position].text for row in table.rows)
    ]
    return _table(
        [table.heads[each] for each in kept], [[row[each] for each in kept] for row in table.rows]
    )


def _table(heads: Sequence[Head], rows: Iterable[Sequence[Cell]]) -> list[str]:
    first = _line(_joined(each.text, each.note) for each in heads)
    rule = _line("---:" if each.numeric else "---" for each in heads)
    return [
        first,
        rule,
        *(_line(_joined(each.text, each.chip, each.note) for each in row) for row in rows),
    ]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _joined(*texts: str) -> str:
    return "<br>".join(inert(each) for each in texts if each)
