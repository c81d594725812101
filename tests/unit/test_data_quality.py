import json
import time
from datetime import date

import pytest

from bench.checking.quality import age, balance, copies
from bench.checking.quality.difficulty import reading, spread
from bench.checking.quality.privacy import found_in, personal_data
from bench.suites.load import load
from tests.small_suite import item, written


def suite_of(folder, inputs=(), change=None, **more):
    """A suite with an item for every input; `more` are fields of the items, a list for all of them."""
    items = [
        item(number, f"answer {number}")
        | {"input": {"question": f"no. {number}: ?", **given}}
        | {name: told[number] for name, told in more.items()}
        for number, given in enumerate(inputs)
    ]
    return load(str(written(folder, items or None, change)))


def told(findings):
    return [(each.kind, f"{each.check}: {each.text}") for each in findings]


# Personal data

ID = "11010519491231002X"  # the example of GB 11643-1999


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"身份证{ID}。", "an identity number"),
        (f"身份证{ID.lower()}", "an identity number"),
        ("身份证110105194912310020", None),  # wrong check digit
        (f"编号1{ID}", None),  # part of a longer number
        ("电话13812345678。", "a mobile number"),
        ("Call 13812345678.", "a mobile number"),
        ("电话 138-1234-5678", "a mobile number"),
        ("+86 138 1234 5678", "a mobile number"),
        ("电话12812345678", None),  # no such prefix
        ("流水号213812345678", None),
        ("合计13812345678元", None),
        ("利率0.13812345678", None),
        ("6217 0000 0000 0000 003", None),
        ("4111 1111 1111 1111", "a card number"),
        ("4111-1111-1111-1111", "a card number"),
        ("4111111111111111", "a card number"),
        ("4111 1111 1111 1112", None),  # wrong check digit
        ("1111 1111 1111 1117", None),  # no card begins so
        ("5555 5555 5555 5555", None),
        ("2019 2020 2021 2022", None),
        ("写信到wang.wei@qq.com为准", "a mail address"),
        ("wang@notexample.com", "a mail address"),
        ("wang@example.com，", None),
        ("wang@mail.Example.org", None),
        ("wang@firm.example", None),
        ("wang@firm.invalid.", None),
        ("@某人", None),
    ],
)
def test_only_what_could_belong_to_a_living_person_is_personal(text, kind):
    assert [found for found, _ in found_in(text)] == ([] if kind is None else [kind])


def test_a_long_word_is_searched_for_addresses_in_linear_time():
    start = time.perf_counter()
    assert not list(found_in("a" * 100_000))
    assert time.perf_counter() - start < 2


def test_personal_data_is_found_in_inputs_references_and_numbers_and_not_shown_whole(tmp_path):
    given = [{"phone": 13812345678}, {}, {"who": "x"}]
    references = [{"answer": "1"}, {"answer": f"是{ID}"}, {"answer": "3"}]
    suite = suite_of(tmp_path, given, reference=references)
    assert told(personal_data(suite)) == [
        ("wrong", "personal data: 'i0' holds a mobile number: 138…"),
        ("wrong", "personal data: 'i1' holds an identity number: 110105…"),
    ]


# Dates

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2019年", 2019),
        ("2019-05-01", 2019),
        ("2019.5.1", 2019),
        ("2019/5/1", 2019),
        ("国办发〔2019〕5号", 2019),
        ("国办发[2019]5号", 2019),
        ("the 2019 annual report", 2019),
        ("fiscal 2019", 2019),
        ("fiscal year 2019", 2019),
        ("FY2019", 2019),
        ("December 31, 2019", 2019),
        ("March 2019", 2019),
        ("合计2019.5万元", None),
        ("2019元", None),
        ("1,2019年", None),
        ("2019/5的配比", None),
    ],
)
def test_an_item_is_as_old_as_the_latest_year_that_it_names(tmp_path, text, year):
    found = told(age.stale_dates(suite_of(tmp_path, [{"text": text}]), TODAY))
    assert found == ([] if year is None else [("note", "dates: nothing after 2021 in 1 items: i0")])


def test_an_item_with_one_year_of_late_is_not_stale(tmp_path):
    given = [{"text": "2019年至2022年"}, {"text": "2010年"}, {"text": "没有年份"}]
    found = told(age.stale_dates(suite_of(tmp_path, given), TODAY))
    assert found == [("note", "dates: nothing after 2021 in 1 items: i1")]


def test_a_year_that_nobody_plans_for_is_told(tmp_path):
    found = told(
        age.stale_dates(suite_of(tmp_path, [{"text": "2056年"}, {"text": "2057年"}]), TODAY)
    )
    assert found == [("note", "dates: 'i1' speaks of 2057")]


