"""The answers that a report shows: what is told of each, what the page has room for, and that no text of them acts."""

import base64
import dataclasses
import json
import random
import re
import zlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bench.reports.evidence import evidence as section
from bench.reports.evidence import evidence_data
from bench.reports.evidence_pack import packed_blocks, shown
from bench.reports.evidence_text import page_text, places
from bench.reports.phrases import Words
from bench.scoring.score import Scored
from bench.types import Score, Span
from bench.value.context import Planned, context
from bench.value.evidence import LONGEST_TEXT, evidence
from bench.value.judge_run import judge_run
from bench.value.judged import Judged
from bench.value.ledger import ledger
from bench.value.source_marks import source_marks
from tests import judged_run
from tests.small_run import manifest, suite_of, trial

ITEMS = 12


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return suite_of(tmp_path_factory.mktemp("evidence"), ITEMS, per_cluster=2)


def evidence_of(suite, rows, names=("a",), repeats=1, **told):
    table = ledger(suite, rows, manifest(names, repeats))
    return evidence(context(suite, Planned(suite.items, repeats), 0), rows, table, **told)


def only(suite, row):
    return evidence_of(suite, [row]).answers[0]


def saying(text, score=None, number=0):
    row = trial(number)
    right = row.scores["right"] if score is None else score
    answer = row.answer.model_copy(update={"text": text})
    return Scored(answer, {**row.scores, "right": right})


def test_an_answer_has_its_outcome_rule_class_and_money(suite):
    harmful, fine = only(suite, trial(0, "grave")), only(suite, trial(0))
    assert (harmful.outcome, harmful.rule, harmful.loss_class) == ("harm", 2, "grave")
    by_hand = (44 - 6) * 90 / 60 - 0.012
    assert fine.money == pytest.approx(by_hand)
    assert harmful.money == pytest.approx(by_hand - 5000)
    assert fine.scores["right"] == Score(label="right", value=1.0)


def test_what_failed_tells_why_and_has_neither_money_nor_text(suite):
    failed, broken = only(suite, trial(0, "failed")), only(suite, trial(0, "broken"))
    assert (failed.failure, failed.message, failed.told.text) == ("server", "HTTP 500", "")
    assert (broken.failure, broken.message, broken.told.text) == (
        "scorer", "right: ValueError: no", "42",
    )  # fmt: skip
    assert [(each.outcome, each.money) for each in (failed, broken)] == [(None, None)] * 2


def test_an_unknown_price_is_told_beside_the_money_without_it(suite):
    unpriced = only(suite, trial(0, cost=None))
    assert not unpriced.has_cost
    assert unpriced.money == pytest.approx((44 - 6) * 90 / 60)
    assert only(suite, trial(0)).has_cost


def test_a_long_answer_is_cut_and_says_how_much_is_missing(suite):
    spans = (Span(start=0, end=2, holds=True), Span(start=LONGEST_TEXT - 1, end=LONGEST_TEXT + 1, holds=True))  # fmt: skip
    told = only(suite, saying("答" * (LONGEST_TEXT + 7), Score(label="right", spans=spans)))
    assert told.told.text == "答" * LONGEST_TEXT
    assert told.told.left_out == 7
    assert told.scores["right"].spans == spans[:1]


def test_long_words_of_scorers_and_endpoints_are_bounded(suite):
    told = only(suite, saying("42", Score(label="right", reason="因" * 9999, extracted="x" * 9999)))
    assert len(told.scores["right"].reason) < 1100
    assert len(told.scores["right"].extracted) < 1100


def test_spans_count_in_the_text_that_is_kept(tmp_path):
    suites = judged_run.suites_of(tmp_path, 1, 2)
    item = suites[0].items[0]
    raw = json.dumps({"答案": "1.0", "单位": "万元", "依据": "保证收益"}, ensure_ascii=False)
    answers = [judged_run.answer(suites[0], "a", item, 0, f"  {raw}\n")]
    told = judged_run.judged(suites, answers, ["a"]).evidence[suites[0].name].answers[0]
    (span,) = told.scores["promise"].spans
    assert told.told.text[span.start : span.end] == "保证收益"
    assert told.told.text.startswith("答案：1.0\n")
    assert told.raw.text.strip() == raw


def test_a_reply_that_is_read_as_it_was_sent_is_kept_once(suite):
    assert only(suite, saying("  42\n")).raw is None


def test_an_item_tells_its_fields_in_order_as_text_and_what_is_right(tmp_path):
    suite = suite_of(tmp_path, 2)
    vitals = suite.items[0].model_copy(
        update={"input": {"question": "多少？", "vitals": {"hr": 72}}, "rationale": "原因"}
    )
    suite = dataclasses.replace(suite, items=(vitals, suite.items[1]))
    told = evidence_of(suite, [trial(0)]).items[0]
    assert [(each.name, each.text) for each in told.fields] == [("question", "多少？"), ("vitals", '{"hr":72}')]  # fmt: skip
    assert told.expected["right"] == "42"
    assert told.reference == "answer: 42\nstyle: 42"
    assert (told.rationale, told.tags, told.at) == ("原因", {"kind": "even"}, 0)


