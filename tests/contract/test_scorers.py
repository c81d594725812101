"""What a scorer may return on the built-in suites' items, whatever the answer: what it declares, always, and always the same."""

import math

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.endpoints.baseline import baseline_method
from bench.scoring.reading import read
from bench.suites.load import load
from bench.suites.locate import suite_names

SUITES = {name: load(name) for name in suite_names()}
JUNK = '0123456789 无法回答；答案：一二三，级别：Ⅰ。【{"a": [1, 2]}】\n' * 250
STRANGE = [
    "",
    " \n\t\u3000",
    JUNK,
    "9" * 5000,
    "（" * 3000,
    "\u202e\u200b\u0000\ufeff" * 50,
    "e\u0301" * 2000,
    "答案：\n依据：\n级别：\n科室：",
    "答案：" * 2000,
    '{"答案": null, "级别": [[[]]], "依据": {"a": NaN}}',
    "{" * 2000 + "}" * 2000,
    "٣٫١٤ ½ Ⅻ 〇 壹佰 1e999 -0 1,2,3,4",
    "```json\n{}\n```",
]


def pytest_generate_tests(metafunc):
    if "suite" in metafunc.fixturenames:
        metafunc.parametrize("suite", SUITES.values(), ids=SUITES)


def judged(suite, item, text):
    """Every scorer on one answer, twice."""
    reading = read(text, suite.file.answer)
    for name, scorer in suite.scorers.items():
        score = scorer.score(item, reading)
        assert score == scorer.score(item, read(text, suite.file.answer)), f"{name} is not pure"
        keeps_its_word(name, scorer, score)


def keeps_its_word(name, scorer, score):
    assert score.label in scorer.labels, f"{name} says '{score.label}'"
    assert set(score.metrics) <= set(scorer.metrics), (
        f"{name} measures {set(score.metrics) - set(scorer.metrics)}"
    )
    assert score.error_class is None or score.error_class in scorer.error_classes, (
        f"{name} finds '{score.error_class}'"
    )
    assert score.value is None or 0 <= score.value <= 1, f"{name} gives {score.value}"
    assert all(math.isfinite(number) for number in score.metrics.values()), name
    score.model_dump_json()


def test_on_the_calibration_answers(suite):
    items = {item.id: item for item in suite.items}
    for known in suite.calibration:
        judged(suite, items[known.item], known.answer)


def test_on_every_answer_of_the_baseline(suite):
    method = baseline_method(orjson.dumps(suite.file.baseline))
    for item in suite.items:
        judged(suite, item, method.answer(item.input))


@pytest.mark.parametrize("text", ["", "无法回答", "42"])
def test_on_every_item_with_hardly_an_answer(suite, text):
    for item in suite.items:
        judged(suite, item, text)


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_on_strange_answers(suite, text):
    for item in suite.items[::9]:
        judged(suite, item, text)


fragments = st.sampled_from(
    ["答案：", "依据：", "级别：", "科室：", "理由：", "建议：", "Ⅱ", "急诊科", "12.5", "-3", "万元", "亿元", "%", "％", "关于", "的通知", "：", "。", "\n",
     "2025年3月1日", "〔2024〕", "《", "》", "一、", "（一）", "不", "【待补】", "\u200b", "\u202e", "\x00", "𝟙", "①", "１", "，", "{", "}", '"', "*", "|"]
)  # fmt: skip
hostile = st.one_of(
    st.text(max_size=80), st.lists(fragments | st.text(max_size=6), max_size=25).map("".join)
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), text=hostile)
def test_on_hostile_text(suite, data, text):
    judged(suite, data.draw(st.sampled_from(suite.items)), text)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_on_good_answers_that_were_tampered_with(suite, data):
    known = data.draw(st.sampled_from(suite.calibration))
    item = next(each for each in suite.items if each.id == known.item)
    start = data.draw(st.integers(0, len(known.answer)))
    end = data.draw(st.integers(start, len(known.answer)))
    judged(suite, item, known.answer[:start] + data.draw(hostile) + known.answer[end:])


@pytest.mark.parametrize("drop", [False, True])
def test_items_state_what_their_scorers_need(suite, drop):
    for item in suite.items:
        for name, scorer in suite.scorers.items():
            if drop:
                bare = item.model_copy(update={"reference": {}})
                assert scorer.problem(bare) is None or isinstance(scorer.problem(bare), str)
            else:
                assert scorer.problem(item) is None, name
            assert scorer.expected(item) is None or isinstance(scorer.expected(item), str)
