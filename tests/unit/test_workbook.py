"""The workbook as a reader's program opens it: types, formulas, hostile texts, runs that lack something."""

import io
import math
import re
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.errors import UserError
from bench.reports.workbook import amounts
from bench.reports.workbook.amounts import Amount, mean_of
from bench.reports.workbook.formats import Formats
from bench.reports.workbook.text import MOST, sheet_name
from bench.reports.workbook.typed import Column, Line, Row, Sheet, Typed
from bench.reports.workbook.weights import by_hand, weights
from bench.reports.workbook.workbook import fresh, workbook
from bench.reports.workbook.writing import write
from bench.reports.write import write_reports
from bench.stats import Range
from bench.value import worth
from bench.value.assumed import Assumed
from bench.value.judged import Judged
from bench.wording.catalogue import has, messages
from bench.wording.plain import plain
from tests.judged_run import judged_of

LANGUAGES = ("zh", "en")
HOSTILE = (
    "=cmd|' /C calc'!A0", "+1", "-1+2", "@SUM(1)", "\t=1", "\r=1", "{=1}", "'=1", "\x1b[31mred\x1b[0m", "\x9b31m",
    "a\u2028b", "\ud800", "\u202etxet", "_x0041_", "<script>alert(1)</script>", "https://evil.example",
    "mailto:a@b.example", "internal:'x'!A1", "&amp; ]]> <!--", "\x00\x01\x1f\ufffe",
)  # fmt: skip
BARE_NUMBER = re.compile(r"[+\-−]?[\d,]+(?:\.\d+)?%?")


@pytest.fixture(scope="module")
def judged():
    return judged_of(suites=2, candidates=3, items=12)


@pytest.fixture(scope="module")
def summary(invented):
    return invented.summary()


def opened(content, **options):
    return openpyxl.load_workbook(io.BytesIO(content), **options)


def cells(book):
    for sheet in book:
        for row in sheet.iter_rows():
            yield from row


def table(sheet):
    """Rows below the heads, by head; of heads that occur more than once the first counts."""
    rows = list(sheet.iter_rows())
    top = next(at for at, row in enumerate(rows) if row[0].value in {"任务", "Task"})
    heads = [cell.value for cell in rows[top]]
    found = []
    for row in rows[top + 1 :]:
        told = {}
        for head, cell in zip(heads, row, strict=True):
            told.setdefault(head, cell)
        found.append(told)
    return found


def part(text, *heads):
    """A book of one sheet with this text in a line and a cell, and these as heads."""
    file, book = fresh("en")
    row = Row((Typed(text), *(Typed(None) for _ in heads)))
    columns = tuple(map(Column, ("head", *heads)))
    write(book, Formats("en", book.add_format), Sheet("told", (Line(text),), columns, (row,)))
    book.close()
    return file.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_one_holds_the_numbers_of_the_summary_in_full(language, judged):
    rows = table(opened(workbook(judged, language)).worksheets[0])
    unit = "元" if language == "zh" else "¥"
    value, month = (next(h for h in rows[0] if h and h.startswith(start)) for start in
                    (("每百件", "每月") if language == "zh" else ("Gain per 100", "Gain a month")))  # fmt: skip
    assert unit in value
    assert unit in month
    for suite in judged.summary.suites.values():
        for name, candidate in suite.candidates.items():
            title = suite.title.in_(language)
            (row,) = (
                each
                for each in rows
                if each[next(iter(each))].value == title and list(each.values())[1].value == name
            )
            assert row[value].value == pytest.approx(candidate.net_per_case.value * 100, rel=1e-15)
            assert row[month].value == pytest.approx(candidate.value_per_month.value, rel=1e-15)
            assert row[value].data_type == row[month].data_type == "n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_stands_as_a_text_in_any_table(language, judged):
    texts = {
        cell.value for cell in cells(opened(workbook(judged, language))) if cell.data_type == "s"
    }
    names = {name for suite in judged.summary.suites.values() for name in suite.candidates}
    assert len(texts) > 100
    assert not {each for each in texts - names if BARE_NUMBER.fullmatch(each)}


