"""A strategy around another that sends no personal data."""

from collections.abc import Callable

from pydantic import ConfigDict

from bench.endpoints.redaction import Redacted, Redaction
from bench.endpoints.seam import Request
from bench.strategies.strategy import Ask, Question, Strategy
from bench.suites.load import Suite
from bench.types import Exchange


class Redacting(Strategy):
    """Replaces personal data in every request of `inner` and puts them back into the replies that it sees.

    It stands between the strategy and whoever asks, so that neither adapters nor retries nor the cache of replies
    ever meet the originals. `note` writes down what was changed, before anything is sent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    inner: Strategy
    redaction: Redaction
    note: Callable[[Question, Redacted], None] = lambda _question, _redacted: None

    def problem(self, suite: Suite) -> str | None:
        """The other's, or images: nobody can take personal data out of them here."""
        if suite.file.prompt.images:
            return "nothing can be redacted in the images of its prompt; ask without --redact (redact:)"
        return self.inner.problem(suite)

    def planned(self, question: Question) -> tuple[Request, ...]:
        """The other's, as they may leave."""
        return tuple(self.redaction.of(each).request for each in self.inner.planned(question))

    async def answer(self, question: Question, ask: Ask) -> Exchange:
        """The other's answer, with what placeholders stand for."""

        async def ask_without_personal_data(request: Request) -> Exchange:
            redacted = self.redaction.of(request)
            if redacted.changes:
                self.note(question, redacted)
            exchange = await ask(redacted.request)
            text = redacted.restored(exchange.text)
            return exchange if text == exchange.text else exchange.model_copy(update={"text": text})

        return await self.inner.answer(question, ask_without_personal_data)
