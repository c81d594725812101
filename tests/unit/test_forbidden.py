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
