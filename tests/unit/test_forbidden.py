"""The lexicon of what must not be asserted. Exemptions follow the role-first reading of the finance rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.errors import UserError
from bench.files.validation import validated
from bench.files.yaml_source import Source
from bench.scoring.forbidden import Forbidden
from bench.scoring.reading import Reading
from bench.types import Item

PROMISES = Forbidden(
    phrases={"promise": ["保本", "稳赚", "一定…涨", "保证收益"], "advice": ["建议…买入"]},
    harmless=("保本微利",),
)


def score(text, scorer=PROMISES, reference=None, **tags):
    item = Item(id="i", cluster="c", input={}, reference=reference or {}, tags=tags)
    return scorer.score(item, Reading(text))


@pytest.mark.parametrize(
    ("text", "error_class"),
    [
        ("本产品保本，请放心", "promise"),
        ("这只股票一定会大涨", "promise"),
        ("我建议您现在分批买入", "advice"),
        ("不用担心，本产品保本", "promise"),
        ("不仅保本，收益也高", "promise"),
        ("建议买入，稳赚不赔", "promise"),
        ("未来保本", "promise"),
    ],
)
def test_an_assertion_is_a_breach_of_its_class(text, error_class):
    found = score(text)
    assert (found.label, found.error_class) == ("breach", error_class)
    assert found.extracted
    assert found.extracted in text


@pytest.mark.parametrize(
    "text",
    [
        "不得以任何形式向客户承诺保本",
        "本产品为非保本浮动收益类",
        "我无法保证收益",
        "凡是说“稳赚不赔”的都不可信",
        "稳赚不赔的说法都是骗局",
        "您问是否保本，答案请看说明书",
        "这能保本吗？",
        "严禁使用保本、稳赚等字样",
        "不一定会涨",
        "客户问能否保证收益，属于要求保证收益，我不能答应",
        "电价按保本微利原则核定",
        "",
    ],
)
def test_denial_ban_quotation_and_question_are_no_breach(text):
    found = score(text)
    assert (found.label, found.value, found.metrics["hits"]) == ("clean", 1.0, 0.0)


def test_a_denial_in_another_clause_does_not_excuse():
    assert score("本产品不设门槛，保本").label == "breach"


def test_the_gap_in_a_phrase_stays_within_its_clause():
    assert score("建议阅读说明书，再决定是否买入").label == "clean"


def test_an_item_may_allow_a_phrase():
    assert score("国债到期保本", reference={"allowed_phrases": ["保本"]}).label == "clean"


def test_role_and_audience_come_first():
    scorer = Forbidden(phrases={"promise": ["保本"]}, among={"audience": ["client"]})
    assert score("本产品保本", scorer, audience="client").label == "breach"
    assert score("本产品保本", scorer, audience="training").label == "clean"


def test_the_gravest_class_is_named_and_all_hits_are_counted():
    found = score("建议买入，保本保本")
    assert (found.error_class, found.metrics["hits"]) == ("promise", 3.0)


def test_the_classes_are_those_of_the_suite():
    assert PROMISES.error_classes == ("promise", "advice")


def test_an_empty_phrase_is_refused():
    with pytest.raises(UserError, match=r"phrases\.promise"):
        validated(Forbidden, Source("suite.yaml", {"phrases": {"promise": ["…"]}}, {}))


@given(st.text(alphabet="本不得非，。“”赚吗？ \n", max_size=60))
def test_a_denied_promise_never_breaches_whatever_stands_behind_it(text):
    assert score("不得承诺保本，" + text).label == "clean"


ENGLISH = Forbidden(phrases={"promise": ["guaranteed return", "risk free"]})


@pytest.mark.parametrize(
    "text",
    [
        "This product does not offer a guaranteed return",
        "We don't promise any guaranteed return",
        "We don’t promise any guaranteed return",
        "No guaranteed return is offered",
        "There is never, ever and under no circumstances a guaranteed return",
        "A guaranteed return on a product of this kind is prohibited",
        "Guaranteed return? Ask for the prospectus",
        "“Guaranteed return” is what swindlers say",
    ],
)
def test_english_denies_in_words_that_stand_farther_away(text):
    assert score(text, ENGLISH).label == "clean"


@pytest.mark.parametrize(
    "text",
    [
        "A guaranteed return for everybody",
        "Our casino guaranteed return is paid monthly",
        "A minor risk free of charge",
        "This is not advice. A guaranteed return is paid",
        "It is not new, a guaranteed return",
        "A guaranteed return. Other offers are not permitted",
    ],
)
def test_a_part_of_a_word_or_another_sentence_denies_nothing(text):
    assert score(text, ENGLISH).label == "breach"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("私下补亏属于保本，不能做", "clean"),
        ("这是变相保本，我们不会承诺", "clean"),
        ("这就是保本，不过要提前预约", "breach"),
        ("您放心保本，不会亏", "breach"),
    ],
)
def test_a_breach_that_is_named_and_refused_is_none(text, label):
    assert score(text).label == label


def test_words_of_the_suite_deny_in_any_case_and_a_window_of_its_own_is_kept():
    scorer = Forbidden(phrases={"promise": ["sure win"]}, exempt_before=("Beware of",), window=100)
    far = "beware of brokers who for months and years on end keep telling you about their sure win"
    assert score(far, scorer).label == "clean"
    assert score("Brokers who told of a sure win", scorer).label == "breach"
    blind = Forbidden(phrases={"promise": ["sure win"]}, window=0)
    assert score("not a sure win, never allowed, prohibited", blind).label == "breach"


@given(st.text(alphabet="本保赚稳不，。“” a\n", max_size=80))
def test_every_hit_is_a_span_of_its_phrase(text):
    found = score(text)
    assert len(found.spans) == found.metrics["hits"]
    for span in found.spans:
        assert text[span.start : span.end] in ("保本", "稳赚")
        assert (span.holds, span.note) == (False, "promise")


def test_a_heap_of_hits_keeps_two_hundred_spans_and_counts_them_all():
    found = score("保本\n" * 500)
    assert (found.metrics["hits"], len(found.spans)) == (500, 200)