def test_dates_are_dates_and_times_are_times(summary):
    book = opened(workbook(Judged(summary), "zh"))
    (as_of,) = {
        row["日期"].value for row in table(book["假设"]) if row["假设"].value == "现行做法每件用时"
    }
    assert as_of == datetime(2026, 9, 30)  # noqa: DTZ001  # spreadsheets have no zones
    content = [cell.value for cell in book["运行记录"]["C"]]
    times = {each for each in content if isinstance(each, date)}
    assert datetime(2026, 11, 20, 8, 41, 12) in times  # noqa: DTZ001  # as above, UTC


@pytest.mark.parametrize("language", LANGUAGES)
def test_money_shares_and_dates_are_written_as_the_language_does(language, judged):
    formats = {cell.number_format for cell in cells(opened(workbook(judged, language)))}
    own, other = ('#,##0.00 "元"', '"¥"#,##0.00;-"¥"#,##0.00')[:: 1 if language == "zh" else -1]
    assert own in formats
    assert other not in formats
    assert "0.0%" in formats
    assert ('yyyy-mm-dd hh:mm "UTC"' in formats) == (language == "zh")


def test_two_currencies_are_named_in_the_cells_and_in_the_heads(summary):
    suites = dict(summary.suites)
    suites["triage"] = suites["triage"].model_copy(update={"currency": "USD"})
    told = Judged(summary.model_copy(update={"suites": suites}))
    sheet = opened(workbook(told, "zh")).worksheets[0]
    rows = table(sheet)
    head = next(each for each in rows[0] if each and each.startswith("每百件"))
    assert "元" in head
    assert "USD" in head
    shown = {row[head].number_format for row in rows if row[head].value is not None}
    assert any('"USD"' in each for each in shown)
    assert any('"元"' in each for each in shown)


def test_what_is_not_known_is_an_empty_cell_with_its_reason_and_never_zero(summary, invented):
    rows = table(opened(workbook(Judged(summary), "zh")).worksheets[0])
    none = next(r for r in rows if r["任务"].value == "长文摘要" and r["做法"].value == invented.CANDIDATES[2])  # fmt: skip
    value = next(head for head in none if head and head.startswith("每百件"))
    for head in (value, "范围下端（90% 把握）", "好于现状的把握", "直接采用"):
        assert none[head].value is None
    assert "没有可评的答复" in none["备注"].value
    one = next(r for r in rows if r["任务"].value == "长文摘要" and r["做法"].value == invented.CANDIDATES[1])  # fmt: skip
    assert one[value].value == 500.0
    assert one["范围下端（90% 把握）"].value is None
    assert "只有 1 题，无法给出把握" in one["备注"].value
    dear = next(r for r in rows if r["任务"].value == "财务问答" and r["做法"].value == invented.CANDIDATES[2])  # fmt: skip
    assert "调用价格未知，没有扣除" in dear["备注"].value


def test_every_value_sheet_adds_up_to_the_report_before_anything_is_recomputed(judged):
    book = opened(workbook(judged, "en"), data_only=True)
    formulas = opened(workbook(judged, "en"))
    sheets = [each for each in book.sheetnames if each.startswith("Value ")]
    assert len(sheets) == len(judged.summary.suites)
    for name, suite in zip(sheets, _in_order(judged, sheets), strict=True):
        labels = {row[0].value: row for row in book[name].iter_rows() if row[0].value}
        live = {row[0].value: row for row in formulas[name].iter_rows() if row[0].value}
        for at, candidate in enumerate(suite.candidates.values()):
            column = 4 + 2 * at
            for label, told in (
                ("Value of a case", candidate.value_per_case.value),
                ("Net value of a case", candidate.net_per_case.value),
                ("Value of a month", candidate.value_per_month.value),
            ):
                assert labels[label][column].value == pytest.approx(told, rel=1e-9)
                assert live[label][column].data_type == "f"
                assert labels[f"Number of the report: {label}"][column].value == pytest.approx(
                    told, rel=1e-15
                )
                assert labels[f"Check: {label}"][column].value == "OK"
                assert live[f"Check: {label}"][column].data_type == "f"


def _in_order(judged, sheets):
    """The suites in the order of their sheets."""
    suites = judged.summary.suites.values()
    return [next(s for s in suites if s.title.en[:20] in name) for name in sheets]


