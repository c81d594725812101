"""Every trial in one state, every request counted, and the money of what was lost."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.endpoints.price import Price
from bench.endpoints.seam import Limits, Reply
from bench.running.plan import estimated_input_tokens
from bench.strategies.direct import Direct
from bench.strategies.strategy import Question
from bench.suites.load import load
from tests.scheduled_run import GOOD, TOKENS, Scheduled, failure, ran
from tests.small_suite import item, written


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scheduled") / "s"
    return load(str(written(folder, [item(n) for n in range(24)])))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("journals")


FAULTS = {
    "good": GOOD,
    "cut": Reply("4", finish="length", input_tokens=10, output_tokens=16),
    "filtered": Reply("", finish="content_filter"),
    **{kind: failure(kind) for kind in ("transport", "timeout", "server", "bad_request", "no_text", "rate_limited")},
    "malformed": failure("malformed", spent_tokens=(10, 5)),
    "bug": ValueError("a bug"),
    "surrogate": Reply("\ud800", input_tokens=10, output_tokens=5),
}  # fmt: skip


def seeded(seed):
    """A schedule that depends on nothing but the seed, the item and the number of the request for it."""
    return lambda name, nth: FAULTS[random.Random(f"{seed}:{name}:{nth}").choice(list(FAULTS))]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**9), st.integers(1, 5))
def test_the_same_faults_give_the_same_table_one_at_a_time_and_sixteen_at_once(
    suite, folder, seed, attempts
):
    def table(concurrency):
        limits = Limits(concurrency=concurrency, max_attempts=attempts)
        endpoint = Scheduled.of(seeded(seed), limits=limits, price=TOKENS)
        _, found, _ = ran(suite, folder, endpoint)
        assert len(found) == 24
        assert {name: found["c0", name].attempts for name in endpoint.asked} == endpoint.asked
        assert all(1 <= each.attempts <= attempts for each in found.values())
        return {
            key: (each.state, each.failure, each.attempts, each.lost_cost, each.lost_attempts)
            for key, each in found.items()
        }

    assert table(1) == table(16)


def test_what_a_vendor_counted_for_replies_of_no_use_is_priced_like_any_reply(suite, folder):
    told = [failure("malformed", spent_tokens=(10, 5)), failure("server"), GOOD]
    endpoint = Scheduled.of(lambda _, nth: told[nth - 1], price=TOKENS)
    _, found, _ = ran(suite, folder, endpoint, limit=1)
    (answer,) = found.values()
    assert (answer.state, answer.attempts) == ("answered", 3)
    assert (answer.lost_cost, answer.lost_attempts) == (20.0, 1)
    assert [each.cost for each in answer.exchanges] == [20.0]


@pytest.mark.parametrize(
    ("told", "price", "lost"),
    [
        (failure("no_text", spent_tokens=(10, 5)), TOKENS, (20.0, 1)),
        (failure("no_text", spent_tokens=(0, 0)), TOKENS, (0.0, 1)),
        (failure("no_text", spent_tokens=(10, 5)), None, (None, 0)),
        (failure("bad_request"), TOKENS, (None, 0)),
        (Reply("\ud800", input_tokens=10, output_tokens=5), TOKENS, (20.0, 1)),
        (Reply("\ud800", input_tokens=10), TOKENS, (None, 0)),
    ],
)
def test_what_is_not_known_to_be_lost_is_none_and_never_nought(suite, folder, told, price, lost):
    limits = Limits(max_attempts=1)
    endpoint = Scheduled.of(lambda *_: told, price=price, limits=limits)
    _, found, _ = ran(suite, folder, endpoint, limit=1)
    (answer,) = found.values()
    assert (answer.state, answer.lost_cost, answer.lost_attempts) == ("failed", *lost)


def test_a_machine_that_is_paid_by_the_hour_is_paid_for_what_it_did_in_vain(suite, folder):
    hour = Price(currency="CNY", machine_hour=3600.0)
    endpoint = Scheduled.of(lambda *_: failure("no_text"), price=hour, takes_s=0.01)
    _, found, _ = ran(suite, folder, endpoint, limit=1)
    (answer,) = found.values()
    assert answer.lost_attempts == 1
    assert answer.lost_cost > 0


def test_a_budget_counts_what_was_lost_exactly_where_it_is_known(suite, folder):
    """Lost for 20, lost for nobody knows what, which counts as the dearest there may be, then a reply for 20."""
    told = [failure("malformed", spent_tokens=(10, 5)), failure("server"), GOOD]
    endpoint = Scheduled.of(lambda _, nth: told[nth - 1], price=TOKENS)
    _, found, money = ran(suite, folder, endpoint, limit=1, budget=1000.0)
    assert [each.attempts for each in found.values()] == [3]
    (name,) = {name for _, name in found}
    (asked,) = Direct().planned(
        Question(suite, next(each for each in suite.items if each.id == name))
    )
    assert money.spent == 20 + 20 + (2 * estimated_input_tokens(asked) + 2 * 16)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**9), st.integers(0, 3000), st.integers(1, 8))
def test_whatever_goes_wrong_no_more_is_spent_than_the_budget_allows(
    suite, folder, seed, limit, concurrency
):
    limits = Limits(concurrency=concurrency, max_attempts=3)
    endpoints = [
        Scheduled.of(seeded(f"{seed}{n}"), limits=limits, price=TOKENS, takes_s=0.01 + n / 50)
        for n in range(2)
    ]
    _, found, money = ran(suite, folder, *endpoints, budget=float(limit))
    known = sum(
        sum(each.cost or 0.0 for each in answer.exchanges) + (answer.lost_cost or 0.0)
        for answer in found.values()
    )
    assert known <= money.spent <= limit + 1e-6


def test_one_reply_that_is_dearer_than_foreseen_ends_the_retries_that_the_budget_no_longer_bears(
    suite, folder
):
    """Foreseen is less than 80 an attempt; what came was 200 at a time."""
    limits = Limits(concurrency=1, max_attempts=4)
    dear = failure("malformed", spent_tokens=(100, 50))
    endpoint = Scheduled.of(lambda *_: dear, price=TOKENS, limits=limits)
    ended, found, money = ran(suite, folder, endpoint, budget=400.0)
    assert endpoint.asked.total() == 2
    assert money.spent == 400.0
    assert ended.over_budget
    assert [each.attempts for each in found.values()] == [2]


def test_what_a_model_thought_and_when_its_first_word_came_is_kept(suite, folder):
    endpoint = Scheduled.of(lambda *_: Reply("42", ttft_s=0.3, reasoning="six times seven"))
    _, found, _ = ran(suite, folder, endpoint, limit=1)
    (answer,) = found.values()
    assert [(each.ttft_s, each.reasoning) for each in answer.exchanges] == [
        (0.3, "six times seven")
    ]


@pytest.mark.parametrize("asked_s", [float("nan"), -5.0, 0.0])
def test_a_wait_that_makes_no_sense_is_the_usual_one(suite, folder, asked_s):
    endpoint = Scheduled.of(
        lambda _, nth: failure("server", retry_after_s=asked_s) if nth < 40 else GOOD,
        limits=Limits(max_attempts=2000),
    )
    _, found, _ = ran(suite, folder, endpoint, limit=1)
    assert [(each.state, each.attempts) for each in found.values()] == [("answered", 40)]


@pytest.mark.parametrize("asked_s", [300.5, 1e18, float("inf")])
def test_a_wait_beyond_five_minutes_is_not_waited_and_the_failure_says_so(suite, folder, asked_s):
    endpoint = Scheduled.of(lambda *_: failure("rate_limited", retry_after_s=asked_s))
    _, found, _ = ran(suite, folder, endpoint, limit=1)
    (answer,) = found.values()
    assert (answer.attempts, answer.failure.kind) == (1, "rate_limited")
    assert answer.failure.message.startswith("the server asks to wait ")
