import itertools
import json
import re
from collections import Counter

import pytest

from bench.errors import SuiteError
from bench.suites.arithmetic import disagreement, operands
from bench.suites.load import load
from bench.suites.locate import suite_names
from bench.suites.prompt import messages
from bench.suites.texts import texts
from bench.suites.variation import variation_problem, varied, with_twins
from bench.types import Item, Variation
from tests.small_suite import written

SUITES = {name: load(name) for name in suite_names()}
SEEDS = range(20)
VARIABLE = {
    name: [item for item in suite.items if item.variation is not None]
    for name, suite in SUITES.items()
}


def item(variation, reference=None, **given):
    return Item(
        id="a",
        cluster="c",
        input=given or {"source": "甲公司收入1,200.5万元，成本800万元。", "rows": ["甲公司", "乙公司"]},
        reference=reference
        or {"answer": "400.5万元", "formula": "1,200.5 - 800", "other_periods": {"上年": "300万元"}},
        variation=variation,
    )  # fmt: skip


# The built-in suites


@pytest.fixture(scope="module", params=[name for name, items in VARIABLE.items() if items])
def twins(request):
    """A suite, and its variable items with the twins that twenty seeds draw."""
    return SUITES[request.param], [
        (each, [varied(each, seed) for seed in SEEDS]) for each in VARIABLE[request.param]
    ]


def test_every_item_that_may_vary_has_a_twin_that_loads_and_is_asked(twins):
    suite, pairs = twins
    for original, several in pairs:
        for twin in several:
            assert Item.model_validate(twin.model_dump()) == twin
            assert twin.id == f"{original.id}.varied"
            assert twin.input.keys() == original.input.keys()
            folder = suite.path.parent
            assert messages(suite.file.prompt, twin, folder) != messages(
                suite.file.prompt, original, folder
            )


def test_every_scorer_accepts_the_reference_of_every_twin(twins):
    suite, pairs = twins
    for _, several in pairs:
        for twin in several:
            for scorer in suite.scorers.values():
                assert scorer.problem(twin) is None, twin.id


def test_a_twin_with_other_numbers_has_another_answer_that_its_formula_gives(twins):
    _, pairs = twins
    for original, several in pairs:
        for twin in several if original.variation.numbers else ():
            told = twin.reference
            assert told["answer"] != original.reference["answer"]
            assert disagreement(told["formula"], told["answer"]) is None, twin.id
            assert not {"other_periods", "other_entities"} & told.keys()


def whole(text):
    """`text` where it is no part of a longer number or word."""
    return rf"(?<![A-Za-z0-9.,]){re.escape(text)}(?![A-Za-z0-9]|[.,][0-9])"


def put_back(original, twin):
    """The twin's input with the old names and numbers."""
    swapped = {
        new: old
        for old, alternatives in original.variation.swap.items()
        for new in alternatives
        if new in json.dumps(twin.input, ensure_ascii=False)
    }
    formulas = [operands(str(each.reference.get("formula", ""))) for each in (twin, original)]
    renumbered = {new: old for new, old in zip(*formulas, strict=True) if new != old}
    text = json.dumps(twin.input, ensure_ascii=False)
    for new, old in swapped.items():
        text = text.replace(new, old)
    for new, old in renumbered.items():
        text = re.sub(whole(new), old, text)
    return json.loads(text)


def test_a_twin_differs_in_names_and_numbers_alone_and_keeps_none_of_the_old_ones(twins):
    _, pairs = twins
    for original, several in pairs:
        if original.variation.order:
            continue
        for twin in several[:5]:
            assert put_back(original, twin) == original.input, twin.id
            left = json.dumps([twin.input, twin.reference], ensure_ascii=False)
            for old in original.variation.swap:
                assert old not in left, twin.id


def test_the_same_seed_draws_the_same_twin_and_other_seeds_others(twins):
    _, pairs = twins
    for original, several in pairs:
        assert varied(original, 7) == several[7]
        different = {json.dumps([each.input, each.reference]) for each in several}
        assert len(different) >= (10 if original.variation.numbers else 2), original.id


def test_every_item_is_followed_by_its_twin_under_an_id_of_its_own(twins):
    suite, _ = twins
    both = with_twins(suite.items, 3)
    assert len({each.id for each in both}) == len(both)
    assert [each.id for each in both if not each.id.endswith(".varied")] == [
        each.id for each in suite.items
    ]
    for before, after in itertools.pairwise(both):
        if after.id.endswith(".varied"):
            assert after.id == f"{before.id}.varied"
            assert (before.tags["wording"], after.tags["wording"]) == ("as_written", "varied")
            assert before.cluster == after.cluster


