import pytest

from bench.scoring.score import Scored
from bench.types import Exchange, Failure
from bench.value.counts import latency, usage
from bench.value.ledger import ledger
from tests.small_run import manifest, suite_of, trial


def row_of(at, state="answered", exchanges=(), **more):
    scored = trial(at, "accept")
    failure = Failure(kind="malformed", message="no") if state == "failed" else None
    answer = scored.answer.model_copy(
        update={"state": state, "exchanges": tuple(exchanges), "failure": failure} | more
    )
    return Scored(answer, None if failure else scored.scores)


def told(tmp_path, *rows):
    suite = suite_of(tmp_path)
    return ledger(suite, [row_of(at, **each) for at, each in enumerate(rows)], manifest())


def reply(**more):
    return Exchange(text="42", input_tokens=100, output_tokens=21, cost=0.5, latency_s=3.0, **more)


def test_money_for_replies_of_no_use_is_a_part_of_what_was_spent(tmp_path):
    table = told(
        tmp_path,
        {"exchanges": [reply()]},
        {"exchanges": [reply()], "lost_cost": 0.2, "lost_attempts": 1, "attempts": 2},
        {"exchanges": [reply()], "state": "failed", "lost_cost": 0.1, "attempts": 3},
        {"exchanges": [], "state": "failed", "attempts": 4},
    )
    found = usage(table, "CNY", cost_known=True)
    assert found.cost == pytest.approx(0.5 + 0.7 + 0.6)
    assert found.lost_cost == pytest.approx(0.2 + 0.6)


def test_nothing_known_to_be_lost_is_no_zero(tmp_path):
    table = told(tmp_path, {"exchanges": [reply()]}, {"state": "failed", "attempts": 4})
    assert usage(table, "CNY", cost_known=True).lost_cost is None


def test_tokens_counted_here_are_told_as_a_share_of_the_trials(tmp_path):
    rows = [{"exchanges": [reply(tokens_estimated=at == 0)]} for at in range(4)]
    found = usage(told(tmp_path, *rows), "CNY", cost_known=True)
    assert (found.estimated, found.estimated_share) == (True, 0.25)


def test_the_speed_of_a_stream_is_that_after_its_first_token(tmp_path):
    """21 tokens, the first after 1 s, the rest in 2 s: 10 a second."""
    table = told(tmp_path, {"exchanges": [reply(ttft_s=1.0)]}, {"exchanges": [reply()]})
    found = latency(table)
    assert (found.ttft_p50, found.ttft_p95, found.tokens_per_s) == (1.0, 1.0, 10.0)
    assert found.p50 == 3.0


def test_a_person_waits_for_the_exchanges_before_the_answer_too(tmp_path):
    found = latency(told(tmp_path, {"exchanges": [reply(), reply(ttft_s=1.0)]}))
    assert (found.p50, found.ttft_p50) == (6.0, 4.0)


def test_without_streams_the_first_token_is_not_known(tmp_path):
    found = latency(told(tmp_path, {"exchanges": [reply()]}))
    assert (found.ttft_p50, found.tokens_per_s) == (None, None)
