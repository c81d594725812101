import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.endpoints.baselines.summary import ExtractiveSummary, centrality, split

DOCUMENT = (
    "天气晴。\n3月17日22时许，望江路供水主管破裂，影响1.8万户供水。网传停水一周。"
    "抢修人员已完成焊接，预计18日18时前恢复供水。居民王先生说，希望早点来水。"
)


def summary(document=DOCUMENT, limit=60, **options):
    return ExtractiveSummary(**options).answer(
        {"document": document, "limit": limit, "wants": "影响和恢复时间"}
    )


def test_the_settled_facts_are_copied_in_the_order_of_the_document():
    assert summary() == (
        "3月17日22时许，望江路供水主管破裂，影响1.8万户供水。抢修人员已完成焊接，预计18日18时前恢复供水。"
    )


@given(
    st.text(alphabet="甲乙丙丁12，。；\n：“”", max_size=200), st.integers(min_value=1, max_value=80)
)
def test_a_summary_never_exceeds_the_limit(document, limit):
    assert len("".join(summary(document, limit).split())) <= limit


@given(st.text(alphabet="甲乙丙丁戊己12，。；", max_size=120))
def test_a_summary_is_made_of_the_documents_own_clauses(document):
    told = summary(document, 40)
    assert all(clause in document for clause in re.split("[。；]", told) if clause)


def test_a_sentence_longer_than_the_limit_is_cut_at_a_clause():
    assert (
        summary("停水影响一万八千户居民，预计傍晚恢复，请提前储水", 15) == "停水影响一万八千户居民"
    )


def test_the_same_input_gives_the_same_summary():
    assert summary() == summary()


@pytest.mark.parametrize("limit", [None, True, "60", 0])
def test_without_a_usable_limit_the_default_counts(limit):
    assert summary(limit=limit) == summary(limit=120)


def test_an_empty_document_has_an_empty_summary():
    assert summary("") == ""


def test_speakers_and_numbering_are_no_part_of_a_sentence():
    found = split("罗凯：最快要到5月12日。\n一、支持对象。\n二是人员须有健康证明。")
    assert [sentence.text for sentence in found] == ["最快要到5月12日。", "人员须有健康证明。"]


@given(st.lists(st.text(alphabet="甲乙丙丁", min_size=2, max_size=8), min_size=1, max_size=8))
def test_centrality_is_a_distribution(texts):
    found = split("。".join(f"{text}甲乙丙丁戊己庚" for text in texts))
    shares = centrality([sentence.grams for sentence in found])
    assert math.isclose(sum(shares), 1.0, abs_tol=1e-6)
    assert min(shares) > 0


def test_nothing_has_no_centre():
    assert centrality([]) == []
