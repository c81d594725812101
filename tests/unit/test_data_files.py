import doctest
import json
import sys
import time
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.errors import SuiteError
from bench.files import csv_source, plain_value
from bench.files.csv_source import read_csv
from bench.files.json_source import read_json
from bench.files.parquet_source import read_parquet
from bench.files.plain_value import plain
from bench.suites.data import read_records

RECORDS = [{"id": "a", "n": 1}, {"id": "乙", "n": None}]


@pytest.mark.parametrize("module", [csv_source, plain_value])
def test_the_worked_examples_hold(module):
    assert doctest.testmod(module).failed == 0


def read(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_records(path)


def complaint(tmp_path, name, text):
    with pytest.raises(SuiteError) as caught:
        read(tmp_path, name, text)
    return str(caught.value).removeprefix(f"{tmp_path}/")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("d.json", json.dumps(RECORDS)),
        ("d.json", json.dumps({"version": [1], "data": RECORDS, "n": {"data": []}})),
        ("d.jsonl", "\n\n".join(map(json.dumps, RECORDS))),
        ("d.NDJSON", "\n".join(map(json.dumps, RECORDS))),
        ("d.csv", "\ufeffid, n\na,1\n\n乙,\n"),
        ("d.csv", "id;n\r\na;1\r\n乙;\r\n"),
        ("d.csv", "id,n,,\na,1,x,\n乙,,,\n"),
        ("d.tsv", "id\tn\na\t1\n乙\t\n"),
        ("d.TSV", "id\tn\na\t1\n乙\t\n"),
    ],
)
def test_every_kind_of_file_gives_the_same_records(tmp_path, name, text):
    assert read(tmp_path, name, text).data == RECORDS


def test_a_record_stands_where_it_begins(tmp_path):
    places = read(tmp_path, "d.json", '{"data": [\n  {"a":\n 1}, {"a": 2},\n{"a": 3}\n]}').places
    assert [tuple(places[(index,)]) for index in range(3)] == [(2, 3), (3, 6), (4, 1)]
    places = read(tmp_path, "d.csv", 'a,b\n"two\nlines",1\n\nx,2\n').places
    assert [places[(index,)].line for index in range(2)] == [2, 5]


def test_a_large_array_on_one_line_is_read_in_linear_time(tmp_path):
    records = [{"id": index, "text": "x" * 2000} for index in range(2000)]
    start = time.perf_counter()
    assert read(tmp_path, "d.json", json.dumps(records)).data == records
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "-2", "0"], [1, -2, 0]),
        (["1", "", "2.5"], [1, None, 2.5]),
        (["007", "8"], ["007", "8"]),
        (["1.50", "2"], ["1.50", "2"]),  # the last digit of an answer counts
        (["1", "two"], ["1", "two"]),
        (["1,234", "5"], ["1,234", "5"]),
        (["nan", "inf"], ["nan", "inf"]),
        (["1_0", "１"], ["1_0", "１"]),
        (["1234567890123456789", "1"], ["1234567890123456789", "1"]),
        (["", "x"], ["", "x"]),
        (["", ""], ["", ""]),
        ([" ", "1"], [" ", "1"]),
    ],
)
def test_a_column_is_numbers_only_where_no_digit_would_be_lost(tmp_path, cells, values):
    text = "k,a\n" + "".join(f'{n},"{cell}"\n' for n, cell in enumerate(cells))
    found = [row["a"] for row in read(tmp_path, "d.csv", text).data]
    assert found == values
    assert [type(each) for each in found] == [type(each) for each in values]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\0")), min_size=1))
