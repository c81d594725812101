"""Solved examples before the question."""

from pydantic import Field

from bench.endpoints.seam import Request
from bench.strategies.strategy import Ask, Question, Strategy
from bench.suites.prompt import messages
from bench.types import Exchange, Message, Whole


class FewShot(Strategy):
    """The first `k` of the suite's own examples as earlier turns; scored items are never shown."""

    k: Whole = Field(default=3, ge=1)

    def planned(self, question: Question) -> tuple[Request, ...]:
        """One request that carries the examples."""
        *system, user = question.messages()
        shown: list[Message] = []
        for example in question.suite.examples[: self.k]:
            shown.append(messages(question.suite.file.prompt, example)[-1])
            shown.append(Message(role="assistant", content=example.answer))
        return (question.request((*system, *shown, user)),)

    async def answer(self, question: Question, ask: Ask) -> Exchange:
        """Ask once."""
        return await ask(self.planned(question)[0])
