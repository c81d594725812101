"""Items, materials, known answers and planted defects that stand in several files."""

import json

import pytest
import yaml

from bench.errors import SuiteError
from bench.suites.load import load
from tests.small_suite import item, written


def yaml_text(told):
    told = json.loads(json.dumps(told))  # a part that is used twice would become an anchor
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False)


def suite_with(folder, change=None, items=None, **parts):
    """A suite whose further files are named in `suite.yaml` by their stems."""

    def named(told):
        told.update({name: f"{name}.yaml" for name in parts})
        if change is not None:
            change(told)

    texts = {name: yaml_text(part) for name, part in parts.items()}
    return str(written(folder, items, named, **texts))


def complaint(path):
    with pytest.raises(SuiteError) as caught:
        load(path)
    return str(caught.value)


# Materials


def asking(number, **given):
    return {**item(number), "input": {"question": "q", **given}}


def test_items_take_materials_in_at_any_depth(tmp_path):
    given = {"source": {"material": "filing"}, "more": [{"text": {"material": "note"}}, "x"]}
    path = suite_with(
        tmp_path, items=[asking(1, **given)], materials={"filing": "甲\n", "note": "乙"}
    )
    assert load(path).items[0].input == {"question": "q", "source": "甲", "more": [{"text": "乙"}, "x"]}  # fmt: skip


def test_a_field_that_is_called_material_is_a_field_like_any_other(tmp_path):
    told = {"input": {"question": "q", "material": "steel"}}
    assert load(suite_with(tmp_path, items=[item(1) | told])).items[0].input == told["input"]


def test_a_mapping_of_existing_data_that_looks_like_a_material_stays_what_it_is(tmp_path):
    (tmp_path / "rows.json").write_text(json.dumps([{"q": "x", "part": {"material": "steel"}}]))
    fields = {"input": {"question": "q", "part": "part"}, "reference": {"answer": {"value": "42"}}}
    path = suite_with(
        tmp_path, change=lambda told: told.update(items={"data": "rows.json", "map": fields})
    )
    assert load(path).items[0].input["part"] == {"material": "steel"}


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("filling", "no material is called 'filling'; did you mean 'filing'?"),
        ("zzz", "no material is called 'zzz'; known: filing, note"),
        (["filing"], "no material is called '['filing']'; did you mean 'filing'?"),
    ],
)
def test_an_unknown_material_is_told_at_its_place_with_a_suggestion(tmp_path, name, what):
    items = [asking(1), asking(2, source={"material": name})]
    path = suite_with(tmp_path, items=items, materials={"filing": "甲", "note": "乙"})
    assert complaint(path) == f"{tmp_path}/items.jsonl:2:1: 1.input.source.material: {what}"


def test_materials_without_a_file_are_none(tmp_path):
    path = suite_with(tmp_path, items=[asking(1, source={"material": "filing"})])
    assert complaint(path).endswith("0.input.source.material: no material is called 'filing'")


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"a": "甲", "b": "  "}, "materials.yaml:2:1: b: a text is expected"),
        ({"a": None}, "materials.yaml:1:1: a: a text is expected"),
        ({"a": 3}, "materials.yaml:1:1: a: a text is expected"),
        (["甲"], "materials.yaml:1:1: a mapping of names to texts is expected"),
    ],
)
def test_a_material_is_a_name_and_a_text(tmp_path, told, what):
    assert complaint(suite_with(tmp_path, materials=told)) == f"{tmp_path}/{what}"


def test_a_material_stands_in_one_file(tmp_path):
    suite_with(tmp_path, one={"a": "甲"}, other={"b": "乙", "a": "丙"})
    path = suite_with(
        tmp_path, change=lambda told: told.update(materials=["one.yaml", "other.yaml"])
    )
    assert complaint(path) == (
        f"{tmp_path}/other.yaml:2:1: a: the material 'a' stands in another file already"
    )


# Items of several files


def in_two_files(folder, first, second):
    path = suite_with(
        folder, change=lambda told: told.update(items=["a.jsonl", "b.yaml"]), b=second
    )
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, first)), encoding="utf-8")
    (folder / "suite.yaml").write_text(
        (folder / "suite.yaml").read_text(encoding="utf-8").replace("\nb: b.yaml\n", "\n"),
        encoding="utf-8",
    )
    return path


def test_items_of_several_files_follow_each_other(tmp_path):
    suite = load(in_two_files(tmp_path, [item(1), item(2)], [item(3)]))
    assert [each.id for each in suite.items] == ["i1", "i2", "i3"]


def test_an_id_stands_once_over_all_files(tmp_path):
    path = in_two_files(tmp_path, [item(1), item(2)], [item(3), item(2)])
    line = (tmp_path / "b.yaml").read_text(encoding="utf-8").splitlines().index("- id: i2") + 1
    assert complaint(path) == (
        f"{tmp_path}/b.yaml:{line}:3: 1: the id 'i2' stands already in line 2 of a.jsonl"
    )


