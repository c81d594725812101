"""Figures of a source excerpt with the labels they stand under, from Markdown tables and sentences.

Shares no code with the scorers, so that a number misread here is not misread there in the same way.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_SCALES = {"万亿": 12, "亿": 8, "百万": 6, "万": 4, "千": 3}
_UNIT = r"(?:万亿|亿|百万|万|千)?元|亿|万|%|％|个?百分点|个?基点|倍"
_FIGURE = re.compile(
    rf"(?P<sign>[-－(（]?)(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<close>[)）]?)\s*(?P<unit>{_UNIT})?"
)
_CELL_UNIT = re.compile(rf"(?:单位[：:]\s*|[（(](?:人民币)?|人民币)({_UNIT})")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
PERIOD = re.compile(
    r"20\d\d年(?:\d{1,2}月(?:\d{1,2}日|末)?|上半年|下半年|第?[一二三四]季度末?|末)?"
    r"|\d{1,2}月(?:\d{1,2}日|末)|[上下]半年|第?[一二三四]季度末?"
)
_LEAD = re.compile(
    r"^(?:其中[：:]|该行|公司|均|和|以|按|为|是|约)+|(?:为|是|达|约|共计|合计|：|:|至|以)+$"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure in its base unit (元, %, 基点, 倍 or none), and where it stands."""

    labels: tuple[str, ...]
    period: str | None
    value: Decimal
    unit: str
    place: str


def period_of(text: str) -> str | None:
    """The first period that `text` names, in one spelling."""
    found = PERIOD.search(text)
    return same_period(found[0]) if found else None


def same_period(text: str) -> str:
    """One spelling of a period: 2025年第二季度末 and 2025年二季度末 are the same."""
    return re.sub(r"第|末$|年$", "", text)


def facts(source: str) -> list[Fact]:
    """Every figure of the source; tables first."""
    lines = source.split("\n")
    rows = [line for line in lines if line.strip().startswith("|")]
    title = "".join(line for line in lines if not line.strip().startswith("|"))
    return _of_table(rows, title) if len(rows) > 2 else _of_sentences(source)


def _of_table(rows: list[str], title: str) -> list[Fact]:
    cells = [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in rows]
    head, body = cells[0], [row for row in cells[1:] if set("".join(row)) - set("-: ")]
    shared = _CELL_UNIT.search(head[0]) or _CELL_UNIT.search(title)
    found = []
    for row in body:
        for column, cell in zip(head[1:], row[1:], strict=False):
            figure = _FIGURE.fullmatch(cell)
            if figure is None:
                continue
            own = _CELL_UNIT.search(column) or _CELL_UNIT.search(row[0]) or shared
            unit = figure["unit"] or (own[1] if own else "")
            labels = tuple(_label(text) for text in (row[0], column) if not PERIOD.match(text))
            period = period_of(column) or period_of(row[0]) or period_of(title)
            found.append(_fact(figure, unit, labels, period, f"“{row[0]}”行，“{column}”列"))
    return found


def _of_sentences(source: str) -> list[Fact]:
    found: list[Fact] = []
    period: str | None = None
    label = ""
    for clause in re.split(r"[。；，\n]", source):
        text = PERIOD.sub(lambda match: "\0" * len(match[0]), clause)
        end = 0
        for figure in _FIGURE.finditer(text):
            told = clause[end : figure.start()]
            period = period_of(told) or period
            label = _label(PERIOD.sub("", told)) or label
            end = figure.end()
            if figure["unit"]:
                found.append(_fact(figure, figure["unit"], (label,), period, f"“{clause.strip()}”"))
        period = period_of(clause[end:]) or period
    return found


def _label(text: str) -> str:
    told = _BRACKETS.sub("", text).strip()
    return _LEAD.sub("", _LEAD.sub("", told)) or told


def _fact(
    figure: re.Match[str], unit: str, labels: tuple[str, ...], period: str | None, place: str
) -> Fact:
    value = Decimal(figure["digits"].replace(",", ""))
    is_negative = figure["sign"] in ("-", "－") or bool(figure["sign"] and figure["close"])
    scale = next((power for word, power in _SCALES.items() if unit.startswith(word)), 0)
    base = unit.lstrip("万亿百千个").replace("％", "%")
    signed = -value if is_negative else value
    return Fact(labels, period, signed * Decimal(10) ** scale, base, place)
