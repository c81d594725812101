import json
import sys
from types import SimpleNamespace

import pytest

from bench.errors import SuiteError
from bench.suites.data import map_names
from bench.suites.data_model import HuggingFace
from bench.suites.hub import read_hub
from bench.suites.load import load
from tests.small_suite import written

MAP = {
    "id": "no",
    "input": {"question": "question"},
    "reference": {"answer": "answer"},
    "tags": {"kind": "kind"},
}
CSV = "no,question,answer,kind\n007,What?,42,1\n8,Why?,43,2\n"


def suite(folder, text=CSV, name="data.csv", **told):
    """A suite whose items come from a file of this text; `told` is put into `items:`."""
    items = {"data": name, "map": MAP} | told
    path = written(folder, change=lambda each: each.update(items=items))
    if text is not None:
        (folder / name).write_text(text, encoding="utf-8")
    return path


def items(folder, *arguments, **told):
    return load(str(suite(folder, *arguments, **told))).items


def test_rows_of_a_table_become_items(tmp_path):
    first, second = items(tmp_path)
    assert (first.id, first.cluster, first.input) == ("007", "007", {"question": "What?"})
    assert (first.reference, first.tags) == ({"answer": 42}, {"kind": "1"})
    assert (second.id, second.served_today, second.worth) == ("8", True, None)


def test_ids_are_made_safe_and_unique_and_counted_where_there_are_none(tmp_path):
    text = "no,question,answer,kind\na/b,1?,1,x\na b,2?,1,x\n,3?,1,x\n0,4?,1,x\n"
    assert [each.id for each in items(tmp_path / "a", text)] == ["a-b", "a-b-2", "3", "0"]
    unnamed = {name: each for name, each in MAP.items() if name != "id"}
    assert [each.id for each in items(tmp_path / "b", text, map=unnamed)] == ["1", "2", "3", "4"]


def test_several_files_are_read_one_after_the_other(tmp_path):
    (tmp_path / "more.jsonl").write_text(
        '{"no": 9, "question": "Who?", "answer": "44", "kind": null}'
    )
    tags = {"kind": {"column": "kind", "missing": None}}
    found = items(tmp_path, data=["data.csv", "more.jsonl", "data.csv"], map=MAP | {"tags": tags})
    assert [each.id for each in found] == ["007", "8", "9", "007-2", "8-2"]
    assert found[2].tags == {}


def test_entries_of_a_record_share_its_cluster(tmp_path):
    record = {"questions": [{"question": f"{n}?"} for n in range(2)], "answer": 1}
    fields = {
        "each": "questions",
        "input": {"question": "question"},
        "reference": {"answer": "answer"},
    }
    text = json.dumps([record, {"questions": [], "answer": 2}, record])
    found = items(tmp_path, text, "data.json", map=fields)
    assert [each.id for each in found] == ["1-1", "1-2", "3-1", "3-2"]
    assert [each.cluster for each in found] == ["1", "1", "3", "3"]


def test_a_record_may_say_what_a_case_is_worth_and_whether_it_is_served_today(tmp_path):
    served = {"column": "kind", "names": {"1": True, "2": False}}
    first, second = items(tmp_path, map=MAP | {"worth": "answer", "served_today": served})
    assert (first.worth, first.served_today) == (42, True)
    assert (second.worth, second.served_today) == (43, False)


def test_where_and_limit_choose_records(tmp_path):
    text = CSV + "9,Who?,44,2\n10,When?,45,2\n"
    mine = MAP | {"where": {"kind": ["2"]}}
    assert [each.id for each in items(tmp_path, text, map=mine, limit=2)] == ["8", "9"]
    both = {"answer": ["44", "45", "42"]}
    assert [each.id for each in items(tmp_path, text, map=mine, where=both)] == ["9", "10"]
    assert [each.id for each in items(tmp_path, text, limit=1)] == ["007"]


def test_data_may_lie_outside_the_suite_s_folder(tmp_path, monkeypatch):
    (tmp_path / "data.csv").write_text(CSV)
    monkeypatch.setenv("OUR_DATA", str(tmp_path))
    for number, name in enumerate(("../data.csv", f"{tmp_path}/data.csv", "${OUR_DATA}/data.csv")):
        assert len(items(tmp_path / str(number), None, data=name)) == 2


def test_a_field_of_data_that_says_material_is_only_a_field(tmp_path):
    rules = {"rules": {"value": {"material": "law"}}}
    path = suite(tmp_path, map=MAP | {"input": MAP["input"] | rules})
    path.write_text(path.read_text(encoding="utf-8") + "materials: texts.yaml\n", encoding="utf-8")
    (tmp_path / "texts.yaml").write_text("law: Be fair.\n")
    assert [each.input["rules"] for each in load(str(path)).items] == [{"material": "law"}] * 2


