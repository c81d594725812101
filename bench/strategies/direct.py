"""The prompt as it stands, once."""

from bench.endpoints.seam import Request
from bench.strategies.strategy import Ask, Question, Strategy
from bench.types import Exchange


class Direct(Strategy):
    """One exchange with the suite's prompt."""

    def planned(self, question: Question) -> tuple[Request, ...]:
        """One request."""
        return (question.request(question.messages()),)

    async def answer(self, question: Question, ask: Ask) -> Exchange:
        """Ask once."""
        return await ask(self.planned(question)[0])