# What is particular


def test_numbers_change_everywhere_and_the_answer_follows():
    twin = varied(item({"numbers": ["1,200.5"]}), 0)
    new, fixed = operands(twin.reference["formula"])
    assert fixed == "800"
    assert re.fullmatch(r"[\d,]+\.\d", new)
    assert twin.input["source"] == f"甲公司收入{new}万元，成本800万元。"
    assert twin.reference["answer"] == f"{float(new.replace(',', '')) - 800:,.1f}万元"


def test_a_number_that_stands_as_a_number_stays_one():
    given = {"rows": [{"cost": 800, "share": 2.5, "is_open": True}], "text": "成本800元，占2.5%"}
    twin = varied(item({"numbers": ["800", "2.5"]}, {"answer": "20", "formula": "800 * 2.5 / 100"}, **given), 0)  # fmt: skip
    cost, share = operands(twin.reference["formula"])[:2]
    assert twin.input == {
        "rows": [{"cost": int(cost), "share": float(share), "is_open": True}],
        "text": f"成本{cost}元，占{share}%",
    }


def test_names_change_everywhere_in_the_input_and_the_reference_but_fields_keep_theirs():
    told = {"answer": "甲公司", "by": {"甲公司": "甲公司的数"}, "甲公司": 1}
    twin = varied(item({"swap": {"甲公司": ["丙公司"]}}, told), 0)
    assert twin.reference == {"answer": "丙公司", "by": {"丙公司": "丙公司的数"}, "甲公司": 1}
    assert twin.input["rows"] == ["丙公司", "乙公司"]


def test_a_latin_name_is_not_replaced_inside_a_word():
    twin = varied(item({"swap": {"Ann": ["Eve"]}}, {"answer": "x"}, text="Ann's Annual, by Ann"), 0)
    assert twin.input["text"] == "Eve's Annual, by Eve"


def test_alternatives_at_the_same_place_belong_together():
    swap = {"甲科技公司": ["丙贸易公司", "丁银行"], "甲科": ["丙贸", "丁行"]}
    seen = {
        varied(item({"swap": swap}, {"answer": "x"}, text="甲科技公司（甲科）"), seed).input["text"]
        for seed in SEEDS
    }
    assert seen == {"丙贸易公司（丙贸）", "丁银行（丁行）"}


def test_items_of_a_cluster_draw_the_same_names_and_numbers_of_their_own():
    how = {"swap": {"甲公司": ["丙公司", "丁公司", "戊公司"]}, "numbers": ["1,200.5"]}
    one = item(how)
    other = one.model_copy(update={"id": "b"})
    for seed in SEEDS:
        first, second = varied(one, seed).input, varied(other, seed).input
        assert first["rows"] == second["rows"]
        assert first["source"] != second["source"]


def test_another_order_keeps_the_entries():
    rows = [{"n": number} for number in range(2)]
    for seed in SEEDS:
        twin = varied(item({"order": ["rows"]}, {"answer": "x"}, rows=rows), seed)
        assert twin.input["rows"] == rows[::-1]
    many = list("abcabc")
    twin = varied(item({"order": ["rows"]}, {"answer": "x"}, rows=many), 1)
    assert Counter(twin.input["rows"]) == Counter(many)
    assert varied(item({"order": ["rows"]}, {"answer": "x"}, rows=["a", "a"]), 1) is None


@pytest.mark.parametrize("variation", [None, {}])
def test_an_item_that_says_nothing_has_no_twin(variation):
    assert varied(item(variation), 0) is None


