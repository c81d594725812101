import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.overlap import (
    MOST_UNITS,
    Fragment,
    Rouge,
    copied,
    fragments,
    rouge_l,
    rouge_n,
    tokens,
)
from bench.scoring.reading import Reading
from bench.types import Item

REFERENCE = "公司净利润同比增长百分之十"
REPLY = "公司利润同比上涨百分之十"
texts = st.lists(st.sampled_from("公司利润增长下降"), max_size=20)


def item(**reference):
    return Item(
        id="a", cluster="a", input={"document": "公司净利润同比增长。"}, reference=reference
    )


def test_the_worked_pair_scores_as_computed_by_hand_over_characters():
    reference, reply = tokens(REFERENCE), tokens(REPLY)
    assert rouge_n(reference, reply, 1) == pytest.approx((10 / 12, 10 / 13, 0.8))
    assert rouge_n(reference, reply, 2) == pytest.approx((7 / 11, 7 / 12, 14 / 23))
    assert rouge_l(reference, reply) == pytest.approx((10 / 12, 10 / 13, 0.8))


def test_the_same_pair_scores_lower_over_words_so_units_are_not_comparable():
    reference = ["公司", "净利润", "同比", "增长", "百分之十"]
    reply = ["公司", "利润", "同比", "上涨", "百分之十"]
    assert rouge_n(reference, reply, 1).f1 == pytest.approx(0.6)
    assert rouge_n(reference, reply, 2).f1 == 0
    assert rouge_l(reference, reply).f1 == pytest.approx(0.6)


def test_the_word_unit_gives_the_numbers_of_the_words_and_names_its_segmenter():
    score = Rouge(reference="summary", unit="word").score(item(summary=REFERENCE), Reading(REPLY))
    assert score.metrics == pytest.approx({"r1": 0.6, "r2": 0, "rl": 0.6})
    assert "按词（jieba 0." in score.reason


def test_the_latin_word_unit_cuts_like_rouge_155_and_has_nothing_of_a_chinese_text():
    assert tokens("Team's 0-0 draw; co-op, 3.5%", "latin_word") == [
        "team", "s", "0", "0", "draw", "co", "op", "3", "5",
    ]  # fmt: skip
    scorer = Rouge(reference="summary", unit="latin_word")
    assert "summary" in str(scorer.problem(item(summary="利润增长")))
    assert scorer.problem(item(summary="Profit rose.")) is None


@pytest.mark.parametrize(
    ("unit", "words"), [("char", "按字"), ("mixed", "外文和数字按词"), ("latin_word", "按英文词")]
)
def test_the_reason_names_the_unit(unit, words):
    score = Rouge(reference="summary", unit=unit).score(item(summary="CPI up"), Reading("CPI"))
    assert words in score.reason


def test_the_mixed_unit_keeps_numbers_and_latin_words_whole():
    assert tokens("GDP增长1,234.5万，占12.5%", "mixed") == [
        "gdp", "增", "长", "1,234.5", "万", "占", "12.5%",
    ]  # fmt: skip


def test_width_case_and_punctuation_make_no_difference():
    assert tokens("ＣＰＩ：上涨。") == tokens("cpi上涨")


@given(texts, texts)
def test_f1_is_a_share_and_swapping_the_sides_swaps_precision_and_recall(one, other):
    for measure in (lambda a, b: rouge_n(a, b, 1), lambda a, b: rouge_n(a, b, 2), rouge_l):
        there, back = measure(one, other), measure(other, one)
        assert 0 <= there.f1 <= 1
        assert there.f1 == back.f1
        assert (there.precision, there.recall) == (back.recall, back.precision)


@given(texts.filter(bool))
def test_a_text_is_like_itself(text):
    assert rouge_l(text, text).f1 == 1


def naive_fragments(source, reply):
    """Grusky et al. (2018), figure 3, by looking at every stretch of the source."""
    held = {
        tuple(source[start:end]): start
        for end in range(1, len(source) + 1)
        for start in reversed(range(end))
        if tuple(source[start:end])
        not in {tuple(source[at : at + end - start]) for at in range(start)}
    }
    found, start = [], 0
    while start < len(reply):
        ends = [end for end in range(start + 1, len(reply) + 1) if tuple(reply[start:end]) in held]
        if ends:
            found.append(Fragment(ends[-1] - start, held[tuple(reply[start : ends[-1]])]))
        start = max([start + 1, *ends])
    return found


words = st.sampled_from(["净利润", "同比", "增长", "the", "3.5%", "，"])
cuts = st.one_of(st.lists(st.sampled_from("公司利"), max_size=20), st.lists(words, max_size=20))


@given(cuts, cuts)
def test_the_fragments_are_those_of_a_naive_search(source, reply):
    assert fragments(source, reply) == naive_fragments(source, reply)


@given(texts, texts)
def test_coverage_and_density_lie_within_their_bounds(source, reply):
    found = copied(source, reply)
    assert 0 <= found.coverage <= 1
    assert found.coverage <= found.density <= max(1, len(reply))
    assert all(source[at : at + length] for length, at in found.fragments)


@given(texts.filter(bool), st.data())
def test_a_reply_copied_from_its_source_is_covered_in_one_fragment(source, data):
    start = data.draw(st.integers(0, len(source) - 1))
    reply = source[start : data.draw(st.integers(start + 1, len(source)))]
    assert copied(source, reply)[:2] == (1, len(reply))


def test_a_copy_beyond_all_bounds_is_still_covered_though_only_its_beginning_is_searched():
    source = [chr(0x4E00 + at % 5000) for at in range(3 * MOST_UNITS)]
    found = copied(source, source)
    assert (found.coverage, found.fragments) == (1, [Fragment(MOST_UNITS, 0)])


def test_coverage_and_density_follow_the_greedy_fragments_of_grusky_2018():
    score = Rouge(reference="summary", source="document").score(
        item(summary="利润增长"), Reading("公司净利润大增长")
    )
    assert score.metrics["coverage"] == pytest.approx(7 / 8)
    assert score.metrics["density"] == pytest.approx((5**2 + 2**2) / 8)
    assert score.metrics["compression"] == pytest.approx(9 / 8)


def test_the_best_of_several_references_counts():
    scorer = Rouge(reference="summaries")
    score = scorer.score(item(summaries=["天气晴", "公司净利润增长"]), Reading("公司净利润增长"))
    assert score.value == 1
    assert score.label == "scored"


def test_the_mean_over_several_references_counts_where_that_is_asked():
    scorer = Rouge(reference="summaries", over="mean")
    score = scorer.score(item(summaries=["天气晴", "公司净利润增长"]), Reading("公司净利润增长"))
    assert (score.value, score.metrics["r1"]) == (0.5, 0.5)


def test_an_empty_reply_has_no_overlap_to_speak_of():
    score = Rouge(reference="summary", source="document").score(item(summary="利润"), Reading("……"))
    assert (score.label, score.value) == ("empty", None)
    assert set(score.metrics) == {"r1", "r2", "rl", "coverage", "density", "compression"}


def test_an_item_without_a_reference_text_is_refused():
    assert "summary" in str(Rouge(reference="summary").problem(item()))
    assert Rouge(reference="summary").problem(item(summary="利润")) is None


def test_an_item_without_its_source_is_refused():
    scorer = Rouge(reference="summary", source="article")
    assert scorer.problem(item(summary="利润")) == "input.article: the source is missing"
