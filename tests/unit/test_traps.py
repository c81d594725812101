import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scoring.reading import Reading
from bench.scoring.traps import Traps
from bench.types import Item

TRAPS = [
    {"id": "old", "text": "旧户数", "any": ["1.2万户"], "unless": ["更正"]},
    {"id": "agreed", "text": "已同意", "any": [{"all": ["同意", "赔偿"], "within": 10}]},
]


def item(traps=TRAPS):
    return Item(id="a", cluster="a", input={}, reference={"traps": traps})


def judged(text, traps=TRAPS, **options):
    return Traps(**options).score(item(traps), Reading(text))


@pytest.mark.parametrize(
    "text", ["影响1.2万户。", "影响１．２万户", "更正了时间。影响1.2万户", "对方同意全额赔偿"]
)
def test_stating_it_as_fact_is_misled(text):
    score = judged(text)
    assert (score.label, score.value, score.error_class) == ("misled", 0.5, "misleading_claim")


@pytest.mark.parametrize(
    "text", ["影响1.8万户", "由1.2万户更正为1.8万户", "影响21.2万户", "对方同意。赔偿另议"]
)
def test_leaving_it_out_or_taking_it_back_is_clean(text):
    assert judged(text).label == "clean"


def test_general_denials_excuse_a_sentence_for_every_trap():
    assert judged("网传影响1.2万户不属实", denials=["不属实"]).label == "clean"


def test_a_correction_may_stand_in_another_sentence_where_the_trap_says_so():
    traps = [{**TRAPS[0], "scope": "answer"}]
    assert judged("先报1.2万户。后来更正为1.8万户。", traps).label == "clean"
    assert judged("先报1.2万户。后来更正为1.8万户。").label == "misled"


def test_the_reason_names_every_trap_and_the_evidence_is_the_sentence():
    score = judged("共1.2万户；对方同意赔偿。")
    assert score.reason == "把原文已更正、否认或未定的内容当作事实：旧户数；已同意"
    assert (score.extracted, score.metrics, score.value) == ("共1.2万户", {"hits": 2.0}, 0.0)


def test_an_empty_reply_is_empty():
    assert judged(" ").label == "empty"


@pytest.mark.parametrize(
    "traps",
    [
        [{"id": "a", "text": "x", "any": []}],
        [{"id": "a", "text": "x", "any": ["**"]}],
        [TRAPS[0], TRAPS[0]],
        "1.2万户",
    ],
)
def test_a_list_that_cannot_be_searched_is_refused(traps):
    assert Traps().problem(item(traps)) is not None


def test_an_item_may_have_no_traps():
    assert Traps().problem(item([])) is None
    assert judged("什么都行", []).label == "clean"


@given(st.text(max_size=40))
def test_no_text_breaks_the_scorer(text):
    assert judged(text).label in Traps.labels