@pytest.mark.parametrize("part", ["items", "examples", "calibration", "planted"])
def test_a_file_of_a_part_holds_at_least_one_entry(tmp_path, part):
    path = suite_with(tmp_path, change=lambda told: told.update({part: "empty.yaml"}))
    (tmp_path / "empty.yaml").write_text("[]\n")
    what = "a list with at least one entry is expected"
    assert complaint(path) == f"{tmp_path}/empty.yaml:1:1: {what}"


def test_a_file_that_is_not_there_is_told_at_its_position(tmp_path):
    path = suite_with(tmp_path, change=lambda told: told.update(items=["items.jsonl", "gone.yaml"]))
    assert complaint(path).endswith("items.1: 'gone.yaml' is not there; put it beside suite.yaml")


# Known answers


def known(**more):
    return {"item": "i1", "answer": "42", "outcome": "accept", **more}


@pytest.mark.parametrize(
    ("told", "what"),
    [
        (known(item="i111"), "1.item: no item is called 'i111'; did you mean 'i11'?"),
        (known(labels={"rigth": "right"}), "1.labels.rigth: no scorer is called 'rigth'; did you mean 'right'?"),
        (known(labels={"right": "rihgt"}), "1.labels.right: 'right' never says 'rihgt'; did you mean 'right'?"),
    ],
)  # fmt: skip
def test_a_known_answer_speaks_of_what_is_there(tmp_path, told, what):
    assert complaint(suite_with(tmp_path, calibration=[known(), told])).endswith(what)


# Planted defects


def defect(mutation="no_mutation", **more):
    return {"defect": "d", "title": {"zh": "缺陷", "en": "defect"}, "mutation": mutation, **more}


REPLACE = {"replace": {"swaps": {"42": "43"}}}
INSERT = {"insert": {"texts": ["x"]}}


@pytest.mark.parametrize(
    ("told", "what"),
    [
        (defect("replac"), "mutation: no mutation is called 'replac'; did you mean 'replace'?"),
        (defect({"replace": {"swap": {"a": "b"}}}), "mutation.replace: swap: unknown key; did you mean 'swaps'? (and 1 more)"),
        (defect({"replace": {"swaps": {}}}), "mutation.replace: swaps: dictionary should have at least 1 item after validation, not 0, got {}"),
        (defect({"replace": {"swaps": {"(": "x"}}}), "mutation.replace: swaps: '(' is no regular expression: with 'x': missing ), unterminated subpattern at position 0"),
        (defect({"replace": {"swaps": {"a": r"\2"}}}), r"mutation.replace: swaps: 'a' is no regular expression: with '\2': invalid group reference 2 at position 1"),
        (defect({"insert": {"texts": ["x"], "after": "["}}), "mutation.insert: '[' is no regular expression: unterminated character set at position 0"),
        (defect({"state_trap": {"after": "["}}), "mutation.state_trap: '[' is no regular expression: unterminated character set at position 0"),
        (defect("insert"), "mutation: needs either texts or from_reference"),
        (defect({"insert": {"texts": ["x"], "from_reference": "y"}}), "mutation.insert: needs either texts or from_reference"),
        (defect({"insert": {"texts": ["x"], "field": "answer"}}), "mutation: field 'answer' is not in answer.fields"),
        (defect({"remove_field": {"field": "answer"}}), "mutation: field 'answer' is not in answer.fields"),
        (defect({"other_label": {"scorer": "rigth"}}), "mutation: no scorer is called 'rigth'; did you mean 'right'?"),
        (defect({"other_label": {"scorer": "right"}}), "mutation: 'right' judges no label; name a scorer that is a label or an ordinal"),
        (defect(REPLACE, caught={"right": "wrogn"}), "caught.right: 'right' never says 'wrogn'; did you mean 'wrong'?"),
        (defect(REPLACE, among={"kind": "a"}), "among.kind: no item has this tag"),
        (defect(REPLACE, at_least=0.9), "at_least below 1 needs because: why the rest is not seen"),
        (defect(REPLACE, outcomes=["right"]), "outcomes.0: input should be 'accept', 'edit', 'redo' or 'harm', got 'right'"),
        (defect(INSERT), "the defect 'd' stands twice"),
    ],
)  # fmt: skip
def test_a_planted_defect_asks_only_for_what_the_suite_has(tmp_path, told, what):
    first = defect(REPLACE) | ({} if told["mutation"] == INSERT else {"defect": "first"})
    message = complaint(suite_with(tmp_path, planted=[first, told]))
    place, told_what = message.split(": 1.", 1) if ": 1." in message else message.split(": 1: ", 1)
    assert place.startswith(f"{tmp_path}/planted.yaml:")
    assert told_what == what


def test_a_suite_holds_the_mutation_of_every_defect(tmp_path):
    suite = load(suite_with(tmp_path, planted=[defect(REPLACE), defect(INSERT) | {"defect": "e"}]))
    assert [each.defect for each in suite.planted] == list(suite.mutations) == ["d", "e"]
    assert suite.mutations["d"].swaps == {"42": "43"}