SOURCE = {
    "source": "甲公司收入1,200.5万元，即1200.5万元，成本800万元，乙公司另计。",
    "rows": ["甲公司"],
}
GOLD = {"answer": "400.5万元", "formula": "1,200.5 - 800", "note": "丙公司"}
WRONG = [
    ({"swap": {"戊公司": ["丁公司"]}}, {}, "swap: '戊公司' does not stand in the input"),
    ({"swap": {"丙公司": ["丁公司"]}}, {}, "swap: '丙公司' does not stand in the input"),
    ({"swap": {"甲公司": []}}, {}, "swap: '甲公司' needs alternatives that stand nowhere in its item"),
    ({"swap": {"甲公司": ["乙公司"]}}, {}, "swap: '甲公司' needs alternatives that stand nowhere in its item"),
    ({"swap": {"甲公司": ["丙公司"]}}, {}, "swap: '甲公司' needs alternatives that stand nowhere in its item"),
    ({"swap": {"甲公司": ["新甲公司"]}}, {}, "swap: '甲公司' needs alternatives that stand nowhere in its item"),
    ({"swap": {"甲公司": ["丁公司"], "乙公司": ["丁公司"]}}, {}, "swap: '丁公司' would stand for two texts at once"),
    ({"numbers": ["500"]}, {}, "numbers: '500' is no operand of reference.formula"),
    ({"numbers": ["800"]}, {"formula": None}, "numbers: '800' is no operand of reference.formula"),
    ({"numbers": ["700"]}, {"formula": "1,200.5 - 700"}, "numbers: '700' does not stand in the input"),
    ({"numbers": ["1,200.5"]}, {}, "numbers: '1,200.5' stands in the input as 1200.5, too; write it one way"),
    ({"numbers": ["800"]}, {"answer": "不足五百万元"}, "numbers: reference.answer does not begin with a number"),
    ({"numbers": ["800"]}, {"formula": "800 * 0", "answer": "0"}, "numbers: no change leads to a new answer"),
    ({"order": ["source"]}, {}, "order: input.source is no list"),
    ({"order": ["nothing"]}, {}, "order: input.nothing is no list"),
]  # fmt: skip


@pytest.mark.parametrize(("variation", "gold", "what"), WRONG)
def test_a_variation_that_cannot_be_drawn_is_one_line_at_its_place(tmp_path, variation, gold, what):
    told = {
        "id": "a",
        "cluster": "c",
        "input": {"question": "q", **SOURCE},
        "reference": {**GOLD, **gold},
        "variation": variation,
    }
    written(tmp_path, [told])
    with pytest.raises(SuiteError) as caught:
        load(str(tmp_path))
    assert str(caught.value) == f"{tmp_path}/items.jsonl:1:1: 0.variation: item 'a': {what}"


def variable(number, **more):
    return {
        "id": f"i{number}",
        "cluster": f"c{number}",
        "input": {"question": f"question {number}?"},
        "reference": {"answer": "42"},
        "variation": {"swap": {"question": ["puzzle", "riddle"]}},
        **more,
    }


def test_a_suite_loads_with_the_twins_of_a_seed_and_a_slice_that_tells_them_apart(tmp_path):
    path = str(written(tmp_path, [variable(1), variable(2, variation=None)]))
    suite = load(path, 5)
    assert [each.id for each in suite.items] == ["i1", "i1.varied", "i2"]
    assert suite.vary == 5
    assert suite.file.slices["wording"].shifted == ["varied"]
    plain = load(path)
    assert (plain.vary, plain.file.slices) == (None, {})
    changed = {part for part in plain.digests if plain.digests[part] != suite.digests[part]}
    assert changed == {"items"}


def test_how_items_may_vary_is_no_other_suite(tmp_path):
    with_it = load(str(written(tmp_path / "a", [variable(1)])))
    without = load(str(written(tmp_path / "b", [variable(1, variation=None)])))
    assert with_it.digests == without.digests


def test_a_suite_without_variation_has_no_seed_of_twins(tmp_path):
    path = str(written(tmp_path))
    assert (load(path, 5).vary, load(path, 5).digests) == (None, load(path).digests)


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"id": "i1.varied", "variation": None}, "--vary needs the id 'i1.varied' for a twin; call that item otherwise"),
        ({"tags": {"wording": "plain"}}, "--vary tags items with 'wording'; call the suite's own tag otherwise"),
    ],
)  # fmt: skip
def test_a_name_that_twins_need_is_refused_only_when_they_are_asked_for(tmp_path, other, what):
    path = str(written(tmp_path, [variable(1), variable(2, **other)]))
    assert len(load(path).items) == 2
    with pytest.raises(SuiteError) as caught:
        load(path, 0)
    assert str(caught.value) == f"{tmp_path}/suite.yaml:1:1: {what}"


def test_texts_are_found_at_every_depth_and_numbers_with_them():
    told = {"a": ["x", {"b": 3.5, "c": None, "d": True}], "e": 12}
    assert list(texts(told)) == ["x", "3.5", "12"]


def test_an_alternative_may_not_be_the_name_of_another_field():
    item = Item(
        id="i", cluster="c", input={"rows": {"甲公司": "甲公司1", "乙公司": "2"}},
        variation=Variation(swap={"甲公司": ["乙公司"]}),
    )  # fmt: skip
    assert (
        variation_problem(item)
        == "swap: '甲公司' needs alternatives that stand nowhere in its item"
    )
