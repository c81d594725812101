"""A suite's history as text for a terminal, Markdown or JSON."""

from collections.abc import Callable, Mapping, Sequence

from bench.reports.history_page import history_page
from bench.reports.history_parts import Block, Grid
from bench.reports.terminal import MOST
from bench.types import Language
from bench.value.history.record import History
from bench.wording.catalogue import say
from bench.wording.columns import row, width, wrapped
from bench.wording.inert import escaped, inert

_GAP = 2
_LEAST = 6


def text(history: History, language: Language) -> str:
    """Plain text of at most 100 columns."""
    page = history_page(history, language)
    lines = [page.title, page.span]
    for block in page.blocks:
        lines += ["", "─" * MOST, *_block(block)]
    if page.reading:
        lines += ["", "─" * MOST, *page.reading]
    return "\n".join(part for line in lines for part in _lines(line)) + "\n"


def _lines(line: str) -> list[str]:
    if width(line) <= MOST:
        return [line]
    indent = len(line) - len(line.lstrip())
    return [" " * indent + each for each in wrapped(line.strip(), MOST - indent)]


def _block(block: Block) -> list[str]:
    lines = [block.heading, *(f"  {each}" for each in block.sentences)]
    for grid in block.grids:
        lines += ["", *_grid(grid)]
    return lines


def _grid(grid: Grid) -> list[str]:
    room = MOST - _GAP * (len(grid.weights) - 1)
    widths = [max(_LEAST, room * each // sum(grid.weights)) for each in grid.weights]
    rights = [False] * len(widths)
    lines = [grid.caption, *row(grid.heads, widths, rights, _GAP)]
    for at, cells in enumerate(grid.rows):
        lines += row(cells, widths, rights, _GAP)
        lines += [f"    {note}" for note in (grid.notes[at] if grid.notes else ())]
    return lines


def markdown(history: History, language: Language) -> str:
    """Headings, sentences as bullets, tables; a note stands in a row's last column."""
    page = history_page(history, language)
    lines = [f"## {escaped(page.title)}", "", escaped(page.span)]
    for block in page.blocks:
        lines += ["", f"### {escaped(block.heading)}", ""]
        lines += [f"- {escaped(each)}" for each in block.sentences]
        for grid in block.grids:
            lines += ["", f"**{escaped(grid.caption)}**", "", *_table(grid, language)]
    lines += ["", *(f"- {escaped(each)}" for each in page.reading)] if page.reading else []
    return "\n".join(lines) + "\n"


def _table(grid: Grid, language: Language) -> list[str]:
    noted = any(grid.notes)
    heads = [*grid.heads, say(language, "history.head.notes")] if noted else list(grid.heads)
    lines = [_line(heads), _line(["---"] * len(heads))]
    for at, cells in enumerate(grid.rows):
        lines.append(_line([*cells, "\n".join(grid.notes[at])] if noted else cells))
    return lines


def _line(cells: Sequence[str]) -> str:
    told = ["<br>".join(inert(part) for part in cell.split("\n")) for cell in cells]
    return "| " + " | ".join(told) + " |"


def as_json(history: History, language: Language) -> str:
    """Every number, in no language."""
    del language
    return history.model_dump_json(indent=2) + "\n"


FORMATS: Mapping[str, Callable[[History, Language], str]] = {
    "text": text,
    "json": as_json,
    "md": markdown,
}
