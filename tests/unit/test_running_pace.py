import asyncio
import itertools

from hypothesis import given
from hypothesis import strategies as st

from bench.running.pace import Pace


class Time:
    """A clock that moves when someone sleeps."""

    def __init__(self, start=1000.0):
        self.now = start

    def clock(self):
        return self.now

    async def sleep(self, seconds):
        assert seconds > 0
        self.now += seconds


def admitted(per_minute, arrivals):
    """When each unit passed; `arrivals` are (seconds after the one before, units)."""
    time, found = Time(), []
    pace = Pace(per_minute, time.clock, time.sleep)

    async def go():
        for gap, units in arrivals:
            time.now += gap
            await pace.admit(units)
            found.append((time.now, units))

    asyncio.run(go())
    return found


def fullest_minute(passed):
    """The most units in any half-open minute that begins with an admission."""
    return max(
        sum(units for at, units in passed if start <= at < start + 60 - 1e-6) for start, _ in passed
    )


gaps = st.floats(0, 90, allow_nan=False)


@given(st.integers(1, 120), st.lists(gaps, min_size=1, max_size=80))
def test_no_minute_holds_more_requests_than_allowed(per_minute, waits):
    assert fullest_minute(admitted(per_minute, [(gap, 1) for gap in waits])) <= per_minute


@given(
    st.integers(10, 1000), st.lists(st.tuples(gaps, st.integers(1, 500)), min_size=1, max_size=40)
)
def test_no_minute_holds_more_tokens_than_allowed_and_those_of_one_request(per_minute, arrivals):
    dearest = max(units for _, units in arrivals)
    assert fullest_minute(admitted(per_minute, arrivals)) <= per_minute + dearest


def test_requests_that_come_at_once_are_spread_evenly():
    passed = [at for at, _ in admitted(30, [(0, 1)] * 10)]
    assert [b - a for a, b in itertools.pairwise(passed)] == [2.0] * 9


def test_an_idle_minute_is_no_credit():
    passed = [at for at, _ in admitted(60, [(0, 1), (600, 1), (0, 1)])]
    assert passed[2] - passed[1] == 1.0


def test_who_may_ask_without_limit_never_waits():
    assert [at for at, _ in admitted(None, [(0, 10**9)] * 5)] == [1000.0] * 5


def test_those_who_wait_together_pass_one_after_the_other():
    waits = []

    async def sleep(seconds):
        waits.append(seconds)

    async def go():
        pace = Pace(60, lambda: 0.0, sleep)
        await asyncio.gather(*(pace.admit(1) for _ in range(4)))

    asyncio.run(go())
    assert waits == [1.0, 2.0, 3.0]


def test_what_an_estimate_missed_is_settled_before_the_next():
    time = Time()
    pace = Pace(600, time.clock, time.sleep)

    async def go():
        await pace.admit(100)
        pace.settle(-90)
        await pace.admit(100)
        assert time.now == 1001.0
        pace.settle(50)
        await pace.admit(1)
        assert time.now == 1016.0

    asyncio.run(go())
