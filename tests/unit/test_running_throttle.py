import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.running.throttle import Throttle, told


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def full(most):
    """A throttle with all that it allows in flight."""
    throttle = Throttle(most, Clock())
    for _ in range(most):
        throttle.take()
    return throttle


def test_a_429_halves_what_is_in_flight_and_those_sent_before_it_cut_no_more():
    throttle = full(64)
    for _ in range(10):
        throttle.refused(0)
    assert throttle.allowed == 32
    throttle.clock.now = 102.5
    throttle.refused(1)
    throttle.refused(0)
    assert throttle.course == [(0.0, 64), (0.0, 32), (2.5, 16)]
    assert told(throttle.course) == "64 -> 16"


def test_a_cut_halves_what_was_in_flight_and_not_what_might_have_been():
    throttle = Throttle(64, Clock())
    for _ in range(6):
        throttle.take()
    throttle.refused(0)
    assert throttle.allowed == 3


def test_one_request_at_a_time_remains():
    throttle = full(5)
    for cuts in range(6):
        throttle.refused(cuts)
    assert [number for _, number in throttle.course] == [5, 2, 1]


def test_as_many_replies_as_are_allowed_at_once_allow_one_more_and_never_beyond_the_limit():
    throttle = full(8)
    throttle.refused(0)
    grown = []
    for _ in range(40):
        throttle.succeeded(1)
        grown.append(throttle.allowed)
    assert grown[:10] == [4, 4, 4, 5, 5, 5, 5, 5, 6, 6]
    assert grown[-1] == 8
    assert told(throttle.course) == "8 -> 4 -> 8"


def test_a_reply_to_what_was_sent_before_the_cut_is_no_reason_to_allow_more():
    throttle = full(8)
    throttle.refused(0)
    for _ in range(20):
        throttle.succeeded(0)
    assert throttle.allowed == 4


def test_without_a_429_nothing_is_noted():
    throttle = full(8)
    for _ in range(20):
        throttle.succeeded(0)
    assert (throttle.allowed, throttle.course) == (8, [])


def test_endpoints_of_one_account_are_allowed_together_what_each_bears():
    throttle = Throttle(4, Clock())
    throttle.widen(2)
    for _ in range(6):
        assert not throttle.is_full
        throttle.take()
    assert throttle.is_full


def test_first_come_is_first_served_and_who_gives_up_is_passed_over():
    came = []

    async def one(throttle, name):
        await throttle.enter()
        came.append(name)

    async def go():
        throttle = Throttle(1, Clock())
        throttle.take()
        tasks = [asyncio.create_task(one(throttle, name)) for name in "abcd"]
        await asyncio.sleep(0)
        tasks[1].cancel()
        throttle.leave()
        tasks[0].cancel()  # it has its place and does not know yet
        for _ in range(3):
            await asyncio.sleep(0)
        assert came == ["c"]
        throttle.leave()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert [isinstance(each, asyncio.CancelledError) for each in done] == [1, 1, 0, 0]
        assert throttle.in_flight == 1

    asyncio.run(go())
    assert came == ["c", "d"]


steps = st.lists(st.sampled_from(["send", "reply", "refuse", "fail"]), max_size=200)


@given(st.integers(1, 20), steps)
def test_what_is_allowed_stays_between_one_and_the_limit_and_is_never_passed(most, taken):
    throttle, sent = Throttle(most, Clock()), []
    for step in taken:
        if step == "send":
            if not throttle.is_full:
                throttle.take()
                sent.append(throttle.cuts)
        elif sent:
            cuts = sent.pop(0)
            if step == "reply":
                throttle.succeeded(cuts)
            elif step == "refuse":
                throttle.refused(cuts)
            throttle.leave()
        assert 1 <= throttle.allowed <= most
        assert throttle.in_flight == len(sent) <= most


@pytest.mark.parametrize(
    ("course", "shown"), [([8, 1], "8 -> 1"), ([8, 4, 5, 2, 3], "8 -> 2 -> 3")]
)
def test_a_course_is_told_by_its_turning_points(course, shown):
    assert told([(0.0, each) for each in course]) == shown


def test_nobody_enters_while_it_is_held_and_those_who_come_again_go_first():
    entered = []

    async def go():
        throttle = Throttle(1)
        throttle.take()
        throttle.hold(0.05)
        throttle.leave()
        assert throttle.is_full

        async def come(name, *, again):
            await throttle.enter(again=again)
            entered.append((name, throttle.is_held))
            throttle.leave()

        fresh = [asyncio.create_task(come(f"first {n}", again=False)) for n in range(2)]
        await asyncio.sleep(0)
        await asyncio.gather(come("again", again=True), *fresh)

    asyncio.run(go())
    assert entered == [("again", False), ("first 0", False), ("first 1", False)]


def test_a_shorter_hold_does_not_end_a_longer_one():
    async def go():
        throttle = Throttle(4)
        throttle.hold(0.08)
        throttle.hold(0.01)
        started = throttle.clock()
        await throttle.enter()
        return throttle.clock() - started

    assert asyncio.run(go()) >= 0.08
