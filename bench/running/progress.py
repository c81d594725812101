"""What a person at a terminal sees while a run goes on: one line on stderr."""

import sys
from types import TracebackType
from typing import Self

from tqdm import tqdm

from bench.types import Answer


class Progress:
    """Answered and failed trials, requests a second, money so far, time left."""

    def __init__(self, total: int, done: int, *, quiet: bool) -> None:
        self.failed = 0
        self._money: dict[str, float] = {}
        self._currencies: dict[str, str] = {}
        self._bar = tqdm(
            total=total,
            initial=done,
            unit="trial",
            disable=quiet or not sys.stderr.isatty(),
            mininterval=0.2,
            dynamic_ncols=True,
            file=sys.stderr,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()

    def priced_in(self, candidate: str, currency: str | None) -> None:
        """Say in which currency a candidate's costs are."""
        self._currencies[candidate] = currency or "?"

    def add(self, answer: Answer) -> None:
        """Count one answer."""
        self.failed += answer.state == "failed"
        paid = sum(each.cost or 0.0 for each in answer.exchanges if not each.cached)
        paid += answer.lost_cost or 0.0
        if paid:
            currency = self._currencies.get(answer.candidate, "?")
            self._money[currency] = self._money.get(currency, 0.0) + paid
        if not self._bar.disable:
            spent = " ".join(f"{amount:.2f} {name}" for name, amount in self._money.items())
            self._bar.set_postfix_str(f"failed {self.failed}, spent {spent or 0}", refresh=False)
            self._bar.update()
