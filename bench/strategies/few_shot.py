"""Solved examples before the question."""

from pydantic import Field

from bench.endpoints.seam import Request
from bench.strategies.strategy import Ask, Question, Strategy
from bench.suites.load import Suite
from bench.suites.prompt import messages
from bench.types import Exchange, Message, Whole


class FewShot(Strategy):
    """The first `k` of the suite's own examples as earlier turns; scored items are never shown."""

    k: Whole = Field(default=3, ge=1)

    def problem(self, suite: Suite) -> str | None:
        """There must be `k` examples; showing fewer would be another strategy under this one's name."""
        have = len(suite.examples)
        return (
            None
            if have >= self.k
            else f"shows {self.k} examples and the suite has {have}; add examples"
        )

    def planned(self, question: Question) -> tuple[Request, ...]:
        """One request that carries the examples."""
        *system, user = question.messages()
        folder = question.suite.path.parent
        shown: list[Message] = []
        for example in question.suite.examples[: self.k]:
            shown.append(messages(question.suite.file.prompt, example, folder)[-1])
            shown.append(Message(role="assistant", content=example.answer))
        return (question.request((*system, *shown, user)),)

    async def answer(self, question: Question, ask: Ask) -> Exchange:
        """Ask once."""
        return await ask(self.planned(question)[0])
