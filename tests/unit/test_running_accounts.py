"""What endpoints of one key share: a refusal, a cut, a pace; and what is given back when it is over."""

import asyncio
from collections import Counter
from itertools import pairwise

import pytest
from pydantic import PrivateAttr

from bench.endpoints.seam import Case, Limits, Reply, Request
from bench.endpoints.secrets import remember
from bench.errors import RequestFailure
from bench.running.attempts import Attempted, Line, ask
from bench.running.budget import Budget
from bench.running.cache import Cache
from bench.running.execute import Stop, execute
from bench.running.journal import Journal
from bench.running.plan import plan
from bench.strategies.candidate import Candidate
from bench.strategies.direct import Direct
from bench.suites.load import load
from tests import virtual_time
from tests.scheduled_run import GOOD, Scheduled, failure, ran
from tests.small_suite import item, written


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scheduled") / "s"
    return load(str(written(folder, [item(n) for n in range(24)])))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("journals")


@pytest.mark.parametrize("kind", ["auth", "quota_empty"])
def test_a_refusal_stops_the_endpoint_that_said_so_and_nothing_else(suite, folder, kind):
    """Four are in flight when the first refusal comes: those fail, and what had sent nothing stays owed.

    Another endpoint of the same key goes on: a vendor may refuse a single model.
    """
    limits = Limits(concurrency=4)
    locked = Scheduled.of(lambda *_: failure(kind), key="k", limits=limits)
    sharing = Scheduled.of(lambda *_: GOOD, key="k", limits=limits, takes_s=1.0)
    free = Scheduled.of(lambda *_: GOOD, key="another", limits=limits, takes_s=1.0)
    ended, found, _ = ran(suite, folder, locked, sharing, free)
    states = Counter((candidate, answer.state) for (candidate, _), answer in found.items())
    assert states["c1", "answered"] == states["c2", "answered"] == 24
    assert 1 <= states["c0", "failed"] <= 8
    assert set(ended.closed) == {"c0"}
    assert not ended.stopped


@pytest.mark.parametrize("kind", ["auth", "quota_empty"])
def test_who_waits_for_a_turn_or_a_retry_asks_a_closed_account_no_more(suite, folder, kind):
    """One waits a minute after a 503 and fails as the key is refused; two waited for their pace and stay owed."""

    def told(name, _):
        return failure("server", retry_after_s=60) if name == names[0] else failure(kind)

    names = [each.id for each in suite.items]
    endpoint = Scheduled.of(told, limits=Limits(concurrency=4, rpm=60))
    ended, found, _ = ran(suite, folder, endpoint)
    assert {key[1]: each.failure.kind for key, each in found.items()} == {
        names[0]: kind,
        names[1]: kind,
    }
    assert [each.attempts for each in found.values()] == [1, 1]
    assert endpoint.asked.total() == 2
    assert set(ended.closed) == {"c0"}


def test_the_first_interrupt_leaves_owed_what_waits_for_its_pace(suite, folder):
    endpoint = Scheduled.of(lambda *_: GOOD, limits=Limits(concurrency=8, rpm=60), takes_s=2.0)
    ended, found, _ = ran(suite, folder, endpoint, during=(1.5,))
    assert ended.stopped
    assert {each.state for each in found.values()} == {"answered"}
    assert len(found) == endpoint.asked.total() < 8


def test_a_429_cuts_what_is_asked_at_once_and_the_run_tells_so(suite, folder):
    """More than three at once are refused: 16, then at most 8, then 4, then 2 and slowly more."""
    at_once = Counter()

    class Narrow(Scheduled):
        async def ask(self, _):
            at_once["now"] += 1
            refused = at_once["now"] > 3
            try:
                await asyncio.sleep(0.05)
            finally:
                at_once["now"] -= 1
            if refused:
                raise failure("rate_limited")
            return GOOD

    limits = Limits(concurrency=16, max_attempts=9)
    ended, found, _ = ran(suite, folder, Narrow(limits=limits), Scheduled())
    assert {each.state for each in found.values()} == {"answered"}
    assert list(ended.concurrency) == ["c0"]
    course = [number for _, number in ended.concurrency["c0"]]
    assert course[:2] == [16, 8]
    assert min(course) <= 4
    refusals = sum(each.attempts - 1 for each in found.values())
    assert ended.remarks == (
        f"endpoint 'c0': {refusals} times 'rate limited'; requests at once 16 -> {min(course)}"
        + (f" -> {course[-1]}" if course[-1] != min(course) else ""),
    )


class FromSecond30(Scheduled):
    """Refuses whatever comes before second 30, and asks to wait until then; notes when it was asked."""

    _times: list = PrivateAttr(default_factory=list)

    async def ask(self, _):
        now = asyncio.get_running_loop().time()
        self._times.append(now)
        await asyncio.sleep(0.05)
        if now < 30:
            raise failure("rate_limited", retry_after_s=30 - now)
        return GOOD

    @property
    def times(self):
        return self._times