def test_a_scorer_that_cannot_say_what_it_expects_leaves_the_rest(suite):
    class Foreign:
        def expected(self, item):
            raise KeyError(item.id)

    broken = dataclasses.replace(suite, scorers={**suite.scorers, "right": Foreign()})
    assert evidence_of(broken, [trial(0)]).items[0].expected == {"style": "42"}


def test_a_suite_without_answers_has_no_evidence(suite):
    assert evidence_of(suite, []) is None


# Marks in the source.

SOURCE = ["2025年收入482,630.5万元，2024年12,482人。", "问：收入多少？"]


def marks(told, score, expected=""):
    found = source_marks(SOURCE, told, {"s": score}, {"s": expected} if expected else {})
    return [(SOURCE[each.field][each.start : each.end], each.holds) for each in found]


def spanning(told, part, *, holds, note=""):
    start = told.index(part)
    return Score(label="x", spans=(Span(start=start, end=start + len(part), holds=holds, note=note),))  # fmt: skip


def test_a_span_that_holds_is_marked_where_the_source_says_it():
    told = "收入为482,630.5万元"
    assert marks(told, spanning(told, "482,630.5万元", holds=True)) == [("482,630.5万元", True)]


def test_a_span_that_does_not_hold_is_marked_where_what_was_looked_for_stands():
    told = "收入为50万元"
    score = spanning(told, "50万元", holds=False, note="482,630.5万元")
    assert marks(told, score) == [("482,630.5万元", False)]
    assert marks(told, spanning(told, "50万元", holds=False, note="收入")) == []


def test_a_number_is_not_found_inside_a_longer_one():
    assert marks("482人", spanning("482人", "482", holds=True)) == []
    assert marks("12,482人", spanning("12,482人", "12,482", holds=True)) == [("12,482", True)]
    assert marks("630万元", spanning("630万元", "630", holds=True)) == []


def test_a_right_reply_is_supported_and_a_named_error_contradicted_by_what_was_expected():
    right = Score(label="right", value=1.0, extracted="“收入”为482,630.5万元")
    assert marks("…", right) == [("收入", True), ("482,630.5", True), ("收入", True)]
    wrong = Score(label="wrong", value=0.0, error_class="wrong_number")
    assert marks("50万元", wrong, "482,630.5亿元") == [("482,630.5", False)]
    assert marks("482,630.5亿元", wrong, "482,630.5亿元") == []


def test_marks_are_bounded_and_repeat_themselves():
    text = "甲乙丙丁" * 5000
    spans = tuple(Span(start=at, end=at + 4, holds=True) for at in range(4000))
    score = {"s": Score(label="x", spans=spans)}
    found = source_marks([text], text, score, {})
    assert 0 < len(found) <= 240
    assert found == source_marks([text], text, score, {})


# What the page holds.


def unpacked(told):
    return json.loads(zlib.decompress(base64.b64decode(told)))


@pytest.fixture(scope="module")
def judged():
    return judged_run.judged_of(suites=2, candidates=3, items=40, repeats=2)


def titles_of(judged):
    return {name: each.title for name, each in judged.summary.suites.items()}


def words_of(judged, language="zh"):
    return [Words(language, each, name) for name, each in judged.summary.suites.items()]


def test_every_answer_of_a_small_run_is_in_the_page(judged):
    data = evidence_data(judged)
    index = unpacked(data["evidence"])
    assert [each["block"] for each in index] == ["evidence-1", "evidence-2"]
    for each in index:
        items = unpacked(data[each["block"]])["items"]
        assert len(items) == each["items"] == each["total_items"] == 40
        assert sum(len(item["answers"]) for item in items) == each["answers"] == each["total"] == 240  # fmt: skip


@pytest.mark.parametrize("letters", [6_000, 20_000, 60_000])
def test_the_page_holds_no_more_than_its_budget_and_uses_most_of_it(judged, letters):
    found = shown(judged, letters)
    data = packed_blocks(found, titles_of(judged))
    size = sum(len(each) for name, each in data.items() if name != "evidence")
    assert 0.5 * letters < size <= letters + 8
    assert all(each.answers < each.evidence.total for each in found.values())
    for each in found.values():
        ids = {item["id"] for item in each.data["items"]}
        assert ids == {item.id for item in each.evidence.items[: each.items]}


def test_room_that_one_suite_does_not_need_goes_to_the_others(judged):
    first, second = judged.evidence.values()
    few = {item.id for item in second.items[:1]}
    answers = tuple(each for each in second.answers if each.item in few)
    small = second.model_copy(update={"items": second.items[:1], "answers": answers})
    uneven = Judged(judged.summary, dict(zip(judged.evidence, (first, small), strict=True)))
    alone, beside = (next(iter(shown(each, 40_000).values())) for each in (judged, uneven))
    assert beside.answers > 1.3 * alone.answers


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_section_says_how_many_answers_are_shown_and_where(judged, language):
    told = section(judged, words_of(judged, language))
    assert (told.key, told.component) == ("evidence", "evidence")
    assert "480" in told.lead[0]
    assert "HTML" in told.lead[0]
    assert words_of(judged, language)[0].text(judged.summary.suites["finance_questions"].title) in told.heading  # fmt: skip


