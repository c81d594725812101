import pytest
from pydantic import ValidationError

from bench.scoring.length import Length, characters
from bench.scoring.reading import Reading
from bench.types import Item


def item(**reference):
    return Item(id="a", cluster="a", input={}, reference=reference)


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("十个字的一句话啊啊啊", "within", 1.0),
        ("十一个字的一句话啊啊啊", "over", 10 / 11),
        ("三个字", "under", 3 / 5),
        (" \n", "empty", 0.0),
    ],
)
def test_a_reply_is_judged_against_both_limits(text, label, value):
    score = Length(min_chars=5, max_chars=10).score(item(), Reading(text))
    assert (score.label, score.value) == (label, pytest.approx(value))


def test_every_item_may_set_its_own_limit():
    scorer = Length(max_chars="limit")
    assert scorer.score(item(limit=3), Reading("四个字啊")).label == "over"
    assert scorer.score(item(limit=4), Reading("四个字啊")).label == "within"
    assert scorer.expected(item(limit=4)) == "不超过4字"


def test_white_space_does_not_count_and_punctuation_does():
    assert characters("净利 3.5%，\n增长。") == 10


def test_the_ratio_is_the_length_over_the_upper_limit():
    score = Length(max_chars=4).score(item(), Reading("四个字的两倍长啊"))
    assert score.metrics == {"chars": 8.0, "ratio": 2.0}
    assert score.reason == "要求不超过4字，超出4字"


@pytest.mark.parametrize("told", [None, "120", 0, True])
def test_a_limit_of_an_item_must_be_a_whole_number(told):
    assert "whole number" in str(Length(max_chars="limit").problem(item(limit=told)))


def test_limits_that_contradict_each_other_are_refused():
    assert "cannot be" in str(Length(min_chars=9, max_chars="limit").problem(item(limit=5)))


@pytest.mark.parametrize("options", [{}, {"max_chars": 0}])
def test_a_scorer_without_a_sensible_limit_is_refused(options):
    with pytest.raises(ValidationError):
        Length(**options)
