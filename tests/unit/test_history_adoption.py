import datetime as dt

import pytest

from bench.errors import UserError
from bench.value.history.adoption import adoption, labels_on, standing

TODAY = dt.date(2026, 11, 20)
GOOD = (
    "date,users,revenue,labels,team\n"
    "2026-03-01,40,1500.5,300,乙\n"
    "2026-01-01,10,,0,甲\n"
    "\n"
    "2026-02-01,20,1200,,甲\n"
)


def read(folder, text, encoding="utf-8"):
    path = folder / "use.csv"
    path.write_bytes(text.encode(encoding))
    return adoption(path, TODAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_stand_by_date_whatever_the_byte_order_mark_and_the_line_ends(tmp_path, encoding, end):
    told = read(tmp_path, GOOD.replace("\n", end), encoding)
    assert [each.date.month for each in told.rows] == [1, 2, 3]
    assert told.rows[0].figures == {"users": 10, "revenue": None, "labels": 0}
    assert told.rows[2].others == {"team": "乙"}


def test_a_figure_changes_from_its_first_to_its_last_known_value(tmp_path):
    told = {each.name: each for each in read(tmp_path, GOOD).changes}
    assert (told["users"].first, told["users"].last, told["users"].relative) == (10, 40, 3.0)
    assert told["revenue"].first_date == dt.date(2026, 2, 1)
    assert told["revenue"].relative == pytest.approx(300.5 / 1200)
    assert (told["labels"].last, told["labels"].relative) == (300, None)


def test_the_latest_row_on_or_before_a_day_stands(tmp_path):
    told = read(tmp_path, GOOD)
    assert standing(told, dt.date(2025, 12, 31)) is None
    assert standing(told, dt.date(2026, 2, 1)).date == dt.date(2026, 2, 1)
    assert standing(told, dt.date(2026, 2, 28)).date == dt.date(2026, 2, 1)
    assert labels_on(told, dt.date(2026, 2, 28)) == 0
    assert labels_on(told, dt.date(2026, 3, 1)) == 300
    assert labels_on(told, dt.date(2025, 12, 31)) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1: date: there is no such column; name the columns in the first line, with commas between"),
        ("date;users\n2026-01-01;3\n", "1: date: there is no such column; name the columns in the first line, with commas between"),
        ("date,users,users\n", "1: users: the column stands twice; keep one"),
        ("date,,users\n", "1: column 2 has no name; give it one"),
        ("date,Users\n", "1: Users: unknown in this spelling; write 'users'"),
        ("date,users\n", " holds no row; write one line a date"),
        ("date,users\n2026-01-01,3\n2026-13-01,3\n", "3: date: '2026-13-01' is no date; write YYYY-MM-DD"),
        ("date,users\n20260101,3\n", "2: date: '20260101' is no date; write YYYY-MM-DD"),
        ("date,users\n2026-11-21,3\n", "2: date: 2026-11-21 is in the future; write what is known, not what is planned"),
        ("date,users\n2026-01-01,3\n\n2026-01-01,4\n", "4: date: 2026-01-01 stands already in line 2; keep one"),
        ('date,users\n2026-01-01,"1,234"\n', "2: users: '1,234' has thousands separators; write 1234"),
        ("date,users\n2026-01-01,1 234\n", "2: users: '1 234' has thousands separators; write 1234"),
        ('date,revenue\n2026-01-01,"-1，234.50"\n', "2: revenue: '-1，234.50' has thousands separators; write -1234.50"),
        ("date,users\n2026-01-01,1,234\n", "2: 3 cells for 2 columns; write numbers without commas"),
        ("date,users,labels\n2026-01-01,1\n", "2: 2 cells for 3 columns; fill it up"),
        ("date,satisfaction\n2026-01-01,45%\n", "2: satisfaction: '45%' is no number; write digits and a point, or leave it empty if not known"),
        ("date,users\n2026-01-01,nan\n", "2: users: 'nan' is no number; write digits and a point, or leave it empty if not known"),
        ("date,users\n2026-01-01,-3\n", "2: users: -3 is below zero; write a count"),
        ("date,labels\n2026-01-01,2.5\n", "2: labels: 2.5 is no whole number; count labelled examples"),
        ("date,labels\n2026-02-01,5\n2026-01-01,9\n", "2: labels: 5 after 9; write all labels made up to the date"),
        ('date,users\n2026-01-01,"3\n', "2: not CSV: unexpected end of data; check the quotes"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_its_place_and_what_to_do(tmp_path, text, told):
    with pytest.raises(UserError) as error:
        read(tmp_path, text)
    assert str(error.value) == f"{tmp_path / 'use.csv'}:{told}"


def test_a_file_in_another_encoding_is_refused(tmp_path):
    with pytest.raises(UserError, match="not UTF-8"):
        read(tmp_path, GOOD, "gb18030")
