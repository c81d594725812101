import asyncio
import os
import signal

import pytest

from bench.running.ending import Ending
from bench.running.execute import Ended, Stop


def ended(*signals, stop=None, working=True):
    """What an execution that goes on for ever ends as, once this process has had the signals, and how it was ended."""
    told = []
    ending = Ending(stop or Stop(), lambda: told.append("soft"))

    async def worker():
        await asyncio.get_running_loop().create_future()

    async def execution():
        if working:
            ending.stop.tasks.append(asyncio.create_task(worker()))
        for each in signals:
            os.kill(os.getpid(), each)
        await asyncio.gather(worker(), *ending.stop.tasks)
        return Ended(stopped=False, closed={})

    async def soon():
        return await asyncio.wait_for(ending.ended(execution()), 10)

    return asyncio.run(soon()), ending, told


@pytest.fixture
def handlers():
    """Handlers of the process' own, which must be there afterwards."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.getsignal(each) for each in numbers}
    ours = {each: lambda *_: None for each in numbers}
    for each in numbers:
        signal.signal(each, ours[each])
    yield ours
    for each in numbers:
        signal.signal(each, before[each])


@pytest.mark.parametrize("working", [True, False])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_end_drops_what_is_in_flight_or_the_opening_of_endpoints(
    handlers, number, working
):
    told, ending, said = ended(number, working=working)
    assert told.stopped
    assert (ending.dropped, ending.stop.soft, said) == (True, True, [])


def test_the_second_interrupt_drops_and_the_first_says_that_it_does_not(handlers):
    told, ending, said = ended(signal.SIGINT, signal.SIGINT)
    assert told.stopped
    assert (ending.dropped, said) == (True, ["soft"])


def test_what_heard_signals_before_hears_them_again(handlers):
    ended(signal.SIGTERM)
    assert {each: signal.getsignal(each) for each in handlers} == handlers
