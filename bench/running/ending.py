"""How a run is ended from outside: one Ctrl-C finishes what is in flight, a second one, TERM or HUP drops it."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass

from bench.running.execute import Ended, Stop


@dataclass(slots=True)
class Ending:
    """`dropped` says that the process is to end at once; `on_soft` is called when it may take a while."""

    stop: Stop
    on_soft: Callable[[], None]
    dropped: bool = False
    asking: asyncio.Task[Ended] | None = None

    async def ended(self, execution: Coroutine[None, None, Ended]) -> Ended:
        """Await an execution, hearing signals meanwhile."""
        self.asking = asyncio.create_task(execution)
        hears = {signal.SIGINT: self.soon, signal.SIGTERM: self.now}
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as `nohup` has it
            hears[signal.SIGHUP] = self.now
        with _hearing(hears):
            try:
                return await self.asking
            except asyncio.CancelledError:
                return Ended(stopped=True, closed={})

    def soon(self) -> None:
        """Take no new trials; the second time, `now`."""
        if self.stop.soft:
            self.now()
        else:
            self.on_soft()
            self.stop.interrupt()

    def now(self) -> None:
        """Drop what is in flight, or the opening of endpoints when nothing is yet."""
        self.dropped = True
        if not self.stop.soft:
            self.stop.interrupt()
        self.stop.interrupt()
        if not self.stop.tasks and self.asking is not None:
            self.asking.cancel()


@contextlib.contextmanager
def _hearing(hears: Mapping[signal.Signals, Callable[[], None]]) -> Iterator[None]:
    """Call these for signals that arrive, and put back what was called before."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in hears}
    for number, act in hears.items():
        loop.add_signal_handler(number, act)
    try:
        yield
    finally:
        for number in hears:
            loop.remove_signal_handler(number)
            if before[number] is not None:  # None: not set from Python
                signal.signal(number, before[number])