@pytest.mark.parametrize("tpm", [None, 10**6])
def test_who_waited_for_the_pace_when_a_429_came_waits_for_both(suite, folder, tpm):
    """Eight are let in, and the first of them is refused before the others' moments have come."""
    endpoint = FromSecond30(limits=Limits(concurrency=8, rpm=600, tpm=tpm))
    ended, found, _ = ran(suite, folder, endpoint)
    assert [each for each in endpoint.times if each < 30] == [0]
    assert sorted(each.attempts for each in found.values()) == [1] * 23 + [2]
    assert [number for _, number in ended.concurrency["c0"]][:2] == [8, 4]
    assert min(number for _, number in ended.concurrency["c0"]) == 4
    assert all(later - earlier > 0.09 for earlier, later in pairwise(endpoint.times))


def test_a_trial_that_gives_up_at_a_429_leaves_the_others_waiting(suite, folder):
    endpoint = FromSecond30(limits=Limits(concurrency=2, max_attempts=1))
    _, found, _ = ran(suite, folder, endpoint)
    assert Counter(each.state for each in found.values()) == {"failed": 2, "answered": 22}


def test_an_adapter_that_gives_a_request_up_fails_that_trial_and_no_worker(suite, folder):
    endpoint = Scheduled.of(
        lambda name, _: asyncio.CancelledError() if name == suite.items[3].id else GOOD,
        limits=Limits(concurrency=1),
    )
    ended, found, _ = ran(suite, folder, endpoint)
    assert Counter(each.state for each in found.values()) == {"failed": 1, "answered": 23}
    assert found["c0", suite.items[3].id].failure.kind == "internal"
    assert not ended.stopped


def test_what_was_cut_grows_again_while_all_goes_well(suite, folder):
    first = suite.items[0].id
    endpoint = Scheduled.of(
        lambda name, nth: failure("rate_limited") if (name, nth) == (first, 1) else GOOD,
        limits=Limits(concurrency=4),
    )
    ended, _, _ = ran(suite, folder, endpoint)
    assert [number for _, number in ended.concurrency["c0"]] == [4, 2, 3, 4]
    assert ended.remarks == ("endpoint 'c0': 1 times 'rate limited'; requests at once 4 -> 2 -> 4",)


@pytest.mark.parametrize("kind", ["server", "timeout", "transport", "malformed"])
def test_nothing_but_a_429_cuts(suite, folder, kind):
    endpoint = Scheduled.of(lambda _, nth: failure(kind) if nth == 1 else GOOD)
    ended, found, _ = ran(suite, folder, endpoint)
    assert {each.attempts for each in found.values()} == {2}
    assert (ended.concurrency, ended.remarks) == ({}, ())


def test_a_thousand_candidates_with_nothing_to_ask_open_nothing(suite, folder):
    busy = Scheduled()
    idle = [Scheduled() for _ in range(1000)]
    each = [
        Candidate(f"c{n}", f"c{n}", "s", one, "direct", Direct())
        for n, one in enumerate([busy, *idle])
    ]
    made = plan([suite], each, limit=2)
    owed = [trial for trial in made.trials() if trial.candidate.name == "c0"]
    stop = Stop()
    with Journal(folder) as journal, Cache(None) as cache:
        virtual_time.run(
            execute(owed, journal, cache, Budget(None, made, {}), lambda _: None, stop)
        )
    assert busy.opened == 1
    assert not any(one.opened for one in idle)
    assert len(stop.tasks) == 2


class Leaking(Direct):
    """A strategy whose bug shows what it read."""

    async def answer(self, question, ask):
        raise KeyError((await ask(*self.planned(question))).text)


@pytest.mark.parametrize("strategy", [Direct(), Leaking()])
def test_a_bug_of_an_adapter_or_a_strategy_tells_no_key(suite, folder, strategy):
    remember("sk-canary-77d1f0a9c3")
    told = "Bearer sk-canary-77d1f0a9c3"
    leaked = KeyError(told) if type(strategy) is Direct else Reply(told)
    endpoint = Scheduled.of(lambda *_: leaked)
    _, found, _ = ran(suite, folder, endpoint, limit=1, strategy=strategy)
    (answer,) = found.values()
    assert answer.failure.message == "KeyError: 'Bearer [key]'"


def test_one_who_asks_without_a_run_is_told_no_key_either():
    remember("sk-canary-77d1f0a9c3")
    endpoint = Scheduled.of(lambda *_: KeyError("Bearer sk-canary-77d1f0a9c3"))
    request = Request(Case("s", "i", 0, {}), (), 16)
    with pytest.raises(RequestFailure, match=r"'Bearer \[key\]'"):
        virtual_time.run(ask(Line.open(endpoint, endpoint), request, Attempted()))
