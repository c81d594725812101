import asyncio
from contextlib import asynccontextmanager
from typing import ClassVar

import pytest

from bench.endpoints.price import Price, cost
from bench.endpoints.seam import Case, Endpoint, Limits, Reply, Request
from bench.errors import EndpointFileError, RequestFailure
from bench.running.attempts import Attempted, Line, ask
from bench.running.budget import Budget
from bench.running.cache import Cache
from bench.running.door import CalledOff
from bench.running.execute import Stop, execute
from bench.running.journal import Journal
from bench.running.plan import plan
from bench.strategies.candidate import Candidate
from bench.strategies.direct import Direct
from bench.suites.load import load
from tests.small_suite import written

REQUEST = Request(Case("s", "i", 0, {}), (), 16)
HOUR = Price(currency="CNY", machine_hour=3600.0)
TOKENS = Price(currency="CNY", input=1.0, output=2.0, per=1)
SENT = []


class Slow(Endpoint):
    """Takes a twentieth of a second, however many ask."""

    broken: bool = False
    latency_s: float | None = None

    def identity(self):
        return {}

    @asynccontextmanager
    async def connect(self):
        await asyncio.sleep(0.01)
        if self.broken:
            raise EndpointFileError("cannot be opened")
        yield self

    async def ask(self, request):
        SENT.append(request)
        await asyncio.sleep(0.05)
        return Reply(
            "42", input_tokens=10, output_tokens=5, latency_s=self.latency_s,
            cached_input_tokens=4, reasoning_tokens=3,
        )  # fmt: skip


class Told(Slow):
    timed: ClassVar[bool] = False


@pytest.fixture
def suite(tmp_path):
    SENT.clear()
    return load(str(written(tmp_path / "s")))


def answered(suite, folder, *endpoints, cache=None):
    each = [
        Candidate(f"c{n}", f"c{n}", "slow", endpoint, "direct", Direct())
        for n, endpoint in enumerate(endpoints)
    ]
    made = plan([suite], each, limit=4)
    found = []
    folder.mkdir(exist_ok=True)
    with Journal(folder) as journal, Cache(cache) as kept:
        budget = Budget(None, made, {})
        asyncio.run(execute(made.trials(), journal, kept, budget, found.append, Stop()))
    return [each for answer in found for each in answer.exchanges]


def test_what_was_recorded_took_what_it_says_or_nobody_knows(suite, tmp_path):
    (first, *_) = answered(suite, tmp_path / "r", Told(price=HOUR))
    assert (first.latency_s, first.cost) == (None, None)
    (first, *_) = answered(suite, tmp_path / "q", Told(price=HOUR, latency_s=3.0))
    assert (first.latency_s, first.cost) == (3.0, 3.0)


def test_a_machine_that_answers_four_at_once_is_paid_once(suite, tmp_path):
    """Begun among 1 to 4 and ended among 4 to 1, each is charged two fifths."""
    found = answered(suite, tmp_path / "r", Slow(price=HOUR, limits=Limits(concurrency=4)))
    assert [each.cost / each.latency_s for each in found] == pytest.approx([0.4] * 4)
    found = answered(suite, tmp_path / "q", Slow(price=HOUR, limits=Limits(concurrency=1)))
    assert [each.cost / each.latency_s for each in found] == pytest.approx([1.0] * 4)


def test_a_cached_reply_costs_what_it_would_today(suite, tmp_path):
    cache = tmp_path / "c"
    at_once = Limits(concurrency=4)
    before = answered(suite, tmp_path / "r", Slow(price=TOKENS, limits=at_once), cache=cache)
    assert {each.cost for each in before} == {20.0}
    dearer = TOKENS.model_copy(update={"output": 4.0})
    again = answered(suite, tmp_path / "q", Slow(price=dearer), cache=cache)
    assert {(each.cost, each.cached) for each in again} == {(30.0, True)}
    by_hour = answered(suite, tmp_path / "p", Slow(price=HOUR), cache=cache)
    assert [each.cost / each.latency_s for each in by_hour] == pytest.approx([0.4] * 4)
    assert len(SENT) == 4


def test_what_a_vendor_cached_and_a_model_thought_is_kept_and_priced(suite, tmp_path):
    """6 x 1 + 4 x 0.5 + 2 x 2 + 3 x 3 = 21, at half of it whatever the hour."""
    halves = [
        {"from": "00:00", "to": "12:00", "factor": 0.5},
        {"from": "12:00", "to": "00:00", "factor": 0.5},
    ]
    told = TOKENS.model_dump() | {"cached_input": 0.5, "reasoning": 3.0}
    cache = tmp_path / "c"
    (first, *_) = answered(suite, tmp_path / "r", Slow(price=told), cache=cache)
    assert (first.cached_input_tokens, first.reasoning_tokens, first.cost) == (4, 3, 21.0)
    nightly = Slow(price=told | {"hours": halves})
    (again, *_) = answered(suite, tmp_path / "q", nightly, cache=cache)
    assert (again.cached_input_tokens, again.reasoning_tokens) == (4, 3)
    assert (again.cost, again.cached) == (10.5, True)
    (fresh, *_) = answered(suite, tmp_path / "p", nightly)
    assert (fresh.cost, fresh.cached) == (10.5, False)


def test_a_machines_price_without_seconds_is_unknown():
    assert cost(HOUR, Reply("42"), None) is None
    assert cost(TOKENS, Reply("42", input_tokens=1, output_tokens=1), None) == 3.0


def test_nothing_is_sent_before_every_endpoint_is_open(suite, tmp_path):
    with pytest.raises(EndpointFileError):
        answered(suite, tmp_path / "r", Slow(), Slow(broken=True))
    assert SENT == []


def test_who_waited_while_the_endpoint_closed_asks_no_more():
    SENT.clear()
    endpoint = Slow(limits=Limits(rpm=600))
    line = Line.open(endpoint, endpoint)
    attempted = Attempted()

    async def go():
        await line.pace.admit(1)
        waiting = asyncio.create_task(ask(line, REQUEST, attempted))
        await asyncio.sleep(0.01)
        line.door.close(RequestFailure("auth", "HTTP 401"))
        await waiting

    with pytest.raises(CalledOff):
        asyncio.run(go())
    assert (SENT, attempted.count) == ([], 0)


def test_who_has_asked_before_fails_with_what_closed_the_endpoint():
    SENT.clear()
    endpoint = Slow()
    line = Line.open(endpoint, endpoint)
    line.door.close(RequestFailure("quota_empty", "HTTP 402"))
    with pytest.raises(RequestFailure, match="HTTP 402"):
        asyncio.run(ask(line, REQUEST, Attempted(before=1)))
    assert SENT == []