# Copies and leaks

LONG = (
    "某市第三中学今年新建一栋实验楼，总面积四千五百平方米，投资两千三百万元，九月开工，"
    "工期十四个月，由市建设集团承担。"
)
"""57 characters, hence 53 runs of five; one character stands in five of them."""


def items_with(*texts):
    return [{"source": text} for text in texts]


def written_items(folder, texts, change=None, **more):
    """Items whose input is the text alone."""
    items = [
        {"id": f"i{n}", "cluster": f"c{n}", "input": {"question": text}, "reference": {"answer": f"a{n}"}}
        | {name: values[n] for name, values in more.items()}
        for n, text in enumerate(texts)
    ]  # fmt: skip
    return load(str(written(folder, items, change)))


def test_a_copy_with_the_same_reference_is_only_a_copy(tmp_path):
    same = [{"answer": "a"}] * 2
    (found,) = told(copies.copies(written_items(tmp_path, [LONG, LONG], reference=same)))
    assert found == ("wrong", "near-duplicates: 'i0' and 'i1' share 100% of their text")


def test_an_exact_copy_is_wrong_and_a_near_one_advice(tmp_path):
    near = LONG.replace("九月", "十月")  # 48 runs of 58 are shared
    found = told(copies.copies(written_items(tmp_path, [LONG, LONG, near, "另一件事，与此无关。"])))
    assert found == [
        (
            "wrong",
            "near-duplicates: 'i0' and 'i1' share 100% of their text, and what is right for one is wrong for the other",
        ),
        ("note", "near-duplicates: 'i0' and 'i2' share 83% of their text"),
        ("note", "near-duplicates: 'i1' and 'i2' share 83% of their text"),
    ]


def test_spaces_make_no_other_text(tmp_path):
    found = told(copies.copies(written_items(tmp_path, [LONG, LONG.replace("，", "， \n")])))
    assert [kind for kind, _ in found] == ["wrong"]


def test_items_that_differ_in_numbers_alone_are_no_copies(tmp_path):
    inputs = [{"question": "?", "rows": [[n, n * 7]]} for n in range(3)]
    suite = written_items(tmp_path, "abc", input=inputs)
    assert told(copies.copies(suite)) == []


def test_a_copy_in_data_that_was_found_is_advice(tmp_path):
    (tmp_path / "rows.json").write_text(json.dumps([{"q": LONG}, {"q": LONG}]))
    fields = {"input": {"question": "q"}, "reference": {"answer": {"value": "1"}}}
    suite = written_items(
        tmp_path, ["x"], lambda told: told.update(items={"data": "rows.json", "map": fields})
    )
    assert [kind for kind, _ in told(copies.copies(suite))] == ["note"]


@pytest.mark.parametrize(
    ("second", "more", "kinds"),
    [
        ({"question": "开工是几月？", "source": LONG * 20}, {}, []),  # asks something else
        ({"question": "投资多少？", "source": LONG * 20}, {}, ["wrong"]),
        ({"question": "投资多少？", "source": LONG * 20}, {"tags": [{}, {"twin": "counterfactual"}]}, []),
        ({"question": "开工是几月？", "source": LONG * 20}, {"cluster": ["a", "b"]}, ["note"]),
    ],
)  # fmt: skip
def test_items_of_one_source_may_share_it(tmp_path, second, more, kinds):
    first = {"question": "投资多少？", "source": LONG * 20}
    told_of = {"cluster": ["a", "a"], "input": [first, second], **more}
    assert [kind for kind, _ in told(copies.copies(written_items(tmp_path, "ab", **told_of)))] == kinds  # fmt: skip


def test_an_example_close_to_a_scored_item_is_a_leak(tmp_path):
    written_items(tmp_path, ["另一件事，与此无关。", LONG])
    example = [{"id": "e", "input": {"question": LONG[:45]}, "answer": "x"}]  # 41 runs of 53
    (tmp_path / "examples.yaml").write_text(json.dumps(example))
    found = told(copies.leaks(load(str(tmp_path))))
    assert found == [
        ("wrong", "leakage: the example 'e' shares 77% of its text with the item 'i1'")
    ]


def test_a_prompt_that_holds_a_reference_is_a_leak(tmp_path):
    secret = "答案是实验楼九月开工"
    references = [{"answer": f"{secret}。"}, {"answer": "开工"}]

    def change(told):
        told["prompt"]["system"] = f"注意：{secret}。只答开工。"

    suite = written_items(tmp_path, ["甲", "乙"], change, reference=references)
    assert told(copies.leaks(suite)) == []  # eleven characters may be a word of the trade
    references[0]["answer"] = f"注意：{secret}。"
    suite = written_items(tmp_path, ["甲", "乙"], change, reference=references)
    assert told(copies.leaks(suite)) == [
        ("wrong", "leakage: the prompt holds a reference of 'i0': '注意：答案是实验楼九月开工。'")
    ]