def test_other_data_make_another_digest(tmp_path):
    path = suite(tmp_path)
    before = load(str(path)).digests
    (tmp_path / "data.csv").write_text(CSV.replace("43", "44"))
    after = load(str(path)).digests
    assert {part for part in before if before[part] != after[part]} == {"items"}


LINE = '{"no": 1, "question": "q", "answer": %s, "kind": "k"}\n'
TAGS = {"tags": {"kind": {"template": "{{ knid }}"}}}


@pytest.mark.parametrize(
    ("name", "text", "told", "line"),
    [
        ("d.csv", CSV.replace("question", "qestion"), {}, "d.csv:2:1: 0.input.question: no column 'question'; did you mean 'qestion'?"),
        ("d.csv", CSV.replace("43", ""), {}, "d.csv:3:1: 1.reference.answer: column 'answer' is empty; say what stands in for it: missing: VALUE"),
        ("d.jsonl", LINE % 1 + "\n" + LINE % "null", {}, "d.jsonl:3:1: 1.reference.answer: column 'answer' is empty; say what stands in for it: missing: VALUE"),
        ("d.jsonl", LINE % '""', {}, "d.jsonl:1:1: 0.reference: item '1', right: reference.answer is missing"),
        ("d.json", "[\n1]", {}, "d.json:2:1: 0: a record is a mapping of columns to values"),
        ("d.csv", CSV, {"map": MAP | TAGS}, "d.csv:2:1: 0.tags.kind: the template fails: 'knid' is undefined"),
        ("d.csv", CSV, {"map": MAP | {"each": "question"}}, "d.csv:2:1: 0.each: column 'question' holds no list"),
        ("d.csv", CSV, {"map": MAP | {"worth": "question"}}, "d.csv:2:1: 0.worth: a number expected, got 'What?' (and 1 more)"),
        ("d.csv", CSV, {"where": {"kinds": ["1"]}}, "d.csv:2:1: 0.where: no column 'kinds'; did you mean 'kind'?"),
        ("d.csv", CSV, {"where": {"kind": ["3"]}}, "suite.yaml:69:1: items: no record is left to become an item"),
        ("d.csv", "", {}, "suite.yaml:69:1: items: no record is left to become an item"),
        ("d.csv", None, {}, "suite.yaml:70:3: items.data: there is no file FOLDER/d.csv"),
        ("d.csv", CSV, {"data": ["d.csv", "e.csv"]}, "suite.yaml:72:5: items.data.1: there is no file FOLDER/e.csv"),
        ("d.csv", CSV, {"data": "${NOT_SET_ANYWHERE}/d.csv"}, "suite.yaml:70:3: items.data: the environment variable NOT_SET_ANYWHERE is not set; export it"),
        ("d.csv", CSV, {"data": None}, "suite.yaml:70:3: items.data: text expected, got nothing; put it in quotes (and 2 more)"),
        ("d.csv", CSV, {"map": "tatq"}, "suite.yaml:71:3: items.map: no map is called 'tatq'; did you mean 'tatqa'?"),
        ("d.csv", CSV, {"map": MAP | {"id": {"colum": "no"}}}, "suite.yaml:73:7: items.map.id.colum: unknown key; did you mean 'column'?"),
        ("d.csv", CSV, {"map": MAP | {"id": {"names": {}}}}, "suite.yaml:72:5: items.map.id: needs exactly one of column, template and value"),
        ("d.csv", CSV, {"limit": 0}, "suite.yaml:79:3: items.limit: input should be greater than 0, got 0"),
        ("d.csv", CSV, {"lmit": 1}, "suite.yaml:79:3: items.lmit: unknown key; did you mean 'limit'?"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_data_or_its_map_is_one_line_at_its_place(
    tmp_path, name, text, told, line
):
    with pytest.raises(SuiteError) as caught:
        items(tmp_path, text, name, **told)
    assert str(caught.value) == f"{tmp_path}/{line}".replace("FOLDER", str(tmp_path))


ORIGINAL = {
    "tatqa_original": {
        "table": {"uid": "t1", "table": [["", "2019"], ["Other", "44.1"]]},
        "paragraphs": [{"uid": "p1", "order": 1, "text": "Sales."}, {"uid": "p2", "order": 2, "text": "More."}],
        "questions": [
            {"uid": "q1", "question": "Change?", "answer": -12.6, "derivation": "44.1-56.7", "answer_type": "arithmetic", "scale": "million"},
            {"uid": "q2", "question": "Which?", "answer": ["a", "b"], "derivation": "", "answer_type": "multi-span", "scale": ""},
        ],
    },
    "finqa_original": {
        "id": "ADI/2009/page_49.pdf-1",
        "pre_text": ["Before."],
        "post_text": ["After."],
        "table": [["", "2009"], ["rate", "4 %"]],
        "qa": {"question": "How much?", "program": "divide(100, 100)", "exe_ans": 3.8},
    },
    "instruction": {"instruction": "Add.", "input": None, "output": "3"},
}  # fmt: skip


def original(folder, name):
    path = suite(folder, json.dumps([ORIGINAL[name]]), "data.json", map=name)
    path.write_text(path.read_text().replace("{{ question }}", "-"))
    return load(str(path)).items


def test_a_table_with_questions_is_read_as_its_authors_publish_it(tmp_path):
    first, second = original(tmp_path, "tatqa_original")
    assert (first.id, first.cluster, second.id, second.cluster) == ("q1", "t1", "q2", "t1")
    assert first.input["question"] == "Change?"
    assert [line.strip() for line in first.input["context"].splitlines()] == ["| 2019", "Other | 44.1", "", "Sales.", "More."]  # fmt: skip
    assert first.reference == {"answer": "-12.6 million", "told": -12.6, "scale": "million", "derivation": "44.1-56.7"}  # fmt: skip
    assert second.reference["answer"] == "a; b"
    assert second.tags == {"answer_type": "multi-span", "scale": "none"}


def test_a_page_of_a_report_is_read_as_its_authors_publish_it(tmp_path):
    (item,) = original(tmp_path, "finqa_original")
    assert (item.id, item.cluster) == ("ADI-2009-page_49.pdf-1", "ADI/2009/page_49.pdf")
    assert item.input["context"].splitlines() == ["Before.", "", " | 2009", "rate | 4 %", "", "After."]  # fmt: skip
    assert item.reference == {"answer": "3.8", "program": "divide(100, 100)"}


def test_an_instruction_may_have_no_input(tmp_path):
    (item,) = original(tmp_path, "instruction")
    assert (item.id, item.input) == ("1", {"instruction": "Add.", "input": ""})
    assert item.reference == {"answer": "3"}


def test_the_built_in_maps_are_named():
    assert set(map_names()) == {
        *ORIGINAL, "tatqa", "finqa", "convfinqa", "ktas", "vcsum", "qmsum",
    }  # fmt: skip


ROWS = [{"no": 7, "question": "What?", "answer": "42", "kind": "k", "pair": (1, 2)}]


def hub(rows=ROWS, error=None):
    """What stands in for the package: it remembers how it was asked."""
    asked = []

    def load_dataset(*arguments, **options):
        asked.append((arguments, options))
        if error is not None:
            raise error
        return rows

    return SimpleNamespace(load_dataset=load_dataset, asked=asked, __spec__=None)


def test_a_set_of_the_hub_is_asked_for_by_name():
    library = hub()
    found = read_hub(HuggingFace(name="org/set", split="test", revision="abc"), library)
    assert library.asked == [(("org/set", None), {"split": "test", "revision": "abc"})]
    assert found.data == [ROWS[0] | {"pair": [1, 2]}]
    assert (str(found.path), found.place((0,)).line) == ("org/set", 1)


def test_a_set_of_the_hub_becomes_a_suite(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", hub())
    (item,) = items(tmp_path, None, data={"name": "org/set", "split": "test"})
    assert (item.id, item.reference) == ("7", {"answer": "42"})


def test_a_row_of_the_hub_that_is_no_item_is_named_by_its_number(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", hub([*ROWS, {"no": 8}]))
    with pytest.raises(SuiteError) as caught:
        items(tmp_path, None, data={"name": "org/set", "split": "test"})
    assert str(caught.value) == "org/set:2:1: 1.input.question: no column 'question'; known: no"


@pytest.mark.parametrize(
    ("library", "told"),
    [
        (None, "sets of the hub need datasets; install it with: pip install 'industry-bench[huggingface]'"),
        (hub(error=ValueError("Unknown split\n'tset'")), "the hub gives no 'org/set': ValueError: Unknown split 'tset'"),
        (hub(error=ConnectionError("offline")), "the hub gives no 'org/set': ConnectionError: offline"),
    ],
)  # fmt: skip
def test_a_hub_that_cannot_be_asked_is_one_line(tmp_path, monkeypatch, library, told):
    monkeypatch.setitem(sys.modules, "datasets", library)
    with pytest.raises(SuiteError) as caught:
        items(tmp_path, None, data={"name": "org/set", "split": "test"})
    assert str(caught.value) == f"{tmp_path}/suite.yaml:70:3: items.data: {told}"
