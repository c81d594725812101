"""The number and span scorer: what is the same answer, and what a wrong one is called."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.reading import Reading
from bench.scoring.spans import Spans
from bench.scoring.strict_span import strict_span
from bench.types import Item


def item(answer, scale=None):
    reference = {"answer": answer} | ({"scale": scale} if scale is not None else {})
    return Item(id="i", cluster="c", input={}, reference=reference)


def score(answer, reply, scale=None, **options):
    scorer = Spans(**options)
    assert scorer.problem(item(answer, scale)) is None
    return scorer.score(item(answer, scale), Reading(reply))


@pytest.mark.parametrize(
    ("answer", "scale", "reply"),
    [
        (["$1,496.5"], "million", "1,496.5 million"),
        (["$1,496.5"], "million", "$1.4965bn"),
        (["$25.7 million"], "", "25,700 thousand"),
        (["(19)"], "thousand", "-19 thousand"),
        (["$(9,982)"], "million", "-$9,982 million"),
        (-27.4, "percent", "-27.397%"),
        (23.42, "percent", "0.2342"),
        (["29 per cent"], "", "29%"),
        (["2.5 years"], "", "2.5"),
        (["87,128"], "", "87,128 tonnes CO2e"),
        (["120 stores"], "", "120"),
        (["approximately 13%"], "", "13%"),
        (["73.6"], "", "73.6 cents"),
        (["£59.1m"], "", "£59.1 million"),
        (["12.5"], "亿元", "12.5亿元"),
        (["12.5亿元"], "", "125,000万元"),
        (["2025年3月1日"], "", "2025-03-01"),
        (["12家"], "", "12"),
        (3, "", "3"),
    ],
)
def test_a_number_is_the_same_in_any_notation(answer, scale, reply):
    found = score(answer, reply, scale)
    assert (found.label, found.value, found.error_class) == ("right", 1.0, None)


@pytest.mark.parametrize(
    ("answer", "scale", "reply", "error_class"),
    [
        (["4,206"], "thousand", "$4,206", "scale_error"),
        (23.42, "percent", "23.42", "scale_error"),
        (["(2,085)"], "thousand", "$2,085 thousand", "sign_error"),
        (4, "percent", "4 percentage points", "unit_error"),
        (["$5 million"], "", "€5 million", "unit_error"),
        (["120 stores"], "", "120 tonnes", "unit_error"),
        (13989, "million", "13,989.3 million", "wrong_answer"),
        (["2019"], "", "2018", "wrong_answer"),
    ],
)
def test_a_wrong_number_has_a_named_class(answer, scale, reply, error_class):
    found = score(answer, reply, scale)
    assert (found.label, found.error_class, found.value) == ("wrong", error_class, 0.0)
    assert found.metrics["scale_or_sign"] == (error_class in ("scale_error", "sign_error"))


def test_the_right_number_in_a_sentence_has_words_too_many():
    found = score(["$788,948"], "The sales in 2019 were $788,948 thousand.", "thousand")
    assert (found.label, found.error_class) == ("partial", "extra_words")
    assert found.value == pytest.approx(2 * (1 / 5) / (1 / 5 + 1))


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        ("the Company’s Segment Results.", 'The company\'s "segment results"'),
        ("合并报表范围、未变", "合并报表范围未变。"),
        ("a weighted average of 14.30 years", "weighted average of 14.3 years"),
    ],
)
def test_texts_are_the_same_without_case_articles_and_punctuation(answer, reply):
    assert score(answer, reply).label == "right"


def test_a_text_that_says_half_of_it_is_partial_and_less_is_wrong():
    answer = "deferred initial direct costs eliminated on consolidation"
    near, far = score(answer, "deferred initial direct costs"), score(answer, "other costs")
    assert (near.label, near.value) == ("partial", pytest.approx(8 / 11))
    assert (far.label, far.error_class) == ("wrong", "wrong_answer")
    assert score(answer, "deferred initial direct costs", partial_from=0.8).label == "wrong"


@pytest.mark.parametrize(
    "reply",
    [
        "2018\n2019",
        "- 2019\n- 2018",
        "2019; 2018",
        '["2018", "2019"]',
        "2018年、2019年",
        "[2019, 2018]",
    ],
)
def test_several_spans_stand_in_any_order_and_in_any_list(reply):
    assert (
        score(["2019年", "2018年"] if "年" in reply else ["2019", "2018"], reply).label == "right"
    )


@pytest.mark.parametrize(
    "reply", ["2019, 2018 and 2017", "2017、2018和2019", "2019, 2018, and 2017."]
)
def test_a_list_in_running_words_counts_where_the_suite_says_so(reply):
    answer = ["2019", "2018", "2017"]
    assert score(answer, reply, prose=True).label == "right"


def test_a_span_with_commas_is_no_list_against_its_will():
    answer = "switching, routing and wireless products"
    assert score(answer, "Switching, routing and wireless products", prose=True).label == "right"
    assert score([answer, "services"], f"services\n{answer}", prose=True).label == "right"


@pytest.mark.parametrize(
    ("reply", "label", "error_class", "value"),
    [
        ("2019", "partial", "missing_span", 0.5),
        ("2019\n2018\n2017", "partial", "extra_span", 2 / 3),
        ("2019\n2017", "partial", "wrong_answer", 0.5),
        ("2016\n2017", "wrong", "wrong_answer", 0.0),
        ("2019\n2019", "partial", "wrong_answer", 0.5),
    ],
)
def test_every_span_counts_once(reply, label, error_class, value):
    found = score(["2019", "2018"], reply)
    assert (found.label, found.error_class) == (label, error_class)
    assert found.value == pytest.approx(value)
    assert found.metrics["found"] + found.metrics["missing"] == 2


def test_the_alignment_is_the_best_one_for_all_spans_together():
    answer = ["net sales", "net sales growth"]
    assert score(answer, "net sales growth\nnet sales").label == "right"
    assert score(answer, "sales growth\nnet growth").value == pytest.approx((0.5 + 0.8) / 2)


def test_declining_is_no_answer_and_an_empty_reply_is_unreadable():
    declined = score(["5%"], "The rate is not disclosed")
    assert (declined.label, declined.value, declined.error_class) == ("abstained", 0.0, None)
    assert score(["not disclosed"], "Not disclosed").label == "right"
    assert score(["5%"], " \n").label == "unreadable"
    reading = Reading("依据：5%", {"evidence": "5%"})
    assert Spans(field="answer").score(item(["5%"]), reading).label == "unreadable"


@pytest.mark.parametrize("told", [None, [], [""], {"a": 1}, [True], [None]])
def test_a_reference_without_an_answer_is_refused_when_the_suite_loads(told):
    assert "reference.answer" in Spans().problem(item(told))


def test_a_scale_that_is_none_is_refused_when_the_suite_loads():
    assert "reference.scale" in Spans().problem(item(["5"], "dollar-ish"))
    assert Spans().problem(item(["5"], None)) is None


def test_the_reference_keys_can_be_named():
    named = Item(id="i", cluster="c", input={}, reference={"told": ["5"], "unit": "million"})
    scorer = Spans(reference="told", scale="unit")
    assert scorer.score(named, Reading("5 million")).label == "right"
    assert scorer.expected(named) == "5 (million)"


@pytest.mark.parametrize(
    ("answer", "scale", "reply", "is_right"),
    [
        (["87,128"], "", "87,128 tonnes", False),
        (["approximately 13%"], "", "13%", False),
        (["2.5 years"], "", "2.5", False),
        (["$148.6 million"], "", "$148,599 thousand", False),
        (["(9,982)"], "million", "9,982 million", True),
        (["(19)"], "thousand", "-19 thousand", True),
        (0.88, "", "0.875", True),
        (23.42, "percent", "0.23424", True),
        (["the Company’s"], "", "the Company's", False),
        (["2.93 to 1"], "", "293 to 1", False),
    ],
)
def test_strict_notation_is_that_of_the_published_metric(answer, scale, reply, is_right):
    assert (score(answer, reply, scale, strict=True).label == "right") is is_right


def test_null_decimals_allow_half_of_the_last_digit_of_the_reference():
    assert score("12.3亿元", "12.34亿元", decimals=None).label == "right"
    assert score("12.3亿元", "12.34亿元").label == "wrong"


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=6), st.randoms())
def test_shuffled_numbers_are_right_and_one_number_more_or_less_is_not(numbers, randoms):
    shuffled = randoms.sample(numbers, len(numbers))
    reply = "\n".join(f"{number:,} thousand" for number in shuffled)
    assert score(numbers, reply, "thousand").label == "right"
    assert score(numbers, f"{reply}\n-1 thousand", "thousand").error_class == "extra_span"
    if len(numbers) > 1:
        fewer = "\n".join(reply.splitlines()[1:])
        assert score(numbers, fewer, "thousand").error_class == "missing_span"


@given(st.text(max_size=120), st.booleans(), st.booleans())
def test_any_reply_gets_a_declared_score(reply, prose, strict):
    found = score(["12.3%", "net sales"], reply, prose=prose, strict=strict)
    assert found.label in Spans.labels
    assert found.error_class is None or found.error_class in Spans.error_classes
    assert set(found.metrics) == set(Spans.metrics)
    assert found.value is None or 0 <= found.value <= 1


@given(st.text(min_size=1, max_size=60))
def test_a_text_says_what_it_says(text):
    if Spans().problem(item(text)) is None and any(map(str.isalnum, text)):
        assert score(text, text).value == 1.0


def test_a_number_of_more_digits_than_are_read_is_a_text():
    assert strict_span("123456789012345678901234.5678").number is None


@pytest.mark.parametrize(
    "piece", ["1, ", "(", "[", "a ", "1\n", "-", "$1 and ", "９", "1,111,", "约"]
)
@pytest.mark.parametrize("strict", [True, False])
def test_a_hundred_kilobytes_of_hostile_text_are_read_in_linear_time(piece, strict):
    start = time.perf_counter()
    score(["5%", "net sales"], piece * (100_000 // len(piece)), prose=True, strict=strict)
    strict_span(piece * (100_000 // len(piece)))
    assert time.perf_counter() - start < 5
