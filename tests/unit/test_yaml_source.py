import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.errors import SuiteError
from bench.files.yaml_source import read_jsonl, read_yaml


def parsed(folder, text):
    path = folder / "a.yaml"
    path.write_text(text, encoding="utf-8")
    return read_yaml(path)


@pytest.mark.parametrize(
    "text", ["NO", "yes", "on", "012", "0o17", "0x1F", "12:30", "1:30:00", "2024-01-05", ".nan", ".inf", "1_000", "+5", "1.", "True"]
)  # fmt: skip
def test_what_yaml_1_1_would_change_stays_the_text_that_was_typed(tmp_path, text):
    assert parsed(tmp_path, f"a: {text}\n").data == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-3", -3),
        ("2.5", 2.5),
        ("1e3", 1000.0),
        ("true", True),
        ("null", None),
        ("", None),
        ('"5"', "5"),
    ],
)
def test_what_json_would_call_a_value_is_one(tmp_path, text, value):
    assert parsed(tmp_path, f"a: {text}\n").data == {"a": value}


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("a: 1\nb: 2\na: 3\n", "a.yaml:3:1", "the key 'a' stands already in line 1"),
        ("a: &x [1]\nb: *x\n", "a.yaml:1:4", "anchors and aliases"),
        ("a: !!python/object/apply:os.system [x]\n", "a.yaml:1:4", "the tag"),
        ("a: !secret x\n", "a.yaml:1:4", "the tag"),
        ("a: [1\n", "a.yaml:2:1", "not YAML"),
        ("a: 1\n---\nb: 2\n", "a.yaml:2:1", "another document"),
        ("a: " + "9" * 5000 + "\n", "a.yaml:1:4", "5000 digits"),
        ("? [a]\n: 1\n", "a.yaml:1:3", "a key must be plain text"),
    ],
)
def test_a_refusal_names_file_line_and_column(tmp_path, text, where, what):
    with pytest.raises(SuiteError, match=what) as caught:
        parsed(tmp_path, text)
    assert where in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "], ids=["list", "mapping", "items", "keys"])  # fmt: skip
@pytest.mark.parametrize("depth", [201, 20_000, 200_000])
def test_deep_nesting_is_one_line_not_a_crash(tmp_path, opening, depth):
    """Where the stack ends, C code ends the process and no exception is raised."""
    closing = {"[": "]", "{a: ": "}"}.get(opening, "") * depth
    with pytest.raises(SuiteError, match="nested too deeply"):
        parsed(tmp_path, f"{opening * depth}x{closing}")


def test_two_hundred_levels_are_read(tmp_path):
    data = parsed(tmp_path, "[" * 200 + "]" * 200).data
    for _ in range(199):
        (data,) = data
    assert data == []


def test_bytes_that_are_no_utf8_are_refused(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"a: \xff\xfe\n")
    with pytest.raises(SuiteError, match="not UTF-8 at byte 3"):
        read_yaml(tmp_path / "a.yaml")


def test_every_value_knows_its_place(tmp_path):
    source = parsed(tmp_path, "a:\n  b:\n    - 1\n    - {c: 2}\n")
    assert source.place(("a", "b", 1, "c")) == (4, 8)
    assert str(source.error(("a", "b", 0), "wrong")).endswith("a.yaml:3:7: a.b.0: wrong")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ('{"a": NaN}', "NaN is no number"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_json_line_is_refused_with_its_number(tmp_path, line, what):
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 0}\n\n' + line + "\n")
    with pytest.raises(SuiteError, match=what) as caught:
        read_jsonl(path)
    assert "a.jsonl:3:" in str(caught.value)


@given(st.text(max_size=200))
def test_no_text_ends_in_anything_but_data_or_one_line(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("y") / "a.yaml"
    path.write_text(text, encoding="utf-8", errors="replace", newline="")
    try:
        message = f"{path}:{read_yaml(path)}"
    except SuiteError as error:
        message = str(error)
    assert message.startswith(f"{path}:")