def test_inputs_are_yellow_named_and_guarded(judged):
    book = opened(workbook(judged, "en"))
    sheet, rows = book["Assumptions"], table(book["Assumptions"])
    entries = [each for suite in judged.summary.suites.values() for each in suite.assumptions]
    assert len(rows) == len(entries) == len(book.defined_names)
    for row in rows:
        assert row["Value used (mean)"].data_type == "f"
        for head in ("Low", "Base", "High"):
            assert row[head].data_type == "n"
            assert row[head].fill.start_color.rgb == "FFFFF2CC"
    used = {each.attr_text for each in book.defined_names.values()}
    assert used == {f"'Assumptions'!$C${row['Base'].row}" for row in rows}
    rules = sheet.data_validations.dataValidation
    assert {each.type for each in rules} == {"decimal"}
    guarded = {rule.operator or "between": set() for rule in rules}
    for rule in rules:
        guarded[rule.operator or "between"] |= {
            at for span in rule.sqref.ranges for at in span.cells
        }
    shares = {(row["Base"].row, 5) for row in rows if row["Base"].number_format == "0.0%"}
    assert shares
    assert shares <= guarded["between"]
    assert {(row["Base"].row, 5) for row in rows} <= guarded["between"] | guarded["greaterThanOrEqual"]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_tables_keep_their_heads_and_print_as_wide_as_a_page(language, judged):
    book = opened(workbook(judged, language))
    assert len(book.sheetnames) == 2 + len(judged.what_if) + 13
    for sheet in book:
        assert len(sheet.title) <= 31
        assert sheet.page_setup.orientation == "landscape"
        assert (
            sheet.page_setup.fitToHeight == 0
        )  # as many pages as it takes, each as wide as the table
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_area
        assert sheet.print_title_rows
        assert sheet.freeze_panes or sheet is book.worksheets[0]
    assert sum(bool(sheet.auto_filter.ref) for sheet in book) > 5


def test_the_same_run_gives_the_same_bytes_and_names_no_author(judged):
    first, second = (workbook(judged, "zh") for _ in range(2))
    assert first == second
    properties = opened(first).properties
    assert properties.title == "大模型业务价值评测"
    assert not properties.creator
    assert properties.created == datetime(2026, 11, 20, 8, 41, 12)  # noqa: DTZ001  # UTC, as the file has it


def test_without_resamples_there_is_no_value_sheet_and_page_one_promises_none(judged):
    book = opened(workbook(Judged(judged.summary), "en"))
    assert not [each for each in book.sheetnames if each.startswith("Value ")]
    told = " ".join(str(cell.value) for cell in cells(book))
    assert "recompute" not in " ".join(
        str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row
    )
    assert "=cmd" not in told


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_a_hostile_text_stays_a_text_wherever_it_stands(text):
    content = part(text, f"{text} beside")
    book = opened(content)
    found = [cell for cell in cells(book) if cell.value is not None]
    assert {cell.data_type for cell in found} == {"s"}
    assert all(cell.hyperlink is None for cell in found)
    told = plain(text)
    values = {cell.value for cell in found}
    assert not told or told in values
    if told[:1] in set("=+-@"):
        assert all(each.quotePrefix for each in found if each.value == told)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert not [name for name in file.namelist() if "external" in name.lower()]


def test_a_text_that_no_cell_can_hold_is_cut_and_says_so():
    for long in ("x" * 40_000, "😀" * 20_000, "长" * 32_768):
        found = [str(cell.value) for cell in cells(opened(part(long)))]
        cut = max(found, key=len)
        assert cut.endswith("... (too long, cut off)")
        assert len(cut.encode("utf-16-le")) // 2 <= MOST
        assert cut.startswith(long[:1000])
    whole = "长" * MOST
    assert whole in [cell.value for cell in cells(opened(part(whole)))]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_every_text_makes_a_name_that_a_sheet_may_have_and_no_two_are_alike(texts):
    taken = {"other"}
    names = [sheet_name(each, taken) for each in texts]
    assert len({each.casefold() for each in names}) == len(names)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() not in {"history", "other"}


LEAVES = st.floats(0.5, 9).map(lambda value: Amount(repr(value), value))
SUMS = st.recursive(
    LEAVES,
    lambda inner: st.tuples(st.sampled_from("+-*/~"), inner, inner).map(
        lambda told: _combined(*told)
    ),
    max_leaves=8,
)


