"""Repetition and copying. Coverage and density: Grusky et al. (2018), section 4; the rest by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.economy import Economy, measures
from bench.scoring.reading import Reading
from bench.types import Item

SOURCE = "公司净利润同比增长百分之十。海外收入下降。原料涨价拖累毛利。董事会决定分红。"


def judged(reply, source=SOURCE, **options):
    item = Item(id="a", cluster="a", input={"document": source})
    return Economy(source="document", **options).score(item, Reading(reply))


def test_the_measures_of_a_worked_pair():
    told = measures(list("甲乙丙丁戊己庚辛壬"), list("甲乙丙辛壬"))
    assert told == pytest.approx(
        {
            "repeated": 0,  # 甲乙丙辛 and 乙丙辛壬
            "coverage": 1,
            "density": (3**2 + 2**2) / 5,
            "longest": 3,
            "novel": 1,
            "compression": 9 / 5,
            "lead": 3 / 5,  # 甲乙丙 is the first third
        }
    )


def test_a_repeated_gram_counts_each_time_after_the_first():
    assert measures(list("天"), list("增长增长增长增长"))["repeated"] == pytest.approx(3 / 5)


def test_saying_one_thing_again_and_again_is_repetitive():
    score = judged("净利润增长，收入下降。" * 3)
    assert (score.label, score.metrics["repeated"]) == ("repetitive", 15 / 24)  # 27 characters
    assert score.value == 1 - 15 / 24
    assert judged("净利润增长，收入下降。" * 3, most_repeated=0.7).label == "economical"


def test_a_summary_in_its_own_words_is_economical_and_new():
    score = judged("十个点的利润增幅，靠国内；分红已定")
    assert (score.label, score.value) == ("economical", 1)
    assert score.metrics["novel"] == 1


@pytest.mark.parametrize(("reply", "lead"), [("公司净利润同比增长", 1), ("董事会决定分红", 0)])
def test_the_lead_is_what_was_copied_from_the_first_third(reply, lead):
    assert judged(reply).metrics["lead"] == lead


def test_a_copied_source_is_covered_and_not_shorter():
    told = judged(SOURCE).metrics
    assert (told["coverage"], told["compression"], told["novel"]) == (1, 1, 0)
    assert judged(SOURCE[:16]).reason == "重复0%，照抄100%，压缩到原文的44%"


def test_several_keys_make_one_source():
    item = Item(id="a", cluster="a", input={"document": "利润增长", "reader": "分管领导"})
    score = Economy(source=["document", "reader"]).score(item, Reading("分管领导"))
    assert (score.metrics["coverage"], score.metrics["compression"]) == (1, 2)


@pytest.mark.parametrize("reply", ["", " \n", "……"])
def test_a_reply_without_a_word_is_empty(reply):
    score = judged(reply)
    assert (score.label, score.value, set(score.metrics)) == ("empty", None, set(Economy.metrics))


@pytest.mark.parametrize("source", [None, "", "……"])
def test_an_item_without_a_source_is_refused(source):
    item = Item(id="a", cluster="a", input={"document": source})
    assert Economy(source="document").problem(item) == "input.document: the source is missing"


units = st.lists(st.sampled_from("公司利润增长下降"), min_size=1, max_size=30)


@given(units, units)
def test_every_share_is_one_and_density_is_no_longer_than_the_reply(source, reply):
    told = measures(source, reply)
    assert all(0 <= told[name] <= 1 for name in ("repeated", "coverage", "novel", "lead"))
    assert told["coverage"] <= told["density"] <= told["longest"] <= len(reply)
    assert told["compression"] == len(source) / len(reply)


@given(units)
def test_a_source_told_twice_repeats_at_least_its_own_grams(source):
    again = measures(source, source + source)
    assert again["repeated"] >= max(0, len(source) - 3) / max(1, 2 * len(source) - 3)
    assert again["compression"] == 0.5


@given(st.text(max_size=60))
def test_no_text_breaks_the_scorer(text):
    assert judged(text).label in Economy.labels