# Slices, clusters and labels


def slices(folder, tags, **slice_):
    title = {"zh": "渠道", "en": "channel"}
    suite = suite_of(
        folder,
        [{}] * len(tags),
        lambda told: told.update(slices={"channel": {"title": title, **slice_}}),
        tags=tags,
    )
    return told(balance.slices(suite))


def test_a_slice_with_few_items_is_thin(tmp_path):
    tags = [{"channel": "web"}] * 5 + [{"channel": "desk"}] * 4 + [{"channel": "app"}]
    assert slices(tmp_path, tags) == [("note", "slice coverage: channel: under 5 items: app, desk")]


def test_items_outside_a_slice_are_advice(tmp_path):
    assert slices(tmp_path, [{"channel": "web"}] * 5 + [{}] * 2) == [
        ("note", "slice coverage: channel: 2 items lack the tag")
    ]


def test_values_and_names_of_a_slice_go_together(tmp_path):
    names = {name: {"zh": name, "en": name} for name in ("web", "post")}
    assert slices(tmp_path, [{"channel": "web"}] * 5 + [{"channel": "app"}] * 5, names=names) == [
        ("wrong", "slice coverage: channel: no name for readers: app"),
        ("wrong", "slice coverage: channel: no item has: post"),
    ]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([1] * 30, []),
        ([1] * 29, ["only 29 clusters: intervals will be wide; 30 or more serve"]),
        ([4] + [1] * 30, ["'k0' holds 4 of 34 items"]),
        ([3] + [1] * 30, []),
        ([9], ["only 1 clusters: intervals will be wide; 30 or more serve"]),
    ],
)
def test_clusters_are_many_and_none_outweighs_the_others(tmp_path, sizes, expected):
    names = [f"k{n}" for n, size in enumerate(sizes) for _ in range(size)]
    found = told(balance.clusters(suite_of(tmp_path, [{}] * len(names), cluster=names)))
    assert found == [("note", f"cluster sizes: {each}") for each in expected]


def labelled(folder, right, scorer):
    def change(told):
        told["scorers"]["door"] = scorer

    suite = suite_of(
        folder,
        [{}] * len(right),
        change,
        reference=[{"answer": str(n), "door": each} for n, each in enumerate(right)],
    )
    return told(balance.labels(suite))


LABEL = {"label": {"reference": "door", "choices": {"in": [], "out": [], "up": []}}}
ORDINAL = {"ordinal": {"reference": "door", "levels": {"in": [], "out": [], "up": []}}}


@pytest.mark.parametrize(
    ("right", "scorer", "expected"),
    [
        (["in"] * 7 + ["out"] * 3, LABEL, []),
        (["in"] * 8 + ["out"] * 2, LABEL, ["door: 'in' is right for 8 of 10"]),
        ([["in", "out"]] * 8 + ["out"] * 2, LABEL, ["door: 'in' is right for 8 of 10"]),
        (["in"] * 5 + ["out"] * 5, ORDINAL, ["door: never right: up"]),
        (["in"] * 3 + ["out"] * 3 + ["up"] * 4, ORDINAL, []),
    ],
)
def test_no_label_prevails_and_no_level_is_idle(tmp_path, right, scorer, expected):
    found = labelled(tmp_path, right, scorer)
    assert found == [("note", f"label balance: {each}") for each in expected]


# Reading difficulty


def test_reading_counts_characters_words_sentences_and_numbers(tmp_path):
    text = "Net sales rose 5.2% to 1,200 units. 三成客户在二十天内付款！\n…"
    suite = suite_of(tmp_path, [{"question": text}])
    told_of = reading(suite.items[0])
    assert (told_of.item, told_of.words) == ("i0", 7 + 11)
    assert told_of.words_a_sentence == 9  # the point in 5.2 ends none
    assert told_of.numbers_per_100 == pytest.approx(100 * 3 / 18)


def test_an_item_without_a_word_is_read_in_no_time(tmp_path):
    told_of = reading(suite_of(tmp_path, [{"question": "…"}]).items[0])
    assert (told_of.words, told_of.words_a_sentence, told_of.numbers_per_100) == (0, 0, 0)


def test_the_spread_of_difficulty_is_told_in_percentiles(tmp_path):
    suite = suite_of(tmp_path, [{"question": "字" * (number + 1)} for number in range(11)])
    assert spread(suite)["words"] == (2.0, 6.0, 10.0)
