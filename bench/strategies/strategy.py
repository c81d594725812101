"""The seam of strategies: how a question becomes one or more exchanges and one of them the answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.endpoints.seam import Case, Request
from bench.suites.load import Suite
from bench.suites.prompt import messages
from bench.types import Exchange, Item, Message, Record

Ask = Callable[[Request], Awaitable[Exchange]]


@dataclass(frozen=True, slots=True)
class Question:
    """One trial as a strategy sees it."""

    suite: Suite
    item: Item
    repeat: int = 0

    def messages(self) -> tuple[Message, ...]:
        """The suite's prompt for this item."""
        return messages(self.suite.file.prompt, self.item, self.suite.path.parent)

    def request(self, turns: tuple[Message, ...]) -> Request:
        """A request in the suite's answer form."""
        form = self.suite.file.answer
        case = Case(
            self.suite.name, self.item.id, self.repeat, self.item.input, self.suite.file.baseline
        )
        return Request(case, turns, form.max_tokens, tuple(form.stop), form.opening)


class Strategy(Record):
    """A way of asking; its fields are its YAML options. It never sees an item's reference."""

    def problem(self, suite: Suite) -> str | None:
        """What keeps this strategy from asking a suite, or None; asked before anything is sent."""
        del suite
        return None

    def planned(self, question: Question) -> tuple[Request, ...]:
        """The requests that are known beforehand, for counting and pricing."""
        raise NotImplementedError

    async def answer(self, question: Question, ask: Ask) -> Exchange:
        """Make the exchanges and return the one whose text is the answer.

        `ask` retries, limits, records and prices; it raises RequestFailure when there is no reply, which
        a strategy lets pass unless it has another way to an answer.
        """
        raise NotImplementedError
