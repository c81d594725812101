"""From a journal to `summary.json`, for sound runs and for nasty ones."""

import json
import math

import pytest

from bench.types import Answer
from bench.value.judge_run import SCORES, judge_run
from bench.value.summary import Summary
from tests.small_run import failed, manifest, suite_of, trial

TEXTS = {"accept": "42", "redo": "", "harm": "41"}


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return suite_of(tmp_path_factory.mktemp("suite"), items=24, per_cluster=2)


def answer(number, outcome="accept", candidate="a", **told):
    given = trial(number, "accept", candidate, **told).answer
    return (
        failed(given) if outcome == "failed" else given.model_copy(update={"text": TEXTS[outcome]})
    )


def truncated(number):
    return answer(number).model_copy(update={"state": "truncated"})


def judged(suite, answers, names=("a",), repeats=1, fx=1.0, folder=None):
    return judge_run(
        [suite], {suite.name: suite.items}, manifest(names, repeats, fx=fx), answers, folder
    ).summary


NASTY = {
    "no answers at all": [],
    "all failed": [answer(n, "failed") for n in range(24)],
    "all cut off, which no rule speaks of": [truncated(n) for n in range(24)],
    "one item": [answer(0)],
    "one cluster": [answer(0), answer(1, "harm")],
    "two clusters": [answer(0), answer(2, "harm")],
    "all to be redone": [answer(n, "redo") for n in range(24)],
    "all harmful": [answer(n, "harm") for n in range(24)],
    "unknown price": [answer(n, cost=None) for n in range(24)],
    "price known of one answer": [answer(n, cost=None if n else 1.0) for n in range(24)],
    "nothing timed": [answer(n, latency=None) for n in range(24)],
    "one answer, the rest failed": [answer(n, "failed" if n else "accept") for n in range(24)],
    "a second repeat without a first": [answer(n, repeat=1) for n in range(24)],
    "a candidate that was not asked": [answer(n, candidate="b") for n in range(24)],
    "dear beyond measure": [answer(n, cost=1e12) for n in range(24)],
}


@pytest.mark.parametrize("answers", NASTY.values(), ids=NASTY)
def test_a_nasty_ledger_becomes_a_summary_without_nan_or_infinity(suite, answers):
    summary = judged(suite, answers, names=("a", "b"), repeats=2)
    finite(summary.model_dump())
    text = summary.model_dump_json()
    assert "NaN" not in text
    assert "Infinity" not in text
    assert Summary.model_validate_json(text) == summary
    for each in summary.suites["small"].candidates.values():
        parts = each.trials.model_dump()
        assert parts.pop("planned") == sum(parts.values()) == 48


def finite(told):
    for each in told.values() if isinstance(told, dict) else told:
        if isinstance(each, dict | list | tuple):
            finite(each)
        elif isinstance(each, float):
            assert math.isfinite(each)


@pytest.mark.parametrize(
    "answers", [NASTY["no answers at all"], NASTY["all failed"], NASTY["one cluster"]]
)
def test_too_little_to_judge_is_said_and_not_guessed(suite, answers):
    found = judged(suite, answers).suites["small"]
    assert (found.verdict.decision, found.verdict.candidate) == ("iterate", None)
    code = found.candidates["a"].verdict.reasons[0].code
    assert code == ("too_few" if found.candidates["a"].items else "not_measured")
    assert found.candidates["a"].p_positive is None


def test_an_unknown_price_leaves_the_money_spent_unknown(suite):
    assert judged(suite, NASTY["unknown price"]).suites["small"].candidates["a"].usage.cost is None
    assert (
        judged(suite, NASTY["price known of one answer"]).suites["small"].candidates["a"].usage.cost
        is None
    )


def test_a_summary_survives_the_file_it_is_written_to(suite):
    summary = judged(suite, [answer(n, "harm" if n % 5 == 0 else "accept") for n in range(24)])
    told = json.loads(summary.model_dump_json(by_alias=True))
    assert told["schema"] == 1
    assert Summary.model_validate_json(json.dumps(told)) == summary
    assert all("from" in change for change in told["suites"]["small"]["verdict"]["would_change"])


def test_the_order_of_the_journal_changes_not_a_byte(suite, tmp_path):
    answers = [
        answer(n, ("accept", "redo", "harm")[n % 3], name) for n in range(24) for name in "ab"
    ]
    folders = [tmp_path / name for name in ("one", "other")]
    texts = []
    for folder, order in zip(folders, (answers, answers[::-1]), strict=True):
        folder.mkdir()
        texts.append(judged(suite, order, names=("a", "b"), folder=folder).model_dump_json())
    assert texts[0] == texts[1]
    assert (folders[0] / SCORES).read_bytes() == (folders[1] / SCORES).read_bytes()


def test_answers_of_another_suite_item_or_candidate_are_left_out(suite):
    stray = [
        answer(0).model_copy(update={"suite": "other"}),
        answer(0).model_copy(update={"item": "gone"}),
        answer(0, candidate="stranger"),
    ]
    answers = [answer(n) for n in range(24)]
    assert judged(suite, answers + stray) == judged(suite, answers)


def test_prices_in_another_currency_are_changed_at_the_rate_of_the_run(suite):
    answers = [answer(n, cost=2.0) for n in range(24)]
    candidate = judged(suite, answers, fx=7.0).suites["small"].candidates["a"]
    assert candidate.usage.cost == pytest.approx(24 * 14)
    assert candidate.value_per_case.value == pytest.approx(57 - 14)


def test_every_answer_has_a_line_of_scores(suite, tmp_path):
    judged(suite, [answer(0), answer(1, "failed"), answer(2, "harm")], folder=tmp_path)
    lines = [
        json.loads(line) for line in (tmp_path / SCORES).read_text(encoding="utf-8").splitlines()
    ]
    assert [(line["item"], line["state"], sorted(line["scores"])) for line in lines] == [
        ("i0", "answered", ["right", "style"]),
        ("i1", "failed", []),
        ("i2", "answered", ["right", "style"]),
    ]


def test_a_journal_line_of_the_past_still_reads():
    line = '{"suite":"small","candidate":"a","item":"i0","state":"answered","text":"42"}'
    assert Answer.model_validate_json(line).repeat == 0