def test_a_cell_stands_for_just_the_text_that_was_written(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("csv") / "d.csv"
    quoted = [cell.replace('"', '""') for cell in cells]
    path.write_text("k,a\n" + "".join(f'x,"{cell}"\n' for cell in quoted), encoding="utf-8")
    shown = ["" if row["a"] is None else str(row["a"]) for row in read_csv(path).data]
    assert shown == cells


def test_a_cell_may_hold_a_whole_report(tmp_path):
    assert read(tmp_path, "d.csv", f"a\n{'长' * 200_000}\n").data[0]["a"] == "长" * 200_000


@given(
    st.lists(
        st.dictionaries(st.text(max_size=4), st.recursive(st.none() | st.integers() | st.text(), st.lists), max_size=3),
        max_size=4,
    ),
    st.sampled_from([None, 1, 3]),
)  # fmt: skip
def test_an_array_is_read_as_any_reader_of_json_reads_it(tmp_path_factory, records, indent):
    path = tmp_path_factory.mktemp("json") / "d.json"
    path.write_text(json.dumps(records, indent=indent), encoding="utf-8")
    assert read_json(path).data == records
    path.write_text(json.dumps({"x": {"data": 1}, "data": records}, indent=indent))
    assert read_json(path).data == records


EXPECTED = (
    "an array of records, or a mapping with one under 'data', is expected; name JSON Lines .jsonl"
)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("d.json", '{"a": 1}\n{"a": 2}', f"d.json:1:1: not JSON: {EXPECTED}"),
        ("d.json", "", f"d.json:1:1: not JSON: {EXPECTED}"),
        ("d.json", '{"data": []}\n{"a": 2}', "d.json:2:1: not JSON: more than one value; is it JSON Lines (.jsonl)?"),
        ("d.json", '[{"a": 1},\n{"a": 2}', "d.json:2:9: not JSON: Expecting ',' delimiter"),
        ("d.json", '[{"a": 1},]', "d.json:1:10: not JSON: Illegal trailing comma"),
        ("d.json", '{"data"; []}', "d.json:1:8: not JSON: Expecting ':' delimiter"),
        ("d.json", '[{"a": 1},\n {"a": 1, "a": 2}]', "d.json:2:2: not JSON: the key 'a' stands twice"),
        ("d.json", '[{"a": NaN}]', "d.json:1:2: not JSON: NaN is no number of JSON"),
        ("d.csv", "a,a\n1,2\n", "d.csv:1:1: the column 'a' stands twice"),
        ("d.csv", "a,b\n1,2\n\n3\n", "d.csv:4:1: 1 cells under 2 columns"),
        ("d.csv", 'a,b\n1,"2"3\n', "d.csv:2:1: not CSV: ',' expected after '\"'"),
        ("d.xlsx", "", "d.xlsx: '.xlsx' is no kind of data that is read; save it as one of .csv, .tsv, .json, .jsonl, .ndjson, .parquet"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_line_that_says_where_and_why(tmp_path, name, text, told):
    assert complaint(tmp_path, name, text) == told


def test_half_a_surrogate_pair_is_no_text(tmp_path):
    assert "not JSON" in complaint(tmp_path, "d.json", '[{"a": "\\ud800"}]')


def parquet(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


def test_rows_of_parquet_are_values_of_json_and_their_lines_are_counted(tmp_path):
    path = parquet(
        tmp_path / "d.parquet",
        id=["007", "b"],
        share=[0.5, float("nan")],
        amount=[Decimal("1.25"), None],
        on=[date(2024, 1, 5), None],
        parts=[["x"], []],
    )
    source = read_parquet(path)
    assert source.data == [
        {"id": "007", "share": 0.5, "amount": 1.25, "on": "2024-01-05", "parts": ["x"]},
        {"id": "b", "share": None, "amount": None, "on": None, "parts": []},
    ]
    assert source.place((1,)).line == 2


def test_what_json_has_no_word_for_stays_as_it_is():
    assert plain([b"\0", (float("inf"), {1: None})]) == [b"\0", [None, {"1": None}]]


def test_a_broken_or_missing_file_of_parquet_is_one_line(tmp_path):
    assert complaint(tmp_path, "d.parquet", "a,b").startswith("d.parquet: not Parquet: ")
    with pytest.raises(SuiteError, match=r"none\.parquet: no such file$"):
        read_parquet(tmp_path / "none.parquet")


def test_without_its_package_parquet_says_what_to_install(tmp_path, monkeypatch):
    path = parquet(tmp_path / "d.parquet", id=["a"])
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(SuiteError) as caught:
        read_parquet(path)
    told = "Parquet needs pyarrow; install it with: pip install 'industry-bench[parquet]'"
    assert str(caught.value) == f"{path}: {told}"