def _combined(sign, left, right):
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/" if abs(right.value) > 1e-3:
            return left / right
        case _:
            return -left


@given(SUMS)
def test_a_formula_comes_to_the_value_that_it_was_made_with(told):
    text = told.formula.removeprefix("=")
    assert eval(text) == pytest.approx(told.value, rel=1e-9, abs=1e-9)  # our own arithmetic


SPREADS = st.tuples(st.floats(0.1, 1e4), st.floats(1, 50), st.floats(1, 50))


@given(SPREADS, st.sampled_from(["pert", "triangular", "uniform", "lognormal"]))
def test_the_formula_of_a_mean_is_the_mean_of_the_range(told, shape):
    base, below, above = told
    low, high = base / below, base * above
    operands = (Amount("LOW", low), Amount("BASE", base), Amount("HIGH", high))
    mean = mean_of(*operands, shape)
    wanted = Range(low, base, high, shape).mean()
    assert mean.value == pytest.approx(wanted, rel=1e-12)
    names = {"LOW": low, "BASE": base, "HIGH": high, "LN": math.log, "EXP": math.exp}
    names["NORMSDIST"] = lambda at: 0.5 * (1 + math.erf(at / math.sqrt(2)))
    told = eval(mean.text.replace("^", "**"), names)  # our own formula
    assert told == pytest.approx(wanted, rel=1e-9)


@given(st.data())
def test_the_weights_of_the_formulas_are_the_weights_of_the_value(data):
    business = next(iter(_RUN.what_if.values())).business
    drawn = {name: data.draw(st.floats(0, 1 if name in {"review.detects", "done_today_by.error_rate"} else 1e4))
             for name, _ in business.assumptions()}  # fmt: skip
    inputs = {name: Amount(f"n{at}", value) for at, (name, value) in enumerate(drawn.items())}
    told = weights(inputs, business, by_hand(inputs, business))
    wanted = worth.weights(Assumed({name: np.array([each]) for name, each in drawn.items()}), business)  # fmt: skip
    assert {name: each.value for name, each in told.items()} == pytest.approx(
        {name: float(each[0]) for name, each in wanted.items()}, abs=1e-9
    )


_RUN = judged_of(suites=1, candidates=1, items=4)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_of_one_candidate_of_failures_alone_or_of_nothing_is_a_workbook(language, summary, invented):  # fmt: skip
    suite = summary.suites["summaries"]
    failed = suite.candidates[invented.CANDIDATES[2]]
    alone = suite.model_copy(update={"candidates": {"failed": failed}, "pairs": []})
    for suites in ({}, {"summaries": alone}):
        book = opened(workbook(Judged(summary.model_copy(update={"suites": suites})), language))
        assert len(book.sheetnames) == 15
        told = " ".join(str(cell.value) for cell in cells(book) if cell.value is not None)
        assert not re.search(r"\b(NaN|nan|inf|None|undefined)\b", told)


def test_columns_are_letters_also_beyond_the_twenty_sixth():
    places = [amounts.cell(0, at, 0.0).text for at in (0, 25, 26, 51, 52, 701, 702)]
    assert places == ["A1", "Z1", "AA1", "AZ1", "BA1", "ZZ1", "AAA1"]


def test_without_the_library_one_line_says_what_to_install(judged, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(UserError, match=r"pip install 'industry-bench\[office\]'") as caught:
        write_reports(judged, tmp_path, "zh", ["xlsx"])
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_every_message_that_the_workbook_names_exists_and_every_one_is_named():
    folder = Path(amounts.__file__).parent
    code = "\n".join(path.read_text() for path in folder.glob("*.py"))
    named = set(re.findall(r"""["'](workbook\.[a-z_.]+[a-z_])["']""", code))
    assert {key for key in named if not has(key)} == set()
    heads = set(re.findall(r"""column\(\s*"([a-z_0-9]+)\"""", code))
    assert {key for key in heads if not has(f"workbook.head.{key}")} == set()
    groups = set(re.findall(r"workbook\.([a-z_]+)\.{", code)) | {"sheet", "title", "lead"}
    for key in messages():
        group, _, name = key.removeprefix("workbook.").rpartition(".")
        if key.startswith("workbook.") and group not in groups:
            assert key in named or (group == "head" and f'"{name}"' in code), key
