import asyncio
import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.running.pace import LATE_S, WINDOW_S, Free, Pace, Unshared


class Time:
    """A clock that moves when someone sleeps, by `late` seconds more than was asked."""

    def __init__(self, start=1000.0, late=lambda: 0.0):
        self.now, self.late = start, late

    def clock(self):
        return self.now

    async def sleep(self, seconds):
        assert seconds > 0
        self.now += seconds + self.late()


def admitted(rpm, tpm, arrivals, late=lambda: 0.0):
    """When each request passed; `arrivals` are (seconds after the one before, tokens)."""
    time, found = Time(late=late), []
    pace = Pace(rpm, tpm, clock=time.clock, sleep=time.sleep)

    async def go():
        for gap, tokens in arrivals:
            time.now += gap
            await pace.admit(tokens)
            found.append((time.now, tokens))

    asyncio.run(go())
    return found


def fullest_minute(passed):
    """The most units in any half-open minute that begins with an admission."""
    return max(
        sum(units for at, units in passed if start <= at < start + 60 - 1e-6) for start, _ in passed
    )


gaps = st.floats(0, 90, allow_nan=False)


@settings(deadline=None)
@example(60, [0.0] * 70, [0.9] + [0.0] * 70)
@given(
    st.integers(1, 120),
    st.lists(gaps, min_size=1, max_size=80),
    st.lists(st.sampled_from([0.0, 0.1, LATE_S, 0.3, 7.0]), min_size=1),
)
def test_no_minute_holds_more_requests_than_allowed_however_late_those_who_wait_are_woken(
    rpm, waits, lateness
):
    late = itertools.cycle([*lateness, 0.0])
    passed = admitted(rpm, None, [(gap, 1) for gap in waits], lambda: next(late))
    assert fullest_minute([(at, 1) for at, _ in passed]) <= rpm


@settings(deadline=None)
@given(
    st.integers(10, 1000), st.lists(st.tuples(gaps, st.integers(1, 500)), min_size=1, max_size=40)
)
def test_no_minute_holds_more_tokens_than_allowed_and_those_of_one_request(tpm, arrivals):
    dearest = max(tokens for _, tokens in arrivals)
    assert fullest_minute(admitted(None, tpm, arrivals)) <= tpm + dearest


def test_requests_that_come_at_once_are_spread_evenly():
    passed = [at for at, _ in admitted(30, None, [(0, 1)] * 10)]
    each = [b - a for a, b in itertools.pairwise(passed)]
    assert each == pytest.approx([WINDOW_S / 30] * 9)


def test_an_idle_minute_is_no_credit():
    passed = [at for at, _ in admitted(60, None, [(0, 1), (600, 1), (0, 1)])]
    assert passed[2] - passed[1] == pytest.approx(WINDOW_S / 60)


def test_the_slower_of_both_limits_counts():
    """600 requests and 600 tokens a minute: of 20 tokens each they pass every two seconds, of 1 every tenth."""
    passed = [at for at, _ in admitted(600, 600, [(0, 20)] * 4)]
    assert passed == pytest.approx([1000.0, 1002.0, 1004.0, 1006.0])
    passed = [at for at, _ in admitted(600, 60_000, [(0, 20)] * 4)]
    assert passed == pytest.approx([1000 + n * WINDOW_S / 600 for n in range(4)])


def test_one_who_waits_takes_one_moment_so_that_others_who_share_it_come_in_between():
    shared, first, second = Unshared(), [], []

    async def turns(pace, found):
        for _ in range(4):
            await pace.admit(0)
            found.append(asyncio.get_running_loop().time())

    async def go():
        clock = asyncio.get_running_loop().time
        paces = [Pace(6050, None, shared, clock) for _ in range(2)]
        each = [turns(paces[0], first) for _ in range(4)]
        await asyncio.gather(*each, turns(paces[1], second))

    asyncio.run(go())
    assert len([at for at in first if at < second[-1]]) <= 5


def test_what_an_estimate_missed_is_settled_before_the_next():
    time = Time()
    pace = Pace(None, 600, clock=time.clock, sleep=time.sleep)

    async def go():
        await pace.admit(100)
        await pace.settle(-90)
        await pace.admit(100)
        assert time.now == 1001.0
        await pace.settle(50)
        await pace.admit(1)
        assert time.now == 1016.0

    asyncio.run(go())


def left_after_giving_up(*, others):
    """What is free before, while and after an admission of 20 tokens waits and is abandoned; `others` come after it."""
    shared, time = Unshared(), Time()

    async def never(_):
        await asyncio.Event().wait()

    async def go():
        await Pace(60, 6000, shared, time.clock, time.sleep).admit(10)
        time.now += 0.5
        before = shared.free
        waiting = asyncio.create_task(Pace(60, 6000, shared, time.clock, never).admit(20))
        await asyncio.sleep(0)
        assert shared.free.requests_s > before.requests_s
        assert shared.free.tokens_s > before.tokens_s
        for _ in range(others):
            await Pace(60, 6000, shared, time.clock, Time().sleep).admit(30)
        held = shared.free
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return before, held, shared.free

    return asyncio.run(go())


def test_an_admission_that_is_abandoned_gives_back_what_it_took():
    before, held, after = left_after_giving_up(others=0)
    assert after.requests_s == pytest.approx(before.requests_s)
    assert after.tokens_s == pytest.approx(1000.5)  # the moment at which it began to wait
    assert held.tokens_s > 1000.5


def test_an_abandoned_moment_that_others_came_after_gives_back_its_tokens_alone():
    """The others keep their moments: who came next into one that is taken would be the second in it."""
    _, held, after = left_after_giving_up(others=1)
    assert after.requests_s == held.requests_s
    assert after.tokens_s == pytest.approx(held.tokens_s - 0.2)


def test_who_has_no_limit_of_tokens_neither_waits_for_those_of_others_nor_moves_them():
    shared, time = Unshared(Free(tokens_s=5000.0)), Time()
    asyncio.run(Pace(60, None, shared, time.clock, time.sleep).admit(10))
    assert time.now == 1000.0
    assert shared.free.tokens_s == 5000.0


def test_who_waits_for_tokens_does_not_hold_up_those_who_need_none():
    shared, time = Unshared(Free(tokens_s=5000.0)), Time()

    async def never(_):
        await asyncio.Event().wait()

    async def go():
        waiting = asyncio.create_task(Pace(60, 60, shared, time.clock, never).admit(10))
        await asyncio.sleep(0)
        await Pace(60, None, shared, time.clock, time.sleep).admit(10)
        assert time.now == 1000.0
        waiting.cancel()

    asyncio.run(go())