def test_the_heading_names_the_dearest_error_or_that_there_is_none(suite):
    def heading(kinds):
        answers = [saying(text, number=at).answer for at, text in enumerate(kinds)]
        judged = judge_run([suite], {suite.name: suite.items}, manifest(), answers)
        return section(judged, words_of(judged)).heading

    assert "“答错”" in heading(["42"] * 9 + ["41"] * 3)
    assert "每百份约 100 份可用，没有出现有害错误" in heading(["42"] * 12)


def test_a_run_of_failures_alone_is_told_as_one(suite):
    answers = [trial(at, "failed").answer for at in range(ITEMS)]
    judged = judge_run([suite], {suite.name: suite.items}, manifest(), answers)
    assert "没有一份答复有结果" in section(judged, words_of(judged)).heading
    block = unpacked(evidence_data(judged)["evidence-1"])
    assert block["failures"]["server"] == {"zh": "服务端错误", "en": "server error"}
    assert {each["answers"][0]["message"] for each in block["items"]} == {"HTTP 500"}


def test_one_item_with_one_answer_is_enough(suite):
    judged = judge_run([suite], {suite.name: suite.items}, manifest(), [trial(0).answer])
    assert unpacked(evidence_data(judged)["evidence"])[0]["answers"] == 1


def test_without_answers_there_is_no_section_and_no_data(suite):
    judged = judge_run([suite], {suite.name: suite.items}, manifest(), [])
    assert section(judged, words_of(judged)) is None
    assert evidence_data(judged) == {}


def test_an_answer_of_five_million_characters_stays_out_of_the_page(suite):
    draw = random.Random(0)
    long = "".join(draw.choices("财政教育卫生交通水利环保民政统计", k=50_000)) * 100
    rows = [saying(long)]
    judged = judge_run([suite], {suite.name: suite.items}, manifest(), [row.answer for row in rows])
    data = evidence_data(judged)
    assert sum(map(len, data.values())) < 40_000
    (answer,) = unpacked(data["evidence-1"])["items"][0]["answers"]
    assert answer["left_out"] == 5_000_000 - LONGEST_TEXT


# Text that must not act.


def test_what_is_invisible_is_shown_as_such():
    hostile = "a\x1b[31mred\x00\r\nb\rc\u202ed\u2028e\ud800f\x85</script>=cmd|"
    assert page_text(hostile) == (
        "a␛[31mred␀\nb␍c⟨U+202E⟩d⟨U+2028⟩e⟨U+D800⟩f⟨U+0085⟩</script>=cmd|"
    )
    assert page_text("表情👩‍💻，制表\t符") == "表情👩‍💻，制表\t符"


@given(st.text(st.characters(codec=None), max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_a_place_in_a_text_is_the_same_place_in_the_page(text, one, other):
    assume("\r" not in text)
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    at, units = places(text), page_text(text).encode("utf-16-le")
    assert units[2 * at(start) : 2 * at(end)].decode("utf-16-le") == page_text(text[start:end])


def test_no_text_of_a_model_an_endpoint_or_a_suite_reaches_the_page_as_it_was(suite):
    nasty = "\x1b[31m\u202e\u2028"
    reference = {"answer": f"4{nasty}", "style": "4"}
    item = suite.items[0].model_copy(
        update={"input": {f"f{nasty}": nasty}, "reference": reference, "rationale": nasty}
    )
    suite = dataclasses.replace(suite, items=(item, *suite.items[1:]))
    score = Score(label=nasty, reason=nasty, extracted=nasty, error_class=nasty, spans=(Span(start=0, end=3, holds=False, note=nasty),))  # fmt: skip
    found = evidence_of(suite, [saying(f"甲{nasty}乙", score, 0), trial(1, "failed")])
    judged = judge_run([suite], {suite.name: suite.items}, manifest(), [trial(0).answer])
    nasty_judged = Judged(judged.summary, {suite.name: found})
    text = zlib.decompress(base64.b64decode(evidence_data(nasty_judged)["evidence-1"])).decode()
    assert not re.search("[\x00-\x1f\u2028\u202e]", text)
    assert "甲␛[31m⟨U+202E⟩⟨U+2028⟩乙" in text


def test_a_sample_is_called_one(judged):
    name = "finance_questions"
    larger = {**judged.evidence, name: judged.evidence[name].model_copy(update={"total": 90_000})}
    sampled = Judged(judged.summary, larger)
    assert "证据抽样展示 480/90,240 条" in section(sampled, words_of(sampled)).lead[0]
    assert "a sample of 480 of 90,240 answers" in section(sampled, words_of(sampled, "en")).lead[0]
    assert unpacked(evidence_data(sampled)["evidence"])[0]["total"] == 90_000
